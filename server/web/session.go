package web

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/server/audit"
	"credence/server/auth"
	"credence/warehouse"
)

// cookieNames are those of the access and the renewal token. The __Host-
// prefix binds a cookie to this host and to https; over http, on loopback or
// where insecure_http was accepted, browsers refuse it.
func (s *Server) cookieNames() (access, renewal string) {
	if s.Config.Secure() {
		return "__Host-cred", "__Host-cred-renew"
	}
	return "cred", "cred-renew"
}

// setCookies gives the browser a fresh access token of the session and, unless it
// is empty, the next renewal token.
func (s *Server) setCookies(c *fiber.Ctx, session auth.Session, renewal string) error {
	accessName, renewalName := s.cookieNames()
	token, until, err := s.Tokens.Sign(session)
	if err != nil {
		return err
	}
	s.cookie(c, accessName, token, until)
	if renewal != "" {
		s.cookie(c, renewalName, renewal, session.EndsAt)
	}
	return nil
}

func (s *Server) cookie(c *fiber.Ctx, name, value string, until time.Time) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", Expires: until, HTTPOnly: true,
		Secure: s.Config.Secure(), SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// check is one attempt to sign in. An unknown user takes as long as a wrong
// password, and both are answered alike.
func (s *Server) check(c *fiber.Ctx, email, password string) (auth.User, error) {
	now, address := s.Now(), s.address(c)
	if !s.limits.passwords.Try(email, address, now) {
		return auth.User{}, auth.ErrTooMany
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), fileDeadline)
	defer cancel()
	var user auth.User
	view := s.Users.View()
	err := s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) (err error) {
		user, err = view.ByEmail(ctx, snap, email)
		return err
	})
	if err != nil && !errors.Is(err, warehouse.ErrNotFound) {
		return auth.User{}, err
	}
	ok, err := s.Hasher.Match(ctx, password, user.PasswordHash)
	if err != nil {
		return auth.User{}, err
	}
	if !ok || user.Disabled {
		return auth.User{}, errors.Join(s.noteRefused(c, user, email), auth.ErrCredentials)
	}
	s.limits.passwords.Succeed(email, address)
	return user, nil
}

// noteRefused notes a failed attempt, by the user's id, or for an address that
// nobody has by its mark.
func (s *Server) noteRefused(c *fiber.Ctx, user auth.User, email string) error {
	who := "user " + user.ID
	if user.ID == "" {
		mark, err := s.Warehouse.Mark(auth.NormalEmail(email))
		if err != nil {
			return err
		}
		who = "address " + mark
	}
	return s.note(c, audit.SignInRefused, who)
}

// begin is a new session of user with its renewal token, noted.
func (s *Server) begin(c *fiber.Ctx, user auth.User, by string) (auth.Session, string, error) {
	if user.Unsettled {
		return auth.Session{}, "", auth.ErrUnsettled
	}
	session, renewal, err := s.Sessions.Begin(user, agentOf(c.Get(fiber.HeaderUserAgent)), s.Now())
	if err != nil {
		return session, "", err
	}
	e := s.event(c, audit.SignIn, "user "+user.ID, "by", by, "session", sessionMark(session.ID))
	e.Actor = user.ID
	return session, renewal, s.Audit.Note(e)
}

// enter signs the browser in as user.
func (s *Server) enter(c *fiber.Ctx, user auth.User, by string) error {
	session, renewal, err := s.begin(c, user, by)
	if err != nil {
		return err
	}
	return s.setCookies(c, session, renewal)
}

// renew exchanges a renewal token. One that comes a second time ends its session,
// which is noted.
func (s *Server) renew(c *fiber.Ctx, text string, overlap time.Duration) (auth.Session, string, error) {
	session, next, err := s.Sessions.Renew(text, overlap, s.Now())
	if errors.Is(err, auth.ErrReused) {
		e := s.event(c, audit.SessionEnded, "user "+session.UserID, "why", "a renewal token came twice", "session", sessionMark(session.ID))
		err = errors.Join(err, s.Audit.Note(e))
	}
	return session, next, err
}

// sessionMark tells sessions apart in the log and names none.
func sessionMark(id string) string { return strings.ToLower(id[:min(len(id), 6)]) }

// signIn takes the form of the sign-in page.
func (s *Server) signIn(c *fiber.Ctx) error {
	user, err := s.check(c, c.FormValue("email"), c.FormValue("password"))
	if errors.Is(err, auth.ErrCredentials) || errors.Is(err, auth.ErrTooMany) {
		return s.showSignIn(c, err)
	}
	if err != nil {
		return err
	}
	if err := s.enter(c, user, "password"); errors.Is(err, auth.ErrUnsettled) {
		return s.showSignIn(c, err)
	} else if err != nil {
		return err
	}
	return c.Redirect(localPath(c.FormValue("next")), fiber.StatusSeeOther)
}

// signOut ends the session everywhere its tokens are.
func (s *Server) signOut(c *fiber.Ctx) error {
	if err := s.endSession(c); err != nil {
		return err
	}
	return c.Redirect("/sign-in", fiber.StatusSeeOther)
}

func (s *Server) endSession(c *fiber.Ctx) error {
	r := s.reader(c)
	if err := s.endViewing(c, r, "signed out"); err != nil {
		return err
	}
	user := r.holder().ID
	if _, err := s.Sessions.End(user, r.Session.ID); err != nil {
		return err
	}
	if err := s.note(c, audit.SignOut, "user "+user, "session", sessionMark(r.Session.ID)); err != nil {
		return err
	}
	access, renewal := s.cookieNames()
	s.cookie(c, access, "", time.Unix(1, 0))
	s.cookie(c, renewal, "", time.Unix(1, 0))
	return nil
}

type sessionRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Renewal  string `json:"renewal"` // instead of both: a renewal token
}

type sessionAnswer struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expires_at"`
	Renewal   string    `json:"renewal"`
}

// apiSession signs in (or renews) by JSON and answers the bearer token; a
// browser gets its cookies with it.
func (s *Server) apiSession(c *fiber.Ctx) error {
	var req sessionRequest
	if err := strictJSON(c.Body(), &req); err != nil {
		return badRequest("body", errors.New("send a JSON object with email and password"))
	}
	var session auth.Session
	var renewal string
	var err error
	if req.Renewal != "" {
		if session, renewal, err = s.renew(c, req.Renewal, 0); err != nil {
			return err
		}
		if _, err = s.welcome(c, session); err != nil {
			return err
		}
	} else {
		user, cerr := s.check(c, req.Email, req.Password)
		if cerr != nil {
			return cerr
		}
		if session, renewal, err = s.begin(c, user, "password"); err != nil {
			return err
		}
	}
	token, until, err := s.Tokens.Sign(session)
	if err != nil {
		return err
	}
	if err := s.setCookies(c, session, renewal); err != nil {
		return err
	}
	return c.JSON(sessionAnswer{Token: token, ExpiresAt: until, Renewal: renewal})
}

// apiSignOut ends the session of the bearer or cookie.
func (s *Server) apiSignOut(c *fiber.Ctx) error {
	if err := s.endSession(c); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// localPath is where to go after signing in: only a path of this server.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}
