package duckdb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
	"credence/warehouse/duckdb"
	"credence/warehouse/sqlfile"
)

func openWarehouse(t *testing.T, path string) (*warehouse.Warehouse, *duckdb.Engine) {
	t.Helper()
	e := open(t, path)
	w, err := warehouse.Open(t.Context(), e)
	if err != nil {
		t.Fatalf("open warehouse: %v", err)
	}
	return w, e
}

func closeWarehouse(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func deals(t *testing.T, w *warehouse.Warehouse) (n int) {
	t.Helper()
	err := w.Read(t.Context(), func(s *warehouse.Snapshot) error {
		return s.QueryRowContext(t.Context(), "select count(*) from deals").Scan(&n)
	})
	if err != nil {
		t.Fatalf("count deals: %v", err)
	}
	return n
}

// A copy is one consistent state, is read back before it counts, and a copy
// that differs is told.
func TestACopyIsReadBack(t *testing.T) {
	t.Parallel()
	w, e := openWarehouse(t, filepath.Join(t.TempDir(), "my company.db"))
	defer closeWarehouse(t, w)
	if err := loadDeals(w, 1); err != nil {
		t.Fatal(err)
	}
	writing := make(chan error, 1)
	go func() { writing <- loadDeals(w, 2) }()
	c, err := w.Copy(t.Context(), "copy.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := <-writing; err != nil {
		t.Fatalf("write while copying: %v", err)
	}
	if info, serr := os.Stat(c.Path); serr != nil || info.Mode().Perm() != 0o600 || filepath.Dir(c.Path) != e.Path()+".d/backup/unfinished" {
		t.Errorf("the copy %s is %v, %v; want mode 0600 in the backup folder", c.Path, info, serr)
	}
	if c.Rows() < 1000 {
		t.Errorf("%d rows were copied, want those of 1000 deals at least", c.Rows())
	}
	moved := filepath.Join(t.TempDir(), "moved.db")
	if err := os.Rename(c.Path, moved); err != nil {
		t.Fatal(err)
	}
	c.Path = moved
	if err := w.Verify(t.Context(), c); err != nil {
		t.Errorf("the copy: %v", err)
	}
	c.Tables[0].Rows++
	if err := w.Verify(t.Context(), c); err == nil || !strings.Contains(err.Error(), "it differs in "+c.Tables[0].Name) {
		t.Errorf("a copy with a row less: %v, want it told", err)
	}
}

// blind is an engine that does not read its copies.
type blind struct{ *duckdb.Engine }

var errBlind = errors.New("it cannot be read")

func (blind) Look(context.Context, string, func(context.Context, sqlfile.Querier) error) error {
	return errBlind
}

func TestACopyThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	e, err := duckdb.Open(filepath.Join(t.TempDir(), "c.db"), duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), blind{e})
	if err != nil {
		t.Fatal(err)
	}
	defer closeWarehouse(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = w.Copy(ctx, "copy.db"); err == nil {
		t.Error("a cancelled copy was made")
	}
	if _, err = w.Copy(t.Context(), "copy.db"); !errors.Is(err, errBlind) {
		t.Errorf("a copy that cannot be read back: %v, want %v", err, errBlind)
	}
	if err = w.Rewrite(t.Context()); !errors.Is(err, errBlind) {
		t.Errorf("written anew without being read back: %v, want %v", err, errBlind)
	}
	if left, rerr := os.ReadDir(e.Path() + ".d/backup/unfinished"); rerr != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, rerr)
	}
	m, err := duckdb.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	mw, err := warehouse.Open(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	defer closeWarehouse(t, mw)
	if _, err := mw.Copy(t.Context(), "copy.db"); !errors.Is(err, warehouse.ErrNoFile) {
		t.Errorf("a copy of memory: %v, want %v", err, warehouse.ErrNoFile)
	}
}

// disturbed is an engine beside whose copies something happens.
type disturbed struct {
	*duckdb.Engine
	copies int
	after  func(copies int)
}

func (d *disturbed) Copy(ctx context.Context, name string) (string, error) {
	path, err := d.Engine.Copy(ctx, name)
	d.copies++
	d.after(d.copies)
	return path, err
}

// A copy beside which somebody commits all the time waits for the writer, and keeps
// nobody who has that from writing the database anew.
func TestACopyThatWaitsForTheWriterLetsItBeWrittenAnew(t *testing.T) {
	t.Parallel()
	e, err := duckdb.Open(filepath.Join(t.TempDir(), "c.db"), duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := &disturbed{Engine: e}
	w, err := warehouse.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	defer closeWarehouse(t, w)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	write := func(ctx context.Context) error {
		return w.Write(ctx, func(tx *warehouse.Tx) error {
			_, werr := tx.ExecContext(ctx, "insert into upkeep values (timestamp '2026-01-01', 'check', '', 0, '')")
			return werr
		})
	}
	rewritten := make(chan error, 1)
	d.after = func(copies int) {
		if copies > 2 {
			return
		}
		if werr := write(ctx); werr != nil {
			t.Errorf("commit beside the copy: %v", werr)
		}
		if copies == 1 {
			return
		}
		go func() { rewritten <- w.Rewrite(ctx) }()
		for { // until that has the writer
			soon, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			werr := write(soon)
			cancel()
			if werr != nil && strings.Contains(werr.Error(), "wait for the one writer") {
				return
			}
		}
	}
	c, err := w.Copy(ctx, "copy.db")
	if err != nil {
		t.Errorf("the copy: %v", err)
	}
	if err = <-rewritten; err != nil {
		t.Errorf("written anew beside it: %v", err)
	}
	if err = w.Verify(ctx, c); err != nil {
		t.Errorf("the copy after that: %v", err)
	}
}

// What was deleted is in no byte of the file once it was written anew, and the
// warehouse goes on with the new file: it reads, writes and stays locked.
func TestRewritingErases(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c.db")
	w, _ := openWarehouse(t, path)
	const marker = "marker-7ce1-of-somebody"
	for n := range 3 {
		_, err := w.Load(t.Context(), warehouse.LoadSource{Name: "crm", Kind: "test", At: time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)}, func(l *warehouse.Loader) error {
			for i := range 50 { // few and different: no compression hides the text
				if err := l.Put(warehouse.Contact{ContactID: fmt.Sprint(n, "-", i), Name: fmt.Sprint(marker, rand.Uint64())}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := w.Write(t.Context(), func(tx *warehouse.Tx) error {
		_, err := tx.ExecContext(t.Context(), "delete from contacts")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	reading, done := make(chan struct{}), make(chan error, 1)
	go func() { // a reader of the old file ends before the new one is there
		done <- w.Read(t.Context(), func(s *warehouse.Snapshot) error {
			close(reading)
			var n int
			return s.QueryRowContext(t.Context(), "select count(*) from range(30000000) where hash(range) % 7 = 0").Scan(&n)
		})
	}()
	<-reading
	if err = w.Rewrite(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rerr := <-done; rerr != nil {
		t.Errorf("the reader of before: %v", rerr)
	}
	if lerr := loadDeals(w, 1); lerr != nil {
		t.Errorf("write into the new file: %v", lerr)
	}
	if n := deals(t, w); n != 1000 {
		t.Errorf("%d deals, want 1000", n)
	}
	if _, oerr := duckdb.Open(path, duckdb.Options{}); !errors.Is(oerr, duckdb.ErrInUse) {
		t.Errorf("the new file can be opened twice: %v", oerr)
	}
	closeWarehouse(t, w)
	err = filepath.WalkDir(filepath.Dir(path), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, rerr := os.ReadFile(p)
		if bytes.Contains(text, []byte(marker)) {
			t.Errorf("%s still holds the deleted text", p)
		}
		return rerr
	})
	if err != nil {
		t.Fatal(err)
	}
	w, _ = openWarehouse(t, path)
	defer closeWarehouse(t, w)
	if n := deals(t, w); n != 1000 {
		t.Errorf("%d deals after opening again, want 1000", n)
	}
}

// damaged makes a database of two loads, the second only in the log, and gives
// back the two files.
func damaged(t *testing.T) (path string) {
	t.Helper()
	dir := t.TempDir()
	path = filepath.Join(dir, "c.db")
	w, _ := openWarehouse(t, path)
	if err := loadDeals(w, 1); err != nil {
		t.Fatal(err)
	}
	closeWarehouse(t, w)
	w, _ = openWarehouse(t, path)
	if err := loadDeals(w, 2); err != nil {
		t.Fatal(err)
	}
	for _, ending := range []string{"", ".wal"} { // as a killed process leaves them
		text, err := os.ReadFile(path + ending)
		if err != nil || len(text) == 0 {
			t.Fatalf("read %s: %d bytes, %v", ending, len(text), err)
		}
		if err := os.WriteFile(filepath.Join(dir, "k.db")+ending, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	closeWarehouse(t, w)
	return filepath.Join(dir, "k.db")
}

func flip(t *testing.T, path string, at int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[at%len(text)] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A log that cannot be replayed is set aside, not deleted, and what stood
// before it can be read and written.
func TestADamagedLogIsSetAside(t *testing.T) {
	t.Parallel()
	path := damaged(t)
	looking, err := duckdb.OpenReadOnly(path, duckdb.Options{})
	if err != nil {
		t.Fatalf("look at a whole log: %v", err)
	}
	if err = looking.Close(); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(path + ".wal")
	if err != nil {
		t.Fatal(err)
	}
	flip(t, path+".wal", len(log)/2)
	if _, err = duckdb.OpenReadOnly(path, duckdb.Options{}); err == nil {
		t.Error("a damaged log was read")
	}
	for _, ending := range []string{"", ".wal"} {
		if _, err = os.Stat(path + ending); err != nil {
			t.Errorf("looking took %s away: %v", ending, err)
		}
	}
	w, e := openWarehouse(t, path)
	aside := e.SetAside()
	if aside == nil || aside.File != path+".set-aside-1.wal" || aside.Bytes != int64(len(log)) || aside.Why == nil {
		t.Fatalf("set aside: %+v", aside)
	}
	if kept, rerr := os.ReadFile(aside.File); rerr != nil || len(kept) != len(log) {
		t.Errorf("the log was not kept: %d bytes, %v", len(kept), rerr)
	}
	if n := deals(t, w); n != 1000 {
		t.Errorf("%d deals, want the 1000 before the log", n)
	}
	err = w.Write(t.Context(), func(tx *warehouse.Tx) error {
		return warehouse.RecordDeed(t.Context(), tx, warehouse.Deed{
			At: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Kind: warehouse.DeedSetAside, File: filepath.Base(aside.File), Bytes: aside.Bytes,
		})
	})
	if err != nil {
		t.Error(err)
	}
	_, err = w.Load(t.Context(), warehouse.LoadSource{Name: "crm", Kind: "test", At: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)}, func(l *warehouse.Loader) error {
		if l.Cursor() != "" {
			t.Errorf("the source goes on at %q, want it read whole", l.Cursor())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	closeWarehouse(t, w)
	w, e = openWarehouse(t, path)
	if e.SetAside() != nil {
		t.Error("a second opening set aside something")
	}
	closeWarehouse(t, w)
}

// A damaged database file is refused, and its log keeps its name.
func TestADamagedFileIsRefused(t *testing.T) {
	t.Parallel()
	path := damaged(t)
	flip(t, path+".wal", 5000)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12288 { // all three headers
		text[i] ^= 0xff
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := duckdb.Open(path, duckdb.Options{}); err == nil {
		t.Fatal("a file without headers was opened")
	}
	if _, err := os.Stat(path + ".wal"); err != nil {
		t.Errorf("the log was taken away: %v", err)
	}
}
