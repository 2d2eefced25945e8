package csvfile

import (
	"fmt"
	"strings"
	"time"
)

// dateFormat is a configured way to write dates.
type dateFormat struct {
	text  string
	unit  time.Duration // of a number since 1970: unix, unix_ms; else 0
	parts []datePart
}

// datePart is a token of a date format, or a literal when field is 0.
type datePart struct {
	field     byte // Y year, M month, N month name, D day, H hour, h hour of 12, m minute, s second, A half of the day, Z offset
	low, high int  // digits
	literal   string
}

var dateTokens = []struct {
	text      string
	field     byte
	low, high int
}{
	{"YYYY", 'Y', 4, 4},
	{"YY", 'y', 2, 2},
	{"MMMM", 'N', 0, 0},
	{"MMM", 'N', 0, 0},
	{"MM", 'M', 1, 2},
	{"M", 'M', 1, 2},
	{"DD", 'D', 1, 2},
	{"D", 'D', 1, 2},
	{"HH", 'H', 1, 2},
	{"H", 'H', 1, 2},
	{"hh", 'h', 1, 2},
	{"h", 'h', 1, 2},
	{"mm", 'm', 1, 2},
	{"ss", 's', 1, 2},
	{"A", 'A', 0, 0},
	{"a", 'A', 0, 0},
	{"Z", 'Z', 0, 0},
	{"T", 0, 0, 0},
}

// parseDateFormat reads a configured format such as D.M.YYYY HH:mm.
func parseDateFormat(text string) (*dateFormat, error) {
	f := &dateFormat{text: text}
	switch strings.ToLower(text) {
	case "":
		return nil, nil
	case "unix":
		f.unit = time.Second
		return f, nil
	case "unix_ms":
		f.unit = time.Millisecond
		return f, nil
	}
	seen := map[byte]bool{}
	for s := text; s != ""; {
		part, n, err := nextDatePart(s)
		if err != nil {
			return nil, fmt.Errorf("date format %q: %w", text, err)
		}
		field := part.field
		if field == 'y' {
			field = 'Y'
		}
		if field == 'N' {
			field = 'M'
		}
		if field != 0 && seen[field] {
			return nil, fmt.Errorf("date format %q has %q twice", text, s[:n])
		}
		seen[field] = true
		f.parts = append(f.parts, part)
		s = s[n:]
	}
	if !seen['Y'] || !seen['M'] || !seen['D'] {
		return nil, fmt.Errorf("date format %q needs a year, a month and a day: D.M.YYYY, M/D/YYYY, YYYY-MM-DD HH:mm, unix", text)
	}
	for i := range f.parts[:len(f.parts)-1] { // neighbours without a separator have full width
		if f.parts[i].high == 2 && f.parts[i+1].high > 0 {
			f.parts[i].low = 2
		}
		if f.parts[i+1].high == 2 && f.parts[i].high > 0 {
			f.parts[i+1].low = 2
		}
	}
	return f, nil
}

func nextDatePart(s string) (datePart, int, error) {
	if s[0] == '[' {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return datePart{}, 0, fmt.Errorf("the bracket in %q is never closed", s)
		}
		return datePart{literal: s[1:end]}, end + 1, nil
	}
	for _, t := range dateTokens {
		if strings.HasPrefix(s, t.text) {
			p := datePart{field: t.field, low: t.low, high: t.high}
			if t.field == 0 {
				p.literal = t.text
			}
			return p, len(t.text), nil
		}
	}
	if c := s[0] | 0x20; c >= 'a' && c <= 'z' {
		return datePart{}, 0, fmt.Errorf("%q is unknown; write YYYY, MM, DD, HH, mm, ss, MMM, A, Z, and letters that stand for themselves in [brackets]", s[:1])
	}
	return datePart{literal: s[:1]}, 1, nil
}

// parse reads s, which must match the format to its end; a fraction of seconds
// is cut off.
func (f *dateFormat) parse(s string) (m moment, ok bool) {
	if f.unit != 0 {
		return f.sinceEpoch(s)
	}
	half := byte(0)
	for i := range f.parts {
		p := &f.parts[i]
		switch p.field {
		case 0:
			rest, found := strings.CutPrefix(s, p.literal)
			if !found {
				return m, false
			}
			s = rest
			continue
		case 'N':
			month, next, found := monthWord(s, 0)
			if !found {
				return m, false
			}
			m.month, s = month, s[next:]
			continue
		case 'A':
			if len(s) < 2 || strings.IndexByte("AaPp", s[0]) < 0 || s[1]|0x20 != 'm' {
				return m, false
			}
			half, s = s[0]|0x20, s[2:]
			continue
		case 'Z':
			end := len(s)
			if at := strings.IndexByte(s, ' '); at >= 0 {
				end = at
			}
			if end == 0 || !m.zone(s[:end]) {
				return m, false
			}
			s = s[end:]
			continue
		}
		v, next, found := digits(s, 0, p.low, p.high)
		if !found {
			return m, false
		}
		s = s[next:]
		switch p.field {
		case 'Y':
			m.year = v
		case 'y':
			m.year = 2000 + v
			if v >= 70 {
				m.year = 1900 + v
			}
		case 'M':
			m.month = v
		case 'D':
			m.day = v
		case 'H', 'h':
			m.hour, m.hasTime = v, true
		case 'm':
			m.minute = v
		case 's':
			m.sec = v
			if len(s) > 1 && s[0] == '.' {
				_, cut, _ := digits(s, 1, 0, 9)
				s = s[cut:]
			}
		}
	}
	if half != 0 && !m.halfDay(half == 'p') {
		return m, false
	}
	return m, s == ""
}

// sinceEpoch reads seconds or milliseconds since 1970, whole or with a fraction.
func (f *dateFormat) sinceEpoch(s string) (m moment, ok bool) {
	s, neg := strings.CutPrefix(s, "-")
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 14 || !allDigits(whole) || !allDigits(frac) {
		return m, false
	}
	var v int64
	for i := range len(whole) {
		v = v*10 + int64(whole[i]-'0')
	}
	if neg {
		v = -v
	}
	at := time.Unix(v, 0)
	if f.unit == time.Millisecond {
		at = time.UnixMilli(v)
	}
	at = at.UTC()
	year, month, day := at.Date()
	return moment{
		year: year, month: int(month), day: day, hour: at.Hour(), minute: at.Minute(), sec: at.Second(),
		hasTime: true, hasOffset: true,
	}, true
}
