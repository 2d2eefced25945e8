package paths

import (
	"errors"
	"slices"
	"strings"

	"credence/attribution/exact"
	"credence/attribution/markov"
	"credence/attribution/shapley"
)

// tally is all that the models need to know of any number of journeys.
// Channels are numbered as they come until merged makes one of several.
type tally struct {
	need   need
	names  []string
	direct []bool  // by channel: is it the channel Direct
	bound  float64 // no sum is greater

	// By length of journeys, and by channel, what the journeys add up to that it
	first     exact.Table // opens
	last      exact.Table // closes
	nonDirect exact.Table // closes but for Direct
	all       exact.Table // touches, once for each touch
	between   exact.Table // touches between the ends, once for each touch
	game      shapley.Game
	chain     *markov.Builder
}

// journey is one row of a path table, read.
type journey struct {
	touches []int32
	credit  exact.Credit
	nulls   exact.Number
}

// mostSum is what sums may reach and still be exact.
const mostSum = 1e20

var errTooMuch = errors.New("the numbers sum to more than 10²⁰, which is not summed exactly; use a greater unit")

func newTally(need need, order int) (*tally, error) {
	chain, err := markov.New(order)
	return &tally{need: need, chain: chain}, err
}

// channel numbers a new name.
func (t *tally) channel(name string) int32 {
	t.names = append(t.names, name)
	t.direct = append(t.direct, strings.EqualFold(name, "Direct"))
	return int32(len(t.names) - 1) //nolint:gosec // memory ends long before
}

func (t *tally) add(j journey) {
	c := j.credit
	t.bound += float64(len(j.touches)) * (c.Conversions.Bound() + c.Value.Bound() + j.nulls.Bound())
	n := len(j.touches)
	if t.need&needEnds != 0 {
		t.first.Add(n, j.touches[0], c)
		t.last.Add(n, j.touches[n-1], c)
		t.nonDirect.Add(n, t.lastNonDirect(j.touches), c)
	}
	if t.need&needAll != 0 {
		for _, channel := range j.touches {
			t.all.Add(n, channel, c)
		}
	}
	if t.need&needBetween != 0 && n > 2 {
		for _, channel := range j.touches[1 : n-1] {
			t.between.Add(n, channel, c)
		}
	}
	if t.need&needDistinct != 0 {
		t.game.Add(j.touches, c)
	}
	if t.need&needChain != 0 {
		t.chain.Add(j.touches, c.Conversions, c.Value, j.nulls)
	}
}

// lastNonDirect is the last channel but for Direct; Direct when all are.
func (t *tally) lastNonDirect(touches []int32) int32 {
	for _, channel := range slices.Backward(touches) {
		if !t.direct[channel] {
			return channel
		}
	}
	return touches[len(touches)-1]
}

// merged is one tally of several, its channels numbered in the order of their
// names.
func merged(parts []*tally, order int) (*tally, error) {
	t, err := newTally(parts[0].need, order)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range parts {
		names = append(names, p.names...)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		t.channel(name)
	}
	for _, p := range parts {
		number := make([]int32, len(p.names))
		for i, name := range p.names {
			at, _ := slices.BinarySearch(t.names, name)
			number[i] = int32(at) //nolint:gosec // numbers of channels are int32
		}
		if t.bound += p.bound; t.bound > mostSum {
			return nil, &InputError{Err: errTooMuch}
		}
		t.merge(p, number)
	}
	return t, nil
}

// merge counts what p has counted, whose channel i is number[i] here.
func (t *tally) merge(p *tally, number []int32) {
	t.first.Merge(&p.first, number)
	t.last.Merge(&p.last, number)
	t.nonDirect.Merge(&p.nonDirect, number)
	t.all.Merge(&p.all, number)
	t.between.Merge(&p.between, number)
	t.game.Merge(&p.game, number)
	t.chain.Merge(p.chain, number)
}
