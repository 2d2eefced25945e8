// Package privacy keeps the promises made to people whose data is here: who is
// erased does not come back, neither with the next sync nor with an old backup;
// what was erased is in no byte of the file; and whoever asks gets everything
// that is held.
//
// The warehouse takes a person out of its tables (warehouse.Erase). This package
// keeps what must live beside the database: the key by which erased people are
// recognised, and a list of their marks that outlasts the database itself. A
// mark is an HMAC, so that neither the database, nor a backup, nor the list says
// who was erased; only together with the key can a given address be compared.
//
// It refuses to know pages and flags, and logs nobody.
package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"credence/server/keyfile"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// KeyFile is where the key of the marks of a database lies.
func KeyFile(database string) string { return database + ".erasure-key" }

// ListFile is where the marks of everybody erased from a database lie: one JSON
// object a line. It is kept beside the database so that a backup made before an
// erasure, or a new database filled from the same sources, cannot bring anybody
// back.
func ListFile(database string) string { return database + ".erased" }

// Attach makes an opened warehouse recognise the erased: it gives it the key,
// and takes out of it whoever the list knows and the database does not, as after
// a restore. Call it before anything is loaded or served. stale reports that
// somebody was taken out and a refresh must follow.
func Attach(ctx context.Context, w *warehouse.Warehouse, database string, now time.Time) (stale bool, err error) {
	listed, err := readList(ListFile(database))
	if err != nil {
		return false, err
	}
	var stored []warehouse.Tombstone
	err = w.Read(ctx, func(s *warehouse.Snapshot) error {
		stored, err = warehouse.Tombstones(ctx, s)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("read who was erased: %w", err)
	}
	key, err := readKey(KeyFile(database), len(listed)+len(stored) == 0)
	if err != nil {
		return false, err
	}
	if err = w.RecogniseBy(key); err != nil {
		return false, err
	}
	missing := without(listed, stored)
	same, known := warehouse.MadeWith(key, stored)
	if known && !same {
		return false, fmt.Errorf("people were erased from this database with another key than that of %s, which does not recognise them: put the key in its place that lay beside the database this one came from, or they may return", KeyFile(database))
	}
	if same, listKnown := warehouse.MadeWith(key, listed); listKnown && !same {
		return false, fmt.Errorf("%s lists people who were erased with another key than that of %s, which does not recognise them: put their key back, or, when the database and its key are of another machine, move the list away", ListFile(database), KeyFile(database))
	} else if !known && !listKnown && slices.ContainsFunc(stored, warehouse.Tombstone.OfErased) { // of an earlier program
		missing = append(missing, warehouse.KeyMark(key, now))
	}
	if len(missing) > 0 {
		gone, err := w.ReapplyTombstones(ctx, missing, now)
		if err != nil {
			return false, err
		}
		stale = gone != (warehouse.Forgotten{})
	}
	if len(without(stored, listed)) == 0 {
		return stale, nil
	}
	return stale, Keep(ctx, w, database)
}

// Reapply takes everybody erased out of a database that was put back from a
// backup: what the list beside it knows, and what it knows itself. The file is
// to be written anew by Finish after the next refresh, which must come before
// anything is served.
func Reapply(ctx context.Context, w *warehouse.Warehouse, database string, now time.Time) error {
	if _, err := Attach(ctx, w, database, now); err != nil {
		return err
	}
	_, err := w.ReapplyTombstones(ctx, nil, now)
	return err
}

// Elsewhere reports whether a database that knows the stored marks of erased people
// comes from another machine: the key beside this one did not make them. When that
// cannot be told, the list beside this one lacks some.
func Elsewhere(database string, stored []warehouse.Tombstone) (bool, error) {
	key, err := keyfile.Read(KeyFile(database), what)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if same, known := warehouse.MadeWith(key, stored); known {
		return !same, nil
	}
	listed, err := readList(ListFile(database))
	return len(without(stored, listed)) > 0, err
}

// Keep writes the list of marks beside the database as the database has it.
func Keep(ctx context.Context, w *warehouse.Warehouse, database string) error {
	var stored []warehouse.Tombstone
	err := w.Read(ctx, func(s *warehouse.Snapshot) (err error) {
		stored, err = warehouse.Tombstones(ctx, s)
		return err
	})
	if err != nil {
		return fmt.Errorf("read who was erased: %w", err)
	}
	listed, err := readList(ListFile(database))
	if err != nil {
		return err
	}
	missing := without(stored, listed)
	if len(missing) == 0 {
		return nil
	}
	return writeList(ListFile(database), append(listed, missing...))
}

// Finish writes the database into a fresh file when bytes of erased people may
// still stand in it, and deletes what lies beside it and may hold some: imports, and
// the copies of before the last erasure. It reports whether it did. A database in
// memory has no file.
func Finish(ctx context.Context, w *warehouse.Warehouse, database string) (done bool, err error) {
	due, err := w.RewriteDue(ctx)
	if err != nil || !due {
		return false, err
	}
	waiting, cancel := context.WithTimeout(ctx, rewriteWithin)
	defer cancel()
	if err = w.Rewrite(waiting); err != nil && !errors.Is(err, warehouse.ErrNoFile) {
		return false, err
	}
	if err = emptyFolder(filepath.Join(database+".d", "inbox")); err != nil {
		return false, err
	}
	var stored []warehouse.Tombstone
	err = w.Read(ctx, func(s *warehouse.Snapshot) (err error) {
		stored, err = warehouse.Tombstones(ctx, s)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("read who was erased: %w", err)
	}
	if last := warehouse.LastErased(stored); !last.IsZero() {
		if _, err = DropCopies(database, last.Add(time.Second)); err != nil { // erasures are told to the second
			return false, err
		}
	}
	return true, w.Rewritten(ctx)
}

// rewriteWithin is how long a rewrite may take, waiting for readers included.
const rewriteWithin = 10 * time.Minute

func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", dir, err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("empty %s: %w", dir, err)
		}
	}
	return nil
}

// without are the tombstones of list that have is missing.
func without(list, have []warehouse.Tombstone) (out []warehouse.Tombstone) {
	known := map[[2]string]bool{}
	for _, t := range have {
		known[[2]string{t.Kind, t.Mark}] = true
	}
	for _, t := range list {
		if t.OfErased() && !known[[2]string{t.Kind, t.Mark}] {
			out = append(out, t)
		}
	}
	return out
}

func readList(path string) (list []warehouse.Tombstone, err error) {
	text, err := os.ReadFile(path) //nolint:gosec // beside the configured database
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read who was erased: %w", err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		var t warehouse.Tombstone
		if err := json.Unmarshal([]byte(line), &t); err != nil || t.Kind == "" || t.Mark == "" || t.Stub == "" {
			return nil, fmt.Errorf("%s line %d is no mark of an erased person: put the file back as it was, or people who were erased may return", path, n)
		}
		list = append(list, t)
	}
	return list, nil
}

// writeList replaces the list as a whole.
func writeList(path string, list []warehouse.Tombstone) error {
	var text strings.Builder
	for _, t := range list {
		line, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("keep who was erased: %w", err)
		}
		text.Write(append(line, '\n'))
	}
	fresh := path + ".new"
	if err := os.WriteFile(fresh, []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("keep who was erased: %w", err)
	}
	if err := duckdb.SyncFile(fresh); err != nil {
		return fmt.Errorf("keep who was erased: %w", err)
	}
	if err := errors.Join(os.Rename(fresh, path), duckdb.SyncDir(filepath.Dir(path))); err != nil {
		return fmt.Errorf("keep who was erased: %w", err)
	}
	return nil
}
