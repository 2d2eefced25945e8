package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"

	sampledata "credence/sample-data"
	"credence/warehouse/money"
)

// dimension is what a level groups touches by.
type dimension string

const (
	byChannel  dimension = "channel"
	byCampaign dimension = "campaign"
	byRep      dimension = "rep"
)

// level is one way to divide the won revenue and the truth it is held against.
type level struct {
	id        string // in accuracy.csv
	title     string // over a column
	by        dimension
	effects   func(sampledata.Effects) map[string]float64 // direct, by id, in the company's currency
	remainder bool                                        // touches may name nothing: they are held against what the names and the base leave
	extra     bool                                        // of it the report shows the money error alone; accuracy.csv has all
}

// levels lists the levels in the order of the report.
//
// Reps stand twice. What a rep's touches cause is what a ledger of touches can
// be held to. What the rep's planted behaviours cause besides (answering fast,
// engaging three contacts) comes without a touch, so it is part of the base too,
// and no ledger can match both.
var levels = []level{
	{
		id: "channel", title: "channel", by: byChannel,
		effects: func(e sampledata.Effects) map[string]float64 { return direct(e.Channel) },
	},
	{
		id: "campaign", title: "campaign", by: byCampaign, remainder: true,
		effects: func(e sampledata.Effects) map[string]float64 { return direct(e.Campaign) },
	},
	{
		id: "rep", title: "rep", by: byRep, remainder: true,
		effects: func(e sampledata.Effects) map[string]float64 {
			return repEffects(e.Rep, func(x sampledata.RepEffect) float64 { return x.Touches })
		},
	},
	{
		id: "rep_behaviours", title: "rep with behaviours", by: byRep, remainder: true, extra: true,
		effects: func(e sampledata.Effects) map[string]float64 {
			return repEffects(e.Rep, func(x sampledata.RepEffect) float64 { return x.Direct })
		},
	},
}

func direct(effects map[string]sampledata.Effect) map[string]float64 {
	out := make(map[string]float64, len(effects))
	for id, e := range effects {
		out[id] = e.Direct
	}
	return out
}

func repEffects(effects map[string]sampledata.RepEffect, of func(sampledata.RepEffect) float64) map[string]float64 {
	out := make(map[string]float64, len(effects))
	for id, e := range effects {
		out[id] = of(e)
	}
	return out
}

// truth is what a world's revenue really came from, in minor units.
type truth struct {
	won    float64
	splits []split // one of each of levels
}

// readTruth reads a world's truth.json.
func readTruth(path string) (truth, error) {
	data, err := os.ReadFile(path) //nolint:gosec // below a folder of our own
	if err != nil {
		return truth{}, fmt.Errorf("read the truth: %w", err)
	}
	var t sampledata.Truth
	if err = json.Unmarshal(data, &t); err != nil {
		return truth{}, fmt.Errorf("read the truth: %w", err)
	}
	return truthOf(t)
}

func truthOf(t sampledata.Truth) (truth, error) {
	digits, err := money.Exponent(t.Base.Currency)
	if err != nil {
		return truth{}, fmt.Errorf("read the truth: %w", err)
	}
	minor := func(amount float64) float64 { return math.Round(amount * math.Pow10(digits)) }
	out := truth{won: minor(t.Base.Won)}
	for _, l := range levels {
		s := split{named: l.effects(t.Effects), unattributed: minor(t.Base.Revenue)}
		for id, amount := range s.named {
			s.named[id] = minor(amount)
		}
		if l.remainder {
			s.none = out.won - s.unattributed - s.attributed()
		}
		out.splits = append(out.splits, s)
	}
	return out, nil
}
