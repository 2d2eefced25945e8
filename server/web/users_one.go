package web

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/audit"
	"credence/server/auth"
	"credence/ui"
)

// pageUser is one user: who they are, where they are signed in, their tokens.
func (s *Server) pageUser(c *fiber.Ctx) error { return s.showUser(c, userEdit{}) }

func (s *Server) showUser(c *fiber.Ctx, e userEdit) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		u, err := s.Users.View().ByID(ctx, v, c.Params("id"))
		if err != nil {
			return err
		}
		reps, err := allReps(ctx, v)
		if err != nil {
			return err
		}
		line := d.userLine(u, reps)
		view := ui.UserPage{
			Shown: e.shown, Base: userPath(u.ID), Disabled: u.Disabled, Self: u.ID == v.Reader.ID, Viewable: viewable(u) && u.ID != v.Reader.ID, ViewReason: c.FormValue("reason"), Invited: u.PasswordHash == "",
			Facts: []ui.Fact{{Name: "E-mail", Value: u.Email}, {Name: "Roles", Value: line.Roles}, {Name: "Rep", Value: line.Rep}, {Name: "State", Value: line.StateText}, {Name: "In the log", Value: "what they did", Href: "/audit?who=" + querySegment(u.ID)}},
			Edit:  userForm(u, reps, e),
		}
		view.Edit.Action = view.Base
		if e.problem != nil {
			status, _ := words(e.problem)
			c.Status(status)
			if e.given == nil { // of a button
				view.Problem, view.Edit.Problem = view.Edit.Problem, ""
			}
		}
		view.Sessions = d.sessionList(u, view.Base+"/sessions", "")
		if view.Tokens, err = d.tokenList(ctx, u, view.Base+"/tokens"); err != nil {
			return err
		}
		v.Layout.Finding = ui.Say(u.Name + " is " + line.StateText + ".")
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Users", Href: "/users"}, {Text: u.Name}}
		return s.page(c, v, "user", view)
	})
}

// changeUser saves the form of a user.
func (s *Server) changeUser(c *fiber.Ctx) error {
	given, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return badRequest("form", err)
	}
	roles, err := auth.ParseRoles(strings.Join(given["role"], ";"))
	if err == nil {
		_, err = s.Users.Change(c.UserContext(), s.Now(), s.reader(c).ID, c.Params("id"), func(u auth.User) auth.Change {
			if !given.Has("rep") { // there were none to choose from
				given.Set("rep", u.GivenRep)
			}
			return auth.Change{Name: given.Get("name"), Roles: roles, RepID: given.Get("rep"), Disabled: u.Disabled}
		})
	}
	if err != nil {
		return s.showUser(c, userEdit{given: given, problem: refused(err)})
	}
	return c.Redirect(userPath(c.Params("id")), fiber.StatusSeeOther)
}

// disableUser ends the sessions at once and then refuses new ones.
func (s *Server) disableUser(c *fiber.Ctx) error {
	if c.Params("id") == s.reader(c).ID {
		return s.showUser(c, userEdit{problem: badRequest("user", auth.ErrLastAdmin)})
	}
	return s.setDisabled(c, true)
}

func (s *Server) enableUser(c *fiber.Ctx) error { return s.setDisabled(c, false) }

func (s *Server) setDisabled(c *fiber.Ctx, disabled bool) error {
	id := c.Params("id")
	if disabled {
		if _, err := s.Sessions.EndAll(id, ""); err != nil {
			return err
		}
	}
	_, err := s.Users.Change(c.UserContext(), s.Now(), s.reader(c).ID, id, func(u auth.User) auth.Change {
		return auth.Change{Name: u.Name, Roles: u.Roles, RepID: u.GivenRep, Disabled: disabled}
	})
	if err != nil {
		return s.showUser(c, userEdit{problem: refused(err)})
	}
	return c.Redirect(userPath(id), fiber.StatusSeeOther)
}

// resetUser takes the password away and shows the link of an invitation once.
func (s *Server) resetUser(c *fiber.Ctx) error {
	id := c.Params("id")
	user, code, err := s.Users.Reset(c.UserContext(), s.Now(), s.reader(c).ID, id)
	if err != nil {
		return s.showUser(c, userEdit{problem: refused(err)})
	}
	if _, err := s.Sessions.EndAll(id, ""); err != nil {
		return err
	}
	if id == s.reader(c).ID { // the own session is over: show the link without it
		return s.showCode(c, ui.CodeForm{Kind: "invitation", Code: code}, nil)
	}
	return s.showUser(c, userEdit{shown: s.invitation(user, code)})
}

// endUserSessions ends one session of a user or all.
func (s *Server) endUserSessions(c *fiber.Ctx) error {
	if err := s.endSessions(c, c.Params("id"), ""); err != nil {
		return err
	}
	return c.Redirect(userPath(c.Params("id")), fiber.StatusSeeOther)
}

// endSessions does what a form of a session list asks for.
func (s *Server) endSessions(c *fiber.Ctx, userID, except string) error {
	which := c.FormValue("session")
	if which == "all" {
		n, err := s.Sessions.EndAll(userID, except)
		if err != nil || n == 0 {
			return err
		}
		return s.note(c, audit.SessionEnded, "user "+userID, "sessions", strconv.Itoa(n))
	}
	ended, err := s.Sessions.End(userID, which)
	if err != nil || !ended {
		return err // one that is over already is ended
	}
	return s.note(c, audit.SessionEnded, "user "+userID, "session", sessionMark(which))
}

// revokeUserToken is an administrator's button.
func (s *Server) revokeUserToken(c *fiber.Ctx) error {
	if err := s.revokeToken(c, c.Params("id")); err != nil {
		return err
	}
	return c.Redirect(userPath(c.Params("id")), fiber.StatusSeeOther)
}

func (s *Server) revokeToken(c *fiber.Ctx, userID string) error {
	return s.Users.RevokeToken(c.UserContext(), s.Now(), s.reader(c).ID, userID, c.FormValue("token"))
}

// sessionList is where a user is signed in; current is the session that asks.
func (d *desk) sessionList(u auth.User, action, current string) ui.SessionList {
	sessions := d.s.Sessions.Of(u.ID, d.v.Now)
	list := ui.SessionList{Action: action, None: "Nobody is signed in.", Head: ui.Section{
		ID: "sessions", Finding: ui.Say(upper(d.f.Plural(int64(len(sessions)), "session", "sessions"))), Measure: ui.Say("A session ends 12 hours after it was last used, and after 30 days"),
	}}
	for _, x := range sessions {
		list.Lines = append(list.Lines, ui.SessionLine{ID: x.ID, Agent: x.Agent, Started: d.f.Stamp(x.StartedAt), Seen: d.f.Stamp(x.SeenAt), Ends: d.f.Stamp(x.EndsAt), Current: x.ID == current})
	}
	switch {
	case current == "" && len(sessions) > 1:
		list.All = "End all of them"
	case current != "" && len(sessions) > 1:
		list.All = "End all but this one"
	}
	return list
}

// scopeTitles are the scopes of tokens in words.
var scopeTitles = map[auth.Scope]string{
	auth.ScopeAll: "everything you may see", auth.ScopeDeals: "deals, journeys, accounts, search",
	auth.ScopeFigures: "reps, channels, campaigns, credits, metrics", auth.ScopeSources: "sources and data quality",
}

func (d *desk) tokenList(ctx context.Context, u auth.User, action string) (ui.TokenList, error) {
	tokens, err := d.s.Users.View().TokensOf(ctx, d.v, u.ID)
	if err != nil {
		return ui.TokenList{}, fmt.Errorf("list tokens: %w", err)
	}
	list := ui.TokenList{Action: action, None: "There is none.", Head: ui.Section{ID: "token-list", Finding: ui.Say("No API token"), Measure: ui.Say("A token reads the API for a script; it opens nothing that its holder may not see")}}
	if len(tokens) > 0 {
		list.Head.Finding = ui.Say(upper(d.f.Plural(int64(len(tokens)), "API token", "API tokens")))
	}
	for _, k := range tokens {
		line := ui.TokenLine{ID: k.ID, Name: k.Name, Made: d.f.Date(k.CreatedAt), Expires: d.f.Date(k.ExpiresAt), State: "ok", Text: "in use", Live: k.Live(d.v.Now)}
		var opens []string
		for _, s := range k.Scopes {
			opens = append(opens, string(s))
		}
		line.Opens = strings.Join(opens, ", ")
		switch {
		case !k.RevokedAt.IsZero():
			line.State, line.Text = "down", "revoked"
		case !line.Live:
			line.State, line.Text = "down", "ran out"
		}
		list.Lines = append(list.Lines, line)
	}
	return list, nil
}
