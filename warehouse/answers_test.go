package warehouse_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// openWith is an empty warehouse and its engine, by which a test changes tables
// behind the warehouse's back: what is answered from memory does not notice.
func openWith(tb testing.TB) (*warehouse.Warehouse, *sql.DB) {
	tb.Helper()
	engine, err := duckdb.OpenMemoryWith(duckdb.Options{MemoryLimit: "2GB", Threads: 1})
	if err != nil {
		tb.Fatalf("open engine: %v", err)
	}
	w, err := warehouse.Open(context.Background(), engine)
	if err != nil {
		tb.Fatalf("open warehouse: %v", err)
	}
	tb.Cleanup(func() {
		if err := w.Close(); err != nil {
			tb.Errorf("close warehouse: %v", err)
		}
	})
	return w, engine.DB()
}

func behind(tb testing.TB, db *sql.DB, text string) {
	tb.Helper()
	if _, err := db.ExecContext(context.Background(), text); err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
}

// atOnce is a turn that comes at once.
func atOnce(context.Context) error { return nil }

// recall asks a question that answers one text.
func recall(tb testing.TB, w *warehouse.Warehouse, question string, args ...any) (got string) {
	tb.Helper()
	err := w.Recall(context.Background(), atOnce, func(q *warehouse.Snapshot) error {
		return q.QueryRowContext(context.Background(), question, args...).Scan(&got)
	})
	if err != nil {
		tb.Fatalf("recall %s: %v", question, err)
	}
	return got
}

func write(tb testing.TB, w *warehouse.Warehouse, text string) {
	tb.Helper()
	err := w.Write(context.Background(), func(tx *warehouse.Tx) error {
		_, err := tx.ExecContext(context.Background(), text)
		return err
	})
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
}

const countDeals = "select cast(count(*) as varchar) from deal d where d.deal_id <> ?"

func TestRecallAnswersFromMemoryUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*testing.T, *warehouse.Warehouse)
		want   string // after a deal was deleted behind the warehouse's back
	}{
		{"nothing changed", func(*testing.T, *warehouse.Warehouse) {}, "2"},
		{"a sync brought records, which show at the next refresh", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D3", Status: "open"})
		}, "2"},
		{"a user came", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			write(t, w, "update users set name = name")
		}, "2"},
		{"rights changed", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			write(t, w, "insert into visible_rep values ('u1', 'R1')")
		}, "1"},
		{"somebody opted out", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			write(t, w, "delete from opt_out")
		}, "1"},
		{"a derived row went", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			write(t, w, "delete from deal where deal_id = 'none'")
		}, "1"},
		{"the write has several statements", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			write(t, w, "update users set name = name; delete from person where person_id = 'none'")
		}, "1"},
		{"a temporary table bears no stored name", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			write(t, w, "create temp table mine (x integer); insert into mine values (1); drop table mine")
		}, "2"},
		{"a refresh", func(t *testing.T, w *warehouse.Warehouse) {
			t.Helper()
			refresh(t, w)
		}, "2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, db := openWith(t)
			load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"}, warehouse.Deal{DealID: "D2", Status: "open"})
			refresh(t, w)
			if got := recall(t, w, countDeals, ""); got != "2" {
				t.Fatalf("first answer = %s, want 2", got)
			}
			behind(t, db, "delete from deal where deal_id = 'D2'")
			tt.change(t, w)
			if got := recall(t, w, countDeals, ""); got != tt.want {
				t.Errorf("answer = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestRecallKeepsApartWhatDiffers(t *testing.T) {
	t.Parallel()
	w, db := openWith(t)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"}, warehouse.Deal{DealID: "1", Status: "open"})
	refresh(t, w)
	tests := []struct {
		name, question string
		args           []any
		want           string
	}{
		{"one reader", "select cast(? as varchar) || count(*) from deal d", []any{"anna"}, "anna2"},
		{"another reader", "select cast(? as varchar) || count(*) from deal d", []any{"ben"}, "ben2"},
		{"values that would read alike when joined", "select cast(? as varchar) || '|' || cast(? as varchar) from generation_of", []any{"a", "b c"}, "a|b c"},
		{"the same words cut elsewhere", "select cast(? as varchar) || '|' || cast(? as varchar) from generation_of", []any{"a b", "c"}, "a b|c"},
		{"a number", "select typeof(?) || d.deal_id from deal d where d.deal_id = '1'", []any{int64(1)}, "BIGINT1"},
		{"the same number as text", "select typeof(?) || d.deal_id from deal d where d.deal_id = '1'", []any{"1"}, "VARCHAR1"},
	}
	behind(t, db, "create view generation_of as select 1 as one")
	for _, tt := range tests {
		for range 2 {
			if got := recall(t, w, tt.question, tt.args...); got != tt.want {
				t.Errorf("%s: answer = %s, want %s", tt.name, got, tt.want)
			}
		}
	}
}

func TestRecallAsksAgainWhatIsNeverKept(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, question, change, first, then string
	}{
		{"what sources delivered", "select cast(count(*) as varchar) from deals", "delete from deals", "1", "0"},
		{"a busy table inside", "with x as (select d.deal_id from deal d where d.deal_id in (select s.source_id from deals s)) select cast(count(*) as varchar) from x", "delete from deals", "1", "0"},
		{"the clock", "select case when now() > timestamp '2026-01-01' then cast(count(*) as varchar) end from deal", "delete from deal", "1", "0"},
		{"the engine itself", "select cast(count(*) as varchar) from duckdb_tables() t where t.table_name = 'here'", "create table here (x integer)", "0", "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, db := openWith(t)
			load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
			refresh(t, w)
			if got := recall(t, w, tt.question); got != tt.first {
				t.Fatalf("first answer = %s, want %s", got, tt.first)
			}
			behind(t, db, tt.change)
			if got := recall(t, w, tt.question); got != tt.then {
				t.Errorf("answer = %s, want %s", got, tt.then)
			}
		})
	}
}

func TestRecallBesideATemporaryTableAsksTheEngine(t *testing.T) {
	t.Parallel()
	w, _ := openWith(t)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
	refresh(t, w)
	ctx := context.Background()
	count := func(q *warehouse.Snapshot) (n int) {
		if err := q.QueryRowContext(ctx, "select count(*) from deal").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	err := w.Recall(ctx, atOnce, func(q *warehouse.Snapshot) error {
		if n := count(q); n != 1 {
			t.Errorf("stored deals = %d, want 1", n)
		}
		if _, err := q.ExecContext(ctx, "create temp view deal as select 1 as deal_id from range(5)"); err != nil {
			return err
		}
		if n := count(q); n != 5 {
			t.Errorf("deals of the temporary view = %d, want 5", n)
		}
		_, err := q.ExecContext(ctx, "drop view temp.deal")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := recall(t, w, "select cast(count(*) as varchar) from deal"); got != "1" {
		t.Errorf("the next reader finds %s deals, want 1", got)
	}
}

func TestRecallAnswersLikeTheEngine(t *testing.T) {
	t.Parallel()
	w, _ := openWith(t)
	refresh(t, w)
	tests := []struct{ name, question string }{
		{"no row", "select d.deal_id from deal d"},
		{"every type that pages read", "select 1, cast(2 as bigint), 3e0, 'text', true, null, timestamp '2026-01-02 03:04:05', date '2026-01-02', cast(4 as hugeint), cast('5.50' as decimal(18,2)), [1, 2], cast('ab' as blob)"},
		{"rows in order", "select i, 'row ' || i from range(1000) t(i) order by i desc"},
		{"more than is kept", "select i, repeat('x', 1000) || i from range(12000) t(i) order by i"},
	}
	read := func(how func(context.Context, func(*warehouse.Snapshot) error) error, question string) (out []string) {
		err := how(context.Background(), func(q *warehouse.Snapshot) (err error) {
			rows, err := q.QueryContext(context.Background(), question)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, rows.Close()) }()
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			out = append(out, strings.Join(columns, ","))
			for rows.Next() {
				row, dest := make([]any, len(columns)), make([]any, len(columns))
				for i := range row {
					dest[i] = &row[i]
				}
				if err := rows.Scan(dest...); err != nil {
					return err
				}
				out = append(out, fmt.Sprintf("%#v", fmt.Sprint(row...)))
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, tt := range tests {
		want := strings.Join(read(w.Read, tt.question), "\n")
		recalled := func(ctx context.Context, do func(*warehouse.Snapshot) error) error { return w.Recall(ctx, atOnce, do) }
		for _, time := range []string{"first", "second"} {
			if got := strings.Join(read(recalled, tt.question), "\n"); got != want {
				t.Errorf("%s: the %s answer differs:\n%.200s\nwant\n%.200s", tt.name, time, got, want)
			}
		}
	}
	err := w.Recall(context.Background(), atOnce, func(q *warehouse.Snapshot) error {
		var id string
		return q.QueryRowContext(context.Background(), "select d.deal_id from deal d").Scan(&id)
	})
	if !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row: error = %v, want %v", err, sql.ErrNoRows)
	}
	err = w.Recall(context.Background(), atOnce, func(q *warehouse.Snapshot) error {
		return q.QueryRowContext(context.Background(), "select nothing from deal").Scan(new(string))
	})
	if err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("a question that cannot be asked: error = %v", err)
	}
}

func TestOnlyTheEngineHasTurns(t *testing.T) {
	t.Parallel()
	w, _ := openWith(t)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
	refresh(t, w)
	full := errors.New("no turn")
	tests := []struct {
		name string
		ask  []string
		turn error
		want int // turns asked for
		err  error
	}{
		{"one turn for all that is new", []string{"select 1 from deal", "select 2 from deal"}, nil, 1, nil},
		{"none for what is known", []string{"select 1 from deal", "select 2 from deal"}, full, 0, nil},
		{"what is new fails without a turn", []string{"select 1 from deal", "select 3 from deal"}, full, 1, full},
		{"what failed was not kept", []string{"select 3 from deal"}, nil, 1, nil},
		{"a busy table needs one", []string{"select 4 from deals"}, full, 1, full},
	}
	for _, tt := range tests {
		turns := 0
		err := w.Recall(context.Background(), func(context.Context) error { turns++; return tt.turn }, func(q *warehouse.Snapshot) error {
			for _, question := range tt.ask {
				if err := q.QueryRowContext(context.Background(), question).Scan(new(int)); err != nil {
					return err
				}
			}
			return nil
		})
		if turns != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %d turns and error %v, want %d and %v", tt.name, turns, err, tt.want, tt.err)
		}
	}
}

// Somebody whose turn it is asks what somebody else would ask at the next turn:
// the one with the turn asks it, and does not wait for the one without.
func TestWhoHasATurnNeverWaitsForWhoHasNone(t *testing.T) {
	t.Parallel()
	questions := map[string]func(context.Context, *warehouse.Snapshot) error{
		"a statement": func(ctx context.Context, q *warehouse.Snapshot) error {
			var n string
			return q.QueryRowContext(ctx, countDeals, "").Scan(&n)
		},
		"a value that is kept": func(ctx context.Context, q *warehouse.Snapshot) error {
			_, err := warehouse.Keep(ctx, q, "deals", 8, func(ctx context.Context, q *warehouse.Snapshot) (n string, err error) {
				return n, q.QueryRowContext(ctx, countDeals, "").Scan(&n)
			})
			return err
		},
	}
	for name, question := range questions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := openWith(t)
			refresh(t, w)
			waiting, turn := make(chan struct{}), make(chan struct{})
			second := make(chan error, 1)
			go func() {
				later := func(context.Context) error {
					close(waiting)
					<-turn
					return nil
				}
				second <- w.Recall(context.WithoutCancel(t.Context()), later, func(q *warehouse.Snapshot) error { return question(t.Context(), q) })
			}()
			<-waiting
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if err := w.Recall(ctx, atOnce, func(q *warehouse.Snapshot) error { return question(ctx, q) }); err != nil {
				t.Errorf("whose turn it is: %v", err)
			}
			close(turn)
			if err := <-second; err != nil {
				t.Errorf("whose turn comes later: %v", err)
			}
		})
	}
}

func TestARefreshAsksAheadWhatReadersAskedLast(t *testing.T) {
	t.Parallel()
	w, db := openWith(t)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
	refresh(t, w)
	if got := recall(t, w, countDeals, ""); got != "1" {
		t.Fatalf("deals = %s, want 1", got)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	refresh(t, w)
	behind(t, db, "delete from deal") // whoever asks the engine now finds none
	if got := recall(t, w, countDeals, ""); got != "2" {
		t.Errorf("deals after the refresh = %s, want the 2 that it told", got)
	}
	if got := recall(t, w, countDeals, "D1"); got != "0" {
		t.Errorf("deals but D1 = %s, want 0: nobody asked that before", got)
	}
	refresh(t, w)
	refresh(t, w) // between the two nobody asked
	behind(t, db, "delete from deal")
	if got := recall(t, w, countDeals, ""); got != "0" {
		t.Errorf("deals = %s, want 0: what nobody asks any more is not asked ahead", got)
	}
}

func TestARefreshComputesAheadWhatIsKept(t *testing.T) {
	t.Parallel()
	w, db := openWith(t)
	kept := func() (n string) {
		t.Helper()
		err := w.Recall(context.Background(), atOnce, func(q *warehouse.Snapshot) (err error) {
			n, err = warehouse.Keep(context.Background(), q, "deals", 8, func(ctx context.Context, q *warehouse.Snapshot) (n string, err error) {
				return n, q.QueryRowContext(ctx, countDeals, "").Scan(&n)
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
	refresh(t, w)
	if got := kept(); got != "1" {
		t.Fatalf("deals = %s, want 1", got)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	refresh(t, w)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D3", Status: "open"})
	refresh(t, w) // what was not seen since the last one is not computed ahead
	refresh(t, w)
	behind(t, db, "delete from deal")
	if got := kept(); got != "0" {
		t.Errorf("deals = %s, want 0: what nobody asks any more is not computed ahead", got)
	}
	refresh(t, w)
	behind(t, db, "delete from deal")
	if got := kept(); got != "3" {
		t.Errorf("deals after the refresh = %s, want the 3 that it computed", got)
	}
}

// A sync may have changed all answers just before the refresh, which takes
// minutes of a large company: what is asked meanwhile is asked ahead too.
func TestARefreshAsksAheadWhatReadersAskMeanwhile(t *testing.T) {
	t.Parallel()
	w, db := openWith(t)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
	refresh(t, w)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	_, err := w.Refresh(context.Background(), settings(t), syncTime, func(context.Context, *warehouse.Tx) error {
		if got := recall(t, w, countDeals, ""); got != "1" { //nolint:contextcheck // a reader beside it
			t.Errorf("deals during the refresh = %s, want the 1 of before", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	behind(t, db, "delete from deal")
	if got := recall(t, w, countDeals, ""); got != "2" {
		t.Errorf("deals after the refresh = %s, want the 2 that it told", got)
	}
}

func TestARefreshThatCannotAskAheadIsMadeAllTheSame(t *testing.T) {
	t.Parallel()
	w, db := openWith(t)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "1", Status: "open"})
	refresh(t, w)
	const sum = "select cast(sum(cast(d.deal_id as integer)) as varchar) from deal d"
	if got := recall(t, w, sum); got != "1" {
		t.Fatalf("sum = %s, want 1", got)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "no number", Status: "open"})
	if g := refresh(t, w); g.Number != 2 {
		t.Errorf("generation = %d, want 2", g.Number)
	}
	var n int
	if err := db.QueryRowContext(context.Background(), "select count(*) from deal").Scan(&n); err != nil || n != 2 {
		t.Errorf("deals = %d, %v, want 2", n, err)
	}
}

// watched is an engine that tells when it is asked for a connection.
type watched struct {
	warehouse.Engine
	asked func()
}

func (e *watched) DB() *sql.DB {
	if e.asked != nil {
		e.asked()
	}
	return e.Engine.DB()
}

// watchedCompany has one open deal and is refreshed.
func watchedCompany(t *testing.T) (*warehouse.Warehouse, *watched) {
	t.Helper()
	memory, err := duckdb.OpenMemoryWith(duckdb.Options{MemoryLimit: "2GB", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	engine := &watched{Engine: memory}
	w, err := warehouse.Open(context.Background(), engine)
	if err != nil {
		t.Fatal(err)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
	refresh(t, w)
	return w, engine
}

// While what readers asked is asked of the next generation, they stay at theirs:
// what is known comes from memory, and all else from before the commit. What is
// never kept, and who asks for a snapshot that is not of a page, sees what is there.
// A change ends it at once.
func TestReadersStayAtTheirGenerationUntilTheNextIsWarm(t *testing.T) {
	t.Parallel()
	w, engine := watchedCompany(t)
	memory := engine.Engine
	for _, changed := range []bool{false, true} {
		load(t, w, "crm", syncTime, warehouse.Deal{DealID: fmt.Sprint("D", changed), Status: "open"})
		before, after := "1", "2"
		if changed {
			before, after = "2", "3"
		}
		if got := recall(t, w, countDeals, ""); got != before {
			t.Fatalf("deals = %s, want %s", got, before)
		}
		behindIt := 0
		engine.asked = func() {
			var committed string
			if err := memory.DB().QueryRowContext(context.Background(), "select cast(count(*) as varchar) from deal").Scan(&committed); err != nil {
				t.Error(err)
			}
			if committed != after {
				return
			}
			engine.asked = nil
			behindIt++
			if changed {
				write(t, w, "create table other as select 1 as n")
				before = after
			}
			for _, not := range []string{"", "nobody asked that before"} {
				if got := recall(t, w, countDeals, not); got != before {
					t.Errorf("changed %t: deals = %s, want %s", changed, got, before)
				}
			}
			if got := recall(t, w, "select cast(count(*) as varchar) from deals"); got != after {
				t.Errorf("changed %t: records of deals = %s, want %s", changed, got, after)
			}
			err := w.Recall(context.Background(), atOnce, func(q *warehouse.Snapshot) error {
				if _, err := q.ExecContext(context.Background(), "create temp table mine as select * from deal"); err != nil {
					return err
				}
				var n string
				err := q.QueryRowContext(context.Background(), "select cast(count(*) as varchar) from mine").Scan(&n)
				if n != before {
					t.Errorf("changed %t: a temporary table of deals has %s, want %s", changed, n, before)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			err = w.Read(context.Background(), func(q *warehouse.Snapshot) error {
				var n string
				rerr := q.QueryRowContext(context.Background(), countDeals, "").Scan(&n)
				if n != after {
					t.Errorf("changed %t: deals of a snapshot = %s, want %s", changed, n, after)
				}
				return rerr
			})
			if err != nil {
				t.Error(err)
			}
		}
		refresh(t, w)
		if behindIt != 1 {
			t.Errorf("changed %t: nobody asked between the commit and the end of the refresh", changed)
		}
		if got := recall(t, w, countDeals, ""); got != after {
			t.Errorf("changed %t: deals after the refresh = %s, want %s", changed, got, after)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// A question that is given up ends the transaction it was asked by. Others go on by
// those left, and when none is, everybody sees what is there.
func TestAQuestionThatWasGivenUpHoldsNobody(t *testing.T) {
	t.Parallel()
	w, engine := watchedCompany(t)
	if got := recall(t, w, countDeals, ""); got != "1" {
		t.Fatalf("deals = %s, want 1", got)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	var saw []string
	afterCommit(t, engine, func() {
		for i := range 4 {
			saw = append(saw, recall(t, w, countDeals, fmt.Sprint("not asked before ", i)))
			var none string
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			err := w.Recall(ctx, atOnce, func(q *warehouse.Snapshot) error {
				return q.QueryRowContext(ctx, "select cast(count(*) as varchar) from deal d, range(100000) a, range(100000) b, range(100000) c where a.range + b.range + c.range < 7").Scan(&none)
			})
			cancel()
			if errors.Is(err, context.DeadlineExceeded) {
				continue
			}
			t.Errorf("round %d: %v", i, err)
		}
		saw = append(saw, recall(t, w, countDeals, "not asked before"))
	})
	refresh(t, w)
	if got := strings.Join(saw, " "); got != "1 1 1 1 2" {
		t.Errorf("between the commit and the end of the refresh readers saw %s deals, want 1 1 1 1 2", got)
	}
	if got := recall(t, w, countDeals, ""); got != "2" {
		t.Errorf("deals after the refresh = %s, want 2", got)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// afterCommit runs do once between the commit of the refresh that shows a second deal
// and its end.
func afterCommit(t *testing.T, engine *watched, do func()) {
	t.Helper()
	memory := engine.Engine
	engine.asked = func() {
		var committed int
		if err := memory.DB().QueryRowContext(context.Background(), "select count(*) from deal").Scan(&committed); err != nil {
			t.Error(err)
		}
		if committed != 2 {
			return
		}
		engine.asked = nil
		do()
	}
}

// lose asks by a transaction of before that nobody else can ask by after it: it makes
// a temporary table, says so by took, and ends with stop.
func lose(t *testing.T, w *warehouse.Warehouse, took chan<- struct{}, stop <-chan struct{}) {
	t.Helper()
	err := w.Recall(context.Background(), atOnce, func(q *warehouse.Snapshot) error {
		_, err := q.ExecContext(context.Background(), "create temp table mine as select * from deal")
		took <- struct{}{}
		<-stop
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Who waits for a transaction of before when the last of them is lost is told at once
// to try again, and then sees what is there.
func TestWhoWaitsToBeHeldIsToldThatNobodyIs(t *testing.T) {
	t.Parallel()
	w, engine := watchedCompany(t)
	if got := recall(t, w, countDeals, ""); got != "1" {
		t.Fatalf("deals = %s, want 1", got)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	afterCommit(t, engine, func() {
		stop, took := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { lose(t, w, took, stop) })
			<-took
		}
		waits := make(chan struct{})
		told := make(chan error, 1)
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			turn := func(context.Context) error { close(waits); return nil }
			told <- w.Recall(ctx, turn, func(q *warehouse.Snapshot) error {
				var n string
				return q.QueryRowContext(ctx, countDeals, "not asked before").Scan(&n)
			})
		})
		<-waits
		close(stop)
		if err := <-told; !errors.Is(err, warehouse.ErrRenewed) {
			t.Errorf("who waits is told %v, want %v", err, warehouse.ErrRenewed)
		}
		all.Wait()
		if got := recall(t, w, countDeals, "not asked before"); got != "2" {
			t.Errorf("deals then = %s, want 2", got)
		}
	})
	refresh(t, w)
	if engine.asked != nil {
		t.Error("nobody asked between the commit and the end of the refresh")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// With one transaction left, who asks by it never waits for a question of somebody who
// waits for it.
func TestWhoIsHeldWaitsForNobodyWhoWaitsToBe(t *testing.T) {
	t.Parallel()
	w, engine := watchedCompany(t)
	if got := recall(t, w, countDeals, ""); got != "1" {
		t.Fatalf("deals = %s, want 1", got)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	afterCommit(t, engine, func() {
		stop, took := make(chan struct{}), make(chan struct{}, 3)
		close(stop)
		for range 3 {
			lose(t, w, took, stop)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		count := func(q *warehouse.Snapshot, not string) (n string, err error) {
			return n, q.QueryRowContext(ctx, countDeals, not).Scan(&n)
		}
		var other sync.WaitGroup
		err := w.Recall(ctx, atOnce, func(q *warehouse.Snapshot) error {
			if _, err := count(q, "asked by the one that is left"); err != nil {
				return err
			}
			waits := make(chan struct{})
			other.Go(func() {
				err := w.Recall(ctx, func(context.Context) error { close(waits); return nil }, func(q *warehouse.Snapshot) error {
					n, err := count(q, "asked by both")
					if n != "1" {
						t.Errorf("who waited is told of %s deals, want 1", n)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
			<-waits
			time.Sleep(50 * time.Millisecond) // until it waits
			_, err := count(q, "asked by both")
			return err
		})
		if err != nil {
			t.Error(err)
		}
		other.Wait()
	})
	refresh(t, w)
	if engine.asked != nil {
		t.Error("nobody asked between the commit and the end of the refresh")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// Nobody is held who would see what the refresh took from them: an erasure is done in
// all figures at once, and so is a right that is gone.
func TestNobodyIsHeldAtWhatIsErasedOrNotTheirsAnyMore(t *testing.T) {
	t.Parallel()
	reps := func(manager string) []any {
		return []any{
			warehouse.Team{TeamID: "T1", Name: "One", ManagerRepID: manager},
			warehouse.Rep{RepID: "R1", Name: "Ann", Email: "ann@own.example", TeamID: "T1"},
			warehouse.Rep{RepID: "R2", Name: "Bob", Email: "bob@own.example", TeamID: "T1"},
		}
	}
	for name, tt := range map[string]struct {
		first func(context.Context, *warehouse.Tx) error
		then  []any
		held  bool
	}{
		"nothing of the kind": {nil, nil, true},
		"an erasure":          {func(context.Context, *warehouse.Tx) error { return nil }, nil, false},
		"a right is gone":     {nil, reps("R1"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, engine := watchedCompany(t)
			write(t, w, "insert into users (user_id, email, name, roles, password_hash, disabled, session_version, created_at) values ('u1', 'bob@own.example', 'Bob', 'manager', 'none', false, 0, timestamp '2026-01-01')")
			load(t, w, "crm", syncTime, reps("R2")...)
			refresh(t, w)
			if got := recall(t, w, countDeals, ""); got != "1" {
				t.Fatalf("deals = %s, want 1", got)
			}
			load(t, w, "crm", syncTime, append(slices.Clone(tt.then), warehouse.Deal{DealID: "D2", Status: "open"})...)
			if got := recall(t, w, countDeals, ""); got != "1" { // which is to be asked ahead
				t.Fatalf("deals = %s, want 1", got)
			}
			s, held := settings(t), false
			s.First = tt.first
			afterCommit(t, engine, func() { held = recall(t, w, countDeals, "") == "1" })
			if _, err := w.Refresh(context.Background(), s, syncTime); err != nil {
				t.Fatal(err)
			}
			if held != tt.held {
				t.Errorf("readers are held: %t, want %t", held, tt.held)
			}
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Who waits for a refresh to end, as to close the database, does not wait for what
// would be asked ahead.
func TestARefreshThatIsWaitedForHoldsNobody(t *testing.T) {
	t.Parallel()
	w, engine := watchedCompany(t)
	write(t, w, "create table counter as select '0' as n")
	const counter = "select n from counter"
	if got := recall(t, w, counter); got != "0" {
		t.Fatalf("counter = %s, want 0", got)
	}
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	if got := recall(t, w, countDeals, ""); got != "1" {
		t.Fatalf("deals = %s, want 1", got)
	}
	behind(t, engine.Engine.DB(), "update counter set n = '1'")
	closed := make(chan error, 1)
	afterCommit(t, engine, func() { t.Error("after the commit somebody asks on") })
	_, err := w.Refresh(context.Background(), settings(t), syncTime, func(context.Context, *warehouse.Tx) error {
		go func() { closed <- w.Close() }()
		for recall(t, w, counter) == "0" { //nolint:contextcheck // until it waits: that ends what is kept
			time.Sleep(time.Millisecond)
		}
		if got := recall(t, w, countDeals, ""); got != "1" { //nolint:contextcheck // which would be asked ahead
			t.Errorf("deals during the refresh = %s, want 1", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err = <-closed; err != nil {
		t.Error(err)
	}
}

// Readers and changes meet; whoever begins after a change sees it.
func TestRecallUnderChanges(t *testing.T) {
	t.Parallel()
	w, _ := openWith(t)
	refresh(t, w)
	write(t, w, "create table counter as select 0 as n")
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			last := 0
			for range 100 {
				var n, again int
				err := w.Recall(context.Background(), atOnce, func(q *warehouse.Snapshot) error {
					if err := q.QueryRowContext(context.Background(), "select n from counter").Scan(&n); err != nil {
						return err
					}
					return q.QueryRowContext(context.Background(), "select n + 0 from counter").Scan(&again)
				})
				if err != nil || n < last || again != n {
					t.Errorf("after %d a reader sees %d and %d: %v", last, n, again, err)
					return
				}
				last = n
			}
		})
	}
	for i := range 50 {
		write(t, w, fmt.Sprintf("update counter set n = %d", i+1))
		if got := recall(t, w, "select cast(n as varchar) from counter"); got != fmt.Sprint(i+1) {
			t.Errorf("after change %d the answer is %s", i+1, got)
		}
	}
	done.Wait()
}
