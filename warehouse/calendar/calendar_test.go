package calendar

import (
	"testing"
	"time"
)

func company(tb testing.TB, zone string, start time.Month) Company {
	tb.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		tb.Fatalf("load %s: %v", zone, err)
	}
	return Company{Location: loc, FiscalYearStart: start}
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, zone string
		start      time.Month
		period     string
		from, to   string // RFC 3339; empty is an error
		wantName   string
	}{
		{"a calendar year", "UTC", 0, "2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026"},
		{"a quarter", "UTC", 1, "2026Q3", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026Q3"},
		{"a quarter in small letters with blanks", "UTC", 1, " 2026q3 ", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026Q3"},
		{"a month", "UTC", 1, "2026-02", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-02"},
		{"the fiscal year that ends in 2026", "UTC", 4, "2026", "2025-04-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026"},
		{"a quarter of it", "UTC", 4, "2026Q4", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026Q4"},
		{"a month is one of the calendar", "UTC", 4, "2026-04", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-04"},
		{"the company's midnight", "Europe/Berlin", 1, "2026Q1", "2025-12-31T23:00:00Z", "2026-03-31T22:00:00Z", "2026Q1"},
		{"west of Greenwich", "America/New_York", 1, "2026-11", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z", "2026-11"},
		{"two days, both included", "Europe/Berlin", 1, "2026-03-28..2026-03-29", "2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-28..2026-03-29"},
		{"one day of 23 hours", "Europe/Berlin", 1, "2026-03-29..2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-29..2026-03-29"},
		{"nothing", "UTC", 1, "", "", "", ""},
		{"a fifth quarter", "UTC", 1, "2026Q5", "", "", ""},
		{"a thirteenth month", "UTC", 1, "2026-13", "", "", ""},
		{"a month of one digit", "UTC", 1, "2026-7", "", "", ""},
		{"days the wrong way round", "UTC", 1, "2026-03-02..2026-03-01", "", "", ""},
		{"a day that is none", "UTC", 1, "2026-02-30..2026-03-01", "", "", ""},
		{"a day alone", "UTC", 1, "2026-03-01", "", "", ""},
		{"a year too far", "UTC", 1, "9999", "", "", ""},
		{"a day too far", "UTC", 1, "2190-01-01..2201-01-01", "", "", ""},
		{"a day too long ago", "UTC", 1, "1899-12-31..1901-01-01", "", "", ""},
		{"fifty years", "UTC", 1, "1977-01-01..2026-12-31", "1977-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "1977-01-01..2026-12-31"},
		{"a day more", "UTC", 1, "1977-01-01..2027-01-01", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := company(t, tt.zone, tt.start).Parse(tt.period)
			if tt.from == "" {
				if err == nil {
					t.Errorf("Parse(%q) = %v, want an error", tt.period, p)
				}
				return
			}
			if err != nil {
				t.Fatalf("Parse(%q): %v", tt.period, err)
			}
			if p.From.Format(time.RFC3339) != tt.from || p.To.Format(time.RFC3339) != tt.to || p.Name != tt.wantName {
				t.Errorf("Parse(%q) = %s from %s to %s, want %s from %s to %s", tt.period, p.Name, p.From.Format(time.RFC3339), p.To.Format(time.RFC3339), tt.wantName, tt.from, tt.to)
			}
		})
	}
}

func TestShift(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		start  time.Month
		period string
		n      int
		want   string
	}{
		{"the quarter before", 1, "2026Q1", -1, "2025Q4"},
		{"two quarters on", 1, "2026Q3", 2, "2027Q1"},
		{"the fiscal quarter before", 4, "2026Q1", -1, "2025Q4"},
		{"the month before", 1, "2026-01", -1, "2025-12"},
		{"the year after", 1, "2026", 1, "2027"},
		{"the fiscal year before", 10, "2026", -1, "2025"},
		{"a week moves by a week", 1, "2026-03-23..2026-03-29", 1, "2026-03-30..2026-04-05"},
		{"across the change of clocks", 1, "2026-03-29..2026-03-29", -1, "2026-03-28..2026-03-28"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := company(t, "Europe/Berlin", tt.start)
			p, err := c.Parse(tt.period)
			if err != nil {
				t.Fatalf("parse: %v", err)
			}
			got := c.Shift(p, tt.n)
			if got.Name != tt.want {
				t.Errorf("Shift(%s, %d) = %s, want %s", tt.period, tt.n, got.Name, tt.want)
			}
			if again, err := c.Parse(got.Name); err != nil || !again.From.Equal(got.From) || !again.To.Equal(got.To) {
				t.Errorf("Shift(%s, %d) has other bounds than its name: %v, %v", tt.period, tt.n, got, again)
			}
		})
	}
}

func TestYearBefore(t *testing.T) {
	t.Parallel()
	c := company(t, "Europe/Berlin", time.February)
	for period, want := range map[string]string{"2026Q2": "2025Q2", "2026": "2025", "2026-02": "2025-02", "2026-03-01..2026-03-31": "2025-03-01..2025-03-31"} {
		p, err := c.Parse(period)
		if err != nil {
			t.Fatalf("parse %s: %v", period, err)
		}
		if got := c.YearBefore(p).Name; got != want {
			t.Errorf("YearBefore(%s) = %s, want %s", period, got, want)
		}
	}
}

func TestQuarterOfHoldsItsTime(t *testing.T) {
	t.Parallel()
	for start := time.January; start <= time.December; start++ {
		c := company(t, "Europe/Berlin", start)
		for at := time.Date(2024, 12, 31, 22, 30, 0, 0, time.UTC); at.Year() < 2027; at = at.AddDate(0, 0, 3) {
			if p := c.QuarterOf(at); !p.Contains(at) {
				t.Fatalf("fiscal year from %s: %s is not in %s (%s to %s)", start, at, p.Name, p.From, p.To)
			}
		}
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	c := company(t, "Europe/Berlin", 1)
	tests := []struct {
		period string
		want   int
	}{{"2026-03", 22}, {"2026-02", 20}, {"2026-03-28..2026-03-29", 0}, {"2026-03-27..2026-03-30", 2}}
	for _, tt := range tests {
		p, err := c.Parse(tt.period)
		if err != nil {
			t.Fatalf("parse %s: %v", tt.period, err)
		}
		if got := c.WorkingDays(p.From, p.To); got != tt.want {
			t.Errorf("WorkingDays(%s) = %d, want %d", tt.period, got, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026", "2026Q3", "2026-07", "2026-07-01..2026-07-31", "..", "2026Q", "２０２６", "2026--7"} {
		f.Add(s, 4)
	}
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatalf("load location: %v", err)
	}
	f.Fuzz(func(t *testing.T, name string, start int) {
		c := Company{Location: loc, FiscalYearStart: time.Month(start)}
		p, err := c.Parse(name)
		if err != nil {
			return
		}
		if !p.From.Before(p.To) {
			t.Errorf("%q is from %s to %s", name, p.From, p.To)
		}
		if again, err := c.Parse(p.Name); err != nil || again != p {
			t.Errorf("%q is %v, read again %v, %v", name, p, again, err)
		}
	})
}
