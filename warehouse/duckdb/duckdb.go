// Package duckdb opens a warehouse in one DuckDB file, locked down, and keeps
// that file whole: it copies it, puts another in its place, and sets a log
// aside that cannot be replayed.
//
// It is the only importer of the driver. Opening takes an exclusive lock on
// the file itself, so that neither a second process nor a hard link or
// symbolic link to the same file can write beside us; it then sets limits,
// forbids files, network, extensions and further configuration, and only after
// that hands the database out. It refuses to know any table.
package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"

	"credence/warehouse"
)

var _ warehouse.Engine = (*Engine)(nil)

// Options limit what the engine takes of the machine. The zero value is right
// for a server that has the machine to itself.
type Options struct {
	MemoryLimit string // "2GB"; empty is 40 % of what the machine or its container has
	Threads     int    // 0 is one per processor, of those that the container may use
	Spill       string // folder for large sorts of OpenReadOnly; empty is none
	// Replay is a command that, with the path of a database after it, calls Replay.
	// Open has it read a log that a killed process left before it does so itself: the
	// engine ends the whole process over some. Empty does without.
	Replay []string
	Plain  bool // pages are not compressed: for tests that look for words in the file
}

// Engine is an open DuckDB database. Open and OpenMemory are its only
// constructors.
type Engine struct {
	db      *sql.DB
	options Options
	lock    *fileLock // nil in memory
	path    string    // empty in memory
	aside   *AsideLog // nil: the log was whole
	copying sync.Mutex
}

// Open opens or creates the database file at path. Files the engine may touch
// besides it stand in the folder <path>.d: inbox and backup, which SQL may read
// and write, and tmp, where large sorts spill. A file that another process has
// open is refused with that process's number. A log that cannot be replayed is
// set aside, see SetAside.
func Open(path string, o Options) (*Engine, error) {
	if strings.ContainsAny(path, "?%#") {
		return nil, fmt.Errorf("open database %s: a database path may hold none of ? %% #; choose another name", path)
	}
	restrictNewFiles()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create the database's folder: %w", err)
	}
	if err := createFile(path); err != nil {
		return nil, err
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	settings, err := fileSettings(lock.path, o)
	if err != nil {
		return nil, errors.Join(err, lock.release())
	}
	e, err := openOrSetAside(lock.path, o, settings)
	if err != nil {
		return nil, errors.Join(err, lock.release())
	}
	e.lock, e.path = lock, lock.path
	return e, nil
}

// createFile makes an empty database at path if there is none. It is made
// under another name and linked into place, so that the file to be locked
// exists before the engine opens it and two first starts cannot meet in it.
func createFile(path string) (err error) {
	if _, err = os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // lockFile looks closer
	}
	fresh := path + ".new-" + strconv.Itoa(os.Getpid())
	defer func() {
		if rerr := os.Remove(fresh); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("remove %s: %w", fresh, rerr))
		}
	}()
	connector, err := duckdb.NewConnector(fresh, nil)
	if err != nil {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	db := sql.OpenDB(connector)
	err = db.PingContext(context.Background())
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	if err = os.Link(fresh, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	return nil
}

// OpenMemory opens a private database that ends with Close, for tests and for
// verbs that keep nothing. It is locked down like a file.
func OpenMemory() (*Engine, error) { return OpenMemoryWith(Options{}) }

// OpenMemoryWith is OpenMemory within limits.
func OpenMemoryWith(o Options) (*Engine, error) { return open("", o, settings(o, nil, "")) }

// OpenReadOnly opens the database file at path without changing a byte of it or
// of its log, which is replayed in memory alone. It creates nothing. A file that
// another process writes is refused.
func OpenReadOnly(path string, o Options) (*Engine, error) {
	lock, err := lockShared(path)
	if err != nil {
		return nil, err
	}
	e, err := openRehearsed(lock.path, "?access_mode=read_only", o, settings(o, nil, o.Spill))
	if err != nil && unreplayable(err) {
		err = fmt.Errorf("%w: %w", ErrBadLog, err)
	}
	if err != nil {
		return nil, errors.Join(err, lock.release())
	}
	e.lock, e.path = lock, lock.path
	return e, nil
}

func open(name string, o Options, settings []string) (*Engine, error) {
	connector, err := duckdb.NewConnector(name, nil)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", name, explain(err))
	}
	db := sql.OpenDB(connector)
	db.SetMaxIdleConns(8)
	for _, s := range settings {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			return nil, errors.Join(fmt.Errorf("lock down the database: %s: %w", s, explain(err)), db.Close())
		}
	}
	return &Engine{db: db, options: o}, nil
}

// fileSettings makes the folders beside the database at path, empties those of
// large sorts and of unfinished copies of what a killed process left, and lists
// the statements of the first connection.
func fileSettings(path string, o Options) ([]string, error) {
	folders := path + ".d"
	spill, unfinished := filepath.Join(folders, "tmp"), filepath.Join(folders, "backup", "unfinished")
	for _, dir := range []string{filepath.Join(folders, "inbox"), unfinished, spill} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("create %s: %w", dir, err)
		}
	}
	for _, dir := range []string{spill, unfinished} {
		if err := emptyDir(dir); err != nil {
			return nil, err
		}
	}
	if err := os.Remove(path + alone); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return settings(o, []string{filepath.Join(folders, "inbox"), filepath.Join(folders, "backup")}, spill), nil
}

// settings lists the statements of the first connection, after which SQL
// reaches the files of the allowed folders alone. The order matters: once
// external access is off allowed_directories cannot be set, and nothing can be
// set after lock_configuration.
func settings(o Options, allowed []string, spill string) []string {
	if o.MemoryLimit == "" {
		o.MemoryLimit = defaultMemoryLimit()
	}
	if o.Threads < 1 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	folders := make([]string, len(allowed))
	for i, dir := range allowed {
		folders[i] = quote(dir + "/")
	}
	list := []string{
		"set global TimeZone = 'UTC'",
		"set memory_limit = " + quote(o.MemoryLimit),
		"set threads = " + strconv.Itoa(o.Threads),
		"set temp_directory = " + quote(spill),
	}
	if spill != "" {
		if limit := spillLimit(spill); limit != "" {
			list = append(list, "set max_temp_directory_size = "+quote(limit))
		}
	}
	if o.Plain {
		list = append(list, "set force_compression = 'uncompressed'")
	}
	return append(list,
		"set allowed_directories = ["+strings.Join(folders, ", ")+"]",
		"set autoinstall_known_extensions = false",
		"set autoload_known_extensions = false",
		"set enable_external_access = false",
		"set lock_configuration = true",
	)
}

// quote writes s as an SQL string: SET takes no parameters.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func emptyDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read %s: %w", dir, err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("empty %s: %w", dir, err)
		}
	}
	return nil
}

// explain adds the remedy to the errors people meet.
func explain(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "not a valid DuckDB database file"):
		return errors.New("the file is no Credence database; name another with --db")
	case strings.Contains(text, "Could not set lock"), strings.Contains(text, "Conflicting lock"):
		return fmt.Errorf("another program has the file open; close it first: %w", err)
	}
	return err
}

// DB implements warehouse.Engine.
func (e *Engine) DB() *sql.DB { return e.db }

// Path is the database file with links resolved; empty in memory.
func (e *Engine) Path() string { return e.path }

// Append implements warehouse.Engine. Text is stored as valid UTF-8 without
// NUL: the appender, unlike a bound parameter, would take anything. table may
// name its catalog and schema: "temp.main.stage".
func (e *Engine) Append(ctx context.Context, conn *sql.Conn, table string, columns []string, rows iter.Seq[[]any]) error {
	catalog, schema, name := split(table)
	return conn.Raw(func(raw any) (err error) {
		dc, ok := raw.(driver.Conn)
		if !ok {
			return fmt.Errorf("append to %s: not a driver connection: %T", table, raw)
		}
		a, err := duckdb.NewAppenderWithColumns(dc, catalog, schema, name, columns)
		if err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		defer func() {
			if cerr := a.Close(); cerr != nil && err == nil {
				err = fmt.Errorf("append to %s: %w", table, cerr)
			}
		}()
		values := make([]driver.Value, len(columns))
		n := 0
		for row := range rows {
			if n++; n%4096 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			for i, v := range row {
				if s, ok := v.(string); ok {
					values[i] = clean(s)
					continue
				}
				values[i] = v
			}
			if err := a.AppendRow(values...); err != nil {
				return fmt.Errorf("append row %d to %s: %w", n, table, err)
			}
		}
		return nil
	})
}

func split(table string) (catalog, schema, name string) {
	parts := strings.Split(table, ".")
	if len(parts) == 3 {
		return parts[0], parts[1], parts[2]
	}
	return "", "", table
}

func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// Checkpoint implements warehouse.Engine. While a reader holds an older
// snapshot the engine cannot fold the log; that is left to the next checkpoint,
// which the engine also makes by itself when the log has grown, and to Close.
func (e *Engine) Checkpoint(ctx context.Context) error {
	_, err := e.db.ExecContext(ctx, "checkpoint")
	if err != nil && !strings.Contains(err.Error(), "Cannot CHECKPOINT: there are other") {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// Close implements warehouse.Engine. The lock is released last: closing it
// earlier would let another process in beside the final checkpoint.
func (e *Engine) Close() error {
	err := e.db.Close()
	if e.lock != nil {
		err = errors.Join(err, e.lock.release())
		e.lock = nil
	}
	return err
}
