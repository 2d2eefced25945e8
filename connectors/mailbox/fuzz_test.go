package mailbox

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"credence/connectors/connectortest"
	"credence/connectors/own"
)

// FuzzMbox splits any bytes and maps every message; what is kept must be fit
// for the warehouse.
func FuzzMbox(f *testing.F) {
	text, err := os.ReadFile("testdata/mail/anna.mbox")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("From a Mon Mar  3 09:15:00 2025\n\nFrom b Mon Mar  3 09:15:00 2025\nDate: 1 Jan 2020 00:00\nFrom: a@b\nTo: c@d\n"))
	f.Add([]byte("\xef\xbb\xbf\r\n\nFrom "))
	people, err := own.New("halden.example")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		rec := &connectortest.Recorder{}
		rec.File("x")
		r := &reader{out: rec, own: people, now: connectortest.Now, seen: map[string]string{}}
		var body int64
		err := splitMbox(bytes.NewReader(text), func(m message) error {
			if m.length < 0 || len(m.header) > maxHeader+1 {
				t.Fatalf("length %d, header of %d bytes", m.length, len(m.header))
			}
			body += m.length
			return r.message(m, parseHeader(m.header), "")
		})
		if err == nil && body > int64(len(text)) {
			t.Fatalf("bodies of %d bytes in a file of %d", body, len(text))
		}
		if len(rec.Faults) > 0 {
			t.Fatal(rec.Faults)
		}
	})
}

// FuzzHeader reads any header block as one message.
func FuzzHeader(f *testing.F) {
	f.Add("Message-ID: <m1@halden.example>\nDate: Mon, 3 Mar 2025 10:15:00 +0100\nFrom: Anna <anna.berg@halden.example>\nTo: =?utf-8?q?M=C3=BCller?= <m@c.example>,\n\t\"Lee, Kim\" <k@c.example>\nReferences: <a@b> <c@d>\n")
	f.Add("From:\xff\xfe <a@\x00b>\nDate: Fri Dec 25 00:06:42 2009\nTo: undisclosed-recipients:;\nDelivered-To: x@y\nSubject: =?utf-8?b?////?=\n")
	people, err := own.New("halden.example")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, block string) {
		m, err := splitSingle(strings.NewReader(block), int64(len(block)))
		if err != nil || m.length < 0 || m.length > int64(len(block)) {
			t.Fatalf("got %v, length %d of %d", err, m.length, len(block))
		}
		rec := &connectortest.Recorder{}
		rec.File("x")
		r := &reader{out: rec, own: people, now: connectortest.Now, seen: map[string]string{}}
		if err := r.message(m, parseHeader(m.header), "x"); err != nil {
			t.Fatal(err)
		}
		if len(rec.Faults) > 0 {
			t.Fatal(rec.Faults)
		}
	})
}

// FuzzAddresses never returns what is no address, and finds it again in its
// own output.
func FuzzAddresses(f *testing.F) {
	for _, s := range []string{`"Berg, Anna" <anna@c.example>, ben@c.example (Ben); kim@c.example`, "Team: a@b, c@d;", "<@mx:a@b", `"\"`, "((("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, a := range addresses(value, maxAddresses) {
			if strings.Count(a, "@") != 1 || strings.ContainsAny(a, " <>,;\"\x00\n") || !utf8.ValidString(a) || a != strings.ToLower(a) {
				t.Fatalf("%q is no address", a)
			}
			if again := addresses(a, 2); len(again) != 1 || again[0] != a {
				t.Fatalf("%q is read back as %q", a, again)
			}
		}
	})
}

// FuzzDate reads any date as a time within sane bounds, or not at all.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"Fri, 25 Dec 2009 00:06:42 -0800 (PST)", "31 Dec 2016 23:59:60 +0000", "5 Mar 25 11:00 GMT", "- : +"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		at, err := parseDate(value)
		if err == nil && (at.Location() != time.UTC || at.Nanosecond() != 0) {
			t.Fatalf("%q is read as %v", value, at)
		}
	})
}
