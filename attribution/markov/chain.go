package markov

import (
	"slices"

	"credence/attribution/exact"
)

// chain is the counted chain with its states in a fixed order and its steps as
// sparse rows: row t lists the states s that t was reached from, and the share
// E(s,t)/N(t) of the visits to t that came from s.
type chain struct {
	states   []window
	row      []int32 // row t is from[row[t]:row[t+1]]
	from     []int32
	share    []float64
	ends     []Effect // by state: its share of all conversions and of their value
	channels int
}

// chain lays the visited states and steps out. A conversion's value is the
// mean of its last state; a value on a state that never converts is nobody's.
func (b *Builder) chain() *chain {
	visits := make([]exact.Number, len(b.states))
	c := &chain{}
	for i, s := range b.states {
		visits[i] = s.starts
		c.channels = max(c.channels, int(slices.Max(s.window[:])))
	}
	for _, s := range b.steps {
		visits[s.to] = visits[s.to].Add(s.visits)
	}
	var order []int32 // visited states, by their touches
	for i := range b.states {
		if visits[i].Sign() > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(x, y int32) int { return byWindow(b.states[x], b.states[y]) })
	place := make([]int32, len(b.states))
	var conversions, value exact.Number
	for i, s := range order {
		place[s] = int32(i)
		if b.states[s].conversions.Sign() > 0 {
			conversions = conversions.Add(b.states[s].conversions)
			value = value.Add(b.states[s].value)
		}
	}
	c.lay(b, order, place, visits)
	for _, s := range order {
		var e Effect
		if b.states[s].conversions.Sign() > 0 {
			e.Conversions = quotient(b.states[s].conversions, conversions)
			e.Value = quotient(b.states[s].value, value)
		}
		c.states = append(c.states, b.states[s].window)
		c.ends = append(c.ends, e)
	}
	return c
}

// lay puts the steps into rows, each in the order of the states it came from.
func (c *chain) lay(b *Builder, order, place []int32, visits []exact.Number) {
	into := make([][]int32, len(order)) // steps by the state they lead to
	for i, s := range b.steps {
		if s.visits.Sign() > 0 {
			into[place[s.to]] = append(into[place[s.to]], int32(i))
		}
	}
	c.row = make([]int32, 1, len(order)+1)
	for t, steps := range into {
		slices.SortFunc(steps, func(x, y int32) int { return int(place[b.steps[x].from]) - int(place[b.steps[y].from]) })
		all := visits[order[t]].Float64()
		for _, i := range steps {
			c.from = append(c.from, place[b.steps[i].from])
			c.share = append(c.share, b.steps[i].visits.Float64()/all)
		}
		c.row = append(c.row, int32(len(c.from))) //nolint:gosec // numbers of steps are int32
	}
}

func quotient(part, whole exact.Number) float64 {
	if whole.Sign() == 0 {
		return 0
	}
	return part.Float64() / whole.Float64()
}

// contains says whether a state has a touch of the channel.
func (w window) contains(channel int) bool {
	for _, touched := range w {
		if int(touched) == channel+1 {
			return true
		}
	}
	return false
}
