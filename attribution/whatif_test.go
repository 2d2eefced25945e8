package attribution_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// answers is what a snapshot says about everything that settings change, each
// answer under its name. deals are those whose journeys it tells.
func answers(ctx context.Context, q *warehouse.Snapshot, p calendar.Period, deals []string) (map[string]any, error) {
	out := map[string]any{}
	for user, model := range map[string]string{"*": "linear", "u1": "time_decay"} {
		views, err := attribution.Views(ctx, q, user, attribution.Ask{Model: model, Period: p}, attribution.Dimensions...)
		if err != nil {
			return nil, err
		}
		for _, v := range views {
			v.Model = attribution.Model{} // it holds a function, and functions are never equal
			out[string(v.Dimension)+" to "+user] = v
		}
	}
	var err error
	if out["coverage"], err = attribution.Coverage(ctx, q, "*", p); err != nil {
		return nil, err
	}
	efficient, err := attribution.EfficiencyByModel(ctx, q, "*", p, attribution.EfficiencySettings{MER: attribution.MERNetContribution, Margin: .6})
	if err != nil {
		return nil, err
	}
	for i := range efficient {
		efficient[i].Model = attribution.Model{}
	}
	out["efficiency"] = efficient
	var rows []attribution.LedgerRow
	err = attribution.Ledger(ctx, q, "*", "", p, func(r attribution.LedgerRow) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out["ledger"] = rows
	for _, id := range deals {
		if out["journey "+id], err = attribution.Journey(ctx, q, "*", id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tried asks under a trial.
func tried(tb testing.TB, w *warehouse.Warehouse, t attribution.Trial, ask func(*warehouse.Snapshot) error) {
	tb.Helper()
	ctx := context.Background()
	if err := w.Read(ctx, func(q *warehouse.Snapshot) error { return attribution.WhatIf(ctx, q, t, ask) }); err != nil {
		tb.Fatalf("what if %s: %v", t.Settings.Line(), err)
	}
}

// whatIf is answers under a trial.
func whatIf(tb testing.TB, w *warehouse.Warehouse, t attribution.Trial, deals []string) (out map[string]any) {
	tb.Helper()
	tried(tb, w, t, func(q *warehouse.Snapshot) (err error) {
		out, err = answers(context.Background(), q, t.Period, deals)
		return err
	})
	return out
}

// ledgerIf is the ledger under a trial.
func ledgerIf(tb testing.TB, w *warehouse.Warehouse, t attribution.Trial) (rows []attribution.LedgerRow) {
	tb.Helper()
	tried(tb, w, t, func(q *warehouse.Snapshot) error {
		return attribution.Ledger(context.Background(), q, "*", "", t.Period, func(r attribution.LedgerRow) error {
			rows = append(rows, r)
			return nil
		})
	})
	return rows
}

// byRule leaves out what models say that learn from the data.
func byRule(rows []attribution.LedgerRow) []attribution.LedgerRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r attribution.LedgerRow) bool {
		m, _ := attribution.ModelByID(r.Model)
		return m.Learned()
	})
}

// differing names what two sets of answers differ in.
func differing(got, want map[string]any) error {
	for name := range want {
		if !reflect.DeepEqual(got[name], want[name]) {
			return fmt.Errorf("%s differs:\n got %+v\nwant %+v", name, got[name], want[name])
		}
	}
	return nil
}

// TestWhatIfIsTheLedgerThatABuildWouldStore: over random companies and settings a
// what-if answers as the stored ledger of those settings does, and the stored
// ledger stays what it was.
func TestWhatIfIsTheLedgerThatABuildWouldStore(t *testing.T) {
	t.Parallel()
	random := manyWorlds(31, many(30))
	var deals []string
	for i := range 5 {
		deals = append(deals, random.Deals[i*len(random.Deals)/5].ID)
	}
	ctx := context.Background()
	w, other := open(t, 2), open(t, 2)
	random.fill(t, w)
	random.fill(t, other)
	build(t, w, attribution.Default())
	before := stored(t, w)
	for n, s := range variants() {
		if n%2 > 0 && many(0) == 0 { // make worlds takes all of them
			continue
		}
		build(t, other, s)
		var want map[string]any
		if err := other.Read(ctx, func(q *warehouse.Snapshot) (err error) {
			want, err = answers(ctx, q, calendar.Period{}, deals)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := differing(whatIf(t, w, attribution.Trial{Settings: s, Models: attribution.ModelIDs()}, deals), want); err != nil {
			t.Fatalf("%s: %v", s.Line(), err)
		}
	}
	if !slices.EqualFunc(before, stored(t, w), func(a, b attribution.LedgerRow) bool { return reflect.DeepEqual(a, b) }) {
		t.Error("a what-if changed the stored ledger")
	}
}

func TestWhatIfComputesOnlyWhatIsAsked(t *testing.T) {
	t.Parallel()
	random := manyWorlds(32, 30)
	w := open(t, 2)
	random.fill(t, w)
	build(t, w, attribution.Default())
	s := attribution.Default()
	s.LookbackDays = 30
	whole := attribution.Trial{Settings: s, Models: attribution.ModelIDs()}
	all := ledgerIf(t, w, whole)
	if !reflect.DeepEqual(ledgerIf(t, w, attribution.Trial{Settings: s}), byRule(all)) {
		t.Error("without learned models the ledger of the rule models differs")
	}
	some := []string{"linear", "markov"}
	want := slices.DeleteFunc(slices.Clone(all), func(r attribution.LedgerRow) bool { return !slices.Contains(some, r.Model) })
	if !reflect.DeepEqual(ledgerIf(t, w, attribution.Trial{Settings: s, Models: some}.Large()), want) {
		t.Error("told as of many touches the ledger differs")
	}
	deal := random.Deals[3].ID
	journey := func(trial attribution.Trial) (j attribution.DealJourney) {
		tried(t, w, trial, func(q *warehouse.Snapshot) (err error) {
			j, err = attribution.Journey(context.Background(), q, "*", deal)
			return err
		})
		return j
	}
	one := journey(attribution.Trial{Settings: s, DealID: deal, Models: attribution.ModelIDs()})
	among := journey(whole)
	if len(one.Eligible) != len(among.Eligible) || !reflect.DeepEqual(one.Ineligible, among.Ineligible) {
		t.Errorf("the journey of one deal is %+v, of all %+v", one, among)
	}
}

// TestWhatIfOfACompanyWithOtherSettings: whatever the company's settings are, a
// what-if tells the ledger that a build of the tried ones would store: touches that
// only one of the two counts stand between those that both do.
func TestWhatIfOfACompanyWithOtherSettings(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	manyWorlds(34, 10).fill(t, w)
	mail := func(sent, opened bool, lookback int) attribution.Settings {
		s := attribution.Default()
		s.SentMail, s.OpenedMail, s.LookbackDays = sent, opened, lookback
		return s
	}
	v := variants()
	settings := []attribution.Settings{mail(true, false, 90), mail(false, false, 60), mail(false, false, 90), mail(true, true, 90), mail(false, true, 200), v[2], v[6]}
	var built [7][]attribution.LedgerRow
	told := map[[2]int][]attribution.LedgerRow{{0, 1}: nil, {2, 3}: nil, {3, 4}: nil, {5, 2}: nil, {6, 5}: nil} // of the second with the first stored
	for i, s := range settings {
		build(t, w, s)
		built[i] = byRule(stored(t, w))
		for pair := range told {
			if pair[0] == i {
				told[pair] = ledgerIf(t, w, attribution.Trial{Settings: settings[pair[1]]})
			}
		}
	}
	for pair, got := range told {
		if !reflect.DeepEqual(got, built[pair[1]]) {
			t.Errorf("with %s stored, %s tells another ledger than a build", settings[pair[0]].Line(), settings[pair[1]].Line())
		}
	}
}

// TestWhatIfLeavesNothingBehind: after it, after an error in it, and beside
// another one, a snapshot answers from the stored ledger.
func TestWhatIfLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	manyWorlds(33, 20).fill(t, w)
	build(t, w, attribution.Default())
	short, long := attribution.Default(), attribution.Default()
	short.LookbackDays, long.LookbackDays = 0, 365
	failed := errors.New("asked enough")
	ctx := context.Background()
	err := w.Read(ctx, func(q *warehouse.Snapshot) error {
		want, err := answers(ctx, q, calendar.Period{}, nil)
		if err != nil {
			return err
		}
		for _, end := range []error{nil, failed} {
			err := attribution.WhatIf(ctx, q, attribution.Trial{Settings: short}, func(q *warehouse.Snapshot) error {
				got, err := answers(ctx, q, calendar.Period{}, nil)
				if err == nil && differing(got, want) == nil {
					t.Error("other settings answer alike")
				}
				return errors.Join(err, end)
			})
			if !errors.Is(err, end) {
				t.Errorf("error is %v, want %v", err, end)
			}
			got, err := answers(ctx, q, calendar.Period{}, nil)
			if err != nil {
				return err
			}
			if err := differing(got, want); err != nil {
				t.Errorf("after a what-if: %v", err)
			}
			var left int
			if err := q.QueryRowContext(ctx, "select (select count(*) from duckdb_tables() where temporary) + (select count(*) from duckdb_views() where temporary and not internal)").Scan(&left); err != nil || left > 0 {
				t.Errorf("%d temporary tables and views are left: %v", left, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	bad := attribution.Default()
	bad.LookbackDays = -1
	if err := w.Read(ctx, func(q *warehouse.Snapshot) error {
		return attribution.WhatIf(ctx, q, attribution.Trial{Settings: bad}, func(*warehouse.Snapshot) error { return nil })
	}); err == nil {
		t.Error("settings that are none were tried")
	}
	want := map[int]map[string]any{0: whatIf(t, w, attribution.Trial{Settings: short}, nil), 1: whatIf(t, w, attribution.Trial{Settings: long}, nil)}
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			s := []attribution.Settings{short, long}[i%2]
			if err := differing(whatIf(t, w, attribution.Trial{Settings: s}, nil), want[i%2]); err != nil {
				t.Errorf("beside others: %v", err)
			}
		})
	}
	wait.Wait()
}
