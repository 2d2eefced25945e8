package sampledata

import (
	"context"
	"math"
)

// Truth is what caused the revenue: truth.json. Amounts are in the company's
// currency.
type Truth struct {
	Version       int                       `json:"version"`
	Process       string                    `json:"process"`
	Effects       Effects                   `json:"effects"`
	SpendResponse SpendTruth                `json:"spend_response"`
	Base          Base                      `json:"base"`
	Behaviours    map[string]BehaviourTruth `json:"behaviours"`
	NextSteps     map[string]NextStep       `json:"next_steps"`
	Duplicates    []twin                    `json:"duplicates"`
}

// Effects are the incremental revenues of what may earn credit, by id.
type Effects struct {
	Channel  map[string]Effect    `json:"channel"`
	Campaign map[string]Effect    `json:"campaign"`
	Post     map[string]Effect    `json:"post"`
	Rep      map[string]RepEffect `json:"rep"`
}

// Effect is the won revenue that is missing in a replay without the thing:
// Direct when its touches add nothing and all else is as drawn, Total when what
// they triggered is absent too.
type Effect struct {
	Direct float64 `json:"direct"`
	Total  float64 `json:"total"`
}

// RepEffect is what the world loses without a rep's planted effects: the touches
// and the behaviours, together (Direct, Total) and each alone (direct).
type RepEffect struct {
	Direct     float64 `json:"direct"`
	Total      float64 `json:"total"`
	Touches    float64 `json:"touches"`
	Behaviours float64 `json:"behaviours"`
}

// SpendTruth says how spend buys responses and revenue.
type SpendTruth struct {
	Campaign map[string]CampaignResponse `json:"campaign"`
	Channel  map[string]ChannelResponse  `json:"channel"`
}

// CampaignResponse is the law of one campaign: spend carries over by Carryover a
// day, and the daily chance that a fitting account responds is
// Reach·x^Shape/(1+x^Shape) with x the carried-over spend ÷ HalfPoint.
// Newsletters are sent whatever is spent.
type CampaignResponse struct {
	Channel   string  `json:"channel"`
	Spend     float64 `json:"spend"`
	Carryover float64 `json:"carryover"`
	Shape     float64 `json:"shape"`
	HalfPoint float64 `json:"half_point"`
	Reach     float64 `json:"reach"`
}

// ChannelResponse is the won revenue that the world gains (or loses) at a
// multiple of the channel's spend, against the world as it is.
type ChannelResponse struct {
	Spend   float64            `json:"spend"`
	Revenue map[string]float64 `json:"revenue"`
}

// Base is the revenue that comes without any touch.
type Base struct {
	Currency string  `json:"currency"`
	Won      float64 `json:"won"`
	Revenue  float64 `json:"revenue"`
	Share    float64 `json:"share"`
}

// BehaviourTruth says whether a behaviour acts on winning and what it earned.
type BehaviourTruth struct {
	Matters bool    `json:"matters"`
	LogOdds float64 `json:"log_odds"`
	Direct  float64 `json:"direct"`
	Shown   float64 `json:"shown,omitempty"` // share of deals
}

// NextStep is the step that raises an open deal's chance most.
type NextStep struct {
	Best   string             `json:"best"`
	Chance map[string]float64 `json:"chance"`
}

func euros(minor int64) float64 { return math.Round(float64(minor)) / 100 }

// truth replays the world without each thing that may have earned revenue.
func (w *world) truth(ctx context.Context, b *book) (*Truth, error) {
	r := newReplays(w)
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	t := &Truth{
		Version: 1, Process: w.proc.name, Duplicates: b.twins,
		Effects:    Effects{Channel: map[string]Effect{}, Campaign: map[string]Effect{}, Post: map[string]Effect{}, Rep: map[string]RepEffect{}},
		Behaviours: w.behaviourTruth(r, b), NextSteps: w.nextSteps(b), SpendResponse: w.spendTruth(r),
	}
	effect := func(th thing) Effect { return Effect{euros(r.lost[th][direct1]), euros(r.lost[th][total1])} }
	for c := range channelCount {
		t.Effects.Channel[c.String()] = effect(thing{ofChannel, int(c)})
	}
	for i, c := range w.campaigns {
		t.Effects.Campaign[c.id] = effect(thing{ofCampaign, i})
	}
	for i := range w.posts {
		t.Effects.Post[w.posts[i].id] = effect(thing{ofPost, i})
	}
	for i, x := range w.reps {
		lost := r.lost[thing{ofRep, i}]
		t.Effects.Rep[x.id] = RepEffect{euros(lost[direct1]), euros(lost[total1]), euros(lost[touchesOnly]), euros(lost[behavioursOnly])}
	}
	won, base := r.won, r.won-r.lost[thing{ofAll, 0}][direct1]
	t.Base = Base{Currency: "EUR", Won: euros(won), Revenue: euros(base), Share: share(base, won)}
	return t, nil
}

// share is a÷b to four digits, 0 when b is 0.
func share(a, b int64) float64 {
	if b == 0 {
		return 0
	}
	return math.Round(10000*float64(a)/float64(b)) / 10000
}

func (w *world) behaviourTruth(r *replays, b *book) map[string]BehaviourTruth {
	out := map[string]BehaviourTruth{}
	for bh := range behaviourCount {
		shown := int64(0)
		for _, d := range b.deals {
			if d.shown&(1<<bh) != 0 {
				shown++
			}
		}
		odds := w.proc.behaviour(bh)
		out[behaviourNames[bh]] = BehaviourTruth{Matters: odds != 0, LogOdds: odds, Direct: euros(r.lost[thing{ofBehaviour, int(bh)}][direct1]), Shown: share(shown, int64(len(b.deals)))}
	}
	for _, bh := range []behaviour{mailVolume, lateNightMail, loggedMailCount} {
		out[behaviourNames[bh]] = BehaviourTruth{}
	}
	return out
}

func (w *world) spendTruth(r *replays) SpendTruth {
	t := SpendTruth{Campaign: map[string]CampaignResponse{}, Channel: map[string]ChannelResponse{}}
	spent := map[channel]int64{}
	for i := range w.campaigns {
		c := &w.campaigns[i]
		total := int64(0)
		for k, s := range c.spend {
			x, _ := w.reported(s, c.currency, w.date(c.from+k))
			total += x
		}
		spent[c.ch] += total
		t.Campaign[c.id] = CampaignResponse{Channel: c.ch.String(), Spend: euros(total), Carryover: c.theta, Shape: c.alpha, HalfPoint: c.half, Reach: c.reach}
	}
	for ch, total := range spent {
		x := ChannelResponse{Spend: euros(total), Revenue: map[string]float64{}}
		for k, name := range spendFactors {
			x.Revenue[name] = euros(-r.lost[thing{ofSpend, int(ch)}][k])
		}
		t.Channel[ch.String()] = x
	}
	return t
}
