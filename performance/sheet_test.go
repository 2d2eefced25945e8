package performance_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"credence/performance"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/duckdb"
	"credence/warehouse/sqlfile"
)

// TestASheetSaysWhatItsMetricsSay asks every metric alone and all together, by
// every breakdown and for readers of every scope.
func TestASheetSaysWhatItsMetricsSay(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		for _, user := range []string{"*", "u-north", "u-ann", "nobody"} {
			for _, by := range []string{"company", "team", "manager", "rep", "product"} {
				a := ask(t, user, "2026Q3", lateDate)
				a.By = by
				var names []string
				for _, m := range performance.All() {
					if slices.Contains(m.By, by) {
						names = append(names, m.Name)
					}
				}
				sheet, err := a.Sheet(ctx, q, names...)
				if err != nil {
					t.Fatalf("sheet of %s by %s: %v", user, by, err)
				}
				for _, name := range names {
					m, err := performance.Find(name)
					if err != nil {
						t.Fatal(err)
					}
					values, err := m.Values(ctx, q, a)
					if err != nil {
						t.Fatal(err)
					}
					if len(values) != len(sheet[name]) {
						t.Errorf("%s of %s by %s: %d groups alone, %d on the sheet", name, user, by, len(values), len(sheet[name]))
					}
					for _, v := range values {
						if got := sheet.Of(name, v.Key); got != v {
							t.Errorf("%s of %s by %s: alone %+v, on the sheet %+v", name, user, by, v, got)
						}
					}
				}
			}
		}
		if _, err := ask(t, "*", "2026Q3", lateDate).Sheet(ctx, q, "won_revenue", "happiness"); err == nil {
			t.Error("a sheet of an unknown metric was made")
		}
		a := ask(t, "*", "2026Q3", lateDate)
		a.By = "product"
		if _, err := a.Sheet(ctx, q, "won_revenue", "quota"); !errors.Is(err, performance.ErrBreakdown) {
			t.Errorf("quota by product: %v, want ErrBreakdown", err)
		}
	})
}

// BenchmarkSheet asks what the overview shows of the whole company.
func BenchmarkSheet(b *testing.B) {
	for _, deals := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("%d deals", deals), func(b *testing.B) {
			ctx := context.Background()
			engine, err := duckdb.OpenMemory()
			if err != nil {
				b.Fatal(err)
			}
			w, err := warehouse.Open(ctx, engine)
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close() //nolint:errcheck // in memory
			err = w.Write(ctx, func(tx *warehouse.Tx) error {
				if _, xerr := tx.ExecContext(ctx, companySQL); xerr != nil {
					return xerr
				}
				if _, xerr := tx.ExecContext(ctx, `insert into deal
					select 'x' || i, 'deal', 'a1', case i % 5 when 0 then 'ann' when 1 then 'bob' when 2 then 'cara' when 3 then 'dan' else 'eve' end,
						case when i % 5 < 3 then 'T1' else 'T2' end, 'main', 'Qualified', case i % 3 when 0 then 'won' when 1 then 'lost' else 'open' end,
						i, 'EUR', i, timestamp '2026-01-01' + i % 200 * interval '1' day, date '2026-01-01' + cast(i % 200 as integer),
						case when i % 3 < 2 then timestamp '2026-07-01' + i % 90 * interval '1' day end,
						case when i % 3 < 2 then date '2026-07-01' + cast(i % 90 as integer) end, date '2026-09-01', null
					from generate_series(1, ?) s(i)`, deals); xerr != nil {
					return xerr
				}
				return performance.Build(ctx, tx, company)
			})
			if err != nil {
				b.Fatal(err)
			}
			period, err := calendar.Company{}.Parse("2026Q3")
			if err != nil {
				b.Fatal(err)
			}
			a := performance.NewAsk("*", company, period, lateDate)
			err = w.Read(ctx, func(s *warehouse.Snapshot) error {
				for b.Loop() {
					if _, serr := a.Sheet(ctx, s, "won_revenue", "quota", "quota_attainment", "pace", "win_rate", "average_deal", "cycle_days",
						"open_pipeline", "pipeline_due", "weighted_pipeline", "sales_velocity", "pipeline_coverage"); serr != nil {
						return serr
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
