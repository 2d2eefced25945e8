package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"credence/server/audit"
	"credence/server/auth"
	"credence/warehouse"
)

// browser is somebody at the pages: cookies and the token of the forms.
type browser struct {
	s      *testServer
	cookie string
	csrf   string
}

func (s *testServer) browser(t *testing.T, email string) *browser {
	t.Helper()
	return s.browserOf(t, s.cookies(t, email))
}

func (s *testServer) browserOf(t *testing.T, cookie string) *browser {
	t.Helper()
	session, err := s.Tokens.Read(strings.TrimPrefix(strings.Split(cookie, "; ")[accessIndex(cookie)], "cred="))
	if err != nil {
		t.Fatal(err)
	}
	return &browser{s, cookie, s.Tokens.FormToken(session.ID)}
}

func (b *browser) get(t *testing.T, path string) answer {
	t.Helper()
	return b.s.ask(t, http.MethodGet, path, nil, "Cookie", b.cookie)
}

func (b *browser) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	if form == nil {
		form = url.Values{}
	}
	form.Set("_csrf", b.csrf)
	return b.s.ask(t, http.MethodPost, path, strings.NewReader(form.Encode()), "Cookie", b.cookie, "Origin", "http://127.0.0.1:8080", "Content-Type", formType)
}

func (s *testServer) user(t *testing.T, email string) (u auth.User) {
	t.Helper()
	err := s.Warehouse.Read(t.Context(), func(snap *warehouse.Snapshot) (err error) {
		u, err = auth.UserByEmail(t.Context(), snap, email)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

var secretOn = regexp.MustCompile(`id="secret" value="([^"]+)"`)

func shownSecret(t *testing.T, a answer) string {
	t.Helper()
	m := secretOn.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("%d: the page shows no secret", a.StatusCode)
	}
	return m[1]
}

// accept chooses a password by the link of an invitation.
func (s *testServer) accept(t *testing.T, link, password string) answer {
	t.Helper()
	_, code, _ := strings.Cut(link, "#")
	form := url.Values{"code": {code}, "password": {password}}
	return s.ask(t, http.MethodPost, "/invitation", strings.NewReader(form.Encode()), "Content-Type", formType)
}

func TestAnInvitationWorksOnceAndInTime(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	admin := s.browser(t, "admin@halden.example")
	invite := func(email string) string {
		t.Helper()
		a := admin.post(t, "/users", url.Values{"email": {email}, "name": {"Ann <b>"}, "role": {"rep", "cmo"}})
		link := shownSecret(t, a)
		if !strings.HasPrefix(link, "http://127.0.0.1:8080/invitation#") || strings.Contains(a.body, "Ann <b>") {
			t.Fatalf("the link is %q", link)
		}
		return link
	}
	link := invite("ann@halden.example")
	if a := admin.get(t, "/users"); strings.Contains(a.body, strings.Split(link, "#")[1]) || !strings.Contains(a.body, "invited until") {
		t.Error("the list shows the code again, or not that it waits")
	}
	if a := s.accept(t, link, "short"); a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, "at least 10") {
		t.Errorf("a short password answers %d", a.StatusCode)
	}
	a := s.accept(t, link, "ann chooses this")
	if a.StatusCode != http.StatusSeeOther || len(a.Cookies()) != 2 {
		t.Fatalf("accepting answers %d %s", a.StatusCode, a.body)
	}
	if a := s.accept(t, link, "somebody else does"); a.StatusCode != http.StatusBadRequest {
		t.Errorf("the second use answers %d, want 400", a.StatusCode)
	}
	s.token(t, "ann@halden.example", "ann chooses this")
	if u := s.user(t, "ann@halden.example"); !u.Has(auth.Rep) || !u.Has(auth.CMO) || u.Has(auth.Admin) || u.InviteHash != "" {
		t.Errorf("she is %+v", u)
	}
	late := invite("bo@halden.example")
	s.clock.forward(auth.InviteLife)
	if a := s.accept(t, late, "bo comes too late"); a.StatusCode != http.StatusBadRequest {
		t.Errorf("after seven days it answers %d, want 400", a.StatusCode)
	}
	admin = s.browser(t, "admin@halden.example")
	for name, form := range map[string]url.Values{
		"no address": {"email": {"x"}, "role": {"rep"}}, "no role": {"email": {"x@halden.example"}}, "a role that is none": {"email": {"x@halden.example"}, "role": {"boss"}},
		"somebody who is there": {"email": {"REP@halden.example"}, "role": {"rep"}},
	} {
		if a := admin.post(t, "/users", form); a.StatusCode != http.StatusBadRequest || secretOn.MatchString(a.body) {
			t.Errorf("%s answers %d, want 400", name, a.StatusCode)
		}
	}
}

func TestAnAdministratorLooksAfterAUser(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	admin, rep := s.browser(t, "admin@halden.example"), s.browser(t, "rep@halden.example")
	id := s.user(t, "rep@halden.example").ID
	at := "/users/" + id
	signedIn := func(b *browser) bool { return b.get(t, "/account").StatusCode == http.StatusOK }
	if a := rep.get(t, at); a.StatusCode != http.StatusForbidden {
		t.Errorf("a rep's view of a user answers %d, want 403", a.StatusCode)
	}
	if a := rep.post(t, at, url.Values{"role": {"admin"}}); a.StatusCode != http.StatusForbidden || s.user(t, "rep@halden.example").Has(auth.Admin) {
		t.Errorf("a rep makes themselves administrator: %d", a.StatusCode)
	}
	if a := admin.get(t, at); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "1 session") {
		t.Fatalf("the page answers %d", a.StatusCode)
	}
	if a := admin.post(t, at+"/sessions", url.Values{"session": {"all"}}); a.StatusCode != http.StatusSeeOther || signedIn(rep) {
		t.Errorf("ending the sessions answers %d, and they go on: %v", a.StatusCode, signedIn(rep))
	}
	rep = s.browser(t, "rep@halden.example")
	if a := admin.post(t, at, url.Values{"role": {"manager"}, "name": {"Rex"}}); a.StatusCode != http.StatusSeeOther || signedIn(rep) {
		t.Errorf("other roles answer %d, and the session goes on: %v", a.StatusCode, signedIn(rep))
	}
	rep = s.browser(t, "rep@halden.example")
	if a := admin.post(t, at, url.Values{"role": {"manager"}, "name": {"Rexa"}}); a.StatusCode != http.StatusSeeOther || !signedIn(rep) {
		t.Errorf("another name answers %d, and ends the session: %v", a.StatusCode, !signedIn(rep))
	}
	if a := admin.post(t, at+"/disable", nil); a.StatusCode != http.StatusSeeOther || signedIn(rep) {
		t.Errorf("disabling answers %d, and the session goes on: %v", a.StatusCode, signedIn(rep))
	}
	if a := admin.post(t, at+"/reset", nil); a.StatusCode != http.StatusBadRequest {
		t.Errorf("inviting a disabled user answers %d, want 400", a.StatusCode)
	}
	if a := admin.post(t, at+"/enable", nil); a.StatusCode != http.StatusSeeOther {
		t.Errorf("enabling answers %d", a.StatusCode)
	}
	rep = s.browser(t, "rep@halden.example")
	link := shownSecret(t, admin.post(t, at+"/reset", nil))
	if signedIn(rep) {
		t.Error("a reset leaves the session")
	}
	if a := s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: "rep@halden.example", Password: testPassword}), "Content-Type", "application/json"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("after a reset the old password answers %d", a.StatusCode)
	}
	if a := s.accept(t, link, "another password"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("the link of a reset answers %d", a.StatusCode)
	}
	own := "/users/" + s.user(t, "admin@halden.example").ID
	for path, form := range map[string]url.Values{own: {"role": {"rep"}}, own + "/disable": nil} {
		if a := admin.post(t, path, form); a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, "only administrator") {
			t.Errorf("%s by the last administrator answers %d, want a refusal", path, a.StatusCode)
		}
	}
	if a := admin.post(t, "/users/nobody", url.Values{"role": {"rep"}}); a.StatusCode != http.StatusNotFound {
		t.Errorf("a user who is none answers %d, want 404", a.StatusCode)
	}
	changes := map[string]bool{}
	for _, e := range s.noted(t, audit.Filter{Action: audit.ChangeUser, Object: id}) {
		changes[e.Detail["change"]+" "+e.Detail["roles"]+e.Detail["disabled"]] = true
	}
	for _, want := range []string{"changed rep → manager", "changed false → true", "changed true → false", "reset ", "password chosen "} {
		if !changes[want] {
			t.Errorf("the log lacks %q: %v", want, changes)
		}
	}
}

func TestUsersLookAfterThemselves(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	here, there, other := s.browser(t, "rep@halden.example"), s.browser(t, "rep@halden.example"), s.browser(t, "cmo@halden.example")
	if a := here.get(t, "/account"); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "2 sessions") || !strings.Contains(a.body, "this one") {
		t.Fatalf("the page answers %d", a.StatusCode)
	}
	foreign := s.Sessions.Of(s.user(t, "cmo@halden.example").ID, testNow)[0].ID
	if here.post(t, "/account/sessions", url.Values{"session": {foreign}}); other.get(t, "/account").StatusCode != http.StatusOK {
		t.Error("a user ends another's session")
	}
	here.post(t, "/account/sessions", url.Values{"session": {"all"}})
	if here.get(t, "/account").StatusCode != http.StatusOK || there.get(t, "/account").StatusCode == http.StatusOK {
		t.Error("ending the others ends this one, or leaves them")
	}
	there = s.browser(t, "rep@halden.example")
	for name, form := range map[string]url.Values{
		"a wrong present password": {"present": {"wrong password"}, "next": {"a new password"}}, "a short one": {"present": {testPassword}, "next": {"short"}},
		"a huge one": {"present": {testPassword}, "next": {strings.Repeat("x", 2000)}},
	} {
		if a := here.post(t, "/account/password", form); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s answers %d, want 400", name, a.StatusCode)
		}
	}
	script := shownSecret(t, here.post(t, "/account/tokens", url.Values{"name": {"nightly"}, "scope": {"all"}, "days": {"30"}}))
	if a := here.post(t, "/account/password", url.Values{"present": {testPassword}, "next": {"a new password"}, "tokens": {"revoke"}}); a.StatusCode != http.StatusSeeOther {
		t.Errorf("changing the password answers %d", a.StatusCode)
	}
	if here.get(t, "/account").StatusCode != http.StatusOK || there.get(t, "/account").StatusCode == http.StatusOK {
		t.Error("another password ends this session, or leaves the others")
	}
	s.token(t, "rep@halden.example", "a new password")
	if got := s.ask(t, http.MethodGet, "/api/v1/me", nil, "Authorization", "Bearer "+script).StatusCode; got != http.StatusUnauthorized {
		t.Errorf("the token that was to go with the password answers %d, want 401", got)
	}
}

func TestAPITokens(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	if _, err := s.jobs(Reader{}).Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	cmo, admin := s.browser(t, "cmo@halden.example"), s.browser(t, "admin@halden.example")
	mint := func(b *browser, scopes ...string) string {
		t.Helper()
		return shownSecret(t, b.post(t, "/account/tokens", url.Values{"name": {"nightly <b>"}, "scope": scopes, "days": {"30"}}))
	}
	ask := func(token, method, path string) int {
		return s.ask(t, method, path, nil, "Authorization", "Bearer "+token).StatusCode
	}
	all, figures, sources := mint(cmo, "all"), mint(cmo, "figures"), mint(admin, "sources")
	tests := []struct {
		name, token, method, path string
		want                      int
	}{
		{"what the holder may read", all, "GET", "/api/v1/channels", 200},
		{"who it is", figures, "GET", "/api/v1/me", 200},
		{"its scope", figures, "GET", "/api/v1/channels", 200},
		{"another scope", figures, "GET", "/api/v1/deals", 403},
		{"what the holder may not read", all, "GET", "/api/v1/sources", 403},
		{"sources for an administrator", sources, "GET", "/api/v1/sources", 200},
		{"a page", all, "GET", "/deals", 403},
		{"a file", all, "GET", "/reports/2026Q3.csv", 403},
		{"the account", all, "GET", "/account", 403},
		{"users, by an administrator's", sources, "GET", "/users", 403},
		{"a change", all, "POST", "/theme", 403},
		{"the end of a session", all, "DELETE", "/api/v1/session", 403},
		{"another secret", all[:len(all)-4] + "AAAA", "GET", "/api/v1/me", 401},
		{"another id", strings.Replace(all, "cred_", "cred_0", 1), "GET", "/api/v1/me", 401},
		{"no secret", all[:strings.LastIndex(all, "_")+1], "GET", "/api/v1/me", 401},
	}
	for _, tt := range tests {
		if got := ask(tt.token, tt.method, tt.path); got != tt.want {
			t.Errorf("%s: %s %s answers %d, want %d", tt.name, tt.method, tt.path, got, tt.want)
		}
	}
	used := s.noted(t, audit.Filter{Action: audit.Export, Object: "/api/v1/channels"})
	if len(used) != 2 || used[0].Detail["token"] == "" || used[0].Actor != s.user(t, "cmo@halden.example").ID {
		t.Errorf("the use of tokens is noted as %+v", used)
	}
	page := cmo.get(t, "/account").body
	if strings.Contains(page, strings.Split(all, "_")[2]) || strings.Contains(page, "nightly <b>") || !strings.Contains(page, "nightly &lt;b&gt;") {
		t.Error("the page shows the secret again, or the name unescaped")
	}
	id := auth.TokenID(all)
	if a := admin.post(t, "/account/tokens/revoke", url.Values{"token": {id}}); a.StatusCode != http.StatusNotFound || ask(all, "GET", "/api/v1/me") != 200 {
		t.Errorf("another's token is revoked as if it were the own: %d", a.StatusCode)
	}
	if a := cmo.post(t, "/account/tokens/revoke", url.Values{"token": {id}}); a.StatusCode != http.StatusSeeOther || ask(all, "GET", "/api/v1/me") != 401 {
		t.Errorf("revoking answers %d, and the token goes on", a.StatusCode)
	}
	user := "/users/" + s.user(t, "cmo@halden.example").ID
	if a := admin.post(t, user+"/disable", nil); a.StatusCode != http.StatusSeeOther || ask(figures, "GET", "/api/v1/me") != 401 {
		t.Errorf("the token of a disabled user goes on (%d)", a.StatusCode)
	}
	if a := admin.post(t, user+"/enable", nil); a.StatusCode != http.StatusSeeOther || ask(figures, "GET", "/api/v1/me") != 200 {
		t.Errorf("after enabling the token answers %d", ask(figures, "GET", "/api/v1/me"))
	}
	s.clock.forward(30 * 24 * time.Hour)
	if got := ask(figures, "GET", "/api/v1/me"); got != 401 {
		t.Errorf("after its days the token answers %d, want 401", got)
	}
	cmo = s.browser(t, "cmo@halden.example")
	for name, form := range map[string]url.Values{
		"no name": {"scope": {"all"}, "days": {"30"}}, "no scope": {"name": {"x"}, "days": {"30"}}, "a scope that is none": {"name": {"x"}, "scope": {"write"}, "days": {"30"}},
		"for ever": {"name": {"x"}, "scope": {"all"}, "days": {"99999"}}, "no days": {"name": {"x"}, "scope": {"all"}},
	} {
		if a := cmo.post(t, "/account/tokens", form); a.StatusCode != http.StatusBadRequest || secretOn.MatchString(a.body) {
			t.Errorf("%s answers %d, want 400", name, a.StatusCode)
		}
	}
}

func TestEveryAddressOfTheAPIHasAScope(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, r := range s.routes() {
		if r.method != http.MethodGet || !strings.HasPrefix(r.path, "/api/v1/") || r.policy.open || r.path == "/api/v1/me" {
			continue
		}
		if scopeOf[r.path] == "" {
			t.Errorf("%s has no scope in tokens.go: only a token for everything opens it", r.path)
		}
	}
}

func TestTheSetUpIsOverForGood(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil) // there is an administrator
	if link, err := s.OpenSetUp(t.Context()); link != "" || err != nil {
		t.Errorf("with an administrator there is the link %q (%v)", link, err)
	}
	if a := s.ask(t, http.MethodGet, "/set-up", nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("the page answers %d, want 404", a.StatusCode)
	}
	fresh := newTestServer(t, nil)
	err := fresh.Warehouse.Write(t.Context(), func(tx *warehouse.Tx) error {
		for _, text := range []string{"delete from users", "delete from set_up"} {
			if _, err := tx.ExecContext(t.Context(), text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := fresh.ask(t, http.MethodGet, "/set-up", nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("before a code is made the page answers %d, want 404", a.StatusCode)
	}
	link, err := fresh.OpenSetUp(t.Context())
	path, code, ok := strings.Cut(link, "#")
	if err != nil || !ok || path != "http://127.0.0.1:8080/set-up" || len(code) < 20 {
		t.Fatalf("the link is %q (%v)", link, err)
	}
	post := func(code, password string) answer {
		form := url.Values{"code": {code}, "email": {"First@halden.example"}, "name": {"First"}, "password": {password}}
		return fresh.ask(t, http.MethodPost, "/set-up", strings.NewReader(form.Encode()), "Content-Type", formType)
	}
	if a := fresh.ask(t, http.MethodGet, "/set-up", nil); a.StatusCode != http.StatusOK || strings.Contains(a.body, code) {
		t.Errorf("the page answers %d, or tells the code", a.StatusCode)
	}
	for _, a := range []answer{post("", "a long password"), post(code[1:], "a long password"), post(code, "short")} {
		if a.StatusCode != http.StatusBadRequest {
			t.Errorf("answers %d, want 400", a.StatusCode)
		}
	}
	if a := post(code, "a long password"); a.StatusCode != http.StatusSeeOther || len(a.Cookies()) != 2 {
		t.Fatalf("the set-up answers %d %s", a.StatusCode, a.body)
	}
	if u := fresh.user(t, "first@halden.example"); !u.Has(auth.Admin) {
		t.Errorf("the first user is %+v", u)
	}
	err = fresh.Warehouse.Write(t.Context(), func(tx *warehouse.Tx) error { // even when nobody is left
		_, derr := tx.ExecContext(t.Context(), "delete from users")
		return derr
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := post(code, "a long password"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the code works again: %d, want 404", a.StatusCode)
	}
	if a := fresh.ask(t, http.MethodGet, "/set-up", nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("the page comes back: %d, want 404", a.StatusCode)
	}
	if link, err := fresh.OpenSetUp(t.Context()); link != "" || err != nil {
		t.Errorf("the next start prints %q (%v), want nothing", link, err)
	}
}
