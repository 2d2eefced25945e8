package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"credence/server/audit"
	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
)

// How long an administrator views as somebody, and how long a reason may be.
const (
	viewLife      = time.Hour
	minViewReason = 5
	maxViewReason = 200
)

// errViewing refuses whatever would change something while viewing as somebody.
var errViewing = errors.New("you view as somebody else, and so can only read: stop viewing first; nothing was changed")

// viewing is an administrator's session that sees what another user sees.
type viewing struct {
	userID string
	until  time.Time
}

// viewings are those that run, by session. They are kept in memory: a restart
// ends them. The zero value is ready.
type viewings struct {
	mu   sync.Mutex
	runs map[string]viewing
}

func (k *viewings) of(session string) (viewing, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.runs[session]
	return v, ok
}

// begin starts a viewing and forgets those that time has ended.
func (k *viewings) begin(session string, v viewing, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.runs == nil {
		k.runs = map[string]viewing{}
	}
	for id, one := range k.runs {
		if !now.Before(one.until) {
			delete(k.runs, id)
		}
	}
	k.runs[session] = v
}

// end says whether there was one to end.
func (k *viewings) end(session string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.runs[session]
	delete(k.runs, session)
	return ok
}

// whileViewing are the changes that somebody who views as another may make: to
// stop, and to leave.
var whileViewing = []string{fiber.MethodPost + " /view-as/stop", fiber.MethodPost + " /sign-out", fiber.MethodDelete + " /api/v1/session"}

// asViewed is who a request counts as: the reader, or whom their session views
// as. The rights are those of the viewed user as they are now, less those of an
// administrator, and only to read. A viewing ends by itself after an hour, and
// when either may no longer sign in or view.
func (s *Server) asViewed(c *fiber.Ctx, r route, admin Reader) (Reader, error) {
	if admin.Token != "" {
		return admin, nil
	}
	v, ok := s.viewings.of(admin.Session.ID)
	if !ok {
		return admin, nil
	}
	if !s.Now().Before(v.until) {
		return admin, s.endViewing(c, admin, "the hour is over")
	}
	if !admin.Has(auth.Admin) {
		return admin, s.endViewing(c, admin, "no administrator any more")
	}
	viewed, err := s.lookUp(c.UserContext(), v.userID)
	if errors.Is(err, warehouse.ErrNotFound) || err == nil && !viewable(viewed.User) {
		return admin, s.endViewing(c, admin, "the user may not be viewed any more")
	}
	if err != nil {
		return admin, err
	}
	if viewed.Unsettled {
		return admin, auth.ErrUnsettled
	}
	viewed.Roles = sellerRoles(viewed.User)
	viewed.Session, viewed.Admin, viewed.ViewEnds = admin.Session, &admin.User, v.until
	if !slices.Contains(safeMethods, c.Method()) && !slices.Contains(whileViewing, r.method+" "+r.path) {
		return viewed, errViewing
	}
	return viewed, nil
}

// sellerRoles are a user's roles without the administrator's.
func sellerRoles(u auth.User) []auth.Role {
	return slices.DeleteFunc(slices.Clone(u.Roles), func(r auth.Role) bool { return r == auth.Admin })
}

// viewable says whether there is something to view as a user.
func viewable(u auth.User) bool { return !u.Disabled && len(sellerRoles(u)) > 0 }

// holder is whose session a request came with: the administrator's while viewing
// as another.
func (r Reader) holder() auth.User {
	if r.Admin != nil {
		return *r.Admin
	}
	return r.User
}

// endViewing ends the viewing of the reader's session, if there is one, and notes
// why.
func (s *Server) endViewing(c *fiber.Ctx, r Reader, why string) error {
	v, _ := s.viewings.of(r.Session.ID)
	if !s.viewings.end(r.Session.ID) {
		return nil
	}
	e := s.event(c, audit.ViewAs, "user "+v.userID, "change", "stopped", "why", why, "session", sessionMark(r.Session.ID))
	e.Actor = r.holder().ID
	return s.Audit.Note(e)
}

// startViewing is the button on the page of a user: from then on the session sees
// what that user sees. It is noted before anything is shown.
func (s *Server) startViewing(c *fiber.Ctx) error {
	id, r, reason := c.Params("id"), s.reader(c), strings.TrimSpace(c.FormValue("reason"))
	ctx, cancel := context.WithTimeout(c.UserContext(), pageDeadline)
	defer cancel()
	var user auth.User
	view := s.Users.View()
	err := s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) (err error) {
		user, err = view.ByID(ctx, snap, id)
		return err
	})
	if err != nil {
		return err
	}
	n := utf8.RuneCountInString(reason)
	switch {
	case user.ID == r.ID:
		return s.showUser(c, userEdit{problem: badRequest("user", errors.New("this is you"))})
	case user.Disabled:
		return s.showUser(c, userEdit{problem: badRequest("user", errors.New("a disabled user sees nothing; enable them first"))})
	case !viewable(user):
		return s.showUser(c, userEdit{problem: badRequest("user", errors.New("an administrator sees no deals and no figures: there is nothing to view"))})
	case n < minViewReason || n > maxViewReason:
		return s.showUser(c, userEdit{problem: badRequest("reason", fmt.Errorf("write in %d to %d characters why you view as %s; it stands in the log", minViewReason, maxViewReason, user.Name))})
	}
	until := s.Now().Add(viewLife)
	err = s.note(c, audit.ViewAs, "user "+user.ID, "change", "started", "reason", reason, "until", until.UTC().Format(time.RFC3339), "session", sessionMark(r.Session.ID))
	if err != nil {
		return err
	}
	s.viewings.begin(r.Session.ID, viewing{user.ID, until}, s.Now())
	return c.Redirect("/", fiber.StatusSeeOther)
}

// stopViewing is the button of the banner.
func (s *Server) stopViewing(c *fiber.Ctx) error {
	r := s.reader(c)
	if r.Admin == nil {
		return c.Redirect("/", fiber.StatusSeeOther)
	}
	if err := s.endViewing(c, r, "by the button"); err != nil {
		return err
	}
	return c.Redirect(userPath(r.ID), fiber.StatusSeeOther)
}

// banner tells a reader that they view as somebody, on every page; nil when they
// do not.
func (s *Server) banner(r Reader) *ui.Viewing {
	if r.Admin == nil {
		return nil
	}
	return &ui.Viewing{Name: r.Name, Roles: rolesInWords(r.Roles), Until: r.ViewEnds.In(s.Config.Company.Location()).Format("15:04")}
}
