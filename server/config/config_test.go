package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "credence.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	path := write(t, "company: {name: Halden}\n")
	c, err := Read(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, got, want string }{
		{"database", c.Database, filepath.Join(filepath.Dir(path), "credence.db")},
		{"addr", c.Addr, "127.0.0.1:8080"},
		{"base_url", c.BaseURL, "http://127.0.0.1:8080"},
		{"currency", c.Company.Currency, "EUR"},
		{"time zone", c.Company.Location().String(), "UTC"},
		{"model", c.Attribution.Model, "linear"},
		{"anchor", c.Attribution.Anchor, "creation"},
		{"mer", c.Efficiency.MER, "net_contribution"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if c.Attribution.LookbackDays != 90 || c.Attribution.HalfLifeDays != 7 || c.Efficiency.Margin != 0.6 || c.Privacy.RetentionDays.Activities != 730 {
		t.Errorf("numbers are %+v %+v %+v, want 90 days, 7 days, 0.6, 730 days", c.Attribution, c.Efficiency, c.Privacy)
	}
}

func TestEnvironmentOverrulesTheFile(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(secret, []byte(strings.Repeat("ab12", 10)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := write(t, "addr: 127.0.0.1:9000\ncompany: {time_zone: UTC}\nsources: [{name: meta-ads, kind: adsexport, path: ads}]\n")
	c, err := Read(path, []string{
		"HOME=/nowhere", "CREDENCE_ADDR=127.0.0.1:9100", "CREDENCE_COMPANY_TIME_ZONE=Europe/Berlin", "CREDENCE_COMPANY_DOMAINS=A.example,@b.example",
		"CREDENCE_EFFICIENCY_MARGIN=0.5", "CREDENCE_SIGNING_KEY_FILE=" + secret, "CREDENCE_SOURCES_META_ADS_TOKEN=t0", "CREDENCE_CONFIG=elsewhere",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:9100" || c.BaseURL != "http://127.0.0.1:9100" {
		t.Errorf("address %s and base_url %s, want port 9100 in both", c.Addr, c.BaseURL)
	}
	if got := c.Company.Location().String(); got != "Europe/Berlin" {
		t.Errorf("time zone %s, want Europe/Berlin", got)
	}
	if got := strings.Join(c.Company.Domains, " "); got != "a.example b.example" {
		t.Errorf("domains %q, want a.example b.example", got)
	}
	if c.Efficiency.Margin != 0.5 || c.SigningKey != strings.Repeat("ab12", 10) || c.Sources[0].Settings["token"] != "t0" {
		t.Errorf("margin %v, key of %d bytes, token %v; want 0.5, 40, t0", c.Efficiency.Margin, len(c.SigningKey), c.Sources[0].Settings["token"])
	}
}

// Each sentence names where it is and what to do.
func TestMistakesGetOneSentence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		environ    []string
		want       []string
	}{
		{"unknown key", "databse: x.db", nil, []string{"credence.yaml", `unknown key "databse"`, `did you mean "database"?`}},
		{"unknown key in a group", "company: {timezone: UTC}", nil, []string{`unknown key "company.timezone"`, `"time_zone"`}},
		{"unknown variable", "", []string{"CREDENCE_DATABSE=x"}, []string{"CREDENCE_DATABSE", "CREDENCE_DATABASE"}},
		{"not YAML", "company: [", nil, []string{"not valid YAML"}},
		{"a value for a group", "company: Halden", nil, []string{`"company" must be a group of keys`}},
		{"a word for a number", "attribution: {lookback_days: ninety}", nil, []string{"credence.yaml", "lookback_days"}},
		{"a word for days", "attribution: {half_life_days: abc}", nil, []string{"half_life_days in ", `credence.yaml must be a number such as 7, not "abc"`}},
		{"a word for yes or no", "privacy: {store_bodies: perhaps}", nil, []string{"privacy.store_bodies in ", `must be true or false, not "perhaps"`}},
		{"words of messages", "privacy: {store_bodies: true}", nil, []string{"privacy.store_bodies", "words of no message", "remove the key"}},
		{"words of messages by a variable", "", []string{"CREDENCE_PRIVACY_STORE_BODIES=true"}, []string{"privacy.store_bodies", "write false"}},
		{"a word in a variable", "", []string{"CREDENCE_THREADS=many"}, []string{`CREDENCE_THREADS must be a number such as 4, not "many"`}},
		{"a list for a text", "signing_key: [secret]", nil, []string{"signing_key in ", "must be a text"}},
		{"no such currency", "company: {currency: EURO}", nil, []string{"company.currency", "EUR"}},
		{"no such zone", "company: {time_zone: Berlin}", nil, []string{"Europe/Berlin"}},
		{"month 13", "company: {fiscal_year_start: 13}", nil, []string{"1 to 12"}},
		{"no such anchor", "attribution: {anchor: closing}", nil, []string{`did you mean "close"?`}},
		{"margin in percent", "efficiency: {margin: 60}", nil, []string{"efficiency.margin", "0.6"}},
		{"short metrics token", "metrics_token: abc", nil, []string{"at least 24"}},
		{"short key", "signing_key: abc", nil, []string{"at least 32"}},
		{"source without kind", "sources: [{name: crm}]", nil, []string{`"crm" has no kind`, "sources --kinds"}},
		{"source without name", "sources: [{kind: csvfile}]", nil, []string{"source 1 has no name"}},
		{"two sources of one name", "sources: [{name: a, kind: csvfile}, {name: a, kind: mailbox}]", nil, []string{`two sources are called "a"`}},
		{"sources as a map", "sources: {a: b}", nil, []string{`"sources" must be a list`}},
		{"http to the world", "base_url: http://credence.example.com", nil, []string{"unencrypted", "tls.cert", "insecure_http: true"}},
		{"http from everywhere", "addr: 0.0.0.0:8080", nil, []string{"addr 0.0.0.0:8080", "unencrypted", "127.0.0.1", "tls.cert", "insecure_http: true"}},
		{"http from everywhere, told otherwise", "{addr: ':8080', base_url: 'http://127.0.0.1:8080', trusted_proxies: [10.0.0.0/8]}", nil, []string{"addr :8080", "https proxy"}},
		{"http from the network", "addr: 192.168.1.5:8080", nil, []string{"unencrypted"}},
		{"http from all of IPv6", "addr: '[::]:8080'", nil, []string{"addr [::]:8080"}},
		{"a path in base_url", "base_url: https://example.com/credence", nil, []string{"scheme and host only"}},
		{"an address without port", "addr: localhost", nil, []string{"HOST:PORT"}},
		{"half a certificate", "tls: {cert: a.pem}", nil, []string{"both cert and key"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(write(t, tt.text), tt.environ)
			if err == nil {
				t.Fatal("was accepted, want an error")
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("says %q, want %q in it", err, part)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("says %q, want one line", err)
			}
		})
	}
}

func TestAMissingFileSaysSo(t *testing.T) {
	t.Parallel()
	_, err := Read(filepath.Join(t.TempDir(), "none.yaml"), nil)
	if err == nil || !strings.Contains(err.Error(), "--config") {
		t.Errorf("got %v, want a sentence with --config", err)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		secure, loopback bool
	}{
		{"follows addr", "addr: 127.0.0.1:9999", "http://127.0.0.1:9999", false, true},
		{"an unspecified addr is this machine", "{addr: 0.0.0.0:80, insecure_http: true}", "http://127.0.0.1:80", false, true},
		{"https by itself", "{addr: ':443', tls: {cert: a.pem, key: b.pem}}", "https://127.0.0.1:443", true, true},
		{"everywhere behind a proxy", "{addr: ':8080', base_url: 'https://credence.example.com'}", "https://credence.example.com", true, false},
		{"this machine by IPv6", "addr: '[::1]:80'", "http://[::1]:80", false, true},
		{"https behind a proxy", "base_url: https://Credence.Example.com/", "https://credence.example.com", true, false},
		{"http accepted", "{base_url: 'http://credence.example.com', insecure_http: true}", "http://credence.example.com", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := Read(write(t, tt.text), nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.BaseURL != tt.want || c.Secure() != tt.secure || c.Loopback() != tt.loopback {
				t.Errorf("base_url %s secure %v loopback %v, want %s %v %v", c.BaseURL, c.Secure(), c.Loopback(), tt.want, tt.secure, tt.loopback)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "a: b", "company: {name: x}", "sources: [{name: a, kind: b, path: c}]", "base_url: http://[::1", "attribution: {half_life_days: .nan}"} {
		f.Add(seed)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(dir, "fuzz.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := Read(path, nil); err == nil && (c.BaseURL == "" || c.Company.Currency == "") {
			t.Errorf("accepted %q without address or currency", text)
		}
	})
}
