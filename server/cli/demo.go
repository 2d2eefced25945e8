package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	sampledata "credence/sample-data"
	"credence/server/jobs"
)

func (c *command) demoVerb() *cobra.Command {
	var o sampledata.Options
	dir, until := "", ""
	verb := &cobra.Command{
		Use: "demo", Short: "Write the sample company", Args: cobra.NoArgs,
		Long: "Writes the files of a sample company, a configuration that reads them, its users and the truth about\nwhat caused its revenue. The same seed writes the same bytes.\n\nProcesses:" + aboutProcesses(),
		RunE: c.does(func(ctx context.Context, _ []string) int {
			if dir == "" {
				return c.fail(jobs.Misuse(errors.New("say where with --dir")))
			}
			if until != "" {
				day, err := time.Parse(time.DateOnly, until)
				if err != nil {
					return c.fail(jobs.Misuse(fmt.Errorf("--until %q is not a day such as 2026-11-15", until)))
				}
				o.Until = day
			}
			if !slices.Contains(sampledata.Processes(), o.Process) {
				return c.fail(jobs.Misuse(fmt.Errorf("no process is called %q; known are %s", o.Process, strings.Join(sampledata.Processes(), ", "))))
			}
			did, err := demoFolder(dir)
			if err != nil {
				return c.fail(err)
			}
			meter := newMeter(c.Stderr)
			defer meter.finish()
			err = sampledata.Write(ctx, dir, o, func(what string) { meter.show(jobs.Progress{Label: what}) })
			if err != nil {
				return c.fail(err)
			}
			meter.finish()
			file := filepath.Join(dir, "credence.yaml")
			fmt.Fprintf(c.Stderr, "%s the sample company in %s; next:\n  credence --config %s sync\n  credence --config %s refresh\n  credence --config %s serve\n", did, dir, file, file, file) //nolint:errcheck // nobody to tell when stderr is gone
			return jobs.Done
		}),
	}
	verb.Flags().StringVar(&dir, "dir", "", "folder to write, empty or a sample company")
	verb.Flags().Uint64Var(&o.Seed, "seed", 1, "the same seed writes the same bytes")
	verb.Flags().StringVar(&o.Process, "process", "hazard", "the law the world follows, one of the processes above")
	verb.Flags().IntVar(&o.Deals, "deals", 0, "about how many deals (default 2400)")
	verb.Flags().StringVar(&until, "until", "", "last day of the 24 months (default 2026-11-15)")
	return verb
}

// aboutProcesses is a line for each law that the sample company can follow.
func aboutProcesses() string {
	var b strings.Builder
	for _, name := range sampledata.Processes() {
		fmt.Fprintf(&b, "\n  %-10s  %s", name, sampledata.About(name))
	}
	return b.String()
}

// demoFolder is "wrote" for a new or empty folder, "rewrote" for a sample
// company, and an error for a folder with anything else in it.
func demoFolder(dir string) (did string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return "wrote", nil
	}
	if err != nil {
		return "", fmt.Errorf("look into %s: %w", dir, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "truth.json")); err != nil {
		return "", fmt.Errorf("%w: %s; name an empty or new folder", sampledata.ErrOccupied, dir)
	}
	return "rewrote", nil
}
