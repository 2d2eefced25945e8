package csvfile

import (
	"testing"
	"time"
)

func TestDatesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		o    order
		want string // "" when it is no date
	}{
		{"2026-01-31", 0, "2026-01-31T00:00:00"},
		{"2026-01-31T09:30", 0, "2026-01-31T09:30:00"},
		{"2026-01-31 09:30:15.999", 0, "2026-01-31T09:30:15"},
		{"2026-01-31T09:30:15Z", 0, "2026-01-31T09:30:15+0"},
		{"2026-01-31T09:30:15+0530", 0, "2026-01-31T09:30:15+19800"},
		{"2026-01-31T09:30:15 -03", 0, "2026-01-31T09:30:15-10800"},
		{"2026-1-3", 0, "2026-01-03T00:00:00"},
		{"2026/01/31 7:05", 0, "2026-01-31T07:05:00"},
		{"20260131", 0, "2026-01-31T00:00:00"},
		{"31.1.2026", dayFirst, "2026-01-31T00:00:00"},
		{"1/31/2026 12:05 AM", monthFirst, "2026-01-31T00:05:00"},
		{"1/31/2026 12:05:09 pm", monthFirst, "2026-01-31T12:05:09"},
		{"31-Jan-2026", 0, "2026-01-31T00:00:00"},
		{"Jan 31, 2026", 0, "2026-01-31T00:00:00"},
		{"31 January 2026 18:00", 0, "2026-01-31T18:00:00"},
		{"Sept 1, 2026, 1:00 PM", 0, "2026-09-01T13:00:00"},
		{"31/1/26", dayFirst, ""},
		{"1/31-2026", monthFirst, ""},
		{"2026-01-31T25", 0, ""},
		{"2026-01-31x", 0, ""},
		{"Janvier 31, 2026", 0, ""},
		{"13:30", 0, ""},
		{"1/31/2026 13:05 PM", monthFirst, ""},
		{"", 0, ""},
	}
	for _, tt := range tests {
		m, ok := isISO(tt.text)
		if !ok {
			m, _, _, _, ok = guess(tt.text, tt.o)
		}
		if got := text(m, ok); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// text is a moment in readable form; "" when it is none.
func text(m moment, ok bool) string {
	if !ok || !m.valid() {
		return ""
	}
	out := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.sec, 0, time.UTC).Format("2006-01-02T15:04:05")
	if m.hasOffset {
		sign := "+"
		if m.offset < 0 {
			sign = ""
		}
		out += sign + itoa(m.offset)
	}
	return out
}

func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestConfiguredDateFormats(t *testing.T) {
	t.Parallel()
	tests := []struct{ format, text, want string }{
		{"M/D/YYYY", "3/1/2017", "2017-03-01T00:00:00"},
		{"DD.MM.YY HH:mm", "01.03.17 9:05", "2017-03-01T09:05:00"},
		{"DD.MM.YY", "01.03.99", "1999-03-01T00:00:00"},
		{"YYYYMMDDHHmm", "201703010905", "2017-03-01T09:05:00"},
		{"YYYYMMDD", "2017031", ""},
		{"D MMM YYYY HH:mm:ss Z", "4 May 2001 13:51:00 -0700", "2001-05-04T13:51:00-25200"},
		{"MMM D, YYYY h:mm A", "May 4, 2001 1:51 PM", "2001-05-04T13:51:00"},
		{"YYYY-MM-DDTHH:mm:ssZ", "2017-03-01T09:05:00.123+01:00", "2017-03-01T09:05:00+3600"},
		{"[Week of] D/M/YYYY", "Week of 1/3/2017", "2017-03-01T00:00:00"},
		{"unix", "910930020", "1998-11-13T04:07:00+0"},
		{"unix", "910930020.7", "1998-11-13T04:07:00+0"},
		{"unix", "-1", "1969-12-31T23:59:59+0"},
		{"unix_ms", "910930020999", "1998-11-13T04:07:00+0"},
		{"M/D/YYYY", "13/1/2017", ""},
		{"M/D/YYYY", "3/1/2017 9:00", ""},
		{"unix", "soon", ""},
	}
	for _, tt := range tests {
		f, err := parseDateFormat(tt.format)
		if err != nil {
			t.Errorf("%s: %v", tt.format, err)
			continue
		}
		if got := text(f.parse(tt.text)); got != tt.want {
			t.Errorf("%s of %q: got %q, want %q", tt.format, tt.text, got, tt.want)
		}
	}
	for _, bad := range []string{"YYYY", "YYYY-YYYY-DD", "YYYY-MM-DD x", "D.M.YYYY [at", "MMM MM DD YYYY"} {
		if _, err := parseDateFormat(bad); err == nil {
			t.Errorf("%q is not refused", bad)
		}
	}
}

func TestLocalDays(t *testing.T) {
	t.Parallel()
	day := moment{year: 2026, month: 3, day: 29} // the clock goes forward in Berlin
	if got := day.instant(berlin, true).Format(time.RFC3339); got != "2026-03-29T21:59:59Z" {
		t.Errorf("last instant: %s", got)
	}
	if got := day.instant(berlin, false).Format(time.RFC3339); got != "2026-03-28T23:00:00Z" {
		t.Errorf("first instant: %s", got)
	}
	late := moment{year: 2026, month: 3, day: 28, hour: 23, minute: 30, hasTime: true, hasOffset: true}
	if got := late.date(berlin).Format(time.DateOnly); got != "2026-03-29" {
		t.Errorf("day of an instant: %s", got)
	}
}

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		m    mark
		want string // "" when it is no number
	}{
		{"1,234.50", point, "1234.50"},
		{"1.234,50", comma, "1234.50"},
		{"1.234.567", comma, "1234567"},
		{"-1 234,5", comma, "-1234.5"},
		{"1'234.50", point, "1234.50"},
		{"1\u202f234,50", comma, "1234.50"},
		{"(1,234)", point, "-1234"},
		{"\u22125", point, "-5"},
		{",5", comma, "0.5"},
		{"5,", comma, "5"},
		{"1,23", point, ""},
		{"1,2345", point, ""},
		{"12,34,567", point, ""},
		{"1,234.567,8", point, ""},
		{"1.5", comma, ""},
		{"0,125", point, ""},
		{"1 234'567", point, ""},
		{"(-5)", point, ""},
		{"12a", point, ""},
		{"", point, ""},
		{".", point, ""},
		{"-", point, ""},
	}
	for _, tt := range tests {
		got, _ := unmark(tt.text, tt.m)
		if got != tt.want {
			t.Errorf("%q with a decimal %s: got %q, want %q", tt.text, tt.m, got, tt.want)
		}
	}
}
