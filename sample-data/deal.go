package sampledata

// The stages of a deal; the last two are where it ends.
var stageNames = []string{"Qualified", "Needs Analysis", "Proposal", "Negotiation", "Won", "Lost"}

const (
	stageWon  = 4
	stageLost = 5
)

// deal is an opportunity as it unfolded.
type deal struct {
	account, ord   int
	created        int // day
	second         int32
	rep            int // owner at creation
	stage          int
	entered        [6]int // day each stage was entered, -1 for never
	closed         int    // day, -1 while open
	shown          uint   // bits of the behaviours that were shown
	firstMeeting   int    // days after creation it is planned for
	meetingsHeld   int
	discount       int
	touches        []touch
	stock          float64
	steps          int     // working days in the stage
	hurdle         float64 // standard normal, of the stage
	patience       float64 // standard normal, of the deal
	met            bool
	engaged        int // contacts engaged
	firstResponseH float64
}

func (d *deal) open() bool { return d.closed < 0 }
func (d *deal) won() bool  { return d.stage == stageWon }

// age is the days since creation.
func (d *deal) age(day int) int { return day - d.created }

// begin creates the account's next deal. What the rep will do on it is drawn by
// account and ordinal, not by day, so that a replay in which the deal starts
// later meets the same deal.
func (l *life) begin() {
	ord := len(l.out.deals)
	r := l.a.repOf(l.day)
	dice := newKey(l.w.seed, forDeal).at(l.a.index).at(ord).dice()
	d := deal{account: l.a.index, ord: ord, created: l.day, rep: r, closed: -1}
	for i := range d.entered {
		d.entered[i] = -1
	}
	l.enter(&d, 0)
	who := l.w.reps[r]
	show := func(b behaviour, p float64) bool {
		if dice.unit() < p {
			d.shown |= 1 << b
			return true
		}
		return false
	}
	d.second = l.clock(newKey(l.w.seed, forDeal).at(l.a.index).at(ord).at(1), sales)
	d.firstResponseH = 9 + 60*dice.unit()*dice.unit()
	if u := dice.unit(); show(fastResponse, .2+.55*who.diligence) {
		d.firstResponseH = .3 + 3.5*u
	}
	d.engaged = 1 + dice.below(2)
	if u := dice.unit(); show(threeContacts, .10+.55*who.diligence) && len(l.a.contacts) >= 3 {
		d.engaged = 3 + int(u*float64(len(l.a.contacts)-2))
	} else {
		d.shown &^= 1 << threeContacts
	}
	d.engaged = min(d.engaged, len(l.a.contacts))
	d.firstMeeting = 12 + dice.below(22)
	if u := dice.unit(); show(earlyMeeting, .15+.5*who.diligence) {
		d.firstMeeting = 2 + int(u*7)
	}
	d.discount = []int{0, 0, 0, 0, 5, 5, 8, 10, 10, 12, 15, 18, 20, 25}[dice.below(14)]
	d.patience = newKey(l.w.seed, forPatience).at(l.a.index).at(ord).dice().normal()
	l.open = &d
}

// enter puts the deal into a stage, with what the stage takes of this deal.
func (l *life) enter(d *deal, stage int) {
	d.stage, d.steps, d.entered[stage] = stage, 0, l.day
	d.hurdle = newKey(l.w.seed, forHurdle).at(d.account).at(d.ord).at(stage).dice().normal()
}

// work lives through one day of the open deal.
func (l *life) work(ready float64) {
	d, w := l.open, l.w
	d.stock *= decay[sales]
	if w.weekend(l.day) {
		return
	}
	l.sell(d)

	// What is shown so far counts.
	s := state{
		fit: l.a.fit, intent: float64(l.a.intent[l.day]), season: w.season[l.day], ready: saturate(ready + d.stock),
		skill: w.reps[d.rep].skill, discount: float64(d.discount), stage: d.stage, quarterEnd: quarterEnd(w.date(l.day)),
		age: d.age(l.day), hurdle: d.hurdle, patience: d.patience,
	}
	for b := range behaviourCount {
		if d.shown&(1<<b) != 0 && l.counts(b, d) {
			s.behaviours += w.proc.behaviour(b)
		}
	}
	advance, lose := w.proc.move(s)
	u := newKey(w.seed, forMove).at(d.account).at(d.ord).at(d.stage).at(d.steps).unit()
	d.steps++
	switch {
	case u < advance:
		l.enter(d, d.stage+1)
	case u > 1-lose:
		l.enter(d, stageLost)
	default:
		return
	}
	if d.stage >= stageWon {
		d.closed = l.day
		l.out.deals = append(l.out.deals, *d)
		l.open = nil
	}
}

// counts says whether behaviour b acts by now and is not removed.
func (l *life) counts(b behaviour, d *deal) bool {
	if r := l.without; r != nil && (r.behaviours&(1<<b) != 0 || r.ofRep == d.rep) {
		return false
	}
	switch b {
	case fastResponse:
		return d.age(l.day) >= 1
	case threeContacts:
		return d.age(l.day) >= 6
	case earlyMeeting, helpfulPost:
		return d.met
	default:
		return true
	}
}

// sell draws today's meetings, calls and chats on the deal. They depend on the
// deal, its age and at most the account's intent, so they are the same in every
// replay in which it lives from the same day.
func (l *life) sell(d *deal) {
	w, age := l.w, d.age(l.day)
	r, chase := w.repOn(d.rep, l.day), w.proc.chase(float64(l.a.intent[l.day]))
	k := newKey(w.seed, forMeeting).at(d.account).at(d.ord).at(age)
	due := !d.met && (age >= d.firstMeeting)
	if due || d.met && k.unit() < (.022+.022*w.reps[r].diligence)*chase {
		t := touch{ch: sales, kind: meeting, strength: .75}
		if k.at(1).unit() < .07 && !due {
			t.kind, t.strength = missing, 0
		}
		if due {
			d.met = true
			if l.day-l.helpful <= 60 {
				d.shown |= 1 << helpfulPost
			}
		}
		l.act(d, t, k, r)
	}
	k = newKey(w.seed, forCall).at(d.account).at(d.ord).at(age)
	if k.unit() < .05*chase {
		t := touch{ch: sales, kind: calling, strength: .35}
		if k.at(1).unit() < .4 {
			t.kind, t.strength = ringing, 0
		}
		l.act(d, t, k, r)
	}
	k = newKey(w.seed, forChat).at(d.account).at(d.ord).at(age)
	if l.a.chats && k.unit() < .30 {
		l.act(d, touch{ch: sales, kind: chatting, strength: .05}, k, r)
	}
}

func (l *life) act(d *deal, t touch, k key, r int) {
	t.day, t.second = int32(l.day), l.clock(k, sales)          //nolint:gosec // within the window
	t.campaign, t.post, t.rep = -1, -1, int16(r)               //nolint:gosec // few reps
	t.contact = int8(int(k.at(8).unit() * float64(d.engaged))) //nolint:gosec // at most six
	t.strength *= float32(l.w.proc.strength(sales, l.a.segment))
	if !l.without.takes(&t) {
		d.stock += float64(t.strength)
	}
	if t.kind == meeting {
		d.meetingsHeld++
	}
	if l.without == nil {
		d.touches = append(d.touches, t)
	}
}
