package attribution_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// company is a small company whose every figure can be worked by hand.
//
// Deal D1 (r1, account a1, 100.00 EUR, created 1 July, won 10 July) has three
// eligible touches: an ad click of 1 June, a click on r2's post of 15 June, a
// meeting with r1 on 8 July. Deal D2 (r2, account a2, 50.00 EUR) has only a sent
// mail. D3 (r1) has no amount, D4 (r1) no rate. Deal D5 (r1, account a3,
// 10.00 EUR) has one touch, of a person who opted out.
func company() world {
	at := func(s string) time.Time {
		t, err := time.Parse(time.DateTime, s)
		if err != nil {
			panic(err)
		}
		return t
	}
	n := func(v int64) *int64 { return &v }
	return world{
		Persons: []person{
			{ID: "n1", Account: "a1", LeadAt: at("2026-06-20 00:00:00")}, {ID: "n2", Account: "a2"}, {ID: "n3", Account: "a3", OptedOut: true},
		},
		Deals: []deal{
			{
				ID: "D1", Account: "a1", Primary: "n1", Owner: "r1", Status: "won", Amount: n(10000), Currency: "EUR", Reporting: n(10000), Cost: n(4001),
				CreatedAt: at("2026-07-01 12:00:00"), ClosedAt: at("2026-07-10 12:00:00"),
			},
			{
				ID: "D2", Account: "a2", Owner: "r2", Status: "won", Amount: n(5000), Currency: "EUR", Reporting: n(5000),
				CreatedAt: at("2026-07-01 12:00:00"), ClosedAt: at("2026-07-20 12:00:00"),
			},
			{ID: "D3", Account: "a1", Owner: "r1", Status: "won", Currency: "EUR", CreatedAt: at("2026-07-01 12:00:00"), ClosedAt: at("2026-07-20 12:00:00")},
			{ID: "D4", Account: "a2", Owner: "r1", Status: "won", Amount: n(700), Currency: "USD", CreatedAt: at("2026-07-01 12:00:00"), ClosedAt: at("2026-07-21 12:00:00")},
			{ID: "D5", Account: "a3", Owner: "r1", Status: "won", Amount: n(1000), Currency: "EUR", Reporting: n(1000), CreatedAt: at("2026-07-02 12:00:00"), ClosedAt: at("2026-07-22 12:00:00")},
		},
		Campaigns: []campaign{{"c1", "Summer", "Paid Social"}},
		Posts:     []post{{ID: "p1", Author: "r2", At: at("2026-06-14 00:00:00")}, {ID: "p2", Author: "r1", At: at("2026-07-05 00:00:00")}},
		Acts: []act{
			{Source: "web", Stream: "visits", ID: "v1", Priority: 2, Kind: "visit", At: at("2026-06-01 10:00:00"), Person: "n1", Account: "a1", Campaign: "c1", Click: "k1", URL: "https://x.example/a", ChannelHint: "Paid Social"},
			{Source: "ads", Stream: "engagements", ID: "e1", Priority: 1, Kind: "click", At: at("2026-06-01 09:59:58"), Person: "n1", Account: "a1", Campaign: "c1", Click: "k1", ChannelHint: "Paid Social"},
			{Source: "web", Stream: "visits", ID: "v2", Priority: 2, Kind: "visit", At: at("2026-06-15 10:00:00"), Person: "n1", Account: "a1", Post: "p1", Rep: "r2", ChannelHint: "Rep Social"},
			{Source: "mail", Stream: "activities", ID: "m1", Priority: 3, Kind: "meeting", Direction: "outbound", Outcome: "held", At: at("2026-07-08 09:00:00"), Person: "n1", Account: "a1", Rep: "r1", ChannelHint: "Sales"},
			{Source: "web", Stream: "visits", ID: "v0", Priority: 2, Kind: "visit", At: at("2026-01-15 10:00:00"), Person: "n1", Account: "a1", ChannelHint: "Direct"},
			{Source: "web", Stream: "visits", ID: "v9", Priority: 2, Kind: "visit", At: at("2026-07-10 12:00:01"), Person: "n1", Account: "a1", ChannelHint: "Direct"},
			{Source: "mail", Stream: "activities", ID: "m2", Priority: 3, Kind: "email", Direction: "outbound", At: at("2026-07-03 09:00:00"), Person: "n2", Account: "a2", Rep: "r2", ChannelHint: "Sales"},
			{Source: "web", Stream: "visits", ID: "v3", Priority: 2, Kind: "visit", At: at("2026-07-03 10:00:00"), Person: "n3", Account: "a3", Campaign: "c1", ChannelHint: "Paid Social"},
		},
	}
}

// july is the period of the hand-worked company.
var july = calendar.Period{
	Name: "2026-07", From: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
}

// asked builds w and asks do of it.
func asked(t *testing.T, w *warehouse.Warehouse, do func(q sqlfile.Querier) error) {
	t.Helper()
	if err := w.Read(context.Background(), func(s *warehouse.Snapshot) error { return do(s) }); err != nil {
		t.Fatal(err)
	}
}

func builtCompany(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	w := open(t, 2)
	company().fill(t, w)
	run(t, w, `insert into visible_rep values ('u2', 'r2'), ('u3', 'r3');
		insert into spend values
			('2026-07-01', 'Paid Social', 'c1', 1000, 'EUR', 1000, 'media'),
			('2026-07-02', 'Paid Social', '', 500, 'EUR', 500, 'media'),
			('2026-07-31', 'Event', '', 300, 'EUR', 300, 'programme'),
			('2026-07-31', '', '', 9000, 'EUR', 9000, 'salary'),
			('2026-07-31', 'Event', '', 300, 'USD', null, 'programme'),
			('2026-08-01', 'Event', '', 400, 'EUR', 400, 'programme')`)
	build(t, w, attribution.Default())
	return w
}

func TestLinearIsWorkedByHand(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	var got []string
	for _, r := range stored(t, w) {
		if r.Model == "linear" || r.Model == "position" && r.DealID == "D1" {
			got = append(got, fmt.Sprintf("%s %s %d %s %s %s %s %s %d", r.Model, r.DealID, r.Position, r.TouchID, r.Channel, r.RepID, r.Evidence, r.Bucket, r.AmountMinor))
		}
	}
	want := []string{
		"linear D1 1 click:k1 Paid Social  A  3333",
		"linear D1 2 visits:web:v2 Rep Social r2 A sourced 3334", // the spare cent falls where the running sum rounds up
		"linear D1 3 activities:mail:m1 Sales r1 B assisted 3333",
		"linear D1 4     unattributed 0",
		"linear D2 1     unattributed 5000",
		"linear D4 1     unattributed 700",
		"linear D5 2     withheld 1000",
		"linear D5 3     unattributed 0",
		"position D1 1 click:k1 Paid Social  A  4000",
		"position D1 2 visits:web:v2 Rep Social r2 A sourced 2000",
		"position D1 3 activities:mail:m1 Sales r1 B assisted 4000",
		"position D1 4     unattributed 0",
	}
	// Deal D4 is of account a2, whose only act is a sent mail.
	if !slices.Equal(got, want) {
		t.Errorf("ledger is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestViewsPartitionTheWholeLedger(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	views := map[string]func(context.Context, sqlfile.Querier, string, string, calendar.Period) (attribution.View, error){
		"channel": attribution.ByChannel, "campaign": attribution.ByCampaign, "rep": attribution.ByRep, "post": attribution.ByPost,
	}
	tests := []struct{ view, user, want string }{
		{"channel", "*", "Paid Social 3333, Rep Social 3334, Sales 3333; withheld 1000, unattributed 5000; of 16000 in 3 deals, beside 1 and 1"},
		{"campaign", "*", "c1 3333; none 6667, withheld 1000, unattributed 5000; of 16000 in 3 deals, beside 1 and 1"},
		{"rep", "*", "r1 3333, r2 3334; none 3333, withheld 1000, unattributed 5000; of 16000 in 3 deals, beside 1 and 1"},
		{"post", "*", "p1 3334, p2 0; none 6666, withheld 1000, unattributed 5000; of 16000 in 3 deals, beside 1 and 1"},
		{"channel", "u1", "Paid Social 3333, Rep Social 3334, Sales 3333; withheld 1000, unattributed 0; of 11000 in 2 deals, beside 1 and 1"},
		{"channel", "u2", "; unattributed 5000; of 5000 in 1 deals, beside 0 and 0"},
		{"channel", "nobody", "; unattributed 0; of 0 in 0 deals, beside 0 and 0"},
	}
	for _, tt := range tests {
		t.Run(tt.view+" for "+tt.user, func(t *testing.T) {
			t.Parallel()
			asked(t, w, func(q sqlfile.Querier) error {
				v, err := views[tt.view](context.Background(), q, tt.user, "linear", july)
				if err != nil {
					return err
				}
				var named, rest []string
				sums := make([]int64, len(attribution.Models))
				for _, g := range v.Groups {
					if g.Kind == attribution.Named {
						named = append(named, fmt.Sprintf("%s %d", g.ID, g.Credit))
					} else {
						rest = append(rest, fmt.Sprintf("%s %d", g.Kind, g.Credit))
					}
					for i, c := range g.ByModel {
						sums[i] += c
					}
				}
				slices.Sort(named)
				got := fmt.Sprintf("%s; %s; of %d in %d deals, beside %d and %d", strings.Join(named, ", "), strings.Join(rest, ", "),
					v.Total, v.Deals, v.Beside.NoAmount, v.Beside.NoRate)
				if got != tt.want {
					t.Errorf("got  %s\nwant %s", got, tt.want)
				}
				for i, sum := range sums {
					if sum != v.Total {
						t.Errorf("under %s the groups sum to %d, want %d", attribution.Models[i].ID, sum, v.Total)
					}
				}
				return nil
			})
		})
	}
}

func TestGroupSaysRangeRankEvidenceAndBuckets(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	asked(t, w, func(q sqlfile.Querier) error {
		v, err := attribution.ByRep(context.Background(), q, "*", "linear", july)
		if err != nil {
			return err
		}
		got := map[string]string{}
		for _, g := range v.Groups {
			got[string(g.Kind)+g.ID] = fmt.Sprintf("%s %s deals %d touches %d range %d–%d rank %d–%d evidence %v %v sourced %d assisted %d suspected %d reach %d",
				g.Name, g.TeamID, g.Deals, g.Touches, g.Min, g.Max, g.RankMin, g.RankMax, g.Evidence, g.Counts, g.Sourced, g.Assisted, g.Suspected, g.Reach)
		}
		for id, want := range map[string]string{
			// r1 takes all under last, nothing under first; r2, whose touch made lead and
			// deal, 0.6 under J-shaped and under W-shaped 0.3 + 0.3 too, nothing under first and last.
			"r1": "Rep r1 t1 deals 1 touches 1 range 0–10000 rank 1–2 evidence [0 3333 0] [0 1 0] sourced 0 assisted 3333 suspected 1 reach 10000",
			"r2": "Rep r2 t1 deals 1 touches 1 range 0–6000 rank 1–2 evidence [3334 0 0] [1 0 0] sourced 3334 assisted 0 suspected 0 reach 10000",
		} {
			if got[id] != want {
				t.Errorf("%s\n got %s\nwant %s", id, got[id], want)
			}
		}
		return nil
	})
}

func TestCoverageSaysWhyTheRestIsNot(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	asked(t, w, func(q sqlfile.Querier) error {
		c, err := attribution.Coverage(context.Background(), q, "*", july)
		if err != nil {
			return err
		}
		if c.Deals != 3 || c.Won != 16000 || c.CoveredDeals != 2 || c.CoveredWon != 11000 || *c.Share != 0.6875 {
			t.Errorf("coverage is %+v", c)
		}
		want := []attribution.UncoveredReason{{Reason: attribution.UncoveredNoEarn, Deals: 1, Won: 5000}}
		if !slices.Equal(c.Reasons, want) {
			t.Errorf("reasons are %+v, want %+v", c.Reasons, want)
		}
		return nil
	})
}

func TestJourneyExplainsADeal(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	asked(t, w, func(q sqlfile.Querier) error {
		j, err := attribution.Journey(context.Background(), q, "u1", "D1")
		if err != nil {
			return err
		}
		var eligible, other []string
		for _, x := range j.Eligible {
			eligible = append(eligible, fmt.Sprintf("%d %s %s %s %s %v %v", x.Position, x.TouchID, x.Person, x.Rep, x.Bucket, x.Milestone, x.Sources))
		}
		for _, x := range j.Ineligible {
			other = append(other, x.TouchID+": "+x.Reason)
		}
		wantEligible := []string{
			"1 click:k1 Person n1   [FT] [ads web]",
			"2 visits:web:v2 Person n1 Rep r2 sourced [LC OC] [web]",
			"3 activities:mail:m1 Person n1 Rep r1 assisted [CW] [mail]",
		}
		wantOther := []string{"visits:web:v0: before the window", "visits:web:v9: after close", "post:p2:a1: suspected"}
		if !slices.Equal(eligible, wantEligible) {
			t.Errorf("eligible are\n%s\nwant\n%s", strings.Join(eligible, "\n"), strings.Join(wantEligible, "\n"))
		}
		if !slices.Equal(other, wantOther) {
			t.Errorf("ineligible are %v, want %v", other, wantOther)
		}
		why, ok := j.Why("linear", 2)
		got := fmt.Sprintf("%v %d of %d weighs %d of %d = %s; %s × share = %s; %v: %s → %s, %s → %s; %s makes %s %s", ok, why.Position, why.Touches, why.WeightE12, why.TotalE12,
			why.Share, why.Amount, why.Product, why.Weights, why.Before, why.PaidBefore, why.After, why.PaidAfter, why.Rounding, why.Credit, why.Currency)
		want := "true 2 of 3 weighs 333333333333 of 999999999999 = 0.333333333333; 100.00 × share = 33.333333; " +
			"[0.333333333333 0.666666666666 0.999999999999]: 33.333333 → 33.33, 66.666667 → 66.67; +0.006667 makes 33.34 EUR"
		if got != want {
			t.Errorf("why is\n%s\nwant\n%s", got, want)
		}
		if _, ok := j.Why("linear", 4); ok {
			t.Error("a touch that is not there is explained")
		}
		return nil
	})
	asked(t, w, func(q sqlfile.Querier) error {
		j, err := attribution.Journey(context.Background(), q, "*", "D5")
		if err != nil {
			return err
		}
		if len(j.Eligible) != 1 || j.Eligible[0].Person != "" || j.Eligible[0].PersonID != "" || j.Eligible[0].Bucket != "withheld" {
			t.Errorf("a touch of someone who opted out is %+v", j.Eligible)
		}
		if r := j.Residues[0]; r.WithheldMinor != 1000 || r.UnattributedMinor != 0 {
			t.Errorf("residue is %+v", r)
		}
		return nil
	})
	err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
		_, err := attribution.Journey(context.Background(), q, "u1", "D2")
		return err
	})
	if !errors.Is(err, warehouse.ErrNotFound) {
		t.Errorf("another rep's deal answers %v, want not found", err)
	}
}

func TestOwnTouchesOnOthersDealsShowOwnCreditAlone(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	asked(t, w, func(q sqlfile.Querier) error {
		ctx := context.Background()
		rows, err := attribution.EarnedElsewhere(ctx, q, "u2", july, "linear")
		if err != nil {
			return err
		}
		if len(rows) != 1 || rows[0].Credit != 3334 || rows[0].Account != "Account a1" || rows[0].RepID != "r2" || rows[0].Bucket != "sourced" {
			t.Errorf("earned elsewhere: %+v", rows)
		}
		touches, err := attribution.RepTouches(ctx, q, "u2", "r2", "linear", calendar.Period{})
		if err != nil {
			return err
		}
		if len(touches) != 2 || touches[1].TouchID != "visits:web:v2" || touches[1].DealID != "" || touches[1].Deal != "" ||
			touches[1].Account != "Account a1" || *touches[1].Credit != 3334 || touches[0].Reason != "sent only" {
			t.Errorf("touches: %+v", touches)
		}
		if touches, err = attribution.RepTouches(ctx, q, "u2", "r1", "linear", calendar.Period{}); err != nil || len(touches) != 0 {
			t.Errorf("another rep's touches: %+v, %v", touches, err)
		}
		var ledger []string
		err = attribution.Ledger(ctx, q, "u2", "linear", july, func(r attribution.LedgerRow) error {
			ledger = append(ledger, fmt.Sprintf("%q %q %d %v", r.DealID, r.TouchID, r.AmountMinor, r.Weight == nil))
			return nil
		})
		want := []string{`"" "visits:web:v2" 3334 true`, `"D2" "" 5000 false`}
		if !slices.Equal(ledger, want) {
			t.Errorf("ledger is %v, want %v", ledger, want)
		}
		return err
	})
}

func TestEfficiencyIsWorkedByHand(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	ctx := context.Background()
	settings := attribution.EfficiencySettings{MER: attribution.MERNetContribution, Margin: 0.6}
	asked(t, w, func(q sqlfile.Querier) error {
		e, err := attribution.Efficiency(ctx, q, "*", "linear", july, settings)
		if err != nil {
			return err
		}
		// S 160.00; C 40.01 known, 40 % of 60.00 by margin; E 10.00 + 5.00 + 3.00.
		if e.Total.Sales != 16000 || e.Total.Cost != 6401 || e.Total.Expenses != 1800 || e.Total.Net != 7799 || e.NoRate != 1 {
			t.Errorf("total is %+v", e.Total)
		}
		if got := fmt.Sprintf("%.6f %.6f %.6f", *e.Total.MER, *e.Identity, *e.Total.RevenueMER); got != "4.332778 4.332778 8.888889" {
			t.Errorf("MER, identity and revenue MER are %s", got)
		}
		line := func(rows []attribution.EfficiencyRow) (out []string) {
			var s, c, x int64
			for _, r := range rows {
				mer := "n/a"
				if r.MER != nil {
					mer = fmt.Sprintf("%.3f", *r.MER)
				}
				out = append(out, fmt.Sprintf("%s|%s|%s S %d C %d E %d MER %s deals %.3f", r.Kind, r.Channel, r.ID, r.Sales, r.Cost, r.Expenses, mer, r.Deals))
				s, c, x = s+r.Sales, c+r.Cost, x+r.Expenses
			}
			if s != e.Total.Sales || c != e.Total.Cost || x != e.Total.Expenses {
				t.Errorf("rows sum to S %d C %d E %d, total is %+v", s, c, x, e.Total)
			}
			return out
		}
		// D1's cost 40.01 is shared by its running credits: 13.34, 26.67, 40.01.
		wantChannels := []string{
			"||Paid Social S 3333 C 1334 E 1500 MER 0.333 deals 0.333",
			"||Event S 0 C 0 E 300 MER -1.000 deals 0.000",
			"||Rep Social S 3334 C 1333 E 0 MER n/a deals 0.333",
			"||Sales S 3333 C 1334 E 0 MER n/a deals 0.333",
			"withheld|| S 1000 C 400 E 0 MER n/a deals 1.000",
			"unattributed|| S 5000 C 2000 E 0 MER n/a deals 1.000",
		}
		if got := line(e.Channels); !slices.Equal(got, wantChannels) {
			t.Errorf("channels are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wantChannels, "\n"))
		}
		wantCampaigns := []string{
			"|Paid Social|c1 S 3333 C 1334 E 1000 MER 0.999 deals 0.333",
			"other|Paid Social| S 0 C 0 E 500 MER -1.000 deals 0.000",
			"other|Event| S 0 C 0 E 300 MER -1.000 deals 0.000",
			"none|| S 6667 C 2667 E 0 MER n/a deals 0.667",
			"withheld|| S 1000 C 400 E 0 MER n/a deals 1.000",
			"unattributed|| S 5000 C 2000 E 0 MER n/a deals 1.000",
		}
		if got := line(e.Campaigns); !slices.Equal(got, wantCampaigns) {
			t.Errorf("campaigns are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wantCampaigns, "\n"))
		}
		// A campaign whose money or touches are in several channels stays one row, in
		// its own channel.
		if _, err = q.ExecContext(ctx, `create temp table spend as select * from spend;
			insert into temp.spend values ('2026-07-05', 'Event', 'c1', 200, 'EUR', 200, 'programme')`); err != nil {
			return err
		}
		if e, err = attribution.Efficiency(ctx, q, "*", "linear", july, settings); err != nil {
			return err
		}
		wantChannels[0], wantChannels[1] = "||Paid Social S 3333 C 1334 E 1500 MER 0.333 deals 0.333", "||Event S 0 C 0 E 500 MER -1.000 deals 0.000"
		wantCampaigns[0] = "|Paid Social|c1 S 3333 C 1334 E 1200 MER 0.666 deals 0.333"
		if got := append(line(e.Channels), line(e.Campaigns)...); !slices.Equal(got, append(wantChannels, wantCampaigns...)) {
			t.Errorf("with spend of c1 on events too the rows are\n%s", strings.Join(got, "\n"))
		}
		if _, err = q.ExecContext(ctx, "drop table temp.spend"); err != nil {
			return err
		}
		settings := settings
		settings.MER, settings.Salaries = attribution.MERBeforeMarketing, true
		if e, err = attribution.Efficiency(ctx, q, "*", "linear", july, settings); err != nil {
			return err
		}
		if got := fmt.Sprintf("%.6f %d %v", *e.Total.MER, e.Total.Expenses, e.BreakEven); got != "0.888796 10800 1" {
			t.Errorf("before marketing, with salaries: %s", got)
		}
		none := july
		none.From, none.To = none.From.AddDate(-3, 0, 0), none.To.AddDate(-3, 0, 0)
		if e, err = attribution.Efficiency(ctx, q, "*", "linear", none, settings); err != nil {
			return err
		}
		if e.Total.MER != nil || e.Total.RevenueMER != nil || e.Identity != nil {
			t.Errorf("without expenses the ratios are %+v, want none", e.Total)
		}
		return nil
	})
	err := w.Read(ctx, func(q *warehouse.Snapshot) error {
		_, err := attribution.Efficiency(ctx, q, "u1", "linear", july, settings)
		return err
	})
	if !errors.Is(err, warehouse.ErrNotFound) {
		t.Errorf("a rep asking for efficiency is answered %v, want not found", err)
	}
}
