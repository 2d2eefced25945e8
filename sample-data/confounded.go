package sampledata

import "math"

// confounded is the world that misleads: buyers who are about to buy anyway are
// called and retargeted, so touches come before deals and do nothing for them.
// What reps do well on a deal works as everywhere; the helpful post is
// marketing, so seeing it does nothing either.
var confounded = process{
	name:     "confounded",
	doc:      "ready buyers are called and retargeted; no touch does anything, deals come from fit, intent and what reps do well",
	strength: func(channel, int) float64 { return 0 },
	behaviour: func(b behaviour) float64 {
		if b == helpfulPost {
			return 0
		}
		return hazardBehaviour[b]
	},
	chase:  chaseReady,
	create: func(s state) float64 { return createHazard(ready(s), -5.47) },
	move:   moveConfounded,
	win:    winBy(moveConfounded),
}

// chaseReady finds accounts of low intent hardly ever and those of high intent
// two and a half times as often as chance would.
func chaseReady(intent float64) float64 { return 2.5 / (1 + math.Exp(-2.5*(intent-.4))) }

// ready is s with an intent that decides more than in the other worlds.
func ready(s state) state {
	s.intent *= 2
	return s
}

func moveConfounded(s state) (advance, lose float64) {
	s = ready(s)
	s.skill += .25
	return moveHazard(s)
}
