package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/sqlfile"
	"credence/warehouse/step"
)

// Copy implements warehouse.Engine: it writes the database as it is at one
// moment into a fresh file and returns its path. The file stands in the folder of
// unfinished copies, which Open empties. Readers and the writer go on meanwhile.
// What was deleted is in no byte of the copy. Nothing is left when it fails.
func (e *Engine) Copy(ctx context.Context, name string) (path string, err error) {
	if e.path == "" {
		return "", warehouse.ErrNoFile
	}
	e.copying.Lock()
	defer e.copying.Unlock()
	path = filepath.Join(e.path+".d", "backup", "unfinished", name)
	if err = removeDatabase(path); err != nil { // of a process that was killed
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeDatabase(path))
		}
	}()
	if err := e.copyTo(ctx, path); err != nil {
		return "", fmt.Errorf("copy the database: %w", err)
	}
	step.At("copied")
	if err := folded(ctx, path); err != nil {
		return "", fmt.Errorf("copy the database: %w", err)
	}
	return path, SyncFile(path)
}

// patience is how long a copy waits for others to let go of it.
const patience = 2 * time.Minute

// folded waits until the log of a detached copy is folded in. A transaction that
// listed tables while the copy was attached has a part in it, and the engine
// folds the log only when that ends. On a full disk it never does.
func folded(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		info, err := os.Stat(path + ".wal")
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if free, ok := freeSpace(filepath.Dir(path)); ok && free < uint64(info.Size()) { //nolint:gosec // no file has a negative size
			return errors.New("the copy still has a log; is the disk full?")
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("the copy still has a log: a long query keeps it open, or the disk is full: %w", ctx.Err())
		}
	}
}

// copyTo copies in one statement, which is one state: the engine refuses it
// inside a transaction once its configuration is locked.
func (e *Engine) copyTo(ctx context.Context, path string) (err error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var name string
	if err = conn.QueryRowContext(ctx, "select current_database()").Scan(&name); err != nil {
		return err
	}
	step.At("copy begins")
	if _, err = conn.ExecContext(ctx, "attach "+quote(path)+" as "+copyName); err != nil {
		return err
	}
	defer func() {
		_, derr := conn.ExecContext(context.WithoutCancel(ctx), "detach "+copyName)
		err = errors.Join(err, derr)
	}()
	step.At("copy attached")
	_, err = conn.ExecContext(ctx, "copy from database \""+strings.ReplaceAll(name, `"`, `""`)+"\" to "+copyName) //nolint:gosec // a quoted name; no parameter can stand there
	step.At("copy written")
	return err
}

// Keep implements warehouse.Engine: it moves a copy to the backup folder, under
// name, in the place of one that has it.
func (e *Engine) Keep(path, name string) error {
	to := filepath.Join(e.path+".d", "backup", name)
	if err := os.Rename(path, to); err != nil {
		return fmt.Errorf("keep the copy: %w", err)
	}
	step.At("copy kept")
	return SyncDir(filepath.Dir(to))
}

// Look implements warehouse.Engine: large sorts of do spill beside the engine's
// own database.
func (e *Engine) Look(ctx context.Context, path string, do func(context.Context, sqlfile.Querier) error) (err error) {
	o := e.options
	o.Spill = filepath.Join(e.path+".d", "tmp")
	copied, err := OpenReadOnly(path, o) //nolint:contextcheck // opening is not cut short
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	return do(ctx, copied.db)
}

// copyName is what the copy is called while it is written.
const copyName = "credence_copy"

// removeDatabase deletes the database file at path, if there is one, with its log.
func removeDatabase(path string) error {
	for _, ending := range append([]string{""}, logNames...) {
		if err := os.Remove(path + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove an unfinished copy: %w", err)
		}
	}
	return nil
}

// SyncFile makes the bytes of the file at path outlast a loss of power.
func SyncFile(path string) error {
	f, err := os.Open(path) //nolint:gosec // a file this program wrote
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s to disk: %w", path, err)
	}
	return nil
}
