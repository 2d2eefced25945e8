package jobs

import (
	"context"
	"fmt"
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
