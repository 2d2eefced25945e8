package sampledata

import (
	"math"
	"slices"
	"strings"
)

// process is the law of a sample world: what a touch adds to an account's
// readiness and what readiness, behaviour and interest do to its deals. A new
// process is one value here and one line in processes; the simulation, the
// writers and the truth ask only these functions.
type process struct {
	name string
	doc  string
	// strength is the readiness that a touch of the channel adds to an account
	// of the segment, before campaign, post and author.
	strength func(c channel, segment int) float64
	// behaviour is what showing a behaviour adds to the log odds of moving on.
	behaviour func(b behaviour) float64
	// create is the daily chance that an account without an open deal gets one.
	create func(s state) float64
	// move is the daily chances that a deal leaves its stage forwards or lost.
	move func(s state) (advance, lose float64)
}

// state is what a process may look at.
type state struct {
	fit, intent, season float64
	ready               float64 // saturated readiness of account and deal
	skill, behaviours   float64 // log odds
	discount            float64 // per cent
	stage               int
	quarterEnd          bool
}

// behaviour is something a rep does on a deal.
type behaviour uint8

const (
	fastResponse    behaviour = iota // first answer within hours
	threeContacts                    // three or more people engaged
	earlyMeeting                     // a meeting within ten days
	helpfulPost                      // a helpful post seen before the first meeting
	behaviourCount                   // those after it only look as if they mattered
	mailVolume      behaviour = 100
	lateNightMail   behaviour = 101
	loggedMailCount behaviour = 102
)

var behaviourNames = map[behaviour]string{
	fastResponse: "first_response_within_hours", threeContacts: "three_contacts", earlyMeeting: "meeting_within_ten_days", helpfulPost: "helpful_post_before_first_meeting",
	mailVolume: "mail_volume", lateNightMail: "late_night_activity", loggedMailCount: "notes_logged",
}

// processes lists every law by name; see Processes.
var processes = []process{
	{
		name:      "hazard",
		doc:       "touches add readiness that decays and saturates; readiness, fit and intent drive daily hazards",
		strength:  func(c channel, _ int) float64 { return hazardStrength[c] },
		behaviour: func(b behaviour) float64 { return hazardBehaviour[b] },
		create:    func(s state) float64 { return createHazard(s, -5.47) },
		move:      moveHazard,
	},
	{
		name:      "null",
		doc:       "no touch and no behaviour does anything: deals come from fit and intent alone",
		strength:  func(channel, int) float64 { return 0 },
		behaviour: func(behaviour) float64 { return 0 },
		create:    func(s state) float64 { return createHazard(s, -5.10) },
		move: func(s state) (advance, lose float64) {
			s.skill += .75 // about what readiness and behaviours add in the hazard world
			return moveHazard(s)
		},
	},
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

func createHazard(s state, base float64) float64 {
	return math.Min(.2, math.Exp(base+.35*s.fit+.55*s.intent+s.season+toCreate*s.ready))
}

// Daily chances at an average deal of leaving each of the four open stages.
var (
	advanceBase = [4]float64{.0235, .0205, .019, .0245}
	loseBase    = [4]float64{.0235, .0215, .020, .0185}
)

func moveHazard(s state) (advance, lose float64) {
	x := .18*s.fit + .22*s.intent + s.skill + s.behaviours + toMove*s.ready
	// A discount between five and fifteen per cent helps; beyond it only costs.
	if s.discount >= 5 && s.discount <= 15 {
		x += .12
	}
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

// Processes names the laws a sample company can follow.
func Processes() []string {
	names := make([]string, len(processes))
	for i, p := range processes {
		names[i] = p.name
	}
	return names
}

func processByName(name string) (process, bool) {
	i := slices.IndexFunc(processes, func(p process) bool { return p.name == strings.ToLower(name) })
	if i < 0 {
		return process{}, false
	}
	return processes[i], true
}
