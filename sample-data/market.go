package sampledata

import (
	"math"
	"slices"
)

// fade is how much of a post's reach is left by its age in days.
var fade = func() (f [postLife]float64) {
	for i := range f {
		f[i] = math.Pow(postFade, float64(i))
	}
	return f
}()

// market draws what reaches the account today from campaigns, posts, search
// and its own interest.
func (l *life) market(exposure key) {
	w, a, interest := l.w, l.a, float64(l.a.interest[l.day])
	recent := l.visits / (1 + l.visits)
	calm := 1.0
	if w.weekend(l.day) {
		calm = .35
	}
	for _, i := range a.campaigns {
		c := &w.campaigns[i]
		if l.day < c.from || l.day > c.to {
			continue
		}
		response := c.response
		if l.without != nil && l.without.response != nil && l.without.response[i] != nil {
			response = l.without.response[i]
		}
		p := response[l.day-c.from] * calm
		t := touch{ch: c.ch, campaign: int16(i), post: -1, rep: -1} //nolint:gosec // few campaigns
		switch c.style {
		case retargeting:
			p *= recent * interest * w.proc.chase(float64(a.intent[l.day]))
			t.follows = true
		case branded:
			p *= .6*interest*math.Sqrt(interest) + .2*recent
			t.follows = true
		case sending:
			l.read(exposure.at(i).at(l.day), c, t, interest*(.7+.9*recent))
			continue
		case gathering:
			l.attend(exposure.at(i).at(l.day), c, t, p)
			continue
		default:
			p *= a.appetite * (.85 + .15*interest)
		}
		if k := exposure.at(i).at(l.day); k.unit() < p {
			l.visit(k, t, c.quality)
		}
	}
	l.social()
	// Search, direct visits: they follow interest.
	if k := newKey(w.seed, forSearch).at(a.index).at(l.day); k.unit() < .0075*calm*(.3+.5*interest+.7*recent) {
		t := touch{ch: organicSearch, campaign: -1, post: l.article(k), rep: -1, follows: true}
		quality := weak
		if t.post >= 0 {
			t.follows, quality = false, w.posts[t.post].quality
		}
		l.visit(k, t, quality)
	}
	if k := newKey(w.seed, forDirect).at(a.index).at(l.day); k.unit() < .0062*calm*interest*(.5+recent) {
		l.visit(k, touch{ch: direct, campaign: -1, post: -1, rep: -1, follows: true}, 1)
	}
}

// read draws the opening of today's newsletter and a click in it.
func (l *life) read(k key, c *campaign, t touch, interest float64) {
	if !slices.Contains(c.days, l.day) {
		return
	}
	u := k.unit()
	open := math.Min(.8, .085*(.3+.7*interest))
	if u >= open {
		return
	}
	t.contact = l.who(k)
	t.second = l.clock(k, email)
	t.day = int32(l.day) //nolint:gosec // within the window
	t.kind, t.follows = opening, true
	l.feel(t)
	if k.at(1).unit() < c.reach {
		t.follows = false
		t.second += 25
		l.arrive(k, t, c.quality)
	}
}

// attend draws a registration for a fair or webinar.
func (l *life) attend(k key, c *campaign, t touch, p float64) {
	if !slices.Contains(c.days, l.day) || k.unit() >= p*l.a.appetite*1.6 {
		return
	}
	t.kind = registered
	t.contact = l.who(k)
	t.second = l.clock(k, event)
	t.day = int32(l.day)                                                         //nolint:gosec // within the window
	t.strength = float32(l.w.proc.strength(event, l.a.segment) * c.quality * .9) // being there
	t.form = false
	l.feel(t)
}

// social draws which of the posts of the last days are seen and acted upon.
func (l *life) social() {
	w, a := l.w, l.a
	seen := newKey(w.seed, forPostView).at(a.index)
	for _, i := range w.live[l.day] {
		p := &w.posts[i]
		if p.region != "" && p.region != a.region {
			continue
		}
		reach := .0035
		if p.rep >= 0 {
			reach = .0040
			if p.rep == a.repOf(l.day) {
				reach = .115
			}
		}
		reach *= p.quality * a.appetite * fade[l.day-p.day]
		k := seen.at(i)
		if k.at(l.day).unit() >= reach {
			continue
		}
		t := touch{ch: organicSocial, campaign: int16(p.campaign), post: int16(i), rep: int16(p.rep)} //nolint:gosec // few posts
		if p.rep >= 0 {
			t.ch = repSocial
		}
		k = k.at(l.day)
		if p.network == linkedIn && k.at(2).unit() < .4 {
			t.kind = reacting
		}
		l.visit(k, t, p.quality)
	}
}

// article is the blog post a search lands on, or -1: the newer and the better
// the likelier.
func (l *life) article(k key) int16 {
	if k.at(3).unit() < .4 {
		return -1
	}
	best, score := -1, 0.0
	for _, i := range l.w.articles {
		p := &l.w.posts[i]
		if p.day > l.day {
			break
		}
		if s := p.quality * math.Exp2(-float64(l.day-p.day)/120) * k.at(4).at(i).unit(); s > score {
			best, score = i, s
		}
	}
	return int16(best)
}

// visit gives an act its person and time of day and takes it in.
func (l *life) visit(k key, t touch, quality float64) {
	t.contact = l.who(k)
	t.second = l.clock(k, t.ch)
	t.day = int32(l.day) //nolint:gosec // within the window
	l.arrive(k, t, quality)
}

// arrive sets the strength of an act that has its person and time.
func (l *life) arrive(k key, t touch, quality float64) {
	if t.kind == opening {
		t.kind = visiting
	}
	s := l.w.proc.strength(t.ch, l.a.segment) * quality
	if t.follows {
		s *= weak
	}
	t.strength = float32(s)
	t.form = t.kind == visiting && k.at(5).unit() < .075
	l.feel(t)
}

// who is the contact who acts: the better known the likelier.
func (l *life) who(k key) int8 {
	total := 0.0
	for i := range l.a.contacts {
		total += l.a.contacts[i].weight
	}
	u := k.at(6).unit() * total
	for i := range l.a.contacts {
		if u -= l.a.contacts[i].weight; u < 0 {
			return int8(i)
		}
	}
	return 0
}

// clock is a second of the day in the account's working hours, mostly.
func (l *life) clock(k key, c channel) int32 {
	from, to := 6.0, 17.0
	if l.a.region == america {
		from, to = 13, 23.5
	}
	if c == paidSocial || c == repSocial || c == organicSocial || c == video {
		from -= 1
		to = math.Min(23.7, to+3)
	}
	return int32((from + (to-from)*k.at(7).unit()) * 3600)
}

// outreach draws the rep's calls on an account without a deal.
func (l *life) outreach() {
	w, a := l.w, l.a
	if l.open != nil || w.weekend(l.day) {
		return
	}
	r := a.repOf(l.day)
	k := newKey(w.seed, forOutreach).at(a.index).at(l.day)
	p := .0042 * (.6 + .8*w.reps[r].diligence) * w.proc.chase(float64(a.intent[l.day]))
	if l.day-l.form <= 2 {
		p = .30
	}
	if k.unit() >= p {
		return
	}
	t := touch{ch: sales, kind: calling, campaign: -1, post: -1, rep: int16(r), day: int32(l.day), contact: l.who(k), second: l.clock(k, sales)} //nolint:gosec // few reps, within the window
	if k.at(1).unit() < .45 {
		t.kind = ringing
	} else {
		t.strength = float32(w.proc.strength(sales, a.segment) * .5)
	}
	l.feel(t)
}
