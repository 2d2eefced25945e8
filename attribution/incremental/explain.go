package incremental

import "math"

// Scale is one whole share: shares are integers of 10⁻¹².
const Scale = 1_000_000_000_000

// Share is what a deal owes its touches.
type Share struct {
	Touches []int64 // in the order they were given
	Base    int64   // what would have come anyway; Touches and Base sum to Scale
}

// pull is what one touch does to one deal, on the log scale.
type pull struct {
	create float64
	move   []float64
}

// chance is how a deal's chance depends on its touches.
type chance struct {
	pulls  []pull
	create float64
	move   []float64
	odds   []float64
}

// of sums what touches do to a deal under effects by cell; with clip none is
// below nothing.
func (e *Effects) of(d *Deal, touches []Touch, creation, moves Side, clip bool) chance {
	c := chance{pulls: make([]pull, len(touches)), move: make([]float64, len(d.Moves)), odds: make([]float64, len(d.Moves))}
	for k, m := range d.Moves {
		c.odds[k] = e.oddsOf(m)
	}
	times := sameActs(touches)
	effect := func(s Side, t Touch) float64 {
		return s.of(t, clip) / times[dose{day: t.Day, cell: t.Cell}]
	}
	for i, t := range touches {
		if !e.knows(t) {
			continue
		}
		p := &c.pulls[i]
		if n := d.Created - t.Day; n >= 1 && n < ReachDays {
			p.create = effect(creation, t) * carried[n]
			c.create += p.create
		}
		p.move = make([]float64, len(d.Moves))
		if e.Cells[t.Cell].Sales && t.Day < d.Created {
			continue
		}
		for k, m := range d.Moves {
			if n := m.Day - t.Day; n >= 1 && n < ReachDays {
				p.move[k] = effect(moves, t) * carried[n]
				c.move[k] += p.move[k]
			}
		}
	}
	return c
}

// knows says whether touches like t have an effect at all.
func (e *Effects) knows(t Touch) bool { return t.Cell >= 0 && int(t.Cell) < len(e.Cells) }

// oddsOf is the log odds of m without touches.
func (e *Effects) oddsOf(m Move) float64 {
	if len(e.Odds) == 0 {
		return 0
	}
	return e.Odds[min(m.Stage, len(e.Odds)-1)]
}

// of is the effect of t while it is fresh.
func (s Side) of(t Touch, clip bool) float64 {
	x := s.Effect[t.Cell]
	if t.Follows {
		x += s.Follows
	}
	if clip {
		x = max(0, x)
	}
	return x
}

// sameActs counts the touches of each day and cell: together they are one.
func sameActs(touches []Touch) map[dose]float64 {
	times := map[dose]float64{}
	for _, t := range touches {
		times[dose{day: t.Day, cell: t.Cell}]++
	}
	return times
}

// without is the log of the deal's chance without touch i, against the chance
// with all; -1: without any.
func (c *chance) without(i int) float64 {
	create, move := c.create, c.move
	if i >= 0 {
		create, move = c.pulls[i].create, c.pulls[i].move
	}
	log := -create
	for k, x := range move {
		if x != 0 {
			// log of σ(odds + all − x) ÷ σ(odds + all)
			full := c.odds[k] + c.move[k]
			log += softplus(-full) - softplus(-full+x)
		}
	}
	return log
}

// Explain shares a deal among touches of its journey. A deal that its touches did
// nothing for is all Base.
func (e *Effects) Explain(d *Deal, touches []Touch) Share {
	s := Share{Touches: make([]int64, len(touches)), Base: Scale}
	c := e.of(d, touches, e.Create, e.Move, true)
	for i, x := range c.shares() {
		s.Touches[i] = int64(math.Round(x * Scale))
		s.Base -= s.Touches[i]
	}
	if s.Base < 0 { // rounding of a deal that owes everything to its touches
		for i := range s.Touches {
			if s.Touches[i] >= -s.Base {
				s.Touches[i] += s.Base
				s.Base = 0
				break
			}
		}
	}
	return s
}

// shares is the part of the deal each touch earned.
func (c *chance) shares() []float64 {
	out := make([]float64, len(c.pulls))
	gone := -math.Expm1(c.without(-1)) // 1 − p0/p
	sum := 0.0
	for i := range out {
		out[i] = -math.Expm1(c.without(i))
		sum += out[i]
	}
	for i := range out {
		if gone <= 0 || sum <= 0 {
			out[i] = 0
			continue
		}
		out[i] *= gone / sum
	}
	return out
}
