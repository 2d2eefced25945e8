package sampledata

import (
	"math"
	"testing"
)

func TestMarketingDoesNothingInTheConfoundedWorld(t *testing.T) {
	t.Parallel()
	x := truthOf(t, write(t, Options{Seed: 3, Deals: 240, Process: "confounded"}))
	if x.Base.Share != 1 || x.Base.Revenue != x.Base.Won || x.Base.Won <= 0 {
		t.Errorf("the base is %v of %v won, want all of it", x.Base.Revenue, x.Base.Won)
	}
	for kind, effects := range map[string]map[string]Effect{"channel": x.Effects.Channel, "campaign": x.Effects.Campaign, "post": x.Effects.Post} {
		for id, e := range effects {
			if e != (Effect{}) {
				t.Errorf("%s %s earns %v, want nothing", kind, id, e)
			}
		}
	}
	for c, r := range x.SpendResponse.Channel {
		for factor, gained := range r.Revenue {
			if gained != 0 {
				t.Errorf("%s times the spend on %s gains %v, want nothing", factor, c, gained)
			}
		}
	}
	behaviours := 0.0
	for id, e := range x.Effects.Rep {
		if behaviours += e.Behaviours; e.Touches != 0 || e.Direct != e.Behaviours {
			t.Errorf("rep %s earns %+v, want nothing by touches", id, e)
		}
	}
	if behaviours <= 0 {
		t.Errorf("what reps do well earns %v, want more than nothing", behaviours)
	}
	for name, b := range x.Behaviours {
		if want := name == "first_response_within_hours" || name == "three_contacts" || name == "meeting_within_ten_days"; b.Matters != want {
			t.Errorf("%s matters: %v, want %v", name, b.Matters, want)
		}
	}
}

// TestReadyBuyersAreCalledAndRetargeted holds how much more often a deal begins
// within a fortnight of a retargeting visit or a call, against any other day:
// what a naive model takes for an effect.
func TestReadyBuyersAreCalledAndRetargeted(t *testing.T) {
	t.Parallel()
	lift := func(process string) float64 {
		const fortnight = 14
		w := lived(t, process, 4, 1200)
		var days, after, begun, begunAfter float64
		for i := range w.histories {
			last := -99
			touches, deals := w.histories[i].touches, w.histories[i].deals
			for day := range w.days {
				chased := day-last <= fortnight
				for ; len(touches) > 0 && int(touches[0].day) == day; touches = touches[1:] {
					if x := &touches[0]; x.ch == sales || x.campaign >= 0 && w.campaigns[x.campaign].style == retargeting {
						last = day
					}
				}
				is := len(deals) > 0 && deals[0].created == day
				if is {
					deals = deals[1:]
				}
				days++
				after += float64(b2i(chased))
				begun += float64(b2i(is))
				begunAfter += float64(b2i(is && chased))
			}
		}
		return begunAfter / begun / (after / days)
	}
	null, confounded := lift("null"), lift("confounded")
	t.Logf("deals begin %.2f times as often after a call or retargeting in the confounded world, %.2f times in the null world", confounded, null)
	if confounded < 1.6 || confounded < 1.2*null {
		t.Errorf("deals begin %.2f times as often after a call or retargeting, %.2f times in the null world; want 1.6 and clearly more", confounded, null)
	}
}

func TestChannelsWorkInTheirSegmentsOnly(t *testing.T) {
	t.Parallel()
	w := lived(t, "segments", 1, fullDeals)
	for c := range channelCount {
		average := 0.0
		for s := range segments {
			average += segments[s].share * segmentFactor[c][s]
		}
		if math.Abs(average-1) > .01 {
			t.Errorf("%v is %.3f times as strong as in the hazard world on average, want once", c, average)
		}
		// What a post does by being helpful is a behaviour, which works everywhere.
		if c == direct || c == organicSocial || c == repSocial || c == organicSearch {
			continue
		}
		without := removing()
		without.channel = int(c)
		var lost [3]int64
		for i := range w.accounts {
			a, h := &w.accounts[i], &w.histories[i]
			lost[a.segment] += w.value(h.deals) - w.value(w.simulate(a, without, h.touches).deals)
		}
		for s, x := range lost {
			if works := segmentFactor[c][s] > 0; (x != 0) != works {
				t.Errorf("%v earns %d in %s, where its strength is %g times the usual", c, x, segments[s].name, segmentFactor[c][s])
			}
		}
	}
}

// TestNoDealIsWonEarlierForALackOfTouches is what a threshold means: a deal that
// begins on the same day passes its levels in the same order or later.
func TestNoDealIsWonEarlierForALackOfTouches(t *testing.T) {
	t.Parallel()
	w := lived(t, "threshold", 1, 1200)
	removals := []*removal{removing()}
	removals[0].all = true
	for c := range channelCount {
		x := removing()
		x.channel = int(c)
		removals = append(removals, x)
	}
	same, later, lost := 0, 0, 0
	for i := range w.accounts {
		h := &w.histories[i]
		for _, x := range removals {
			for ord, d := range w.simulate(&w.accounts[i], x, h.touches).deals {
				if ord >= len(h.deals) || h.deals[ord].created != d.created {
					continue
				}
				was := h.deals[ord]
				switch {
				case d.won() && (!was.won() || d.closed < was.closed):
					t.Errorf("without %+v deal %d of account %d is won on day %d, with it stage %d on day %d", *x, ord, i, d.closed, was.stage, was.closed)
				case was.won() && d.won() && d.closed > was.closed:
					later++
				case was.won() && !d.won():
					lost++
				default:
					same++
				}
			}
		}
	}
	t.Logf("without some touches %d deals end the same, %d are won later, %d not at all", same, later, lost)
	if same == 0 || later == 0 || lost == 0 {
		t.Errorf("without some touches %d deals end the same, %d are won later, %d not at all; want some of each", same, later, lost)
	}
}

func TestTheChanceToWinOfAThresholdIsAChance(t *testing.T) {
	t.Parallel()
	for stage := range stageWon {
		for _, hurdle := range []float64{-1, 0, 1.5} {
			s := state{stage: stage, hurdle: hurdle, age: 30}
			before := winThreshold(s)
			s.ready += .5
			after := winThreshold(s)
			if before < 0 || after > 1 || after <= before {
				t.Errorf("stage %d, hurdle %g: the chance is %.3f, and %.3f with more readiness; want it to rise within 0 to 1", stage, hurdle, before, after)
			}
		}
	}
	if got := winThreshold(state{age: 5000}); got != 0 {
		t.Errorf("the chance of a deal that nobody has patience for is %g, want 0", got)
	}
}
