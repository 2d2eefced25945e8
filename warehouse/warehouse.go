// Package warehouse keeps every canonical record of every source, joins them
// into people, accounts, deals and campaigns, and hands out consistent reads.
//
// Two layers stand in one database. The plural tables (deals, contacts,
// activities …) hold records as their sources delivered them, keyed by
// (source, source_id). The singular tables (deal, person, touch, credit …) are
// derived from them by a refresh. One writer at a time; a refresh is one
// transaction, so a reader sees the old generation or the new one and never a
// mix.
//
// Why people are joined as they are: only exact keys join (an address in its
// normal form, a phone number, a handle, one id with one name in two sources),
// over any number of steps, and person_merge says for every record which key it
// was. A likeness of names joins nobody. Accounts are one when two sources give
// them one domain, or when a record of that domain names the other its parent;
// free-mail domains make no account and our own domains no prospect. resolve/
// holds one statement a question, in the order of resolver.run.
//
// The package knows SQL but no engine: the only importer of the driver is
// warehouse/duckdb. It refuses to know what a touch is worth.
package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync/atomic"
	"time"

	"credence/warehouse/sqlfile"
)

// Engine is what the warehouse needs from a database engine.
type Engine interface {
	// DB is the opened, locked-down database.
	DB() *sql.DB
	// Append writes rows into table on conn, inside the transaction that is
	// open on conn. Each row holds one value for each of columns.
	Append(ctx context.Context, conn *sql.Conn, table string, columns []string, rows iter.Seq[[]any]) error
	// Plain turns a value that only the driver knows (a decimal, a wide
	// integer, an interval) into a Decimal or text.
	Plain(v any) any
	// Checkpoint folds the write-ahead log into the database file, unless
	// readers of an older state keep it from that.
	Checkpoint(ctx context.Context) error
	// Copy writes the database as it is at one moment into a fresh file called
	// name and returns its path; ErrNoFile when the database is in memory only.
	Copy(ctx context.Context, name string) (path string, err error)
	// Keep moves a copy to the backup folder, under name, for good.
	Keep(path, name string) error
	// Look opens the database file at path, a copy, read only for do.
	Look(ctx context.Context, path string, do func(context.Context, sqlfile.Querier) error) error
	// Replace puts the database file at path in the place of the engine's own and
	// goes on with that. Nobody uses the engine meanwhile.
	Replace(path string) error
	// Reopen closes the database file and opens it again; one in memory goes on as
	// it is. Nobody uses the engine meanwhile.
	Reopen() error
	// Close checkpoints and releases the file.
	Close() error
}

// ErrNotFound reports a record that does not exist or that the reader may not
// see: the two are never told apart.
var ErrNotFound = errors.New("not found")

// ErrNoFile reports that a database in memory has no file to copy.
var ErrNoFile = errors.New("the database is in memory only")

// Warehouse is an open warehouse. Open and OpenAsIs are its only constructors.
type Warehouse struct {
	engine   Engine
	writer   turn
	renewing turn         // held by one Refresh at a time, longer than the writer
	ending   atomic.Int32 // who waits for renewing to change the file as a whole
	gate     gate         // for readers, shut while the file is replaced
	// commits counts twice per commit, before and after: it is odd while one goes on.
	commits atomic.Int64
	answers *answers
	key     []byte // of tombstones; nil when it was not given
}

// turn is held by one at a time; whoever waits for it can give up.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn or for the end of ctx, whose error it then answers.
func (t turn) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for the one writer: %w", err)
	}
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the one writer: %w", ctx.Err())
	}
}

func (t turn) end() { <-t }

// Tx is a write transaction. It is handed to the function given to Write.
type Tx struct {
	sqlfile.Querier
	Conn    *sql.Conn
	engine  Engine
	writes  *writes
	renewed bool // it makes the next generation
}

// Append bulk-loads rows into table within the transaction.
func (tx *Tx) Append(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error {
	tx.writes.table(table)
	return tx.engine.Append(ctx, tx.Conn, table, columns, rows)
}

// Snapshot is a read transaction: every question asked of it sees one
// generation.
type Snapshot struct {
	sqlfile.Querier
	Generation  int64     // counts refreshes
	RefreshedAt time.Time // of this generation; zero before the first
	Stale       bool      // there is no generation yet, or another program derived it: refresh before asking

	conn   *sql.Conn
	engine Engine
	recall *recalling // nil: everything is asked of the engine
}

// Aside is for questions so small that they need no turn and are never kept.
func (s *Snapshot) Aside() sqlfile.Querier { return s.conn }

// Append bulk-loads rows into a temporary table of the snapshot's own: its name
// begins with temp.main.
func (s *Snapshot) Append(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error {
	if !strings.HasPrefix(table, "temp.main.") {
		return fmt.Errorf("append to %s: a snapshot writes only its own temporary tables", table)
	}
	conn := s.conn
	if s.recall != nil {
		s.recall.off = true
		if s.recall.held != nil {
			conn = s.recall.held
		}
	}
	return s.engine.Append(ctx, conn, table, columns, rows)
}

// Open prepares the engine's database: it brings the schema up to date and
// refuses one newer than this binary.
func Open(ctx context.Context, engine Engine) (*Warehouse, error) {
	w := OpenAsIs(engine)
	if err := w.migrate(ctx); err != nil {
		return nil, fmt.Errorf("open warehouse: %w", err)
	}
	return w, nil
}

// OpenAsIs takes the engine's database as it is, whatever its schema, to look at
// it or to compare it. Questions fail on what an older schema has not.
func OpenAsIs(engine Engine) *Warehouse {
	return &Warehouse{engine: engine, writer: newTurn(), renewing: newTurn(), answers: newAnswers()}
}

// Close waits for the writer and closes the engine.
//
//nolint:contextcheck,nolintlint // closing is not cut short; contextcheck reads it here, nolintlint does not see that
func (w *Warehouse) Close() error {
	if err := w.endRefresh(context.Background()); err != nil {
		return err
	}
	defer w.renewing.end()
	w.writer <- struct{}{}
	defer w.writer.end()
	return errors.Join(w.engine.Close(), w.answers.replay.Close())
}

// Write runs do in the one write transaction. Any error of do, or of a
// statement in it, rolls everything back and is returned. This is the only
// place that begins a write: the driver's Commit answers nil on an aborted
// transaction, so Commit is reached only when every statement succeeded.
func (w *Warehouse) Write(ctx context.Context, do func(*Tx) error) (err error) {
	if err = w.writer.take(ctx); err != nil {
		return err
	}
	defer w.writer.end()
	conn, err := w.engine.DB().Conn(ctx)
	if err != nil {
		return fmt.Errorf("take writer connection: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err = conn.ExecContext(ctx, "begin transaction"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{Conn: conn, engine: w.engine, writes: &writes{}}
	watch := &firstError{Querier: conn, writes: tx.writes}
	tx.Querier = watch
	done := false
	defer func() {
		if done {
			return
		}
		// A rollback must run even when ctx is over.
		if _, rerr := conn.ExecContext(context.WithoutCancel(ctx), "rollback"); rerr != nil && err == nil {
			err = fmt.Errorf("roll back: %w", rerr)
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	if watch.err != nil {
		return fmt.Errorf("a statement failed and its error was dropped: %w", watch.err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w.commits.Add(1)
	defer w.commits.Add(1)
	if tx.writes.others && !tx.renewed {
		defer w.answers.change()()
	}
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "commit"); err != nil { // what fails here is not kept
		return fmt.Errorf("commit: %w", err)
	}
	done = true
	return nil
}

// Read runs do on a snapshot of the current generation. Its cost is one
// round trip; use one Read for everything one page shows.
func (w *Warehouse) Read(ctx context.Context, do func(*Snapshot) error) error {
	return w.read(ctx, nil, do)
}

// Recall is Read for pages: what was asked before, with the same values and since
// the last change, is answered from memory. Until the snapshot makes a temporary
// table: from then on every question is asked of the engine. Right after a refresh it
// may be the generation before, see hold; what is never kept, such as who was noted to
// have looked, is as it is now. turn is called once,
// before the first question that the engine must answer; its error is that of the
// question.
func (w *Warehouse) Recall(ctx context.Context, turn func(context.Context) error, do func(*Snapshot) error) error {
	return w.read(ctx, turn, do)
}

func (w *Warehouse) read(ctx context.Context, turn func(context.Context) error, do func(*Snapshot) error) (err error) {
	if err = w.gate.enter(ctx); err != nil {
		return fmt.Errorf("wait for the database to be written anew: %w", err)
	}
	defer w.gate.leave()
	conn, err := w.engine.DB().Conn(ctx)
	if err != nil {
		return fmt.Errorf("take reader connection: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	changes, steady := w.answers.changes()
	var held *hold
	if turn != nil {
		if held = w.answers.join(); held != nil {
			defer held.readers.Done()
		}
	}
	if _, err = conn.ExecContext(ctx, "begin transaction read only"); err != nil {
		return fmt.Errorf("begin read: %w", err)
	}
	defer func() {
		if _, rerr := conn.ExecContext(context.WithoutCancel(ctx), "rollback"); rerr != nil && err == nil {
			err = fmt.Errorf("end read: %w", rerr)
		}
	}()
	snap := &Snapshot{Querier: conn, conn: conn, engine: w.engine}
	if snap.Generation, snap.RefreshedAt, snap.Stale, err = shown(ctx, conn); err != nil {
		return err
	}
	if turn != nil {
		now, still := w.answers.changes()
		snap.recall = &recalling{Querier: conn, answers: w.answers, turn: turn, off: !steady || !still || now != changes}
		if held != nil && held.generation < snap.Generation && !snap.recall.off {
			snap.Generation, snap.RefreshedAt, snap.Stale, snap.recall.hold = held.generation, held.refreshedAt, held.stale, held
			defer snap.recall.leave(ctx)
		}
		snap.recall.state = state{snap.Generation, changes}
		if !snap.recall.off {
			w.answers.see(snap.Generation)
		}
		snap.Querier = snap.recall
	}
	return do(snap)
}

// shown is the generation that a transaction sees, when it was made, and whether
// another program made it or nobody.
func shown(ctx context.Context, conn *sql.Conn) (generation int64, at time.Time, stale bool, err error) {
	var when sql.NullTime
	var builtBy string
	if err := conn.QueryRowContext(ctx, "select generation, refreshed_at, coalesce(built_by, '') from generation").Scan(&generation, &when, &builtBy); err != nil {
		return 0, time.Time{}, false, fmt.Errorf("read generation: %w", err)
	}
	return generation, when.Time, generation == 0 || builtBy != program, nil
}

// firstError remembers the first failed statement, so that a dropped error
// cannot end in a commit, and what is written.
type firstError struct {
	sqlfile.Querier
	writes *writes
	err    error
}

// QueryContext implements sqlfile.Querier.
func (f *firstError) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	f.writes.note(query)
	rows, err := f.Querier.QueryContext(ctx, query, args...)
	if err != nil && f.err == nil {
		f.err = err
	}
	return rows, err
}

// ExecContext implements sqlfile.Querier.
func (f *firstError) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	f.writes.note(query)
	res, err := f.Querier.ExecContext(ctx, query, args...)
	if err != nil && f.err == nil {
		f.err = err
	}
	return res, err
}
