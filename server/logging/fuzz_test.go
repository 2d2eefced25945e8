package logging_test

import (
	"bytes"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"credence/server/logging"
)

// FuzzTheLogNamesNobody puts what nobody may read into any text: none of it is in
// the log, whatever stands around it.
func FuzzTheLogNamesNobody(f *testing.F) {
	secrets := []struct {
		text, hidden  string
		before, after *regexp.Regexp // what makes it another thing
	}{
		{"anna.lindner@kunde.example", "anna.lindner@", nil, nil},
		{"anna.lindner%40kunde.example", "anna.lindner%", nil, nil},
		{"cred_01JDXQ_ABCDEF2345", "ABCDEF2345", nil, nil},
		{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x-_y", "eyJzdWIiOiIxIn0", nil, nil},
		{"203.0.113.77", "203.0.113.77", regexp.MustCompile(`[0-9.]$`), regexp.MustCompile(`^[0-9]`)},
		{"2001:db8:1:2::7", "db8:1:2::7", regexp.MustCompile(`[0-9A-Fa-f:.]$`), regexp.MustCompile(`^[0-9A-Fa-f:.]`)},
	}
	for _, around := range [][2]string{{"", ""}, {"dial tcp ", ":443: refused"}, {`row "`, `"`}, {"Bearer%20", "&x"}, {`Bearer\n`, `\n`}, {"[", "]:80"}, {"from ::ffff:", ", "}, {"a@", "@b"}, {`"0"@`, "^^"}, {`"`, `"@x`}, {"x_", "_x"}, {"1:", ":1"}, {"Ü", "ß"}, {"eyJ", "."}, {"%40", "%2540"}, {"/mail/", "/cur"}, {"client:", " "}} {
		f.Add(around[0], around[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, s := range secrets {
			if s.before != nil && (s.before.MatchString(before) || s.after.MatchString(after)) || strings.Contains(before+after, s.hidden) {
				continue
			}
			var out bytes.Buffer
			logging.New(&out).Error("failed", slog.String("text", before+s.text+after))
			if strings.Contains(out.String(), s.hidden) {
				t.Errorf("%q between %q and %q is in the log: %s", s.text, before, after, out.String())
			}
			if strings.Count(out.String(), "\n") != 1 {
				t.Errorf("%q makes more than one line: %q", before+s.text+after, out.String())
			}
		}
	})
}
