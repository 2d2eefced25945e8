package localfile

import "testing"

// FuzzParseCursor reads any stored position: it is refused, or what it says comes
// back the same.
func FuzzParseCursor(f *testing.F) {
	c, err := ParseCursor("", "mailbox 1")
	if err != nil {
		f.Fatal(err)
	}
	c.Seen("a.mbox", "mark")
	f.Add(c.String())
	for _, text := range []string{"", "{}", "null", `{"shape":"x"}`, `{"shape":"x","files":null}`, `{"shape":1}`, "2999-01-01", `{"shape":"x","files":{"a":"b","a":"c"}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCursor(text, "mailbox 1")
		if err != nil {
			return
		}
		c.Seen("b.mbox", "mark")
		again, err := ParseCursor(c.String(), "mailbox 1")
		if err != nil || again.String() != c.String() {
			t.Errorf("%q is %s, which comes back as %s, %v", text, c, again, err)
		}
		c.Keep(map[string]bool{})
		if len(c.Files) != 0 {
			t.Errorf("%q keeps %v", text, c.Files)
		}
	})
}
