package attribution_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// fillMany makes n acts of n/10 people, one an account, and n/20 won deals: about
// four eligible touches a deal, as in a company whose deals take two months. A
// third of the acts are ad clicks and their landing visits: one touch of two.
func fillMany(tb testing.TB, w *warehouse.Warehouse, n int) {
	tb.Helper()
	run(tb, w, fmt.Sprintf(`
		insert into rep select 'rep-' || i, 'Rep ' || i, '', 'team-' || (i %% 6) from range(36) t(i);
		insert into visible_rep select '*', 'rep-' || i from range(36) t(i);
		insert into visible_rep values ('*', '');
		insert into campaign select 'campaign-' || i, 'Campaign ' || i, 'Paid Social' from range(30) t(i);
		insert into post select 'post-' || i, 'rep-' || (i %% 36), '', timestamp '2026-01-01' + to_hours(cast(i * 80 as bigint)), 'Post ' || i, 'Rep Social' from range(90) t(i);
		insert into account (account_id, name) select 'account-' || i, 'Account ' || i from range(%[1]d) t(i);
		insert into person select 'person-' || i, 'account-' || i, 'Person ' || i, '', timestamp '2026-03-01' + to_days(cast(i %% 100 as integer)), i %% 50 = 0
		from range(%[1]d) t(i);
		insert into deal select 'deal-' || i, 'Deal ' || i, 'account-' || (2 * i), 'person-' || (2 * i), 'rep-' || (i %% 36), 'won', 'won',
			100000 + i * 7919 %% 9000000, 'EUR', 100000 + i * 7919 %% 9000000, null, '',
			timestamp '2026-05-01' + to_seconds(i * 7919 %% 8000000), timestamp '2026-07-01' + to_seconds(i * 7919 %% 8000000)
		from range(%[2]d) t(i);
		insert into act select
			case i %% 3 when 0 then 'crm' when 1 then 'web' else 'mail' end,
			case i %% 3 when 1 then 'visits' when 2 then 'activities' else 'engagements' end,
			'id-' || i, i %% 3, case i %% 3 when 1 then 'visit' when 2 then 'email' else 'click' end, case i %% 3 when 2 then 'inbound' else '' end,
			timestamp '2026-01-01' + to_seconds(hash(i) %% 27000000),
			case when i %% 3 = 1 then '' else 'rep-' || (i %% 36) end, 'person-' || (i %% %[1]d), 'account-' || (i %% %[1]d), '',
			case i %% 3 when 2 then 'thread-' || (i // 4) else '' end, case i %% 3 when 2 then 'uid-' || i else '' end,
			'', case i %% 3 when 2 then '' else 'campaign-' || (i %% 30) end, case i %% 6 when 1 then 'click-' || i when 0 then 'click-' || (i + 1) else '' end,
			case i %% 3 when 2 then '' else 'https://halden.example/page-' || (i %% 40) || '?utm_campaign=' || (i %% 30) end,
			'', '', null, i %% 101 = 0,
			case i %% 3 when 2 then 'Sales' when 1 then case i %% 4 when 0 then 'Direct' else 'Paid Search' end else 'E-mail' end
		from range(%[3]d) t(i)`, n/10, n/20, n))
}

func benchmarkRefresh(b *testing.B, n int) {
	b.Helper()
	w := open(b, 0)
	fillMany(b, w, n)
	b.ResetTimer()
	for range b.N {
		build(b, w, attribution.Default())
	}
	b.StopTimer()
	var touches, pairs int
	err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
		if err := q.QueryRowContext(context.Background(), "select count(*) from touch").Scan(&touches); err != nil {
			return err
		}
		return q.QueryRowContext(context.Background(), "select count(*) from journey_touch").Scan(&pairs)
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(touches)*float64(b.N)/b.Elapsed().Seconds(), "touches/s")
	b.ReportMetric(float64(pairs), "pairs")
}

// BenchmarkRefresh100k is touches, journeys and the ledger of every model over
// 100,000 acts and 5,000 won deals.
func BenchmarkRefresh100k(b *testing.B) { benchmarkRefresh(b, 100_000) }

// BenchmarkRefresh1M is the same over 1,000,000 acts and 50,000 won deals.
func BenchmarkRefresh1M(b *testing.B) { benchmarkRefresh(b, 1_000_000) }

// BenchmarkByChannel1M is the question of the attribution page over a quarter of
// a company of 1,000,000 touches, with the range over all models.
func BenchmarkByChannel1M(b *testing.B) {
	w := open(b, 0)
	fillMany(b, w, 1_000_000)
	build(b, w, attribution.Default())
	b.ResetTimer()
	for range b.N {
		err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
			_, err := attribution.ByChannel(context.Background(), q, "*", "linear", calendar.Period{})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQuestions1M is what pages ask of a company of 1,000,000 touches: a quarter
// shared by each dimension and its efficiency under every model, then the same again
// from memory.
func BenchmarkQuestions1M(b *testing.B) {
	w := open(b, 0)
	fillMany(b, w, 1_000_000)
	build(b, w, attribution.Default())
	ctx := context.Background()
	quarter := calendar.Period{Name: "2026Q3", From: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
	questions := map[string]func(*warehouse.Snapshot) error{
		"efficiency": func(q *warehouse.Snapshot) error {
			_, err := attribution.EfficiencyByModel(ctx, q, "*", quarter, attribution.EfficiencySettings{Margin: .6, MER: attribution.MERNetContribution})
			return err
		},
	}
	for _, by := range attribution.Dimensions {
		questions["by "+string(by)] = func(q *warehouse.Snapshot) error {
			_, err := attribution.ViewBy(ctx, q, "*", attribution.Ask{Model: "linear", Period: quarter}, by)
			return err
		}
	}
	atOnce := func(context.Context) error { return nil }
	for _, name := range slices.Sorted(maps.Keys(questions)) {
		for _, from := range []string{"engine", "memory"} {
			b.Run(name+"/"+from, func(b *testing.B) {
				began := busy()
				for range b.N {
					var err error
					if from == "memory" {
						err = w.Recall(ctx, atOnce, questions[name])
					} else {
						err = w.Read(ctx, questions[name])
					}
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric((busy()-began)/float64(b.N), "cpu-s/op")
			})
		}
	}
}
