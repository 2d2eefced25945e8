package shapley_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"credence/attribution/exact"
	"credence/attribution/shapley"
)

type journey struct {
	touches            []int32
	conversions, value int64
}

// definition is the mean, over every order in which channels can join, of what
// the game grows by when each joins, by listing all orders.
func definition(channels int, journeys []journey) [][2]*big.Rat {
	worth := func(coalition []int) (conversions, value int64) {
		for _, j := range journeys {
			inside := !slices.ContainsFunc(j.touches, func(c int32) bool { return !slices.Contains(coalition, int(c)) })
			if inside {
				conversions += j.conversions
				value += j.value
			}
		}
		return conversions, value
	}
	grown := make([][2]int64, channels)
	orders := int64(0)
	var join func(coalition []int)
	join = func(coalition []int) {
		if len(coalition) == channels {
			orders++
			for i, channel := range coalition {
				c0, v0 := worth(coalition[:i])
				c1, v1 := worth(coalition[:i+1])
				grown[channel][0] += c1 - c0
				grown[channel][1] += v1 - v0
			}
			return
		}
		for channel := range channels {
			if !slices.Contains(coalition, channel) {
				join(append(slices.Clone(coalition), channel))
			}
		}
	}
	join(nil)
	means := make([][2]*big.Rat, channels)
	for channel, sums := range grown {
		means[channel] = [2]*big.Rat{big.NewRat(sums[0], orders), big.NewRat(sums[1], orders)}
	}
	return means
}

func TestValuesAreThoseOfTheDefinition(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 3))
	for world := range 60 {
		channels := 1 + r.IntN(5)
		var journeys []journey
		for range r.IntN(12) {
			j := journey{conversions: r.Int64N(5), value: r.Int64N(2000) - 500}
			for range 1 + r.IntN(6) {
				j.touches = append(j.touches, int32(r.IntN(channels)))
			}
			journeys = append(journeys, j)
		}
		game := game(journeys)
		got := game.Values()
		for channel, want := range definition(channels, journeys) {
			var c exact.Credit
			if channel < len(got) {
				c = got[channel]
			}
			conversions, _ := want[0].Float64()
			value, _ := want[1].Float64()
			if math.Abs(c.Conversions.Float64()-conversions) > 1e-12 || math.Abs(c.Value.Float64()-value) > 1e-12 {
				t.Errorf("world %d: channel %d is worth %v and %v, want %v of %v", world, channel, c.Conversions.Float64(), c.Value.Float64(), want, journeys)
			}
		}
	}
}

func game(journeys []journey) *shapley.Game {
	var g shapley.Game
	for _, j := range journeys {
		g.Add(j.touches, exact.Credit{Conversions: exact.Int(j.conversions), Value: exact.Int(j.value)})
	}
	return &g
}

func TestReachCountsAJourneyForEachOfItsChannels(t *testing.T) {
	t.Parallel()
	g := game([]journey{{[]int32{0, 2, 0}, 2, 30}, {[]int32{2}, 1, 5}, {nil, 9, 9}})
	want := []exact.Credit{{Conversions: exact.Int(2), Value: exact.Int(30)}, {}, {Conversions: exact.Int(3), Value: exact.Int(35)}}
	if got := g.Reach(); !slices.Equal(got, want) {
		t.Errorf("reach %v, want %v", got, want)
	}
	half := []exact.Credit{{Conversions: exact.Int(1), Value: exact.Int(15)}, {}, {Conversions: exact.Int(2), Value: exact.Int(20)}}
	if got := g.Values(); !slices.Equal(got, half) {
		t.Errorf("values %v, want %v", got, half)
	}
}

func TestPartsMakeTheWhole(t *testing.T) {
	t.Parallel()
	journeys := []journey{{[]int32{0, 1, 2}, 1, 100}, {[]int32{1}, 2, 7}, {[]int32{2, 0}, 3, 11}}
	whole := game(journeys).Values()
	var parts shapley.Game
	for _, j := range journeys {
		part := game([]journey{{[]int32{int32(len(j.touches)) - 1}, 0, 0}}) // another numbering: i is 2 − i
		mirrored := make([]int32, len(j.touches))
		for i, channel := range j.touches {
			mirrored[i] = 2 - channel
		}
		part.Merge(game([]journey{{mirrored, j.conversions, j.value}}), []int32{0, 1, 2})
		parts.Merge(part, []int32{2, 1, 0})
	}
	if got := parts.Values(); !slices.Equal(got, whole) {
		t.Errorf("parts make %v, want %v", got, whole)
	}
}

func ExampleGame_Values() {
	var g shapley.Game
	g.Add([]int32{0, 1, 0}, exact.Credit{Conversions: exact.Int(1), Value: exact.Int(30)}) // A > B > A
	g.Add([]int32{1}, exact.Credit{Conversions: exact.Int(1), Value: exact.Int(10)})       // B
	for channel, credit := range g.Values() {
		fmt.Println(channel, credit.Conversions.Float64(), credit.Value.Float64())
	}
	// Output:
	// 0 0.5 15
	// 1 1.5 25
}
