package attribution_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/money"
)

// worked is a deal whose credits are worked by hand: its touches by day, "day
// channel" each, its milestones by day (lead 0: unknown), created and closed.
type worked struct {
	name          string
	touches       []string
	lead, created int
	amount        string // "10000.00 EUR"
	custom        attribution.Milestones
	want          map[string]string // by model: the amounts of the touches in order
}

// allOf is weights of custom for the cases that are not about it.
var allOf = attribution.Default().Custom

func workedDeals() []worked {
	return []worked{
		{
			// The journey that Adobe's page on the models of Marketo Measure tells: an ad
			// brings Kate (FT), a post makes Austin a lead (LC), Hillary finds a page by
			// search, Austin registers for a webinar, Hillary visits the pricing page (OC);
			// then a demonstration and the visit before the close (CW).
			// experienceleague.adobe.com, "Marketo Measure attribution models".
			// Shares of U, W, full path, J and inverse J as HubSpot publishes them:
			// knowledge.hubspot.com, "Understand attribution reporting".
			name:    "all milestones on touches of their own",
			touches: []string{"1 Paid Search", "10 Paid Social", "20 Organic Search", "25 Event", "30 E-mail", "40 Event", "50 Direct"},
			lead:    11, created: 31, amount: "10000.00 EUR",
			// Marketo Measure's U pays first touch and lead half each and no others.
			custom: attribution.Milestones{First: .5, Lead: .5},
			want: map[string]string{
				"first":           "10000.00 0 0 0 0 0 0",
				"last":            "0 0 0 0 0 0 10000.00",
				"last_non_direct": "0 0 0 0 0 10000.00 0",
				"linear":          "1428.57 1428.57 1428.57 1428.58 1428.57 1428.57 1428.57", // 1/7, 2/7, 3/7, 4/7 = 5714.2857 …
				"position":        "4000.00 400.00 400.00 400.00 400.00 400.00 4000.00",
				"u_shaped":        "4000.00 4000.00 400.00 400.00 400.00 400.00 400.00",
				"w_shaped":        "3000.00 3000.00 250.00 250.00 3000.00 250.00 250.00",
				"full_path":       "2250.00 2250.00 333.33 333.34 2250.00 333.33 2250.00", // 4500, 4833.33, 5166.67, 7416.67, 7750, 10000
				"j_shaped":        "2000.00 400.00 400.00 400.00 6000.00 400.00 400.00",
				"inverse_j":       "6000.00 400.00 400.00 400.00 2000.00 400.00 400.00",
				"custom":          "5000.00 5000.00 0 0 0 0 0",
				"shapley":         "1666.67 1666.66 1666.67 833.33 1666.67 833.33 1666.67", // six channels, Event twice
			},
		},
		{
			name:    "the lead is missing and there are no others",
			touches: []string{"1 Event", "20 E-mail"}, created: 21, amount: "10000.00 EUR",
			custom: attribution.Milestones{First: .2, Lead: .3, Creation: .4, Others: .1}, // 2/7 + 1/14 and 4/7 + 1/14
			want: map[string]string{
				"custom":    "3571.43 6428.57",
				"u_shaped":  "6666.67 3333.33", // 0.4 and, as the only other, 0.2 of 0.6
				"w_shaped":  "5000.00 5000.00",
				"full_path": "3548.39 6451.61", // the last touch is deal creation and close: 0.225 + 0.05 and 0.45 + 0.05 of 0.775
				"j_shaped":  "3000.00 7000.00",
				"inverse_j": "7000.00 3000.00",
			},
		},
		{
			name:    "the lead is missing and one touch follows the deal's creation",
			touches: []string{"1 Event", "20 E-mail", "40 Sales"}, created: 21, amount: "10000.00 EUR", custom: allOf,
			want: map[string]string{
				"u_shaped":  "6666.67 1666.66 1666.67", // 0.4 and twice 0.1 of 0.6
				"w_shaped":  "4285.71 4285.72 1428.57", // 0.3, 0.3 and 0.1 of 0.7
				"full_path": "3333.33 3333.34 3333.33", // three milestones, no others
				"j_shaped":  "2000.00 6000.00 2000.00",
				"inverse_j": "6000.00 2000.00 2000.00",
				"custom":    "4166.67 4166.66 1666.67", // 0.3, 0.3 and 0.1, each with a third of 0.1, of 0.8
			},
		},
		{
			name:    "the first touch makes the lead too",
			touches: []string{"1 Event", "20 E-mail"}, lead: 5, created: 21, amount: "10000.00 EUR", custom: allOf,
			want: map[string]string{
				"u_shaped":  "8000.00 2000.00",
				"w_shaped":  "6500.00 3500.00", // 0.3 + 0.3 + half of 0.1, 0.3 + half of 0.1
				"full_path": "5000.00 5000.00",
				"j_shaped":  "3000.00 7000.00",
				"position":  "5000.00 5000.00",
			},
		},
		{
			name:    "lead and deal were created before any touch",
			touches: []string{"30 Event", "40 E-mail"}, lead: 5, created: 21, amount: "10000.00 EUR", custom: attribution.Milestones{Lead: .5, Creation: .5},
			want: map[string]string{
				"u_shaped": "6666.67 3333.33", // 0.4 and 0.2 of 0.6
				"w_shaped": "7500.00 2500.00", // 0.3 and 0.1 of 0.4
				"j_shaped": "5000.00 5000.00",
				"custom":   "0 0", // nothing to pay and no others: all unattributed
			},
		},
		{
			name:    "one touch is every milestone",
			touches: []string{"1 Direct"}, lead: 2, created: 3, amount: "10000.00 EUR", custom: allOf,
			want: map[string]string{
				"first": "10000.00", "last": "10000.00", "last_non_direct": "10000.00", "linear": "10000.00", "position": "10000.00", "u_shaped": "10000.00",
				"w_shaped": "10000.00", "full_path": "10000.00", "j_shaped": "10000.00", "inverse_j": "10000.00", "time_decay": "10000.00", "custom": "10000.00",
				"shapley": "10000.00",
			},
		},
		{
			name:    "each half-life halves", // 1/8, 1/4, 1/2, 1 of 15/8
			touches: []string{"1 Event", "8 Event", "15 Direct", "22 Direct"}, created: 9, amount: "1500.00 EUR", custom: allOf,
			want: map[string]string{"time_decay": "100.00 200.00 400.00 800.00", "last_non_direct": "0 1500.00 0 0", "shapley": "375.00 375.00 375.00 375.00"},
		},
		{
			name:    "a currency without minor units", // 33.33, 66.67, 100
			touches: []string{"1 Event", "2 E-mail", "3 Sales"}, created: 9, amount: "100 JPY", custom: allOf,
			want: map[string]string{"linear": "33 34 33", "position": "40 20 40"},
		},
		{
			name:    "a currency of three decimals, and a refund", // split as its absolute value
			touches: []string{"1 Event", "2 E-mail", "3 Sales"}, created: 9, amount: "-1.000 KWD", custom: allOf,
			want: map[string]string{"linear": "-0.333 -0.334 -0.333", "position": "-0.400 -0.200 -0.400"},
		},
	}
}

// together are the worked deals that differ in nothing but themselves, as places in
// deals: one build each.
func together(deals []worked) (sets [][]int) {
	for i, d := range deals {
		n := slices.IndexFunc(sets, func(set []int) bool { return deals[set[0]].custom == d.custom })
		if n < 0 {
			n, sets = len(sets), append(sets, nil)
		}
		sets[n] = append(sets[n], i)
	}
	return sets
}

// builtTogether is a warehouse with the deals of a set.
func builtTogether(t *testing.T, deals []worked, set []int) *warehouse.Warehouse {
	t.Helper()
	w := open(t, 1)
	var all world
	for _, i := range set {
		one := deals[i].world(t, i)
		all.Persons, all.Deals, all.Acts = append(all.Persons, one.Persons...), append(all.Deals, one.Deals...), append(all.Acts, one.Acts...)
	}
	all.fill(t, w)
	s := attribution.Default()
	s.Custom = deals[set[0]].custom
	build(t, w, s)
	return w
}

// TestDealsAreWorkedByHand: what every rule model pays, and what is said about it.
func TestDealsAreWorkedByHand(t *testing.T) {
	t.Parallel()
	deals := workedDeals()
	for _, set := range together(deals) {
		t.Run(deals[set[0]].name, func(t *testing.T) {
			t.Parallel()
			w := builtTogether(t, deals, set)
			everyRuleModelPaysAsWorked(t, w, deals, set)
			whySaysEachStepOfAWeight(t, w, deals, set)
		})
	}
}

func everyRuleModelPaysAsWorked(t *testing.T, w *warehouse.Warehouse, deals []worked, set []int) {
	t.Helper()
	got := map[string][]string{} // by deal and model
	for _, i := range set {
		for _, m := range attribution.Models {
			got[fmt.Sprint("d", i, m.ID)] = slices.Repeat([]string{"0"}, len(deals[i].touches))
		}
	}
	for _, r := range stored(t, w) {
		if r.TouchID != "" {
			got[r.DealID+r.Model][r.Position-1] = money.Format(r.AmountMinor, r.Currency)
		}
	}
	for _, i := range set {
		for model, want := range deals[i].want {
			if g := strings.Join(got[fmt.Sprint("d", i, model)], " "); g != want {
				t.Errorf("%s: %s: %s, want %s", deals[i].name, model, g, want)
			}
		}
	}
}

// world is the deal alone.
func (d worked) world(t *testing.T, i int) world {
	t.Helper()
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	text, currency, _ := strings.Cut(d.amount, " ")
	amount, err := money.ParseMinor(text, currency)
	if err != nil {
		t.Fatal(err)
	}
	id := func(kind string) string { return fmt.Sprint(kind, i) }
	w := world{
		Persons: []person{{ID: id("n"), Account: id("a")}},
		Deals: []deal{{
			ID: id("d"), Account: id("a"), Owner: "r1", Status: "won", Amount: &amount, Currency: currency, Reporting: &amount,
			CreatedAt: day(d.created), ClosedAt: day(60),
		}},
	}
	if d.lead > 0 {
		w.Persons[0].LeadAt = day(d.lead)
	}
	for n, text := range d.touches {
		var at int
		var channel string
		if _, err := fmt.Sscanf(text, "%d", &at); err != nil {
			t.Fatal(err)
		}
		_, channel, _ = strings.Cut(text, " ")
		w.Acts = append(w.Acts, act{
			Source: "web", Stream: "visits", ID: fmt.Sprint("x", i, "-", n), Priority: 1, Kind: "visit", At: day(at), Person: id("n"), Account: id("a"), ChannelHint: channel,
		})
	}
	return w
}
