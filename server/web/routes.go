package web

import "github.com/gofiber/fiber/v2"

// routes is every route of the program, with who may use it. A new page or API
// question is one file with its handler and one line here.
func (s *Server) routes() []route {
	const (
		get   = fiber.MethodGet
		post  = fiber.MethodPost
		erase = fiber.MethodDelete
	)
	return []route{
		// What needs no session.
		{get, "/healthz", anyone, s.healthz},
		{get, "/readyz", anyone, s.readyz},
		{get, "/static/:file", anyone, s.static},
		{post, "/csp-report", reportsOpen, s.policyReport},
		{get, "/sign-in", anyone, s.pageSignIn},
		{post, "/sign-in", anyone, s.signIn},
		{post, "/sign-out", signedIn, s.signOut},
		{post, "/theme", signedIn, s.setTheme},
		{post, "/api/v1/session", anyone, s.apiSession},
		{erase, "/api/v1/session", signedIn, s.apiSignOut},
	}
}
