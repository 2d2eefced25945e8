package csvfile

import (
	"strings"
	"time"
)

// moment is a date with or without a time of day and an offset, as written.
type moment struct {
	year, month, day  int
	hour, minute, sec int
	offset            int // seconds east of UTC
	hasTime           bool
	hasOffset         bool
}

// valid says whether the calendar and the clock have this moment.
func (m moment) valid() bool {
	return m.year >= 1 && m.year <= 9999 && m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= daysIn(m.year, m.month) &&
		m.hour <= 23 && m.minute <= 59 && m.sec <= 60 && m.offset > -86400 && m.offset < 86400
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// instant is the moment in UTC. Without an offset it is local to loc; without a
// time it is the first second of its local day, or the last when lastOf.
func (m moment) instant(loc *time.Location, lastOf bool) time.Time {
	switch {
	case m.hasOffset:
		return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.sec-m.offset, 0, time.UTC)
	case !m.hasTime && lastOf:
		return time.Date(m.year, time.Month(m.month), m.day+1, 0, 0, -1, 0, loc).UTC()
	default:
		return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.sec, 0, loc).UTC()
	}
}

// date is the calendar day of the moment: as written, or, when it is an instant
// with an offset, the day of the company at that instant.
func (m moment) date(loc *time.Location) time.Time {
	if m.hasOffset {
		y, mo, d := m.instant(loc, false).In(loc).Date()
		return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(m.year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC)
}

// digits reads between low and high digits of s at i.
func digits(s string, i, low, high int) (v, next int, ok bool) {
	next = i
	for next < len(s) && next-i < high && s[next] >= '0' && s[next] <= '9' {
		v = v*10 + int(s[next]-'0')
		next++
	}
	return v, next, next-i >= low
}

// isISO reads 2026-01-31, alone or with a time: 2026-01-31T09:30:00+01:00, with a
// blank for the T, without seconds, with a fraction, which is cut off.
func isISO(s string) (moment, bool) {
	var m moment
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return m, false
	}
	var ok1, ok2, ok3 bool
	m.year, _, ok1 = digits(s, 0, 4, 4)
	m.month, _, ok2 = digits(s, 5, 2, 2)
	m.day, _, ok3 = digits(s, 8, 2, 2)
	if !ok1 || !ok2 || !ok3 {
		return m, false
	}
	if len(s) == 10 {
		return m, true
	}
	if s[10] != 'T' && s[10] != 't' && s[10] != ' ' {
		return m, false
	}
	return m, m.clock(s[11:])
}

// clock reads the time of day and the offset that follow a date: 9:30, 09:30:00,
// 9:30 PM, 09:30:00.5Z, 09:30 +01:00.
func (m *moment) clock(s string) bool {
	var i int
	var ok bool
	if m.hour, i, ok = digits(s, 0, 1, 2); !ok || i >= len(s) || s[i] != ':' {
		return false
	}
	if m.minute, i, ok = digits(s, i+1, 2, 2); !ok {
		return false
	}
	if i < len(s) && s[i] == ':' {
		if m.sec, i, ok = digits(s, i+1, 2, 2); !ok {
			return false
		}
		if i < len(s) && (s[i] == '.' || s[i] == ',') {
			start := i + 1
			for i++; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			}
			if i == start {
				return false
			}
		}
	}
	m.hasTime = true
	rest := strings.TrimLeft(s[i:], " \u00a0\u202f")
	if len(rest) >= 2 && (rest[1] == 'M' || rest[1] == 'm') && strings.IndexByte("AaPp", rest[0]) >= 0 {
		if !m.halfDay(rest[0] == 'P' || rest[0] == 'p') {
			return false
		}
		rest = strings.TrimLeft(rest[2:], " ")
	}
	if rest == "" {
		return true
	}
	return m.zone(rest)
}

func (m *moment) halfDay(afternoon bool) bool {
	if m.hour < 1 || m.hour > 12 {
		return false
	}
	m.hour %= 12
	if afternoon {
		m.hour += 12
	}
	return true
}

// zone reads Z, UTC, GMT, +01, +0100 or +01:00.
func (m *moment) zone(s string) bool {
	m.hasOffset = true
	switch s {
	case "Z", "z", "UTC", "GMT":
		return true
	}
	sign := 1
	switch s[0] {
	case '+':
	case '-':
		sign = -1
	default:
		return false
	}
	hours, i, ok := digits(s, 1, 2, 2)
	if !ok || hours > 18 {
		return false
	}
	minutes := 0
	if i < len(s) {
		if s[i] == ':' {
			i++
		}
		if minutes, i, ok = digits(s, i, 2, 2); !ok || i != len(s) || minutes > 59 {
			return false
		}
	}
	m.offset = sign * (hours*3600 + minutes*60)
	return true
}
