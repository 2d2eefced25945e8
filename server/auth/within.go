package auth

import (
	"context"
	"time"

	"credence/warehouse"
)

// within makes a decision inside a write transaction that is open: behind the back
// of the Register of a server that runs.
func within(ctx context.Context, tx *warehouse.Tx, now time.Time, by string, do func(*draft) error) error {
	d := &draft{ctx: ctx, q: tx, now: now.UTC().Truncate(time.Second), by: by}
	if err := do(d); err != nil {
		return err
	}
	return d.deed.apply(ctx, tx)
}

// Add is Register.Add behind its back.
func Add(ctx context.Context, w *warehouse.Warehouse, h *Hasher, now time.Time, users ...NewUser) ([]string, error) {
	return InMemory(w).Add(ctx, h, now, users...)
}

// Disable is Register.Disable behind its back.
func Disable(ctx context.Context, w *warehouse.Warehouse, now time.Time, email string) error {
	return InMemory(w).Disable(ctx, now, email)
}

// ChangeUser is Register.Change behind its back.
func ChangeUser(ctx context.Context, tx *warehouse.Tx, now time.Time, by, userID string, c Change) (user User, err error) {
	err = within(ctx, tx, now, by, func(d *draft) (err error) {
		if user, err = d.user(userID); err != nil {
			return err
		}
		user, err = d.change(user, c)
		return err
	})
	return user, err
}

// MakeToken is Register.MakeToken behind its back.
func MakeToken(ctx context.Context, tx *warehouse.Tx, now time.Time, user User, name string, scopes []Scope, days int) (text string, err error) {
	return text, within(ctx, tx, now, user.ID, func(d *draft) (err error) {
		text, err = d.makeToken(user, name, scopes, days)
		return err
	})
}
