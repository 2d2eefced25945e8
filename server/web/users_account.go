package web

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/ui"
)

// pageAccount is what users look after themselves: password, sessions, tokens.
func (s *Server) pageAccount(c *fiber.Ctx) error { return s.showAccount(c, userEdit{}) }

func (s *Server) showAccount(c *fiber.Ctx, e userEdit) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		u, err := s.Users.View().ByID(ctx, v, v.Reader.ID)
		if err != nil {
			return err
		}
		view := ui.AccountPage{
			Shown: e.shown, HasPassword: u.PasswordHash != "", MinPassword: auth.MinPassword, TokenName: e.given.Get("name"), CanMake: v.Reader.Token == "",
			Facts: []ui.Fact{{Name: "E-mail", Value: u.Email}, {Name: "Roles", Value: rolesInWords(u.Roles)}},
		}
		if v.Reader.TeamName != "" {
			view.Facts = append(view.Facts, ui.Fact{Name: "Team", Value: v.Reader.TeamName})
		}
		if e.problem != nil {
			status, _ := words(e.problem)
			if status == fiber.StatusUnauthorized { // of the present password, not of the session
				status = fiber.StatusBadRequest
			}
			c.Status(status)
			view.Problem = upper(problemWords(e.problem)) + "."
		}
		view.Sessions = d.sessionList(u, "/account/sessions", v.Reader.Session.ID)
		if view.Tokens, err = d.tokenList(ctx, u, "/account/tokens/revoke"); err != nil {
			return err
		}
		for _, scope := range auth.Scopes {
			if scope == auth.ScopeSources && !u.Has(auth.Admin, auth.CMO) {
				continue
			}
			view.Scopes = append(view.Scopes, ui.Pick{Value: string(scope), Text: scopeTitles[scope]})
		}
		for _, days := range auth.TokenLives {
			view.Lives = append(view.Lives, ui.Pick{Value: strconv.Itoa(days), Text: d.f.Plural(int64(days), "day", "days"), Chosen: days == 90})
		}
		v.Layout.Finding = ui.Say("Your account.")
		v.Layout.Crumbs = []ui.Link{{Text: "Your account"}}
		return s.page(c, v, "account", view)
	})
}

// changePassword takes the form of the page; guesses at the present password
// count like failed sign-ins.
func (s *Server) changePassword(c *fiber.Ctx) error {
	r := s.reader(c)
	if !s.limits.passwords.Try(r.Email, s.address(c), s.Now()) {
		return s.showAccount(c, userEdit{problem: auth.ErrTooMany})
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), fileDeadline)
	defer cancel()
	err := s.Users.ChangePassword(ctx, s.Hasher, s.Now(), r.User, c.FormValue("present"), c.FormValue("next"), c.FormValue("tokens") != "")
	if errors.Is(err, auth.ErrCredentials) {
		return s.showAccount(c, userEdit{problem: badRequest("present", errors.New("the present password is wrong; nothing was changed"))})
	}
	s.limits.passwords.Succeed(r.Email, s.address(c))
	if errors.Is(err, auth.ErrPassword) {
		return s.showAccount(c, userEdit{problem: badRequest("next", err)})
	}
	if err != nil {
		return err
	}
	if _, err := s.Sessions.EndAll(r.ID, r.Session.ID); err != nil {
		return err
	}
	return c.Redirect("/account", fiber.StatusSeeOther)
}

// endOwnSessions ends one of the reader's sessions, or all but this one.
func (s *Server) endOwnSessions(c *fiber.Ctx) error {
	r := s.reader(c)
	if err := s.endSessions(c, r.ID, r.Session.ID); err != nil {
		return err
	}
	return c.Redirect("/account", fiber.StatusSeeOther)
}

// makeToken makes an API token of the reader's and shows it once.
func (s *Server) makeToken(c *fiber.Ctx) error {
	given, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return badRequest("form", err)
	}
	days, err := strconv.Atoi(given.Get("days"))
	if err != nil {
		days = 0
	}
	text, err := s.Users.MakeToken(c.UserContext(), s.Now(), s.reader(c).User, given.Get("name"), parseScopes(given["scope"]), days)
	if err != nil {
		return s.showAccount(c, userEdit{given: given, problem: refused(err)})
	}
	return s.showAccount(c, userEdit{shown: &ui.Secret{
		Title: "Your new API token", Text: "Keep it where your script reads it, as a secret: it is not shown again. It is sent as Authorization: Bearer and the token.", Value: text,
	}})
}

// revokeOwnToken puts one of the reader's tokens out of use.
func (s *Server) revokeOwnToken(c *fiber.Ctx) error {
	if err := s.revokeToken(c, s.reader(c).ID); err != nil {
		return err
	}
	return c.Redirect("/account", fiber.StatusSeeOther)
}
