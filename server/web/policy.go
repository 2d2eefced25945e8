package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/warehouse"
)

// policy says who may use a route. Only the values below exist.
type policy struct {
	name  string
	open  bool        // without signing in
	roles []auth.Role // any of them
	spend bool        // and may see spend; to everybody else the address does not exist
}

// The policies of DESIGN §8. Which rows a reader then sees is decided in the
// query.
var (
	anyone      = policy{name: "anyone", open: true}
	signedIn    = policy{name: "signed in", roles: auth.Roles}
	seesDeals   = policy{name: "rep, manager, cmo", roles: []auth.Role{auth.Rep, auth.Manager, auth.CMO}}
	onlyReps    = policy{name: "rep", roles: []auth.Role{auth.Rep, auth.Manager}}
	seesSpend   = policy{name: "root manager, cmo", roles: []auth.Role{auth.Manager, auth.CMO}, spend: true}
	onlyAdmins  = policy{name: "admin", roles: []auth.Role{auth.Admin}}
	adminOrCMO  = policy{name: "admin, cmo", roles: []auth.Role{auth.Admin, auth.CMO}}
	machines    = policy{name: "metrics token, or this machine alone", open: true} // the handler asks
	reportsOpen = policy{name: "browser's reports", open: true}
)

// route is one line of the table.
type route struct {
	method string
	path   string
	policy policy
	handle fiber.Handler
}

const policyLocal = "policy"

// register adds a route behind its policy. A route without one is a
// programmer's mistake and ends the start.
func (s *Server) register(r route) {
	if r.policy.name == "" || !r.policy.open && len(r.policy.roles) == 0 {
		panic("web: route " + r.method + " " + r.path + " says not who may use it")
	}
	if r.method == fiber.MethodGet {
		s.gets[r.path] = true
	}
	s.app.Add(r.method, r.path, s.guard(r))
	if r.method == fiber.MethodGet {
		s.app.Add(fiber.MethodHead, r.path, s.guard(r))
	}
}

func (s *Server) guard(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(policyLocal, r.policy.name)
		c.Locals(routeLocal, r.path)
		if r.policy.name != reportsOpen.name {
			if err := s.refuseForeign(c); err != nil {
				return err
			}
		}
		if r.policy.open {
			if err := refuseUnknown(c, r); err != nil {
				return err
			}
			return r.handle(c)
		}
		reader, byCookie, err := s.authenticate(c)
		if err != nil {
			return err
		}
		if byCookie {
			if err = s.refuseForged(c, reader); err != nil {
				return err
			}
		}
		reader, err = s.asViewed(c, r, reader)
		c.Locals(readerLocal, reader) // also of who is refused: the page that says so is theirs
		if err != nil {
			return err
		}
		if reader.Token != "" && !r.opensTo(reader.Scopes) {
			return errReadOnly
		}
		if err := r.policy.admits(reader); err != nil {
			return err
		}
		if err := refuseUnknown(c, r); err != nil {
			return err
		}
		if err := r.handle(c); err != nil {
			return err
		}
		return s.noteExport(c)
	}
}

// admits says whether a reader may use a route of the policy. What shows spend
// answers all who may not see that alike, whatever their role.
func (p policy) admits(r Reader) error {
	switch {
	case p.spend && (!r.Has(p.roles...) || !r.SeesSpend()):
		return warehouse.ErrNotFound
	case !r.Has(p.roles...):
		return errForbidden
	}
	return nil
}

var safeMethods = []string{fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions}

// refuseForeign refuses a change that another site's page sent.
func (s *Server) refuseForeign(c *fiber.Ctx) error {
	if slices.Contains(safeMethods, c.Method()) {
		return nil
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" && !s.isOwnOrigin(origin) {
		return errForeign
	}
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return errForeign
	}
	return nil
}

// refuseForged refuses a change that only a cookie authorises unless it comes
// from a page of ours: right origin and the session's form token.
func (s *Server) refuseForged(c *fiber.Ctx, r Reader) error {
	if slices.Contains(safeMethods, c.Method()) {
		return nil
	}
	if !s.isOwnOrigin(c.Get(fiber.HeaderOrigin)) {
		return errForeign
	}
	given := c.Get("X-CSRF-Token")
	if given == "" {
		given = c.FormValue("_csrf")
	}
	if !s.Tokens.FormTokenMatches(r.Session.ID, given) {
		return errForeign
	}
	return nil
}

// isOwnOrigin compares with base_url; the names of the loopback interface are
// one place.
func (s *Server) isOwnOrigin(origin string) bool {
	if origin == s.Config.BaseURL {
		return true
	}
	return s.Config.Loopback() && loopbackName(origin) == loopbackName(s.Config.BaseURL)
}

func loopbackName(origin string) string {
	for _, name := range []string{"://127.0.0.1", "://[::1]"} {
		if rest, ok := strings.CutPrefix(origin, "http"+name); ok && (rest == "" || rest[0] == ':') {
			return "http://localhost" + rest
		}
	}
	return origin
}
