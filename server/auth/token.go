package auth

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// AccessLife is how long an access token lives; then the session's renewal token
// is exchanged for a fresh pair.
const AccessLife = 10 * time.Minute

// MaxTokenBytes is the longest token that is looked at.
const MaxTokenBytes = 4096

const (
	issuer   = "credence"
	audience = "credence"
	access   = "access" // the only kind that is signed
)

type claims struct {
	jwt.RegisteredClaims
	Kind    string `json:"typ"`
	Session string `json:"sid"`
	Version int64  `json:"sv"`
	Started int64  `json:"auth_time"`
}

// liveKeys is how many signing keys are live: the one that signs, and the one
// before it, whose tokens and pages are still out.
const liveKeys = 2

// Tokens signs with one key and reads what that or the one before it signed. A
// token names its key by an id that follows from the key; ids of other keys are
// not looked for.
type Tokens struct {
	keys  []signingKey // the first signs
	clock func() time.Time
}

type signingKey struct {
	id  string
	key []byte
}

// NewTokens takes the signing keys, one a line: the first signs, a second is
// still read. It refuses a key under 32 bytes and one of few different bytes.
func NewTokens(text []byte, clock func() time.Time) (*Tokens, error) {
	t := &Tokens{clock: clock}
	for key := range bytes.SplitSeq(bytes.TrimSpace(text), []byte("\n")) {
		key = bytes.TrimSpace(key)
		if len(key) < 32 {
			return nil, fmt.Errorf("%s has %d bytes; it needs at least 32 random ones", t.nextKey(), len(key))
		}
		distinct := map[byte]bool{}
		for _, b := range key {
			distinct[b] = true
		}
		if len(distinct) < 8 {
			return nil, fmt.Errorf("%s is not random: make one with openssl rand -hex 32", t.nextKey())
		}
		t.keys = append(t.keys, signingKey{mac(key, "kid|")[:16], key})
	}
	if len(t.keys) > liveKeys {
		return nil, fmt.Errorf("there are %d signing keys, one a line; keep the newest, which is the first, and the one before it", len(t.keys))
	}
	return t, nil
}

// nextKey names the key that is read next.
func (t *Tokens) nextKey() string {
	if len(t.keys) == 0 {
		return "the signing key"
	}
	return fmt.Sprintf("signing key %d", len(t.keys)+1)
}

// byID is the live key that a token names.
func (t *Tokens) byID(token *jwt.Token) (any, error) {
	for _, k := range t.keys {
		if token.Header["kid"] == k.id {
			return k.key, nil
		}
	}
	return nil, errors.New("unknown key")
}

func mac(key []byte, text string) string {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(text))
	return hex.EncodeToString(sum.Sum(nil))
}

// Sign makes an access token of the session and says when it expires.
func (t *Tokens) Sign(s Session) (string, time.Time, error) {
	now := t.clock().UTC().Truncate(time.Second)
	until := now.Add(AccessLife)
	if end := s.StartedAt.Add(SessionLife); until.After(end) {
		until = end
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: s.UserID,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(until),
		},
		Kind: access, Session: s.ID, Version: s.Version, Started: s.StartedAt.Unix(),
	})
	token.Header["kid"] = t.keys[0].id
	text, err := token.SignedString(t.keys[0].key)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign token: %w", err)
	}
	return text, until, nil
}

// Read checks an access token and returns its session as far as the token knows
// it; any fault is ErrSession.
func (t *Tokens) Read(text string) (Session, error) {
	if text == "" || len(text) > MaxTokenBytes {
		return Session{}, ErrSession
	}
	var c claims
	_, err := jwt.ParseWithClaims(text, &c, t.byID,
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithAudience(audience), jwt.WithIssuer(issuer), jwt.WithTimeFunc(t.clock))
	if err != nil || c.Kind != access || c.Subject == "" || c.Session == "" {
		return Session{}, ErrSession
	}
	s := Session{ID: c.Session, UserID: c.Subject, Version: c.Version, StartedAt: time.Unix(c.Started, 0).UTC()}
	if !t.clock().Before(s.StartedAt.Add(SessionLife)) {
		return Session{}, ErrSession
	}
	return s, nil
}

// FormToken is what a page of the session must send back with every change
// that its cookie authorises.
func (t *Tokens) FormToken(session string) string { return t.keys[0].form(session) }

// FormTokenMatches compares in constant time. A page that was made with the key
// before is a page of ours.
func (t *Tokens) FormTokenMatches(session, given string) bool {
	return slices.ContainsFunc(t.keys, func(k signingKey) bool { return hmac.Equal([]byte(k.form(session)), []byte(given)) })
}

func (k signingKey) form(session string) string { return mac(k.key, "form|"+session)[:32] }
