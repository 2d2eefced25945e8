package ui

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// None is what stands where a value is missing.
const None = "–"

const (
	narrow = "\u202f" // narrow no-break space, before a unit
	minus  = "\u2212"
)

// Format writes numbers and times for one reader: language decides separators
// and the place of the currency sign, the company's zone decides days.
type Format struct {
	lang string
	zone *time.Location
}

// languages are those whose number formats are offered; the first is the default.
var languages = []language.Tag{
	language.BritishEnglish, language.AmericanEnglish, language.German, language.French, language.Spanish,
	language.Italian, language.Dutch, language.Portuguese, language.Swedish, language.Danish, language.Finnish,
	language.Norwegian, language.Polish,
}

var matcher = language.NewMatcher(languages)

// MatchLanguage picks the offered language nearest to an Accept-Language header.
func MatchLanguage(header string) string {
	_, i := language.MatchStrings(matcher, header)
	return languages[i].String()
}

// NewFormat is the format of a language that MatchLanguage returned and a zone;
// "" and nil are British English and UTC.
func NewFormat(lang string, zone *time.Location) Format {
	if lang == "" {
		lang = languages[0].String()
	}
	if zone == nil {
		zone = time.UTC
	}
	return Format{lang, zone}
}

// separators of a language, read once from CLDR by x/text.
type separators struct {
	group, decimal string
	signFirst      bool // the currency sign stands before the number
}

var separatorsOf sync.Map // lang -> separators

func (f Format) separators() separators {
	if known, ok := separatorsOf.Load(f.lang); ok {
		if s, ok := known.(separators); ok {
			return s
		}
	}
	tag := language.Make(f.lang)
	base, _ := tag.Base()
	text := []rune(message.NewPrinter(tag).Sprint(number.Decimal(1234567.5, number.Scale(1))))
	s := separators{group: ",", decimal: ".", signFirst: base.String() == "en" || base.String() == "nl"}
	if n := len(text); n > 2 {
		s.decimal = string(text[n-2])
		s.group = string(text[1])
		if text[1] == ' ' || text[1] == '\u00a0' {
			s.group = narrow
		}
	}
	separatorsOf.Store(f.lang, s)
	return s
}

// Number writes v with that many digits after the point; nothing (NaN) is a dash.
func (f Format) Number(v float64, digits int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return None
	}
	s := f.separators()
	text := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	whole, frac, _ := strings.Cut(text, ".")
	out := group(whole, s.group)
	if frac != "" {
		out += s.decimal + frac
	}
	if v < 0 && strings.Trim(text, "0.") != "" {
		out = minus + out
	}
	return out
}

// Count writes a whole number.
func (f Format) Count(n int64) string {
	out := group(strconv.FormatUint(abs(n), 10), f.separators().group)
	if n < 0 {
		return minus + out
	}
	return out
}

func abs(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1 //nolint:gosec // not negative
	}
	return uint64(n)
}

func group(digits, sep string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// exponent of a currency; an unknown code is taken to have two digits.
func exponent(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale
}

var signs = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "PLN": "zł"}

// money puts sign and number together: −€1.2 M or −1,2 M €.
func (f Format) money(number, unit, code string, negative bool) string {
	sign, known := signs[code]
	if !known {
		sign = code
	}
	if unit != "" {
		number += narrow + unit
	}
	switch {
	case f.separators().signFirst && known:
		number = sign + number
	case f.separators().signFirst:
		number = sign + narrow + number
	default:
		number += narrow + sign
	}
	if negative {
		return minus + number
	}
	return number
}

// Money writes minor units exactly: €6,942.86.
func (f Format) Money(minor int64, code string) string {
	s, exp := f.separators(), exponent(code)
	digits := strconv.FormatUint(abs(minor), 10)
	if len(digits) <= exp {
		digits = strings.Repeat("0", exp+1-len(digits)) + digits
	}
	text := group(digits[:len(digits)-exp], s.group)
	if exp > 0 {
		text += s.decimal + digits[len(digits)-exp:]
	}
	return f.money(text, "", code, minor < 0)
}

// Whole writes minor units rounded to whole ones: €4,312,640.
func (f Format) Whole(minor int64, code string) string {
	v := math.Round(units(minor, code))
	return f.money(f.Number(math.Abs(v), 0), "", code, v < 0)
}

// Short writes minor units in readers' units: €854, €24.3 k, €776 k, €4.31 M.
func (f Format) Short(minor int64, code string) string {
	v := units(minor, code)
	text, unit := f.short(math.Abs(v))
	return f.money(text, unit, code, v < 0 && strings.Trim(text, "0.,") != "")
}

// Thousands writes minor units in thousands with two digits and neither sign
// nor unit, for the credit matrix: 6.94.
func (f Format) Thousands(minor int64, code string) string {
	if minor == 0 {
		return "0"
	}
	return f.Number(units(minor, code)/1000, 2)
}

func (f Format) short(v float64) (text, unit string) {
	switch {
	case v < 999.5:
		return f.Number(v, 0), ""
	case v < 99_950:
		return f.trim(v/1e3, 1), "k"
	case v < 999_500:
		return f.Number(v/1e3, 0), "k"
	case v < 9_995_000:
		return f.trim(v/1e6, 2), "M"
	case v < 999.5e6:
		return f.trim(v/1e6, 1), "M"
	default:
		return f.trim(v/1e9, 2), "bn"
	}
}

func (f Format) trim(v float64, digits int) string {
	text := f.Number(v, digits)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), f.separators().decimal)
}

// Compact writes a count in readers' units: 18.4 k.
func (f Format) Compact(v float64) string {
	text, unit := f.short(math.Abs(v))
	if unit != "" {
		text += narrow + unit
	}
	if v < 0 {
		return minus + text
	}
	return text
}

// Percent writes a ratio: 0.754 with no digits is "75 %".
func (f Format) Percent(ratio float64, digits int) string {
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
		return None
	}
	return f.Number(ratio*100, digits) + narrow + "%"
}

// Points writes the difference of two ratios in percentage points: +2.0 pts.
func (f Format) Points(diff float64) string { return f.Signed(diff*100, 1) + narrow + "pts" }

// Signed writes a number with its sign.
func (f Format) Signed(v float64, digits int) string {
	text := f.Number(v, digits)
	if v > 0 && text != f.Number(0, digits) {
		return "+" + text
	}
	return text
}

// SignedShort writes money in readers' units with its sign: +€258 k.
func (f Format) SignedShort(minor int64, code string) string {
	if minor > 0 {
		return "+" + f.Short(minor, code)
	}
	return f.Short(minor, code)
}

// Date is a day with its year: 2 Sep 2026.
func (f Format) Date(t time.Time) string { return f.time(t, "2 Jan 2006") }

// Day is a day of a year that is plain from the context: 2 Sep.
func (f Format) Day(t time.Time) string { return f.time(t, "2 Jan") }

// Clock is an hour: 08:40.
func (f Format) Clock(t time.Time) string { return f.time(t, "15:04") }

// Stamp is a day and an hour: 2 Sep 2026, 08:40.
func (f Format) Stamp(t time.Time) string { return f.time(t, "2 Jan 2006, 15:04") }

func (f Format) time(t time.Time, layout string) string {
	if t.IsZero() {
		return None
	}
	return t.In(f.zone).Format(layout)
}

// Zone is the zone days are written in.
func (f Format) Zone() *time.Location { return f.zone }

// Plural puts a count before its noun: 1 deal, 24 deals.
func (f Format) Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return f.Count(n) + " " + many
}

// units is minor units as a float, for display and geometry only.
func units(minor int64, code string) float64 {
	return float64(minor) / math.Pow10(exponent(code))
}
