package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"credence/warehouse/sqlfile"
)

// Copied is a copy of the database in a file of its own.
type Copied struct {
	Path   string
	Tables []TableSum // every table and every column, as they were copied
}

// Rows counts the rows of all tables.
func (c Copied) Rows() (n int64) {
	for _, t := range c.Tables {
		n += t.Rows
	}
	return n
}

// Copy writes the database as it is at one moment into a fresh file called name,
// reads every row of that back and returns where it is. Readers and the writer go
// on meanwhile. A database in memory is refused with ErrNoFile. The file is the
// caller's to move: the next opening of the database removes what still stands
// there. Nothing is left when it fails.
func (w *Warehouse) Copy(ctx context.Context, name string) (c Copied, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, c.drop())
		}
	}()
	for range 2 {
		var still bool
		if c, still, err = w.copyStill(ctx, name); err != nil || still {
			return c, err
		}
		if err = c.drop(); err != nil {
			return c, err
		}
	}
	// Somebody commits all the time. Rewrite, too, takes the writer before the gate.
	if err = w.writer.take(ctx); err != nil {
		return c, err
	}
	defer w.writer.end()
	c, _, err = w.copyStill(ctx, name)
	return c, err
}

// copyStill copies the database and reads that back while nobody replaces the file.
// still is false when somebody committed meanwhile: then it was not read back.
func (w *Warehouse) copyStill(ctx context.Context, name string) (c Copied, still bool, err error) {
	if err = w.gate.enter(ctx); err != nil {
		return c, false, fmt.Errorf("wait for the database to be written anew: %w", err)
	}
	defer w.gate.leave()
	before := w.commits.Load()
	if c, err = w.copy(ctx, name); err != nil || before%2 == 1 || before != w.commits.Load() {
		return c, false, err
	}
	return c, true, w.Verify(ctx, c)
}

// drop deletes the copy, which is as plain as the database; of one that is not there
// it does nothing.
func (c Copied) drop() error {
	if err := os.Remove(c.Path); c.Path != "" && err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete the copy: %w", err)
	}
	return nil
}

// copy sums up and copies: the two are of one state when nobody commits
// meanwhile.
func (w *Warehouse) copy(ctx context.Context, name string) (c Copied, err error) {
	if c.Tables, err = tableSums(ctx, w.engine.DB(), nil, nil); err != nil {
		return c, err
	}
	c.Path, err = w.engine.Copy(ctx, name)
	return c, err
}

// Verify reads every row of every table of the copy, wherever it was moved, and
// compares them with what was copied.
func (w *Warehouse) Verify(ctx context.Context, c Copied) error {
	err := w.engine.Look(ctx, c.Path, func(ctx context.Context, q sqlfile.Querier) error {
		have, err := tableSums(ctx, q, nil, nil)
		if err != nil {
			return err
		}
		return c.compare(have)
	})
	if err != nil {
		return fmt.Errorf("read the copy back: %w", err)
	}
	return nil
}

func (c Copied) compare(have []TableSum) error {
	if slices.Equal(have, c.Tables) {
		return nil
	}
	var wrong []string
	for _, want := range c.Tables {
		if !slices.Contains(have, want) {
			wrong = append(wrong, want.Name)
		}
	}
	if len(wrong) == 0 {
		return errors.New("it has tables that were not copied")
	}
	return fmt.Errorf("it differs in %s", strings.Join(wrong, ", "))
}

// Rewrite writes the database into a fresh file, reads it back and goes on with
// that: what was deleted is then in no byte of the file. Writers and readers wait
// for it; it waits for running readers. When it fails nothing is changed, unless
// the error says that the database has been invalidated: then it must be opened
// again.
func (w *Warehouse) Rewrite(ctx context.Context) error {
	if err := w.endRefresh(ctx); err != nil {
		return err
	}
	defer w.renewing.end()
	if err := w.writer.take(ctx); err != nil {
		return err
	}
	defer w.writer.end()
	if err := w.gate.close(ctx); err != nil {
		return fmt.Errorf("write the database anew: wait for readers: %w", err)
	}
	defer w.gate.open()
	c, err := w.copy(ctx, "rewritten.db")
	if err == nil {
		err = w.Verify(ctx, c)
	}
	if err == nil {
		err = w.engine.Replace(c.Path)
	}
	if err != nil {
		return fmt.Errorf("write the database anew: %w", errors.Join(err, c.drop()))
	}
	return nil
}

// Deed is something that was done to the database as a whole.
type Deed struct {
	At     time.Time
	Kind   string // backup | restore | log set aside | check
	File   string // name without its folder; empty of a check
	Bytes  int64
	Detail string // one sentence; may be empty
}

// Kinds of deeds.
const (
	DeedBackup   = "backup"
	DeedRestore  = "restore"
	DeedSetAside = "log set aside"
	DeedCheck    = "check" // of a night
)

// RecordDeed keeps a deed. After a restore and after a log was set aside every
// source is read whole at its next sync: what it holds may be of any time.
func RecordDeed(ctx context.Context, tx *Tx, d Deed) error {
	if d.Kind == DeedRestore || d.Kind == DeedSetAside {
		if err := questions.Get("forget_cursors").Exec(ctx, tx); err != nil {
			return err
		}
	}
	return questions.Get("keep_deed").Exec(ctx, tx, named("done_at", d.At.UTC().Truncate(time.Second)), named("deed", d.Kind),
		named("file", d.File), named("bytes", d.Bytes), named("detail", d.Detail))
}

// Deeds lists the newest deed of each kind.
func Deeds(ctx context.Context, q sqlfile.Querier) ([]Deed, error) {
	return sqlfile.All(ctx, q, questions.Get("deeds"), func(scan func(...any) error) (d Deed, err error) {
		err = scan(&d.At, &d.Kind, &d.File, &d.Bytes, &d.Detail)
		return d, err
	})
}
