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
	"credence/warehouse/sqlfile"
)

// slices of all time: two months each, and what lies before and after them.
func allPeriods() []calendar.Period {
	edges := []time.Time{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}
	for at := start.AddDate(0, -8, 0); at.Before(now.AddDate(0, 8, 0)); at = at.AddDate(0, 2, 3) {
		edges = append(edges, at)
	}
	edges = append(edges, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	var out []calendar.Period
	for i := range edges[1:] {
		out = append(out, calendar.Period{Name: fmt.Sprint(i), From: edges[i], To: edges[i+1]})
	}
	return out
}

// TestViewsOfRandomCompanies asks one warehouse of random companies.
func TestViewsOfRandomCompanies(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	manyWorlds(31, many(80)).fill(t, w)
	build(t, w, attribution.Default())
	for name, see := range map[string]func(*testing.T, *warehouse.Warehouse){
		"accrual over all periods is cash":             accrualOverAllPeriodsIsCash,
		"reasons of the uncovered open to their deals": reasonsOfTheUncoveredOpenToTheirDeals,
		"the open pipeline is exact per deal":          openPipelineIsExactPerDeal,
		"efficiency splits sales as the ledger does":   efficiencySplitsSalesAsTheLedgerDoes,
		"channels and campaigns sum to all under each": efficiencySumsUnderEveryModel,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			see(t, w)
		})
	}
}

// accrualOverAllPeriodsIsCash cuts all time into periods: for every view,
// group and model the periods sum to what all time holds, by either basis.
func accrualOverAllPeriodsIsCash(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	asked(t, w, func(q sqlfile.Querier) error {
		sums := map[string]map[string][]int64{}
		add := func(name string, a attribution.Ask) error {
			if sums[name] == nil {
				sums[name] = map[string][]int64{}
			}
			views, err := attribution.Views(context.Background(), q, "*", a, attribution.Dimensions...)
			if err != nil {
				return err
			}
			for _, v := range views {
				for _, g := range append(v.Groups, attribution.Group{Kind: "total", ByModel: v.Totals}) {
					key := fmt.Sprint(v.Dimension, "|", g.Kind, "|", g.ID)
					sum := sums[name][key]
					if sum == nil {
						sum = make([]int64, len(attribution.Models))
					}
					for i, credit := range g.ByModel {
						sum[i] += credit
					}
					sums[name][key] = sum
				}
			}
			return nil
		}
		for _, basis := range attribution.Bases {
			if err := add(string(basis), attribution.Ask{Model: "linear", Basis: basis}); err != nil {
				return err
			}
			for _, p := range allPeriods() {
				if err := add(string(basis)+" by period", attribution.Ask{Model: "linear", Basis: basis, Period: p}); err != nil {
					return err
				}
			}
		}
		want := sums["cash"]
		if len(want) < 20 {
			t.Fatalf("the worlds have %d groups: too few to say anything", len(want))
		}
		for name, got := range sums {
			for key, sum := range want {
				if !slices.Equal(got[key], sum) && slices.ContainsFunc(sum, func(v int64) bool { return v != 0 }) {
					t.Errorf("%s: %s is %v, want %v", name, key, got[key], sum)
				}
			}
		}
		return nil
	})
}

// TestEveryGroupOpensToRowsThatSumToIt opens each group of each view, by either
// basis, for who sees all and for a rep.
func TestEveryGroupOpensToRowsThatSumToIt(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	manyWorlds(32, 25).fill(t, w)
	build(t, w, attribution.Default())
	ctx := context.Background()
	period := calendar.Period{Name: "x", From: start.AddDate(0, 2, 0), To: start.AddDate(0, 5, 0)}
	asked(t, w, func(q sqlfile.Querier) error {
		kinds := map[attribution.GroupKind]int{}
		for i, user := range []string{"*", "u1"} {
			for _, basis := range attribution.Bases {
				a := attribution.Ask{Model: []string{"linear", "time_decay"}[i], Basis: basis, Period: period}
				views, err := attribution.Views(ctx, q, user, a, attribution.Dimensions...)
				if err != nil {
					return err
				}
				for _, v := range views {
					for _, g := range v.Groups {
						rows, err := attribution.RowsOf(ctx, q, user, a, attribution.Place{Dimension: v.Dimension, Kind: g.Kind, ID: g.ID}, 0, 0)
						if err != nil {
							return err
						}
						sum, touches := int64(0), map[string]bool{}
						for _, r := range rows.Items {
							sum += r.Credit
							touches[r.TouchID] = true
						}
						if sum != g.Credit || rows.Rows != len(rows.Items) || len(rows.Items) > 0 && rows.Credit != sum {
							t.Errorf("%s for %s by %s: %s %q holds %d, its %d rows sum to %d and say %d in %d", v.Dimension, user, basis, g.Kind, g.ID, g.Credit, len(rows.Items), sum, rows.Credit, rows.Rows)
						}
						if named := g.Kind == attribution.Named || g.Kind == attribution.None; named && len(touches) != g.Touches {
							t.Errorf("%s for %s by %s: %s %q counts %d touches, its rows hold %d", v.Dimension, user, basis, g.Kind, g.ID, g.Touches, len(touches))
						}
						kinds[g.Kind] += len(rows.Items)
					}
				}
			}
		}
		for _, kind := range []attribution.GroupKind{attribution.Named, attribution.None, attribution.Withheld, attribution.Unattributed} {
			if kinds[kind] == 0 {
				t.Errorf("no row of kind %q was opened", kind)
			}
		}
		return nil
	})
}

// reasonsOfTheUncoveredOpenToTheirDeals compares each reason with its rows.
func reasonsOfTheUncoveredOpenToTheirDeals(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	asked(t, w, func(q sqlfile.Querier) error {
		covered, err := attribution.Coverage(context.Background(), q, "*", calendar.Period{})
		if err != nil {
			return err
		}
		if len(covered.Reasons) < 3 {
			t.Fatalf("reasons are %v: too few", covered.Reasons)
		}
		for _, reason := range covered.Reasons {
			rows, err := attribution.RowsOf(context.Background(), q, "*", attribution.Ask{Model: "first"}, attribution.Place{Dimension: attribution.Channel, Kind: attribution.Unattributed, Reason: reason.Reason}, 0, 3)
			if err != nil {
				return err
			}
			if rows.Rows != reason.Deals || rows.Credit != reason.Won || len(rows.Items) != min(3, reason.Deals) {
				t.Errorf("%s: %d deals of %d, its rows say %d of %d and list %d", reason.Reason, reason.Deals, reason.Won, rows.Rows, rows.Credit, len(rows.Items))
			}
		}
		return nil
	})
}

// openPipelineIsExactPerDeal splits every open deal under every model by every
// view: the parts sum to the amount, and a model of closed deals weighs alike.
func openPipelineIsExactPerDeal(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	asked(t, w, func(q sqlfile.Querier) error {
		for i, m := range attribution.Models {
			by := attribution.Dimensions[i%len(attribution.Dimensions)]
			for _, user := range []string{"*", "u1"} {
				p, err := attribution.OpenPipeline(context.Background(), q, user, m.ID, by)
				if err != nil {
					return err
				}
				total, several := int64(0), 0
				for _, d := range p.Deals {
					sum := int64(0)
					for _, part := range d.Parts {
						sum += part.Minor
					}
					if sum != d.Minor {
						t.Errorf("%s by %s: deal %s of %d has parts of %d: %v", m.ID, by, d.DealID, d.Minor, sum, d.Parts)
					}
					if total += sum; len(d.Parts) > 1 {
						several++
					}
				}
				if total != p.Total {
					t.Errorf("%s by %s: deals sum to %d, the total is %d", m.ID, by, total, p.Total)
				}
				if user == "*" && (len(p.Deals) < 10 || m.ID == "linear" && several == 0) {
					t.Errorf("%s by %s: %d deals, %d in parts: too few", m.ID, by, len(p.Deals), several)
				}
			}
		}
		return nil
	})
}

// TestOpenPipelineIsWorkedByHand has one open deal: besides its ad, post and
// meeting the visit after 10 July counts too, since nothing closed.
func TestOpenPipelineIsWorkedByHand(t *testing.T) {
	t.Parallel()
	c := company()
	for i := range c.Deals {
		if c.Deals[i].ID == "D1" { // 100.00 EUR
			c.Deals[i].Status, c.Deals[i].ClosedAt = "open", time.Time{}
		}
	}
	w := open(t, 2)
	c.fill(t, w)
	build(t, w, attribution.Default())
	asked(t, w, func(q sqlfile.Querier) error {
		p, err := attribution.OpenPipeline(context.Background(), q, "*", "position", attribution.Channel)
		if err != nil {
			return err
		}
		got := fmt.Sprintf("%d %v", p.Total, p.Deals)
		want := "10000 [{D1 Deal D1 Account a1 open 10000 [{ Direct Direct   4000} { Paid Social Paid Social   4000} { Rep Social Rep Social   1000} { Sales Sales   1000}]}]"
		if got != want {
			t.Errorf("pipeline is\n%s\nwant\n%s", got, want)
		}
		return nil
	})
}

// TestMedianLagIsWorkedByHand: D1 closed on 10 July after touches of 1 June, 15
// June and 8 July, 39, 25 and 2 days before; the touch of D5 is withheld.
func TestMedianLagIsWorkedByHand(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	company().fill(t, w)
	build(t, w, attribution.Default())
	asked(t, w, func(q sqlfile.Querier) error {
		days, known, err := attribution.MedianLag(context.Background(), q, "*")
		if err != nil {
			return err
		}
		if days != 25 || !known {
			t.Errorf("the median lag is %d, %v, want 25 days", days, known)
		}
		_, known, err = attribution.MedianLag(context.Background(), q, "nobody")
		if known {
			t.Error("a lag is known to who sees no deal")
		}
		return err
	})
	july := calendar.Period{From: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}
	for _, tt := range []struct {
		name  string
		basis attribution.Basis
		now   time.Time
		want  bool
	}{
		{"a running period", attribution.Accrual, july.From.AddDate(0, 0, 10), true},
		{"24 days after", attribution.Accrual, july.To.AddDate(0, 0, 24), true},
		{"25 days after", attribution.Accrual, july.To.AddDate(0, 0, 25), false},
		{"by cash", attribution.Cash, july.From, false},
	} {
		if got := (attribution.Ask{Basis: tt.basis, Period: july}).Immature(tt.now, 25); got != tt.want {
			t.Errorf("%s: immature is %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestEveryModelHasAFamily(t *testing.T) {
	t.Parallel()
	for _, m := range attribution.Models {
		if !slices.Contains(attribution.Families, m.Family) {
			t.Errorf("model %s has the family %q; give it one of %v", m.ID, m.Family, attribution.Families)
		}
	}
}

// efficiencySplitsSalesAsTheLedgerDoes compares sales by channel under every
// model with the credit of the channel's view.
func efficiencySplitsSalesAsTheLedgerDoes(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	asked(t, w, func(q sqlfile.Querier) error {
		view, err := attribution.ByChannel(context.Background(), q, "*", "linear", calendar.Period{})
		if err != nil {
			return err
		}
		all, err := attribution.EfficiencyByModel(context.Background(), q, "*", calendar.Period{}, attribution.EfficiencySettings{MER: attribution.MERNetContribution, Margin: 0.37})
		if err != nil {
			return err
		}
		for i, e := range all {
			sales := map[string]int64{}
			for _, r := range e.Channels {
				sales[string(r.Kind)+r.ID] += r.Sales
			}
			for _, g := range view.Groups {
				if got := sales[string(g.Kind)+g.ID]; got != g.ByModel[i] {
					t.Errorf("under %s %s %q sold %d, its credit is %d", e.Model.ID, g.Kind, g.ID, got, g.ByModel[i])
				}
			}
		}
		return nil
	})
}

// efficiencySumsUnderEveryModel adds up channels and campaigns, each listed once.
func efficiencySumsUnderEveryModel(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	asked(t, w, func(q sqlfile.Querier) error {
		settings := attribution.EfficiencySettings{MER: attribution.MERNetContribution, Margin: 0.37}
		all, err := attribution.EfficiencyByModel(context.Background(), q, "*", calendar.Period{}, settings)
		if err != nil {
			return err
		}
		for _, e := range all {
			for name, rows := range map[string][]attribution.EfficiencyRow{"channels": e.Channels, "campaigns": e.Campaigns} {
				var sales, cost int64
				seen := map[string]bool{}
				for _, r := range rows {
					if r.Kind == attribution.Named && seen[r.ID] {
						t.Errorf("under %s two of the %s are %s", e.Model.ID, name, r.ID)
					}
					seen[r.ID] = true
					sales, cost = sales+r.Sales, cost+r.Cost
				}
				if sales != e.Total.Sales || cost != e.Total.Cost || sales == 0 {
					t.Errorf("under %s the %s sum to S %d C %d, want %d and %d", e.Model.ID, name, sales, cost, e.Total.Sales, e.Total.Cost)
				}
			}
		}
		return nil
	})
}

// TestTeamCreditStaysWhereItWasEarned has every rep come from another team in the
// midst of the touches: what a touch before earned is that team's.
func TestTeamCreditStaysWhereItWasEarned(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	manyWorlds(34, 12).fill(t, w)
	moved := start.AddDate(0, 3, 0)
	run(t, w, fmt.Sprintf(`
		drop view membership;
		create table membership as
		select
			r.rep_id, x.team_id, x.from_at, x.until_at, date '0001-01-01' as from_day, date '9999-12-31' as until_day,
			case when x.team_id = 'before' then r.rep_id || ' before' else r.rep_id end as membership_id
		from rep r,
			(values ('before', timestamp '0001-01-01', timestamp '%[1]s'), ('after', timestamp '%[1]s', timestamp '9999-12-31')) x(team_id, from_at, until_at)`,
		moved.Format(time.DateTime)))
	build(t, w, attribution.Default())
	asked(t, w, func(q sqlfile.Querier) error {
		want := map[string]int64{}
		for _, team := range []string{"before", "after"} {
			var credit int64
			err := q.QueryRowContext(context.Background(), `
				select cast(sum(c.reporting_minor) as bigint) from credit c
				where c.model = 'linear' and c.rep_id <> '' and (c.occurred_at < ?) = ?`, moved, team == "before").Scan(&credit)
			if err != nil {
				return err
			}
			if credit == 0 {
				t.Fatalf("nothing was earned %s: nothing is tried", team)
			}
			want[team] = credit
		}
		views, err := attribution.Views(context.Background(), q, "*", attribution.Ask{Model: "linear"}, attribution.Team)
		if err != nil {
			return err
		}
		got := map[string]int64{}
		for _, g := range views[0].Groups {
			if g.Kind == attribution.Named {
				got[g.ID] = g.Credit
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("teams earned %v, the ledger says %v", got, want)
		}
		p, err := attribution.OpenPipeline(context.Background(), q, "*", "linear", attribution.Team)
		if err != nil {
			return err
		}
		teams := map[string]bool{}
		for _, d := range p.Deals {
			for _, part := range d.Parts {
				teams[part.ID] = true
			}
		}
		if !teams["before"] || !teams["after"] {
			t.Errorf("the open pipeline is of the teams %v", teams)
		}
		return nil
	})
}
