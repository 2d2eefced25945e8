package sampledata

import "math"

// nextSteps works out, for each open deal, the chance to win as things stand
// and after each step its rep could take today, and names the best. The chances
// hold today's state until the end of the deal.
func (w *world) nextSteps(b *book) map[string]NextStep {
	out := map[string]NextStep{}
	for _, d := range b.deals {
		if d.open() {
			out[d.id] = w.nextStep(d)
		}
	}
	return out
}

func (w *world) nextStep(d *booked) NextStep {
	// Live through the account once more, up to today.
	l := w.replay(d.acct, removing(), w.histories[d.acct.index].touches)
	ready := 0.0
	for _, s := range l.stock {
		ready += s
	}
	last := w.days - 1
	s := state{fit: d.acct.fit, intent: float64(d.acct.intent[last]), season: w.season[last], skill: w.reps[d.rep].skill, discount: float64(d.discount), stage: d.stage, age: d.age(last), hurdle: d.hurdle}
	l.day = last
	shown := 0.0
	for bh := range behaviourCount {
		if d.shown&(1<<bh) != 0 && l.counts(bh, d.deal) {
			shown += w.proc.behaviour(bh)
		}
	}
	chance := func(touch, behaviours float64) float64 {
		x := s
		x.ready, x.behaviours = saturate(ready+d.stock+touch), shown+behaviours
		return math.Round(w.proc.win(x)*1e4) / 1e4
	}

	strength := w.proc.strength(sales, d.acct.segment)
	steps := []struct {
		name   string
		chance float64
	}{
		{"wait", chance(0, 0)},
		{"call", chance(.35*strength, 0)},
		{"meeting", chance(.75*strength, w.ifNot(d, earlyMeeting, !d.met && d.age(last) <= 10))},
		{"engage_further_contact", chance(.2*strength, w.ifNot(d, threeContacts, d.engaged == 2 && len(d.acct.contacts) > 2))},
		{"share_helpful_post", chance(w.proc.strength(repSocial, d.acct.segment), w.ifNot(d, helpfulPost, !d.met))},
	}
	next := NextStep{Best: "wait", Chance: map[string]float64{}}
	for _, x := range steps {
		next.Chance[x.name] = x.chance
		if x.chance > next.Chance[next.Best] {
			next.Best = x.name
		}
	}
	return next
}

// ifNot is what behaviour b would add when it is possible and not shown yet.
func (w *world) ifNot(d *booked, b behaviour, possible bool) float64 {
	if !possible || d.shown&(1<<b) != 0 {
		return 0
	}
	return w.proc.behaviour(b)
}
