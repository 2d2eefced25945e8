package main

import (
	"maps"
	"math"
	"slices"
)

// split is the won revenue of one world divided at one level (channel,
// campaign, rep), by a model or in truth. Amounts are in minor units of the
// reporting currency.
type split struct {
	named        map[string]float64 // by id
	none         float64            // of touches that name no campaign or no rep
	unattributed float64            // of no touch: withheld included; in truth, the base
}

// names are the ids of a and b in order.
func names(a, b split) []string {
	ids := map[string]bool{}
	for id := range a.named {
		ids[id] = true
	}
	for id := range b.named {
		ids[id] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// attributed is the sum over the names, in their order so that the same split
// always gives the same bits.
func (s split) attributed() float64 {
	sum := 0.0
	for _, id := range names(s, split{}) {
		sum += s.named[id]
	}
	return sum
}

// moneyError is Σ|credit − truth| ÷ won revenue over the names, what names
// nothing and what is unattributed. Every euro in a wrong place counts twice:
// where it is and where it should be. 0 is perfect.
func moneyError(model, truth split, won float64) float64 {
	sum := math.Abs(model.none-truth.none) + math.Abs(model.unattributed-truth.unattributed)
	for _, id := range names(model, truth) {
		sum += math.Abs(model.named[id] - truth.named[id])
	}
	return sum / won
}

// leastError is the smallest money error that any split of the won revenue into
// parts of at least 0 can have. It is above 0 when the true parts are not the
// whole (effects of two names overlap, or one only works with another) and when
// one of them is a loss.
func leastError(truth split, won float64) float64 {
	above, below := 0.0, 0.0
	add := func(x float64) {
		above += math.Max(x, 0)
		below += math.Max(-x, 0)
	}
	add(truth.none)
	add(truth.unattributed)
	for _, id := range names(truth, split{}) {
		add(truth.named[id])
	}
	return (below + math.Abs(won-above)) / won
}

// shareError is ½ Σ|share − true share| over the names, each side's shares being
// of what it gives to names: 0 when the names divide their money as in truth, 1
// when no part of it agrees. A true loss counts as 0. It is NaN where a side
// gives nothing to names.
func shareError(model, truth split) float64 {
	ids := names(model, truth)
	of := func(s split, id string) float64 { return math.Max(s.named[id], 0) }
	var credited, caused float64
	for _, id := range ids {
		credited += of(model, id)
		caused += of(truth, id)
	}
	if credited == 0 || caused == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, id := range ids {
		sum += math.Abs(of(model, id)/credited - of(truth, id)/caused)
	}
	return sum / 2
}
