package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"credence/server/audit"
	"credence/server/privacy"
	"credence/server/seal"
	"credence/warehouse"
	"credence/warehouse/duckdb"
	"credence/warehouse/step"
)

// backup writes the database into an encrypted file of its own while everything
// goes on. A copy is made beside the database, opened and every row of it
// compared; that is encrypted, and the file gets its name only after every byte
// of the copy was read back from it.
func (j *Jobs) backup(ctx context.Context, call Call, out Out) error {
	if !filepath.IsAbs(call.File) {
		return Misuse(errors.New("name the file to write: credence backup FILE"))
	}
	if err := newFile(call.File); err != nil {
		return Misuse(err)
	}
	size, err := sizeOf(j.Config.Database)
	if err != nil {
		return err
	}
	// A copy is about as large as the database, and so is what is made of it, which
	// may lie on the same disk.
	err = errors.Join(checkRoom(filepath.Dir(j.Config.Database), 2*size), checkRoom(filepath.Dir(call.File), size))
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	key, err := seal.OwnKey(j.Config.Database)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	turned, err := key.Note(j.Config.Database)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if turned {
		out.Say("the key %s is another than that of the backup before: keep it elsewhere too, and the one before as long as its backups", seal.KeyFile(j.Config.Database))
	}
	out.progress(Progress{Label: "backup"})
	if err = j.settle(ctx); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	c, err := j.Warehouse.Copy(ctx, "backup-"+rand.Text()+".db") // another backup may be made at the same time
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err = errors.Join(deliver(ctx, c.Path, call.File, key), removeIfThere(c.Path)); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	info, err := os.Stat(call.File)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err = j.record(ctx, audit.Event{Action: "backup", Object: filepath.Base(call.File)}, warehouse.Deed{
		Kind: warehouse.DeedBackup, File: filepath.Base(call.File), Bytes: info.Size(), Detail: fmt.Sprintf("%d rows", c.Rows()),
	}); err != nil {
		return fmt.Errorf("the backup %s is whole, but the database does not say so: %w", call.File, err)
	}
	out.Say("wrote %s: %d rows of %d tables, %.1f MiB, compared row by row, encrypted and read back", call.File, c.Rows(), len(c.Tables), float64(info.Size())/(1<<20))
	out.Say("nobody can restore it without the key %s: keep that elsewhere, apart from the backups", seal.KeyFile(j.Config.Database))
	return nil
}

// settle waits until the database has what was decided about users and noted so
// far: what stands in the files beside it is in no copy, and restoring one without
// it would bring a revoked token back. While a refresh goes on that is its end;
// with nothing waiting it is at once.
func (j *Jobs) settle(ctx context.Context) error {
	err := j.register().Flush(ctx)
	if err == nil && j.Audit != nil {
		err = j.Audit.Flush(ctx)
	}
	return err
}

// deliver encrypts the copy into a file that gets its name when it was read back.
func deliver(ctx context.Context, copied, file string, key seal.Key) error {
	part := file + ".unfinished-" + rand.Text() // another backup may be made into the same file
	if err := key.Seal(ctx, copied, part); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	step.At("backup encrypted")
	if err := newFile(file); err != nil { // it may have come meanwhile
		return errors.Join(err, removeIfThere(part))
	}
	if err := os.Rename(part, file); err != nil {
		return errors.Join(fmt.Errorf("name the backup: %w", err), removeIfThere(part))
	}
	step.At("backup named")
	return duckdb.SyncDir(filepath.Dir(file))
}

// record keeps what was done to the file, here and in the audit log.
func (j *Jobs) record(ctx context.Context, e audit.Event, d warehouse.Deed) error {
	e.At, e.Actor, d.At = j.Now(), j.actor(), j.Now()
	return j.Warehouse.Write(ctx, func(tx *warehouse.Tx) error {
		if err := warehouse.RecordDeed(ctx, tx, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, e)
	})
}

// RecordSetAside keeps that a log could not be replayed: the next sync reads
// every source whole. The days of the file are counted from now on.
func (j *Jobs) RecordSetAside(ctx context.Context, file string, size int64) error {
	if err := touchAside(file, j.Now()); err != nil {
		return err
	}
	return j.record(ctx, audit.Event{Action: warehouse.DeedSetAside, Object: filepath.Base(file)},
		warehouse.Deed{Kind: warehouse.DeedSetAside, File: filepath.Base(file), Bytes: size})
}

func touchAside(file string, now time.Time) error {
	return privacy.TouchCopy(strings.TrimSuffix(file, ".wal"), now)
}

// newFile wants a name that no file has, in a folder that is there.
func newFile(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already, and a backup overwrites nothing: name another file", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s: make it first", filepath.Dir(path))
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
