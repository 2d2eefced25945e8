package exact_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"credence/attribution/exact"
)

// TestTable adds to few and to many channels, whole and in parts that number
// the channels backwards, and compares with plain integers.
func TestTable(t *testing.T) {
	t.Parallel()
	for _, channels := range []int{1, 20, 5000} {
		r := rand.New(rand.NewPCG(1, uint64(channels)))
		var whole, merged exact.Table
		parts := make([]exact.Table, 3)
		backwards := make([]int32, channels)
		for i := range backwards {
			backwards[i] = int32(channels - 1 - i)
		}
		want := make([]exact.Credit, channels)
		for range 3000 {
			row, channel, n := 1+r.IntN(40), int32(r.IntN(channels)), r.Int64N(100)
			c := exact.Credit{Conversions: exact.Int(n), Value: exact.Int(-n)}
			whole.Add(row, channel, c)
			parts[r.IntN(3)].Add(row, backwards[channel], c)
			if row > 2 { // the share below
				want[channel] = want[channel].Add(exact.Credit{Conversions: exact.Int(3 * n), Value: exact.Int(-3 * n)}.Over(2))
			}
		}
		for i := range parts {
			merged.Merge(&parts[i], backwards)
		}
		share := func(row uint64) (part, of uint64) {
			if row <= 2 {
				return 0, 1
			}
			return 3, 2
		}
		for name, got := range map[string][]exact.Credit{"whole": whole.Sums(share), "merged": merged.Sums(share)} {
			if got = append(got, make([]exact.Credit, channels-len(got))...); !slices.Equal(got, want) {
				t.Errorf("%s table of %d channels sums to %v, want %v", name, channels, got, want)
			}
		}
	}
}
