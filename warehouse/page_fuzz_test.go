package warehouse_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"credence/warehouse"
)

// FuzzPageOf cuts any address: the page stays as it is, behind it stand used tags
// without an e-mail address, however escaped, and cutting again changes nothing.
func FuzzPageOf(f *testing.F) {
	for _, address := range []string{
		"", "https://h.example/w?name=Anna+Lindner&email=a%40b.example&utm_source=news", "https://h.example/w#utm_campaign=a%20b", "?utm_campaign=a@b.example", "https://h.example/?utm_content=a%2540b.example", "/w?next=/x?utm_source=y", "#?utm_source=?a", "w?xgclid=1&msclkid=2#gclid",
		"w?utm_source", "w?utm_source=&&=&#", "w?utm_medium=a=b", "w?UTM_SOURCE=a", "w?utm_source=\xff%4", "w?utm_source=a%25252540b",
	} {
		f.Add(address)
	}
	kept := []string{"utm_source", "utm_medium", "utm_campaign", "utm_content", "gclid", "msclkid"}
	f.Fuzz(func(t *testing.T, address string) {
		got := warehouse.PageOf(address)
		if again := warehouse.PageOf(got); again != got {
			t.Errorf("%q is cut to %q, and again to %q", address, got, again)
		}
		page, behind, _ := strings.Cut(got, "?")
		if at := strings.IndexAny(address, "?#"); at >= 0 && page != address[:at] || at < 0 && got != address {
			t.Errorf("%q is on the page %q", address, page)
		}
		for tag := range strings.FieldsFuncSeq(behind, func(r rune) bool { return r == '&' }) {
			key, value, _ := strings.Cut(tag, "=")
			if !slices.Contains(kept, key) || strings.HasSuffix(key, "clid") && value != "" || !strings.Contains(address, value) {
				t.Errorf("%q keeps %q", address, tag)
			}
			for range 5 {
				if strings.Contains(value, "@") {
					t.Errorf("%q keeps what may be an e-mail address: %q", address, tag)
				}
				value = unescaped(value)
			}
		}
	})
}

// unescaped undoes each escape of a text that is one.
func unescaped(text string) string {
	parts := strings.Split(text, "%")
	for i, p := range parts[1:] {
		parts[i+1] = "%" + p
		if len(p) >= 2 {
			if c, err := url.PathUnescape("%" + p[:2]); err == nil {
				parts[i+1] = c + p[2:]
			}
		}
	}
	return strings.Join(parts, "")
}
