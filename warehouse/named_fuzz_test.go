package warehouse

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzKeys takes any text for an address, a phone number and a handle: the key of a
// key is itself, and whoever is erased by a spelling is found by it.
func FuzzKeys(f *testing.F) {
	for _, text := range []string{"", "Anna.L+news@Gmail.com", "anna@googlemail.com", "a+@b.c", "+a@b.c", "....@gmail.com", "a@b@c.d", "+49 170 1234567", "0170/123 45 67", "+1 (415) 555-0100", "00491701234567", "٠١٢٣٤٥٦٧", "@Marky", "in/anna-lindner-fa99", "https://www.linkedin.com/in/zq77/?x=1", " @ a ", "İ@b.c", "K@b.c", "+", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) { // no column holds it
			return
		}
		for name, key := range map[string]func(string) string{"address": emailKey, "handle": handleKey} {
			once := key(text)
			if again := key(once); again != strings.TrimSpace(once) { // blanks behind @ are part of a handle
				t.Errorf("%q has the %s key %q, and that %q", text, name, once, again)
			}
		}
		if once := phoneKey(text); phoneKey(once) != once {
			t.Errorf("%q has the phone key %q, and that %q", text, once, phoneKey(once))
		}
		for _, kind := range []identity{ofEmail, ofPhone, ofHandle} {
			g := newGraveyard([]byte("0123456789abcdef0123456789abcdef"))
			switch kind {
			case ofPhone:
				g.addPhone(text, Tombstone{Stub: "~x"})
			case ofHandle:
				g.addHandle(text, Tombstone{Stub: "~x"})
			default:
				g.add(kind, emailKey(text), Tombstone{Stub: "~x"})
			}
			if to, ok := g.value(kind, "crm", text); len(g.by) > 0 && (!ok || to == text) {
				t.Errorf("%q was erased by its %s and stays %q", text, kind, to)
			}
		}
	})
}

// FuzzNamed looks for somebody erased in any text: nothing of them is left that is
// found again, what is left of the text stands as it was, and where somebody stands
// apart in it they are found.
func FuzzNamed(f *testing.F) {
	g := newGraveyard([]byte("0123456789abcdef0123456789abcdef"))
	like := Tombstone{Stub: "~x"}
	for _, name := range []string{"Anna Lindner", "Mark May", "Dr. Jürgen O'Brien-Groß"} {
		g.addName(name, like)
	}
	g.addHandle("in/anna-lindner-fa99", like)
	g.addPhone("+49 170 1234567", like)
	g.add(ofEmail, "anna@lindner.example", like)
	g.add(ofAnyContact, "003xx4TmiQ", like)
	spellings := []string{"Anna Lindner", "LINDNER, Anna", "anna%20lindner", "Mark May", "Juergen O’Brien Gross", "anna-lindner-fa99", "+49 170 1234567", "0170/123 45 67", "Anna@Lindner.example", "anna%40lindner.example", "003xx4TmiQ"}
	for i, around := range [][2]string{{"", ""}, {"call ", " on 2026-02-03"}, {"?first=", "&n=1"}, {"Ü ", " ß"}, {"100% ", " %zz%4"}, {"%C3%BC ", "%"}, {"\xff ", " \xff"}, {"Anna, ", " Mark"}, {`{"name": "`, `"}`}, {"1 ", " 2"}, {"+49 ", " 0"}} {
		f.Add(around[0], uint8(i), around[1])
	}
	f.Fuzz(func(t *testing.T, before string, nth uint8, after string) {
		spelled := spellings[int(nth)%len(spellings)]
		apart := before + "\n; " + spelled + " ;\n" + after
		for _, text := range []string{before + spelled + after, apart} {
			for _, as := range []treatment{asWords, asKey} {
				got, changed := g.text(text, as)
				if changed != (got != text) {
					t.Errorf("%q became %q as %s: changed %v", text, got, as, changed)
				}
				if again, more := g.text(got, as); more {
					t.Errorf("%q became %q as %s, and that %q", text, got, as, again)
				}
				if utf8.ValidString(text) && !utf8.ValidString(got) {
					t.Errorf("%q became %q, which is no text", text, got)
				}
				if as == asWords && text == apart && strings.Contains(got, "; "+spelled+" ;") {
					t.Errorf("%q stays in %q", spelled, got)
				}
			}
		}
	})
}
