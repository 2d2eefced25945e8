package csvfile

import "strings"

// mark is the character before the decimals of a number; 0 when unknown.
type mark byte

const (
	point mark = '.'
	comma mark = ','
)

func (m mark) String() string {
	if m == comma {
		return "comma"
	}
	return "point"
}

// isPlain says whether s is digits with at most one decimal point, with or
// without a sign: a number that every file may write.
func isPlain(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, points := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// scaled reads a plain number into an integer of 10^-digits. It answers false
// for anything that money.ParseScaled must judge.
func scaled(s string, digits int) (int64, bool) {
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = s[0] == '-', s[1:]
	}
	if s == "" || len(s) > 15-digits/2 || digits > 6 {
		return 0, false
	}
	var v int64
	seen, frac := false, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if seen {
				if frac == digits {
					if c != '0' {
						return 0, false
					}
					continue
				}
				frac++
			}
			v = v*10 + int64(c-'0')
		case c == '.' && !seen && len(s) > 1:
			seen = true
		default:
			return 0, false
		}
	}
	for ; frac < digits; frac++ {
		v *= 10
	}
	if neg {
		v = -v
	}
	return v, true
}

// unmark turns a number written with thousands marks, blanks, an apostrophe or
// a decimal comma into a plain one. Thousands marks must stand between groups of
// three digits. A number in brackets is negative. It answers false when s is no
// such number with m as its decimal mark.
func unmark(s string, m mark) (string, bool) {
	s = strings.TrimSpace(s)
	neg := false
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		neg, s = true, strings.TrimSpace(s[1:len(s)-1])
	}
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if neg {
			return "", false
		}
		neg, s = s[0] == '-', s[1:]
	}
	if rest, ok := strings.CutPrefix(s, "\u2212"); ok && !neg { // a typographic minus
		neg, s = true, rest
	}
	whole, frac, hasFrac := s, "", false
	if at := strings.LastIndexByte(s, byte(m)); at >= 0 {
		whole, frac, hasFrac = s[:at], s[at+1:], true
	}
	digits, ok := ungroup(whole, m)
	if !ok || !allDigits(frac) || digits == "" && frac == "" {
		return "", false
	}
	out := digits
	if hasFrac && frac != "" {
		if digits == "" {
			out = "0"
		}
		out += "." + frac
	}
	if neg {
		out = "-" + out
	}
	return out, true
}

// ungroup takes the thousands marks out of the whole part of a number.
func ungroup(s string, m mark) (string, bool) {
	if allDigits(s) {
		return s, true
	}
	if s[0] == '0' { // 0,125 is a fraction, never a group
		return "", false
	}
	var b strings.Builder
	group, used, first := 0, rune(0), true
	for _, r := range s {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
			group++
			continue
		}
		switch r {
		case '.', ',':
			if mark(r) == m {
				return "", false
			}
		case ' ', '\u00a0', '\u202f', '\u2009', '\'', '\u2019':
		default:
			return "", false
		}
		if used != 0 && r != used || first && (group == 0 || group > 3) || !first && group != 3 {
			return "", false
		}
		used, first, group = r, false, 0
	}
	return b.String(), group == 3
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// numberEvidence counts what the numbers of a column say about the decimal mark.
type numberEvidence struct {
	point   int    // only readable with a decimal point: 1,234.50 or 12.5
	comma   int    // only readable with a decimal comma: 1.234,50 or 12,5
	unsure  int    // a comma before three digits: 1,234
	plain   int    // digits, or a point before three digits, which canonical files write
	grouped int    // of plain, a point before three digits that are not zeros: 1.204
	example string // of unsure
}

func (e *numberEvidence) see(s string) {
	s = strings.TrimSuffix(strings.TrimSpace(s), "%")
	if s == "" {
		return
	}
	_, asPoint := unmark(s, point)
	_, asComma := unmark(s, comma)
	switch {
	case asPoint && asComma:
		if strings.IndexByte(s, ',') >= 0 {
			e.unsure++
			if e.example == "" {
				e.example = strings.Clone(s)
			}
			return
		}
		e.plain++
		if _, frac, has := strings.Cut(s, "."); has && strings.Trim(frac, "0") != "" {
			e.grouped++
		}
	case asPoint:
		e.point++
	case asComma:
		e.comma++
	}
}

func (e *numberEvidence) add(o numberEvidence) {
	e.point += o.point
	e.comma += o.comma
	e.unsure += o.unsure
	e.plain += o.plain
	e.grouped += o.grouped
	if e.example == "" {
		e.example = o.example
	}
}
