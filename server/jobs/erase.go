package jobs

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"credence/server/audit"
	"credence/server/privacy"
	"credence/warehouse"
)

// Words of the audit log for what is done to people.
const (
	ActionErase  = "erase"
	ActionOptOut = "opt-out"
)

// erase takes one person out of everything: tables, file, what is derived.
func (j *Jobs) erase(ctx context.Context, call Call, out Out) error {
	who := warehouse.Someone{Email: call.Email, PersonID: call.Person}
	out.progress(Progress{Label: "erase"})
	gone, err := j.Erase(ctx, who)
	switch {
	case errors.Is(err, warehouse.ErrNotFound):
		return errors.New("nobody is known by that address; nothing was changed")
	case errors.Is(err, warehouse.ErrOwn):
		return fmt.Errorf("that %w", warehouse.ErrOwn)
	case err != nil:
		return err
	}
	out.progress(Progress{Label: "erase", Done: 1, Total: 1})
	out.Say("erased: %d contact records, %d rows of what they did (their credit stays, without the person), %d other mentions; it stands as %s", gone.Contacts, gone.Acts, gone.Others, gone.Stub)
	out.Say("the database is written anew and the copies beside it are deleted; backups made before keep the person until they are deleted, and restoring one erases the person again")
	return nil
}

// Erase is erase without words. The person is in no figure, page or file of the
// database from the moment it ends; the sums are what they were.
func (j *Jobs) Erase(ctx context.Context, who warehouse.Someone) (gone warehouse.Erased, err error) {
	_, err = j.refreshAfter(ctx, func(ctx context.Context, tx *warehouse.Tx) error {
		if gone, err = j.Warehouse.Erase(ctx, tx, who, j.Now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{
			At: j.Now(), Actor: j.actor(), Action: ActionErase, Object: "person " + gone.Stub,
			Detail: map[string]string{"contacts": strconv.FormatInt(gone.Contacts, 10), "acts": strconv.FormatInt(gone.Acts, 10)},
		})
	})
	if err != nil {
		return gone, err
	}
	if err = privacy.Keep(ctx, j.Warehouse, j.Config.Database); err != nil {
		return gone, err
	}
	return gone, j.FinishErasures(ctx)
}

// FinishErasures writes the database anew, and deletes the copies beside it, when an
// erasure asks for it.
func (j *Jobs) FinishErasures(ctx context.Context) error {
	_, err := privacy.Finish(ctx, j.Warehouse, j.Config.Database)
	return err
}
