package web

import (
	"github.com/gofiber/fiber/v2"

	"credence/ui"
)

// pageSignIn is the sign-in page; who is signed in already goes on.
func (s *Server) pageSignIn(c *fiber.Ctx) error {
	if _, _, err := s.authenticate(c); err == nil {
		return c.Redirect(localPath(c.Query("next")), fiber.StatusSeeOther)
	}
	return s.showSignIn(c, nil)
}

// showSignIn renders the form again with what went wrong.
func (s *Server) showSignIn(c *fiber.Ctx, problem error) error {
	view := ui.SignIn{Company: s.Config.Company.Name, Next: localPath(c.FormValue("next", c.Query("next"))), Email: c.FormValue("email")}
	if o := s.Config.SignIn.OIDC; o.Issuer != "" {
		view.Directory = ui.Link{Text: "Sign in with " + o.Name, Href: "/sign-in/oidc?next=" + querySegment(view.Next)}
	}
	if problem != nil {
		status, sentence := words(problem)
		c.Status(status)
		view.Problem = sentence
	}
	layout := s.bareLayout(c)
	layout.Title = "Sign in"
	return s.render(c, "sign-in", layout, view)
}

// pageError is the page of a request that failed. Who is signed in keeps the
// rail; the figures around it need the database and are left out.
func (s *Server) pageError(c *fiber.Ctx, status int, sentence, id string) error {
	layout := s.bareLayout(c)
	if r := s.reader(c); r.ID != "" {
		layout.Bare = false
		layout.Viewing = s.banner(r)
		layout.User = ui.User{Name: r.Name, Role: roleWords(r)}
		layout.CSRF = s.Tokens.FormToken(r.Session.ID)
		layout.Back = "/"
		s.rail(c, r, &layout)
	}
	view := ui.ProblemFor(status, id, c.OriginalURL())
	switch sentence {
	case errForeign.Error():
		view.Title, view.Text = "Reload and try again", upper(sentence)+"."
	case errViewing.Error():
		view.Title, view.Text = "Only to read", upper(sentence)+"."
	case errHeld.Error():
		view.Title, view.Text = "Nothing was saved", upper(sentence)+"."
	case errSlow.Error():
		view.Title, view.Text = "This took too long", upper(sentence)+"."
	}
	if status == fiber.StatusBadRequest {
		view.Text = sentence
	}
	layout.Title = view.Title
	return s.render(c, "error", layout, view)
}
