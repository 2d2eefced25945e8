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
	table   exact.Table // whole values, by number of distinct channels
	seen    []uint64    // by channel: the last journey that touched it
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
		g.table.Add(len(g.members), channel, journey)
	}
}

// Merge counts what o has counted, whose channel i is called number[i] here.
func (g *Game) Merge(o *Game, number []int32) { g.table.Merge(&o.table, number) }

// Values are the Shapley values by channel number. They sum to what was added.
func (g *Game) Values() []exact.Credit {
	return g.table.Sums(func(size uint64) (part, of uint64) { return 1, size })
}

// Reach is, by channel number, what the journeys that touched the channel add
// up to. A journey counts for each of its channels, so this sums to more than
// was added.
func (g *Game) Reach() []exact.Credit {
	return g.table.Sums(func(uint64) (part, of uint64) { return 1, 1 })
}
