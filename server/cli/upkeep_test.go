package cli

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"credence/server/seal"
	"credence/warehouse/duckdb"
)

// serving runs a server on the configuration until the test ends or stop is
// called, which gives its exit code.
func serving(t *testing.T, config string) (base string, stop func() int, said *buffer) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, stderr := &buffer{line: make(chan struct{}, 1)}, &buffer{}
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, []string{"--config", config, "serve", "--addr", "127.0.0.1:0"}, Process{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr})
	}()
	select {
	case <-stdout.line:
	case code := <-ended:
		t.Fatalf("serve ended with %d: %s", code, stderr)
	case <-time.After(2 * time.Minute):
		t.Fatalf("serve did not start: %s", stderr)
	}
	stopped := false
	stop = func() int {
		if stopped {
			return 0
		}
		stopped = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() { stop() })
	_, base, _ = strings.Cut(stdout.String(), "serves ")
	base, _, _ = strings.Cut(base, "\n")
	return base, stop, stderr
}

func page(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url) //nolint:noctx // a test on loopback
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tables are the lines of a check, without the tables that a restore itself
// writes to.
func tables(check string) string {
	var out []string
	for line := range strings.Lines(check) {
		if !strings.HasPrefix(line, "users ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// A backup made while a server works is restored to the same figures; the old
// database is kept.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	write(t, filepath.Join(dir, "files", "teams.csv"), "team_id,name\nT1,One\nT2,Two\n")
	for _, team := range []string{"T1", "T2"} { // Ann moves after her deals were closed
		write(t, filepath.Join(dir, "files", "reps.csv"), "rep_id,name,email,team_id\nR1,Ann,ann@tiny.example,"+team+"\n")
		must(t, "--config", config, "sync", "--full")
	}
	must(t, "--config", config, "refresh")
	base, stop, _ := serving(t, config)
	file := filepath.Join(t.TempDir(), "b.db")
	key := filepath.Join(dir, "credence.db.backup-key")
	if r := must(t, "--config", config, "backup", file); !strings.Contains(r.stderr, "compared row by row, encrypted and read back") ||
		!strings.Contains(r.stderr, "nobody can restore it without the key "+key) || r.stdout != "" {
		t.Errorf("backup said %q and wrote %q", r.stderr, r.stdout)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "credence.db.d", "backup", "unfinished", "*")); err != nil || len(left) > 0 {
		t.Errorf("an unencrypted copy is left behind: %v, %v", left, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is %v, %v; want mode 0600", info, err)
	}
	if r := run(t, "--config", config, "restore", file); r.exit != 1 || !strings.Contains(r.stderr, "stop it, restore, and start it again") {
		t.Errorf("restore under a server: exit %d, said %q", r.exit, r.stderr)
	}
	want := tables(must(t, "--config", config, "check").stdout)
	if got := page(t, base+"/metrics"); !strings.Contains(got, `credence_job_seconds_count{result="0",verb="backup"} 1`) || strings.Contains(got, "credence_backup_timestamp_seconds 0") {
		t.Errorf("/metrics on this machine says\n%s", got)
	}
	if code := stop(); code != 0 {
		t.Fatalf("serve ended with %d", code)
	}

	// The world goes on, then goes back.
	write(t, filepath.Join(dir, "files", "deals.csv"), "deal_id,account_id,owner_rep_id,name,status,amount,currency,created_at,closed_at\nD9,A1,R1,Ninth,won,7,EUR,2026-07-10,2026-07-20\n")
	must(t, "--config", config, "sync")
	must(t, "--config", config, "refresh")
	if tables(must(t, "--config", config, "check").stdout) == want {
		t.Fatal("a new deal changed nothing")
	}
	must(t, "--config", config, "user", "disable", "ann@tiny.example")
	r := must(t, "--config", config, "restore", file)
	if !strings.Contains(r.stderr, "ann@tiny.example was disabled in the database of before and is not in the restored one: credence user disable ann@tiny.example") {
		t.Errorf("restore said %q", r.stderr)
	}
	database := filepath.Join(dir, "credence.db")
	if !strings.Contains(r.stderr, "kept as "+database+".before-restore-1") || strings.Contains(r.stderr, "another machine") {
		t.Errorf("restore said %q", r.stderr)
	}
	if got := tables(must(t, "--config", config, "check").stdout); got != want {
		t.Errorf("after the restore\n%s\nwant\n%s", got, want)
	}
	if r := must(t, "--config", config, "--db", database+".before-restore-1", "query", "--format", "csv", "select deal_id from deal where deal_id = 'D9'"); r.stdout != "deal_id\nD9\n" {
		t.Errorf("the database of before holds %q", r.stdout)
	}
	if r := must(t, "--config", config, "query", "--format", "csv", "select deal_id, team_id from deal order by deal_id"); r.stdout != "deal_id,team_id\nD1,T1\nD2,T1\n" {
		t.Errorf("after the restore the deals that were closed before the move are of %q, want of the team that was left", r.stdout)
	}
	// What is newer in the sources comes back whole.
	if r := must(t, "--config", config, "sync"); strings.Contains(r.stderr, "nothing new") || !strings.Contains(r.stderr, "1 records changed") {
		t.Errorf("sync after the restore said %q, want every row read", r.stderr)
	}
	if left, err := filepath.Glob(database + ".restoring*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// A second restore keeps a second database.
	must(t, "--config", config, "restore", file)
	if _, err := os.Stat(database + ".before-restore-2"); err != nil {
		t.Error(err)
	}

	// Another machine needs the key of the backup, and that of erasures.
	write(t, filepath.Join(dir, "files", "contacts.csv"), "contact_id,account_id,name,email\nC1,A1,Bo,bo@acme.example\nC2,A1,Eve Zander,eve@acme.example\n")
	must(t, "--config", config, "sync")
	must(t, "--config", config, "erase", "--email", "eve@acme.example")
	want = tables(must(t, "--config", config, "check").stdout)
	file = filepath.Join(t.TempDir(), "second.age")
	must(t, "--config", config, "backup", file)
	fresh := filepath.Join(t.TempDir(), "machine", "new.db")
	if r := run(t, "--config", config, "--db", fresh, "restore", file); r.exit != 2 || !strings.Contains(r.stderr, file+" is encrypted and its key is not beside the database: name it with --key FILE") {
		t.Errorf("restore on a new machine without the key: exit %d, said %q", r.exit, r.stderr)
	}
	if r := must(t, "--config", config, "--db", fresh, "restore", file, "--key", key); strings.Contains(r.stderr, "database of before") || !strings.Contains(r.stderr, "the key of the backup is kept as "+fresh+".backup-key") ||
		!strings.Contains(r.stderr, "put the key of erasures of that machine here as "+fresh+".erasure-key") {
		t.Errorf("restore on a new machine said %q", r.stderr)
	}
	if r := run(t, "--config", config, "--db", fresh, "check"); r.exit != 1 || !strings.Contains(r.stderr, fresh+".erasure-key, is missing: put it back") {
		t.Errorf("without the key of erasures: exit %d, said %q", r.exit, r.stderr)
	}
	write(t, fresh+".erasure-key", strings.Repeat("ab", 32)) // that of a machine that served before
	if r := run(t, "--config", config, "--db", fresh, "check"); r.exit != 1 || !strings.Contains(r.stderr, "with another key than that of "+fresh+".erasure-key") {
		t.Errorf("with another key of erasures: exit %d, said %q", r.exit, r.stderr)
	}
	erasures, err := os.ReadFile(database + ".erasure-key")
	if err != nil {
		t.Fatal(err)
	}
	write(t, fresh+".erasure-key", string(erasures))
	for _, name := range []string{key, fresh + ".backup-key"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v, %v; want mode 0600", name, info, err)
		}
	}
	if got := tables(must(t, "--config", config, "--db", fresh, "check").stdout); got != want {
		t.Errorf("on a new machine\n%s\nwant\n%s", got, want)
	}

	// A key that was taken away is not replaced without a word.
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if r := run(t, "--config", config, "backup", filepath.Join(t.TempDir(), "third.age")); r.exit != 1 || !strings.Contains(r.stderr, key+" is gone, with which the last backup was made: put it back") {
		t.Errorf("a backup without the key: exit %d, said %q", r.exit, r.stderr)
	}
}

// What is no backup is refused before the database is touched.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	must(t, "--config", config, "sync")
	must(t, "--config", config, "refresh")
	database := filepath.Join(dir, "credence.db")
	good, plain := filepath.Join(t.TempDir(), "good.age"), filepath.Join(t.TempDir(), "plain.db")
	must(t, "--config", config, "backup", good)
	key, err := seal.ReadKey(seal.KeyFile(database))
	if err != nil {
		t.Fatal(err)
	}
	if err = key.Open(good, plain); err != nil {
		t.Fatal(err)
	}
	sealed, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(plain) // as earlier versions wrote them
	if err != nil {
		t.Fatal(err)
	}
	made := func(name string, change func(path string)) string {
		path := filepath.Join(t.TempDir(), name)
		write(t, path, string(text))
		change(path)
		return path
	}
	sqlOn := func(statement string) func(string) {
		return func(path string) {
			e, oerr := duckdb.Open(path, duckdb.Options{})
			if oerr != nil {
				t.Fatal(oerr)
			}
			mustExec(t, e.DB(), statement)
			if cerr := e.Close(); cerr != nil {
				t.Fatal(cerr)
			}
		}
	}
	damaged := bytes.Clone(text)
	for at := len(damaged) / 4; at < len(damaged); at += 4096 {
		damaged[at] ^= 1
	}
	encrypted := func(name string, text []byte) string {
		return made(name, func(path string) { write(t, path, string(text)) })
	}
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)/2] ^= 1
	other, err := seal.OwnKey(filepath.Join(t.TempDir(), "other.db"))
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(t.TempDir(), "foreign.age")
	if err = other.Seal(t.Context(), plain, foreign); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file string
		exit       int
		want       string
	}{
		{"half an encrypted file", encrypted("half.age", sealed[:len(sealed)/2]), 1, "half.age was changed or cut short: take another backup"},
		{"an encrypted file without its last chunk", encrypted("short.age", sealed[:len(sealed)-64<<10]), 1, "short.age was changed or cut short"},
		{"one flipped bit of an encrypted file", encrypted("flipped.age", flipped), 1, "flipped.age was changed or cut short"},
		{"the head of an encrypted file", encrypted("head.age", sealed[:40]), 1, "head.age was changed or cut short"},
		{"a file of another key", foreign, 1, "foreign.age was encrypted with another key than that of " + seal.KeyFile(database) + ": name the right one with --key FILE"},
		{"no file", filepath.Join(dir, "none.db"), 2, "there is no file"},
		{"a folder", dir, 2, "is no file"},
		{"the database itself", database, 2, "is the database itself"},
		{"a database that somebody works on", made("live.db", func(path string) { write(t, path+".wal", "log") }), 2, "has a log beside it"},
		{"something else", filepath.Join(dir, "credence.yaml"), 1, "no Credence database"},
		{"half a file", made("half.db", func(path string) { write(t, path, string(text[:len(text)/2])) }), 1, "nothing was changed"},
		{"flipped bits", made("flipped.db", func(path string) { write(t, path, string(damaged)) }), 1, "nothing was changed"},
		{"a newer schema", made("newer.db", sqlOn("insert into schema_version values (9999, timestamp '2027-01-01')")), 1, "it has schema 9999"},
		{"a broken invariant", made("broken.db", sqlOn("delete from rep")), 1, "invariants are broken"},
	}
	before := must(t, "--config", config, "check").stdout
	for _, tt := range tests {
		r := run(t, "--config", config, "restore", tt.file)
		if r.exit != tt.exit || !strings.Contains(r.stderr, tt.want) {
			t.Errorf("%s: exit %d, said %q; want %d and %q", tt.name, r.exit, r.stderr, tt.exit, tt.want)
		}
		if left, gerr := filepath.Glob(database + ".*restor*"); gerr != nil || len(left) > 0 {
			t.Errorf("%s: left behind: %v, %v", tt.name, left, gerr)
		}
	}
	for _, tt := range []struct{ name, key, want string }{
		{"a key file that is none", filepath.Join(dir, "credence.yaml"), "is no key of backups"},
		{"no key file", filepath.Join(dir, "none"), "no such file"},
	} {
		if r := run(t, "--config", config, "restore", good, "--key", tt.key); r.exit != 2 || !strings.Contains(r.stderr, tt.want) {
			t.Errorf("%s: exit %d, said %q; want 2 and %q", tt.name, r.exit, r.stderr, tt.want)
		}
	}
	if after := must(t, "--config", config, "check").stdout; after != before {
		t.Errorf("a refused restore changed\n%s\nto\n%s", before, after)
	}
}

func mustExec(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	must(t, "--config", config, "sync")
	tests := []struct {
		name, file, want string
	}{
		{"a file that is there", filepath.Join(dir, "users.csv"), "is there already"},
		{"the database", filepath.Join(dir, "credence.db"), "is there already"},
		{"a folder that is not there", filepath.Join(dir, "none", "b.db"), "make it first"},
	}
	for _, tt := range tests {
		if r := run(t, "--config", config, "backup", tt.file); r.exit != 2 || !strings.Contains(r.stderr, tt.want) {
			t.Errorf("%s: exit %d, said %q; want 2 and %q", tt.name, r.exit, r.stderr, tt.want)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "credence.db.d", "backup", "unfinished", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A log that cannot be replayed is set aside with loud words, and the next sync
// reads every source whole: the figures are then those of a clean run.
func TestADamagedLogCostsNothing(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	must(t, "--config", config, "sync")
	must(t, "--config", config, "refresh")
	want := records(must(t, "--config", config, "check").stdout)
	database := filepath.Join(dir, "credence.db")
	log := leaveLog(t, database, "delete from deals")
	log[len(log)/2] ^= 1
	write(t, database+".wal", string(log))
	file, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, "--config", config, "doctor")
	if r.exit != 1 || !strings.Contains(r.stdout+r.stderr, "cannot be replayed") {
		t.Errorf("doctor: exit %d, wrote %q, said %q", r.exit, r.stdout, r.stderr)
	}
	for name, text := range map[string][]byte{database: file, database + ".wal": log} {
		if now, rerr := os.ReadFile(name); rerr != nil || !bytes.Equal(now, text) {
			t.Errorf("doctor changed %s, %v", name, rerr)
		}
	}
	r = must(t, "--config", config, "sync")
	if !strings.Contains(r.stderr, "set aside") {
		t.Errorf("sync said %q", r.stderr)
	}
	if got := records(must(t, "--config", config, "check").stdout); got != want {
		t.Errorf("records after the fault\n%s\nwant\n%s", got, want)
	}
}
