package audit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/server/audit"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

var start = time.Date(2026, 11, 16, 9, 0, 0, 123456789, time.UTC)

func open(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	engine, err := duckdb.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func record(t *testing.T, w *warehouse.Warehouse, events ...audit.Event) {
	t.Helper()
	if err := w.Write(t.Context(), func(tx *warehouse.Tx) error { return audit.Record(t.Context(), tx, events...) }); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, w *warehouse.Warehouse) (chain audit.Chain) {
	t.Helper()
	err := w.Read(t.Context(), func(s *warehouse.Snapshot) (err error) {
		chain, err = audit.Verify(t.Context(), s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return chain
}

func list(t *testing.T, w *warehouse.Warehouse, f audit.Filter) (entries []audit.Entry) {
	t.Helper()
	err := w.Read(t.Context(), func(s *warehouse.Snapshot) (err error) {
		entries, err = audit.List(t.Context(), s, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// day is event n, a day after the one before.
func day(n int) audit.Event {
	return audit.Event{At: start.AddDate(0, 0, n), Actor: fmt.Sprintf("u%d", n%2), Action: audit.ViewPerson, Object: fmt.Sprintf("deal D-%d", n), Detail: map[string]string{"b": "2", "a": "<1>"}}
}

func TestTheChainHoldsAcrossTransactions(t *testing.T) {
	t.Parallel()
	w := open(t)
	if chain := verify(t, w); chain.Rows != 0 || len(chain.Bad) != 0 {
		t.Errorf("an empty log: %+v, want no rows and nothing wrong", chain)
	}
	record(t, w, day(0), day(1))
	record(t, w, audit.Event{At: start, Actor: audit.Nobody, Action: audit.SignInRefused}) // no detail
	chain := verify(t, w)
	if chain.Rows != 3 || chain.Last != 3 || len(chain.Hash) != 64 || len(chain.Bad) != 0 {
		t.Errorf("after three events: %+v, want three rows and nothing wrong", chain)
	}
}

// Whatever somebody types into a field is noted, and must not look like tampering.
func TestTextThatIsNoUTF8KeepsTheChain(t *testing.T) {
	t.Parallel()
	odd := audit.Event{At: start, Actor: "u\xff", Action: audit.Export, Object: "deal \xc3", Detail: map[string]string{"model": "aé"[:2], "\xfe": "null \x00, line \u2028"}}
	w := open(t)
	record(t, w, day(0), odd)
	l, err := audit.Open(t.Context(), w, filepath.Join(t.TempDir(), "credence.db.audit"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err = errors.Join(l.Note(odd), l.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	if chain := verify(t, w); chain.Rows != 3 || len(chain.Bad) != 0 {
		t.Errorf("%d rows, %q, want three and nothing wrong", chain.Rows, chain.Bad)
	}
}

func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, sql, want string }{
		{"an actor is changed", "update audit set actor = 'u9' where seq = 3", "row 3 was changed"},
		{"a time is moved by a microsecond", "update audit set happened_at = happened_at + interval 1 microsecond where seq = 2", "row 2 was changed"},
		{"a detail is changed", `update audit set detail = '{"a":"1"}' where seq = 5`, "row 5 was changed"},
		{"a detail is made unreadable", `update audit set detail = 'x' where seq = 5`, "row 5: its detail"},
		{"a row in the middle is dropped", "delete from audit where seq = 3", "rows 3 to 3 are missing"},
		{"the oldest is dropped without a cut", "delete from audit where seq = 1", "rows 1 to 1 are missing"},
		{"a row stands twice", "insert into audit select * from audit where seq = 4", "row 4 stands after row 4"},
		{"two rows change places", "update audit set seq = 9 - seq where seq in (4, 5)", "row 4 does not name"},
		{"a row and its hash are made anew", "update audit set actor = 'u9', hash = sha256('x') where seq = 3", "row 3 was changed"},
		{"a cut is invented", "insert into audit_cut values (2, 'x', timestamp '2026-11-16 00:00:00')", "row 1 stands after row 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			for n := range 6 {
				record(t, w, day(n))
			}
			err := w.Write(t.Context(), func(tx *warehouse.Tx) error {
				_, err := tx.ExecContext(t.Context(), tt.sql)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			chain := verify(t, w)
			if len(chain.Bad) == 0 || !strings.Contains(chain.Bad[0], tt.want) {
				t.Errorf("Verify says %q, want %q first", chain.Bad, tt.want)
			}
		})
	}
}

func TestTheOldEndIsCutAndTheChainHolds(t *testing.T) {
	t.Parallel()
	w := open(t)
	for n := range 5 {
		record(t, w, day(n))
	}
	cut := func(before time.Time, want int64) {
		t.Helper()
		var n int64
		err := w.Write(t.Context(), func(tx *warehouse.Tx) (err error) {
			n, err = audit.Cut(t.Context(), tx, before, start.AddDate(1, 0, 0))
			return err
		})
		if err != nil || n != want {
			t.Errorf("cut %d rows before %v (%v), want %d", n, before, err, want)
		}
		if chain := verify(t, w); len(chain.Bad) != 0 {
			t.Errorf("after the cut: %q, want nothing wrong", chain.Bad)
		}
	}
	border := day(2).At.Truncate(time.Microsecond)
	cut(border.Add(-time.Microsecond), 2)
	cut(border, 0)
	cut(border.Add(time.Microsecond), 1)
	cut(start.AddDate(1, 0, 0), 2)
	record(t, w, day(9))
	if chain := verify(t, w); chain.Rows != 1 || chain.Last != 6 || len(chain.Bad) != 0 {
		t.Errorf("after everything was cut and one added: %+v, want row 6 alone and nothing wrong", chain)
	}
}

func TestListFiltersAndPages(t *testing.T) {
	t.Parallel()
	w := open(t)
	for n := range 6 {
		record(t, w, day(n))
	}
	record(t, w, audit.Event{At: start, Actor: "u0", Action: audit.Export, Object: "/reports/2026Q3.csv", Detail: map[string]string{"rows": "77"}})
	tests := []struct {
		name   string
		filter audit.Filter
		want   []int64
	}{
		{"everything, newest first", audit.Filter{}, []int64{7, 6, 5, 4, 3, 2, 1}},
		{"who", audit.Filter{Actor: "u1"}, []int64{6, 4, 2}},
		{"what", audit.Filter{Action: audit.Export}, []int64{7}},
		{"a part of the object, in any case", audit.Filter{Object: "d-3"}, []int64{4}},
		{"a value of the detail", audit.Filter{Object: "77"}, []int64{7}},
		{"from a day to another, half open", audit.Filter{From: day(1).At.Truncate(time.Microsecond), To: day(3).At.Truncate(time.Microsecond)}, []int64{3, 2}},
		{"the page after row 4", audit.Filter{Before: 4, Limit: 2}, []int64{3, 2}},
		{"a pattern is plain text", audit.Filter{Object: "%"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []int64
			for _, e := range list(t, w, tt.filter) {
				got = append(got, e.Seq)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("rows %v, want %v", got, tt.want)
			}
		})
	}
}

// What somebody wrote as a reason does not hide what is looked for by its name.
func TestAnObjectIsFoundByItsName(t *testing.T) {
	t.Parallel()
	w := open(t)
	record(t, w, audit.Event{At: start, Actor: "u1", Action: audit.Setting, Object: "configuration"},
		audit.Event{At: start, Actor: "u1", Action: audit.Setting, Object: "attribution", Detail: map[string]string{"reason": "as the configuration"}})
	if got := list(t, w, audit.Filter{Object: "configuration", Limit: 1}); len(got) != 1 || got[0].Object != "attribution" {
		t.Errorf("a part finds %v, want the newest", got)
	}
	if got := list(t, w, audit.Filter{Of: "configuration", Limit: 1}); len(got) != 1 || got[0].Object != "configuration" {
		t.Errorf("the name finds %v, want what is named so", got)
	}
}

func TestNotedEventsReachTheLogOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	path := filepath.Join(t.TempDir(), "credence.db.audit")
	l, err := audit.Open(t.Context(), w, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if err = l.Note(day(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err = l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(list(t, w, audit.Filter{})); got != 3 {
		t.Fatalf("the log has %d events, want 3", got)
	}
	if text, rerr := os.ReadFile(path); rerr != nil || len(text) != 0 {
		t.Errorf("the file still holds %q (%v)", text, rerr)
	}
	if err = l.Note(day(3)); err == nil {
		t.Error("a closed log took an event")
	}
}

// A crash leaves events in the file: those that had reached the log, those that
// had not, and the half line of a request that was never answered.
func TestAfterACrashNothingIsLostOrTwice(t *testing.T) {
	t.Parallel()
	w := open(t)
	path := filepath.Join(t.TempDir(), "credence.db.audit")
	record(t, w, day(0))
	line := func(n int) string {
		return fmt.Sprintf(`{"at":%q,"actor":"u%d","action":"view person","object":"deal D-%d","detail":{"a":"<1>","b":"2"}}`+"\n", day(n).At.Format(time.RFC3339Nano), n%2, n)
	}
	if err := os.WriteFile(path, []byte(line(0)+line(1)+`{"at":"2026`), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second start finds nothing more
		l, err := audit.Open(t.Context(), w, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got := list(t, w, audit.Filter{})
	if len(got) != 2 || got[0].Object != "deal D-1" {
		t.Errorf("the log has %d events, the newest %+v; want two, D-1 the newest", len(got), got[0])
	}
	if chain := verify(t, w); len(chain.Bad) != 0 {
		t.Errorf("Verify says %q", chain.Bad)
	}
}

// An event that is noted after a line that a crash cut short is not lost with it.
func TestAHalfLineSwallowsNoEvent(t *testing.T) {
	t.Parallel()
	w := open(t)
	path := filepath.Join(t.TempDir(), "credence.db.audit")
	l, err := audit.Open(t.Context(), w, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	err = w.Write(t.Context(), func(*warehouse.Tx) error { // nothing leaves the file meanwhile
		if werr := os.WriteFile(path, []byte(`{"at":"2026`), 0o600); werr != nil { // the disk was full
			return werr
		}
		if nerr := l.Note(day(0)); nerr != nil {
			return nerr
		}
		text, err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err = l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := open(t) // a crash in that moment
	if err = os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err = audit.Open(t.Context(), other, path, nil); err != nil {
		t.Fatal(err)
	}
	if err = l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := list(t, other, audit.Filter{}); len(got) != 1 || got[0].Object != "deal D-0" {
		t.Errorf("after %q the log has %+v, want the event of D-0", text, got)
	}
}

// A refresh that holds the writer keeps no page from being shown: what it notes
// waits, and comes when the writer is free.
func TestANoteDoesNotWaitForTheWriter(t *testing.T) {
	t.Parallel()
	w := open(t)
	l := audit.InMemory(w, nil)
	err := w.Write(t.Context(), func(*warehouse.Tx) error { return l.Note(day(0)) })
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(list(t, w, audit.Filter{})); got != 1 {
		t.Errorf("the log has %d events, want 1", got)
	}
}
