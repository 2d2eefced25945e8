package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestPrivacyPage walks what an administrator does for somebody who asks; who is
// no administrator does none of it.
func TestPrivacyPage(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	s.Config.Database = t.TempDir() + "/credence.db"
	bearer := "Bearer " + s.token(t, "admin@halden.example", testPassword)
	post := func(bearer string, pairs ...string) answer {
		t.Helper()
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return s.ask(t, http.MethodPost, "/privacy", strings.NewReader(form.Encode()), "Authorization", bearer, "Content-Type", "application/x-www-form-urlencoded")
	}
	for _, tt := range []struct {
		name   string
		form   []string
		status int
		says   string
	}{
		{"somebody is found", []string{"do", "find", "who", "ADA@arden.example"}, 200, "may be named"},
		{"by id", []string{"do", "find", "who", "n1"}, 200, "ada@arden.example"},
		{"nobody", []string{"do", "find", "who", "nobody@arden.example"}, 404, "Nobody is known by that"},
		{"nothing", []string{"do", "find", "who", " "}, 400, "Write an address"},
		{"a rep", []string{"do", "find", "who", "rep@halden.example"}, 409, "one of our own people"},
		{"an erasure without its confirmation", []string{"do", "erase", "email", "ada@arden.example", "confirm", "ada"}, 400, "Nothing was erased"},
		{"an erasure of nobody", []string{"do", "erase", "email", "x@y.example", "confirm", "x@y.example"}, 404, "Nobody is known by that"},
		{"no such deed", []string{"do", "sell"}, 400, "there is no such deed"},
		{"no such rep", []string{"do", "rep-out", "id", "r9"}, 404, "Nothing here"},
		{"a file of nobody", []string{"do", "export", "email", "nobody@arden.example"}, 404, "Nothing here"},
		{"a file", []string{"do", "export", "email", "ada@arden.example"}, 200, "PK"},
	} {
		if a := post(bearer, tt.form...); a.StatusCode != tt.status || !strings.Contains(a.body, tt.says) {
			t.Errorf("%s: %d, want %d and %q in %.200s", tt.name, a.StatusCode, tt.status, tt.says, a.body)
		}
	}
	for _, email := range []string{"rep@halden.example", "manager@halden.example", "cmo@halden.example"} {
		if a := post("Bearer "+s.token(t, email, testPassword), "do", "find", "who", "ada@arden.example"); a.StatusCode != 403 || strings.Contains(a.body, "ada@") {
			t.Errorf("%s finds people: %d", email, a.StatusCode)
		}
	}

	done := func(what string, a answer) {
		t.Helper()
		if a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d %.200s", what, a.StatusCode, a.body)
		}
		s.syncs.mu.Lock()
		ended := s.syncs.done
		s.syncs.mu.Unlock()
		select {
		case <-ended:
		case <-time.After(time.Minute):
			t.Fatalf("%s did not end in a minute", what)
		}
		if s.syncs.latest.exit != 0 {
			t.Fatalf("%s: %v", what, s.syncs.latest.said.all())
		}
	}
	done("opting out", post(bearer, "do", "opt-out", "email", "ada@arden.example"))
	if a := post(bearer, "do", "find", "who", "n1"); !strings.Contains(a.body, "opted out") || !strings.Contains(a.body, "Take the opt-out back") {
		t.Errorf("after opting out the page says %.300s", a.body)
	}
	if a := s.ask(t, http.MethodGet, "/deals/D1", nil, "Authorization", "Bearer "+s.token(t, "cmo@halden.example", testPassword)); a.StatusCode != 200 || strings.Contains(a.body, "Ada") {
		t.Errorf("the deal of somebody who opted out: %d, and it may not name them", a.StatusCode)
	}
	done("taking it back", post(bearer, "do", "back", "kind", "contact", "id", "n1"))
	done("erasing", post(bearer, "do", "erase", "email", "ada@arden.example", "confirm", "ada@arden.example"))
	if a := post(bearer, "do", "find", "who", "ada@arden.example"); a.StatusCode != 404 {
		t.Errorf("after the erasure the person is found: %d", a.StatusCode)
	}
	if a := s.ask(t, http.MethodGet, "/audit", nil, "Authorization", bearer); strings.Contains(a.body, "ada@") || !strings.Contains(a.body, "erase") {
		t.Error("the audit log has no line of the erasure, or one that names the person")
	}
}
