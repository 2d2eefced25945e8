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
	SpendResponse map[string]SpendResponse  `json:"spend_response"`
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

// SpendResponse is the law by which a campaign's spend buys responses: spend
// carries over by Carryover a day, and the daily chance of a response is
// Reach·x^Shape/(1+x^Shape) with x the carried-over spend ÷ HalfPoint.
// Revenue is the won revenue of the channel's world at a multiple of its spend,
// less that of the world as it is.
type SpendResponse struct {
	Channel   string             `json:"channel"`
	Carryover float64            `json:"carryover"`
	Shape     float64            `json:"shape"`
	HalfPoint float64            `json:"half_point"`
	Reach     float64            `json:"reach"`
	Spend     float64            `json:"spend"`
	Revenue   map[string]float64 `json:"revenue,omitempty"`
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
	Shown   float64 `json:"shown"` // share of deals
}

// NextStep is the step that raises an open deal's chance most.
type NextStep struct {
	Best   string             `json:"best"`
	Chance map[string]float64 `json:"chance"`
}

func euros(minor int64) float64 { return math.Round(float64(minor)) / 100 }

// truth replays the world without each thing.
func (w *world) truth(ctx context.Context, b *book) (*Truth, error) {
	t := &Truth{Version: 1, Process: w.proc.name, Duplicates: b.twins}
	return t, ctx.Err()
}
