package logging_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"credence/server/logging"
)

func TestTheLogNamesNobody(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"an address", `row 3: "anna.lindner+x@kunde.example" is no date`, `row 3: "(somebody)@kunde.example" is no date`},
		{"an escaped address", "open /mail/anna%40kunde.example: gone", "open /mail/(somebody)@kunde.example: gone"},
		{"several", "a@b.example, Ü.ß@c.example", "(somebody)@b.example, (somebody)@c.example"},
		{"escaped twice", "open /mail/anna%2540kunde.example: gone", "open /mail/(somebody)@kunde.example: gone"},
		{"of a quoted name", `to "anna lindner"@kunde.example: gone`, "to (somebody)@kunde.example: gone"},
		{"of any sign", "<anna!lindner&x@kunde.example>", "<(somebody)@kunde.example>"},
		{"of a network of one's own", "anna@intranet: gone", "(somebody)@intranet: gone"},
		{"at a machine", "anna@[203.0.113.9]: gone", "(somebody)@[203.0.113.0/24]: gone"},
		{"no address", "@here stays, and so does a@", "@here stays, and so does a@"},
		{"a token of a script", "Bearer cred_01JD_ABCDEF2345 ended", "Bearer (token) ended"},
		{"an escaped token", "Bearer%20cred_01JD_ABCDEF2345 ended", "Bearer%20(token) ended"},
		{"two addresses in one", "anna@kunde.example@b.example", "(somebody)@b.example"},
		{"a session's token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x-_y ended", "(token) ended"},
		{"the address of a machine", "dial tcp 203.0.113.77:443: refused", "dial tcp 203.0.113.0/24:443: refused"},
		{"without a port", "from 203.0.113.77", "from 203.0.113.0/24"},
		{"of IPv6", "dial tcp [2001:db8:1:2::7]:443: refused", "dial tcp [2001:db8:1::/48]:443: refused"},
		{"of IPv4 as IPv6", "from ::ffff:203.0.113.77", "from 203.0.113.0/24"},
		{"after a word", "ip:203.0.113.9 client:203.0.113.9, failed:203.0.113.9:443", "ip:203.0.113.0/24 client:203.0.113.0/24, failed:203.0.113.0/24:443"},
		{"before a word", "host 203.0.113.9.ads", "host 203.0.113.0/24.ads"},
		{"of IPv6 after a word", "addr:2001:db8::1 and peer:2001:db8:1:2:3:4:5:6", "addr:2001:db8::/48 and peer:2001:db8:1::/48"},
		{"of IPv6 with a port or a colon", "2001:db8:1:2:3:4:5:6:443 and 2001:db8:1:2:3:4:5:6: refused", "2001:db8:1::/48:443 and 2001:db8:1::/48: refused"},
		{"of this machine", "listen tcp 127.0.0.1:8080 and [::1]:80 and 0.0.0.0:80", "listen tcp 127.0.0.1:8080 and [::1]:80 and 0.0.0.0:80"},
		{"times, versions and files", "2026-11-22T03:00:05Z 1.26.8 v2.10505.0 a.b.c.d deals.csv 100.01 10:04:05 errors.go:105", "2026-11-22T03:00:05Z 1.26.8 v2.10505.0 a.b.c.d deals.csv 100.01 10:04:05 errors.go:105"},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		log := logging.New(&out)
		log.Info("said", slog.String("text", tt.text))
		log.Error("failed", slog.Any("error", fmt.Errorf("load: %w", errors.New(tt.text))))
		log.Warn("many", slog.Any("texts", []string{"x", tt.text}), slog.Any("one", struct{ Text string }{tt.text}), slog.Any("bytes", []byte(tt.text)))
		for line := range strings.Lines(out.String()) {
			if plain := strings.ReplaceAll(line, `\"`, `"`); !strings.Contains(plain, tt.want) || tt.want != tt.text && strings.Contains(plain, tt.text) {
				t.Errorf("%s: the log says %q, want %q in it", tt.name, plain, tt.want)
			}
		}
		if lines := strings.Count(out.String(), "\n"); lines != 3 || !strings.Contains(out.String(), "level=ERROR") {
			t.Errorf("%s: %d lines: %s", tt.name, lines, out.String())
		}
	}
}
