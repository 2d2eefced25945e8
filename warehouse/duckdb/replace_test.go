package duckdb_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"credence/warehouse/duckdb"
)

// replaceable is a database file with others beside it and a fresh one for its place.
func replaceable(t *testing.T) (path, fresh string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "c.db")
	for _, file := range []string{path, path + ".restoring"} {
		e, err := duckdb.Open(file, duckdb.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = e.DB().ExecContext(t.Context(), "create table said as select '"+filepath.Base(file)+"' as name"); err != nil {
			t.Fatal(err)
		}
		if err = e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return path, path + ".restoring"
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func said(t *testing.T, path string) (name string) {
	t.Helper()
	e, err := duckdb.OpenReadOnly(path, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err = errors.Join(e.DB().QueryRowContext(t.Context(), "select name from said").Scan(&name), e.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}

func nothing(string) error { return nil }

// What is the old database's own is kept before the new one has its name, under a name
// beside which nothing of another one lies.
func TestRestoreKeepsWhatLiesBeside(t *testing.T) {
	t.Parallel()
	path, fresh := replaceable(t)
	put(t, path+".kept-1.users", "of one that was deleted")
	var told string
	beside := func(kept string) error {
		told = kept
		old, err := os.Stat(kept)
		if err != nil {
			return err
		}
		if has, err := os.Stat(path); err != nil || !os.SameFile(old, has) {
			t.Errorf("what lies beside is kept when another has the name already, %v", err)
		}
		return nil
	}
	kept, aside, err := duckdb.Restore(path, fresh, path+".kept-", []string{".users", ".key"}, beside, duckdb.Options{Threads: 1})
	if err != nil || aside != nil || kept != path+".kept-2" || told != kept {
		t.Fatalf("kept as %s and told as %s, %v, %v; want the name with 2", kept, told, aside, err)
	}
	if was, is := said(t, kept), said(t, path); was != "c.db" || is != "c.db.restoring" {
		t.Errorf("the database kept is %s and the one in its place %s", was, is)
	}
}

// A database that does not open is kept with its log. One that lacks what the machine
// may have again, or whose place cannot be taken, keeps its log.
func TestRestoreLosesNoLog(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("it does not open", func(t *testing.T) {
		t.Parallel()
		path, fresh := replaceable(t)
		put(t, path, "no database")
		put(t, path+".wal", "a log")
		kept, _, err := duckdb.Restore(path, fresh, path+".kept-", nil, nothing, duckdb.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		if log, err := os.ReadFile(kept + ".wal"); err != nil || string(log) != "a log" || said(t, path) != "c.db.restoring" {
			t.Errorf("the log is kept as %q, %v", log, err)
		}
	})
	t.Run("the machine lacks memory", func(t *testing.T) {
		t.Parallel()
		path, fresh := replaceable(t)
		left := leaveLog(t, path)
		_, _, err := duckdb.Restore(path, fresh, path+".kept-", nil, nothing, duckdb.Options{Threads: 1, Replay: []string{program, "replay-and-lack-memory"}})
		if err == nil || !strings.Contains(err.Error(), "nothing was changed: free memory or raise its limits") {
			t.Errorf("restored: %v", err)
		}
		if log, rerr := os.ReadFile(path + ".wal"); rerr != nil || !bytes.Equal(log, left) {
			t.Errorf("the log was changed, %v", rerr)
		}
	})
	t.Run("its place cannot be taken", func(t *testing.T) {
		t.Parallel()
		path, _ := replaceable(t)
		elsewhere, err := os.MkdirTemp("/dev/shm", "credence-") //nolint:usetesting // of another disk
		if err != nil {
			t.Skipf("there is no second disk: %v", err)
		}
		t.Cleanup(func() { os.RemoveAll(elsewhere) }) //nolint:errcheck // of a test
		fresh := filepath.Join(elsewhere, "fresh.db")
		put(t, fresh, "a database")
		put(t, path, "no database")
		put(t, path+".wal", "a log")
		_, _, err = duckdb.Restore(path, fresh, path+".kept-", nil, nothing, duckdb.Options{Threads: 1})
		if err == nil {
			t.Skip("there is no second disk")
		}
		if !errors.Is(err, syscall.EXDEV) {
			t.Errorf("restored from another disk: %v, want %v", err, syscall.EXDEV)
		}
		if log, rerr := os.ReadFile(path + ".wal"); rerr != nil || string(log) != "a log" {
			t.Errorf("its log is %q, %v", log, rerr)
		}
	})
}
