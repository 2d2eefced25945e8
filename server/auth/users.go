package auth

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"credence/server/audit"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var files embed.FS

var questions = sqlfile.MustLoad(files, "sql")

// NewUser is what it takes to add a user.
type NewUser struct {
	Email    string
	Name     string
	Password string
	Roles    []Role
	RepID    string // the rep they are; empty: who has their e-mail
}

// NormalEmail is an address as users are found by: lower case, no blanks.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// UserByID looks a user up; warehouse.ErrNotFound when there is none.
func UserByID(ctx context.Context, q sqlfile.Querier, id string) (User, error) {
	return one(ctx, q, id, "")
}

// UserByEmail looks a user up; warehouse.ErrNotFound when there is none.
func UserByEmail(ctx context.Context, q sqlfile.Querier, email string) (User, error) {
	return one(ctx, q, "", NormalEmail(email))
}

func one(ctx context.Context, q sqlfile.Querier, id, email string) (User, error) {
	users, err := sqlfile.All(ctx, q, questions.Get("user"), scanUser, sql.Named("user_id", id), sql.Named("email", email))
	if err != nil {
		return User{}, err
	}
	if len(users) == 0 {
		return User{}, warehouse.ErrNotFound
	}
	return users[0], nil
}

// Users lists every user by e-mail.
func Users(ctx context.Context, q sqlfile.Querier) ([]User, error) {
	return sqlfile.All(ctx, q, questions.Get("users"), scanUser)
}

func scanUser(scan func(...any) error) (User, error) {
	var u User
	var roles string
	var until sql.NullTime
	if err := scan(&u.ID, &u.Email, &u.Name, &roles, &u.Disabled, &u.SessionVersion, &u.PasswordHash, &u.GivenRep, &u.InviteHash, &until); err != nil {
		return u, err
	}
	u.InvitedUntil = until.Time
	var err error
	if u.Roles, err = ParseRoles(roles); err != nil {
		return u, fmt.Errorf("user %s: %w", u.ID, err)
	}
	return u, nil
}

// Add hashes the passwords of users and stores those whose e-mail is not taken.
// It returns the e-mails that were added.
func (r *Register) Add(ctx context.Context, h *Hasher, now time.Time, users ...NewUser) (added []string, err error) {
	taken := map[string]bool{}
	view := r.View()
	err = r.w.Read(ctx, func(s *warehouse.Snapshot) error {
		have, lerr := view.Users(ctx, s)
		for _, u := range have {
			taken[u.Email] = true
		}
		return lerr
	})
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	var fresh []User
	for _, u := range users {
		if taken[NormalEmail(u.Email)] {
			continue
		}
		user, uerr := u.user(now)
		if uerr != nil {
			return nil, uerr
		}
		taken[user.Email] = true
		if user.PasswordHash, err = h.Hash(ctx, u.Password); err != nil {
			return nil, fmt.Errorf("add user %s: %w", user.Email, err)
		}
		fresh = append(fresh, user)
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	err = r.decide(ctx, now, audit.CommandLine, func(d *draft) error {
		for _, user := range fresh {
			// Somebody else may have added them while the passwords were hashed.
			if taken, terr := d.taken(user.Email); terr != nil {
				return terr
			} else if taken {
				continue
			}
			d.add(user)
			added = append(added, user.Email)
		}
		return nil
	})
	return added, err
}

// ErrNoUser says that nobody has an e-mail.
var ErrNoUser = errors.New("there is no user")

// ErrNewUser says that what was given makes no user.
var ErrNewUser = errors.New("add user")

// user is a new user as stored, without password.
func (n NewUser) user(now time.Time) (User, error) {
	email := NormalEmail(n.Email)
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 254 {
		return User{}, fmt.Errorf("%w: %q is not an e-mail address", ErrNewUser, n.Email)
	}
	if len(n.Roles) == 0 {
		return User{}, fmt.Errorf("%w %s: a user needs a role: rep, manager, cmo, admin", ErrNewUser, email)
	}
	name := strings.TrimSpace(n.Name)
	if name == "" {
		name = email
	}
	return User{ID: ulid.Make().String(), Email: email, Name: name, Roles: n.Roles, GivenRep: n.RepID, SessionVersion: 1, AddedAt: now.UTC().Truncate(time.Second)}, nil
}

// insert stores a new user, once.
func insert(ctx context.Context, tx *warehouse.Tx, u User) error {
	err := questions.Get("add_user").Exec(ctx, tx, sql.Named("user_id", u.ID), sql.Named("email", u.Email), sql.Named("name", u.Name),
		sql.Named("password_hash", u.PasswordHash), sql.Named("roles", JoinRoles(u.Roles)), sql.Named("now", u.AddedAt))
	if err != nil {
		return fmt.Errorf("add user %s: %w", u.Email, err)
	}
	if u.Has(Admin) {
		if err := questions.Get("keep_set_up").Exec(ctx, tx, sql.Named("now", u.AddedAt)); err != nil {
			return fmt.Errorf("keep that there is an administrator: %w", err)
		}
	}
	return nil
}

// save writes what changed of a user.
func save(ctx context.Context, tx *warehouse.Tx, u User) error {
	err := questions.Get("save_user").Exec(ctx, tx, sql.Named("user_id", u.ID), sql.Named("name", u.Name), sql.Named("password_hash", u.PasswordHash),
		sql.Named("roles", JoinRoles(u.Roles)), sql.Named("disabled", u.Disabled), sql.Named("session_version", u.SessionVersion), sql.Named("rep_id", u.GivenRep),
		sql.Named("invite_hash", u.InviteHash), sql.Named("invited_until", sql.NullTime{Time: u.InvitedUntil.UTC(), Valid: !u.InvitedUntil.IsZero()}))
	if err != nil {
		return fmt.Errorf("save user %s: %w", u.ID, err)
	}
	return nil
}

// Disable ends every session of the user with this e-mail and refuses new ones;
// somebody at the machine asks for it.
func (r *Register) Disable(ctx context.Context, now time.Time, email string) error {
	return r.atMachine(ctx, now, email, func(d *draft, user User) error {
		user.Disabled, user.Unsettled = true, true
		user.SessionVersion++
		user.InviteHash, user.InvitedUntil = "", time.Time{}
		d.save(user)
		d.note(audit.ChangeUser, "user "+user.ID, "change", "disabled")
		return nil
	})
}

// Enable lets the user with this e-mail sign in again; somebody at the machine
// asks for it, which is the way back for the only administrator.
func (r *Register) Enable(ctx context.Context, now time.Time, email string) error {
	return r.atMachine(ctx, now, email, func(d *draft, user User) error {
		if !user.Disabled {
			return nil
		}
		user.Disabled, user.Unsettled = false, true
		d.save(user)
		d.note(audit.ChangeUser, "user "+user.ID, "change", "enabled")
		return nil
	})
}

func (r *Register) atMachine(ctx context.Context, now time.Time, email string, do func(*draft, User) error) error {
	return r.decide(ctx, now, audit.CommandLine, func(d *draft) error {
		user, err := d.ByEmail(d.ctx, d.q, email)
		if errors.Is(err, warehouse.ErrNotFound) {
			return fmt.Errorf("%w %s: `credence user list` shows who there is", ErrNoUser, NormalEmail(email))
		}
		if err != nil {
			return err
		}
		return do(d, user)
	})
}
