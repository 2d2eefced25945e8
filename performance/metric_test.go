package performance_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"credence/performance"
	"credence/warehouse/sqlfile"
)

// unknown marks "n/a" in the tables below.
const unknown = -999.0

// TestMetricsOfTheSmallCompany holds every metric against numbers worked by
// hand from testdata/company.sql. Money is in cents.
func TestMetricsOfTheSmallCompany(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, metric, user, period, team, rep string
		want                                  float64
		n, of, uncounted                      int64
	}{
		{"everything won in the quarter, the deal without a rate beside it", "won_revenue", "*", "2026Q3", "", "", 351000, 5, 5, 1},
		{"a rep sees only their own", "won_revenue", "u-ann", "2026Q3", "", "", 100000, 1, 1, 0},
		{"a manager sees the team", "won_revenue", "u-north", "2026Q3", "", "", 150000, 2, 2, 0},
		{"a filter cannot widen what a rep sees", "won_revenue", "u-ann", "2026Q3", "T2", "", 0, 0, 0, 0},
		{"nor can naming another rep", "won_revenue", "u-ann", "2026Q3", "", "dan", 0, 0, 0, 0},
		{"someone who is not in visible_rep sees nothing", "won_revenue", "nobody", "2026Q3", "", "", 0, 0, 0, 0},
		{"a team filter takes nested teams", "won_revenue", "*", "2026Q3", "T0", "", 350000, 4, 4, 1},
		{"the last instant of the quarter is in", "won_revenue", "*", "2026-09", "", "", 201000, 2, 2, 0},
		{"the first instant of the next is not", "won_revenue", "*", "2026-10", "", "", 5000, 1, 1, 0},
		{"deals won", "deals_won", "*", "2026Q3", "", "", 5, 5, 7, 0},
		{"deals lost", "deals_lost", "*", "2026Q3", "", "", 2, 2, 7, 0},
		{"five of seven decided", "win_rate", "*", "2026Q3", "", "", 5. / 7, 5, 7, 0},
		{"nothing decided is n/a", "win_rate", "*", "2024Q3", "", "", unknown, 0, 0, 0},
		{"351,000 over the four deals with a value", "average_deal", "*", "2026Q3", "", "", 87750, 4, 5, 1},
		{"no deal has an average", "average_deal", "u-ann", "2024", "", "", unknown, 0, 0, 0},
		{"the middle of 10 20 30 39 140", "cycle_days", "*", "2026Q3", "", "", 30, 5, 5, 0},
		{"the mean of the middle two, 30 and 39", "cycle_days", "u-north", "2026Q3", "", "", 34.5, 2, 2, 0},
		{"open at the quarter's end, one closed the day after", "open_pipeline", "*", "2026Q3", "", "", 105000, 3, 3, 0},
		{"due in the quarter", "pipeline_due", "*", "2026Q3", "", "", 70000, 1, 3, 0},
		{"due in the next quarter", "pipeline_due", "*", "2026Q4", "", "", 30000, 1, 2, 0},
		{"70,000·.5 + 30,000·.6 + 5,000·8/11", "weighted_pipeline", "*", "2026Q3", "", "", 56636, 3, 3, 0},
		{"70,000·.5", "weighted_due", "*", "2026Q3", "", "", 35000, 1, 1, 0},
		{"3 · 5/7 · 87,750 / 30", "sales_velocity", "*", "2026Q3", "", "", 6268, 3, 3, 0},
		{"no cycle, no velocity", "sales_velocity", "*", "2024Q3", "", "", unknown, 0, 0, 0},
		{"North's reps 90,000 + 66,000 and South's own 300,000", "quota", "*", "2026Q3", "", "", 456000, 0, 0, 0},
		{"a year's 1,000 a day over 66 days", "quota", "*", "2026Q3", "", "bob", 66000, 0, 0, 0},
		{"a year is the sum of its days", "quota", "*", "2026", "", "bob", 261000, 0, 0, 0},
		{"a month is its share", "quota", "*", "2026-07", "", "bob", 23000, 0, 0, 0},
		{"a team's own row counts, not its reps'", "quota", "*", "2026Q3", "T2", "", 300000, 0, 0, 0},
		{"a manager's quota is the team's", "quota", "u-north", "2026Q3", "", "", 156000, 0, 0, 0},
		{"a rep's quota is the rep's", "quota", "u-ann", "2026Q3", "", "", 90000, 0, 0, 0},
		{"a team's quota is not shown to its rep", "quota", "u-ann", "2026Q3", "T1", "", unknown, 0, 0, 0},
		{"a quota without rate is none", "quota", "*", "2026Q3", "", "eve", unknown, 0, 0, 0},
		{"100,000 of 90,000", "quota_attainment", "u-ann", "2026Q3", "", "", 100000. / 90000, 1, 1, 0},
		{"no quota, no attainment", "quota_attainment", "*", "2026Q3", "", "cara", unknown, 0, 0, 0},
		{"all days gone: pace is attainment", "pace", "u-north", "2026Q3", "", "", 150000. / 156000, 2, 2, 0},
		{"105,000 in pipeline for a gap of 105,000", "pipeline_coverage", "*", "2026Q3", "", "", 1, 3, 3, 0},
		{"a quota that is met has no gap", "pipeline_coverage", "u-ann", "2026Q3", "", "", unknown, 2, 2, 0},
		{"mails sent", "mails_sent", "u-ann", "2026Q3", "", "", 2, 2, 2, 0},
		{"an automatic answer is no reply", "replies_received", "u-ann", "2026Q3", "", "", 4, 4, 4, 0},
		{"one of six mails was answered by a person", "reply_rate", "u-north", "2026Q3", "", "", 1. / 6, 1, 6, 0},
		{"a rep who sent nothing has no rate", "reply_rate", "*", "2026Q3", "", "dan", unknown, 0, 0, 0},
		{"a meeting nobody came to was not held", "meetings_held", "u-ann", "2026Q3", "", "", 1, 1, 2, 0},
		{"waits of 2 h and 4 h, one unanswered", "first_response", "u-ann", "2026Q3", "", "", 3, 2, 3, 0},
		{"two people on one deal, one on the other", "contacts_per_deal", "u-ann", "2026Q3", "", "", 1.5, 2, 2, 0},
		{"only reps' posts", "posts_published", "*", "2026Q3", "", "", 1, 1, 1, 0},
	}
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		for _, tt := range tests {
			m, err := performance.Find(tt.metric)
			if err != nil {
				t.Fatal(err)
			}
			a := ask(t, tt.user, tt.period, lateDate)
			a.TeamID, a.RepID = tt.team, tt.rep
			v, err := m.Value(ctx, q, a)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			if got := number(m, v); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("%s: %s = %v, want %v", tt.name, tt.metric, got, tt.want)
			}
			if v.N != tt.n || v.Of != tt.of || v.Uncounted != tt.uncounted {
				t.Errorf("%s: n, of, uncounted = %d, %d, %d, want %d, %d, %d", tt.name, v.N, v.Of, v.Uncounted, tt.n, tt.of, tt.uncounted)
			}
		}
	})
}

func number(m performance.Metric, v performance.Value) float64 {
	switch {
	case !v.Known:
		return unknown
	case m.Money():
		return float64(v.Minor)
	default:
		return v.Number
	}
}

func TestMetricsBrokenDown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, metric, user, by string
		want                   map[string]float64
	}{
		{"teams with those below them; the deal of nobody apart", "won_revenue", "*", "team", map[string]float64{"": 1000, "T0": 350000, "T1": 150000, "T2": 200000}},
		{"a manager sees no team of which a part is hidden", "won_revenue", "u-north", "team", map[string]float64{"T1": 150000}},
		{"a rep sees no team", "won_revenue", "u-ann", "team", map[string]float64{}},
		{"reps", "won_revenue", "*", "rep", map[string]float64{"": 1000, "ann": 100000, "bob": 50000, "dan": 200000, "eve": 0}},
		{"a rep by rep is alone", "won_revenue", "u-ann", "rep", map[string]float64{"ann": 100000}},
		{"a deal's amount is shared by the value of its items", "won_revenue", "*", "product", map[string]float64{"": 201000, "p1": 116667, "p2": 33333}},
		{"win rate per product counts a deal for each of its products", "win_rate", "*", "product", map[string]float64{"": 3. / 4, "p1": 2. / 3, "p2": 1. / 2}},
		{"win rate per manager", "win_rate", "*", "manager", map[string]float64{"": 1, "ann": 2. / 3, "dan": 2. / 3}},
		{"quota per rep", "quota", "*", "rep", map[string]float64{"ann": 90000, "bob": 66000, "dan": 50000}},
		{"quota per team", "quota", "*", "team", map[string]float64{"T0": 456000, "T1": 156000, "T2": 300000}},
		{"attainment per rep", "quota_attainment", "u-north", "rep", map[string]float64{"ann": 100000. / 90000, "bob": 50000. / 66000}},
		{"mails per rep", "mails_sent", "u-north", "rep", map[string]float64{"ann": 2, "bob": 1, "cara": 3}},
		{"mails per team", "mails_sent", "*", "team", map[string]float64{"T0": 6, "T1": 6}},
	}
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		for _, tt := range tests {
			m, err := performance.Find(tt.metric)
			if err != nil {
				t.Fatal(err)
			}
			a := ask(t, tt.user, "2026Q3", lateDate)
			a.By = tt.by
			values, err := m.Values(ctx, q, a)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			if len(values) != len(tt.want) {
				t.Errorf("%s: got %+v, want %v", tt.name, values, tt.want)
			}
			for _, v := range values {
				if want, ok := tt.want[v.Key]; !ok || math.Abs(number(m, v)-want) > 1e-9 {
					t.Errorf("%s: %q = %v, want %v", tt.name, v.Key, number(m, v), want)
				}
				if v.Name == "" {
					t.Errorf("%s: %q has no name", tt.name, v.Key)
				}
			}
		}
	})
}

func TestMetricRefusesABreakdownItDoesNotHave(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		m, err := performance.Find("quota")
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, "*", "2026Q3", lateDate)
		a.By = "product"
		if _, err := m.Values(ctx, q, a); !errors.Is(err, performance.ErrBreakdown) {
			t.Errorf("quota by product: got %v, want ErrBreakdown", err)
		}
		if _, err := performance.Find("happiness"); err == nil {
			t.Error("an unknown metric was found")
		}
	})
}

func TestEveryMetricIsDefined(t *testing.T) {
	t.Parallel()
	units := []string{"money", "money per day", "count", "number", "share", "ratio", "days", "hours"}
	for _, m := range performance.All() {
		if !slices.Contains(units, m.Unit) {
			t.Errorf("%s has the unit %q, want one of %v", m.Name, m.Unit, units)
		}
		if !slices.Contains([]string{"up", "down", "none"}, m.Good) {
			t.Errorf("%s is good %q, want up, down or none", m.Name, m.Good)
		}
		for _, by := range m.By {
			if !slices.Contains([]string{"company", "team", "manager", "rep", "product"}, by) {
				t.Errorf("%s is broken down by %q", m.Name, by)
			}
		}
	}
}

func TestPaceOfARunningQuarter(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		// 10 July is working day 8 of 66: the straight line stands at 90,000·8/66.
		a := ask(t, "u-ann", "2026Q3", noon(2026, 7, 10))
		if a.DaysGone() != 8 || a.Days() != 66 || !a.Running() {
			t.Fatalf("day %d of %d, running %v, want day 8 of 66", a.DaysGone(), a.Days(), a.Running())
		}
		v, err := performance.Of(ctx, q, "pace", a)
		if err != nil {
			t.Fatal(err)
		}
		if want := 100000. / (90000. * 8 / 66); math.Abs(v.Number-want) > 1e-9 {
			t.Errorf("pace = %v, want %v", v.Number, want)
		}
		last, err := company.Parse("2025Q3")
		if err != nil {
			t.Fatal(err)
		}
		// 8 working days of July 2025 end before Friday 11.
		if got, want := a.Against(last).Until, day(2025, 7, 11); !got.Equal(want) {
			t.Errorf("compared until %v, want %v", got, want)
		}
	})
}
