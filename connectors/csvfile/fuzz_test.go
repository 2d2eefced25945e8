package csvfile

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/knadh/koanf/parsers/yaml"

	"credence/warehouse/money"
)

// FuzzSplit compares the splitter with encoding/csv: what that reads, the
// splitter reads alike.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",c\r\n\"x\ny\",\r\n", "a;b\n", "\"\n", "a,\"b\"c\n1,2\n", ",\n\n,,", "\"a\r\nb\"\r", "x\r\r\n\r"} {
		f.Add(s, byte(','))
	}
	f.Fuzz(func(t *testing.T, text string, sep byte) {
		if _, err := parseSeparator(string(rune(sep))); err != nil || sep >= 0x80 || sep == 0 {
			return
		}
		want, err := reference(text, rune(sep))
		if err != nil {
			want = nil
		}
		s := splitter{sep: sep, quotes: true}
		var got [][]string
		for pos := 0; pos < len(text); {
			end, how := s.record(text, pos)
			if end <= pos {
				t.Fatalf("no progress at %d of %q", pos, text)
			}
			raw := text[pos:end]
			pos = end
			if how != whole {
				if err == nil {
					t.Fatalf("%q: the reference reads what the splitter refuses", text)
				}
				continue
			}
			if strings.Trim(raw, "\r\n") == "" && len(s.fields) == 1 {
				continue // encoding/csv skips empty lines
			}
			got = append(got, slices.Clone(s.fields))
		}
		if err == nil && !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q:\ngot  %q\nwant %q", text, got, want)
		}
	})
}

func reference(text string, sep rune) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = sep, -1
	rows, err := r.ReadAll()
	for _, row := range rows {
		// A row that is only a carriage return is empty here and a field there.
		if len(row) == 1 && strings.Trim(row[0], "\r") == "" {
			return nil, errors.New("a lone carriage return")
		}
	}
	return rows, err
}

// FuzzBlocks cuts a text into blocks of any size: the records stay the same.
func FuzzBlocks(f *testing.F) {
	f.Add("a,b\n\"x\ny\",2\nc,\"d\"\"\n", 3)
	f.Add("\"never\nclosed,\n1,2\n", 5)
	f.Fuzz(func(t *testing.T, text string, size int) {
		if size < 1 || size > 64 || len(text) > 1<<16 {
			return
		}
		split := splitter{sep: ',', quotes: true}
		b := blocks{r: &dribble{strings.NewReader(text), size}, line: 1, size: size, split: split}
		var all strings.Builder
		var records []string
		line := 1
		for {
			got, ok, err := b.next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			if got.line != line {
				t.Fatalf("a block begins in line %d, says %d", line, got.line)
			}
			line += strings.Count(got.text, "\n")
			all.WriteString(got.text)
			records = append(records, cutAll(split, got.text)...)
		}
		if want := cutAll(split, text); !slices.Equal(records, want) {
			t.Fatalf("%q in blocks of %d:\ngot  %q\nwant %q", text, size, records, want)
		}
		if all.String() != text {
			t.Fatalf("got %q, want %q", all.String(), text)
		}
	})
}

// cutAll is the records of a text, each with how its cutting ended.
func cutAll(s splitter, text string) []string {
	var out []string
	for pos := 0; pos < len(text); {
		end, how := s.record(text, pos)
		word := strings.Join(s.fields, "|")
		if how != whole {
			word = "bad " + text[pos:end]
		}
		out = append(out, word)
		pos = end
	}
	return out
}

// dribble reads a few bytes at a time.
type dribble struct {
	r io.Reader
	n int
}

func (d *dribble) Read(p []byte) (int, error) { return d.r.Read(p[:min(len(p), d.n)]) }

// FuzzNumber checks that a number in any form is the number it is in plain form.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1234.50", "1.234,50", "-1 234,5", "(1,234)", "0,125", "5.", ".5", "1e5", "99999999999999999999", "--1", "+0.000001"} {
		f.Add(s, true, 2)
		f.Add(s, false, 6)
	}
	f.Fuzz(func(t *testing.T, s string, byComma bool, digits int) {
		m := point
		if byComma {
			m = comma
		}
		if isPlain(s) && !byComma {
			if out, ok := unmark(s, point); !ok && s[0] != '0' || ok && !sameNumber(out, s) {
				t.Fatalf("%q is plain and unmark says %q, %v", s, out, ok)
			}
		}
		out, ok := unmark(s, m)
		if !ok {
			return
		}
		if !isPlain(out) {
			t.Fatalf("%q became %q, which is no plain number", s, out)
		}
		if digits < 0 || digits > 12 {
			return
		}
		v, fast := scaled(out, digits)
		want, err := money.ParseScaled(out, digits)
		if fast && (err != nil || v != want) {
			t.Fatalf("%q at %d digits: got %d, want %d, %v", out, digits, v, want, err)
		}
	})
}

func sameNumber(a, b string) bool {
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(strings.TrimSuffix(strings.TrimPrefix(b, "+"), "."))
	return ok1 && ok2 && x.Cmp(y) == 0
}

// FuzzDate checks that whatever is read as a date is one, and that its ISO form
// is read as the same.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-01-31T09:30:00+01:00", "31.12.2026", "12/31/2026 1:05 PM", "Jan 31, 2026", "20260131", "2026-1-1", "0000-00-00", "9999-12-31"} {
		f.Add(s, "D.M.YYYY HH:mm")
	}
	f.Add("910930020", "unix")
	f.Fuzz(func(t *testing.T, s, form string) {
		var found []moment
		if m, ok := isISO(s); ok {
			found = append(found, m)
		}
		for _, o := range []order{0, dayFirst, monthFirst} {
			if m, _, _, _, ok := guess(s, o); ok {
				found = append(found, m)
			}
		}
		if df, err := parseDateFormat(form); err == nil && df != nil {
			if m, ok := df.parse(s); ok {
				found = append(found, m)
			}
		}
		for _, m := range found {
			if !m.valid() || m.sec == 60 {
				continue
			}
			at := m.instant(time.UTC, false)
			again, ok := isISO(at.Format(time.RFC3339))
			if y := at.Year(); y < 1 || y > 9999 {
				continue // an offset may lead out of the years that have four digits
			}
			if !ok || !again.instant(time.UTC, false).Equal(at) {
				t.Fatalf("%q was read as %v, which is not read again", s, at)
			}
		}
	})
}

// FuzzMapping opens any configuration: it is refused with an error or opened.
func FuzzMapping(f *testing.F) {
	f.Add(foreign)
	f.Add("files: [{match: '[', records: [{stream: deals, set: {deal_id: {id: [a]}}}]}]")
	f.Add("files: [{match: a, join: {file: b, as: c, on: {d: e}}, header: no, columns: [x]}]\nblank: [1, yes]")
	f.Add("{1: 2}")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := yaml.Parser().Unmarshal([]byte(text))
		if err != nil || m == nil || len(text) > 1<<16 {
			return
		}
		dir := t.TempDir()
		write(t, dir, "agents.csv", "agent,manager,office\nx,y,z\n")
		write(t, dir, "pipeline.csv", "id,agent,product,account,stage,engaged,closed,value\n1,x,p,a,Won,1/2/2026,1/13/2026,5\n")
		m["path"] = dir
		src, err := Connector().Open(m, env(dir))
		if err != nil {
			return
		}
		rec := newRecorder()
		if _, err := src.Read(context.Background(), "", rec); err == nil && rec.read < len(rec.rejects) {
			t.Fatalf("%d rows read and %d rejected", rec.read, len(rec.rejects))
		}
	})
}

// FuzzFile reads any bytes as a canonical file: every row is kept or rejected,
// and reading twice gives the same.
func FuzzFile(f *testing.F) {
	for _, s := range []string{
		"deal_id,status,amount,created_at\nD1,won,1,2026-01-01\n", "\xef\xbb\xbfdeal_id;status;amount\nD;won;1,5\nE;won;1.234,5\n",
		"\xff\xfed\x00e\x00a\x00l\x00_\x00i\x00d\x00", "deal_id,status\n\"D,won\nE,won\n", "deal_id,status,created_at\nD,won,31/12/2026\n,,\n\nE,x\x00,\xff\n", "sep=,\ndeal_id,status\rD,won\r",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "deals.csv"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := Connector().Open(map[string]any{"path": "deals.csv"}, env(dir))
		if err != nil {
			t.Fatal(err)
		}
		one, two := newRecorder(), newRecorder()
		next, err := src.Read(context.Background(), "", one)
		again, err2 := src.Read(context.Background(), "", two)
		if (err == nil) != (err2 == nil) || next != again {
			t.Fatalf("two readings differ: %v, %v", err, err2)
		}
		if err != nil {
			return
		}
		if !slices.Equal(one.rejects, two.rejects) || len(one.last["deals"]) != len(two.last["deals"]) {
			t.Fatal("two readings differ")
		}
		if one.read < len(one.rejects) || one.puts < one.read-len(one.rejects) {
			t.Fatalf("%d rows read, %d put, %d rejected", one.read, one.puts, len(one.rejects))
		}
	})
}
