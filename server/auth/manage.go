package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/warehouse"
)

// InviteLife is how long an invitation can be used.
const InviteLife = 7 * 24 * time.Hour

// Invite adds a user who has no password yet, and answers the code with which
// they choose one; it is kept as a hash and cannot be read again. by is the
// administrator who asks.
func Invite(ctx context.Context, tx *warehouse.Tx, now time.Time, by string, n NewUser) (User, string, error) {
	user, err := n.user()
	if err != nil {
		return user, "", err
	}
	if _, err = UserByEmail(ctx, tx, user.Email); err == nil {
		return user, "", fmt.Errorf("there is already a user %s", user.Email)
	} else if !errors.Is(err, warehouse.ErrNotFound) {
		return user, "", err
	}
	if err = insert(ctx, tx, now, by, user); err != nil {
		return user, "", err
	}
	code := user.invite(now)
	return user, code, save(ctx, tx, user)
}

// invite makes the code of a fresh invitation, which puts any before out of use.
func (u *User) invite(now time.Time) string {
	secret := rand.Text()
	u.InviteHash, u.InvitedUntil = hashOf(secret), now.UTC().Truncate(time.Second).Add(InviteLife)
	return u.ID + "." + secret
}

// Directory is the actor of what the company's directory brings about.
const Directory = "directory"

// Provision adds a user whom the company's directory vouches for. They have no
// password.
func Provision(ctx context.Context, tx *warehouse.Tx, now time.Time, n NewUser) (User, error) {
	user, err := n.user()
	if err != nil {
		return user, err
	}
	have, err := UserByEmail(ctx, tx, user.Email)
	if err == nil || !errors.Is(err, warehouse.ErrNotFound) {
		return have, err
	}
	return user, insert(ctx, tx, now, Directory, user)
}

// Reset takes a user's password away, ends the sessions and answers the code of a
// fresh invitation.
func Reset(ctx context.Context, tx *warehouse.Tx, now time.Time, by, userID string) (User, string, error) {
	user, err := UserByID(ctx, tx, userID)
	if err != nil {
		return user, "", err
	}
	if user.Disabled {
		return user, "", errors.New("a disabled user cannot be invited: enable them first")
	}
	code := user.invite(now)
	user.PasswordHash = ""
	user.SessionVersion++
	if err = save(ctx, tx, user); err != nil {
		return user, "", err
	}
	return user, code, changed(ctx, tx, now, by, user, "reset")
}

// Accept uses an invitation up: its user has the password from then on.
func Accept(ctx context.Context, w *warehouse.Warehouse, h *Hasher, now time.Time, code, password string) (User, error) {
	id, secret, ok := strings.Cut(strings.TrimSpace(code), ".")
	if !ok || len(code) > MaxTokenBytes {
		return User{}, ErrInvitation
	}
	valid := func(u User) bool {
		return !u.Disabled && now.Before(u.InvitedUntil) && same(hashOf(secret), u.InviteHash)
	}
	var user User
	err := w.Read(ctx, func(s *warehouse.Snapshot) (err error) {
		user, err = UserByID(ctx, s, id)
		return err
	})
	if errors.Is(err, warehouse.ErrNotFound) || err == nil && !valid(user) {
		return User{}, ErrInvitation
	}
	if err != nil {
		return User{}, err
	}
	hash, err := h.Hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	err = w.Write(ctx, func(tx *warehouse.Tx) (err error) {
		if user, err = UserByID(ctx, tx, id); err != nil {
			return err
		}
		if !valid(user) { // used while the password was hashed
			return ErrInvitation
		}
		user.PasswordHash, user.InviteHash, user.InvitedUntil = hash, "", time.Time{}
		user.SessionVersion++
		if err = save(ctx, tx, user); err != nil {
			return err
		}
		return changed(ctx, tx, now, user.ID, user, "password chosen")
	})
	return user, err
}

// ChangePassword sets another password for a user who knows the present one, and
// ends the other sessions.
func ChangePassword(ctx context.Context, w *warehouse.Warehouse, h *Hasher, now time.Time, user User, present, next string) error {
	ok, err := h.Match(ctx, present, user.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return ErrCredentials
	}
	hash, err := h.Hash(ctx, next)
	if err != nil {
		return err
	}
	return w.Write(ctx, func(tx *warehouse.Tx) error {
		u, err := UserByID(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		u.PasswordHash, u.InviteHash, u.InvitedUntil = hash, "", time.Time{}
		if err := save(ctx, tx, u); err != nil {
			return err
		}
		return changed(ctx, tx, now, u.ID, u, "password changed")
	})
}

// Change is what an administrator may change of a user.
type Change struct {
	Name     string
	Roles    []Role
	RepID    string
	Disabled bool
}

// ChangeUser changes a user. Other roles, and disabling, end the sessions. The
// last administrator who can sign in stays one.
func ChangeUser(ctx context.Context, tx *warehouse.Tx, now time.Time, by, userID string, c Change) (User, error) {
	user, err := UserByID(ctx, tx, userID)
	if err != nil {
		return user, err
	}
	if len(c.Roles) == 0 {
		return user, errors.New("a user needs a role: rep, manager, cmo, admin")
	}
	before := user
	user.Name, user.Roles, user.GivenRep, user.Disabled = strings.TrimSpace(c.Name), c.Roles, c.RepID, c.Disabled
	if user.Name == "" {
		user.Name = user.Email
	}
	if before.active(Admin) && !user.active(Admin) {
		if err = refuseLast(ctx, tx, user.ID); err != nil {
			return user, err
		}
	}
	var said []string
	add := func(name, from, to string) {
		if from != to {
			said = append(said, name, from+" → "+to)
		}
	}
	add("roles", JoinRoles(before.Roles), JoinRoles(user.Roles))
	add("rep", before.GivenRep, user.GivenRep)
	add("disabled", fmt.Sprint(before.Disabled), fmt.Sprint(user.Disabled))
	if before.Name != user.Name {
		said = append(said, "name", "changed")
	}
	if len(said) == 0 {
		return user, nil
	}
	if !slices.Equal(before.Roles, user.Roles) || user.Disabled && !before.Disabled {
		user.SessionVersion++
	}
	if user.Disabled {
		user.InviteHash, user.InvitedUntil = "", time.Time{}
	}
	if err = save(ctx, tx, user); err != nil {
		return user, err
	}
	return user, changed(ctx, tx, now, by, user, "changed", said...)
}

func (u User) active(role Role) bool { return !u.Disabled && u.Has(role) }

func refuseLast(ctx context.Context, tx *warehouse.Tx, userID string) error {
	users, err := Users(ctx, tx)
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.ID != userID && u.active(Admin) {
			return nil
		}
	}
	return ErrLastAdmin
}

// IsSetUp reports whether an administrator exists or ever did: then the one-time
// set-up is over for good.
func IsSetUp(ctx context.Context, s *warehouse.Snapshot) (done bool, err error) {
	if err = questions.Get("is_set_up").One(ctx, s, nil, &done); err != nil {
		return false, fmt.Errorf("look for an administrator: %w", err)
	}
	return done, nil
}

// SetUp adds the first administrator; when there was one already, it is
// warehouse.ErrNotFound, like everything of the set-up from then on.
func SetUp(ctx context.Context, w *warehouse.Warehouse, h *Hasher, now time.Time, n NewUser) (User, error) {
	n.Roles = []Role{Admin}
	user, err := n.user()
	if err != nil {
		return user, err
	}
	if user.PasswordHash, err = h.Hash(ctx, n.Password); err != nil {
		return user, err
	}
	return user, w.Write(ctx, func(tx *warehouse.Tx) error {
		var done bool
		if err := questions.Get("is_set_up").One(ctx, tx, nil, &done); err != nil {
			return fmt.Errorf("look for an administrator: %w", err)
		}
		if done {
			return warehouse.ErrNotFound
		}
		if _, err := UserByEmail(ctx, tx, user.Email); err == nil {
			return fmt.Errorf("there is already a user %s, who is no administrator: choose another address", user.Email)
		} else if !errors.Is(err, warehouse.ErrNotFound) {
			return err
		}
		return insert(ctx, tx, now, user.ID, user)
	})
}
