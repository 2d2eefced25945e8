package attribution_test

import (
	"context"
	"testing"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/money"
)

// FuzzRoundShare compares the engine's exact share with money.Split, which is
// arbitrary-precision arithmetic in Go, over any amount and three weights.
func FuzzRoundShare(f *testing.F) {
	for _, seed := range [][4]int64{
		{10000, 1, 1, 1},
		{1, 400_000_000_000, 200_000_000_000, 400_000_000_000},
		{0, 1, 2, 3},
		{9_223_372_036_854_775_807, 1e12, 1, 1e12},
		{92_233_720_368, 333333333333, 333333333333, 333333333333},
		{1_499_999, 999_999_999_999, 1, 1_000_000_000_000},
		{1_500_001, 1_000_000_000_000, 1, 1_000_000_000_000},
		{5, 0, 0, 1},
		{1, 1, 0, 1},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	w := open(f, 1)
	build(f, w, attribution.Default())
	f.Fuzz(func(t *testing.T, amount, w1, w2, w3 int64) {
		// Weights are of 10⁻¹² and at most one; amounts are split as |R|.
		weights := []int64{w1 & (1<<40 - 1), w2 & (1<<40 - 1), w3 & (1<<40 - 1)}
		amount &= 1<<63 - 1
		total := weights[0] + weights[1] + weights[2]
		if total == 0 {
			return
		}
		want := money.Split(amount, weights)
		err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
			var k, sum int64
			for i, x := range weights {
				var got int64
				err := q.QueryRowContext(context.Background(),
					"select round_share(cast(? as bigint), cast(? as bigint), cast(? as bigint)) - round_share(cast(? as bigint), cast(? as bigint), cast(? as bigint))",
					amount, k+x, total, amount, k, total).Scan(&got)
				if err != nil {
					return err
				}
				if got != want[i] {
					t.Errorf("share %d of %d by %v is %d, want %d", i, amount, weights, got, want[i])
				}
				k, sum = k+x, sum+got
			}
			if sum != amount {
				t.Errorf("shares of %d by %v sum to %d", amount, weights, sum)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
