package cli

import (
	"context"

	"github.com/spf13/cobra"

	"credence/server/config"
	"credence/server/jobs"
	"credence/warehouse/duckdb"
)

// engine is what the configuration leaves to the database engine.
func (c *command) engine(cfg config.Config) duckdb.Options {
	o := duckdb.Options{MemoryLimit: cfg.MemoryLimit, Threads: cfg.Threads}
	if c.Program != "" {
		o.Replay = []string{c.Program, "replay", "--memory-limit", cfg.MemoryLimit}
	}
	return o
}

// replayVerb is the child that reads a log before the process does that will
// serve: the engine may end it. Nobody else has a use for it.
func (c *command) replayVerb() *cobra.Command {
	limit := ""
	verb := &cobra.Command{
		Use: "replay FILE", Short: "Read the log of a database in memory", Args: cobra.ExactArgs(1), Hidden: true,
		RunE: c.does(func(_ context.Context, args []string) int {
			if duckdb.Replay(args[0], duckdb.Options{MemoryLimit: limit}) != nil { //nolint:contextcheck // opening is not cut short
				return jobs.Failed // who opens it says why
			}
			return jobs.Done
		}),
	}
	verb.Flags().StringVar(&limit, "memory-limit", "", "as configured")
	return verb
}
