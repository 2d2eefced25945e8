package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
)

// OpenSetUp makes the code of the one-time set-up and answers the link to it, for
// the terminal of who started the server; "" when there is or ever was an
// administrator. The code stands behind #, which browsers send to no server and
// no log.
func (s *Server) OpenSetUp(ctx context.Context) (string, error) {
	done := false
	view := s.Users.View()
	err := s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) (err error) {
		done, err = view.IsSetUp(ctx, snap)
		return err
	})
	if err != nil || done {
		return "", err
	}
	s.setUpCode = rand.Text()
	return s.Config.BaseURL + "/set-up#" + s.setUpCode, nil
}

// setUpOpen refuses like an address that does not exist, unless the set-up waits
// for its first administrator. Once there was one it never opens again.
func (s *Server) setUpOpen(c *fiber.Ctx) error {
	if s.setUpCode == "" {
		return warehouse.ErrNotFound
	}
	view := s.Users.View()
	return s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		if done, err := view.IsSetUp(ctx, snap); err != nil || done {
			return errors.Join(err, warehouse.ErrNotFound)
		}
		return nil
	})
}

// pageSetUp asks for the first administrator.
func (s *Server) pageSetUp(c *fiber.Ctx) error {
	if err := s.setUpOpen(c); err != nil {
		return err
	}
	return s.showCode(c, ui.CodeForm{Kind: "set-up"}, nil)
}

// setUp adds the first administrator and signs them in.
func (s *Server) setUp(c *fiber.Ctx) error {
	if err := s.setUpOpen(c); err != nil {
		return err
	}
	form := ui.CodeForm{Kind: "set-up", Email: c.FormValue("email"), Name: c.FormValue("name"), Code: c.FormValue("code")}
	if !s.limits.codes.Try("", s.address(c), s.Now()) {
		return s.showCode(c, form, auth.ErrTooMany)
	}
	if subtle.ConstantTimeCompare([]byte(form.Code), []byte(s.setUpCode)) != 1 {
		form.Code = ""
		return s.showCode(c, form, badRequest("code", errors.New("it is not the one that credence serve printed")))
	}
	s.limits.codes.Succeed("", s.address(c))
	user, err := s.Users.SetUp(c.UserContext(), s.Hasher, s.Now(), auth.NewUser{Email: form.Email, Name: form.Name, Password: c.FormValue("password")})
	if errors.Is(err, warehouse.ErrNotFound) {
		return err
	}
	if err != nil {
		return s.showCode(c, form, badRequest("form", err))
	}
	return s.admit(c, user, "set-up")
}

// admit signs a user in who has just chosen a password.
func (s *Server) admit(c *fiber.Ctx, user auth.User, by string) error {
	if err := s.enter(c, user, by); err != nil {
		return err
	}
	return c.Redirect("/", fiber.StatusSeeOther)
}

// pageInvitation asks an invited user for a password.
func (s *Server) pageInvitation(c *fiber.Ctx) error {
	return s.showCode(c, ui.CodeForm{Kind: "invitation"}, nil)
}

// acceptInvitation sets the password and signs in.
func (s *Server) acceptInvitation(c *fiber.Ctx) error {
	form := ui.CodeForm{Kind: "invitation", Code: c.FormValue("code")}
	if !s.limits.codes.Try("", s.address(c), s.Now()) {
		return s.showCode(c, form, auth.ErrTooMany)
	}
	user, err := s.Users.Accept(c.UserContext(), s.Hasher, s.Now(), form.Code, c.FormValue("password"))
	switch {
	case errors.Is(err, auth.ErrInvitation):
		form.Code = ""
		return s.showCode(c, form, badRequest("code", err))
	case errors.Is(err, auth.ErrPassword):
		s.limits.codes.Succeed("", s.address(c))
		return s.showCode(c, form, badRequest("password", err))
	case err != nil:
		return err
	}
	s.limits.codes.Succeed("", s.address(c))
	return s.admit(c, user, "invitation")
}

// showCode renders the form of the set-up or of an invitation.
func (s *Server) showCode(c *fiber.Ctx, form ui.CodeForm, problem error) error {
	form.Company, form.MinPassword = s.Config.Company.Name, auth.MinPassword
	layout := s.bareLayout(c)
	layout.Title = "Set up Credence"
	if form.Kind == "invitation" {
		layout.Title = "Choose a password"
	}
	if problem != nil {
		status, sentence := words(problem)
		if request, ok := errors.AsType[requestError](problem); ok {
			sentence = request.err.Error()
		}
		c.Status(status)
		form.Problem = upper(sentence) + "."
	}
	return s.render(c, "code-form", layout, form)
}
