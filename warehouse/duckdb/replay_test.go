package duckdb_test

import (
	"bytes"
	"fmt"
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
	case how == "replay-and-lack-threads": // as the runtime says it
		fmt.Fprint(os.Stderr, "runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort\nPC=0x7f m=0 sigcode=18446744073709551610\n")
		os.Exit(2)
	case how == "replay-and-lack-memory":
		fmt.Fprint(os.Stderr, "SIGSEGV: segmentation violation\nfatal error: runtime: cannot allocate memory\n")
		os.Exit(2)
	case how == "replay-and-die-once" && os.Mkdir(filepath.Join(filepath.Dir(path), "died"), 0o700) == nil:
		syscall.Kill(os.Getpid(), syscall.SIGABRT) //nolint:errcheck // as a machine does that is short of something once
		select {}
	}
	if duckdb.Replay(path, duckdb.Options{Threads: 1}) != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// A log over which the engine ends its process ends that of a child: it is set
// aside, unless the file is to blame. A child that was killed, that dies once and not
// again, or that lacked threads or memory blames nobody: what it lacked is told.
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
		says        string // when it does not open
	}{
		{"a sound log is replayed", "replay", 2, false, ""},
		{"the child dies of the log", "replay-and-die-of-the-log", 1, true, ""},
		{"the child dies of the file too", "replay-and-die", -1, false, "restore a backup"},
		{"the child is killed from outside", "replay-and-be-killed", 2, false, ""},
		{"the child dies once", "replay-and-die-once", 2, false, ""},
		{"the child lacks threads", "replay-and-lack-threads", -1, false, "nothing was changed: free memory or raise its limits, then start again: runtime/cgo: pthread_create failed"},
		{"the child lacks memory", "replay-and-lack-memory", -1, false, "nothing was changed: free memory or raise its limits, then start again: fatal error: runtime: cannot allocate memory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "c.db")
			left := leaveLog(t, path)
			e, err := duckdb.Open(path, duckdb.Options{Threads: 1, Replay: []string{program, tt.child}})
			if tt.rows < 0 {
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Fatalf("opened: %v", err)
				}
				if log, rerr := os.ReadFile(path + ".wal"); rerr != nil || !bytes.Equal(log, left) {
					t.Errorf("the log was changed, %v", rerr)
				}
				if left, gerr := filepath.Glob(path + ".[as]*"); gerr != nil || len(left) > 0 {
					t.Errorf("left behind are %v, %v", left, gerr)
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
