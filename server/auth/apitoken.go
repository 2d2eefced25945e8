package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"credence/server/audit"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// TokenPrefix begins every API token, so that one is known when it is found where
// it should not be.
const TokenPrefix = "cred_"

// TokenLives are the lives an API token may be given, in days.
var TokenLives = []int{7, 30, 90, 365}

// Scope is a part of the API that a token opens. None lets anything be changed.
type Scope string

// The scopes. Whatever they say, a token opens nothing that its holder may not
// see.
const (
	ScopeAll     Scope = "all"     // everything the holder may read
	ScopeDeals   Scope = "deals"   // deals, journeys, accounts, search
	ScopeFigures Scope = "figures" // reps, channels, campaigns, credits, metrics, efficiency
	ScopeSources Scope = "sources" // sources and data quality
)

// Scopes lists every scope.
var Scopes = []Scope{ScopeAll, ScopeDeals, ScopeFigures, ScopeSources}

// APIToken is a token for scripts.
type APIToken struct {
	ID        string
	UserID    string
	Name      string
	Scopes    []Scope
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero: it is not revoked

	hash string
}

// Opens reports whether the token may ask for what is of scope.
func (k APIToken) Opens(scope Scope) bool {
	return slices.Contains(k.Scopes, ScopeAll) || scope != "" && slices.Contains(k.Scopes, scope)
}

// Live reports whether the token is neither revoked nor too old.
func (k APIToken) Live(now time.Time) bool { return k.RevokedAt.IsZero() && now.Before(k.ExpiresAt) }

// Matches reports whether text is this token's.
func (k APIToken) Matches(text string) bool {
	id, secret, ok := cutToken(text)
	return ok && id == k.ID && same(hashOf(secret), k.hash)
}

// cutToken takes cred_ID_SECRET apart.
func cutToken(text string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(text, TokenPrefix)
	if !ok || len(text) > MaxTokenBytes {
		return "", "", false
	}
	id, secret, ok = strings.Cut(rest, "_")
	return id, secret, ok && id != "" && secret != ""
}

// TokenID is the id in the text of a token; "" when it is none.
func TokenID(text string) string {
	id, _, _ := cutToken(text)
	return id
}

// MakeToken adds a token of user and answers its text, which cannot be read
// again.
func (r *Register) MakeToken(ctx context.Context, now time.Time, user User, name string, scopes []Scope, days int) (text string, err error) {
	return text, r.decide(ctx, now, user.ID, func(d *draft) (err error) {
		text, err = d.makeToken(user, name, scopes, days)
		return err
	})
}

func (d *draft) makeToken(user User, name string, scopes []Scope, days int) (string, error) {
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0 || n > 80:
		return "", errors.New("a token needs a name of 1 to 80 characters, that tells what it is for")
	case len(scopes) == 0:
		return "", errors.New("choose what the token opens")
	case !slices.Contains(TokenLives, days):
		return "", fmt.Errorf("a token lives 7, 30, 90 or 365 days, not %d", days)
	}
	for _, s := range scopes {
		if !slices.Contains(Scopes, s) {
			return "", fmt.Errorf("%.20q is nothing that a token opens; write all, deals, figures or sources", s)
		}
	}
	id, secret := ulid.Make().String(), rand.Text()
	k := APIToken{ID: id, UserID: user.ID, Name: name, Scopes: scopes, CreatedAt: d.now, ExpiresAt: d.now.AddDate(0, 0, days)}
	d.deed.Tokens = append(d.deed.Tokens, keptToken{APIToken: k, Hash: hashOf(secret), New: true})
	d.note(audit.Token, "token "+id, "change", "made", "scopes", strings.ReplaceAll(joinScopes(scopes), ";", " "), "days", fmt.Sprint(days))
	return TokenPrefix + id + "_" + secret, nil
}

func joinScopes(scopes []Scope) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return strings.Join(words, ";")
}

// RevokeToken puts a token of user out of use; by is the user or an
// administrator. One that is not the user's does not exist.
func (r *Register) RevokeToken(ctx context.Context, now time.Time, by, userID, tokenID string) error {
	return r.decide(ctx, now, by, func(d *draft) error {
		k, err := d.Token(d.ctx, d.q, tokenID)
		if err != nil {
			return err
		}
		if k.UserID != userID {
			return warehouse.ErrNotFound
		}
		d.revoke(k)
		return nil
	})
}

// revoke puts a token out of use; one that is so already stays as it is.
func (d *draft) revoke(k APIToken) {
	if !k.RevokedAt.IsZero() {
		return
	}
	k.RevokedAt = d.now
	d.deed.Tokens = append(d.deed.Tokens, keptToken{APIToken: k, Hash: k.hash})
	d.note(audit.Token, "token "+k.ID, "change", "revoked")
}

// revokeAll puts every token of a user out of use.
func (d *draft) revokeAll(userID string) error {
	tokens, err := d.TokensOf(d.ctx, d.q, userID)
	for _, k := range tokens {
		if k.Live(d.now) {
			d.revoke(k)
		}
	}
	return err
}

// saveToken stores a new token, or that one was revoked.
func saveToken(ctx context.Context, tx *warehouse.Tx, k keptToken) error {
	if k.New {
		err := questions.Get("add_api_token").Exec(ctx, tx, sql.Named("token_id", k.ID), sql.Named("user_id", k.UserID), sql.Named("name", k.Name),
			sql.Named("scopes", joinScopes(k.Scopes)), sql.Named("hash", k.Hash), sql.Named("now", k.CreatedAt), sql.Named("expires_at", k.ExpiresAt))
		if err != nil {
			return fmt.Errorf("add token %s: %w", k.ID, err)
		}
	}
	if k.RevokedAt.IsZero() {
		return nil
	}
	if err := questions.Get("revoke_api_token").Exec(ctx, tx, sql.Named("token_id", k.ID), sql.Named("now", k.RevokedAt)); err != nil {
		return fmt.Errorf("revoke token %s: %w", k.ID, err)
	}
	return nil
}

// TokenByID looks a token up; warehouse.ErrNotFound when there is none.
func TokenByID(ctx context.Context, q sqlfile.Querier, id string) (APIToken, error) {
	tokens, err := sqlfile.All(ctx, q, questions.Get("api_token"), scanToken, sql.Named("token_id", id))
	if err != nil {
		return APIToken{}, err
	}
	if len(tokens) == 0 {
		return APIToken{}, warehouse.ErrNotFound
	}
	return tokens[0], nil
}

// TokensOf lists the tokens of a user, the newest first, used-up ones included.
func TokensOf(ctx context.Context, q sqlfile.Querier, userID string) ([]APIToken, error) {
	return sqlfile.All(ctx, q, questions.Get("api_tokens"), scanToken, sql.Named("user_id", userID))
}

func scanToken(scan func(...any) error) (k APIToken, err error) {
	var scopes string
	var revoked sql.NullTime
	err = scan(&k.ID, &k.UserID, &k.Name, &scopes, &k.hash, &k.CreatedAt, &k.ExpiresAt, &revoked)
	for word := range strings.SplitSeq(scopes, ";") {
		k.Scopes = append(k.Scopes, Scope(word))
	}
	k.RevokedAt = revoked.Time
	return k, err
}
