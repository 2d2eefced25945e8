package markov_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"credence/attribution/markov"
)

// path is a row of a path table.
type path struct {
	touches                   []int32
	conversions, value, nulls float64
}

// definition computes removal effects as the definition says and no better:
// the whole chain with start, conversion and null as a dense matrix of chances,
// a removal by sending each state with the channel to null, and the expected
// conversions of what is left by Gaussian elimination.
func definition(order, channels int, paths []path) []markov.Effect {
	counts := map[[2]string]float64{}
	converted, worth := map[string]float64{}, map[string]float64{}
	names := []string{"start", "conversion", "null"}
	for _, p := range paths {
		states := statesOf(order, p.touches)
		for i, s := range append([]string{"start"}, states...) {
			if !slices.Contains(names, s) {
				names = append(names, s)
			}
			if i < len(states) {
				counts[[2]string{s, states[i]}] += p.conversions + p.nulls
			}
		}
		last := states[len(states)-1]
		counts[[2]string{last, "conversion"}] += p.conversions
		counts[[2]string{last, "null"}] += p.nulls
		converted[last] += p.conversions
		worth[last] += p.value
	}
	n := len(names)
	chance := make([][]float64, n)
	for i, from := range names {
		chance[i] = make([]float64, n)
		sum := 0.0
		for _, to := range names {
			sum += counts[[2]string{from, to}]
		}
		for j, to := range names {
			if sum > 0 {
				chance[i][j] = counts[[2]string{from, to}] / sum
			}
		}
	}
	expected := func(removed string) (conversions, value float64) {
		var left []int // transient states that remain; 0 is the start
		for i, name := range names {
			if name != "conversion" && name != "null" && !slices.Contains(strings.Split(name, ","), removed) {
				left = append(left, i)
			}
		}
		a := make([][]float64, len(left))
		for i, from := range left {
			a[i] = make([]float64, len(left)+2)
			for j, to := range left {
				a[i][j] = -chance[from][to]
			}
			a[i][i]++
			a[i][len(left)] = chance[from][1]
			if c := converted[names[from]]; c > 0 {
				a[i][len(left)+1] = chance[from][1] * worth[names[from]] / c
			}
		}
		eliminate(a)
		return a[0][len(left)], a[0][len(left)+1]
	}
	conversions, value := expected("nobody")
	effects := make([]markov.Effect, channels)
	for channel := range effects {
		c, v := expected(fmt.Sprint(channel))
		if conversions != 0 {
			effects[channel].Conversions = 1 - c/conversions
		}
		if value != 0 {
			effects[channel].Value = 1 - v/value
		}
	}
	return effects
}

// statesOf are the windows of order touches, equal neighbours merged; a
// shorter path is one state.
func statesOf(order int, touches []int32) []string {
	name := func(touches []int32) string {
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(touches), " ", ","), "[]")
	}
	if len(touches) < order {
		return []string{name(touches)}
	}
	var states []string
	for i := range len(touches) - order + 1 {
		states = append(states, name(touches[i:i+order]))
	}
	return slices.Compact(states)
}

// eliminate solves the square system a, whose further columns are right-hand
// sides and become the solutions, with partial pivoting.
func eliminate(a [][]float64) {
	n := len(a)
	for k := range n {
		pivot := k
		for i := k; i < n; i++ {
			if math.Abs(a[i][k]) > math.Abs(a[pivot][k]) {
				pivot = i
			}
		}
		a[k], a[pivot] = a[pivot], a[k]
		for i := k + 1; i < n; i++ {
			if f := a[i][k] / a[k][k]; f != 0 {
				for j := k; j < len(a[i]); j++ {
					a[i][j] -= f * a[k][j]
				}
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		for right := n; right < len(a[i]); right++ {
			for j := i + 1; j < n; j++ {
				a[i][right] -= a[i][j] * a[j][right]
			}
			a[i][right] /= a[i][i]
		}
	}
}
