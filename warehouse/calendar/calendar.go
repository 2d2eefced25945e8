// Package calendar turns the company's time zone, fiscal year and working week
// into half-open UTC periods. It reads no clock.
package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Company is what decides where a company's days, quarters and years begin.
type Company struct {
	Location        *time.Location // of the company; nil is UTC
	FiscalYearStart time.Month     // first month of the fiscal year; 0 is January
}

// Period is a half-open interval of UTC time, at >= From and at < To, with the
// company's name for it.
type Period struct {
	Name string    // "2026Q3", "2026", "2026-07" or "2026-07-01..2026-07-31": what URLs and commands say
	From time.Time // UTC
	To   time.Time // UTC
}

// The years that a period may be of, and how many at most.
const firstYear, lastYear, maxYears = 1900, 2200, 50

func (c Company) loc() *time.Location {
	if c.Location == nil {
		return time.UTC
	}
	return c.Location
}

func (c Company) startMonth() time.Month {
	if c.FiscalYearStart < 1 || c.FiscalYearStart > 12 {
		return time.January
	}
	return c.FiscalYearStart
}

// Parse reads a period: a fiscal year (2026), a fiscal quarter (2026Q3, of the
// fiscal year that ends in 2026), a calendar month (2026-07) or two days
// joined by ".." (both included), of at most fifty years: every day of a period may
// be a row of a page.
func (c Company) Parse(name string) (Period, error) {
	name = strings.ToUpper(strings.TrimSpace(name))
	bad := fmt.Errorf("%q is no period; write 2026, 2026Q3, 2026-07 or 2026-07-01..2026-07-31", name)
	if from, to, ok := strings.Cut(name, ".."); ok {
		f, err1 := time.ParseInLocation(time.DateOnly, from, c.loc())
		t, err2 := time.ParseInLocation(time.DateOnly, to, c.loc())
		switch {
		case err1 != nil || err2 != nil || t.Before(f) || f.Year() < firstYear || t.Year() > lastYear:
			return Period{}, bad
		case !t.Before(f.AddDate(maxYears, 0, 0)):
			return Period{}, fmt.Errorf("%q is longer than %d years; write less", name, maxYears)
		}
		return Period{Name: name, From: f.UTC(), To: t.AddDate(0, 0, 1).UTC()}, nil
	}
	if len(name) < 4 {
		return Period{}, bad
	}
	year, err := strconv.Atoi(name[:4])
	if err != nil || year < firstYear || year > lastYear {
		return Period{}, bad
	}
	switch rest := name[4:]; {
	case rest == "":
		return c.span(name, c.yearStart(year), 12), nil
	case len(rest) == 2 && rest[0] == 'Q' && rest[1] >= '1' && rest[1] <= '4':
		return c.span(name, c.yearStart(year).AddDate(0, 3*int(rest[1]-'1'), 0), 3), nil
	case len(rest) == 3 && rest[0] == '-':
		month, err := strconv.Atoi(rest[1:])
		if err != nil || month < 1 || month > 12 {
			return Period{}, bad
		}
		return c.span(name, time.Date(year, time.Month(month), 1, 0, 0, 0, 0, c.loc()), 1), nil
	}
	return Period{}, bad
}

// yearStart is the local first instant of the fiscal year that ends in year.
func (c Company) yearStart(year int) time.Time {
	if c.startMonth() > time.January {
		year--
	}
	return time.Date(year, c.startMonth(), 1, 0, 0, 0, 0, c.loc())
}

func (c Company) span(name string, from time.Time, months int) Period {
	return Period{Name: name, From: from.UTC(), To: from.AddDate(0, months, 0).UTC()}
}

// QuarterOf is the fiscal quarter that holds at.
func (c Company) QuarterOf(at time.Time) Period {
	local := at.In(c.loc())
	months := int(local.Month()-c.startMonth()+12) % 12
	year := c.YearOf(at)
	p, _ := c.Parse(fmt.Sprintf("%dQ%d", year, months/3+1)) // the name is built to be valid
	return p
}

// YearOf is the number of the fiscal year that holds at: the calendar year in
// which it ends.
func (c Company) YearOf(at time.Time) int {
	local := at.In(c.loc())
	if c.startMonth() > time.January && local.Month() >= c.startMonth() {
		return local.Year() + 1
	}
	return local.Year()
}

// Shift is the period of the same kind n periods later (earlier when n < 0).
// Free ranges move by their own length in days.
func (c Company) Shift(p Period, n int) Period {
	from := p.From.In(c.loc())
	switch {
	case strings.Contains(p.Name, ".."):
		days := int(p.To.In(c.loc()).Sub(from).Hours()/24 + 0.5)
		f, t := from.AddDate(0, 0, n*days), p.To.In(c.loc()).AddDate(0, 0, n*days)
		return Period{Name: f.Format(time.DateOnly) + ".." + t.AddDate(0, 0, -1).Format(time.DateOnly), From: f.UTC(), To: t.UTC()}
	case strings.Contains(p.Name, "Q"):
		return c.QuarterOf(from.AddDate(0, 3*n, 0))
	case strings.Contains(p.Name, "-"):
		f := from.AddDate(0, n, 0)
		return c.span(f.Format("2006-01"), f, 1)
	default:
		year := c.YearOf(p.From) + n
		return c.span(strconv.Itoa(year), c.yearStart(year), 12)
	}
}

// YearBefore is the same period one fiscal year earlier.
func (c Company) YearBefore(p Period) Period {
	switch {
	case strings.Contains(p.Name, ".."):
		f, t := p.From.In(c.loc()).AddDate(-1, 0, 0), p.To.In(c.loc()).AddDate(-1, 0, 0)
		return Period{Name: f.Format(time.DateOnly) + ".." + t.AddDate(0, 0, -1).Format(time.DateOnly), From: f.UTC(), To: t.UTC()}
	case strings.Contains(p.Name, "Q"):
		return c.Shift(p, -4)
	case strings.Contains(p.Name, "-"):
		return c.Shift(p, -12)
	default:
		return c.Shift(p, -1)
	}
}

// WorkingDays counts Monday to Friday among the local days that begin at or
// after from and before to.
func (c Company) WorkingDays(from, to time.Time) int {
	d, end, n := from.In(c.loc()), to.In(c.loc()), 0
	for d = time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, c.loc()); d.Before(end); d = d.AddDate(0, 0, 1) {
		if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n++
		}
	}
	return n
}

// Contains reports whether at lies in the period.
func (p Period) Contains(at time.Time) bool { return !at.Before(p.From) && at.Before(p.To) }
