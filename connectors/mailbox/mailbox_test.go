package mailbox

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/connectors/connectortest"
)

func env() connectors.Env {
	return connectors.Env{Domains: []string{"halden.example"}, Now: connectortest.Now, Location: time.UTC, Currency: "EUR"}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.Run(t, Connector(), connectortest.Case{
		Name: "mbox, Maildir and eml", Fixture: "testdata", Golden: "testdata/mail.golden",
		Settings: map[string]any{"path": "mail"}, Env: env(),
		Reorder: func(t *testing.T, dir string) {
			t.Helper()
			// The messages of the mbox in reverse, in two files with other names.
			name := filepath.Join(dir, "mail", "anna.mbox")
			text := read(t, name)
			parts := strings.Split(text, "\n\nFrom ")
			parts[0] = strings.TrimPrefix(parts[0], "From ")
			var a, b strings.Builder
			for i, part := range slices.Backward(parts) {
				into := &a
				if i%2 == 0 {
					into = &b
				}
				into.WriteString("From " + strings.TrimSuffix(part, "\n") + "\n\n")
			}
			write(t, filepath.Join(dir, "mail", "zz"), a.String())
			write(t, filepath.Join(dir, "mail", "yy.mbox"), b.String())
			remove(t, name)
		},
		BadRow: func(t *testing.T, dir string) {
			t.Helper()
			name := filepath.Join(dir, "mail", "anna.mbox")
			write(t, name, read(t, name)+"\nFrom x@y.example Thu Mar  6 12:00:00 2025\nDate: canary day\nFrom: x@y.example\nTo: anna.berg@halden.example\n\ncanary-of-the-body\n")
		},
		BadFile: func(t *testing.T, dir string) {
			t.Helper()
			write(t, filepath.Join(dir, "mail", "noise.mbox"), "\x00\x01\x02 this is no mail\n\nat all\n")
		},
		BadFileName: "noise.mbox",
		Canary:      "canary-of-the-body",
	})
}

func TestSplitMbox(t *testing.T) {
	t.Parallel()
	const sep = "From a@b.example Mon Mar  3 09:15:00 2025\n"
	tests := []struct {
		name string
		in   string
		want []string // "line header|length"
		err  string
	}{
		{"an empty file has no messages", "", nil, ""},
		{"blank lines only", "\n\n", nil, ""},
		{"one message", sep + "A: 1\n\nbody\n", []string{"1 A: 1\n|5"}, ""},
		{"the blank line before the next message is not body", sep + "A: 1\n\nbody\n\n" + sep + "B: 2\n\nx\n", []string{"1 A: 1\n|5", "6 B: 2\n|2"}, ""},
		{"carriage returns do not count", "From a@b Mon Mar  3 09:15:00 2025\r\nA: 1\r\n\r\nbody\r\n", []string{"1 A: 1\n|5"}, ""},
		{"mboxrd quoting does not count", sep + "A: 1\n\n>From x\n>>From y\n> From z\n", []string{"1 A: 1\n|24"}, ""},
		{"From in a body without a date is body", sep + "A: 1\n\nhi\n\nFrom here on\n", []string{"1 A: 1\n|17"}, ""},
		{"From without a blank line before it is body", sep + "A: 1\n\nhi\n" + sep, []string{"1 A: 1\n|45"}, ""},
		{"a message without a body", sep + "A: 1\n", []string{"1 A: 1\n|0"}, ""},
		{"an empty body", sep + "A: 1\n\n" + sep + "B: 2\n\nx\n", []string{"1 A: 1\n|0", "4 B: 2\n|2"}, ""},
		{"a byte order mark", "\xef\xbb\xbf" + sep + "A: 1\n\n", []string{"1 A: 1\n|0"}, ""},
		{"Google Takeout", "From 1781@xxx Mon Jan 01 00:00:00 +0000 2018\nA: 1\n\n", []string{"1 A: 1\n|0"}, ""},
		{"noise", "PK\x03\x04\n", nil, "not an mbox"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			err := splitMbox(strings.NewReader(tt.in), func(m message) error {
				got = append(got, fmt.Sprintf("%d %s|%d", m.line, m.header, m.length))
				return nil
			})
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), "no \"From sender date\"") {
				t.Errorf("error: got %v, want %q", err, tt.err)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     string
	}{
		{"bare", "A.B@C.example", "a.b@c.example"},
		{"named", "Anna <anna@c.example>", "anna@c.example"},
		{"a comma in a quoted name", `"Berg, Anna" <anna@c.example>, ben@c.example`, "anna@c.example ben@c.example"},
		{"an encoded name", "=?utf-8?q?M=C3=BCller?= <m@c.example>", "m@c.example"},
		{"an address as a name", `"x@y.example" <real@c.example>`, "real@c.example"},
		{"a comment", "anna@c.example (Anna, at work)", "anna@c.example"},
		{"a group without members", "undisclosed-recipients:;", ""},
		{"a group", "Team: a@c.example, b@c.example;", "a@c.example b@c.example"},
		{"semicolons of Outlook", "a@c.example; b@c.example", "a@c.example b@c.example"},
		{"quotes of Outlook", "'anna@c.example'", "anna@c.example"},
		{"a source route", "<@mx.example:anna@c.example>", "anna@c.example"},
		{"mailto", "mailto:anna@c.example", "anna@c.example"},
		{"an unclosed bracket", "Anna <anna@c.example", "anna@c.example"},
		{"an X.400 name", "/O=ENRON/OU=NA/CN=RECIPIENTS", ""},
		{"two at signs", "a@b@c.example", ""},
		{"a name alone", "Anna Berg", ""},
		{"a control character", "a\x01b@c.example", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(addresses(tt.in, 10), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
	}{
		{"RFC 5322", "Fri, 25 Dec 2009 00:06:42 -0800", "2009-12-25T08:06:42Z"},
		{"with a zone in brackets", "Fri, 25 Dec 2001 00:06:42 -0000 (GMT)", "2001-12-25T00:06:42Z"},
		{"without weekday and seconds", "1 Jan 2020 10:00 +0530", "2020-01-01T04:30:00Z"},
		{"a named zone", "1 Jul 2020 10:00:00 EDT", "2020-07-01T14:00:00Z"},
		{"no zone", "1 Jul 2020 10:00:00", "2020-07-01T10:00:00Z"},
		{"asctime", "Fri Dec 25 00:06:42 2009", "2009-12-25T00:06:42Z"},
		{"a leap second", "31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59Z"},
		{"missing", "", errNoDate.Error()},
		{"a comment only", "(none)", errNoDate.Error()},
		{"a year of two digits", "5 Mar 25 11:00 GMT", errTwoDigit.Error()},
		{"no such day", "31 Feb 2020 10:00:00 +0000", errBadDate.Error()},
		{"no such hour", "1 Feb 2020 25:00:00 +0000", errBadDate.Error()},
		{"words", "yesterday", errBadDate.Error()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at, err := parseDate(tt.in)
			got := at.Format(time.RFC3339)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCaps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const sep = "From a@b.example Mon Mar  3 09:15:00 2025\nDate: Mon, 3 Mar 2025 10:15:00 +0100\nFrom: x@y.example\nMessage-ID: <%d@y.example>\n"
	var many strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&many, "To: p%d@halden.example\n", i)
	}
	text := fmt.Sprintf(sep, 1) + "To: a@halden.example\nX-Long: " + strings.Repeat("x", 70<<10) + "\n\nbody\n\n" +
		fmt.Sprintf(sep, 2) + many.String() + "\nbody\n\n" +
		fmt.Sprintf(sep, 3) + "To: a@halden.example\n\n" + strings.Repeat(strings.Repeat("y", 1023)+"\n", 31<<10) + "\n" +
		fmt.Sprintf(sep, 4) + "To: a@halden.example\n\nlast\n"
	write(t, filepath.Join(dir, "big.mbox"), text)
	rec := readAll(t, dir, env())
	if got := rec.Count("activities"); got != 3 {
		t.Errorf("got %d activities, want 3", got)
	}
	if len(rec.Rejected) != 1 || rec.Rejected[0].Line != 1 || rec.Rejected[0].Field != "header" {
		t.Errorf("the header of 70 KiB: got %+v", rec.Rejected)
	}
	if got := rec.Count("activity_people"); got != maxAddresses+2+2 {
		t.Errorf("got %d people, want %d", got, maxAddresses+4)
	}
	outcomes, longest := 0, int64(0)
	for id := range rec.Rows["activities"] {
		if rec.Value("activities", id, "outcome") == "bulk" {
			outcomes++
		}
		longest = max(longest, rec.Int("activities", id, "length"))
	}
	if outcomes != 1 || longest != 31<<20 {
		t.Errorf("got %d mass mails and a longest body of %d, want 1 and %d", outcomes, longest, 31<<20)
	}
}

func TestOwners(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := "From a@b.example Mon Mar  3 09:15:00 2025\nDate: Mon, 3 Mar 2025 10:15:00 +0100\nFrom: Anna@Free.example\nTo: kim@free.example\nMessage-ID: <1@y.example>\n\nbody\n"
	write(t, filepath.Join(dir, "box"), text)
	src, err := Connector().Open(map[string]any{"path": dir}, connectors.Env{Now: connectortest.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = connectortest.Read(t.Context(), src, ""); err == nil || !strings.Contains(err.Error(), "company.domains") {
		t.Errorf("without own domains: got %v", err)
	}
	remove(t, filepath.Join(dir, "box"))
	write(t, filepath.Join(dir, "anna@free.example.mbox"), text)
	rec, _, err := connectortest.Read(t.Context(), src, "")
	if err != nil {
		t.Fatal(err)
	}
	for id := range rec.Rows["activities"] {
		if got := rec.Value("activities", id, "direction"); got != "outbound" {
			t.Errorf("from the mailbox's owner: got %v, want outbound", got)
		}
	}
}

// TestChanged reads a grown mailbox again and leaves the others alone.
func TestChanged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const mail = "From a@b.example Mon Mar  3 09:15:00 2025\nDate: Mon, 3 Mar 2025 10:15:00 +0100\nFrom: x@y.example\nTo: a@halden.example\nMessage-ID: <%d@y.example>\n\nbody\n\n"
	write(t, filepath.Join(dir, "a.mbox"), fmt.Sprintf(mail, 1))
	write(t, filepath.Join(dir, "b.mbox"), fmt.Sprintf(mail, 2))
	src, err := Connector().Open(map[string]any{"path": dir}, env())
	if err != nil {
		t.Fatal(err)
	}
	_, next, err := connectortest.Read(t.Context(), src, "")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "b.mbox"), fmt.Sprintf(mail, 2)+fmt.Sprintf(mail, 3))
	rec, _, err := connectortest.Read(t.Context(), src, next)
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Files) != 1 || rec.Files[0].Name != "b.mbox" || rec.Files[0].Read != 2 {
		t.Errorf("got %+v, want b.mbox with 2 messages", rec.Files)
	}
}

// TestNorthpole reads the public mbox of ../shared/data.
func TestNorthpole(t *testing.T) {
	t.Parallel()
	path, err := filepath.Abs("../../../shared/data/mbox/northpole.mbox")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the real data is not here: %v", err)
		}
		t.Skipf("the real data is not here: %v", err)
	}
	e := env()
	e.Domains = []string{"northpole.example.org"}
	rec := readAll(t, path, e)
	read, rejected := rec.Totals()
	t.Logf("northpole.mbox: %d read, %d kept, %d rejected", read, read-rejected, rejected)
	if read != 2 || rejected != 0 || rec.Count("activities") != 2 || rec.Count("activity_people") != 4 {
		t.Errorf("got %d read, %d rejected:\n%s", read, rejected, strings.Join(rec.Lines(), "\n"))
	}
}

func BenchmarkMbox(b *testing.B) {
	var text bytes.Buffer
	for i := range 40_000 {
		fmt.Fprintf(&text, "From a@b.example Mon Mar  3 09:15:00 2025\nReturn-Path: <x%d@y.example>\nReceived: from mx by mx; Mon, 3 Mar 2025 10:15:00 +0100\nDate: Mon, 3 Mar 2025 10:15:00 +0100\n"+
			"From: \"Some One\" <x%d@y.example>\nTo: =?utf-8?q?Anna?= <a@halden.example>, Ben <ben@halden.example>\nMessage-ID: <%d@y.example>\nReferences: <%d@y.example>\nSubject: Hello\n\n%s\n\n",
			i%900, i%900, i, i/3, strings.Repeat("A line of a body of a usual length, eighty characters.\n", 20))
	}
	name := filepath.Join(b.TempDir(), "big.mbox")
	if err := os.WriteFile(name, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	src, err := Connector().Open(map[string]any{"path": name}, env())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := src.Read(b.Context(), "", &discard{}); err != nil {
			b.Fatal(err)
		}
	}
}

// discard is a sink that keeps nothing.
type discard struct{ connectortest.Recorder }

func (*discard) Put(any) error { return nil }

func readAll(t *testing.T, path string, e connectors.Env) *connectortest.Recorder {
	t.Helper()
	src, err := Connector().Open(map[string]any{"path": path}, e)
	if err != nil {
		t.Fatal(err)
	}
	rec, _, err := connectortest.Read(t.Context(), src, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range rec.Faults {
		t.Error(fault)
	}
	return rec
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}
