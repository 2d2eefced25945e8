package main

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// rankAgreement is Spearman's rank correlation of credit and truth over the
// names: 1 when they order the names alike, −1 when the other way round. Equal
// amounts share their mean rank. It is NaN where either side makes no
// difference between names.
func rankAgreement(model, truth split) float64 {
	ids := names(model, truth)
	credits, effects := make([]float64, len(ids)), make([]float64, len(ids))
	for i, id := range ids {
		credits[i], effects[i] = model.named[id], truth.named[id]
	}
	if allEqual(credits) || allEqual(effects) {
		return math.NaN()
	}
	return stat.Correlation(ranks(credits), ranks(effects), nil)
}

// allEqual says that all values are equal.
func allEqual(values []float64) bool {
	return len(values) == 0 || slices.Min(values) == slices.Max(values)
}

// ranks are the places of values from 1, equal ones at their mean place.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(values))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && values[order[j]] == values[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			out[k] = float64(i+1+j) / 2
		}
		i = j
	}
	return out
}
