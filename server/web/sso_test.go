package web

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
)

// provider is an OpenID Connect provider on loopback: discovery, keys, the
// authorization endpoint and the token endpoint, with PKCE and a client secret.
// It signs whatever claims the test sets for the next sign-in.
type provider struct {
	*httptest.Server
	key *rsa.PrivateKey

	mu     sync.Mutex
	codes  map[string]url.Values // code → the request it was given for
	claims map[string]any        // over the honest ones
	signer *rsa.PrivateKey       // nil: the key that the provider publishes
	method jwt.SigningMethod
}

const clientID, clientSecret = "credence-test", "a secret of the client"

// providerKey is one for all: a key takes a while to find.
var providerKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newProvider(tb testing.TB) *provider {
	tb.Helper()
	key, err := providerKey()
	if err != nil {
		tb.Fatal(err)
	}
	p := &provider{key: key, codes: map[string]url.Values{}, method: jwt.SigningMethodRS256}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, 200, map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, 200, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1", "n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("client_id") != clientID || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" ||
			!strings.Contains(q.Get("scope"), "openid") || q.Get("redirect_uri") != "http://127.0.0.1:8080/sign-in/oidc/callback" {
			http.Error(w, "not a request of this client", http.StatusBadRequest)
			return
		}
		code := rand.Text()
		p.mu.Lock()
		p.codes[code] = q
		p.mu.Unlock()
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	tb.Cleanup(p.Close)
	return p
}

func (p *provider) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) //nolint:errchkjson // the client then reads half an answer
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	if id == "" {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	} else if plain, err := url.QueryUnescape(secret); err == nil {
		secret = plain
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case id != clientID || secret != clientSecret:
		p.answer(w, 401, map[string]string{"error": "invalid_client"})
		return
	case !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.PostFormValue("redirect_uri") != asked.Get("redirect_uri"):
		p.answer(w, 400, map[string]string{"error": "invalid_grant"})
		return
	}
	claims := jwt.MapClaims{
		"iss": p.URL, "aud": clientID, "sub": "s-1", "iat": testNow.Unix(), "exp": testNow.Add(time.Hour).Unix(), "nonce": asked.Get("nonce"),
		"email": "rep@halden.example", "email_verified": true, "name": "Rex of the directory",
	}
	maps.Copy(claims, p.claims)
	token := jwt.NewWithClaims(p.method, claims)
	token.Header["kid"] = "k1"
	var key any = p.key
	if p.signer != nil {
		key = p.signer
	}
	if p.method == jwt.SigningMethodHS256 { // the public key taken for a secret
		key = p.key.N.Bytes()
	}
	if p.method == jwt.SigningMethodNone {
		key = jwt.UnsafeAllowNoneSignatureType
	}
	text, err := token.SignedString(key)
	if err != nil {
		p.answer(w, 500, map[string]string{"error": err.Error()})
		return
	}
	p.answer(w, 200, map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": text})
}

func ssoServer(tb testing.TB, p *provider, change func(*config.OIDC)) *testServer {
	tb.Helper()
	return newTestServer(tb, func(c *config.Config) {
		c.SignIn.OIDC = config.OIDC{Issuer: p.URL, ClientID: clientID, ClientSecret: clientSecret, Name: "Example"}
		if change != nil {
			change(&c.SignIn.OIDC)
		}
	})
}

// go to the directory and answer the address it sends the browser back to.
func (s *testServer) goToDirectory(t *testing.T) (callback, cookie string) {
	t.Helper()
	a := s.ask(t, http.MethodGet, "/sign-in/oidc?next=/account", nil)
	if a.StatusCode != http.StatusSeeOther || len(a.Cookies()) != 1 {
		t.Fatalf("the button answers %d with %d cookies: %s", a.StatusCode, len(a.Cookies()), a.body)
	}
	k := a.Cookies()[0]
	if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie of the way is %v", k)
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.Header.Get("Location"), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := stay.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // not read
	back := res.Header.Get("Location")
	if !strings.HasPrefix(back, "http://127.0.0.1:8080/") {
		t.Fatalf("the directory answers %d %q", res.StatusCode, back)
	}
	return strings.TrimPrefix(back, "http://127.0.0.1:8080"), k.Name + "=" + k.Value
}

func TestSigningInByTheDirectory(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	s := ssoServer(t, p, nil)
	if a := s.ask(t, http.MethodGet, "/sign-in", nil); !strings.Contains(a.body, "Sign in with Example") {
		t.Error("the page has no button for it")
	}
	if a := s.ask(t, http.MethodGet, "/sign-in/oidc?next=/account", nil, "Sec-Fetch-Site", "cross-site"); a.StatusCode != http.StatusOK || len(a.Cookies()) != 0 || !strings.Contains(a.body, "Sign in with Example") {
		t.Errorf("another site sends somebody to the directory: %d with %d cookies", a.StatusCode, len(a.Cookies()))
	}
	callback, cookie := s.goToDirectory(t)
	a := s.ask(t, http.MethodGet, callback, nil, "Cookie", cookie)
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/account" || len(a.Cookies()) != 3 {
		t.Fatalf("the way back answers %d to %q with %d cookies", a.StatusCode, a.Header.Get("Location"), len(a.Cookies()))
	}
	var parts []string
	for _, k := range a.Cookies() {
		parts = append(parts, k.Name+"="+k.Value)
	}
	if page := s.ask(t, http.MethodGet, "/account", nil, "Cookie", strings.Join(parts, "; ")); page.StatusCode != http.StatusOK || !strings.Contains(page.body, "rep@halden.example") {
		t.Errorf("the account answers %d", page.StatusCode)
	}
	if got := s.noted(t, audit.Filter{Action: audit.SignIn}); len(got) != 1 || got[0].Detail["by"] != "oidc" {
		t.Errorf("it is noted as %+v", got)
	}
	if again := s.ask(t, http.MethodGet, callback, nil, "Cookie", cookie); again.StatusCode != http.StatusUnauthorized {
		t.Errorf("the same way back a second time answers %d, want 401", again.StatusCode)
	}
}

func TestWhatTheDirectoryMayNotVouchFor(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	plain := func(callback, cookie string) (string, string) { return callback, cookie }
	tests := []struct {
		name   string
		set    func(*provider)
		change func(callback, cookie string) (string, string)
	}{
		{"another nonce", func(p *provider) { p.claims = map[string]any{"nonce": "x"} }, plain},
		{"no nonce", func(p *provider) { p.claims = map[string]any{"nonce": ""} }, plain},
		{"another audience", func(p *provider) { p.claims = map[string]any{"aud": "other"} }, plain},
		{"another issuer", func(p *provider) { p.claims = map[string]any{"iss": "https://evil.example"} }, plain},
		{"a token that is over", func(p *provider) { p.claims = map[string]any{"exp": testNow.Add(-time.Minute).Unix()} }, plain},
		{"an address that is not verified", func(p *provider) { p.claims = map[string]any{"email_verified": false} }, plain},
		{"no word about verification", func(p *provider) { p.claims = map[string]any{"email_verified": nil} }, plain},
		{"no address", func(p *provider) { p.claims = map[string]any{"email": ""} }, plain},
		{"somebody unknown", func(p *provider) { p.claims = map[string]any{"email": "stranger@halden.example"} }, plain},
		{"another key", func(p *provider) { p.signer = other }, plain},
		{"no signature", func(p *provider) { p.method = jwt.SigningMethodNone }, plain},
		{"the public key as a secret", func(p *provider) { p.method = jwt.SigningMethodHS256 }, plain},
		{"another browser", nil, func(callback, _ string) (string, string) { return callback, "cred-oidc=x" }},
		{"no cookie", nil, func(callback, _ string) (string, string) { return callback, "" }},
		{"an invented state", nil, func(_, _ string) (string, string) {
			return "/sign-in/oidc/callback?code=x&state=AAAA", "cred-oidc=AAAA"
		}},
		{"no state", nil, func(_, _ string) (string, string) { return "/sign-in/oidc/callback?code=x", "cred-oidc=" }},
		{"another code", nil, func(callback, cookie string) (string, string) {
			return strings.Replace(callback, "code=", "code=x", 1), cookie
		}},
		{"a refusal", nil, func(callback, cookie string) (string, string) { return callback + "&error=access_denied", cookie }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			if tt.set != nil {
				tt.set(p)
			}
			s := ssoServer(t, p, nil)
			callback, cookie := tt.change(s.goToDirectory(t))
			a := s.ask(t, http.MethodGet, callback, nil, "Cookie", cookie)
			if a.StatusCode != http.StatusUnauthorized || len(s.Sessions.Of("", testNow)) != 0 {
				t.Errorf("answers %d, want 401 and no session", a.StatusCode)
			}
			if !strings.Contains(a.body, "ask an administrator") || strings.Contains(a.body, "stranger") {
				t.Errorf("the page says why, or not what to do: %s", a.body)
			}
			if got := s.noted(t, audit.Filter{Action: audit.SignInRefused}); len(got) != 1 {
				t.Errorf("it is noted %d times", len(got))
			}
		})
	}
	t.Run("a code of another sign-in, whose verifier is missing", func(t *testing.T) {
		t.Parallel()
		p := newProvider(t)
		s := ssoServer(t, p, nil)
		stolen, _ := s.goToDirectory(t)
		own, cookie := s.goToDirectory(t)
		victim, err := url.Parse(stolen)
		if err != nil {
			t.Fatal(err)
		}
		mine, err := url.Parse(own)
		if err != nil {
			t.Fatal(err)
		}
		q := mine.Query()
		q.Set("code", victim.Query().Get("code"))
		if a := s.ask(t, http.MethodGet, mine.Path+"?"+q.Encode(), nil, "Cookie", cookie); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("answers %d, want 401", a.StatusCode)
		}
	})
	t.Run("a way that takes too long", func(t *testing.T) {
		t.Parallel()
		s := ssoServer(t, newProvider(t), nil)
		callback, cookie := s.goToDirectory(t)
		s.clock.forward(ssoLife)
		if a := s.ask(t, http.MethodGet, callback, nil, "Cookie", cookie); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("answers %d, want 401", a.StatusCode)
		}
	})
	t.Run("a disabled user", func(t *testing.T) {
		t.Parallel()
		s := ssoServer(t, newProvider(t), nil)
		if err := auth.InMemory(s.Warehouse).Disable(t.Context(), testNow, "rep@halden.example"); err != nil {
			t.Fatal(err)
		}
		callback, cookie := s.goToDirectory(t)
		if a := s.ask(t, http.MethodGet, callback, nil, "Cookie", cookie); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("answers %d, want 401", a.StatusCode)
		}
	})
	t.Run("nothing, when it is down", func(t *testing.T) {
		t.Parallel()
		p := newProvider(t)
		s := ssoServer(t, p, nil)
		p.Close()
		if a := s.ask(t, http.MethodGet, "/sign-in/oidc", nil); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.body, "by password") {
			t.Errorf("answers %d, want 503 and the form", a.StatusCode)
		}
	})
	t.Run("nothing, when there is none", func(t *testing.T) {
		t.Parallel()
		s := newTestServer(t, nil)
		for _, path := range []string{"/sign-in/oidc", "/sign-in/oidc/callback?code=x&state=y"} {
			if a := s.ask(t, http.MethodGet, path, nil); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %d, want 404", path, a.StatusCode)
			}
		}
	})
}

func TestSomebodyNewGetsTheConfiguredRole(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.claims = map[string]any{"email": "New@halden.example", "email_verified": "true"}
	s := ssoServer(t, p, func(o *config.OIDC) { o.DefaultRole = "rep" })
	for range 2 { // the second time they are known
		callback, cookie := s.goToDirectory(t)
		if a := s.ask(t, http.MethodGet, callback, nil, "Cookie", cookie); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("answers %d %s", a.StatusCode, a.body)
		}
	}
	u := s.user(t, "new@halden.example")
	if auth.JoinRoles(u.Roles) != "rep" || u.PasswordHash != "" || u.Name != "Rex of the directory" {
		t.Errorf("they are %+v", u)
	}
	if got := s.noted(t, audit.Filter{Action: audit.ChangeUser, Actor: auth.Directory}); len(got) != 1 {
		t.Errorf("it is noted %d times, want once", len(got))
	}
}
