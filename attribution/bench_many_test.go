package attribution_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/duckdb"
)

// Rule models of what-ifs in their benchmark: without and with one whose weights must
// be added up touch by touch.
var (
	sixRules  = []string{"first", "last", "last_non_direct", "linear", "position", "u_shaped"}
	withDecay = []string{"first", "last", "last_non_direct", "linear", "position", "time_decay"}
)

// openFile is a warehouse in a file, with the memory a small server gives it.
func openFile(tb testing.TB) *warehouse.Warehouse {
	tb.Helper()
	engine, err := duckdb.Open(filepath.Join(tb.TempDir(), "bench.db"), duckdb.Options{MemoryLimit: "1300MB", Threads: 2})
	if err != nil {
		tb.Fatalf("open engine: %v", err)
	}
	w, err := warehouse.Open(context.Background(), engine)
	if err != nil {
		tb.Fatalf("open warehouse: %v", err)
	}
	tb.Cleanup(func() {
		if cerr := w.Close(); cerr != nil {
			tb.Errorf("close warehouse: %v", cerr)
		}
	})
	base, err := os.ReadFile("testdata/base.sql")
	if err != nil {
		tb.Fatalf("read base tables: %v", err)
	}
	run(tb, w, string(base))
	return w
}

// fillTouches makes n touches of n/10 people, people of them an account, and n/20
// won deals, as fillMany does, without the acts behind them.
func fillTouches(tb testing.TB, w *warehouse.Warehouse, n, people int) {
	tb.Helper()
	accounts := n / 10 / people
	run(tb, w, fmt.Sprintf(`
		insert into rep select 'rep-' || i, 'Rep ' || i, '', 'team-' || (i %% 6) from range(36) t(i);
		insert into visible_rep select '*', 'rep-' || i from range(36) t(i);
		insert into visible_rep values ('*', '');
		insert into campaign select 'campaign-' || i, 'Campaign ' || i, 'Paid Social' from range(30) t(i);
		insert into account (account_id, name) select 'account-' || i, 'Account ' || i from range(%[2]d) t(i);
		insert into person select 'person-' || i, 'account-' || (i %% %[2]d), 'Person ' || i, '', timestamp '2026-03-01' + to_days(cast(i %% 100 as integer)), i %% 50 = 0
		from range(%[1]d // 10) t(i);
		insert into deal select 'deal-' || i, 'Deal ' || i, 'account-' || (case when %[3]d = 1 then 2 * i else i %% %[2]d end), 'person-' || (2 * i), 'rep-' || (i %% 36), 'won', 'won',
			100000 + i * 7919 %% 9000000, 'EUR', 100000 + i * 7919 %% 9000000, null, '',
			timestamp '2026-05-01' + to_seconds(i * 7919 %% 8000000), timestamp '2026-07-01' + to_seconds(i * 7919 %% 8000000)
		from range(%[1]d // 20) t(i);
		create or replace table touch_person (touch_no bigint, person_id varchar, account_id varchar);
		create or replace table touch as
		select
			cast(i + 1 as bigint) as touch_no, 'touch-' || i as touch_id, timestamp '2026-01-01' + to_seconds(cast(i * 27000000.0 / %[1]d as bigint)) as occurred_at,
			case i %% 3 when 2 then 'email' when 1 then 'visit' else 'click' end as kind,
			case i %% 3 when 2 then 'Sales' when 1 then case i %% 4 when 0 then 'Direct' else 'Paid Search' end else 'E-mail' end as channel,
			case i %% 3 when 2 then '' else 'campaign-' || (i %% 30) end as campaign_id, '' as post_id,
			case when i %% 3 = 1 then '' else 'rep-' || (i %% 36) end as rep_id, 'person-' || p as person_id, 'account-' || (p %% %[2]d) as account_id, '' as deal_id,
			'B' as evidence, case i %% 3 when 2 then 'inbound' else '' end as direction, i %% 101 <> 0 and p %% 50 <> 0 as earns, i %% 101 <> 0 and p %% 50 = 0 as withheld,
			case when i %% 101 = 0 then 'bot' when p %% 50 = 0 then 'opted out' else '' end as reason,
			'' as title, cast(0 as bigint) as duration_s, case i %% 3 when 0 then 'crm' when 1 then 'web' else 'mail' end as source, 0 as source_priority, 1 as records, '' as page,
			case when i %% 101 = 0 then 'bot' else '' end as fact, false as sent_only, false as opened_only, p %% 50 = 0 as opted_out, '' as rule
		from (select i, cast(hash(i) %% (%[1]d // 10) as bigint) as p from range(%[1]d) t(i))`, n, accounts, people))
}

// peak is the most memory the process had since it was last asked to forget, in MB.
func peak() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	kb, err := strconv.ParseFloat(string(regexp.MustCompile(`VmHWM:\s+(\d+)`).FindSubmatch(status)[1]), 64)
	if err != nil {
		return 0
	}
	return kb / 1024
}

// busy is the seconds that all threads of the process have computed.
func busy() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func forgetPeak() { os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) } //nolint:errcheck // without it the figure is only larger

func benchmarkMany(b *testing.B, n, people int) {
	b.Helper()
	w := openFile(b)
	fillTouches(b, w, n, people)
	ctx := context.Background()
	rules := make([]attribution.Model, 0, len(attribution.Models))
	for _, m := range attribution.Models {
		if !m.Learned() {
			rules = append(rules, m)
		}
	}
	var pairs float64
	measure := func(name string, do func() error) {
		b.Run(name, func(b *testing.B) {
			forgetPeak()
			began := busy()
			for range b.N {
				if err := do(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((busy()-began)/float64(b.N), "cpu-s/op")
			b.ReportMetric(pairs, "pairs")
			b.ReportMetric(pairs*float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
			b.ReportMetric(peak(), "peak-MB")
		})
	}
	measure("ledger", func() error {
		err := w.Write(ctx, func(tx *warehouse.Tx) error {
			return attribution.StoreLedger(ctx, tx, attribution.Default(), rules, now)
		})
		if err != nil {
			return err
		}
		return w.Read(ctx, func(q *warehouse.Snapshot) error {
			return q.QueryRowContext(ctx, "select count(*) from journey_touch").Scan(&pairs)
		})
	})
	s := attribution.Default()
	s.LookbackDays, s.HalfLifeDays = 91, 14
	try := func(t attribution.Trial, ask func(*warehouse.Snapshot) error) func() error {
		return func() error {
			return w.Read(ctx, func(q *warehouse.Snapshot) error { return attribution.WhatIf(ctx, q, t, ask) })
		}
	}
	sums := func(models []string) func(*warehouse.Snapshot) error {
		return func(q *warehouse.Snapshot) error {
			var deals int64
			sums := make([]int64, len(models))
			dest, text := []any{&deals}, "select count(case when j.position = 1 then 1 end)"
			for i, m := range models {
				dest, text = append(dest, &sums[i]), text+", cast(sum(j.r_"+m+") as bigint)"
			}
			if err := q.QueryRowContext(ctx, text+" from journey_touch j").Scan(dest...); err != nil {
				return err
			}
			for i := range sums {
				if sums[i] != sums[0] {
					return fmt.Errorf("models share out %v", sums)
				}
			}
			return nil
		}
	}
	measure("whatif", try(attribution.Trial{Settings: s, Models: sixRules, NoPosts: true}, sums(sixRules)))
	measure("whatif-decay", try(attribution.Trial{Settings: s, Models: withDecay, NoPosts: true}, sums(withDecay)))
	quarter := calendar.Period{From: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
	measure("whatif-page", try(attribution.Trial{Settings: s, Models: sixRules, NoPosts: true, Period: quarter}, func(q *warehouse.Snapshot) error {
		_, err := attribution.ByChannel(ctx, q, "*", "linear", quarter)
		return err
	}))
}

// BenchmarkLedger1M stores the ledger of every rule model from 1,000,000 touches
// and 50,000 won deals, and tries other settings under six of them.
func BenchmarkLedger1M(b *testing.B) {
	b.Run("people=1", func(b *testing.B) { benchmarkMany(b, 1_000_000, 1) })
	b.Run("people=5", func(b *testing.B) { benchmarkMany(b, 1_000_000, 5) })
}

// BenchmarkLedger10M is the same over 10,000,000 touches and 500,000 won deals.
func BenchmarkLedger10M(b *testing.B) {
	b.Run("people=1", func(b *testing.B) { benchmarkMany(b, 10_000_000, 1) })
	b.Run("people=5", func(b *testing.B) { benchmarkMany(b, 10_000_000, 5) })
}
