package warehouse

import (
	"context"
	"fmt"
	"time"

	"credence/warehouse/sqlfile"
)

// OptedOut is an opt-out that an admin set.
type OptedOut struct {
	Kind   string // contact or rep
	ID     string // public id of the record
	Name   string // of a rep as its source says; of a contact empty
	At     time.Time
	UserID string
}

// OptOuts lists what admins set, the newest first.
func OptOuts(ctx context.Context, q sqlfile.Querier) ([]OptedOut, error) {
	return sqlfile.All(ctx, q, questions.Get("opt_outs"), func(scan func(...any) error) (o OptedOut, err error) {
		err = scan(&o.Kind, &o.ID, &o.Name, &o.At, &o.UserID)
		return o, err
	})
}

// OptOut keeps that a person wants to be in no statistic, export or page; out
// false takes it back. It holds from the next refresh: then what the person's
// acts would earn is withheld, paid to nobody.
func OptOut(ctx context.Context, tx *Tx, s Subject, out bool, userID string, now time.Time) error {
	for _, id := range s.optOutIDs() {
		if err := setOptOut(ctx, tx, "contact", id, out, userID, now); err != nil {
			return err
		}
	}
	return nil
}

// OptOutRep is OptOut of a rep of ours: whose touches then earn nobody anything,
// and whose name and figures stand on no page.
func OptOutRep(ctx context.Context, tx *Tx, repID string, out bool, userID string, now time.Time) error {
	if out {
		var known int64
		if err := questions.Get("rep_known").One(ctx, tx, []namedArg{named("rep_id", repID)}, &known); err != nil {
			return err
		}
		if known == 0 {
			return ErrNotFound
		}
	}
	return setOptOut(ctx, tx, "rep", repID, out, userID, now)
}

func setOptOut(ctx context.Context, tx *Tx, kind, id string, out bool, userID string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, "delete from opt_out where kind = ? and id = ?", kind, id); err != nil {
		return fmt.Errorf("take an opt-out back: %w", err)
	}
	if !out {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "insert into opt_out (kind, id, opted_at, user_id) values (?, ?, cast(? as timestamp), ?)", kind, id, now.UTC().Truncate(time.Second), userID); err != nil {
		return fmt.Errorf("keep an opt-out: %w", err)
	}
	return nil
}

// PrivacyCounts are what the page of privacy counts.
type PrivacyCounts struct {
	People   int64 // whose name may be shown
	OptedOut int64
	Erased   int64 // stand-ins of the erased
	Past     int64 // stand-ins of those whom time let go
	NoBasis  int64 // people without a lawful basis
}

// CountPrivacy counts people by what may be shown of them. The snapshot must
// have a generation.
func CountPrivacy(ctx context.Context, q sqlfile.Querier) (c PrivacyCounts, err error) {
	err = questions.Get("privacy_counts").One(ctx, q, nil, &c.People, &c.OptedOut, &c.Erased, &c.Past, &c.NoBasis)
	return c, err
}

// TakeBack takes one opt-out back that an admin set.
func TakeBack(ctx context.Context, tx *Tx, kind, id string) error {
	return setOptOut(ctx, tx, kind, id, false, "", time.Time{})
}

// Reps lists every rep by id and the name that the sources say, opted out or
// not, by name. Only who administers privacy may see it.
func Reps(ctx context.Context, q sqlfile.Querier) ([][2]string, error) {
	return pairs(ctx, q, questions.Get("rep_names"))
}
