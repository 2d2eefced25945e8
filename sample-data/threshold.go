package sampledata

import "math"

// threshold is the world without daily dice: a deal moves on the day its
// maturity passes a level of its stage, and is lost when the buyer's patience
// ends first. Chance enters once per deal and stage, so that a touch either
// carries a deal over a level earlier or changes nothing. The same deal, begun
// on the same day, is therefore never won earlier with less readiness.
var threshold = process{
	name:      "threshold",
	doc:       "a deal moves when its readiness passes a level of its stage, and is lost when the buyer's patience ends first",
	strength:  func(c channel, _ int) float64 { return hazardStrength[c] },
	behaviour: func(b behaviour) float64 { return hazardBehaviour[b] },
	chase:     chaseNobody,
	create:    func(s state) float64 { return createHazard(s, -5.47) },
	move:      moveThreshold,
	win:       winThreshold,
}

// The levels that a deal must pass to leave each of the four open stages, and
// how they differ between deals.
var levels = [4]float64{.6, 1.2, 1.9, 2.7}

const (
	hurdleSpread   = .8
	ripening       = 50.0 // days by which a deal ripens by one
	patienceMedian = 58.0 // days
	patienceSpread = .8   // of the logarithm
)

func moveThreshold(s state) (advance, lose float64) {
	switch {
	case float64(s.age) > patienceOf(s.patience):
		return 0, 1
	case maturity(s) >= levels[s.stage]+hurdleSpread*s.hurdle:
		return 1, 0
	}
	return 0, 0
}

// maturity is how far the deal is: what pulls it on, the season, and time.
func maturity(s state) float64 {
	x := pull(s) + .5*s.season + float64(s.age)/ripening
	if s.quarterEnd && s.stage == 3 {
		x += .3
	}
	return x
}

// patienceOf is the days after which the deal is lost.
func patienceOf(normal float64) float64 {
	return patienceMedian * math.Exp(patienceSpread*normal)
}

// winThreshold is the share of deals in state s, and with its hurdle, that pass
// all levels left before their patience ends: over a grid of the patience that
// may be left, the product over the later stages of the chance that their level
// is within reach by then.
func winThreshold(s state) float64 {
	const grid = 200
	age, cases, sum := s.age, 0, 0.0
	for i := range grid {
		patience := patienceOf(math.Sqrt2 * math.Erfinv(2*(float64(i)+.5)/grid-1))
		if patience < float64(age) {
			continue
		}
		cases++
		s.age = int(patience)
		if maturity(s) < levels[s.stage]+hurdleSpread*s.hurdle {
			continue
		}
		p := 1.0
		for x := s; x.stage < stageWon-1; {
			x.stage++
			p *= .5 * math.Erfc((levels[x.stage]-maturity(x))/hurdleSpread/math.Sqrt2)
		}
		sum += p
	}
	if cases == 0 {
		return 0
	}
	return sum / float64(cases)
}
