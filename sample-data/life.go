package sampledata

import "slices"

const (
	postLife   = 7
	postFade   = .62
	visitFade  = .90
	maxOfDeals = 40
)

// life is the running state of one account's simulation.
type life struct {
	w       *world
	a       *account
	without *removal
	given   []touch // the touches as they happened, when they must not change
	stock   [channelCount]float64
	visits  float64 // recent visits, decaying: what retargeting sees
	form    int     // day of the last form
	helpful int     // day a helpful post was last seen
	day     int
	out     history
	open    *deal
	keep    *[]life // collects the state of every week; nil for none
}

// simulate lives through an account's days. With without == nil it draws the
// world as it is. With given, the account's own touches are those, and what
// without takes adds no readiness (the direct effect); without given and with
// without.cascade, what it takes does not happen at all (the total effect).
func (w *world) simulate(a *account, without *removal, given []touch) history {
	return w.replay(a, without, given).out
}

// replay is simulate, with the state at the end of the window.
func (w *world) replay(a *account, without *removal, given []touch) *life {
	l := &life{w: w, a: a, without: without, given: given, form: -99, helpful: -999}
	l.out.deals = make([]deal, 0, 8)
	l.live()
	return l
}

// live lives from l.day to the end of the window.
func (l *life) live() {
	w, a := l.w, l.a
	exposure := newKey(w.seed, forExposure).at(a.index)
	create := newKey(w.seed, forCreate).at(a.index)
	drawn := l.without == nil || l.without.cascade
	for ; l.day < w.days; l.day++ {
		if l.keep != nil && l.day%keepEvery == 0 {
			*l.keep = append(*l.keep, l.copy())
		}
		for c := range l.stock {
			l.stock[c] *= decay[c]
		}
		l.visits *= visitFade
		if drawn {
			l.market(exposure)
			l.outreach()
		} else {
			for len(l.given) > 0 && int(l.given[0].day) == l.day {
				l.feel(l.given[0])
				l.given = l.given[1:]
			}
		}
		ready := 0.0
		for _, s := range l.stock {
			ready += s
		}
		if l.open != nil {
			l.work(ready)
			continue
		}
		if w.weekend(l.day) || len(l.out.deals) >= maxOfDeals {
			continue
		}
		p := w.proc.create(state{fit: a.fit, intent: float64(a.intent[l.day]), season: w.season[l.day], ready: saturate(ready)})
		if create.at(l.day).unit() < p {
			l.begin()
		}
	}
	if l.open != nil {
		l.out.deals = append(l.out.deals, *l.open)
	}
}

// copy is the state now, which living on does not change.
func (l *life) copy() life {
	c := *l
	c.keep, c.out.deals = nil, slices.Clip(l.out.deals)
	if l.open != nil {
		open := *l.open
		c.open = &open
	}
	return c
}

// keepEvery is the days between two states that a replay can start from.
const keepEvery = 7

// states lives through an account as it was and keeps its state every week.
func (w *world) states(a *account, h *history) []life {
	kept := make([]life, 0, w.days/keepEvery+1)
	l := &life{w: w, a: a, without: removing(), given: h.touches, form: -99, helpful: -999, keep: &kept}
	l.live()
	return kept
}

// leavingOut lives on from a kept state, in which nothing was missing yet, without
// what is removed.
func (l *life) leavingOut(x *removal) history {
	c := l.copy()
	c.without = x
	c.live()
	return c.out
}

// feel takes in a touch: it happens, and unless it is removed it adds readiness.
func (l *life) feel(t touch) {
	gone := l.without.takes(&t)
	if gone && l.without.cascade {
		return
	}
	if !gone {
		l.stock[t.ch] += float64(t.strength)
		if t.post >= 0 && l.w.posts[t.post].helpful && t.kind != opening {
			l.helpful = l.day
		}
	}
	if t.kind == visiting || t.kind == registered {
		l.visits++
	}
	if t.form {
		l.form = l.day
	}
	if l.without == nil {
		l.out.touches = append(l.out.touches, t)
	}
}
