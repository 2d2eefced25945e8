package localfile

import (
	"fmt"
	"strconv"
	"strings"
)

// Decimal reads a number as people's exports write it and returns it as plain
// decimal text: "1,234.50", "1.234,50", "1 234,5", "-", "" (zero). mark is the
// decimal sign when it is known ("." or ","), else the number's own signs
// decide: of two different ones the last is the decimal; one comma with three
// digits behind it groups thousands; one point with three digits behind it can
// be read two ways and is refused.
func Decimal(text, mark string) (string, error) {
	s := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '\'', '’':
			return -1
		}
		return r
	}, text)
	if s == "" || s == "-" || s == "–" || s == "—" {
		return "0", nil
	}
	if mark == "" {
		mark = markOf(s)
		if mark == "" && strings.Contains(s, ".") && grouped(s, ".") {
			return "", fmt.Errorf("%.60q can be read two ways: set decimal to . or ,", text)
		}
	}
	if mark == "" {
		mark = "."
	}
	group := ","
	if mark == "," {
		group = "."
	}
	whole, fraction, has := strings.Cut(s, mark)
	if strings.Contains(fraction, group) || !grouped(whole, group) {
		return "", fmt.Errorf("%.60q is not a number", text)
	}
	whole = strings.ReplaceAll(whole, group, "")
	plain := whole
	if has {
		plain += "." + fraction
	}
	digits := strings.TrimPrefix(plain, "-")
	if digits == "" || digits == "." || strings.Trim(digits, "0123456789.") != "" || strings.Count(digits, ".") > 1 || len(digits) > 30 {
		return "", fmt.Errorf("%.60q is not a number", text)
	}
	return plain, nil
}

// DecimalMark finds the decimal sign of a whole file from all its numbers: one
// that can be read one way only decides for the others. Without evidence, or
// with contradicting evidence, it is "".
func DecimalMark(numbers []string) string {
	found := ""
	for _, n := range numbers {
		mark := markOf(strings.TrimSpace(n))
		if mark == "" || strings.Trim(n, "0123456789.,-' \u00a0\u202f") != "" {
			continue
		}
		if found != "" && found != mark {
			return ""
		}
		found = mark
	}
	return found
}

// markOf is the decimal sign that a number alone proves, or "".
func markOf(s string) string {
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	switch {
	case dot >= 0 && comma >= 0:
		if comma > dot {
			return ","
		}
		return "."
	case comma >= 0 && strings.Count(s, ",") > 1:
		return "."
	case dot >= 0 && strings.Count(s, ".") > 1:
		return ","
	case comma >= 0 && !grouped(s, ","):
		return ","
	case dot >= 0 && !grouped(s, "."):
		return "."
	}
	return ""
}

// grouped says whether group signs stand before groups of three digits only.
func grouped(whole, group string) bool {
	parts := strings.Split(strings.TrimPrefix(whole, "-"), group)
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && len(parts) > 1 && (p == "" || len(p) > 3) {
			return false
		}
	}
	return true
}

// Count reads a whole number such as "29.0", "1,234" or a blank for zero.
func Count(text, mark string) (int64, error) {
	plain, err := Decimal(text, mark)
	if err != nil {
		return 0, err
	}
	whole, fraction, _ := strings.Cut(plain, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(fraction, "0") != "" || n < 0 {
		return 0, fmt.Errorf("%.60q is not a count", text)
	}
	return n, nil
}
