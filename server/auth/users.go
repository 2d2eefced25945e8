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
func Add(ctx context.Context, w *warehouse.Warehouse, h *Hasher, now time.Time, users ...NewUser) (added []string, err error) {
	taken := map[string]bool{}
	err = w.Read(ctx, func(s *warehouse.Snapshot) error {
		have, lerr := Users(ctx, s)
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
		user, uerr := u.user()
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
	err = w.Write(ctx, func(tx *warehouse.Tx) error {
		for _, user := range fresh {
			// Somebody else may have added them while the passwords were hashed.
			if _, ferr := UserByEmail(ctx, tx, user.Email); ferr == nil {
				continue
			} else if !errors.Is(ferr, warehouse.ErrNotFound) {
				return ferr
			}
			if aerr := insert(ctx, tx, now, audit.CommandLine, user); aerr != nil {
				return aerr
			}
			added = append(added, user.Email)
		}
		return nil
	})
	return added, err
}

// user is a new user as stored, without password.
func (n NewUser) user() (User, error) {
	email := NormalEmail(n.Email)
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 254 {
		return User{}, fmt.Errorf("add user: %q is not an e-mail address", n.Email)
	}
	if len(n.Roles) == 0 {
		return User{}, fmt.Errorf("add user %s: a user needs a role: rep, manager, cmo, admin", email)
	}
	name := strings.TrimSpace(n.Name)
	if name == "" {
		name = email
	}
	return User{ID: ulid.Make().String(), Email: email, Name: name, Roles: n.Roles, SessionVersion: 1}, nil
}

// insert stores a new user and notes by whom.
func insert(ctx context.Context, tx *warehouse.Tx, now time.Time, by string, u User) error {
	now = now.UTC().Truncate(time.Second)
	err := questions.Get("add_user").Exec(ctx, tx, sql.Named("user_id", u.ID), sql.Named("email", u.Email), sql.Named("name", u.Name),
		sql.Named("password_hash", u.PasswordHash), sql.Named("roles", JoinRoles(u.Roles)), sql.Named("now", now))
	if err != nil {
		return fmt.Errorf("add user %s: %w", u.Email, err)
	}
	if u.Has(Admin) {
		if err := questions.Get("keep_set_up").Exec(ctx, tx, sql.Named("now", now)); err != nil {
			return fmt.Errorf("keep that there is an administrator: %w", err)
		}
	}
	return changed(ctx, tx, now, by, u, "added", "roles", JoinRoles(u.Roles))
}

// changed notes what happened to a user; detail is pairs of name and value.
func changed(ctx context.Context, tx *warehouse.Tx, now time.Time, by string, u User, what string, detail ...string) error {
	e := audit.Event{At: now, Actor: by, Action: audit.ChangeUser, Object: "user " + u.ID, Detail: map[string]string{"change": what}}
	for i := 0; i+1 < len(detail); i += 2 {
		e.Detail[detail[i]] = detail[i+1]
	}
	return audit.Record(ctx, tx, e)
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
func Disable(ctx context.Context, w *warehouse.Warehouse, now time.Time, email string) error {
	return w.Write(ctx, func(tx *warehouse.Tx) error {
		user, err := UserByEmail(ctx, tx, email)
		if errors.Is(err, warehouse.ErrNotFound) {
			return fmt.Errorf("there is no user %s: `credence user list` shows who there is", NormalEmail(email))
		}
		if err != nil {
			return err
		}
		user.Disabled = true
		user.SessionVersion++
		if err = save(ctx, tx, user); err != nil {
			return err
		}
		return changed(ctx, tx, now, audit.CommandLine, user, "disabled")
	})
}
