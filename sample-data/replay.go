package sampledata

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"
)

// thing is what a replay leaves out.
type thing struct {
	of    aspect
	index int
}

type aspect uint8

const (
	ofAll aspect = iota
	ofChannel
	ofCampaign
	ofPost
	ofRep
	ofBehaviour
	ofSpend // multiples of a channel's spend
)

// What is measured of a thing; for ofSpend, the factors in order.
const (
	direct1 = iota
	total1
	touchesOnly
	behavioursOnly
	measures
)

var (
	spendFactors = [...]string{"0.5", "1.5", "2"}
	factors      = [...]float64{.5, 1.5, 2}
)

// replays measures what the company loses without each thing, in minor units.
// Accounts do not touch each other, so only those that the thing touched are
// replayed.
type replays struct {
	w      *world
	won    int64
	lost   map[thing][measures]int64
	scaled [channelCount][len(factors)][][]float64 // responses by campaign at a multiple of the spend; nil where unchanged
}

func newReplays(w *world) *replays {
	r := &replays{w: w, lost: map[thing][measures]int64{}}
	for i := range w.campaigns {
		c := &w.campaigns[i]
		for k, f := range factors {
			if r.scaled[c.ch][k] == nil {
				r.scaled[c.ch][k] = make([][]float64, len(w.campaigns))
			}
			r.scaled[c.ch][k][i] = c.respond(f)
		}
	}
	return r
}

// run replays every account on all processors. Sums are integers, so their
// order does not matter.
func (r *replays) run(ctx context.Context) error {
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		wg.Go(func() {
			lost, won := map[thing][measures]int64{}, int64(0)
			for i := k; i < len(r.w.accounts) && ctx.Err() == nil; i += workers {
				won += r.account(i, lost)
			}
			mu.Lock()
			defer mu.Unlock()
			r.won += won
			for t, m := range lost {
				sum := r.lost[t]
				for j := range m {
					sum[j] += m[j]
				}
				r.lost[t] = sum
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// account adds to lost what account i loses without each thing that touched it
// and returns what it won.
func (r *replays) account(i int, lost map[thing][measures]int64) int64 {
	a, h := &r.w.accounts[i], &r.w.histories[i]
	won := r.w.value(h.deals)
	states := r.w.states(a, h)
	measure := func(t thing, m, since int, without *removal) {
		if x := won - r.w.value(states[since/keepEvery].leavingOut(without).deals); x != 0 {
			sum := lost[t]
			sum[m] += x
			lost[t] = sum
		}
	}
	both := func(t thing, since int, set func(x *removal)) {
		for m := range []int{direct1, total1} {
			without := removing()
			set(without)
			without.cascade = m == total1
			measure(t, m, since, without)
		}
	}

	first := r.touching(h)
	for t, since := range first {
		switch t.of {
		case ofChannel:
			both(t, since, func(x *removal) { x.channel = t.index })
		case ofCampaign:
			both(t, since, func(x *removal) { x.campaign = t.index })
		case ofPost:
			both(t, since, func(x *removal) { x.post = t.index })
		case ofRep:
			both(t, since, func(x *removal) { x.rep, x.ofRep = t.index, t.index })
			without := removing()
			without.rep = t.index
			measure(t, touchesOnly, since, without)
			without = removing()
			without.ofRep = t.index
			measure(t, behavioursOnly, since, without)
		default:
		}
	}
	if len(first) > 0 {
		without := removing()
		without.all = true
		measure(thing{ofAll, 0}, direct1, slices.Min(slices.Collect(maps.Values(first))), without)
	}
	if len(h.deals) > 0 {
		for b := range behaviourCount {
			without := removing()
			without.behaviours = 1 << b
			measure(thing{ofBehaviour, int(b)}, direct1, h.deals[0].created, without)
		}
	}
	r.spend(a, measure)
	return won
}

// spend measures the account at multiples of each channel's spend.
func (r *replays) spend(a *account, measure func(thing, int, int, *removal)) {
	for c := range channelCount {
		since := r.reached(a, c)
		if r.scaled[c][0] == nil || since == r.w.days {
			continue
		}
		for k := range factors {
			without := removing()
			without.cascade, without.response = true, r.scaled[c][k]
			measure(thing{ofSpend, int(c)}, k, since, without)
		}
	}
}

// reached is the first day on which a campaign of channel c with a response to
// spend targets the account; the length of the window when none does.
func (r *replays) reached(a *account, c channel) int {
	first := r.w.days
	for _, i := range a.campaigns {
		if p := &r.w.campaigns[i]; p.ch == c && p.style != sending {
			first = min(first, p.from)
		}
	}
	return first
}

// touching is what touched an account, with the day it first did: its channels,
// campaigns, posts and reps.
func (r *replays) touching(h *history) map[thing]int {
	out := map[thing]int{}
	note := func(of aspect, index int, day int) {
		if first, known := out[thing{of, index}]; index >= 0 && (!known || day < first) {
			out[thing{of, index}] = day
		}
	}
	all := func(touches []touch) {
		for i := range touches {
			t := &touches[i]
			note(ofChannel, int(t.ch), int(t.day))
			note(ofCampaign, int(t.campaign), int(t.day))
			note(ofPost, int(t.post), int(t.day))
			note(ofRep, int(t.rep), int(t.day))
		}
	}
	all(h.touches)
	for i := range h.deals {
		note(ofRep, h.deals[i].rep, h.deals[i].created)
		all(h.deals[i].touches)
	}
	return out
}

// value is the won amount of deals in minor units of the reporting currency;
// deals in a currency without a rate are left out, as everywhere.
func (w *world) value(deals []deal) int64 {
	sum := int64(0)
	for i := range deals {
		if d := &deals[i]; d.won() {
			p := w.price(d)
			if x, ok := w.reported(p.amount, p.currency, w.date(d.closed)); ok {
				sum += x
			}
		}
	}
	return sum
}
