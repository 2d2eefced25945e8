package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// open is an empty warehouse in memory.
func open(tb testing.TB) *warehouse.Warehouse {
	tb.Helper()
	options := duckdb.Options{MemoryLimit: "2GB"}
	if _, ok := tb.(*testing.T); ok {
		options.Threads = 1 // the tests themselves are parallel
	}
	engine, err := duckdb.OpenMemoryWith(options)
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
	return w
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

var syncTime = at("2026-11-20T08:00:00Z")

// load puts records as source and fails the test when that fails.
func load(tb testing.TB, w *warehouse.Warehouse, source string, when time.Time, records ...any) warehouse.Run {
	tb.Helper()
	run, err := loadErr(w, warehouse.LoadSource{Name: source, Kind: "test", At: when}, records...)
	if err != nil {
		tb.Fatalf("load %s: %v", source, err)
	}
	return run
}

func loadErr(w *warehouse.Warehouse, src warehouse.LoadSource, records ...any) (warehouse.Run, error) {
	return w.Load(context.Background(), src, func(l *warehouse.Loader) error {
		l.File("file.csv")
		for _, r := range records {
			l.Read(1)
			if err := l.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// ask is the answer of a query as text: rows by newline, values by "|".
func ask(tb testing.TB, w *warehouse.Warehouse, query string) string {
	tb.Helper()
	var out []string
	err := w.Read(context.Background(), func(s *warehouse.Snapshot) error {
		rows, err := s.QueryContext(context.Background(), query)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		cols, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			values, dest := make([]any, len(cols)), make([]any, len(cols))
			for i := range values {
				dest[i] = &values[i]
			}
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			text := make([]string, len(cols))
			for i, v := range values {
				switch v := v.(type) {
				case nil:
					text[i] = "-"
				case time.Time:
					text[i] = strings.TrimSuffix(v.UTC().Format("2006-01-02 15:04:05"), " 00:00:00")
				default:
					text[i] = fmt.Sprint(v)
				}
			}
			out = append(out, strings.Join(text, "|"))
		}
		return rows.Err()
	})
	if err != nil {
		tb.Fatalf("ask %s: %v", query, err)
	}
	return strings.Join(out, "\n")
}

func TestLoadMergesByIDAndTime(t *testing.T) {
	t.Parallel()
	deal := func(stage, updated string) warehouse.Deal {
		d := warehouse.Deal{DealID: "D1", Status: "open", Stage: stage, Amount: warehouse.Known[int64](100), Currency: "EUR"}
		if updated != "" {
			d.UpdatedAt = at(updated)
		}
		return d
	}
	early, late := "2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z"
	tests := []struct {
		name          string
		first, second []any
		stage         string
		ins, upd, unc int64 // of the second run
	}{
		{"the same record again changes nothing", []any{deal("A", early)}, []any{deal("A", early)}, "A", 0, 0, 1},
		{"a newer record replaces", []any{deal("A", early)}, []any{deal("B", late)}, "B", 0, 1, 0},
		{"an older record is ignored", []any{deal("B", late)}, []any{deal("A", early)}, "B", 0, 0, 1},
		{"of equal times the later sync wins", []any{deal("A", early)}, []any{deal("B", early)}, "B", 0, 1, 0},
		{"without times the later sync wins", []any{deal("A", "")}, []any{deal("B", "")}, "B", 0, 1, 0},
		{"in one run the newest wins whatever its place", nil, []any{deal("B", late), deal("A", early)}, "B", 1, 0, 0},
		{"in one run the last put wins among equal times", nil, []any{deal("A", early), deal("B", early)}, "B", 1, 0, 0},
		{"in one run a time beats none", nil, []any{deal("B", late), deal("A", "")}, "B", 1, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			if tt.first != nil {
				load(t, w, "crm", syncTime, tt.first...)
			}
			run := load(t, w, "crm", syncTime.Add(time.Hour), tt.second...)
			want := warehouse.StreamChange{Stream: "deals", Inserted: tt.ins, Updated: tt.upd, Unchanged: tt.unc}
			if len(run.Changes) != 1 || run.Changes[0] != want {
				t.Errorf("changes = %+v, want %+v", run.Changes, want)
			}
			if got := ask(t, w, "select stage from deals"); got != tt.stage {
				t.Errorf("stage = %s, want %s", got, tt.stage)
			}
		})
	}
}

func TestLoadKeepsEqualRowsUntouched(t *testing.T) {
	t.Parallel()
	w := open(t)
	rep := warehouse.Rep{RepID: "R1", Name: "Ann\x00 \xff", StartedOn: day("2024-02-01")}
	load(t, w, "crm", syncTime, rep)
	before := ask(t, w, "select * from reps")
	run := load(t, w, "crm", syncTime.Add(24*time.Hour), rep)
	if run.Changed != 0 {
		t.Errorf("changed = %d, want 0", run.Changed)
	}
	if after := ask(t, w, "select * from reps"); after != before {
		t.Errorf("row changed from %s to %s", before, after)
	}
	if want := "crm|R1|Ann \uFFFD|-|-|-|-|2024-02-01|-|-|2026-11-20 08:00:00|false"; before != want {
		t.Errorf("row = %s, want %s", before, want)
	}
}

func TestLoadStoresRunFilesRejectionsAndCursor(t *testing.T) {
	t.Parallel()
	w := open(t)
	src := warehouse.LoadSource{Name: "crm", Kind: "csvfile", At: syncTime}
	read := func(reject int, next string) warehouse.Run {
		run, err := w.Load(context.Background(), src, func(l *warehouse.Loader) error {
			l.File("a.csv")
			l.Read(3)
			for i := range reject {
				if err := l.Reject(warehouse.Rejection{Line: 2 + i, Field: "amount", Reason: "is no number", Row: strings.Repeat("ü", 3000)}); err != nil {
					return err
				}
				if err := l.Reject(warehouse.Rejection{Line: 2 + i, Field: "currency", Reason: "is no currency"}); err != nil {
					return err
				}
			}
			l.SetCursor(l.Cursor() + next)
			return l.Put(warehouse.Team{TeamID: "T"})
		})
		if err != nil {
			t.Fatalf("load: %v", err)
		}
		return run
	}
	run := read(2, "x")
	if run.ID != 1 || run.Read != 3 || run.Kept != 1 || run.Rejected != 2 || run.Changed != 1 || run.Status != "done" {
		t.Errorf("run = %+v", run)
	}
	if got, want := ask(t, w, "select run_id, file, line, field, length(row_text) from rejected_row order by line, field"), "1|a.csv|2|amount|2000\n1|a.csv|2|currency|0\n1|a.csv|3|amount|2000\n1|a.csv|3|currency|0"; got != want {
		t.Errorf("rejected rows:\n%s\nwant\n%s", got, want)
	}
	read(1, "y")
	if got, want := ask(t, w, "select run_id, count(*) from rejected_row group by 1"), "2|2"; got != want {
		t.Errorf("rejected rows after the second reading = %s, want %s", got, want)
	}
	if got, want := ask(t, w, "select cursor, kind from source_state"), "xy|csvfile"; got != want {
		t.Errorf("state = %s, want %s", got, want)
	}
	if got, want := ask(t, w, "select run_id, file, rows_read, rows_kept, rows_rejected from run_file order by 1"), "1|a.csv|3|1|2\n2|a.csv|3|2|1"; got != want {
		t.Errorf("files:\n%s\nwant\n%s", got, want)
	}
}

func TestLoadThatFailsKeepsNothingButItsRun(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime, warehouse.Team{TeamID: "T1"})
	boom := errors.New("b.csv ends in the middle of a row")
	run, err := w.Load(context.Background(), warehouse.LoadSource{Name: "crm", Kind: "csvfile", At: syncTime}, func(l *warehouse.Loader) error {
		l.File("b.csv")
		l.Read(9)
		l.SetCursor("moved")
		for i := range 20_000 { // more than one batch
			if err := l.Put(warehouse.Team{TeamID: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("error = %v, want %v", err, boom)
	}
	if run.Status != "failed" || !strings.Contains(run.Message, boom.Error()) {
		t.Errorf("run = %+v", run)
	}
	if got := ask(t, w, "select count(*) from teams"); got != "1" {
		t.Errorf("teams = %s, want 1", got)
	}
	if got := ask(t, w, "select cursor from source_state"); got != "" {
		t.Errorf("cursor = %q, want it unmoved", got)
	}
	if got, want := ask(t, w, "select run_id, status, rows_read, records_changed from run order by 1"), "1|done|1|1\n2|failed|9|0"; got != want {
		t.Errorf("runs:\n%s\nwant\n%s", got, want)
	}
}

func TestLoadRefusesASecondSystemOfRecord(t *testing.T) {
	t.Parallel()
	w := open(t)
	deal := warehouse.Deal{DealID: "D1", Status: "open"}
	load(t, w, "crm", syncTime, deal)
	_, err := loadErr(w, warehouse.LoadSource{Name: "other", Kind: "test", At: syncTime}, deal)
	if err == nil || !strings.Contains(err.Error(), "crm already is the system of record for deals") {
		t.Errorf("error = %v", err)
	}
	if _, err := loadErr(w, warehouse.LoadSource{Name: "other", Kind: "test", At: syncTime, AlsoDeals: true}, deal); err != nil {
		t.Errorf("deals that are wanted too were refused: %v", err)
	}
}

func TestLoadKeepsStageHistoryFromDifferences(t *testing.T) {
	t.Parallel()
	deal := func(stage, updated string) any {
		return warehouse.Deal{DealID: "D1", Status: "open", Stage: stage, OwnerRepID: "R1", UpdatedAt: at(updated)}
	}
	tests := []struct {
		name  string
		syncs [][]any
		want  string
	}{
		{
			"a changed stage becomes a stage change once",
			[][]any{{deal("A", "2026-01-01T00:00:00Z")}, {deal("B", "2026-01-05T00:00:00Z")}, {deal("B", "2026-01-05T00:00:00Z")}},
			"D1|B|2026-01-05|R1",
		},
		{
			"a source that tells its history keeps it alone",
			[][]any{
				{deal("A", "2026-01-01T00:00:00Z")},
				{deal("B", "2026-01-05T00:00:00Z"), warehouse.StageChange{DealID: "D1", Stage: "B", ChangedAt: at("2026-01-04T00:00:00Z"), RepID: "R2"}},
			},
			"D1|B|2026-01-04|R2",
		},
		{"the first sight of a deal is no change", [][]any{{deal("A", "2026-01-01T00:00:00Z")}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			for _, records := range tt.syncs {
				load(t, w, "crm", syncTime, records...)
			}
			if got := ask(t, w, "select deal_id, stage, changed_at, rep_id from stage_changes order by 3"); got != tt.want {
				t.Errorf("stage changes:\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func BenchmarkLoadActivities(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				w := open(b)
				b.StartTimer()
				loadActivities(b, w, n)
				b.ReportMetric(float64(n)/b.Elapsed().Seconds()*float64(b.N), "rows/s")
			}
		})
		b.Run(fmt.Sprintf("%d again", n), func(b *testing.B) {
			w := open(b)
			loadActivities(b, w, n)
			b.ResetTimer()
			for range b.N {
				loadActivities(b, w, n)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// loadActivities loads n e-mails among 2,000 people.
func loadActivities(tb testing.TB, w *warehouse.Warehouse, n int) {
	tb.Helper()
	_, err := w.Load(context.Background(), warehouse.LoadSource{Name: "mail", Kind: "test", At: syncTime}, func(l *warehouse.Loader) error {
		l.File("mail.mbox")
		stream := warehouse.StreamByName("activities")
		for i := range n {
			l.Read(1)
			id := fmt.Sprintf("m%07d", i)
			row := warehouse.Row{
				id, "email", []any{"inbound", "outbound"}[i%2], syncTime.Add(-time.Duration(i%1_000_000) * time.Minute), fmt.Sprintf("R%02d", i%36),
				nil, fmt.Sprintf("person%d@company%d.example", i%2000, i%500), nil, fmt.Sprintf("t%d", i/3), id, nil, int64(i % 5000), nil,
			}
			if err := l.PutRow(stream, row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatalf("load activities: %v", err)
	}
}
