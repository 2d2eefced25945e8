package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/server/audit"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// InviteLife is how long an invitation can be used.
const InviteLife = 7 * 24 * time.Hour

// Invite adds a user who has no password yet, and answers the code with which
// they choose one; it is kept as a hash and cannot be read again. by is the
// administrator who asks.
func (r *Register) Invite(ctx context.Context, now time.Time, by string, n NewUser) (user User, code string, err error) {
	if user, err = n.user(now); err != nil {
		return user, "", err
	}
	code = user.invite(now)
	return user, code, r.decide(ctx, now, by, func(d *draft) error {
		if taken, terr := d.taken(user.Email); terr != nil {
			return terr
		} else if taken {
			return fmt.Errorf("there is already a user %s", user.Email)
		}
		d.add(user)
		return nil
	})
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
func (r *Register) Provision(ctx context.Context, now time.Time, n NewUser) (User, error) {
	user, err := n.user(now)
	if err != nil {
		return user, err
	}
	return user, r.decide(ctx, now, Directory, func(d *draft) error {
		have, herr := d.ByEmail(d.ctx, d.q, user.Email)
		switch {
		case herr == nil:
			user = have
			return nil
		case !errors.Is(herr, warehouse.ErrNotFound):
			return herr
		}
		d.add(user)
		return nil
	})
}

// Reset takes a user's password away, ends the sessions, revokes the API tokens
// and answers the code of a fresh invitation.
func (r *Register) Reset(ctx context.Context, now time.Time, by, userID string) (user User, code string, err error) {
	err = r.decide(ctx, now, by, func(d *draft) (err error) {
		if user, err = d.user(userID); err == nil {
			user, code, err = d.reset(user)
		}
		return err
	})
	return user, code, err
}

// ResetByEmail is Reset for somebody at the machine.
func (r *Register) ResetByEmail(ctx context.Context, now time.Time, email string) (code string, err error) {
	return code, r.atMachine(ctx, now, email, func(d *draft, user User) (err error) {
		_, code, err = d.reset(user)
		return err
	})
}

func (d *draft) reset(user User) (User, string, error) {
	if user.Disabled {
		return user, "", errors.New("a disabled user cannot be invited: enable them first")
	}
	code := user.invite(d.now)
	user.PasswordHash = ""
	user.SessionVersion++
	d.save(user)
	d.note(audit.ChangeUser, "user "+user.ID, "change", "reset")
	return user, code, d.revokeAll(user.ID)
}

// Accept uses an invitation up: its user has the password from then on.
func (r *Register) Accept(ctx context.Context, h *Hasher, now time.Time, code, password string) (User, error) {
	id, secret, ok := strings.Cut(strings.TrimSpace(code), ".")
	if !ok || len(code) > MaxTokenBytes {
		return User{}, ErrInvitation
	}
	valid := func(u User) bool {
		return !u.Disabled && now.Before(u.InvitedUntil) && same(hashOf(secret), u.InviteHash)
	}
	var user User
	view := r.View()
	err := r.w.Read(ctx, func(s *warehouse.Snapshot) (err error) {
		user, err = view.ByID(ctx, s, id)
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
	err = r.decide(ctx, now, id, func(d *draft) (err error) {
		if user, err = d.user(id); err != nil {
			return err
		}
		if !valid(user) { // used while the password was hashed
			return ErrInvitation
		}
		user.PasswordHash, user.InviteHash, user.InvitedUntil = hash, "", time.Time{}
		user.SessionVersion++
		d.save(user)
		d.note(audit.ChangeUser, "user "+user.ID, "change", "password chosen")
		return nil
	})
	return user, err
}

// ChangePassword sets another password for a user who knows the present one, and
// ends the other sessions; with tokens, it revokes the API tokens too.
func (r *Register) ChangePassword(ctx context.Context, h *Hasher, now time.Time, user User, present, next string, tokens bool) error {
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
	return r.decide(ctx, now, user.ID, func(d *draft) error {
		u, err := d.user(user.ID)
		if err != nil {
			return err
		}
		if u.PasswordHash != user.PasswordHash { // taken away while the new one was hashed
			return ErrCredentials
		}
		u.PasswordHash, u.InviteHash, u.InvitedUntil = hash, "", time.Time{}
		d.save(u)
		d.note(audit.ChangeUser, "user "+u.ID, "change", "password changed")
		if !tokens {
			return nil
		}
		return d.revokeAll(u.ID)
	})
}

// Change is what an administrator may change of a user.
type Change struct {
	Name     string
	Roles    []Role
	RepID    string
	Disabled bool
}

// Change changes a user. Other roles, and disabling, end the sessions. The last
// administrator who can sign in stays one. what says from the user as they are
// what they are to be.
func (r *Register) Change(ctx context.Context, now time.Time, by, userID string, what func(User) Change) (user User, err error) {
	err = r.decide(ctx, now, by, func(d *draft) (err error) {
		if user, err = d.user(userID); err != nil {
			return err
		}
		user, err = d.change(user, what(user))
		return err
	})
	return user, err
}

func (d *draft) change(before User, c Change) (User, error) {
	user := before
	if len(c.Roles) == 0 {
		return user, errors.New("a user needs a role: rep, manager, cmo, admin")
	}
	user.Name, user.Roles, user.GivenRep, user.Disabled = strings.TrimSpace(c.Name), c.Roles, c.RepID, c.Disabled
	if user.Name == "" {
		user.Name = user.Email
	}
	if before.active(Admin) && !user.active(Admin) {
		if err := d.refuseLast(user.ID); err != nil {
			return user, err
		}
	}
	said := []string{"change", "changed"}
	add := func(name, from, to string) {
		if from != to {
			said = append(said, name, from+" → "+to)
			user.Unsettled = true
		}
	}
	add("roles", JoinRoles(before.Roles), JoinRoles(user.Roles))
	add("rep", before.GivenRep, user.GivenRep)
	add("disabled", fmt.Sprint(before.Disabled), fmt.Sprint(user.Disabled))
	if before.Name != user.Name {
		said = append(said, "name", "changed")
	}
	if len(said) == 2 {
		return user, nil
	}
	if !slices.Equal(before.Roles, user.Roles) || user.Disabled && !before.Disabled {
		user.SessionVersion++
	}
	if user.Disabled {
		user.InviteHash, user.InvitedUntil = "", time.Time{}
	}
	d.save(user)
	d.note(audit.ChangeUser, "user "+user.ID, said...)
	return user, nil
}

func (u User) active(role Role) bool { return !u.Disabled && u.Has(role) }

func (d *draft) refuseLast(userID string) error {
	users, err := d.Users(d.ctx, d.q)
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

func isSetUp(ctx context.Context, q sqlfile.Querier) (done bool, err error) {
	if err = questions.Get("is_set_up").One(ctx, q, nil, &done); err != nil {
		return false, fmt.Errorf("look for an administrator: %w", err)
	}
	return done, nil
}

// SetUp adds the first administrator; when there was one already, it is
// warehouse.ErrNotFound, like everything of the set-up from then on.
func (r *Register) SetUp(ctx context.Context, h *Hasher, now time.Time, n NewUser) (User, error) {
	n.Roles = []Role{Admin}
	user, err := n.user(now)
	if err != nil {
		return user, err
	}
	if user.PasswordHash, err = h.Hash(ctx, n.Password); err != nil {
		return user, err
	}
	return user, r.decide(ctx, now, user.ID, func(d *draft) error {
		if done, derr := d.IsSetUp(d.ctx, d.q); derr != nil {
			return derr
		} else if done {
			return warehouse.ErrNotFound
		}
		if taken, terr := d.taken(user.Email); terr != nil {
			return terr
		} else if taken {
			return fmt.Errorf("there is already a user %s, who is no administrator: choose another address", user.Email)
		}
		d.add(user)
		return nil
	})
}
