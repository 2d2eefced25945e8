package warehouse

import (
	"container/list"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"credence/warehouse/sqlfile"
)

// How much of answers is kept: all together, and of one at most.
const (
	keptBytes  = 256 << 20
	answerSize = 8 << 20
)

// answers keeps what was answered since the last commit that may change an
// answer, so that the same question of the same reader is computed once. A
// question is its text and the values bound to it; the reader is one of those, so
// readers never share an answer. Whoever asks what another is asking right now
// waits for that answer.
//
// Why statements, and not pages: what a page shows of a person is noted each time,
// and pages of one reader share most of their questions. Why no time limit: the
// tables behind answers change by commits alone, see answerable and changes.
//
// The zero value is not usable; newAnswers makes it.
type answers struct {
	mu      sync.Mutex
	state   state
	shut    int // commits between refreshes that may change answers, going on: what is read meanwhile may be either state
	bytes   int
	byText  map[string]*list.Element // of *answer
	recent  *list.List               // the last used in front
	asking  map[string]chan struct{} // closed when the answer is there or failed
	large   map[string]bool          // answers that were too much to keep
	texts   map[string]bool          // whether a question is answerable
	replay  *sql.DB                  // turns an answer into rows
	holding *hold                    // whose generation readers see; nil: the last
}

// state names what answers are true of: a generation, and how often the tables
// behind it were changed by anything but a refresh.
type state struct{ generation, changes int64 }

// answer is all rows of one question.
type answer struct {
	key     string
	query   string // "" of Keep
	args    []any
	used    bool // since it was told
	columns []string
	rows    [][]driver.Value
	value   any                                           // of Keep, which has no rows
	compute func(context.Context, *Snapshot) (any, error) // of Keep: makes value
	bytes   int
	rest    *sql.Rows // what was too much to keep; nil when rows are all
	err     error
}

func newAnswers() *answers {
	return &answers{
		byText: map[string]*list.Element{}, recent: list.New(), asking: map[string]chan struct{}{},
		large: map[string]bool{}, texts: map[string]bool{}, replay: sql.OpenDB(replayer{}),
	}
}

// changes counts the changes between refreshes, unless one goes on. Who finds the
// same number before and after the first look at a generation sees that state.
func (a *answers) changes() (n int64, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state.changes, a.shut == 0
}

// see begins anew when generation is newer than what is kept.
func (a *answers) see(generation int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holding == nil {
		a.begin(generation)
	}
}

func (a *answers) begin(generation int64) {
	if generation > a.state.generation {
		a.state.generation = generation
		a.forget()
	}
}

// asked are the questions that somebody asked of the present state, the last
// first.
func (a *answers) asked() (out []*answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for e := a.recent.Front(); e != nil; e = e.Next() {
		if got := e.Value.(*answer); got.used { //nolint:errcheck // the list holds nothing else
			out = append(out, got)
		}
	}
	return out
}

// change begins anew before a commit that may change answers of the present
// generation; the caller calls done after it.
func (a *answers) change() (done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.changes++
	a.shut++
	a.holding = nil
	a.forget()
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.state.changes++
		a.shut--
	}
}

func (a *answers) forget() {
	a.bytes = 0
	clear(a.byText)
	clear(a.large)
	a.recent.Init()
}

// find is r's answer to key, or leave to ask for it: then the caller calls tell
// with what it got, nil when that is nothing. Whoever is to ask has had its turn,
// and has by whom to ask, before others are made to wait for it: who has that and
// waits for somebody behind in the queue would keep that one waiting too.
func (a *answers) find(ctx context.Context, r *recalling, key string) (have *answer, tell func(*answer), err error) {
	for {
		a.mu.Lock()
		if a.state != r.state || a.large[key] {
			a.mu.Unlock()
			return nil, func(*answer) {}, r.prepare(ctx)
		}
		if e, ok := a.byText[key]; ok {
			a.recent.MoveToFront(e)
			have = e.Value.(*answer) //nolint:errcheck // the list holds nothing else
			have.used = true
			a.mu.Unlock()
			return have, nil, nil
		}
		other, ok := a.asking[key]
		if !ok && r.ready() {
			mine := make(chan struct{})
			a.asking[key] = mine
			a.mu.Unlock()
			return nil, func(got *answer) { a.keep(r.state, key, mine, got) }, nil
		}
		a.mu.Unlock()
		if !ok {
			if err := r.prepare(ctx); err != nil {
				return nil, nil, err
			}
			continue
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// keep takes an answer of a state, when that is still the present one and the
// answer is whole.
func (a *answers) keep(of state, key string, mine chan struct{}, got *answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.asking[key] == mine {
		delete(a.asking, key)
	}
	close(mine)
	if got == nil || a.state != of {
		return
	}
	if got.rest != nil {
		a.large[key] = true
		return
	}
	got.used = true
	a.put(got)
}

func (a *answers) put(got *answer) {
	a.byText[got.key] = a.recent.PushFront(got)
	for a.bytes += got.bytes; a.bytes > keptBytes; {
		last := a.recent.Back()
		old := a.recent.Remove(last).(*answer) //nolint:errcheck // as above
		delete(a.byText, old.key)
		a.bytes -= old.bytes
	}
}

// answerable is the function of that name, which is asked once of every text.
func (a *answers) answerable(ctx context.Context, q sqlfile.Querier, text string) bool {
	a.mu.Lock()
	is, ok := a.texts[text]
	a.mu.Unlock()
	if ok {
		return is
	}
	is = answerable(ctx, q, text)
	if ctx.Err() == nil {
		a.mu.Lock()
		a.texts[text] = is
		a.mu.Unlock()
	}
	return is
}

// recalling answers from memory what was asked of its state before.
type recalling struct {
	sqlfile.Querier
	answers *answers
	state   state
	turn    func(context.Context) error // nil once it was had
	off     bool                        // a temporary table stands before a stored one: this snapshot answers like no other
	hold    *hold                       // the snapshot shows a later generation than the reader is to see; else nil
	held    *sql.Conn                   // of hold, once it was needed
}

// take waits for the snapshot's turn at the engine, once.
func (r *recalling) take(ctx context.Context) error {
	if r.turn == nil {
		return nil
	}
	if err := r.turn(ctx); err != nil {
		return err
	}
	r.turn = nil
	return nil
}

// QueryContext implements sqlfile.Querier.
func (r *recalling) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if r.off || !r.answers.answerable(ctx, r.Querier, query) {
		if err := r.take(ctx); err != nil {
			return nil, err
		}
		return r.beside().QueryContext(ctx, query, args...)
	}
	got, err := r.ask(ctx, query, args)
	if err != nil {
		return nil, err
	}
	return r.answers.replay.QueryContext(ctx, "", got)
}

// QueryRowContext implements sqlfile.Querier.
func (r *recalling) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if r.off || !r.answers.answerable(ctx, r.Querier, query) {
		if err := r.take(ctx); err != nil {
			return r.answers.replay.QueryRowContext(ctx, "", &answer{err: err})
		}
		return r.beside().QueryRowContext(ctx, query, args...)
	}
	got, err := r.ask(ctx, query, args)
	if err != nil {
		got = &answer{err: err}
	}
	return r.answers.replay.QueryRowContext(ctx, "", got)
}

// ExecContext implements sqlfile.Querier.
func (r *recalling) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r.off = true
	if err := r.take(ctx); err != nil {
		return nil, err
	}
	q, err := r.reader(ctx)
	if err != nil {
		return nil, err
	}
	return q.ExecContext(ctx, query, args...)
}

// Keep answers what compute answers, from memory when that was computed before in
// the same state for the same key. The value is shared: nobody may change it.
// compute asks nothing but its snapshot, and the key holds all else that the value
// depends on, the reader above all; bytes is about the size of the value. compute
// stays in memory with the value, to be called once more after a refresh.
func Keep[T any](ctx context.Context, s *Snapshot, key string, bytes int, compute func(context.Context, *Snapshot) (T, error)) (value T, err error) {
	r := s.recall
	if r == nil || r.off {
		return compute(ctx, s)
	}
	have, tell, err := r.answers.find(ctx, r, key)
	if err != nil {
		return value, err
	}
	if have != nil {
		return have.value.(T), nil //nolint:errcheck // a key is of one question
	}
	var got *answer
	defer func() { tell(got) }()
	if value, err = compute(ctx, s); err == nil && !r.off {
		got = &answer{
			key: key, value: value, bytes: bytes + len(key),
			compute: func(ctx context.Context, s *Snapshot) (any, error) { return compute(ctx, s) },
		}
	}
	return value, err
}

// anew is a's question asked of another snapshot.
func (a *answer) anew(ctx context.Context, s *Snapshot) (*answer, error) {
	if a.compute == nil {
		return readAnswer(ctx, s, a.key, a.query, a.args)
	}
	value, err := a.compute(ctx, s)
	if err != nil {
		return nil, err
	}
	return &answer{key: a.key, value: value, bytes: a.bytes, compute: a.compute}, nil
}

func (r *recalling) ask(ctx context.Context, query string, args []any) (*answer, error) {
	key := keyOf(query, args)
	have, tell, err := r.answers.find(ctx, r, key)
	if have != nil || err != nil {
		return have, err
	}
	var got *answer
	defer func() { tell(got) }() // others wait for it, whatever happens here
	q, err := r.reader(ctx)
	if err != nil {
		return nil, err
	}
	got, err = readAnswer(ctx, q, key, query, args)
	return got, err
}

// readAnswer asks the engine and takes the rows as far as they may be kept.
func readAnswer(ctx context.Context, q sqlfile.Querier, key, query string, args []any) (*answer, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	got := &answer{key: key, query: query, args: args, bytes: 2*len(key) + 256}
	if got.columns, err = rows.Columns(); err != nil {
		return nil, joinClose(err, rows)
	}
	for got.bytes < answerSize && rows.Next() {
		row, err := scanRow(rows, len(got.columns))
		if err != nil {
			return nil, joinClose(err, rows)
		}
		got.rows = append(got.rows, row)
		got.bytes += 24
		for _, v := range row {
			got.bytes += sizeOf(v)
		}
	}
	if got.bytes >= answerSize {
		got.rest = rows
		return got, nil
	}
	if err := joinClose(rows.Err(), rows); err != nil {
		return nil, err
	}
	return got, nil
}

func joinClose(err error, rows *sql.Rows) error {
	if cerr := rows.Close(); err == nil {
		return cerr
	}
	return err
}

func scanRow(rows *sql.Rows, width int) ([]driver.Value, error) {
	row, dest := make([]driver.Value, width), make([]any, width)
	for i := range row {
		dest[i] = (*any)(&row[i])
	}
	return row, rows.Scan(dest...)
}

func sizeOf(v driver.Value) int {
	switch v := v.(type) {
	case string:
		return 32 + len(v)
	case []byte:
		return 40 + len(v)
	}
	return 40
}

// keyOf tells questions apart by their text and the kind and value of everything
// bound to it.
func keyOf(query string, args []any) string {
	var b strings.Builder
	b.WriteString(query)
	for _, v := range args {
		if at, ok := v.(time.Time); ok {
			v = at.UTC().UnixNano()
			b.WriteString("\x00time")
		}
		text := fmt.Sprint(v)
		fmt.Fprintf(&b, "\x00%T %d %s", v, len(text), text)
	}
	return b.String()
}

// replayer is a driver whose every question brings its answer along.
type replayer struct{}

// Connect implements driver.Connector.
func (r replayer) Connect(context.Context) (driver.Conn, error) { return r, nil }

// Driver implements driver.Connector.
func (r replayer) Driver() driver.Driver { return nil }

// Prepare implements driver.Conn; nothing is ever prepared.
func (r replayer) Prepare(string) (driver.Stmt, error) { return nil, driver.ErrSkip }

// Begin implements driver.Conn; nothing is ever begun.
func (r replayer) Begin() (driver.Tx, error) { return nil, driver.ErrSkip }

// Close implements driver.Conn.
func (r replayer) Close() error { return nil }

// CheckNamedValue implements driver.NamedValueChecker: an answer is a value.
func (r replayer) CheckNamedValue(*driver.NamedValue) error { return nil }

// QueryContext implements driver.QueryerContext.
func (r replayer) QueryContext(_ context.Context, _ string, args []driver.NamedValue) (driver.Rows, error) {
	got := args[0].Value.(*answer) //nolint:errcheck // only recalling asks
	if got.err != nil {
		return nil, got.err
	}
	return &replay{answer: got}, nil
}

// replay goes through the rows of an answer, then through the rest.
type replay struct {
	*answer
	at int
}

// Columns implements driver.Rows.
func (r *replay) Columns() []string { return r.columns }

// Close implements driver.Rows.
func (r *replay) Close() error {
	if r.rest != nil {
		return r.rest.Close()
	}
	return nil
}

// Next implements driver.Rows.
func (r *replay) Next(dest []driver.Value) error {
	if r.at < len(r.rows) {
		copy(dest, r.rows[r.at])
		r.at++
		return nil
	}
	if r.rest == nil {
		return io.EOF
	}
	if !r.rest.Next() {
		if err := r.rest.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	row, err := scanRow(r.rest, len(dest))
	copy(dest, row)
	return err
}
