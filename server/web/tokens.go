package web

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/warehouse"
)

// errReadOnly says that a token reaches for more than it was made for.
var errReadOnly = errors.New("this token does not open that: it reads what it was made for and changes nothing")

// scopeOf is the scope that opens each address of the API to a token. What is not
// here only the scope "all" opens; /api/v1/me is open to every token.
var scopeOf = map[string]auth.Scope{
	"/api/v1/deals":             auth.ScopeDeals,
	"/api/v1/deals/:id":         auth.ScopeDeals,
	"/api/v1/deals/:id/journey": auth.ScopeDeals,
	"/api/v1/accounts":          auth.ScopeDeals,
	"/api/v1/search":            auth.ScopeDeals,
	"/api/v1/reps":              auth.ScopeFigures,
	"/api/v1/reps/:id":          auth.ScopeFigures,
	"/api/v1/campaigns":         auth.ScopeFigures,
	"/api/v1/channels":          auth.ScopeFigures,
	"/api/v1/credits":           auth.ScopeFigures,
	"/api/v1/credits/:view":     auth.ScopeFigures,
	"/api/v1/pipeline":          auth.ScopeFigures,
	"/api/v1/metrics/:name":     auth.ScopeFigures,
	"/api/v1/efficiency":        auth.ScopeFigures,
	"/api/v1/sources":           auth.ScopeSources,
	"/api/v1/quality":           auth.ScopeSources,
}

// opensTo says whether a token of scopes may ask for a route: reads of the API
// alone.
func (r route) opensTo(scopes []auth.Scope) bool {
	if r.method != fiber.MethodGet || !strings.HasPrefix(r.path, "/api/v1/") {
		return false
	}
	return r.path == "/api/v1/me" || auth.APIToken{Scopes: scopes}.Opens(scopeOf[r.path])
}

// tokenReader is who asks by an API token: its holder as they are now.
func (s *Server) tokenReader(c *fiber.Ctx, text string) (Reader, error) {
	token, err := s.lookUpToken(c.UserContext(), auth.TokenID(text))
	if errors.Is(err, warehouse.ErrNotFound) {
		return Reader{}, auth.ErrSession
	}
	if err != nil {
		return Reader{}, err
	}
	if !token.Matches(text) || !token.Live(s.Now()) {
		return Reader{}, auth.ErrSession
	}
	r, err := s.lookUp(c.UserContext(), token.UserID)
	if errors.Is(err, warehouse.ErrNotFound) || err == nil && r.Disabled {
		return Reader{}, auth.ErrSession
	}
	if err == nil && r.Unsettled {
		err = auth.ErrUnsettled
	}
	r.Token, r.Scopes = token.ID, token.Scopes
	return r, err
}

// lookUpToken finds a token; the answer is used again for readerAge.
func (s *Server) lookUpToken(ctx context.Context, id string) (auth.APIToken, error) {
	if id == "" {
		return auth.APIToken{}, warehouse.ErrNotFound
	}
	now, view := s.Now(), s.Users.View()
	s.readers.mu.Lock()
	have, ok := s.readers.tokens[id]
	s.readers.mu.Unlock()
	if ok && have.version == view.Version && fresh(now, have.at) {
		return have.token, nil
	}
	ctx, cancel := context.WithTimeout(ctx, pageDeadline)
	defer cancel()
	var token auth.APIToken
	err := s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) (err error) {
		token, err = view.Token(ctx, snap, id)
		return err
	})
	if err != nil {
		return token, err
	}
	s.readers.mu.Lock()
	s.readers.tokens[id] = cachedToken{token, now, view.Version}
	s.readers.mu.Unlock()
	return token, nil
}

// parseScopes reads the scopes of a form.
func parseScopes(words []string) []auth.Scope {
	var out []auth.Scope
	for _, w := range words {
		if s := auth.Scope(w); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
