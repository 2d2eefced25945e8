package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"

	"credence/attribution"
	"credence/server/audit"
	"credence/warehouse"
)

// check counts and sums every table and looks for broken invariants.
func (j *Jobs) check(ctx context.Context, _ Call, out Out) error {
	report, err := j.Warehouse.Check(ctx)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	w := tabwriter.NewWriter(out.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "table\trows\tchecksum") //nolint:errcheck // Flush tells
	for _, t := range report.Tables {
		fmt.Fprintf(w, "%s\t%d\t%s\n", t.Name, t.Rows, t.Checksum) //nolint:errcheck // Flush tells
	}
	if err = w.Flush(); err != nil {
		return fmt.Errorf("write check: %w", err)
	}
	broken, err := j.checkLedger(ctx)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	broken = append(report.Broken, broken...)
	chain, err := j.checkAudit(ctx)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	broken = append(broken, chain.Bad...)
	for _, b := range broken {
		out.Say("broken: %s", b)
	}
	if len(broken) > 0 {
		out.Say("%d invariants are broken", len(broken))
		return ErrPart
	}
	out.Say("no broken invariant")
	if report.Stale {
		out.Say("only records were checked: there are no figures of this version; run credence refresh")
	}
	if chain.Rows > 0 {
		out.Say("the audit log has %d rows; row %d ends its chain with %s", chain.Rows, chain.Last, chain.Hash)
	}
	return nil
}

// broken counts and sums every table, asks every invariant and walks the audit
// log, as the verb check does: a sentence for each invariant that is broken. stale
// says that there were no figures to check.
func (j *Jobs) broken(ctx context.Context) (sentences []string, stale bool, err error) {
	report, err := j.Warehouse.Check(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("check: %w", err)
	}
	ledger, err := j.checkLedger(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("check: %w", err)
	}
	chain, err := j.checkAudit(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("check: %w", err)
	}
	return slices.Concat(report.Broken, ledger, chain.Bad), report.Stale, nil
}

// CheckNight is the check of a night: what is broken is told in the server's log,
// counted in its metrics, and kept for doctor.
func (j *Jobs) CheckNight(ctx context.Context) error {
	checking, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	broken, stale, err := j.broken(checking)
	if err != nil {
		j.Metrics.Checked(-1)
		return errors.Join(err, j.keepCheck(ctx, "it did not finish: the server's log says why"))
	}
	for _, b := range broken {
		what, rest, _ := strings.Cut(b, ": ")
		count, _, many := strings.Cut(rest, ", for example ")
		if !many {
			count = "once"
		}
		// The example may name somebody: the verb check tells it.
		j.Log.ErrorContext(ctx, "an invariant is broken: run credence check", slog.String("invariant", what), slog.String("count", count))
	}
	number, found := len(broken), "no broken invariant"
	if stale {
		j.Log.WarnContext(ctx, "only records were checked: there are no figures of this version; run credence refresh")
		found = "no broken invariant of records; there were no figures of this version to check"
	}
	switch {
	case number > 0:
		found = fmt.Sprintf("%d invariants are broken: run credence check", number)
	case stale:
		number = -1
	}
	j.Metrics.Checked(number)
	return j.keepCheck(ctx, found)
}

func (j *Jobs) keepCheck(ctx context.Context, found string) error {
	return j.Warehouse.Write(ctx, func(tx *warehouse.Tx) error {
		return warehouse.RecordDeed(ctx, tx, warehouse.Deed{At: j.Now(), Kind: warehouse.DeedCheck, Detail: found})
	})
}

// checkAudit walks the chain of the audit log.
func (j *Jobs) checkAudit(ctx context.Context) (chain audit.Chain, err error) {
	err = j.Warehouse.Read(ctx, func(q *warehouse.Snapshot) (err error) {
		chain, err = audit.Verify(ctx, q)
		return err
	})
	return chain, err
}

// checkLedger looks for broken invariants of touches, journeys and credits.
// Before the first refresh there is no ledger to check, and one of another
// program may be of other tables.
func (j *Jobs) checkLedger(ctx context.Context) (broken []string, err error) {
	err = j.Warehouse.Read(ctx, func(q *warehouse.Snapshot) error {
		if q.Stale {
			return nil
		}
		found, cerr := attribution.Check(ctx, q)
		for _, b := range found {
			broken = append(broken, b.String())
		}
		return cerr
	})
	return broken, err
}
