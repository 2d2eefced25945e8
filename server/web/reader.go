package web

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var files embed.FS

var questions = sqlfile.MustLoad(files, "sql")

// readerAge is how long a look-up of roles may be used again: so long does a
// demotion take.
const readerAge = 4 * time.Second

const readerLocal = "reader"

// Reader is who asks: the user, their roles as they are now, and the rep they
// are, if they are one.
type Reader struct {
	auth.User
	RepID    string // "" when no rep has the user's e-mail
	TeamID   string // of the rep
	TeamName string
	Root     bool // manager of the root team
	Session  auth.Session
	Token    string       // id of the API token that asks; "" for a session
	Scopes   []auth.Scope // of that token
	Admin    *auth.User   // the administrator who views as this reader; nil for the reader themselves
	ViewEnds time.Time    // of such a viewing
}

// reader is who asks; routes that need no session have the zero Reader.
func (s *Server) reader(c *fiber.Ctx) Reader {
	r, _ := c.Locals(readerLocal).(Reader)
	return r
}

// SeesReps reports whether every rep in the reader's scope may be named: to a
// manager they may, to a cmo only when privacy.cmo_sees_reps allows it or the
// cmo leads the whole company too.
func (s *Server) SeesReps(r Reader) bool {
	if r.Has(auth.CMO) {
		return s.Config.Privacy.CMOSeesReps || r.Root
	}
	return r.Has(auth.Manager)
}

// SeesSpend reports whether spend and efficiency may be shown.
func (r Reader) SeesSpend() bool { return r.Has(auth.CMO) || r.Root }

// cachedReader is of a moment and of a version of the register: another decision
// about anybody puts it out of use.
type cachedReader struct {
	reader  Reader
	at      time.Time
	version int64
}

type cachedToken struct {
	token   auth.APIToken
	at      time.Time
	version int64
}

// fresh says whether what was looked up at a moment may be used again.
func fresh(now, at time.Time) bool { return now.Sub(at) < readerAge && now.Sub(at) >= 0 }

type readerCache struct {
	mu     sync.Mutex
	users  map[string]cachedReader
	tokens map[string]cachedToken
}

// authenticate finds who asks by bearer token or cookie and whether a cookie
// said so. An expired access cookie is renewed on the way.
func (s *Server) authenticate(c *fiber.Ctx) (r Reader, byCookie bool, err error) {
	if header := c.Get(fiber.HeaderAuthorization); header != "" {
		token, ok := strings.CutPrefix(header, "Bearer ")
		if !ok {
			return Reader{}, false, auth.ErrSession
		}
		if strings.HasPrefix(token, auth.TokenPrefix) {
			r, err = s.tokenReader(c, token)
			return r, false, err
		}
		session, rerr := s.Tokens.Read(token)
		if rerr != nil {
			return Reader{}, false, rerr
		}
		r, err = s.welcome(c, session)
		return r, false, err
	}
	access, renewal := s.cookieNames()
	session, err := s.Tokens.Read(c.Cookies(access))
	next, renew := "", false
	if err != nil {
		if session, next, err = s.renew(c, c.Cookies(renewal), auth.Overlap); err != nil {
			return Reader{}, true, err
		}
		renew = true
	}
	if r, err = s.welcome(c, session); err != nil {
		return Reader{}, true, err
	}
	if renew {
		err = s.setCookies(c, session, next)
	}
	return r, true, err
}

// welcome looks up the session's user and refuses sessions that were ended,
// belong to a disabled user or are older than the user's version.
func (s *Server) welcome(c *fiber.Ctx, session auth.Session) (Reader, error) {
	if !s.Sessions.Alive(session.ID, s.Now()) {
		return Reader{}, auth.ErrSession
	}
	r, err := s.lookUp(c.UserContext(), session.UserID)
	if errors.Is(err, warehouse.ErrNotFound) {
		return Reader{}, auth.ErrSession
	}
	if err != nil {
		return Reader{}, err
	}
	if r.Disabled || r.SessionVersion != session.Version {
		return Reader{}, auth.ErrSession
	}
	if r.Unsettled {
		return Reader{}, auth.ErrUnsettled
	}
	r.Session = session
	return r, nil
}

func (s *Server) lookUp(ctx context.Context, userID string) (Reader, error) {
	now, view := s.Now(), s.Users.View()
	s.readers.mu.Lock()
	have, ok := s.readers.users[userID]
	s.readers.mu.Unlock()
	if ok && have.version == view.Version && fresh(now, have.at) {
		return have.reader, nil
	}
	ctx, cancel := context.WithTimeout(ctx, pageDeadline)
	defer cancel()
	var r Reader
	err := s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) error {
		var err error
		if r.User, err = view.ByID(ctx, snap, userID); err != nil {
			return err
		}
		return s.findRep(ctx, snap, &r)
	})
	if err != nil {
		return Reader{}, err
	}
	s.readers.mu.Lock()
	s.readers.users[userID] = cachedReader{r, now, view.Version}
	s.readers.mu.Unlock()
	return r, nil
}

// findRep tells which rep the user is; before the first refresh nobody is one.
func (s *Server) findRep(ctx context.Context, snap *warehouse.Snapshot, r *Reader) error {
	if snap.Generation == 0 {
		return nil
	}
	err := questions.Get("reader").One(ctx, snap, []sql.NamedArg{sql.Named("email", r.Email), sql.Named("rep_id", r.GivenRep)},
		&r.RepID, &r.TeamID, &r.TeamName, &r.Root)
	if err != nil {
		return fmt.Errorf("find the rep of a user: %w", err)
	}
	r.Root = r.Root && r.Has(auth.Manager)
	return nil
}
