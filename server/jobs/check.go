package jobs

import (
	"context"
	"fmt"
	"text/tabwriter"
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
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write check: %w", err)
	}
	for _, b := range report.Broken {
		out.Say("broken: %s", b)
	}
	if len(report.Broken) > 0 {
		out.Say("%d invariants are broken", len(report.Broken))
		return ErrPart
	}
	out.Say("no broken invariant")
	return nil
}
