package duckdb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// TestMain lets the test binary be the other process: it opens the database
// named in the environment and does what it is told until its input ends.
func TestMain(m *testing.M) {
	path := os.Getenv("CREDENCE_TEST_OPEN")
	if len(os.Args) == 3 && strings.HasPrefix(os.Args[1], "replay") {
		replay(os.Args[1], os.Args[2])
	}
	if path == "" {
		os.Exit(m.Run())
	}
	if err := other(path, os.Getenv("CREDENCE_TEST_WRITE") != ""); err != nil {
		fmt.Fprintln(os.Stdout, err) //nolint:errcheck // the test sees it
		os.Exit(1)
	}
}

// other opens path, says so and waits; or it loads deals, saying after each
// load how many there are, until it is killed.
func other(path string, write bool) (err error) {
	engine, err := duckdb.Open(path, duckdb.Options{Threads: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if !write {
		fmt.Fprintln(os.Stdout, "open") //nolint:errcheck // the test sees it
		_, err = io.Copy(io.Discard, os.Stdin)
		return err
	}
	w, err := warehouse.Open(context.Background(), engine)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		if err := loadDeals(w, n); err != nil {
			return err
		}
		fmt.Fprintln(os.Stdout, n) //nolint:errcheck // the test sees it
	}
}

// loadDeals loads batch n: 500 new deals, and the first 500 again with n as
// their stage.
func loadDeals(w *warehouse.Warehouse, n int) error {
	at := time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)
	_, err := w.Load(context.Background(), warehouse.LoadSource{Name: "crm", Kind: "test", At: at}, func(l *warehouse.Loader) error {
		for i := range 500 {
			for _, id := range []string{fmt.Sprint("first-", i), fmt.Sprintf("%d-%d", n, i)} {
				if err := l.Put(warehouse.Deal{DealID: id, Status: "open", Stage: fmt.Sprint(n), UpdatedAt: at}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return err
}

// start runs other and returns its first line.
func start(t *testing.T, path string, write bool) (cmd *exec.Cmd, out *bufio.Reader, stop func()) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "CREDENCE_TEST_OPEN="+path)
	if write {
		cmd.Env = append(cmd.Env, "CREDENCE_TEST_WRITE=1")
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatalf("pipe: %v", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("pipe: %v", err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start: %v", err)
	}
	return cmd, bufio.NewReader(stdout), func() {
		in.Close()                  //nolint:errcheck // the process may be gone
		io.Copy(io.Discard, stdout) //nolint:errcheck // as above
		cmd.Wait()                  //nolint:errcheck // as above
	}
}

func open(t *testing.T, path string) *duckdb.Engine {
	t.Helper()
	e, err := duckdb.Open(path, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return e
}

func TestASecondProcessIsRefusedByNumber(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c.db")
	cmd, out, stop := start(t, path, false)
	defer stop()
	if line, err := out.ReadString('\n'); line != "open\n" {
		t.Fatalf("other process said %q, %v", line, err)
	}
	_, err := duckdb.Open(path, duckdb.Options{})
	if !errors.Is(err, duckdb.ErrInUse) || !strings.Contains(err.Error(), fmt.Sprintf("in use by process %d; stop it", cmd.Process.Pid)) {
		t.Errorf("error = %v, want it to name process %d", err, cmd.Process.Pid)
	}
	stop()
	if err := open(t, path).Close(); err != nil {
		t.Errorf("close after the other ended: %v", err)
	}
}

func TestOneFileOpensOnceUnderAnyName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "c.db")
	e := open(t, path)
	tests := []struct {
		name string
		link func(from, to string) error
	}{{"hard.db", os.Link}, {"symbolic.db", os.Symlink}}
	for _, tt := range tests {
		other := filepath.Join(dir, tt.name)
		if err := tt.link(path, other); err != nil {
			t.Fatalf("link: %v", err)
		}
		if _, err := duckdb.Open(other, duckdb.Options{}); !errors.Is(err, duckdb.ErrInUse) {
			t.Errorf("%s: error = %v, want %v", tt.name, err, duckdb.ErrInUse)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	s := open(t, filepath.Join(dir, "symbolic.db"))
	if s.Path() != path {
		t.Errorf("path = %s, want %s", s.Path(), path)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, "c.db")
	e := open(t, path)
	if _, err := e.DB().ExecContext(t.Context(), "create table t (a integer)"); err != nil {
		t.Fatalf("write: %v", err)
	}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s has mode %o", p, mode)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("walk: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if _, err := os.Stat(path + ".pid"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the pid file is left behind: %v", err)
	}
}

func TestBadPathsAreExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	noise := filepath.Join(dir, "noise.db")
	if err := os.WriteFile(noise, []byte("this is a letter, not a database"), 0o600); err != nil {
		t.Fatalf("write: %v", err)
	}
	tests := []struct{ name, path, want string }{
		{"a file of something else", noise, "the file is no Credence database; name another with --db"},
		{"a folder", dir, "no regular file"},
		{"a name the driver would misread", filepath.Join(dir, "a?b.db"), "choose another name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := duckdb.Open(tt.path, duckdb.Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want it to say %q", err, tt.want)
			}
		})
	}
	if text, err := os.ReadFile(noise); err != nil || string(text) != "this is a letter, not a database" {
		t.Errorf("the file was changed to %q, %v", text, err)
	}
}

// The database is opened locked down: SQL reaches no file, network, extension
// or setting, on any connection.
func TestLockdown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.csv")
	if err := os.WriteFile(secret, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatalf("write: %v", err)
	}
	e := open(t, filepath.Join(dir, "c.db"))
	defer func() {
		if err := e.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}()
	backup := e.Path() + ".d/backup/"
	if err := os.Symlink(dir, backup+"out"); err != nil {
		t.Fatalf("link: %v", err)
	}
	refused := []string{
		"select * from read_csv('" + secret + "')", "select * from '" + secret + "'", "select * from read_text('" + secret + "')",
		"select * from read_blob('/etc/passwd')", "select * from glob('/etc/*')", "select * from sniff_csv('" + secret + "')",
		"select * from read_parquet('/tmp/x.parquet')", "select * from read_json('/tmp/x.json')",
		"copy (select 1) to '" + dir + "/out.csv'", "create table t as select * from read_csv('" + secret + "')",
		"attach '" + dir + "/other.db'", "attach '" + dir + "/other.db' (read_only)", "export database '" + dir + "/dump'", "import database '" + dir + "/dump'",
		"install httpfs", "load httpfs", "install spatial from community", "load '/tmp/evil.duckdb_extension'",
		"select * from read_csv('https://example.com/x.csv')", "select * from 's3://bucket/x.parquet'",
		"set enable_external_access = true", "set lock_configuration = false", "set allowed_directories = ['/']", "set memory_limit = '1GB'",
		"set threads = 8", "set temp_directory = '/tmp'", "set TimeZone = 'Europe/Berlin'", "reset enable_external_access", "set profiling_output = '/tmp/x.json'",
		"create persistent secret s (type s3)", "copy (select 1) to '" + backup + "../../out.csv'", "copy (select 1) to '" + backup + "out/out.csv'",
		"select * from read_csv('" + backup + "out/secret.csv')",
	}
	for _, statement := range refused {
		for range 2 { // on a first and on another connection
			conn, err := e.DB().Conn(t.Context())
			if err != nil {
				t.Fatalf("connect: %v", err)
			}
			defer conn.Close() //nolint:errcheck // a reader
			if _, err := conn.ExecContext(t.Context(), statement); err == nil {
				t.Errorf("allowed: %s", statement)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "out.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was written outside: %v", err)
	}
	for _, statement := range []string{
		"copy (select 1 as a) to '" + backup + "in.csv'", "select * from read_csv('" + backup + "in.csv')",
		"attach '" + backup + "copy.db' as copy", "copy from database c to copy", "detach copy",
	} {
		if _, err := e.DB().ExecContext(t.Context(), statement); err != nil {
			t.Errorf("refused: %s: %v", statement, err)
		}
	}
	var zone, threads string
	if err := e.DB().QueryRowContext(t.Context(), "select current_setting('TimeZone'), cast(current_setting('threads') as varchar)").Scan(&zone, &threads); err != nil || zone != "UTC" || threads != "1" {
		t.Errorf("zone %q, threads %q, %v", zone, threads, err)
	}
}

func TestAppendCleansText(t *testing.T) {
	t.Parallel()
	e, err := duckdb.OpenMemory()
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer func() {
		if cerr := e.Close(); cerr != nil {
			t.Errorf("close: %v", cerr)
		}
	}()
	conn, err := e.DB().Conn(t.Context())
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer conn.Close() //nolint:errcheck // the engine closes it too
	for _, s := range []string{"create table t (a varchar, b bigint)", "begin transaction"} {
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	rows := [][]any{{"a\x00b", int64(1)}, {"\xff\xfeü", nil}, {"plain", int64(3)}}
	if err := e.Append(t.Context(), conn, "t", []string{"a", "b"}, slices.Values(rows)); err != nil {
		t.Fatalf("append: %v", err)
	}
	if err := e.Append(t.Context(), conn, "t", []string{"a", "b"}, slices.Values([][]any{{"x", "no number"}})); err == nil {
		t.Error("a text was appended as a number")
	}
	if _, err := conn.ExecContext(t.Context(), "rollback"); err != nil {
		t.Fatalf("roll back: %v", err)
	}
	var n int
	if err := conn.QueryRowContext(t.Context(), "select count(*) from t").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows stayed after the rollback, %v", n, err)
	}
}

// A process killed in the middle of a load loses at most the load that was not
// acknowledged, and the database can be written afterwards: an index would not
// survive this.
func TestKilledInTheMiddleOfALoad(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("processes are killed otherwise there")
	}
	path := filepath.Join(t.TempDir(), "c.db")
	acknowledged := 0
	for round := range 4 {
		cmd, out, stop := start(t, path, true)
		for range 3 + round {
			line, err := out.ReadString('\n')
			if err != nil {
				t.Fatalf("round %d: the writer stopped: %q, %v", round, line, err)
			}
			if _, err := fmt.Sscan(line, &acknowledged); err != nil {
				t.Fatalf("round %d: the writer said %q", round, line)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatalf("kill: %v", err)
		}
		stop()

		w, err := warehouse.Open(t.Context(), open(t, path))
		if err != nil {
			t.Fatalf("round %d: open after the kill: %v", round, err)
		}
		err = w.Read(t.Context(), func(s *warehouse.Snapshot) error {
			for _, id := range []string{fmt.Sprintf("%d-0", acknowledged), fmt.Sprintf("%d-499", acknowledged), "first-77"} {
				var n int
				if qerr := s.QueryRowContext(t.Context(), "select count(*) from deals where source_id = ?", id).Scan(&n); qerr != nil {
					return qerr
				}
				if n != 1 {
					t.Errorf("round %d: %d loads were acknowledged, deal %s is found %d times", round, acknowledged, id, n)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatalf("round %d: read: %v", round, err)
		}
		if err = loadDeals(w, 1000+round); err != nil {
			t.Fatalf("round %d: write after the kill: %v", round, err)
		}
		report, err := w.Check(t.Context())
		if err != nil || len(report.Broken) > 0 {
			t.Errorf("round %d: check: %v, %v", round, report.Broken, err)
		}
		if err := w.Close(); err != nil {
			t.Fatalf("round %d: close: %v", round, err)
		}
	}
}
