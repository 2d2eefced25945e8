package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var key = []byte("0123456789abcdefghijklmnopqrstuv")

var start = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

func tokensAt(t *testing.T, at *time.Time) *Tokens {
	t.Helper()
	tokens, err := NewTokens(key, func() time.Time { return *at })
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func TestTokenKeepsItsSession(t *testing.T) {
	t.Parallel()
	now := start
	tokens := tokensAt(t, &now)
	s := Session{ID: "s1", UserID: "u1", Version: 3, StartedAt: start}
	text, until, err := tokens.Sign(s)
	if err != nil {
		t.Fatal(err)
	}
	if want := start.Add(AccessLife); !until.Equal(want) {
		t.Errorf("access token lives until %v, want %v", until, want)
	}
	got, err := tokens.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	if got != s {
		t.Errorf("read %+v, want the session %+v", got, s)
	}
	now = until
	if _, err := tokens.Read(text); err == nil {
		t.Error("the token is read at its end")
	}
}

// Each forged token is what the library accepts by default or nearly does.
func TestForgedTokensAreRefused(t *testing.T) {
	t.Parallel()
	now := start
	tokens := tokensAt(t, &now)
	good := func() claims {
		return claims{
			RegisteredClaims: jwt.RegisteredClaims{
				Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: "u1",
				IssuedAt: jwt.NewNumericDate(start), ExpiresAt: jwt.NewNumericDate(start.Add(time.Minute)),
			},
			Kind: access, Session: "s1", Version: 1, Started: start.Unix(),
		}
	}
	sign := func(method jwt.SigningMethod, with any, kid string, change func(*claims)) string {
		c := good()
		if change != nil {
			change(&c)
		}
		token := jwt.NewWithClaims(method, c)
		if kid != "" {
			token.Header["kid"] = kid
		}
		text, err := token.SignedString(with)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	hs := jwt.SigningMethodHS256
	keyID := func(key []byte) string { return mac(key, "kid|")[:16] }
	stranger := []byte("another key of thirty-two bytes.")
	if _, err := tokens.Read(sign(hs, key, keyID(key), nil)); err != nil {
		t.Fatalf("the well-made token is refused: %v", err)
	}
	tests := []struct{ name, text string }{
		{"no expiry", sign(hs, key, keyID(key), func(c *claims) { c.ExpiresAt = nil })},
		{"expired", sign(hs, key, keyID(key), func(c *claims) { c.ExpiresAt = jwt.NewNumericDate(start.Add(-time.Second)) })},
		{"issued in the future", sign(hs, key, keyID(key), func(c *claims) { c.IssuedAt = jwt.NewNumericDate(start.Add(time.Hour)) })},
		{"foreign audience", sign(hs, key, keyID(key), func(c *claims) { c.Audience = jwt.ClaimStrings{"other"} })},
		{"no audience", sign(hs, key, keyID(key), func(c *claims) { c.Audience = nil })},
		{"foreign issuer", sign(hs, key, keyID(key), func(c *claims) { c.Issuer = "other" })},
		{"HS384", sign(jwt.SigningMethodHS384, key, keyID(key), nil)},
		{"HS512", sign(jwt.SigningMethodHS512, key, keyID(key), nil)},
		{"none", sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, keyID(key), nil)},
		{"empty key", sign(hs, []byte{}, keyID(key), nil)},
		{"other key", sign(hs, []byte(strings.Repeat("x", 32)), keyID(key), nil)},
		{"an unknown key under its own id", sign(hs, stranger, keyID(stranger), nil)},
		{"an unknown key under the id of ours", sign(hs, stranger, keyID(key), nil)},
		{"our key under another id", sign(hs, key, "1", nil)},
		{"no key id", sign(hs, key, "", nil)},
		{"no subject", sign(hs, key, keyID(key), func(c *claims) { c.Subject = "" })},
		{"no session", sign(hs, key, keyID(key), func(c *claims) { c.Session = "" })},
		{"another kind", sign(hs, key, keyID(key), func(c *claims) { c.Kind = "renewal" })},
		{"no kind", sign(hs, key, keyID(key), func(c *claims) { c.Kind = "" })},
		{"a session older than sessions live", sign(hs, key, keyID(key), func(c *claims) { c.Started = start.Add(-SessionLife).Unix() })},
		{"too long", sign(hs, key, keyID(key), func(c *claims) { c.Session = strings.Repeat("s", MaxTokenBytes) })},
		{"dots", strings.Repeat(".", 4000)},
		{"nothing", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if s, err := tokens.Read(tt.text); err == nil {
				t.Errorf("accepted as %+v, want it refused", s)
			}
		})
	}
}

func TestATokenNeverOutlivesItsSession(t *testing.T) {
	t.Parallel()
	now := start.Add(SessionLife - time.Minute)
	if _, until, err := tokensAt(t, &now).Sign(Session{ID: "s1", UserID: "u1", StartedAt: start}); err != nil || !until.Equal(start.Add(SessionLife)) {
		t.Errorf("the token lives until %v (%v), want the session's end %v", until, err, start.Add(SessionLife))
	}
}

func TestWeakKeysAreRefused(t *testing.T) {
	t.Parallel()
	for name, weak := range map[string]string{
		"empty": "", "31 bytes": string(key[:31]), "one byte repeated": strings.Repeat("k", 64),
		"short second": string(key) + "\n" + string(key[:31]), "repeated second": string(key) + "\n" + strings.Repeat("k", 64), "third": strings.Repeat(string(key)+"\n", 3),
	} {
		if _, err := NewTokens([]byte(weak), time.Now); err == nil {
			t.Errorf("%s key was accepted", name)
		}
	}
}

// After a key is turned, tokens and pages of the one before are good until they
// end, new ones are of the new key, and when the old key goes so do they.
func TestATurnedKeySignsNobodyOut(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return start }
	with := func(keys ...string) *Tokens {
		t.Helper()
		tokens, err := NewTokens([]byte(strings.Join(keys, "\n")), clock)
		if err != nil {
			t.Fatal(err)
		}
		return tokens
	}
	const first, second, third = "first key: 0123456789abcdefghijk", "second key: 0123456789abcdefghij", "third key: 0123456789abcdefghijkl"
	sessions := map[string]*Tokens{"the first": with(first), "the second, first kept": with(second, first), "the second alone": with(second + "\n"), "the third, second kept": with(third, second)}
	s := Session{ID: "s1", UserID: "u1", Version: 1, StartedAt: start}
	for _, tt := range []struct {
		by    string
		reads map[string]bool
	}{
		{"the first", map[string]bool{"the first": true, "the second, first kept": true}},
		{"the second, first kept", map[string]bool{"the second, first kept": true, "the second alone": true, "the third, second kept": true}},
		{"the third, second kept", map[string]bool{"the third, second kept": true}},
	} {
		text, _, err := sessions[tt.by].Sign(s)
		if err != nil {
			t.Fatal(err)
		}
		form := sessions[tt.by].FormToken("s1")
		for name, tokens := range sessions {
			if _, err := tokens.Read(text); (err == nil) != tt.reads[name] {
				t.Errorf("a token of %s is read by %s: %v", tt.by, name, err)
			}
			if got := tokens.FormTokenMatches("s1", form); got != tt.reads[name] {
				t.Errorf("a page of %s is taken by %s: %v", tt.by, name, got)
			}
		}
	}
}

func TestFormTokenBelongsToOneSession(t *testing.T) {
	t.Parallel()
	now := start
	tokens := tokensAt(t, &now)
	if !tokens.FormTokenMatches("a", tokens.FormToken("a")) {
		t.Error("the session's own form token is refused")
	}
	for _, given := range []string{"", tokens.FormToken("b")} {
		if tokens.FormTokenMatches("a", given) {
			t.Errorf("form token %q is accepted for another session", given)
		}
	}
}
