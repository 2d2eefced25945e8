package paths

import (
	"context"

	"credence/attribution/exact"
)

// whole gives all of a journey, whatever its length.
func whole(uint64) (part, of uint64) { return 1, 1 }

func (t *tally) firsts() []exact.Credit { return t.first.Sums(whole) }

func (t *tally) lasts() []exact.Credit { return t.last.Sums(whole) }

func (t *tally) lastsNonDirect() []exact.Credit { return t.nonDirect.Sums(whole) }

// linear is 1/n for every touch.
func (t *tally) linear() []exact.Credit {
	return t.all.Sums(func(n uint64) (part, of uint64) { return 1, n })
}

// position is .4 for the first and the last touch and .2 for all between; of
// one or two touches it is half for the first and half for the last.
func (t *tally) position() []exact.Credit {
	end := func(n uint64) (part, of uint64) {
		if n <= 2 {
			return 1, 2
		}
		return 2, 5
	}
	credits := make([]exact.Credit, len(t.names))
	for _, sums := range [][]exact.Credit{
		t.first.Sums(end), t.last.Sums(end),
		t.between.Sums(func(n uint64) (part, of uint64) { return 1, 5 * (n - 2) }),
	} {
		for channel, c := range sums {
			credits[channel] = credits[channel].Add(c)
		}
	}
	return credits
}

// anyTouch is all of a journey for each channel it touched: a reach, which
// sums to more than the total.
func (t *tally) anyTouch() []exact.Credit { return t.game.Reach() }

func (t *tally) shapley() []exact.Credit { return t.game.Values() }

func markovCredits(ctx context.Context, t *tally) (conversions, value []float64, err error) {
	result, err := t.chain.Solve(ctx)
	if err != nil {
		return nil, nil, err
	}
	ofConversions, ofValue, err := result.Credits()
	if err != nil {
		return nil, nil, err
	}
	conversions, value = make([]float64, len(t.names)), make([]float64, len(t.names))
	copy(conversions, ofConversions)
	copy(value, ofValue)
	return conversions, value, nil
}
