package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"credence/server/audit"
	"credence/warehouse"
	"credence/warehouse/duckdb"
	"credence/warehouse/step"
)

// backup writes the database into a file of its own while everything goes on.
// The file gets its name only after it was opened and every row of it compared.
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
	// A copy is about as large as the database; where both lie on one disk it is
	// moved, not copied again.
	for _, dir := range []string{filepath.Dir(j.Config.Database), filepath.Dir(call.File)} {
		if err = checkRoom(dir, size); err != nil {
			return fmt.Errorf("backup: %w", err)
		}
	}
	out.progress(Progress{Label: "backup"})
	c, err := j.Warehouse.Copy(ctx, "backup-"+strings.TrimSuffix(filepath.Base(call.File), ".db")+".db")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err = j.deliver(ctx, &c, call.File); err != nil {
		return fmt.Errorf("backup: %w", errors.Join(err, removeIfThere(c.Path)))
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
	out.Say("wrote %s: %d rows of %d tables, %.1f MiB, opened and compared row by row", call.File, c.Rows(), len(c.Tables), float64(info.Size())/(1<<20))
	out.Say("the keys beside the database are not in it: keep them elsewhere")
	return nil
}

// deliver gives the copy its name. When it had to be copied to another disk it
// is read once more there.
func (j *Jobs) deliver(ctx context.Context, c *warehouse.Copied, file string) error {
	part := file + ".unfinished"
	err := os.Rename(c.Path, part)
	if err != nil {
		if err = copyFile(c.Path, part); err != nil {
			return errors.Join(err, removeIfThere(part))
		}
		if err = os.Remove(c.Path); err != nil {
			return fmt.Errorf("remove the copy: %w", err)
		}
		c.Path = part
		if err = j.Warehouse.Verify(ctx, *c); err != nil {
			return err
		}
	}
	c.Path = part
	step.At("backup moved")
	if err = newFile(file); err != nil { // it may have come meanwhile
		return err
	}
	if err = os.Rename(part, file); err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	c.Path = file
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
// every source whole.
func (j *Jobs) RecordSetAside(ctx context.Context, file string, size int64) error {
	return j.record(ctx, audit.Event{Action: warehouse.DeedSetAside, Object: filepath.Base(file)},
		warehouse.Deed{Kind: warehouse.DeedSetAside, File: filepath.Base(file), Bytes: size})
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

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
