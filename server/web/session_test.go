package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
)

const formType = "application/x-www-form-urlencoded"

func TestTheCookieIsBoundToTheBrowser(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, base, cookie string
		secure             bool
	}{
		{"https", "https://credence.example.com", "__Host-cred", true},
		{"http on loopback", "http://127.0.0.1:8080", "cred", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, func(c *config.Config) { c.BaseURL = tt.base })
			a := s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: "rep@halden.example", Password: testPassword}), "Content-Type", "application/json")
			if len(a.Cookies()) != 2 || !strings.HasPrefix(a.Cookies()[0].Name, tt.cookie) {
				t.Fatalf("cookies %v, want two called %s…", a.Cookies(), tt.cookie)
			}
			for _, c := range a.Cookies() {
				if c.Secure != tt.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
					t.Errorf("cookie %v; want HttpOnly, SameSite=Lax, Path=/, no domain, Secure %v", c, tt.secure)
				}
			}
		})
	}
}

func TestWithoutASession(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	page := s.ask(t, http.MethodPost, "/theme", nil)
	if page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != "/sign-in" {
		t.Errorf("a page answers %d to %q, want 303 to /sign-in", page.StatusCode, page.Header.Get("Location"))
	}
	api := s.ask(t, http.MethodDelete, "/api/v1/session", nil)
	if api.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(api.Header.Get("Content-Type"), "application/json") || !strings.Contains(api.body, "sign in first") {
		t.Errorf("the API answers %d %s %s, want 401 JSON", api.StatusCode, api.Header.Get("Content-Type"), api.body)
	}
}

func TestUnknownUserAndWrongPasswordAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	ask := func(email, password string) answer {
		return s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: email, Password: password}), "Content-Type", "application/json")
	}
	a, b := ask("rep@halden.example", "wrong password"), ask("nobody@halden.example", "wrong password")
	strip := func(body string) string { return body[:strings.Index(body, "request_id")] }
	if a.StatusCode != http.StatusUnauthorized || b.StatusCode != http.StatusUnauthorized || strip(a.body) != strip(b.body) {
		t.Errorf("answers %d %s and %d %s, want two equal 401", a.StatusCode, a.body, b.StatusCode, b.body)
	}
}

func TestTheEleventhAttemptIsAnswered429(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	status := func(password string) int {
		return s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: "rep@halden.example", Password: password}), "Content-Type", "application/json").StatusCode
	}
	for i := range auth.MaxFailures {
		if got := status("wrong password"); got != http.StatusUnauthorized {
			t.Fatalf("attempt %d answers %d, want 401", i+1, got)
		}
	}
	if got := status(testPassword); got != http.StatusTooManyRequests {
		t.Errorf("after ten failures the right password answers %d, want 429", got)
	}
	s.clock.forward(auth.FailureWindow + time.Second)
	if got := status(testPassword); got != http.StatusOK {
		t.Errorf("after the window the right password answers %d, want 200", got)
	}
}

// A change that only a cookie authorises needs our origin and the session's
// form token; a bearer token needs neither, but no foreign origin either.
func TestForgedChangesAreRefused(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	cookie := s.cookies(t, "rep@halden.example")
	session, err := s.Tokens.Read(strings.TrimPrefix(strings.Split(cookie, "; ")[accessIndex(cookie)], "cred="))
	if err != nil {
		t.Fatal(err)
	}
	token := s.Tokens.FormToken(session.ID)
	bearer := "Bearer " + s.token(t, "rep@halden.example", testPassword)
	const own = "http://127.0.0.1:8080"
	tests := []struct {
		name   string
		form   string
		header []string
		want   int
	}{
		{"form token and origin", "_csrf=" + token, []string{"Cookie", cookie, "Origin", own}, http.StatusSeeOther},
		{"header token and origin", "", []string{"Cookie", cookie, "Origin", own, "X-CSRF-Token", token}, http.StatusSeeOther},
		{"localhost is this machine too", "_csrf=" + token, []string{"Cookie", cookie, "Origin", "http://localhost:8080"}, http.StatusSeeOther},
		{"no origin", "_csrf=" + token, []string{"Cookie", cookie}, http.StatusForbidden},
		{"no token", "", []string{"Cookie", cookie, "Origin", own}, http.StatusForbidden},
		{"another session's token", "_csrf=" + s.Tokens.FormToken("other"), []string{"Cookie", cookie, "Origin", own}, http.StatusForbidden},
		{"foreign origin", "_csrf=" + token, []string{"Cookie", cookie, "Origin", "https://evil.example"}, http.StatusForbidden},
		{"another port of this machine", "_csrf=" + token, []string{"Cookie", cookie, "Origin", "http://127.0.0.1:9090"}, http.StatusForbidden},
		{"null origin", "_csrf=" + token, []string{"Cookie", cookie, "Origin", "null"}, http.StatusForbidden},
		{"cross-site fetch", "_csrf=" + token, []string{"Cookie", cookie, "Origin", own, "Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"bearer", "", []string{"Authorization", bearer}, http.StatusSeeOther},
		{"bearer from a foreign page", "", []string{"Authorization", bearer, "Origin", "https://evil.example"}, http.StatusForbidden},
		{"a broken bearer beside a good cookie", "_csrf=" + token, []string{"Cookie", cookie, "Origin", own, "Authorization", "Bearer x"}, http.StatusSeeOther + 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := s.ask(t, http.MethodPost, "/theme", strings.NewReader(tt.form+"&theme=dark&back=/deals"), append(tt.header, "Content-Type", formType)...)
			if tt.want > 1000 { // sent to sign in, not done
				if a.Header.Get("Location") != "/sign-in" {
					t.Errorf("answers %d to %q, want the sign-in page", a.StatusCode, a.Header.Get("Location"))
				}
				return
			}
			if a.StatusCode != tt.want {
				t.Errorf("answers %d, want %d", a.StatusCode, tt.want)
			}
			if tt.want == http.StatusForbidden && !strings.Contains(a.body, "reload the page and try again") {
				t.Errorf("the page does not say what to do: %s", a.body)
			}
			if tt.want == http.StatusSeeOther && a.Header.Get("Location") != "/deals" {
				t.Errorf("leads to %q, want /deals", a.Header.Get("Location"))
			}
		})
	}
	a := s.ask(t, http.MethodPost, "/sign-in", strings.NewReader(url.Values{"email": {"rep@halden.example"}, "password": {testPassword}}.Encode()),
		"Content-Type", formType, "Origin", "https://evil.example")
	if a.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign page's sign-in answers %d, want 403", a.StatusCode)
	}
}

func accessIndex(cookie string) int {
	for i, part := range strings.Split(cookie, "; ") {
		if strings.HasPrefix(part, "cred=") {
			return i
		}
	}
	return -1
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	signOut := func(s *testServer, token string) int {
		return s.ask(t, http.MethodDelete, "/api/v1/session", nil, "Authorization", "Bearer "+token).StatusCode
	}
	t.Run("when the access token expires", func(t *testing.T) {
		t.Parallel()
		s := newTestServer(t, nil)
		token := s.token(t, "rep@halden.example", testPassword)
		s.clock.forward(auth.AccessLife + time.Second)
		if got := signOut(s, token); got != http.StatusUnauthorized {
			t.Errorf("answers %d, want 401", got)
		}
	})
	t.Run("when the user signs out", func(t *testing.T) {
		t.Parallel()
		s := newTestServer(t, nil)
		token := s.token(t, "rep@halden.example", testPassword)
		if got := signOut(s, token); got != http.StatusNoContent {
			t.Fatalf("signing out answers %d, want 204", got)
		}
		if got := signOut(s, token); got != http.StatusUnauthorized {
			t.Errorf("the token answers %d afterwards, want 401", got)
		}
	})
	t.Run("when the user is disabled, within five seconds", func(t *testing.T) {
		t.Parallel()
		s := newTestServer(t, nil)
		token := s.token(t, "rep@halden.example", testPassword)
		if a := s.ask(t, http.MethodPost, "/theme", nil, "Authorization", "Bearer "+token); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") == "/sign-in" {
			t.Fatalf("before: %d to %s, want it done", a.StatusCode, a.Header.Get("Location"))
		}
		if err := auth.InMemory(s.Warehouse).Disable(t.Context(), testNow, "rep@halden.example"); err != nil {
			t.Fatal(err)
		}
		s.clock.forward(5 * time.Second)
		if got := signOut(s, token); got != http.StatusUnauthorized {
			t.Errorf("answers %d, want 401", got)
		}
		again := s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: "rep@halden.example", Password: testPassword}), "Content-Type", "application/json")
		if again.StatusCode != http.StatusUnauthorized {
			t.Errorf("signing in again answers %d, want 401", again.StatusCode)
		}
	})
	t.Run("when an administrator gives other roles, within five seconds", func(t *testing.T) {
		t.Parallel()
		s := newTestServer(t, nil)
		token := s.token(t, "manager@halden.example", testPassword)
		me := func() int {
			return s.ask(t, http.MethodGet, "/api/v1/me", nil, "Authorization", "Bearer "+token).StatusCode
		}
		if got := me(); got != http.StatusOK {
			t.Fatalf("before: %d", got)
		}
		_, err := auth.InMemory(s.Warehouse).Change(t.Context(), testNow, "somebody", s.user(t, "manager@halden.example").ID, func(u auth.User) auth.Change {
			return auth.Change{Name: u.Name, Roles: []auth.Role{auth.Rep}}
		})
		if err != nil {
			t.Fatal(err)
		}
		s.clock.forward(5 * time.Second)
		if got := me(); got != http.StatusUnauthorized {
			t.Errorf("the manager's session answers %d five seconds after the demotion, want 401", got)
		}
	})
	t.Run("but a page's session is renewed on the way", func(t *testing.T) {
		t.Parallel()
		s := newTestServer(t, nil)
		cookie := s.cookies(t, "rep@halden.example")
		s.clock.forward(auth.AccessLife + time.Minute)
		a := s.ask(t, http.MethodGet, "/sign-in", nil, "Cookie", cookie)
		if a.StatusCode != http.StatusSeeOther || len(a.Cookies()) != 2 {
			t.Fatalf("answers %d with %d cookies, want 303 with a fresh pair", a.StatusCode, len(a.Cookies()))
		}
		fresh := a.Cookies()[0].String() + "; " + a.Cookies()[1].String()
		if late := s.ask(t, http.MethodGet, "/sign-in", nil, "Cookie", cookie); late.StatusCode != http.StatusSeeOther || len(late.Cookies()) != 1 {
			t.Errorf("a request of the same moment answers %d with %d cookies, want 303 and no second renewal token", late.StatusCode, len(late.Cookies()))
		}
		s.clock.forward(auth.Overlap)
		if stolen := s.ask(t, http.MethodGet, "/sign-in", nil, "Cookie", cookie); stolen.StatusCode != http.StatusOK {
			t.Errorf("a copied renewal token answers %d later, want the form", stolen.StatusCode)
		}
		if victim := s.ask(t, http.MethodGet, "/sign-in", nil, "Cookie", fresh); victim.StatusCode != http.StatusOK {
			t.Errorf("the session lives on after its token was used twice: %d", victim.StatusCode)
		}
		if got := s.noted(t, audit.Filter{Action: audit.SessionEnded}); len(got) != 1 || !strings.Contains(got[0].Detail["why"], "twice") {
			t.Errorf("the theft is noted as %+v", got)
		}
	})
	t.Run("and the API renews by a renewal token, once", func(t *testing.T) {
		t.Parallel()
		s := newTestServer(t, nil)
		ask := func(req sessionRequest) (answer, sessionAnswer) {
			a := s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, req), "Content-Type", "application/json")
			var got sessionAnswer
			if err := json.Unmarshal([]byte(a.body), &got); err != nil {
				t.Fatal(err)
			}
			return a, got
		}
		_, first := ask(sessionRequest{Email: "rep@halden.example", Password: testPassword})
		s.clock.forward(auth.AccessLife)
		a, second := ask(sessionRequest{Renewal: first.Renewal})
		if a.StatusCode != http.StatusOK || second.Renewal == first.Renewal || second.Token == "" {
			t.Fatalf("the renewal answers %d %s", a.StatusCode, a.body)
		}
		if a, _ = ask(sessionRequest{Renewal: first.Renewal}); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("its second use answers %d, want 401", a.StatusCode)
		}
		if a, _ = ask(sessionRequest{Renewal: second.Renewal}); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("then the newest token answers %d, want the whole session ended", a.StatusCode)
		}
		if got := signOut(s, second.Token); got != http.StatusUnauthorized {
			t.Errorf("and the access token %d, want 401", got)
		}
	})
}

// Many attempts at once are no way round the limit.
func TestTheLimitHoldsForAttemptsAtOnce(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	var tried atomic.Int64
	var wait sync.WaitGroup
	for range 4 * auth.MaxFailures {
		wait.Go(func() {
			a := s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: "rep@halden.example", Password: "wrong password"}), "Content-Type", "application/json")
			if a.StatusCode == http.StatusUnauthorized {
				tried.Add(1)
			}
		})
	}
	wait.Wait()
	if tried.Load() != auth.MaxFailures {
		t.Errorf("%d guesses were made, want %d", tried.Load(), auth.MaxFailures)
	}
}

func FuzzCookies(f *testing.F) {
	s := newTestServer(f, nil)
	user := auth.User{ID: "nobody", SessionVersion: 1}
	session, renewal, err := s.Sessions.Begin(user, "", testNow)
	if err != nil {
		f.Fatal(err)
	}
	token, _, err := s.Tokens.Sign(session)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"cred=" + token, "cred-renew=" + renewal, "cred=x; cred-renew=y.z", "cred", "=;=", "cred-renew=" + session.ID + "."} {
		f.Add(seed, "Bearer "+seed)
	}
	f.Add("", "Bearer cred_01J_x")
	f.Add("", "Bearer cred__")
	f.Fuzz(func(t *testing.T, cookie, authorization string) {
		if strings.ContainsAny(cookie+authorization, "\r\n\x00") {
			return
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/me", nil)
		req.Header["Cookie"], req.Header["Authorization"] = []string{cookie}, []string{authorization}
		res, err := s.app.Test(req, -1)
		if err != nil {
			return // a header that HTTP does not carry
		}
		defer res.Body.Close() //nolint:errcheck // a buffer
		if res.StatusCode < 400 || res.StatusCode >= 500 {
			t.Errorf("cookie %q and authorization %q answer %d", cookie, authorization, res.StatusCode)
		}
	})
}

func TestBodiesThatAreNoSignIn(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	tests := []struct{ name, contentType, body string }{
		{"a form", formType, "email=a&password=b"},
		{"no JSON", "application/json", "email"},
		{"an array", "application/json", "[]"},
		{"numbers", "application/json", `{"email":1,"password":2}`},
		{"a role beside the password", "application/json", `{"email":"a","password":"b","role":"admin"}`},
		{"two values", "application/json", `{"email":"a","password":"b"} {}`},
		{"deep nesting", "application/json", strings.Repeat("[", 10000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := s.ask(t, http.MethodPost, "/api/v1/session", strings.NewReader(tt.body), "Content-Type", tt.contentType)
			if tt.contentType != "application/json" {
				if a.StatusCode != http.StatusUnsupportedMediaType || !strings.Contains(a.body, "the API takes JSON") {
					t.Errorf("answers %d %s, want 415 and what to send", a.StatusCode, a.body)
				}
				return
			}
			if a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, "with email and password") {
				t.Errorf("answers %d %s, want 400 and what to send", a.StatusCode, a.body)
			}
		})
	}
}

func TestTheWayBackStaysHere(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/deals?period=2026Q3": "/deals?period=2026Q3", "": "/", "deals": "/", "//evil.example": "/", "https://evil.example/": "/",
		`/\evil.example`: "/", "/a\r\nSet-Cookie: x=y": "/", "javascript:alert(1)": "/",
	} {
		if got := localPath(next); got != want {
			t.Errorf("localPath(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(c *config.Config) { c.BaseURL = "https://credence.example.com" })
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "",
	}
	for _, path := range []string{"/sign-in", "/healthz", "/nothing-here", "/api/v1/nothing-here"} {
		a := s.ask(t, http.MethodGet, path, nil, "Origin", "https://elsewhere.example")
		csp := a.Header.Get("Content-Security-Policy")
		for _, directive := range []string{"default-src 'self'; script-src 'self'; ", "object-src 'none'; ", "base-uri 'none'; ", "frame-ancestors 'none'; ", "form-action 'self'; "} {
			if !strings.Contains(csp, directive) || strings.Contains(csp, "unsafe") {
				t.Errorf("%s has the content policy %q, want %q in it and nothing unsafe", path, csp, directive)
			}
		}
		for name, value := range want {
			if got := a.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
		if a.Header.Get("X-Request-ID") == "" {
			t.Errorf("%s lacks a number: %v", path, a.Header)
		}
	}
	before := s.PolicyReports()
	if a := s.ask(t, http.MethodPost, "/csp-report", strings.NewReader("{}"), "Content-Type", "application/csp-report"); a.StatusCode != http.StatusNoContent || s.PolicyReports() != before+1 {
		t.Errorf("a policy report answers %d and counts %d, want 204 and one more", a.StatusCode, s.PolicyReports())
	}
}
