package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"credence/server/door"
	"credence/server/jobs"
)

func (c *command) backupVerb() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Copy the database into a new, encrypted file", Args: cobra.ExactArgs(1),
		Long: "Writes the database as it is at one moment into FILE, encrypted, also while a server runs. The file gets its\n" +
			"name only after every row was compared and every byte read back. It holds none of the keys beside the\n" +
			"database: keep those too, apart from it. Without DATABASE.backup-key nobody can restore it. The format is\n" +
			"that of age (age-encryption.org).",
		Example: "  credence backup /backup/credence-$(date +%F).age",
		RunE: c.does(func(ctx context.Context, args []string) int {
			file, err := filepath.Abs(args[0]) // a server works in another folder
			if err != nil {
				return c.fail(jobs.Misuse(fmt.Errorf("find %s: %w", args[0], err)))
			}
			return c.call(ctx, jobs.Call{Verb: "backup", File: file}, c.Stdout)
		}),
	}
}

func (c *command) restoreVerb() *cobra.Command {
	key := ""
	verb := &cobra.Command{
		Use: "restore FILE", Short: "Put a backup in the place of the database", Args: cobra.ExactArgs(1),
		Long: "Copies the backup FILE, brings the copy to today's schema, checks it, and puts it in the place of the\n" +
			"database, which is kept under another name. Stop the server first.",
		RunE: c.does(func(ctx context.Context, args []string) int { return c.fail(c.restore(ctx, args[0], key)) }),
	}
	verb.Flags().StringVar(&key, "key", "", "file of the key that opens the backup (default the one beside the database)")
	return verb
}

func (c *command) restore(ctx context.Context, file, key string) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err = door.Ask(asking, cfg, c.Environ, jobs.Call{Verb: whoServes}, jobs.Out{Stdout: io.Discard, Stderr: io.Discard})
	if !errors.Is(err, door.ErrNobody) {
		return fmt.Errorf("restore: a server works on %s: stop it, restore, and start it again", cfg.Database)
	}
	meter := newMeter(c.Stderr)
	defer meter.finish()
	return jobs.Restore(ctx, cfg, c.engine(cfg), file, key, time.Now, jobs.Out{Stdout: c.Stdout, Stderr: meter, Progress: meter.show})
}
