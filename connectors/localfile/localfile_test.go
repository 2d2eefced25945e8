package localfile

import (
	"strings"
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want, err string
	}{
		{"plain", "a,b\n1,2\n", "1:a|b 2:1|2", ""},
		{"a byte order mark and semicolons", "\xef\xbb\xbfa;b\r\n1,5;2\r\n", "1:a|b 2:1,5|2", ""},
		{"tabs", "a\tb\n1\t2", "1:a|b 2:1|2", ""},
		{"a quoted line break counts as lines", "a,b\n\"x\ny\",2\n3,4\n", "1:a|b 2:x\ny|2 4:3|4", ""},
		{"empty lines are left out", "a\n\n , \n2\n", "1:a 4:2", ""},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\xfc\x00\n\x00", "1:a|b 2:1|ü", ""},
		{"Windows-1252", "a\nM\xfcller\n", "1:a 2:Müller", ""},
		{"a separator inside quotes does not decide", "\"a;b;c\",d\n1,2\n", "1:a;b;c|d 2:1|2", ""},
		{"a workbook", "PK\x03\x04xx", "", "Excel workbook"},
		{"a web page", "  <!DOCTYPE html>", "", "web page"},
		{"binary", "a\x00\x00\x00b\x00", "", "binary"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, err := Table("x.csv", []byte(tt.in))
			var got []string
			for _, r := range rows {
				got = append(got, string(rune('0'+r.Line))+":"+strings.Join(r.Cells, "|"))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), tt.want)
			}
			if (tt.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got error %v, want %q", err, tt.err)
			}
		})
	}
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, mark, want string }{
		{"plain", "8.27", "", "8.27"},
		{"blank is zero", "", "", "0"},
		{"a dash is zero", "-", "", "0"},
		{"American groups", "1,234,567.50", "", "1234567.50"},
		{"German", "1.234,50", "", "1234.50"},
		{"a comma with two digits", "12,50", "", "12.50"},
		{"a comma with three digits groups", "1,234", "", "1234"},
		{"a point with three digits can be read two ways", "1.234", "", "error"},
		{"a point with three digits after many is decimal", "1234.500", "", "1234.500"},
		{"a point with three digits, told", "1.234", ",", "1234"},
		{"French and Swiss groups", "1 234'567,5", ",", "1234567.5"},
		{"negative", "-3.10", "", "-3.10"},
		{"two groups of points", "1.234.567", "", "1234567"},
		{"words", "n/a", "", "error"},
		{"a broken group", "1,23,4", "", "error"},
		{"two decimals", "1.2.3", ".", "error"},
		{"an exponent", "1e9", "", "error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Decimal(tt.in, tt.mark)
			if err != nil {
				got = "error"
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDecimalMark(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		numbers []string
		want    string
	}{
		{"an amount with two digits decides", []string{"1.000", "12,50", ""}, ","},
		{"a count with a point and a zero decides", []string{"29.0", "1,204"}, "."},
		{"groups twice decide", []string{"1,234,567"}, "."},
		{"no evidence", []string{"1,204", "17", "-"}, ""},
		{"contradicting evidence", []string{"1.5", "1,5"}, ""},
		{"words are no evidence", []string{"3.4 percent, or so"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := DecimalMark(tt.numbers); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, order string
		samples     []string
		in, want    string
	}{
		{"American by a day over 12", "", []string{"07/17/2017 03:00:13 PM"}, "07/04/2017 12:00:13 AM", "2017-07-03T22:00:13Z"},
		{"American by AM and PM", "", []string{"07/04/2017 03:00:13 PM"}, "07/04/2017 03:00:13 PM", "2017-07-04T13:00:13Z"},
		{"European by a day over 12", "", []string{"17.07.2017"}, "04.07.2017", "2017-07-03T22:00:00Z"},
		{"ambiguous", "", []string{"04/07/2017"}, "04/07/2017", "two ways"},
		{"ambiguous and told", "dmy", nil, "04/07/2017", "2017-07-03T22:00:00Z"},
		{"equal numbers are not ambiguous", "", nil, "04/04/2017", "2017-04-03T22:00:00Z"},
		{"ISO with offset", "", nil, "2017-04-04 00:00 +0000", "2017-04-04T00:00:00Z"},
		{"ISO day in the zone", "", nil, "2017-04-04", "2017-04-03T22:00:00Z"},
		{"with a name", "", nil, "Sat, Nov 2, 2024", "2024-11-01T23:00:00Z"},
		{"no such day", "mdy", nil, "02/30/2017", "not a date"},
		{"words", "", nil, "Ongoing", "not a date"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := NewDates(tt.order, berlin, tt.samples)
			if err != nil {
				t.Fatal(err)
			}
			at, _, err := d.Parse(tt.in)
			got := at.Format(time.RFC3339)
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if _, err := NewDates("ymd", nil, nil); err == nil {
		t.Error("an unknown order was taken")
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	c, err := ParseCursor("", "a", "b")
	if err != nil || c.Seen("x", "1") || !c.Seen("x", "1") || c.Seen("x", "2") {
		t.Fatalf("a new cursor: %v %v", c, err)
	}
	same, err := ParseCursor(c.String(), "a", "b")
	if err != nil || !same.Seen("x", "2") {
		t.Errorf("the same shape: got %v, %v", same, err)
	}
	other, err := ParseCursor(c.String(), "a", "c")
	if err != nil || other.Seen("x", "2") {
		t.Errorf("another shape forgets: got %v, %v", other, err)
	}
	same.Keep(map[string]bool{})
	if len(same.Files) != 0 {
		t.Errorf("a file that is gone is forgotten: got %v", same.Files)
	}
}
