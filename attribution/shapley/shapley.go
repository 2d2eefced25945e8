// Package shapley computes the exact Shapley value of attribution for any
// number of channels. It knows journeys as lists of channel numbers and
// nothing of databases; a "channel" may as well be a campaign or a rep.
//
// # The game
//
// A coalition S of channels earns v(S): the conversions, or their value, of
// the journeys whose channels all lie in S. A channel's Shapley value is the
// mean, over all orders in which channels can join, of what v grows by when it
// joins.
//
// # Why it is a sum of equal shares
//
// A journey with the channel set J adds its value to v(S) exactly when J ⊆ S:
// v is a sum of unanimity games. In the game of J only the last of J's members
// to join adds anything, each is the last in the same number of orders, and the
// Shapley value is additive over games; so each journey's value is divided
// equally among its distinct channels, however often and in whatever order it
// touched them. No coalition has to be listed.
//
// Source: Shapley, "A value for n-person games", Annals of Mathematics Studies
// 28 (1953); the closed form for attribution: Zhao, Mahboobi, Bagheri, "Shapley
// value methods for attribution modeling in online advertising" (2018).
package shapley

import "credence/attribution/exact"

// Game sums journeys. Its zero value is an empty game; it is not for several
// goroutines at once: give each its own and Merge them.
type Game struct {
	sizes   [][]exact.Credit // by number of distinct channels less 1, by channel: whole values
	seen    []uint64         // by channel: the last journey that touched it
	journey uint64
	members []int32 // of the journey being added
}

// Add counts one journey: the channels it touched, numbered from 0, and its
// conversions with their whole value. One without touches is not counted.
func (g *Game) Add(touches []int32, journey exact.Credit) {
	g.journey++
	g.members = g.members[:0]
	for _, channel := range touches {
		for int(channel) >= len(g.seen) {
			g.seen = append(g.seen, 0)
		}
		if g.seen[channel] != g.journey {
			g.seen[channel] = g.journey
			g.members = append(g.members, channel)
		}
	}
	for _, channel := range g.members {
		at := g.at(len(g.members), channel)
		*at = at.Add(journey)
	}
}

func (g *Game) at(size int, channel int32) *exact.Credit {
	for size > len(g.sizes) {
		g.sizes = append(g.sizes, nil)
	}
	row := &g.sizes[size-1]
	for int(channel) >= len(*row) {
		*row = append(*row, exact.Credit{})
	}
	return &(*row)[channel]
}

// Merge counts what o has counted, whose channel i is called number[i] here.
func (g *Game) Merge(o *Game, number []int32) {
	for size, row := range o.sizes {
		for channel, credit := range row {
			if credit != (exact.Credit{}) {
				at := g.at(size+1, number[channel])
				*at = at.Add(credit)
			}
		}
	}
}

// Values are the Shapley values by channel number. They sum to what was added.
func (g *Game) Values() []exact.Credit {
	var values []exact.Credit
	for size, row := range g.sizes {
		for channel, credit := range row {
			for channel >= len(values) {
				values = append(values, exact.Credit{})
			}
			values[channel] = values[channel].Add(credit.Over(uint64(size) + 1))
		}
	}
	return values
}

// Reach is, by channel number, what the journeys that touched the channel add
// up to. A journey counts for each of its channels, so this sums to more than
// was added.
func (g *Game) Reach() []exact.Credit {
	var reach []exact.Credit
	for _, row := range g.sizes {
		for channel, credit := range row {
			for channel >= len(reach) {
				reach = append(reach, exact.Credit{})
			}
			reach[channel] = reach[channel].Add(credit)
		}
	}
	return reach
}
