package performance_test

import (
	"context"
	_ "embed"
	"testing"
	"time"

	"credence/performance"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/duckdb"
	"credence/warehouse/sqlfile"
)

//go:embed testdata/company.sql
var companySQL string

var (
	company  calendar.Company // UTC, fiscal year from January
	lateDate = time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)
)

// read opens the small company in memory, builds the derived tables and hands
// a snapshot to do.
func read(t *testing.T, do func(ctx context.Context, q sqlfile.Querier)) {
	t.Helper()
	ctx := context.Background()
	engine, err := duckdb.OpenMemory()
	if err != nil {
		t.Fatalf("open engine: %v", err)
	}
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		t.Fatalf("open warehouse: %v", err)
	}
	t.Cleanup(func() {
		if cerr := w.Close(); cerr != nil {
			t.Errorf("close warehouse: %v", cerr)
		}
	})
	err = w.Write(ctx, func(tx *warehouse.Tx) error {
		if _, xerr := tx.ExecContext(ctx, companySQL); xerr != nil {
			return xerr
		}
		return performance.Build(ctx, tx, company)
	})
	if err != nil {
		t.Fatalf("load the small company: %v", err)
	}
	err = w.Read(ctx, func(s *warehouse.Snapshot) error {
		do(ctx, s)
		return nil
	})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
}

func ask(t *testing.T, user, period string, now time.Time) performance.Ask {
	t.Helper()
	p, err := company.Parse(period)
	if err != nil {
		t.Fatal(err)
	}
	return performance.NewAsk(user, company, p, now)
}
