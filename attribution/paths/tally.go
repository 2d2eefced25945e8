package paths

import (
	"context"
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
	need      need
	names     []string
	direct    []bool // by channel: is it the channel Direct
	lengths   []*places
	nonDirect []exact.Credit // by channel: last touches that are not Direct, where there are any
	game      shapley.Game
	chain     *markov.Builder
	bound     float64 // no sum is greater
}

// places are the journeys of one length: by channel, what all journeys it
// opens, closes or takes part in add up to, the last once for each touch.
type places struct{ first, last, all []exact.Credit }

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
	if t.need&needRules != 0 {
		t.addRules(j.touches, c)
	}
	if t.need&needDistinct != 0 {
		t.game.Add(j.touches, c)
	}
	if t.need&needChain != 0 {
		t.chain.Add(j.touches, c.Conversions, c.Value, j.nulls)
	}
}

func (t *tally) addRules(touches []int32, c exact.Credit) {
	n := len(touches)
	p := t.ofLength(n)
	for _, channel := range touches {
		p.all[channel] = p.all[channel].Add(c)
	}
	p.first[touches[0]] = p.first[touches[0]].Add(c)
	last := touches[n-1]
	p.last[last] = p.last[last].Add(c)
	for i := range touches { // the last of all when every touch is Direct
		if channel := touches[n-1-i]; !t.direct[channel] {
			last = channel
			break
		}
	}
	t.nonDirect = grown(t.nonDirect, len(t.names))
	t.nonDirect[last] = t.nonDirect[last].Add(c)
}

// ofLength has a place for every channel.
func (t *tally) ofLength(n int) *places {
	t.lengths = grown(t.lengths, n+1)
	p := t.lengths[n]
	if p == nil {
		p = &places{}
		t.lengths[n] = p
	}
	p.first, p.last, p.all = grown(p.first, len(t.names)), grown(p.last, len(t.names)), grown(p.all, len(t.names))
	return p
}

// grown is s with at least n elements.
func grown[T any](s []T, n int) []T {
	if n > len(s) {
		return append(s, make([]T, n-len(s))...)
	}
	return s
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
	for n, from := range p.lengths {
		if from == nil {
			continue
		}
		to := t.ofLength(n)
		addAll(to.first, from.first, number)
		addAll(to.last, from.last, number)
		addAll(to.all, from.all, number)
	}
	t.nonDirect = grown(t.nonDirect, len(t.names))
	addAll(t.nonDirect, p.nonDirect, number)
	t.game.Merge(&p.game, number)
	t.chain.Merge(p.chain, number)
}

func addAll(to, from []exact.Credit, number []int32) {
	for channel, c := range from {
		at := &to[number[channel]]
		*at = at.Add(c)
	}
}

// sum adds, channel by channel, what of makes of the journeys of each length.
func (t *tally) sum(of func(n uint64, p *places, channel int) exact.Credit) []exact.Credit {
	credits := make([]exact.Credit, len(t.names))
	for n, p := range t.lengths {
		if p == nil {
			continue
		}
		for channel := range p.all {
			credits[channel] = credits[channel].Add(of(uint64(n), p, channel))
		}
	}
	return credits
}

func (t *tally) first() []exact.Credit {
	return t.sum(func(_ uint64, p *places, channel int) exact.Credit { return p.first[channel] })
}

func (t *tally) last() []exact.Credit {
	return t.sum(func(_ uint64, p *places, channel int) exact.Credit { return p.last[channel] })
}

func (t *tally) lastNonDirect() []exact.Credit { return t.nonDirect }

// linear is 1/n for every touch.
func (t *tally) linear() []exact.Credit {
	return t.sum(func(n uint64, p *places, channel int) exact.Credit { return p.all[channel].Over(n) })
}

// position is .4 for the first and the last touch and .2 for all between; a
// half each of two touches, all of one.
func (t *tally) position() []exact.Credit {
	return t.sum(func(n uint64, p *places, channel int) exact.Credit {
		if n <= 2 {
			return p.all[channel].Over(n)
		}
		ends := p.first[channel].Add(p.last[channel])
		between := p.all[channel].Add(ends.Neg())
		return ends.Times(2).Over(5).Add(between.Over(5 * (n - 2)))
	})
}

// anyTouch is all of a journey for each channel it touched: a reach, which
// sums to more than the total.
func (t *tally) anyTouch() []exact.Credit { return t.game.Reach() }

func (t *tally) shapley() []exact.Credit { return t.game.Values() }

func markovCredits(ctx context.Context, t *tally) (conversions, value []float64, err error) {
	result, err := t.chain.Solve(ctx)
	if err != nil {
		return nil, nil, err
	}
	conversions, value, err = result.Credits()
	if err != nil {
		return nil, nil, err
	}
	return grown(conversions, len(t.names)), grown(value, len(t.names)), nil
}
