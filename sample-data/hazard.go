package sampledata

import "math"

// hazard is the world of the sample company unless another is asked for.
var hazard = process{
	name:      "hazard",
	doc:       "touches add readiness that decays and saturates; readiness, fit and intent drive daily hazards",
	strength:  func(c channel, _ int) float64 { return hazardStrength[c] },
	behaviour: func(b behaviour) float64 { return hazardBehaviour[b] },
	chase:     chaseNobody,
	create:    func(s state) float64 { return createHazard(s, -5.47) },
	move:      moveHazard,
	win:       winBy(moveHazard),
}

// hazardStrength is the readiness of one touch. Retargeting, branded search,
// direct visits and opens follow intent and do next to nothing; see weak.
var hazardStrength = [channelCount]float64{
	paidSocial: .50, organicSocial: .18, repSocial: .38, email: .20, paidSearch: .38, organicSearch: .13,
	display: .20, video: .34, event: .95, referral: .26, direct: 0, sales: .42,
}

// weak is the share of a channel's strength that a touch keeps when it was
// caused by the account's own interest.
const weak = .08

var hazardBehaviour = [behaviourCount]float64{fastResponse: .26, threeContacts: .30, earlyMeeting: .32, helpfulPost: .24}

const (
	readinessCap = 1.6 // readiness saturates here, per account
	toCreate     = 1.05
	toMove       = .40
)

// saturate bends accumulated strength towards readinessCap.
func saturate(x float64) float64 {
	if x == 0 {
		return 0
	}
	return readinessCap * (1 - math.Exp(-x/readinessCap))
}

// chaseNobody is the chase of a world in which reps and retargeting see no more
// of an account than its visits and its deal.
func chaseNobody(float64) float64 { return 1 }

func createHazard(s state, base float64) float64 {
	return math.Min(.2, math.Exp(base+.35*s.fit+.55*s.intent+s.season+toCreate*s.ready))
}

// Daily chances at an average deal of leaving each of the four open stages.
var (
	advanceBase = [4]float64{.0235, .0205, .019, .0245}
	loseBase    = [4]float64{.0235, .0215, .020, .0185}
)

func moveHazard(s state) (advance, lose float64) {
	x := pull(s)
	advance = advanceBase[s.stage] * math.Exp(.75*x+.5*s.season)
	lose = loseBase[s.stage] * math.Exp(-.45*x)
	if s.quarterEnd {
		advance *= 1.35
		if s.stage == 3 {
			advance *= 1.3
			lose *= 1.2
		}
	}
	return math.Min(advance, .6), math.Min(lose, .3)
}

// pull is what draws a deal on, in log odds.
func pull(s state) float64 {
	x := .18*s.fit + .22*s.intent + s.skill + s.behaviours + toMove*s.ready
	// A discount between five and fifteen per cent helps; beyond it only costs.
	if s.discount >= 5 && s.discount <= 15 {
		x += .12
	}
	return x
}

// winBy is the chance to win of a law of daily chances: the product over the
// stages left of advance ÷ (advance + lose).
func winBy(move func(s state) (advance, lose float64)) func(s state) float64 {
	return func(s state) float64 {
		p := 1.0
		for ; s.stage < stageWon; s.stage++ {
			advance, lose := move(s)
			p *= advance / (advance + lose)
		}
		return math.Min(p, 1)
	}
}
