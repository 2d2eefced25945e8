package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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
	keyID    = "1"
	access   = "access" // the only kind that is signed
)

type claims struct {
	jwt.RegisteredClaims
	Kind    string `json:"typ"`
	Session string `json:"sid"`
	Version int64  `json:"sv"`
	Started int64  `json:"auth_time"`
}

// Tokens signs and reads tokens with one key.
type Tokens struct {
	key   []byte
	clock func() time.Time
}

// NewTokens refuses a key under 32 bytes and one of repeated bytes.
func NewTokens(key []byte, clock func() time.Time) (*Tokens, error) {
	if len(key) < 32 {
		return nil, fmt.Errorf("the signing key has %d bytes; it needs at least 32 random ones", len(key))
	}
	distinct := map[byte]bool{}
	for _, b := range key {
		distinct[b] = true
	}
	if len(distinct) < 8 {
		return nil, errors.New("the signing key is not random: make one with openssl rand -hex 32")
	}
	return &Tokens{key: key, clock: clock}, nil
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
	token.Header["kid"] = keyID
	text, err := token.SignedString(t.key)
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
	_, err := jwt.ParseWithClaims(text, &c, func(token *jwt.Token) (any, error) {
		if kid, ok := token.Header["kid"].(string); !ok || kid != keyID {
			return nil, errors.New("unknown key")
		}
		return t.key, nil
	},
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
func (t *Tokens) FormToken(session string) string {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte("form|" + session))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Mark is a pseudonym of text, such as an address that nobody has: the same text
// has the same mark, and nobody can tell the text without the key.
func (t *Tokens) Mark(text string) string {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte("mark|" + text))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// FormTokenMatches compares in constant time.
func (t *Tokens) FormTokenMatches(session, given string) bool {
	return hmac.Equal([]byte(t.FormToken(session)), []byte(given))
}
