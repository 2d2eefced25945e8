package duckdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"credence/warehouse/step"
)

// Replace implements warehouse.Engine: it puts the database file at fresh, of
// the same folder or one below, in the place of the engine's own and goes on
// with that. Nobody may use the engine meanwhile. At every moment the whole old
// file or the whole new one has the name. An error that says the database has
// been invalidated means that the engine cannot go on.
func (e *Engine) Replace(fresh string) error {
	if e.path == "" {
		return fmt.Errorf("replace the database: %w", os.ErrInvalid)
	}
	lock, err := lockFresh(fresh)
	if err != nil {
		return err
	}
	if err = e.db.Close(); err != nil {
		return errors.Join(fmt.Errorf("database has been invalidated: close it to write it anew: %w", err), lock.Unlock())
	}
	step.At("old closed")
	if err = put(fresh, e.path); err != nil {
		return errors.Join(fmt.Errorf("database has been invalidated: write it anew: %w", err), lock.Unlock())
	}
	if err = e.openAgain(); err != nil {
		return errors.Join(err, lock.Unlock())
	}
	old := e.lock.flock
	e.lock.flock = lock
	return old.Unlock()
}

// Reopen implements warehouse.Engine: it closes the file, which folds the log in,
// and opens it again without letting go of the lock.
func (e *Engine) Reopen() error {
	if e.path == "" {
		return nil
	}
	if err := e.db.Close(); err != nil {
		return fmt.Errorf("database has been invalidated: close it to open it again: %w", err)
	}
	return e.openAgain()
}

// openAgain opens the file that was just closed.
func (e *Engine) openAgain() error {
	settings, err := fileSettings(e.path, e.options)
	if err != nil {
		return fmt.Errorf("database has been invalidated: open it again: %w", err)
	}
	again, err := open(e.path, e.options, settings)
	if err != nil {
		return fmt.Errorf("database has been invalidated: open it again: %w", err)
	}
	e.db = again.db
	return nil
}

// put renames fresh to path. A log at path would be replayed into the new file.
func put(fresh, path string) error {
	for _, ending := range logNames {
		if _, err := os.Stat(path + ending); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is a log %s: start again, which folds it into its database, or move it away when there is none", path+ending)
		}
	}
	step.At("before the new name")
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("put the new file in place: %w", err)
	}
	step.At("after the new name")
	return SyncDir(filepath.Dir(path))
}

// Restore puts the closed database file at fresh in the place of the one at
// path and keeps the old one, with its log if it does not open even without, under
// the name that is returned, beside which lies no file of the endings; "" when there
// was none. beside is called with that name before the new file has its own, to keep
// what else is the old one's. aside is
// the log of an old one that opens without, also when it fails later. It refuses while
// any process has the old one open. Killed at any moment it leaves the old file or the
// new one under path, and never loses the old one.
func Restore(path, fresh, keep string, endings []string, beside func(kept string) error, o Options) (kept string, aside *AsideLog, err error) {
	if _, err = os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil, put(fresh, path)
	}
	old, err := Open(path, o)
	switch {
	case errors.Is(err, ErrInUse):
		return "", nil, err
	case err != nil && lacked(err.Error()): // it may well open: that is to be tried again
		return "", nil, fmt.Errorf("nothing was changed: %s, or move the old database away: %w", remedy(err.Error()), err)
	case err == nil: // closing folds the log in
		path, aside = old.Path(), old.SetAside()
		if err = old.Close(); err != nil {
			return "", aside, fmt.Errorf("close the old database: %w", err)
		}
	}
	lock, err := lockFile(path)
	if err != nil {
		return "", aside, err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	step.At("old locked")
	if kept, err = FreeName(keep, slices.Concat([]string{""}, logNames, endings)); err != nil {
		return "", aside, err
	}
	if err = os.Link(lock.path, kept); err == nil {
		err = beside(kept)
	}
	if err != nil {
		return "", aside, fmt.Errorf("keep the old database: %w", err)
	}
	step.At("old kept")
	if _, err = moveLog(lock.path, kept); err != nil { // only of one that does not open
		return "", aside, err
	}
	if err = put(fresh, lock.path); err == nil {
		return kept, aside, nil
	}
	if _, serr := os.Lstat(fresh); serr == nil { // the old one stays, and so does its log
		_, back := moveLog(kept, lock.path)
		err = errors.Join(err, back)
	}
	return kept, aside, err
}
