package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"credence/server/auth"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// leaveWaiting disables a user as it is left by a server that is killed while a
// refresh has the one writer: the database does not know of it yet.
func leaveWaiting(t *testing.T, database, email string) {
	t.Helper()
	before, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	e, err := duckdb.Open(database, duckdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	users, err := auth.OpenRegister(t.Context(), w, auth.WaitingFile(database), nil)
	if err != nil {
		t.Fatal(err)
	}
	var left []byte
	err = w.Write(t.Context(), func(*warehouse.Tx) error {
		if derr := users.Disable(t.Context(), time.Now(), email); derr != nil {
			return derr
		}
		left, err = os.ReadFile(auth.WaitingFile(database))
		return err
	})
	if err = errors.Join(err, users.Close(t.Context()), w.Close()); err != nil {
		t.Fatal(err)
	}
	write(t, database, string(before))
	write(t, auth.WaitingFile(database), string(left))
}

// The users of a restored database are those of the backup. What was decided last
// belongs to the database of before, which is kept whole: it opens under its name,
// also when people were erased from it, and can be restored in its turn. A log over
// which the engine ends its process does not end a restore.
func TestARestoreKeepsTheDatabaseOfBeforeWhole(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	database := filepath.Join(dir, "credence.db")
	disabled := func(args ...string) bool {
		t.Helper()
		list := must(t, append([]string{"--config", config}, append(args, "user", "list")...)...).stdout
		for line := range strings.Lines(list) {
			if strings.Contains(line, "ann@tiny.example") {
				return strings.Contains(line, "disabled")
			}
		}
		t.Fatalf("nobody is ann@tiny.example:\n%s", list)
		return false
	}
	must(t, "--config", config, "sync")
	leaveLog(t, database, "insert into tombstone values ('email', '0123', '~somebody', false, timestamp '2026-01-01'); insert into api_token values ('old', 'u', '', '', '', timestamp '2026-01-01', timestamp '2099-01-01', timestamp '2026-02-01'), ('live', 'u', '', '', '', timestamp '2026-01-01', timestamp '2099-01-01', null)")
	backup := filepath.Join(t.TempDir(), "b.age")
	must(t, "--config", config, "backup", backup)
	leaveWaiting(t, database, "ann@tiny.example")

	kept := database + ".before-restore-1"
	if r := must(t, "--config", config, "restore", backup); !strings.Contains(r.stderr, "is kept with it as "+auth.WaitingFile(kept)) {
		t.Errorf("restore said %q", r.stderr)
	}
	if old, live := revoked(t, database, "old"), revoked(t, database, "live"); !strings.HasPrefix(old, "2026-02-01") || live == "" {
		t.Errorf("the tokens of the backup are revoked at %q and %q, want all of them", old, live)
	}
	if disabled() {
		t.Error("what was decided of the database of before holds in the restored one")
	}
	waited, err := os.ReadFile(auth.WaitingFile(kept))
	if err != nil {
		t.Fatal(err)
	}
	write(t, auth.WaitingFile(database), string(waited)) // as a restore leaves it that is killed after the new name
	if disabled() {
		t.Error("what a killed restore left of the database of before holds in the restored one")
	}
	if _, serr := os.Stat(auth.WaitingFile(database)); !os.IsNotExist(serr) {
		t.Errorf("what is of no use any more lies there still: %v", serr)
	}
	if info, err := os.Stat(kept + ".erasure-key"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key of erasures is kept as %v, %v; want mode 0600", info, err)
	}

	// Back to the database of before. The log that a kill left is read in a child
	// first, as when a server starts; this one dies of it.
	log := leaveLog(t, database, "delete from deals")
	long := time.Now().AddDate(0, -3, 0)
	if err := os.Chtimes(database+".wal", long, long); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program")
	write(t, program, "#!/bin/sh\nfor file; do :; done\ntest ! -e \"$file.wal\" || kill -ABRT $$\n")
	if err := os.Chmod(program, 0o700); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	if exit := Run(t.Context(), []string{"--config", config, "restore", kept}, Process{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Program: program}); exit != 0 {
		t.Fatalf("restore: exit %d, said %s", exit, &said)
	}
	if aside, err := os.ReadFile(database + ".set-aside-1.wal"); err != nil || !bytes.Equal(aside, log) || !strings.Contains(said.String(), "was set aside as "+database+".set-aside-1.wal") {
		t.Errorf("the log of before was not set aside as it was: %v, said %s", err, &said)
	}
	if info, err := os.Stat(database + ".set-aside-1.wal"); err != nil || time.Since(info.ModTime()) > time.Hour {
		t.Errorf("the log that was set aside now is of %v, %v: the next night would delete it", info, err)
	}
	if !disabled() {
		t.Error("going back brought the user back, who was disabled before")
	}
	if !disabled("--db", kept) {
		t.Error("the database of before, opened under its name, does not know what was decided last")
	}
}

// revoked is when a token was revoked; empty when it was not.
func revoked(t *testing.T, database, token string) (at string) {
	t.Helper()
	e, err := duckdb.OpenReadOnly(database, duckdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close() //nolint:errcheck // read only
	if err = e.DB().QueryRowContext(t.Context(), "select coalesce(cast(revoked_at as varchar), '') from api_token where token_id = ?", token).Scan(&at); err != nil {
		t.Fatal(err)
	}
	return at
}

// leaveLog leaves the database as a process does that is killed after the statement.
func leaveLog(t *testing.T, database, statement string) (log []byte) {
	t.Helper()
	e, err := duckdb.Open(database, duckdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, e.DB(), statement)
	left := map[string]string{}
	for _, name := range []string{database, database + ".wal"} {
		if log, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
		left[name] = string(log)
	}
	if err = e.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range left {
		write(t, name, text)
	}
	return log
}
