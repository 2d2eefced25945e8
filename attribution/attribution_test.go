package attribution_test

import (
	"context"
	"os"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
)

// now is the end of time in these tests.
var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// open is a warehouse in memory with empty resolved tables.
func open(tb testing.TB, threads int) *warehouse.Warehouse {
	tb.Helper()
	w := program(tb, threads)
	base, err := os.ReadFile("testdata/base.sql")
	if err != nil {
		tb.Fatalf("read base tables: %v", err)
	}
	run(tb, w, string(base))
	return w
}

// run executes SQL as one write.
func run(tb testing.TB, w *warehouse.Warehouse, text string) {
	tb.Helper()
	err := w.Write(context.Background(), func(tx *warehouse.Tx) error {
		_, err := tx.ExecContext(context.Background(), text)
		return err
	})
	if err != nil {
		tb.Fatalf("run fixture: %v", err)
	}
}

// build attributes what is in w.
func build(tb testing.TB, w *warehouse.Warehouse, s attribution.Settings) {
	tb.Helper()
	err := w.Write(context.Background(), func(tx *warehouse.Tx) error {
		return attribution.Build(context.Background(), tx, s, now)
	})
	if err != nil {
		tb.Fatalf("build: %v", err)
	}
}

func TestBuildOfAnEmptyWarehouseMakesEmptyTables(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	for range 2 {
		build(t, w, attribution.Default())
	}
	err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
		for _, table := range []string{"touch", "touch_source", "journey", "credit"} {
			var n int
			if err := q.QueryRowContext(context.Background(), "select count(*) from "+table).Scan(&n); err != nil {
				return err
			}
			if n != 0 {
				t.Errorf("%s has %d rows, want 0", table, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
