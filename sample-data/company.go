package sampledata

import (
	"fmt"
	"math"
)

// The three regions; each sells in one currency.
const (
	dach    = "DACH"
	nordics = "Nordics"
	america = "Americas"
)

const (
	ownDomain = "halden-instruments.example"
	website   = "https://www." + ownDomain
)

var regions = []string{dach, nordics, america}

var currencyOf = map[string]string{dach: "EUR", nordics: "SEK", america: "USD"}

// team is a group of reps; the six that sell have parent teams above them.
type team struct {
	id, name, parent, region string
	manager                  int // index of the rep who leads it
}

// rep is one of our people in sales. Only sellers own deals.
type rep struct {
	id, name, email, title, region, handle string
	team                                   int
	seller                                 bool
	from, to                               int // first and last day of employment; days before 0 and after the window are outside it

	skill     float64 // log odds of moving a deal on: taste, never planted as a behaviour
	diligence float64 // 0…1: how often the behaviours that matter are shown
	social    float64 // posts a month
	voice     float64 // how well those posts work
	mails     float64 // mails a deal against the median
	lateNight float64 // share of mails written after nine
}

// product is a measuring device with its list price and cost in euros.
type product struct {
	id, name   string
	list, cost int64 // whole euros
}

var products = []product{
	{"P-100", "HI-100 Handheld Thermometer", 390, 150},
	{"P-120", "HI-120 Humidity Logger", 640, 230},
	{"P-200", "HI-200 Pressure Transmitter", 980, 410},
	{"P-220", "HI-220 Flow Meter", 2450, 1050},
	{"P-240", "HI-240 Ultrasonic Level Sensor", 3200, 1380},
	{"P-300", "HI-300 Bench Calibrator", 6900, 2900},
	{"P-320", "HI-320 Gas Analyser", 11800, 5200},
	{"P-400", "HI-400 Coordinate Arm", 18500, 8400},
	{"P-420", "HI-420 Optical Comparator", 24900, 11200},
	{"P-500", "HI-500 Coordinate Measuring Machine", 58000, 27500},
	{"S-010", "Calibration Service, year", 1200, 520},
	{"S-020", "Service Contract, year", 2800, 900},
	{"S-030", "On-site Training, day", 1450, 600},
	{"L-010", "Halden Insight licence, year", 1900, 240},
}

// segment sets size, price and headcount.
type segment struct {
	name          string
	share         float64
	median, sigma float64 // of the amount in euros, lognormal
	employees     [2]int
	contacts      [2]int
}

var segments = []segment{
	{"Enterprise", .18, 62000, .70, [2]int{1200, 14000}, [2]int{3, 6}},
	{"Mid-market", .42, 29000, .70, [2]int{180, 1199}, [2]int{2, 5}},
	{"Small business", .40, 13500, .65, [2]int{12, 179}, [2]int{1, 3}},
}

// teamPlan is the organisation: the root, two regions, six selling teams.
var teamPlan = []team{
	{"T-00", "Halden Instruments", "", "", 0},
	{"T-10", "Europe", "T-00", "Europe", 1},
	{"T-20", "Americas", "T-00", america, 2},
	{"T-11", "DACH Industry", "T-10", dach, 3},
	{"T-12", "DACH Laboratory", "T-10", dach, 4},
	{"T-13", "Nordics Industry", "T-10", nordics, 5},
	{"T-14", "Nordics Laboratory", "T-10", nordics, 6},
	{"T-21", "Americas East", "T-20", america, 7},
	{"T-22", "Americas West", "T-20", america, 8},
}

const (
	firstSellingTeam = 3
	repCount         = 36
	leaver           = 13 // the rep who left
	successor        = 19 // takes over the leaver's accounts; same team
	joiner           = 26 // came during the window
)

// newReps hires 36 people: director, two heads of region, six leads, 27 sellers.
func newReps(seed uint64, days int) []rep {
	reps := make([]rep, repCount)
	used := map[string]bool{}
	for i := range reps {
		d := newKey(seed, forCompany).at(i).dice()
		r := rep{id: fmt.Sprintf("R-%02d", i+1), seller: i >= 3, from: -d.between(200, 3000), to: math.MaxInt32}
		switch {
		case i < 3:
			r.team, r.title = i, [...]string{"Sales Director", "Head of Sales Europe", "Head of Sales Americas"}[i]
		case i < 9:
			r.team, r.title = i, "Sales Manager"
		default:
			r.team, r.title = firstSellingTeam+(i-9)%6, pick(d, []string{"Account Executive", "Account Executive", "Senior Account Executive", "Sales Engineer"})
		}
		r.region = teamPlan[r.team].region
		home := r.region
		if firstNames[home] == nil {
			home = dach
		}
		for {
			first, last := pick(d, firstNames[home]), pick(d, lastNames[home])
			if !used[first] && !used[last] {
				r.name, used[first], used[last] = first+" "+last, true, true
				break
			}
		}
		r.email = localPart(r.name) + "@" + ownDomain
		r.handle = slug(r.name) + "-halden"

		// Good reps post more: skill drives diligence and posting, mail volume does not.
		quality := d.normal()
		r.skill = .12 * quality
		r.diligence = 1 / (1 + math.Exp(-.8*quality))
		r.social = math.Max(0, .55+.45*quality+.25*d.normal())
		r.voice = math.Exp(.35*d.normal() - .06)
		r.mails = math.Exp(.25*d.normal() + .08*quality)
		r.lateNight = math.Max(.01, .05+.03*quality+.03*d.normal())
		reps[i] = r
	}
	reps[leaver].to = days * 58 / 100
	reps[joiner].from = days * 22 / 100
	return reps
}

// repOn is who works on rep r's deals on a day: r, or the successor of one who
// left.
func (w *world) repOn(r, day int) int {
	if day > w.reps[r].to {
		return successor
	}
	return r
}

// repOf is who looks after an account on a day.
func (a *account) repOf(day int) int {
	if day >= a.heirFrom {
		return a.heir
	}
	return a.rep
}
