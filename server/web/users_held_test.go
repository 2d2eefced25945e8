package web

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"credence/server/auth"
	"credence/warehouse"
)

// A refresh may keep the one writer for minutes: what an administrator takes away
// is gone all the same, at once.
func TestRightsEndWhileTheWriterIsBusy(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	if _, err := s.jobs(Reader{}).Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "credence.db.users")
	var err error
	if s.Users, err = auth.OpenRegister(t.Context(), s.Warehouse, file, nil); err != nil {
		t.Fatal(err)
	}
	admin := s.browser(t, "admin@halden.example")
	type holder struct {
		*browser
		id, token string
	}
	with := map[string]holder{}
	for _, who := range []string{"rep", "manager", "cmo"} {
		b := s.browser(t, who+"@halden.example")
		with[who] = holder{b, s.user(t, who+"@halden.example").ID, shownSecret(t, b.post(t, "/account/tokens", url.Values{"name": {"nightly"}, "scope": {"all"}, "days": {"30"}}))}
	}
	script := func(who, path string) int {
		return s.ask(t, http.MethodGet, path, nil, "Authorization", "Bearer "+with[who].token).StatusCode
	}
	signIn := func(who string) answer {
		return s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: who + "@halden.example", Password: testPassword}), "Content-Type", "application/json")
	}
	for who := range with {
		if got := script(who, "/api/v1/deals"); got != http.StatusOK {
			t.Fatalf("the token of %s answers %d before", who, got)
		}
	}

	inside, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.Warehouse.Write(t.Context(), func(*warehouse.Tx) error {
			close(inside)
			<-end
			return nil
		})
	}()
	<-inside
	buttons := map[string]url.Values{
		"/users/" + with["rep"].id + "/disable":    nil,
		"/users/" + with["cmo"].id:                 {"role": {"rep"}, "name": {"Carla"}},
		"/users/" + with["manager"].id + "/tokens": {"token": {auth.TokenID(with["manager"].token)}},
	}
	for path, form := range buttons {
		if a := admin.post(t, path, form); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s answers %d while the writer is busy: %s", path, a.StatusCode, a.body)
		}
	}
	for _, tt := range []struct {
		what string
		got  int
		want int
	}{
		{"the session of a disabled user", with["rep"].get(t, "/api/v1/me").StatusCode, http.StatusUnauthorized},
		{"the token of a disabled user", script("rep", "/api/v1/me"), http.StatusUnauthorized},
		{"a disabled user's sign-in", signIn("rep").StatusCode, http.StatusUnauthorized},
		{"the session of a demoted user", with["cmo"].get(t, "/api/v1/me").StatusCode, http.StatusUnauthorized},
		{"the token of a demoted user", script("cmo", "/api/v1/deals"), http.StatusServiceUnavailable},
		{"a demoted user's sign-in", signIn("cmo").StatusCode, http.StatusServiceUnavailable},
		{"a revoked token", script("manager", "/api/v1/me"), http.StatusUnauthorized},
		{"the session of whose token was revoked", with["manager"].get(t, "/api/v1/me").StatusCode, http.StatusOK},
	} {
		if tt.got != tt.want {
			t.Errorf("%s answers %d while the writer is busy, want %d", tt.what, tt.got, tt.want)
		}
	}
	if a := admin.get(t, "/users"); !strings.Contains(a.body, "the rights change") || !strings.Contains(a.body, "disabled; ") {
		t.Error("the list of users does not tell what was decided")
	}
	if a := admin.get(t, "/users/"+with["manager"].id); !strings.Contains(a.body, "revoked") {
		t.Error("the page of the user shows the token as in use")
	}
	if u := s.user(t, "rep@halden.example"); u.Disabled {
		t.Fatal("the database has it already: the test shows nothing")
	}
	close(end)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := s.Users.Close(t.Context()); err != nil { // waits until the database has it
		t.Fatal(err)
	}
	if u, v := s.user(t, "rep@halden.example"), s.user(t, "cmo@halden.example"); !u.Disabled || v.Has(auth.CMO) || !v.Has(auth.Rep) {
		t.Errorf("the database has %+v and %+v", u, v)
	}
	if got := script("cmo", "/api/v1/deals"); got != http.StatusOK {
		t.Errorf("the token of a rep who was a cmo answers %d afterwards, want 200", got)
	}
	if got := script("cmo", "/api/v1/efficiency"); got != http.StatusNotFound {
		t.Errorf("the token of a rep who was a cmo opens the spend: %d", got)
	}
	if got := signIn("rep").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("the disabled user signs in afterwards: %d", got)
	}
}
