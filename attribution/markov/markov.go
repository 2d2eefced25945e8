// Package markov computes the exact removal effects of the Markov model of
// attribution, of order 1 to 4. It knows journeys as lists of channel numbers
// and nothing of databases; a "channel" may as well be a campaign or a rep.
//
// # The chain
//
// The states of a journey under order k are its windows of k touches; equal
// neighbouring states are one, and a journey shorter than k is one short state.
// A journey with c conversions and n losses (nulls) passes c + n times from
// start to its first state and along its states, c times from its last state
// to conversion and n times from it to null. Counts become chances by dividing
// each by what leaves the same state. A conversion is worth the mean value of
// the conversions that have the same last state.
//
// # The removal effect
//
// Removing a channel sends every state that contains it to null. Its removal
// effect is the share of expected conversions (of expected value) that is lost
// by it, and a channel's credit is its share of the sum of all effects, times
// the total. The effects are solved for, not simulated, so there is no error
// of sampling and the same journeys give the same bits in any order.
//
// # How it is solved
//
// The chain comes from the journeys themselves, so a state t is visited as
// often as the journeys say: N(t) times, E(s,t) of them from s, and the visits
// of the whole chain need no solving. Let u(t) be the chance that a visit to t
// is, or comes after, a visit to a state that contains the channel:
//
//	u(t) = 1                          when t contains the channel
//	u(t) = Σ E(s,t)/N(t) · u(s)       otherwise
//
// These are the visits that a removal takes away, so with C(t) conversions
// and V(t) their value, last state t,
//
//	removal effect = Σ u(t)·C(t) ÷ Σ C(t)      on conversions
//	removal effect = Σ u(t)·V(t) ÷ Σ V(t)      on value
//
// A sum of what is lost keeps the digits of a small effect, which one minus
// what is left would not. One system per channel serves conversions and value.
// Up to a few hundred states one inverse serves every channel; beyond, the
// systems are solved by iteration over the sparse rows.
//
// Source of the model: Anderl, Becker, von Wangenheim, Schumann, "Mapping the
// customer journey", International Journal of Research in Marketing 33 (2016).
package markov

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"credence/attribution/exact"
)

// MostOrder is the highest order of a chain.
const MostOrder = 4

// Builder counts the states and transitions of journeys. Make one with New;
// it is not for several goroutines at once: give each its own and Merge them.
type Builder struct {
	order  int
	states []state
	number map[window]int32 // of a state, by its touches
	near   [][near]int32    // 1 + number of a step, by state and next channel below near
	far    map[uint64]int32 // number of a step, by state and any other next channel
	steps  []step
	totals Totals
	err    error

	limits limits
}

// Totals are the sums over all journeys.
type Totals struct{ Conversions, Value, Nulls exact.Number }

// window is the last touches of a journey, at most order of them, each as its
// channel number plus 1; the rest is 0.
type window [MostOrder]int32

type state struct {
	window
	touches                    int8
	starts, conversions, value exact.Number
}

type step struct {
	from, to int32
	visits   exact.Number
}

// New makes an empty chain of the order 1 to MostOrder.
func New(order int) (*Builder, error) {
	if order < 1 || order > MostOrder {
		return nil, fmt.Errorf("order %d of a Markov chain: it is 1 to %d", order, MostOrder)
	}
	return &Builder{
		order: order, limits: usual,
		states: make([]state, 1), // the empty window, where every journey begins
		number: map[window]int32{{}: 0},
		near:   make([][near]int32, 1),
		far:    map[uint64]int32{},
	}, nil
}

// Add counts one journey: the channels of its touches in order, numbered from
// 0, how many conversions and losses took it, and the value of all these
// conversions together. Leave lost journeys out of the model by nulls of 0. A
// journey without touches is not counted. A negative number is an error that
// Solve returns, but for a value, which may be negative.
func (b *Builder) Add(touches []int32, conversions, value, nulls exact.Number) {
	if len(touches) == 0 || b.err != nil {
		return
	}
	if conversions.Sign() < 0 || nulls.Sign() < 0 {
		b.err = errors.New("count of conversions or losses is negative")
		return
	}
	visits := conversions.Add(nulls)
	var at, first int32
	for i, channel := range touches {
		if channel < 0 {
			b.err = fmt.Errorf("channel number %d is negative", channel)
			return
		}
		s := b.stepFrom(at, channel)
		if i >= b.order && s.to != at {
			s.visits = s.visits.Add(visits)
		}
		if at = s.to; i < b.order {
			first = at
		}
	}
	b.states[first].starts = b.states[first].starts.Add(visits)
	b.end(at, conversions, value)
	b.totals.add(Totals{conversions, value, nulls})
}

func (b *Builder) end(at int32, conversions, value exact.Number) {
	s := &b.states[at]
	s.conversions = s.conversions.Add(conversions)
	s.value = s.value.Add(value)
}

func (t *Totals) add(o Totals) {
	t.Conversions = t.Conversions.Add(o.Conversions)
	t.Value = t.Value.Add(o.Value)
	t.Nulls = t.Nulls.Add(o.Nulls)
}

// near is how many channels have their steps in a table, which is several times
// as fast as a map where channels are few; a map holds those of campaigns.
const near = 32

// stepFrom is the step that touching channel makes from a state.
func (b *Builder) stepFrom(from, channel int32) *step {
	if channel < near {
		if i := b.near[from][channel]; i > 0 {
			return &b.steps[i-1]
		}
		b.near[from][channel] = b.newStep(from, channel) + 1
		return &b.steps[len(b.steps)-1]
	}
	key := uint64(from)<<32 | uint64(channel) //nolint:gosec // neither is negative
	i, known := b.far[key]
	if !known {
		i = b.newStep(from, channel)
		b.far[key] = i
	}
	return &b.steps[i]
}

func (b *Builder) newStep(from, channel int32) int32 {
	next, touches := b.states[from].window, int(b.states[from].touches)
	if touches == b.order {
		copy(next[:], next[1:touches])
		touches--
	}
	next[touches] = channel + 1
	b.steps = append(b.steps, step{from: from, to: b.stateOf(next, touches+1)})
	return int32(len(b.steps) - 1) //nolint:gosec // memory ends long before
}

func (b *Builder) stateOf(w window, touches int) int32 {
	i, known := b.number[w]
	if !known {
		i = int32(len(b.states))                                              //nolint:gosec // memory ends long before
		b.states = append(b.states, state{window: w, touches: int8(touches)}) //nolint:gosec // at most MostOrder
		b.near = append(b.near, [near]int32{})
		b.number[w] = i
	}
	return i
}

// Merge counts what o has counted, whose channel i is called number[i] here.
// Both must have the same order.
func (b *Builder) Merge(o *Builder, number []int32) {
	if b.err = cmp.Or(b.err, o.err); b.err != nil {
		return
	}
	here := make([]int32, len(o.states))
	for i, s := range o.states {
		for j := range s.touches {
			s.window[j] = number[s.window[j]-1] + 1
		}
		here[i] = b.stateOf(s.window, int(s.touches))
		b.end(here[i], s.conversions, s.value)
		b.states[here[i]].starts = b.states[here[i]].starts.Add(s.starts)
	}
	for _, s := range o.steps {
		if s.visits != (exact.Number{}) {
			last := o.states[s.to]
			mine := b.stepFrom(here[s.from], number[last.window[last.touches-1]-1])
			mine.visits = mine.visits.Add(s.visits)
		}
	}
	b.totals.add(o.totals)
}

// Effect is what removing a channel loses: the share of all conversions and
// the share of their whole value, each from 0 to 1 when no value is negative.
type Effect struct{ Conversions, Value float64 }

// Result is a solved chain.
type Result struct {
	Effects  []Effect // by channel number
	Totals   Totals
	States   int     // of the chain
	Steps    int     // between them
	Residual float64 // the greatest relative residual of any system solved, at most 1e-12
}

// Solve computes the removal effect of every channel. It fails when a count
// was negative, when ctx ends, and when a system is not solved to a relative
// residual of 1e-12.
func (b *Builder) Solve(ctx context.Context) (Result, error) {
	if b.err != nil {
		return Result{}, fmt.Errorf("solve Markov chain: %w", b.err)
	}
	c := b.chain()
	effects, residual, err := c.effects(ctx, b.limits)
	if err != nil {
		return Result{}, fmt.Errorf("solve Markov chain of %d states: %w", len(c.states), err)
	}
	return Result{Effects: effects, Totals: b.totals, States: len(c.states), Steps: len(c.from), Residual: residual}, nil
}

// Credits shares the totals by the removal effects: effect ÷ Σ effects ×
// total, by channel number. A total of 0 gives everybody 0. It fails when
// there is something to share and the effects do not sum to more than 0,
// which takes values that are negative or on journeys without conversion.
func (r Result) Credits() (conversions, value []float64, err error) {
	conversions, err = share(r.Totals.Conversions.Float64(), r.Effects, func(e Effect) float64 { return e.Conversions })
	if err != nil {
		return nil, nil, fmt.Errorf("share conversions: %w", err)
	}
	value, err = share(r.Totals.Value.Float64(), r.Effects, func(e Effect) float64 { return e.Value })
	if err != nil {
		return nil, nil, fmt.Errorf("share value: %w", err)
	}
	return conversions, value, nil
}

func share(total float64, effects []Effect, of func(Effect) float64) ([]float64, error) {
	credits := make([]float64, len(effects))
	if total == 0 {
		return credits, nil
	}
	var sum float64
	for _, e := range effects {
		sum += of(e)
	}
	if !(sum > 0) {
		return nil, fmt.Errorf("the removal effects sum to %g, so %g cannot be shared by them", sum, total)
	}
	for i, e := range effects {
		credits[i] = of(e) / sum * total
	}
	return credits, nil
}

// byWindow orders states by their touches, so that the chain does not depend
// on the order of journeys.
func byWindow(a, b state) int { return slices.Compare(a.window[:], b.window[:]) }
