package localfile

import (
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzTable reads any bytes as a table of clean text.
func FuzzTable(f *testing.F) {
	f.Add([]byte("a,b\n\"x\ny\",2\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00\n\x00"))
	f.Add([]byte("a\tM\xfcller\n\"\"\"\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := Table("x.csv", content)
		if err != nil {
			return
		}
		last := 0
		for _, r := range rows {
			if r.Line <= last {
				t.Fatalf("line %d after line %d", r.Line, last)
			}
			last = r.Line
			for _, c := range r.Cells {
				if !utf8.ValidString(c) {
					t.Fatalf("%q is not UTF-8", c)
				}
			}
			if text := r.Text(); len(text) > 2000 || !utf8.ValidString(text) {
				t.Fatalf("text of %d bytes", len(text))
			}
		}
	})
}

// FuzzCells reads any text as number, count and date.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"1.234,50", "1,234.50", "12/31/2025 03:00:13 PM", "31.12.2025", "2025-04-04 00:00 +0000", "-"} {
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, text, mark string) {
		if mark != "." && mark != "," {
			mark = ""
		}
		if plain, err := Decimal(text, mark); err == nil {
			if again, err := Decimal(plain, "."); err != nil || again != plain {
				t.Fatalf("%q is read as %q, and that as %q, %v", text, plain, again, err)
			}
		}
		if n, err := Count(text, mark); err == nil && n < 0 {
			t.Fatalf("%q is counted as %d", text, n)
		}
		for _, order := range []string{"", "mdy", "dmy"} {
			d, err := NewDates(order, time.UTC, []string{text})
			if err != nil {
				t.Fatal(err)
			}
			if at, _, err := d.Parse(text); err == nil && (at.Location() != time.UTC || at.Year() < 1979) {
				t.Fatalf("%q is read as %v", text, at)
			}
		}
	})
}
