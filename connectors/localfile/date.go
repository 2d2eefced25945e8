package localfile

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Dates reads the dates of one file. Order says how "03/04/2025" is meant:
// "mdy" or "dmy"; it is found by NewDates or set by the configuration.
type Dates struct {
	Order string
	Zone  *time.Location // of times without an offset
}

// NewDates finds the order of day and month from all dates of a file: a number
// over 12 can only be a day; times with AM and PM are American. order, when
// set, decides. Without evidence an ambiguous date is refused by Parse.
func NewDates(order string, zone *time.Location, samples []string) (Dates, error) {
	d := Dates{Order: order, Zone: zone}
	if zone == nil {
		d.Zone = time.UTC
	}
	switch order {
	case "mdy", "dmy":
		return d, nil
	case "":
	default:
		return d, fmt.Errorf("date_order is %q: write mdy for 12/31/2025 or dmy for 31/12/2025", order)
	}
	first, second, american := false, false, false
	for _, s := range samples {
		a, b, _, rest, ok := slashed(s)
		if !ok {
			continue
		}
		first = first || a > 12
		second = second || b > 12
		american = american || strings.HasSuffix(strings.ToUpper(rest), "M")
	}
	switch {
	case first && !second:
		d.Order = "dmy"
	case second && !first, american && !first:
		d.Order = "mdy"
	}
	return d, nil
}

// slashed splits "07/17/2017 03:00:13 PM" or "17.07.2017": two numbers whose
// order is open, the year, and what follows.
func slashed(s string) (a, b, year int, rest string, ok bool) {
	head, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	head = strings.TrimSuffix(head, ",")
	parts := strings.FieldsFunc(head, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) != 3 || len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) != 4 && len(parts[2]) != 2 {
		return 0, 0, 0, "", false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 {
			return 0, 0, 0, "", false
		}
		n[i] = v
	}
	if len(parts[2]) == 2 {
		n[2] += 2000 // exports of this century
	}
	return n[0], n[1], n[2], strings.TrimSpace(rest), true
}

// named are the forms that need no order.
var named = []string{
	time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02 15:04 -0700", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04",
	time.DateOnly, "Jan 2, 2006 3:04 PM", "Jan 2, 2006, 3:04 PM", "Jan 2, 2006 15:04", "Jan 2, 2006", "January 2, 2006", "Mon, Jan 2, 2006", "2 Jan 2006", "2 January 2006", "2006/01/02",
}

// clocks are the forms of a time behind a slashed date.
var clocks = []string{"3:04:05 PM", "3:04 PM", "15:04:05", "15:04"}

// Parse reads a date or a time; clock says whether it had a time.
func (d Dates) Parse(text string) (at time.Time, clock bool, err error) {
	text = strings.TrimSpace(text)
	if a, b, year, rest, ok := slashed(text); ok {
		return d.slashed(text, a, b, year, rest)
	}
	for _, form := range named {
		if at, err := time.ParseInLocation(form, text, d.Zone); err == nil && at.Year() >= 1980 && at.Year() <= 9999 {
			return at.UTC(), strings.Contains(form, "04"), nil
		}
	}
	return time.Time{}, false, fmt.Errorf("%.60q is not a date", text)
}

func (d Dates) slashed(text string, a, b, year int, rest string) (time.Time, bool, error) {
	month, day := a, b
	switch {
	case d.Order == "dmy", d.Order == "" && a > 12:
		month, day = b, a
	case d.Order == "" && a <= 12 && b <= 12 && a != b:
		return time.Time{}, false, fmt.Errorf("%.60q can be read two ways: set date_order to mdy or dmy", text)
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, d.Zone)
	if month < 1 || month > 12 || day < 1 || at.Day() != day || year < 1980 {
		return time.Time{}, false, fmt.Errorf("%.60q is not a date", text)
	}
	if rest == "" {
		return at.UTC(), false, nil
	}
	for _, form := range clocks {
		if c, err := time.Parse(form, strings.ToUpper(rest)); err == nil {
			return time.Date(year, time.Month(month), day, c.Hour(), c.Minute(), c.Second(), 0, d.Zone).UTC(), true, nil
		}
	}
	return time.Time{}, false, fmt.Errorf("%.60q is not a date and time", text)
}

// Day is Parse for a calendar day, at 00:00 UTC whatever the zone.
func (d Dates) Day(text string) (time.Time, error) {
	at, _, err := d.Parse(text)
	if err != nil {
		return time.Time{}, err
	}
	at = at.In(d.Zone)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC), nil
}
