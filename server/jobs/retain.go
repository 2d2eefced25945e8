package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"credence/server/audit"
	"credence/server/privacy"
	"credence/warehouse"
)

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// forgetOld removes what is older than privacy.retention_days says, beside the
// people of acts, which the refresh itself drops: the old end of the audit log
// and tokens that are over. It runs in every refresh; the second time it finds
// nothing.
func (j *Jobs) forgetOld(ctx context.Context, tx *warehouse.Tx, now time.Time) error {
	keep := j.Config.Privacy.RetentionDays
	if _, err := audit.Cut(ctx, tx, now.Add(-days(keep.Audit)), now); err != nil {
		return fmt.Errorf("cut the audit log: %w", err)
	}
	return questions.Get("forget_tokens").Exec(ctx, tx, sql.Named("before", now.Add(-days(keep.Sessions))))
}

// Retain is what runs every night: a refresh, which forgets what is old, the
// files that imports and exports left behind, old copies of the database beside
// it, and the rewrite that takes the bytes of it all away.
func (j *Jobs) Retain(ctx context.Context) error {
	if _, err := j.Refresh(ctx); err != nil {
		return err
	}
	keep, now := j.Config.Privacy.RetentionDays, j.Now()
	if err := removeOlder(filepath.Join(j.Config.Database+".d", "inbox"), now.Add(-days(keep.Exports))); err != nil {
		return err
	}
	if _, err := privacy.DropCopies(j.Config.Database, now.Add(-days(keep.Backups))); err != nil {
		return err
	}
	return j.FinishErasures(ctx)
}

// removeOlder deletes the files of a folder that were last changed before limit.
func removeOlder(dir string, limit time.Time) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for old files: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("look for old files: %w", err)
		}
		if info.ModTime().Before(limit) {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("delete an old file: %w", err)
			}
		}
	}
	return nil
}
