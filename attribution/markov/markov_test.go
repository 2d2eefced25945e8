package markov

import (
	"testing"

	"credence/attribution/exact"
)

// By hand: of A>B (1 conversion), A (1 loss), B (1 conversion, 1 loss), three
// of four visits to B convert... removing A leaves only B's own start.
func TestEffectsWorkedByHand(t *testing.T) {
	t.Parallel()
	for _, directUpTo := range []int{0, 100} {
		b, err := New(1)
		if err != nil {
			t.Fatal(err)
		}
		b.directUpTo = directUpTo
		one, none := exact.Int(1), exact.Number{}
		b.Add([]int32{0, 1}, one, exact.Int(10), none)
		b.Add([]int32{0, 0}, none, none, one)
		b.Add([]int32{1}, one, exact.Int(20), one)
		r, err := b.Solve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// B is visited 3 times, once after A; all conversions end at B.
		want := []Effect{{1. / 3, 1. / 3}, {1, 1}}
		for i, e := range r.Effects {
			if e != want[i] {
				t.Errorf("effect of channel %d is %v, want %v", i, e, want[i])
			}
		}
	}
}
