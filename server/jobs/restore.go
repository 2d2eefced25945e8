package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
	"credence/server/privacy"
	"credence/server/seal"
	"credence/warehouse"
	"credence/warehouse/duckdb"
	"credence/warehouse/step"
)

// Restore puts the backup file in the place of the database of cfg, which the engine
// opens with o. keyFile opens the backup; when that is empty the key beside the
// database does. Nothing else may have that open. The backup is copied, brought to
// today's schema and checked before the database is touched; the old one is kept
// under a name that is told, with what is its own: what was decided about users and
// it does not have yet, and the key that knows whom it erased. Killed at any moment
// Restore leaves the old database or the new one.
func Restore(ctx context.Context, cfg config.Config, o duckdb.Options, file, keyFile string, now func() time.Time, out Out) error {
	if err := isBackup(cfg.Database, file); err != nil {
		return Misuse(err)
	}
	key, sealed, err := keyOf(cfg.Database, file, keyFile)
	if err != nil {
		return Misuse(err)
	}
	size, err := sizeOf(file)
	if err != nil {
		return err
	}
	if err = checkRoom(filepath.Dir(cfg.Database), 2*size); err != nil { // a schema is changed on a copy
		return fmt.Errorf("restore: %w", err)
	}
	out.progress(Progress{Label: "restore"})
	fresh := cfg.Database + ".restoring"
	defer discard(fresh, out)
	if err = discardNow(fresh); err != nil { // of a process that was killed
		return fmt.Errorf("restore: %w", err)
	}
	if err = os.MkdirAll(filepath.Dir(fresh), 0o700); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if sealed {
		err = key.Open(file, fresh)
	} else { // of a version that did not encrypt them, or a copy that lies beside the database
		err = copyFile(file, fresh)
	}
	if err != nil {
		return fmt.Errorf("restore: nothing was changed: %w", err)
	}
	step.At("backup copied")
	if err = copyWaiting(file, fresh); err != nil {
		return fmt.Errorf("restore: nothing was changed: %w", err)
	}
	stones, users, err := prepare(ctx, cfg, fresh, filepath.Base(file), now, o)
	if err != nil {
		return fmt.Errorf("restore: nothing was changed: %s: %w", file, err)
	}
	elsewhere, err := privacy.Elsewhere(cfg.Database, stones)
	if err != nil {
		return fmt.Errorf("restore: nothing was changed: %w", err)
	}
	beside := ""
	if sealed { // so that the next backup is made with the key that is kept elsewhere
		if beside, err = key.KeepBeside(cfg.Database); err != nil {
			return fmt.Errorf("restore: nothing was changed: %w", err)
		}
	}
	step.At("restore prepared")
	kept, aside, err := duckdb.Restore(cfg.Database, fresh, cfg.Database+".before-restore-", besideEndings(), func(kept string) error { return copyBeside(cfg.Database, kept) }, o) //nolint:contextcheck // not to be cut short
	if errors.Is(err, duckdb.ErrInUse) {
		return fmt.Errorf("restore: nothing was changed: %w", err)
	}
	if aside != nil {
		out.Say("the log of the database of before could not be replayed and was set aside as %s", aside.File)
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	out.Say("restored %s; everybody has to sign in again, every API token is revoked, and the next sync reads every source whole", file)
	out.Say("users and their rights are those of the backup: look them over")
	if beside != "" {
		out.Say("the key of the backup is kept as %s for the next backups", beside)
	}
	if elsewhere {
		out.Say("people were erased from it on another machine: put the key of erasures of that machine here as %s before the next start, or they may return", privacy.KeyFile(cfg.Database))
	}
	if err = keepBefore(ctx, cfg.Database, kept, aside, users, o, now(), out); err != nil {
		return fmt.Errorf("the database is restored, but what was before is not kept as it should be: %w", err)
	}
	return nil
}

// keepBefore keeps what belongs to the database of before with it, and tells of it;
// kept is its name, "" when there was none. What fails does not end the rest.
func keepBefore(ctx context.Context, database, kept string, aside *duckdb.AsideLog, users []auth.User, o duckdb.Options, now time.Time, out Out) error {
	err := keepWaiting(database, kept, out)
	if kept == "" {
		return err
	}
	out.Say("the database of before is kept as %s: delete it when you are sure", kept)
	stones, disabled := lookBefore(ctx, kept, users, o)
	for _, email := range disabled {
		out.Say("%s was disabled in the database of before and is not in the restored one: credence user disable %s", email, email)
	}
	since, cerr := privacy.CopyCounts(database, stones, now)
	if cerr != nil {
		return errors.Join(err, cerr)
	}
	if !since.Equal(now) {
		out.Say("it may hold somebody who was erased on %s or later: the program deletes it with the next erasure, or when privacy.retention_days.backups are over since then", since.Format(time.DateOnly))
	}
	err = errors.Join(err, privacy.TouchCopy(kept, since))
	if aside != nil {
		err = errors.Join(err, touchAside(aside.File, since))
	}
	return err
}

// lookBefore looks into the database of before for the marks of erased people that it
// knows, and for the addresses of the users whom it had disabled. One that does not
// open, or is of an early version, tells nobody.
func lookBefore(ctx context.Context, kept string, users []auth.User, o duckdb.Options) (stones []warehouse.Tombstone, disabled []string) {
	engine, err := duckdb.OpenReadOnly(kept, o) //nolint:contextcheck // opening is not cut short
	if err != nil {
		return nil, nil
	}
	defer engine.Close() //nolint:errcheck // opened for reading
	if stones, err = warehouse.Tombstones(ctx, engine.DB()); err != nil {
		stones = nil
	}
	view, err := auth.Waiting(auth.WaitingFile(kept))
	if err != nil {
		return stones, nil
	}
	before, err := view.Users(ctx, engine.DB())
	if err != nil {
		return stones, nil
	}
	for _, u := range users {
		if !u.Disabled && slices.ContainsFunc(before, func(b auth.User) bool { return b.ID == u.ID && b.Disabled }) {
			disabled = append(disabled, u.Email)
		}
	}
	return stones, disabled
}

// waitingFiles are those beside a database in which stands what was decided about
// users and noted and the database does not have yet.
var waitingFiles = []func(database string) string{auth.WaitingFile, audit.WaitingFile}

// copyWaiting lays what waits for a database that is restored, such as that of
// before another restore, beside its copy. A backup has nothing waiting.
func copyWaiting(file, fresh string) error {
	for _, of := range waitingFiles {
		if err := copyFile(of(file), of(fresh)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// copyBeside gives the database of before what is its own before another has its name.
func copyBeside(database, kept string) error {
	for _, of := range waitingFiles {
		info, err := os.Stat(of(database))
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
			continue
		}
		if err == nil {
			err = copyFile(of(database), of(kept))
		}
		if err != nil {
			return err
		}
	}
	return privacy.KeepKeyFor(kept, database)
}

// besideEndings are those of the files beside a database that are its own.
func besideEndings() (endings []string) {
	for _, of := range waitingFiles {
		endings = append(endings, of(""))
	}
	return append(endings, privacy.KeyFile(""))
}

// keepWaiting takes what waits for the database of before out of the way of the
// restored one, whose users are those of the backup; it is kept beside that of before.
// kept is its name; "" when there was none, but what waited for it.
func keepWaiting(database, kept string, out Out) (err error) {
	alone := kept == ""
	if alone {
		if kept, err = duckdb.FreeName(database+".before-restore-", append([]string{""}, besideEndings()...)); err != nil {
			return err
		}
	}
	for _, of := range waitingFiles {
		info, serr := os.Stat(of(database))
		switch {
		case errors.Is(serr, fs.ErrNotExist):
			continue
		case serr != nil:
			err = serr
		case info.Size() == 0:
			continue
		case alone:
			err = os.Rename(of(database), of(kept))
		default: // copyBeside has kept it
			err = os.Remove(of(database))
		}
		if err != nil {
			return fmt.Errorf("keep what waits for the database of before: %w", err)
		}
		out.Say("what was decided or noted last and waited for the database of before is kept with it as %s", of(kept))
	}
	return duckdb.SyncDir(filepath.Dir(database))
}

// keyOf finds the key of an encrypted backup.
func keyOf(database, file, keyFile string) (key seal.Key, sealed bool, err error) {
	if sealed, err = seal.IsSealed(file); err != nil || !sealed {
		return key, false, err
	}
	own := keyFile == ""
	if own {
		keyFile = seal.KeyFile(database)
	}
	key, err = seal.ReadKey(keyFile)
	if own && errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s is encrypted and its key is not beside the database: name it with --key FILE", file)
	}
	return key, true, err
}

// isBackup refuses what cannot be one without opening it.
func isBackup(database, file string) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", file)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no file", file)
	}
	if have, err := os.Stat(database); err == nil && os.SameFile(have, info) {
		return fmt.Errorf("%s is the database itself: name a backup", file)
	}
	if _, err := os.Stat(file + ".wal"); err == nil {
		return fmt.Errorf("%s has a log beside it, so it is a database that somebody works on: name a file that credence backup wrote", file)
	}
	return nil
}

// prepare brings the copy of a backup to where it can be served, checks it, and
// lists the marks of erased people that it knows and its users.
func prepare(ctx context.Context, cfg config.Config, fresh, name string, now func() time.Time, o duckdb.Options) (stones []warehouse.Tombstone, users []auth.User, err error) {
	engine, err := duckdb.Open(fresh, o) //nolint:contextcheck // opening is not cut short
	if err != nil {
		return nil, nil, err
	}
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		return nil, nil, errors.Join(err, engine.Close())
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if err = takeUpWaiting(ctx, w, fresh); err != nil {
		return nil, nil, err
	}
	j := &Jobs{Warehouse: w, Config: cfg, Now: now, Log: slog.New(slog.DiscardHandler)}
	broken, _, err := j.broken(ctx)
	if err != nil {
		return nil, nil, err
	}
	if len(broken) > 0 {
		return nil, nil, fmt.Errorf("it is not whole, %d invariants are broken: %s", len(broken), broken[0])
	}
	info, err := os.Stat(fresh)
	if err != nil {
		return nil, nil, err
	}
	err = j.record(ctx, audit.Event{Action: "restore", Object: name}, warehouse.Deed{Kind: warehouse.DeedRestore, File: name, Bytes: info.Size()})
	if err != nil {
		return nil, nil, err
	}
	err = w.Write(ctx, func(tx *warehouse.Tx) error {
		if stones, err = warehouse.Tombstones(ctx, tx); err != nil {
			return err
		}
		if users, err = auth.Users(ctx, tx); err != nil {
			return err
		}
		if err = questions.Get("revoke_tokens").Exec(ctx, tx, sql.Named("now", now().UTC().Truncate(time.Second))); err != nil {
			return err
		}
		return questions.Get("end_sessions").Exec(ctx, tx, sql.Named("version", now().Unix()))
	})
	return stones, users, err
}

// takeUpWaiting brings into the copy what waits beside it.
func takeUpWaiting(ctx context.Context, w *warehouse.Warehouse, fresh string) error {
	users, err := auth.OpenRegister(ctx, w, auth.WaitingFile(fresh), nil)
	if err != nil {
		return err
	}
	trail, err := audit.Open(ctx, w, audit.WaitingFile(fresh), nil)
	if err != nil {
		return errors.Join(err, users.Close(ctx))
	}
	return errors.Join(users.Close(ctx), trail.Close(ctx))
}

// copyFile writes from to the new file to, readable by its owner only, and
// through to the disk.
func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // a file the caller named
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	defer in.Close()                                                       //nolint:errcheck // opened for reading
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // as above
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	return nil
}

func discard(fresh string, out Out) {
	if err := discardNow(fresh); err != nil {
		out.Say("an unfinished copy is left: %s", oneLine(err))
	}
}

// discardNow removes a copy of a backup that was not put in place, and the
// files and folders that opening it made.
func discardNow(fresh string) error {
	return errors.Join(removeIfThere(fresh), removeIfThere(fresh+".wal"), removeIfThere(fresh+".pid"),
		removeIfThere(auth.WaitingFile(fresh)), removeIfThere(audit.WaitingFile(fresh)), os.RemoveAll(fresh+".d"))
}
