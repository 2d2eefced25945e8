package duckdb_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"credence/warehouse/duckdb"
)

// replay is the child that reads a log before its parent does, well or badly.
func replay(how, path string) {
	_, log := os.Stat(path + ".wal")
	switch {
	case how == "replay-and-die", how == "replay-and-die-of-the-log" && log == nil:
		syscall.Kill(os.Getpid(), syscall.SIGABRT) //nolint:errcheck // as the engine does
		select {}
	case how == "replay-and-be-killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL) //nolint:errcheck // as a machine without memory does
		select {}
	}
	if duckdb.Replay(path, duckdb.Options{Threads: 1}) != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// A log over which the engine ends its process ends that of a child: it is set
// aside, unless the file is to blame, and a child that was killed blames nobody.
func TestALogThatEndsTheProcess(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, child string
		rows        int // -1: it does not open
		aside       bool
	}{
		{"a sound log is replayed", "replay", 2, false},
		{"the child dies of the log", "replay-and-die-of-the-log", 1, true},
		{"the child dies of the file too", "replay-and-die", -1, false},
		{"the child is killed from outside", "replay-and-be-killed", 2, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "c.db")
			left := leaveLog(t, path)
			e, err := duckdb.Open(path, duckdb.Options{Threads: 1, Replay: []string{program, tt.child}})
			if tt.rows < 0 {
				if err == nil || !strings.Contains(err.Error(), "restore a backup") {
					t.Fatalf("opened: %v", err)
				}
				if log, rerr := os.ReadFile(path + ".wal"); rerr != nil || !bytes.Equal(log, left) {
					t.Errorf("the log was changed, %v", rerr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close() //nolint:errcheck // read only from here on
			var n int
			if err = e.DB().QueryRowContext(t.Context(), "select count(*) from kept").Scan(&n); err != nil || n != tt.rows {
				t.Errorf("%d rows, %v; want %d", n, err, tt.rows)
			}
			if aside := e.SetAside(); (aside != nil) != tt.aside {
				t.Errorf("set aside: %+v, want %v", aside, tt.aside)
			} else if aside != nil {
				if log, rerr := os.ReadFile(aside.File); rerr != nil || !bytes.Equal(log, left) {
					t.Errorf("the log was not kept as it was, %v", rerr)
				}
			}
		})
	}
}

// leaveLog makes a database with a row, and another in a log as a kill leaves it.
func leaveLog(t *testing.T, path string) (log []byte) {
	t.Helper()
	e, err := duckdb.Open(path+".made", duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"create table kept (n integer primary key)", "insert into kept values (1)", "checkpoint", "insert into kept values (2)"} {
		if _, err = e.DB().ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	for _, ending := range []string{"", ".wal"} {
		if log, err = os.ReadFile(path + ".made" + ending); err != nil {
			t.Fatal(err)
		}
		if err = os.WriteFile(path+ending, log, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err = e.Close(); err != nil {
		t.Fatal(err)
	}
	return log
}
