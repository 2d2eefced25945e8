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
	if err := scan(&u.ID, &u.Email, &u.Name, &roles, &u.Disabled, &u.SessionVersion, &u.PasswordHash); err != nil {
		return u, err
	}
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
	type row struct{ id, email, name, hash, roles string }
	var rows []row
	for _, u := range users {
		email := NormalEmail(u.Email)
		if taken[email] {
			continue
		}
		taken[email] = true
		if a, perr := mail.ParseAddress(email); perr != nil || a.Address != email {
			return nil, fmt.Errorf("add user: %q is not an e-mail address", u.Email)
		}
		if len(u.Roles) == 0 {
			return nil, fmt.Errorf("add user %s: a user needs a role: rep, manager, cmo, admin", email)
		}
		hash, herr := h.Hash(ctx, u.Password)
		if herr != nil {
			return nil, fmt.Errorf("add user %s: %w", email, herr)
		}
		name := strings.TrimSpace(u.Name)
		if name == "" {
			name = email
		}
		rows = append(rows, row{ulid.Make().String(), email, name, hash, JoinRoles(u.Roles)})
	}
	if len(rows) == 0 {
		return nil, nil
	}
	var events []audit.Event
	err = w.Write(ctx, func(tx *warehouse.Tx) error {
		for _, r := range rows {
			// Somebody else may have added them while the passwords were hashed.
			if _, ferr := UserByEmail(ctx, tx, r.email); ferr == nil {
				continue
			} else if !errors.Is(ferr, warehouse.ErrNotFound) {
				return ferr
			}
			aerr := questions.Get("add_user").Exec(ctx, tx, sql.Named("user_id", r.id), sql.Named("email", r.email), sql.Named("name", r.name),
				sql.Named("password_hash", r.hash), sql.Named("roles", r.roles), sql.Named("now", now.UTC().Truncate(time.Second)))
			if aerr != nil {
				return fmt.Errorf("add user %s: %w", r.email, aerr)
			}
			added = append(added, r.email)
			events = append(events, audit.Event{At: now, Actor: audit.CommandLine, Action: audit.ChangeUser, Object: "user " + r.id, Detail: map[string]string{"change": "added", "roles": r.roles}})
		}
		return audit.Record(ctx, tx, events...)
	})
	return added, err
}

// Disable ends every session of the user and refuses new ones.
func Disable(ctx context.Context, w *warehouse.Warehouse, now time.Time, email string) error {
	return w.Write(ctx, func(tx *warehouse.Tx) error {
		user, err := UserByEmail(ctx, tx, email)
		if err != nil {
			if errors.Is(err, warehouse.ErrNotFound) {
				return fmt.Errorf("there is no user %s: `credence user list` shows who there is", NormalEmail(email))
			}
			return err
		}
		if err = questions.Get("disable_user").Exec(ctx, tx, sql.Named("email", NormalEmail(email))); err != nil {
			return fmt.Errorf("disable user %s: %w", user.ID, err)
		}
		return audit.Record(ctx, tx, audit.Event{At: now, Actor: audit.CommandLine, Action: audit.ChangeUser, Object: "user " + user.ID, Detail: map[string]string{"change": "disabled"}})
	})
}
