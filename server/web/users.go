package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/ui"
	"credence/warehouse/sqlfile"
)

// roleTitles are the roles in words.
var roleTitles = map[auth.Role]string{auth.Rep: "Sales", auth.Manager: "Manager", auth.CMO: "CMO", auth.Admin: "Administrator"}

// pageUsers lists who may sign in.
func (s *Server) pageUsers(c *fiber.Ctx) error { return s.showUsers(c, userEdit{}) }

// userEdit is what somebody wrote into a form about a user, and what came of it.
type userEdit struct {
	given   url.Values // nil: nothing was written
	problem error
	shown   *ui.Secret
}

func (s *Server) showUsers(c *fiber.Ctx, e userEdit) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		users, err := s.Users.View().Users(ctx, v)
		if err != nil {
			return fmt.Errorf("list users: %w", err)
		}
		reps, err := allReps(ctx, v)
		if err != nil {
			return err
		}
		view := ui.UsersPage{Shown: e.shown, List: ui.Section{ID: "users", Finding: ui.Say(d.f.Plural(int64(len(users)), "user", "users")), Measure: ui.Say("Rights are looked up at every request; nobody is deleted, so that the log keeps its names")}}
		active := 0
		for _, u := range users {
			line := d.userLine(u, reps)
			if line.State == "ok" {
				active++
			}
			view.Lines = append(view.Lines, line)
		}
		view.Add = userForm(auth.User{}, reps, e)
		view.Add.Action, view.Add.Button, view.Add.New = "/users", "Invite", true
		if e.problem != nil {
			status, _ := words(e.problem)
			c.Status(status)
		}
		v.Layout.Finding = ui.Say(upper(d.f.Plural(int64(active), "user", "users")) + " can sign in.")
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Users"}}
		v.Layout.Notes = []string{"Every change stands in the log", "Credence sends no mail: hand the link of an invitation on yourself"}
		return s.page(c, v, "users", view)
	})
}

func (d *desk) userLine(u auth.User, reps []rep) ui.UserLine {
	line := ui.UserLine{
		Name: u.Name, Email: u.Email, Href: userPath(u.ID), Roles: rolesInWords(u.Roles), Rep: repOf(u, reps), State: "ok", StateText: "active",
	}
	switch {
	case u.Disabled && u.Unsettled:
		line.State, line.StateText = "down", "disabled; the lists follow when the refresh is over"
	case u.Unsettled:
		line.State, line.StateText = "late", "signed out until the refresh is over: the rights change"
	case u.Disabled:
		line.State, line.StateText = "down", "disabled"
	case u.PasswordHash == "" && d.v.Now.Before(u.InvitedUntil):
		line.State, line.StateText = "late", "invited until "+d.f.Date(u.InvitedUntil)
	case u.PasswordHash == "" && d.s.Config.SignIn.OIDC.Issuer == "":
		line.State, line.StateText = "late", "invitation ran out"
	}
	if sessions := d.s.Sessions.Of(u.ID, d.v.Now); len(sessions) > 0 {
		line.Sessions, line.SeenAt = d.f.Count(int64(len(sessions))), d.f.Stamp(sessions[0].SeenAt)
	}
	return line
}

func rolesInWords(roles []auth.Role) string {
	parts := make([]string, len(roles))
	for i, r := range roles {
		parts[i] = roleTitles[r]
	}
	return strings.Join(parts, ", ")
}

// rep is one of our sellers, to choose from.
type rep struct{ id, name, email string }

// allReps lists every rep; before the first refresh there is none.
func allReps(ctx context.Context, v *Visit) ([]rep, error) {
	if v.Generation == 0 {
		return nil, nil
	}
	reps, err := sqlfile.All(ctx, v, questions.Get("users_reps"), func(scan func(...any) error) (r rep, err error) {
		return r, scan(&r.id, &r.name, &r.email)
	})
	if err != nil {
		return nil, fmt.Errorf("list reps: %w", err)
	}
	return reps, nil
}

func repOf(u auth.User, reps []rep) string {
	for _, r := range reps {
		if u.GivenRep != "" && r.id == u.GivenRep || u.GivenRep == "" && r.email != "" && r.email == u.Email {
			return r.name
		}
	}
	if u.GivenRep != "" {
		return u.GivenRep
	}
	return "–"
}

// userForm is the form for a user as stored, or as somebody wrote it.
func userForm(u auth.User, reps []rep, e userEdit) ui.UserForm {
	if e.given != nil {
		u.Name, u.Email, u.GivenRep = e.given.Get("name"), e.given.Get("email"), e.given.Get("rep")
		u.Roles = nil
		for _, word := range e.given["role"] {
			u.Roles = append(u.Roles, auth.Role(word))
		}
	}
	form := ui.UserForm{Name: u.Name, Email: u.Email, Button: "Save", RepHint: "Whose deals are the user’s own, and whose teams a manager leads"}
	for _, role := range auth.Roles {
		form.Roles = append(form.Roles, ui.Pick{Value: string(role), Text: roleTitles[role], Chosen: u.Has(role)})
	}
	if len(reps) > 0 {
		form.Reps = []ui.Pick{{Text: "who has the same e-mail", Chosen: u.GivenRep == ""}}
	}
	for _, r := range reps {
		form.Reps = append(form.Reps, ui.Pick{Value: r.id, Text: r.name, Chosen: r.id == u.GivenRep})
	}
	if e.problem != nil {
		form.Problem = upper(problemWords(e.problem)) + "."
	}
	return form
}

// problemWords is why a form was refused.
func problemWords(err error) string {
	if request, ok := errors.AsType[requestError](err); ok {
		return request.err.Error()
	}
	_, sentence := words(err)
	return sentence
}

// addUser invites somebody and shows the link once.
func (s *Server) addUser(c *fiber.Ctx) error {
	given, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return badRequest("form", err)
	}
	var user auth.User
	var code string
	roles, err := auth.ParseRoles(strings.Join(given["role"], ";"))
	if err == nil {
		user, code, err = s.Users.Invite(c.UserContext(), s.Now(), s.reader(c).ID, auth.NewUser{Email: given.Get("email"), Name: given.Get("name"), Roles: roles, RepID: given.Get("rep")})
	}
	if err != nil {
		return s.showUsers(c, userEdit{given: given, problem: refused(err)})
	}
	return s.showUsers(c, userEdit{shown: s.invitation(user, code)})
}

// refused is a fault of what was written, unless it is one of ours.
func refused(err error) error {
	if status, _ := words(err); status != fiber.StatusInternalServerError || isEngine(err) {
		return err
	}
	return badRequest("form", err)
}

// isEngine tells a fault of the database from words of package auth.
func isEngine(err error) bool {
	return strings.Contains(err.Error(), "Error: ")
}

func (s *Server) invitation(u auth.User, code string) *ui.Secret {
	return &ui.Secret{
		Title: "An invitation for " + u.Name, Text: "Hand this link on by a way that only they read. It works once, for seven days, and is not shown again.",
		Value: s.Config.BaseURL + "/invitation#" + code,
	}
}

func userPath(id string) string { return "/users/" + pathSegment(id) }
