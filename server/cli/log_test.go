package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// P7: what a server logs of failing sources, sign-ins and pages names nobody,
// holds no token and no whole IP address, though errors quote them.
func TestTheLogOfAServerNamesNobody(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	write(t, config, "company: {name: Tiny, domains: [tiny.example]}\nusers: users.csv\ntrusted_proxies: [127.0.0.1]\nsources:\n"+
		"  - {name: crm, kind: csvfile, path: files}\n  - {name: chat, kind: slackexport, path: 'anna.lindner@kunde.example.zip'}\n  - {name: more, kind: csvfile, path: more}\n")
	write(t, filepath.Join(dir, "users.csv"), "email,password,role,name\nroot@tiny.example,correct horse,admin,Rosa Zweig\ncmo@tiny.example,correct horse,cmo,Cleo Marker\n")
	write(t, filepath.Join(dir, "anna.lindner@kunde.example.zip"), "no zip")
	write(t, filepath.Join(dir, "more", "deals.csv"), "deal_id,name,anna.lindner@kunde.example\nD1,\"Anna Lindner 203.0.113.77\n")
	if r := run(t, "--config", config, "sync"); r.exit != 1 {
		t.Fatalf("sync ends with %d: %s", r.exit, r.stderr)
	}
	base, stop, log := serving(t, config)
	ask := func(method, path, token, body string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", "203.0.113.77")
		if body != "" {
			req.Header.Set("Content-Type", "application/json")
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // read to its end
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(text)
	}
	signIn := func(email, password string) string {
		_, text := ask(http.MethodPost, "/api/v1/session", "", `{"email":"`+email+`","password":"`+password+`"}`)
		var answer struct{ Token string }
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Fatal(err)
		}
		return answer.Token
	}
	signIn("nobody@kunde.example", "wrong horse")
	signIn("cmo@tiny.example", "wrong horse")
	cmo, admin := signIn("cmo@tiny.example", "correct horse"), signIn("root@tiny.example", "correct horse")
	for _, path := range []string{"/", "/deals?q=anna.lindner@kunde.example", "/deals/anna.lindner@kunde.example", "/api/v1/search?q=Anna+Lindner", "/api/v1/deals?limit=anna.lindner@kunde.example", "/people/C1"} {
		for _, token := range []string{cmo, admin, "cred_01JDQ7_SECRETSECRET", ""} {
			ask(http.MethodGet, path, token, "")
		}
	}
	ask(http.MethodPost, "/csp-report", "", `{"csp-report":{"violated-directive":"anna.lindner@kunde.example","blocked-uri":"https://203.0.113.77/"}}`)
	if status, _ := ask(http.MethodPost, "/sync", admin, ""); status != http.StatusOK && status != http.StatusSeeOther {
		t.Fatalf("the admin's sync answers %d", status)
	}
	for strings.Count(log.String(), "source failed") < 2 { // or the test's time is over
		if status, _ := ask(http.MethodGet, "/readyz", "", ""); status != http.StatusOK {
			t.Fatalf("while it syncs the server answers %d: %s", status, log)
		}
	}
	if code := stop(); code != 0 {
		t.Fatalf("serve ended with %d", code)
	}
	said := log.String()
	for _, never := range []string{"Anna", "Lindner", "anna", "lindner", "Rosa", "Zweig", "Cleo", "nobody", "root@", "cmo@", "horse", "SECRET", "cred_", "eyJ", "203.0.113.77"} {
		if strings.Contains(said, never) {
			t.Errorf("the log tells %q:\n%s", never, said)
		}
	}
	if found := regexp.MustCompile(`[\w.+-]+@[\w-]+\.\w+`).FindString(strings.ReplaceAll(said, "(somebody)@", "")); found != "" {
		t.Errorf("the log tells the address %q:\n%s", found, said)
	}
	for _, found := range regexp.MustCompile(`\b\d+\.\d+\.\d+\.\d+\b[^/]`).FindAllString(said, -1) {
		if addr, err := netip.ParseAddr(found[:len(found)-1]); err == nil && !addr.IsLoopback() {
			t.Errorf("the log tells the machine %q:\n%s", found, said)
		}
	}
}
