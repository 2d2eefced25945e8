package incremental

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Won is a won deal as intervals read it.
type Won struct {
	Deal    Deal
	Touches []Touch
	Groups  [][]string // of each touch, by level: its channel, campaign, rep; '' for none
	Money   float64    // what is shared
}

// Interval is what one group earned, with the ends of its 90 % interval. The ends
// may be below nothing: the data may not rule out that touches do harm.
type Interval struct {
	ID               string
	Touches          int
	Money, Low, High float64
}

const (
	draws  = 200
	within = .9
)

// Intervals says how far the money of each group is known, by level and ordered by
// id; touches without a group are left out. Each draw takes effects from the
// refit, in which channels are not shrunk, within their errors, and then lets
// chance decide which deals would have been lost without the group's touches.
func (f *Fit) Intervals(deals []Won, levels int) [][]Interval {
	if f.Reason != "" {
		return make([][]Interval, levels)
	}
	var all []Interval // of all levels
	level := []int{}
	index := make([]map[string]int, levels)
	at := make([][]int, len(deals)) // of each deal, touch and level
	for l := range index {
		index[l] = map[string]int{}
	}
	for i, d := range deals {
		for _, groups := range d.Groups {
			for l, id := range groups {
				k, known := index[l][id]
				if !known {
					k = len(all)
					index[l][id], all, level = k, append(all, Interval{ID: id}), append(level, l)
				}
				at[i] = append(at[i], k)
			}
		}
	}
	for i := range deals {
		c := f.of(&deals[i].Deal, deals[i].Touches, f.Create, f.Move, true)
		for k, x := range c.shares() {
			for _, g := range at[i][k*levels : (k+1)*levels] {
				all[g].Money += x * deals[i].Money
				all[g].Touches++
			}
		}
	}
	values := f.draws(deals, at, levels, len(all))
	for g := range all {
		slices.Sort(values[g])
		cut := int((1 - within) / 2 * draws)
		all[g].Low, all[g].High = min(values[g][cut], all[g].Money), max(values[g][draws-1-cut], all[g].Money)
	}
	out := make([][]Interval, levels)
	for g, x := range all {
		if x.ID != "" {
			out[level[g]] = append(out[level[g]], x)
		}
	}
	for l := range out {
		slices.SortFunc(out[l], func(a, b Interval) int { return strings.Compare(a.ID, b.ID) })
	}
	return out
}

// draws is what each of n groups would have earned in every draw.
func (f *Fit) draws(deals []Won, at [][]int, levels, n int) [][]float64 {
	values, parts := make([][]float64, n), make([]float64, n)
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // chance of a simulation, the same every time
	creation, moves := newDraw(f.creation), newDraw(f.moves)
	for range draws {
		create, move := creation.next(dice), moves.next(dice)
		sum := make([]float64, n)
		for i := range deals {
			d := &deals[i]
			c := f.of(&d.Deal, d.Touches, create, move, false)
			for k := range d.Touches {
				x := -math.Expm1(c.without(k))
				for _, g := range at[i][k*levels : (k+1)*levels] {
					parts[g] += x
				}
			}
			u, v, other := dice.Float64(), dice.Float64(), deals[dice.IntN(len(deals))].Money
			for _, g := range at[i] {
				x := parts[g]
				if x == 0 {
					continue // counted already, or nothing
				}
				parts[g] = 0
				if u < math.Abs(x) {
					sum[g] += math.Copysign(d.Money, x)
				}
				// An account that goes another way makes other deals, too.
				switch {
				case v < math.Abs(x)/2:
					sum[g] += other
				case v > 1-math.Abs(x)/2:
					sum[g] -= other
				}
			}
		}
		for g := range sum {
			values[g] = append(values[g], sum[g])
		}
	}
	return values
}

// draw makes coefficients of a refit within their errors.
type draw struct {
	refit
	root [][]float64
}

func newDraw(r refit) *draw {
	d := &draw{refit: r, root: make([][]float64, len(r.covariance))}
	for i := range d.root {
		d.root[i] = append([]float64{}, r.covariance[i][:i+1]...)
	}
	if err := factor(d.root); err != nil { // all but singular: errors of each alone
		for i := range d.root {
			for j := range d.root[i] {
				d.root[i][j] = 0
			}
			d.root[i][i] = math.Sqrt(max(0, r.covariance[i][i]))
		}
	}
	return d
}

// next is effects within their errors, which may be below nothing.
func (d *draw) next(dice *rand.Rand) Side {
	z := make([]float64, len(d.root))
	for i := range z {
		z[i] = dice.NormFloat64()
	}
	beta := make([]float64, len(z))
	for i := range beta {
		beta[i] = d.beta[i]
		for j, l := range d.root[i] {
			beta[i] += l * z[j]
		}
	}
	s := Side{Effect: make([]float64, len(d.at)), Follows: beta[d.after]}
	for i, at := range d.at {
		for _, k := range at {
			s.Effect[i] += beta[k]
		}
	}
	return s
}
