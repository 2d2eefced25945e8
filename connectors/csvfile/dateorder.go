package csvfile

import "strings"

// order is the sequence of day and month before a year; 0 when unknown.
type order byte

const (
	dayFirst   order = 'D'
	monthFirst order = 'M'
)

// guess reads the dates that people write, other than ISO 8601: 2026/01/31,
// 31.1.2026, 1/31/2026, 31 Jan 2026, Jan 31, 2026, 20260131, each alone or with a
// time. For those with day and month as numbers before the year, numeric is
// true, a and b are the two numbers as written and o decides.
func guess(s string, o order) (m moment, numeric bool, a, b int, ok bool) {
	first, i, isNumber := digits(s, 0, 1, 8)
	switch {
	case !isNumber:
		return m.monthName(s, 0)
	case i == 8:
		m.year, m.month, m.day = first/10000, first/100%100, first%100
		ok = m.after(s[i:])
		return m, false, 0, 0, ok
	case i == 4 && i < len(s) && strings.IndexByte("/.-", s[i]) >= 0:
		sep := s[i]
		m.year = first
		if m.month, i, ok = digits(s, i+1, 1, 2); !ok || i >= len(s) || s[i] != sep {
			return m, false, 0, 0, false
		}
		if m.day, i, ok = digits(s, i+1, 1, 2); !ok {
			return m, false, 0, 0, false
		}
		ok = m.after(s[i:])
		return m, false, 0, 0, ok
	case i > 2 || i >= len(s):
		return m, false, 0, 0, false
	}
	sep := s[i]
	if strings.IndexByte("/.-", sep) < 0 || i+1 < len(s) && (s[i+1] < '0' || s[i+1] > '9') {
		return m.monthName(s, first)
	}
	a = first
	if b, i, ok = digits(s, i+1, 1, 2); !ok || i >= len(s) || s[i] != sep {
		return m, false, 0, 0, false
	}
	if m.year, i, ok = digits(s, i+1, 4, 4); !ok {
		return m, false, 0, 0, false
	}
	if m.day, m.month = a, b; o == monthFirst {
		m.day, m.month = b, a
	}
	ok = m.after(s[i:])
	return m, true, a, b, ok
}

// after reads what follows a date: nothing, or a time.
func (m *moment) after(s string) bool {
	if s == "" {
		return true
	}
	rest := strings.TrimLeft(s, " ,T\u00a0")
	return len(rest) < len(s) && m.clock(rest)
}

const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"

var longMonths = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthWord reads an English month name, short or long, in any case, at s[i].
func monthWord(s string, i int) (month, next int, ok bool) {
	next = i
	for next < len(s) && (s[next]|0x20) >= 'a' && (s[next]|0x20) <= 'z' {
		next++
	}
	word := strings.ToLower(s[i:next])
	if len(word) < 3 {
		return 0, i, false
	}
	at := strings.Index(monthNames, word[:3])
	if at < 0 || at%3 != 0 {
		return 0, i, false
	}
	month = at/3 + 1
	if len(word) > 3 && word != longMonths[month-1] && word != "sept" {
		return 0, i, false
	}
	return month, next, true
}

// monthName reads 31 Jan 2026, 31-Jan-2026 and Jan 31, 2026; day is the number
// already read in front, or 0.
func (m moment) monthName(s string, day int) (moment, bool, int, int, bool) {
	fail := func() (moment, bool, int, int, bool) { return m, false, 0, 0, false }
	blanks := func(i int) int {
		for i < len(s) && strings.IndexByte(" .,-/", s[i]) >= 0 {
			i++
		}
		return i
	}
	var i int
	var ok bool
	if day > 0 {
		_, i, _ = digits(s, 0, 1, 2)
	}
	if m.month, i, ok = monthWord(s, blanks(i)); !ok {
		return fail()
	}
	m.day = day
	if day == 0 {
		if m.day, i, ok = digits(s, blanks(i), 1, 2); !ok {
			return fail()
		}
	}
	if m.year, i, ok = digits(s, blanks(i), 4, 4); !ok {
		return fail()
	}
	ok = m.after(s[i:])
	return m, false, 0, 0, ok
}

// dateEvidence counts what the dates of a column say about their order.
type dateEvidence struct {
	iso        int
	dayFirst   int // 31/01/2026
	monthFirst int // 01/31/2026
	dots       int // 01.02.2026: written with the day first wherever dots are used
	unsure     int // 01/02/2026
	example    string
}

func (e *dateEvidence) see(s string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	if m, ok := isISO(s); ok && m.valid() {
		e.iso++
		return
	}
	_, numeric, a, b, ok := guess(s, dayFirst)
	switch {
	case !ok || !numeric || a == 0 || b == 0:
	case a > 12 && b <= 12 && a <= 31:
		e.dayFirst++
	case b > 12 && a <= 12 && b <= 31:
		e.monthFirst++
	case a > 12 || b > 12 || a == b: // no date, or the same date either way
	case strings.IndexByte(s, '.') >= 0 && strings.IndexByte(s, '.') <= 2:
		e.dots++
	default:
		e.unsure++
		if e.example == "" {
			e.example = strings.Clone(s)
		}
	}
}

func (e *dateEvidence) add(o dateEvidence) {
	e.iso += o.iso
	e.dayFirst += o.dayFirst
	e.monthFirst += o.monthFirst
	e.dots += o.dots
	e.unsure += o.unsure
	if e.example == "" {
		e.example = o.example
	}
}
