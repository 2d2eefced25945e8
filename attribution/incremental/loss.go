package incremental

import "math"

// Reckoning is how the shares of a deal came about, to be worked again by hand:
// with l_i = 1 − Kept of touch i,
//
//	unattributed = p0/p,  share_i = (1 − p0/p) · l_i / Σ l
type Reckoning struct {
	Rest    float64 // p0/p: the chance without any touch ÷ the chance with all
	Losses  float64 // Σ l
	Touches []Loss  // in the order they were given
}

// Loss is what the chance of a deal loses without one touch alone. A touch may
// help a deal to be made and help it to move on; Kept is what is left of its
// chance: p_i/p = Made · Π of the kept of its Moves.
type Loss struct {
	Kept    float64
	NotMade Nothing // why the touch did nothing for the deal's being made; "" when it did
	NotMove Nothing // the same of its moving on
	Times   int     // touches of its cell on its day, itself included: together they are one
	Follows bool    // whether the effects are those of a touch that followed another act

	Days    int // from the touch to the day the deal was made
	Effect  float64
	Pull    float64 // Effect · 2^(−Days/28) ÷ Times; 0 when the touch did nothing
	Made    float64 // e^−Pull
	Forward float64 // effect of a fresh touch on the log odds of moving on
	Moves   []MoveLoss
}

// MoveLoss is what a touch did for one move of a deal: with σ(x) = 1/(1 + e^−x),
// Kept = σ(Odds − Pull) / σ(Odds).
type MoveLoss struct {
	Stage int     // how often the deal moved before
	Days  int     // from the touch to the move
	Odds  float64 // log odds of the move with all touches
	Pull  float64 // Forward · 2^(−Days/28) ÷ Times
	Kept  float64
}

// Nothing is why a touch did nothing for one of the two things it might help.
type Nothing string

// The reasons.
const (
	Unknown      Nothing = "unknown"       // touches of its kind were not learned of
	NotBefore    Nothing = "not before"    // it came on the day of what it might have caused, or after
	TooOld       Nothing = "too old"       // it came more than ReachDays − 1 days before
	BeforeMaking Nothing = "before making" // what our own reps did before the deal was made does not move it
	NoEffect     Nothing = "no effect"     // the effect of its kind does not stand out from chance
	AfterAnother Nothing = "after another" // following other acts takes all of its effect
	NeverMoved   Nothing = "never moved"   // no move of the deal is known
)

// Reckon is the arithmetic of Explain, number by number.
func (e *Effects) Reckon(d *Deal, touches []Touch) Reckoning {
	c := e.of(d, touches, e.Create, e.Move, true)
	r := Reckoning{Rest: math.Exp(c.without(-1)), Touches: make([]Loss, len(touches))}
	times := sameActs(touches)
	for i, t := range touches {
		l := Loss{
			Kept: math.Exp(c.without(i)), Days: int(d.Created - t.Day), Follows: t.Follows, Pull: c.pulls[i].create,
			Times: int(times[dose{day: t.Day, cell: t.Cell}]), NotMade: e.notMade(d, t), NotMove: e.notMoved(d, t),
		}
		l.Made = math.Exp(-l.Pull)
		if e.knows(t) {
			l.Effect, l.Forward = e.Create.of(t, true), e.Move.of(t, true)
		}
		for k, x := range c.pulls[i].move {
			if x != 0 {
				full := c.odds[k] + c.move[k]
				l.Moves = append(l.Moves, MoveLoss{
					Stage: d.Moves[k].Stage, Days: int(d.Moves[k].Day - t.Day), Odds: full, Pull: x, Kept: math.Exp(softplus(-full) - softplus(-full+x)),
				})
			}
		}
		r.Touches[i], r.Losses = l, r.Losses-math.Expm1(c.without(i))
	}
	return r
}

// notMade is why t did nothing for d's being made.
func (e *Effects) notMade(d *Deal, t Touch) Nothing {
	switch n := d.Created - t.Day; {
	case !e.knows(t):
		return Unknown
	case e.Create.of(t, true) == 0:
		return e.Create.nothing(t)
	case n < 1:
		return NotBefore
	case n >= ReachDays:
		return TooOld
	}
	return ""
}

// notMoved is why t did nothing for d's moving on.
func (e *Effects) notMoved(d *Deal, t Touch) Nothing {
	switch {
	case !e.knows(t):
		return Unknown
	case len(d.Moves) == 0:
		return NeverMoved
	case e.Move.of(t, true) == 0:
		return e.Move.nothing(t)
	case e.Cells[t.Cell].Sales && t.Day < d.Created:
		return BeforeMaking
	}
	why := NotBefore
	for _, m := range d.Moves {
		switch n := m.Day - t.Day; {
		case n >= ReachDays:
			why = TooOld
		case n >= 1:
			return ""
		}
	}
	return why
}

// nothing is why s has no effect of t.
func (s Side) nothing(t Touch) Nothing {
	if s.Effect[t.Cell] > 0 {
		return AfterAnother
	}
	return NoEffect
}
