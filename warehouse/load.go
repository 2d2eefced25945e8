package warehouse

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var questions = sqlfile.MustLoad(sqlFiles, "sql")

// batchRows is how many records of one stream wait in memory before they go
// to the staging table: enough for the appender, little beside a large source.
const batchRows = 8192

// Rejection is a row that was read and not kept.
type Rejection struct {
	Line   int    // in the current file, from 1; 0 when the input has no lines
	Field  string // as the source names it
	Reason string // one sentence with the remedy
	Row    string // the row as read, cut to 2,000 characters; empty for messages
}

// LoadSource names the source that a run loads.
type LoadSource struct {
	Name      string
	Kind      string    // of its connector
	Priority  int       // its place in the configuration, from 0
	At        time.Time // of the run
	AlsoDeals bool      // its deals are wanted beside those of the system of record
}

// Run is one reading of one source.
type Run struct {
	ID         int64
	Source     string
	Kind       string
	Status     string // done or failed
	Message    string // why it failed
	StartedAt  time.Time
	FinishedAt time.Time
	Read       int64 // rows of the source
	Kept       int64 // rows read and not rejected
	Rejected   int64
	Changed    int64 // records inserted or updated
	Files      []RunFile
	Changes    []StreamChange
}

// RunFile is what a run read of one file.
type RunFile struct {
	File     string
	Read     int64
	Kept     int64
	Rejected int64
}

// StreamChange is what a run did to one kind of record.
type StreamChange struct {
	Stream    string
	Inserted  int64
	Updated   int64
	Unchanged int64
}

// Load runs do, which puts what a source has into the Loader, and merges it
// into the records in one transaction: of equal ids in the run the newest
// updated_at stays, then the last put; a record older than the stored one, or
// equal to it, changes nothing. The cursor, the run, its files and rejected
// rows are stored in the same transaction. When do or the merge fails nothing
// of it stays, a failed run is recorded, and the error is returned.
func (w *Warehouse) Load(ctx context.Context, src LoadSource, do func(*Loader) error) (Run, error) {
	src.At = src.At.UTC().Truncate(time.Second)
	started := time.Now() //nolint:forbidigo // only how long the run took
	var l *Loader
	err := w.Write(ctx, func(tx *Tx) error {
		var err error
		if l, err = newLoader(ctx, tx, src); err != nil {
			return err
		}
		if l.gone, err = w.graveyard(ctx, tx); err != nil {
			return err
		}
		if err := do(l); err != nil {
			return err
		}
		if l.err != nil {
			return l.err
		}
		if err := l.finish(); err != nil {
			return err
		}
		l.run.Status, l.run.FinishedAt = "done", src.At.Add(time.Since(started)).Truncate(time.Second)
		return l.store(ctx, tx)
	})
	if err == nil {
		return l.run, nil
	}
	err = fmt.Errorf("load %s: %w", src.Name, err)
	failed := Run{Source: src.Name, Kind: src.Kind, StartedAt: src.At}
	if l != nil {
		l.countFiles()
		failed = l.run
	}
	failed.Status, failed.Message, failed.Changed, failed.Changes = "failed", err.Error(), 0, nil
	failed.FinishedAt = src.At.Add(time.Since(started)).Truncate(time.Second)
	// The failure is recorded even when ctx is over: that is when it is asked for.
	rerr := w.Write(context.WithoutCancel(ctx), func(tx *Tx) error {
		return storeRun(context.WithoutCancel(ctx), tx, &failed)
	})
	return failed, errors.Join(err, rerr)
}

// Loader takes what one run of a source reads. It implements connectors.Sink
// and lives only inside the function given to Load.
type Loader struct {
	ctx    context.Context //nolint:containedctx // a Loader is one call of Load
	tx     *Tx
	src    LoadSource
	cursor string
	run    Run
	staged map[*Stream]*staging
	order  []*staging // in the order of first use
	reject staging
	last   map[string]int // line of the last rejection by file: a row rejected twice counts once
	file   int            // current file in run.Files, -1 before the first
	whole  bool           // see ReadWhole
	gone   *graveyard     // who must not come back; nil when nobody was erased
	err    error
}

// staging is the temporary table of one stream and the rows that wait for it.
type staging struct {
	stream  *Stream
	table   string
	columns []string
	values  []int // column of the stream for each stored column after seq and source_id
	pages   []int // columns of the stream that are cut to what is used of an address
	rows    [][]any
	seq     int64
}

func newLoader(ctx context.Context, tx *Tx, src LoadSource) (*Loader, error) {
	if src.Name == "" || src.Kind == "" {
		return nil, errors.New("a source needs a name and a kind")
	}
	l := &Loader{
		ctx: ctx, tx: tx, src: src, staged: map[*Stream]*staging{}, last: map[string]int{}, file: -1,
		run: Run{Source: src.Name, Kind: src.Kind, StartedAt: src.At},
	}
	err := questions.Get("cursor").One(ctx, tx, []sql.NamedArg{sql.Named("source", src.Name)}, &l.cursor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return l, nil
}

// Cursor is where the last successful run of the source ended; empty before it.
func (l *Loader) Cursor() string { return l.cursor }

// SetCursor says where this run ended; it is stored with the records.
func (l *Loader) SetCursor(cursor string) { l.cursor = cursor }

// ReadWhole says that this run reads all the source has: what was rejected of
// files that are gone is forgotten.
func (l *Loader) ReadWhole() { l.whole = true }

// File starts the named file: what follows is counted against it. A file named
// before is continued.
func (l *Loader) File(name string) {
	l.file = slices.IndexFunc(l.run.Files, func(f RunFile) bool { return f.File == name })
	if l.file < 0 {
		l.run.Files = append(l.run.Files, RunFile{File: name})
		l.file = len(l.run.Files) - 1
	}
}

func (l *Loader) current() *RunFile {
	if l.file < 0 {
		l.File("")
	}
	return &l.run.Files[l.file]
}

// Read counts n rows read from the current file.
func (l *Loader) Read(n int) { l.current().Read += int64(n) }

// Put stores a typed record.
func (l *Loader) Put(record any) error {
	stream, row := RowOf(record)
	return l.PutRow(stream, row)
}

// PutRow stores a row of stream. The row is kept until the batch is written:
// the caller must not change it afterwards.
func (l *Loader) PutRow(stream *Stream, row Row) error {
	if l.err != nil {
		return l.err
	}
	st := l.staged[stream]
	if st == nil {
		var err error
		if st, err = l.stage(stream); err != nil {
			l.err = err
			return err
		}
	}
	if len(row) != len(stream.Columns) {
		return fmt.Errorf("put a row of %s: it has %d values for %d columns", stream.Name, len(row), len(stream.Columns))
	}
	id := stream.SourceID(row)
	if id == "" {
		return fmt.Errorf("put a row of %s: it has no %s", stream.Name, stream.Columns[0].Name)
	}
	for _, i := range st.pages {
		if address, ok := row[i].(string); ok {
			row[i] = PageOf(address)
		}
	}
	values := make([]any, 0, len(st.columns))
	values = append(values, st.seq, id)
	for _, i := range st.values {
		values = append(values, row[i])
	}
	st.seq++
	st.rows = append(st.rows, values)
	if len(st.rows) < batchRows {
		return nil
	}
	l.err = l.flush(st)
	return l.err
}

// Reject keeps a row that cannot become a record.
func (l *Loader) Reject(r Rejection) error {
	if l.err != nil {
		return l.err
	}
	f := l.current()
	if r.Line == 0 || l.last[f.File] != r.Line {
		f.Rejected++
	}
	l.last[f.File] = r.Line
	if l.gone != nil && (l.gone.namesIn(r.Row) || l.gone.namesIn(r.Reason)) {
		r.Row, r.Reason = WithheldRow, WithheldRow
	}
	if l.reject.table == "" {
		l.reject = staging{table: "stage_rejected_row", columns: []string{"file", "line", "field", "reason", "row_text"}}
		if err := questions.Get("stage_rejected").Exec(l.ctx, l.tx); err != nil {
			l.err = err
			return err
		}
	}
	l.reject.rows = append(l.reject.rows, []any{f.File, int64(r.Line), r.Field, r.Reason, cut(r.Row, 2000)})
	if len(l.reject.rows) < batchRows {
		return nil
	}
	l.err = l.flush(&l.reject)
	return l.err
}

// cut keeps the first n characters of s.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	if !utf8.ValidString(s) {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}

// stage makes the staging table of stream on its first record.
func (l *Loader) stage(stream *Stream) (*staging, error) {
	if stream.Name == "deals" && !l.src.AlsoDeals {
		if err := l.checkSystemOfRecord(); err != nil {
			return nil, err
		}
	}
	st := &staging{stream: stream, table: "stage_" + stream.Name, columns: []string{"seq", "source_id"}}
	defs := []string{"seq bigint", "source_id varchar"}
	for _, c := range stream.stored() {
		st.columns = append(st.columns, c.name)
		st.values = append(st.values, c.index)
		defs = append(defs, c.name+" "+c.sqlType)
	}
	create := "create temporary table " + st.table + " (" + strings.Join(defs, ", ") + ")"
	if _, err := l.tx.ExecContext(l.ctx, create); err != nil {
		return nil, fmt.Errorf("stage %s: %w", stream.Name, err)
	}
	for _, c := range pageColumns[stream.Name] {
		st.pages = append(st.pages, stream.Column(c))
	}
	l.staged[stream] = st
	l.order = append(l.order, st)
	return st, nil
}

func (l *Loader) checkSystemOfRecord() error {
	var other string
	err := questions.Get("other_deal_source").One(l.ctx, l.tx, []sql.NamedArg{sql.Named("source", l.src.Name)}, &other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("it delivers deals, but %s already is the system of record for deals; take the deals out of one of them, or say also_deals: true on %s if its deals are others", other, l.src.Name)
}

func (l *Loader) flush(st *staging) error {
	if len(st.rows) == 0 {
		return nil
	}
	err := l.tx.Append(l.ctx, "temp.main."+st.table, st.columns, slices.Values(st.rows))
	st.rows = st.rows[:0]
	return err
}

func (l *Loader) countFiles() {
	l.run.Read, l.run.Rejected, l.run.Kept = 0, 0, 0
	for i := range l.run.Files {
		f := &l.run.Files[i]
		f.Kept = max(f.Read-f.Rejected, 0)
		l.run.Read += f.Read
		l.run.Rejected += f.Rejected
		l.run.Kept += f.Kept
	}
}

// finish merges every staged stream.
func (l *Loader) finish() error {
	for _, st := range l.order {
		if err := l.flush(st); err != nil {
			return err
		}
	}
	if l.gone != nil {
		if err := forgetStaged(l.ctx, l.tx, l.gone, l.src.Name, l.order); err != nil {
			return err
		}
		if err := keepPast(l.ctx, l.tx, l.src.Name, l.order); err != nil {
			return err
		}
	}
	for _, st := range l.order {
		change, err := l.merge(st)
		if err != nil {
			return fmt.Errorf("merge %s: %w", st.stream.Name, err)
		}
		l.run.Changes = append(l.run.Changes, change)
		l.run.Changed += change.Inserted + change.Updated
	}
	if err := l.flush(&l.reject); err != nil {
		return err
	}
	derived, err := l.stageHistory()
	if err != nil {
		return err
	}
	l.run.Changed += derived
	l.countFiles()
	return nil
}
