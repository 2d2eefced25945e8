package attribution_test

import (
	"testing"

	"credence/attribution"
	"credence/warehouse/sqlfile"
)

func TestMovesCountDealsSharedOtherwiseAndDealsThatChangeHands(t *testing.T) {
	t.Parallel()
	part := func(channel string, credit int64) attribution.Part {
		return attribution.Part{Channel: channel, Credit: credit}
	}
	before := attribution.Splits{
		"1": {part("Event", 60), part("Sales", 40)},
		"2": {part("Event", 60), part("Sales", 40)},
		"3": {part("Sales", 100)},
		"4": {part("unattributed", 100)},
	}
	after := attribution.Splits{
		"1": {part("Event", 60), part("Sales", 40)}, // as before
		"2": {part("Event", 90), part("Sales", 10)}, // otherwise, in the same hands
		"3": {part("Event", 51), part("Sales", 49)}, // in other hands
		"4": {part("Direct", 100)},                  // found an owner
		"5": {part("Direct", 100)},                  // was in no ledger
	}
	if got, want := before.Moves(after), (attribution.Moves{Deals: 5, Shared: 4, Changed: 3}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := before.Moves(before), (attribution.Moves{Deals: 4}); got != want {
		t.Errorf("against itself %+v, want %+v", got, want)
	}
}

// TestSplitsSumToTheView compares the splits of the deals with the view by
// channel, group by group.
func TestSplitsSumToTheView(t *testing.T) {
	t.Parallel()
	w := builtCompany(t)
	asked(t, w, func(q sqlfile.Querier) error {
		for _, m := range attribution.Models {
			ask := attribution.Ask{Model: m.ID}
			view, err := attribution.ViewBy(t.Context(), q, "*", ask, attribution.Channel)
			if err != nil {
				return err
			}
			splits, err := attribution.SplitsOf(t.Context(), q, "*", ask)
			if err != nil {
				return err
			}
			sums := map[string]int64{}
			for _, parts := range splits {
				for _, p := range parts {
					sums[p.Channel] += p.Credit
				}
			}
			for _, g := range view.Groups {
				name := g.ID
				if g.Kind != attribution.Named {
					name = string(g.Kind)
				}
				if sums[name] != g.Credit {
					t.Errorf("%s: the deals give %s %d, the view %d", m.ID, name, sums[name], g.Credit)
				}
			}
		}
		none, err := attribution.SplitsOf(t.Context(), q, "nobody", attribution.Ask{Model: "linear"})
		if err == nil && len(none) != 0 {
			t.Errorf("who sees no deal is told of %d", len(none))
		}
		return err
	})
}
