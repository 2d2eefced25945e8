package attribution_test

import (
	"context"
	"math"
	"testing"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

func learnedOf(t *testing.T, w *warehouse.Warehouse, user, level string) attribution.Learned {
	t.Helper()
	var l attribution.Learned
	err := w.Read(context.Background(), func(q *warehouse.Snapshot) (err error) {
		l, err = attribution.LearnedOf(context.Background(), q, user, level)
		return err
	})
	if err != nil {
		t.Fatalf("ask what was learned of %ss: %v", level, err)
	}
	return l
}

// threeJourneys is won after Event then Sales (1,000.00), won after Event alone
// (500.00) and lost after Sales alone.
func threeJourneys() world {
	a, b := int64(100000), int64(50000)
	closed := func(n, status string, amount *int64) deal {
		return deal{ID: "D" + n, Account: "a" + n, Owner: "r1", Status: status, Amount: amount, Reporting: amount, Currency: "EUR", CreatedAt: start.AddDate(0, 5, 0), ClosedAt: start.AddDate(0, 6, 0)}
	}
	touch := func(n, id string, day int, channel string) act {
		a := act{Source: "web", Stream: "visits", ID: id, Priority: 2, Kind: "visit", At: start.AddDate(0, 4, day), Person: "n" + n, Account: "a" + n, ChannelHint: channel}
		if channel == "Sales" {
			a.Stream, a.Kind, a.Outcome = "activities", "meeting", "held"
		}
		return a
	}
	return world{
		Persons: []person{{ID: "n1", Account: "a1"}, {ID: "n2", Account: "a2"}, {ID: "n3", Account: "a3"}},
		Deals:   []deal{closed("1", "won", &a), closed("2", "won", &b), closed("3", "lost", &b)},
		Acts: []act{
			touch("1", "x1", 1, "Event"), touch("1", "x2", 2, "Sales"),
			touch("2", "x3", 3, "Event"),
			touch("3", "x4", 4, "Sales"),
		},
	}
}

// TestLearnedEffectsAreWorkedByHand is the arithmetic of three journeys.
//
// From start two of three journeys enter Event and one Sales; of Event's two
// visits one goes to Sales, one converts; of Sales' two visits one converts, one
// is lost. Conversion = 2/3·(1/2 + 1/2·1/2) + 1/3·1/2 = 2/3. Without Event only
// 1/3·1/2 = 1/6 is left, without Sales 2/3·1/2 = 1/3: effects 3/4 and 1/2.
func TestLearnedEffectsAreWorkedByHand(t *testing.T) {
	t.Parallel()
	w := open(t, 1)
	threeJourneys().fill(t, w)
	build(t, w, attribution.Default())
	l := learnedOf(t, w, "*", "channel")
	if l.Won != 2 || l.Lost != 1 || l.Missing != "" {
		t.Errorf("learned from %d won and %d lost (%s), want 2 and 1", l.Won, l.Lost, l.Missing)
	}
	want := map[string]struct {
		effect  float64
		shapley int64
	}{
		"Event": {0.75, 100000}, // half of 1,000.00 and all of 500.00
		"Sales": {0.5, 50000},
	}
	if len(l.Effects) != len(want) {
		t.Fatalf("effects of %d channels, want %d: %+v", len(l.Effects), len(want), l.Effects)
	}
	var markov int64
	for _, e := range l.Effects {
		if math.Abs(e.Effect-want[e.ID].effect) > 1e-12 {
			t.Errorf("removal effect of %s is %v, want %v", e.ID, e.Effect, want[e.ID].effect)
		}
		if e.Shapley == nil || *e.Shapley != want[e.ID].shapley {
			t.Errorf("Shapley value of %s is %v, want %d", e.ID, e.Shapley, want[e.ID].shapley)
		}
		markov += *e.Markov
	}
	if markov != 150000 {
		t.Errorf("aggregate Markov credits sum to %d, want 150000", markov)
	}

	if none := learnedOf(t, w, "*", "campaign"); none.Missing == "" {
		t.Error("no touch has a campaign and nothing says so")
	}
	// Who does not see the company sees what weighs touches, and no money.
	part := learnedOf(t, w, "nobody", "channel")
	if len(part.Effects) != len(want) || part.Won != 2 {
		t.Errorf("who does not see the company sees %+v", part)
	}
	for i, e := range part.Effects {
		if e.Effect != l.Effects[i].Effect || e.Markov != nil || e.MarkovWon != nil || e.Shapley != nil {
			t.Errorf("who does not see the company sees %+v", e)
		}
	}
	if reps := learnedOf(t, w, "nobody", "rep"); len(reps.Effects) != 0 {
		t.Errorf("who does not see the company sees effects of reps: %+v", reps.Effects)
	}
}

func TestIncrementalSaysWhenItLearnedNothing(t *testing.T) {
	t.Parallel()
	w := open(t, 1)
	threeJourneys().fill(t, w)
	build(t, w, attribution.Default())
	asked(t, w, func(q sqlfile.Querier) error {
		fit, effects, err := attribution.IncrementalOf(context.Background(), q, "*", "channel")
		if fit.Missing == "" || len(effects) != 0 {
			t.Errorf("learned from three deals: %+v, %+v", fit, effects)
		}
		return err
	})
}
