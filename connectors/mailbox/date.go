package mailbox

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

var (
	errNoDate   = errors.New("has no Date line")
	errTwoDigit = errors.New("has a year of two digits, which may mean two centuries")
	errBadDate  = errors.New("has a date that does not exist")
)

var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// zones of RFC 822 that mail still carries, in minutes east of Greenwich.
var zones = map[string]int{
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"cet": 60, "cest": 120, "bst": 60, "jst": 540,
}

// parseDate reads a Date value: "Fri, 25 Dec 2009 00:06:42 -0800 (PST)" and its
// usual damage (no weekday, no seconds, the order of asctime, a named zone). An
// unknown or missing zone is UTC, as RFC 5322 says.
func parseDate(value string) (time.Time, error) {
	if i := strings.IndexByte(value, '('); i >= 0 {
		value = value[:i]
	}
	if strings.TrimSpace(value) == "" {
		return time.Time{}, errNoDate
	}
	var day, year, hour, minute, second, offset int
	var month time.Month
	haveTime, haveYear := false, false
	for _, f := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
		lower := strings.ToLower(f)
		switch {
		case strings.Contains(f, ":"):
			if haveTime || !parseClock(f, &hour, &minute, &second) {
				return time.Time{}, errBadDate
			}
			haveTime = true
		case f[0] == '+' || (f[0] == '-' && len(f) > 1):
			n, err := strconv.Atoi(f[1:])
			if err != nil || len(f) != 5 || n/100 > 23 || n%100 > 59 {
				return time.Time{}, errBadDate
			}
			offset = n/100*60 + n%100
			if f[0] == '-' {
				offset = -offset
			}
		case digit(f[0]):
			n, err := strconv.Atoi(f)
			switch {
			case err != nil:
				return time.Time{}, errBadDate
			case day == 0:
				day = n
			case haveYear:
				return time.Time{}, errBadDate
			case len(f) < 4:
				return time.Time{}, errTwoDigit
			default:
				year, haveYear = n, true
			}
		default:
			if m, ok := months[lower[:min(3, len(lower))]]; ok && month == 0 {
				month = m
			} else if z, ok := zones[lower]; ok {
				offset = z
			}
		}
	}
	t := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	if !haveTime || !haveYear || month == 0 || t.Day() != day || t.Month() != month || hour > 23 || minute > 59 {
		return time.Time{}, errBadDate
	}
	return t.Add(-time.Duration(offset) * time.Minute), nil
}

func parseClock(text string, hour, minute, second *int) bool {
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return false
	}
	for i, into := range []*int{hour, minute, second}[:len(parts)] {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 || n > 60 || parts[i][0] == '+' || parts[i][0] == '-' {
			return false
		}
		*into = n
	}
	*second = min(*second, 59) // a leap second
	return true
}
