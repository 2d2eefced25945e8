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
	need   need
	names  []string
	direct []bool  // by channel: is it the channel Direct
	bound  float64 // no sum is greater

	// By channel, what the journeys add up to that it
	ends      [3]ends          // opens and closes, of 1, of 2 and of more touches
	nonDirect []exact.Credit   // ends but for Direct
	all       [][]exact.Credit // touches, once for each touch, by length
	between   [][]exact.Credit // touches between the ends, once for each touch, by length
	game      shapley.Game
	chain     *markov.Builder
}

type ends struct{ first, last []exact.Credit }

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
	if t.need&needEnds != 0 {
		t.addEnds(j.touches, c)
	}
	if t.need&needAll != 0 {
		t.addTouches(&t.all, len(j.touches), j.touches, c)
	}
	if n := len(j.touches); t.need&needBetween != 0 && n > 2 {
		t.addTouches(&t.between, n, j.touches[1:n-1], c)
	}
	if t.need&needDistinct != 0 {
		t.game.Add(j.touches, c)
	}
	if t.need&needChain != 0 {
		t.chain.Add(j.touches, c.Conversions, c.Value, j.nulls)
	}
}

func (t *tally) addEnds(touches []int32, c exact.Credit) {
	n := len(touches)
	first, last := touches[0], touches[n-1]
	e := &t.ends[min(n, len(t.ends))-1]
	e.first, e.last = grown(e.first, len(t.names)), grown(e.last, len(t.names))
	e.first[first] = e.first[first].Add(c)
	e.last[last] = e.last[last].Add(c)
	for i := range touches { // the last of all when every touch is Direct
		if channel := touches[n-1-i]; !t.direct[channel] {
			last = channel
			break
		}
	}
	t.nonDirect = grown(t.nonDirect, len(t.names))
	t.nonDirect[last] = t.nonDirect[last].Add(c)
}

// addTouches adds c to each of the touches of a journey of length n.
func (t *tally) addTouches(to *[][]exact.Credit, n int, touches []int32, c exact.Credit) {
	*to = grown(*to, n+1)
	row := grown((*to)[n], len(t.names))
	for _, channel := range touches {
		row[channel] = row[channel].Add(c)
	}
	(*to)[n] = row
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
	for i, from := range p.ends {
		t.ends[i].first = t.addAll(t.ends[i].first, from.first, number)
		t.ends[i].last = t.addAll(t.ends[i].last, from.last, number)
	}
	t.nonDirect = t.addAll(t.nonDirect, p.nonDirect, number)
	t.all = t.addLengths(t.all, p.all, number)
	t.between = t.addLengths(t.between, p.between, number)
	t.game.Merge(&p.game, number)
	t.chain.Merge(p.chain, number)
}

func (t *tally) addLengths(to, from [][]exact.Credit, number []int32) [][]exact.Credit {
	to = grown(to, len(from))
	for n, credits := range from {
		if credits != nil {
			to[n] = t.addAll(to[n], credits, number)
		}
	}
	return to
}

func (t *tally) addAll(to, from []exact.Credit, number []int32) []exact.Credit {
	to = grown(to, len(t.names))
	for channel, c := range from {
		to[number[channel]] = to[number[channel]].Add(c)
	}
	return to
}

func (t *tally) first() []exact.Credit {
	return sum(t.ends[0].first, t.ends[1].first, t.ends[2].first)
}

func (t *tally) last() []exact.Credit {
	return sum(t.ends[0].last, t.ends[1].last, t.ends[2].last)
}

func (t *tally) lastNonDirect() []exact.Credit { return t.nonDirect }

// linear is 1/n for every touch.
func (t *tally) linear() []exact.Credit {
	return byLength(t.all, func(n uint64) uint64 { return n })
}

// position is .4 for the first and the last touch and .2 for all between; a
// half each of two touches, all of one.
func (t *tally) position() []exact.Credit {
	two := sum(t.ends[1].first, t.ends[1].last)
	more := sum(t.ends[2].first, t.ends[2].last)
	for channel := range t.names {
		two[channel] = two[channel].Over(2)
		more[channel] = more[channel].Times(2).Over(5)
	}
	return sum(t.ends[0].first, two, more, byLength(t.between, func(n uint64) uint64 { return 5 * (n - 2) }))
}

// sum adds lists channel by channel.
func sum(lists ...[]exact.Credit) []exact.Credit {
	var sums []exact.Credit
	for _, list := range lists {
		sums = grown(sums, len(list))
		for channel, c := range list {
			sums[channel] = sums[channel].Add(c)
		}
	}
	return sums
}

// byLength sums the credits of all lengths, each over what its length says.
func byLength(credits [][]exact.Credit, over func(n uint64) uint64) []exact.Credit {
	var sums []exact.Credit
	for n, list := range credits {
		sums = grown(sums, len(list))
		for channel, c := range list {
			sums[channel] = sums[channel].Add(c.Over(over(uint64(n))))
		}
	}
	return sums
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
