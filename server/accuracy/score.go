package main

import (
	"math"
	"slices"

	"credence/attribution"
)

// The figures of accuracy.csv.
const (
	figMoney        = "money_error"
	figShare        = "share_error"
	figRank         = "rank_agreement"
	figUnattributed = "unattributed_share"
	figCovered      = "interval_coverage"
	figWidth        = "interval_width"
)

// Rows of the report that are no models.
const (
	nothing = "nothing" // all revenue left unattributed: a yardstick
	inTruth = "truth"   // the least error any ledger can have, and the true base
)

// incremental is the model that estimates what a touch causes; it alone states
// intervals.
const incremental = "incremental"

// everyLevel stands for the level of a figure that is the same at all levels.
const everyLevel = "all"

// score is one figure of one world.
type score struct {
	Level, Model, Figure string
	Value                float64
}

// modelOrder is the ids of the report's rows in the order of the models.
func modelOrder() []string {
	return slices.Concat(attribution.ModelIDs(), aggregates, []string{nothing, inTruth})
}

// scoresOf holds every model's ledger against the truth; intervals are those of
// incremental by dimension.
func scoresOf(t truth, ledgers map[string]*ledger, intervals map[dimension][]interval) []score {
	var out []score
	put := func(level, model, figure string, value float64) {
		if !math.IsNaN(value) {
			out = append(out, score{level, model, figure, value})
		}
	}
	for _, id := range modelOrder() {
		l := ledgers[id]
		if l == nil {
			continue
		}
		put(everyLevel, id, figUnattributed, l.splits[byChannel].unattributed/t.won)
		for i, lv := range levels {
			credited, ok := l.splits[lv.by]
			if !ok {
				continue // a level that the model had too little data to learn of
			}
			caused := t.splits[i]
			put(lv.id, id, figMoney, moneyError(credited, caused, t.won))
			put(lv.id, id, figShare, shareError(credited, caused))
			put(lv.id, id, figRank, rankAgreement(credited, caused))
		}
	}
	for i, lv := range levels {
		put(lv.id, nothing, figMoney, moneyError(split{unattributed: t.won}, t.splits[i], t.won))
		put(lv.id, inTruth, figMoney, leastError(t.splits[i], t.won))
		covered, width := coverage(intervals[lv.by], t.splits[i], t.won)
		put(lv.id, incremental, figCovered, covered)
		put(lv.id, incremental, figWidth, width)
	}
	put(everyLevel, nothing, figUnattributed, 1)
	put(everyLevel, inTruth, figUnattributed, t.splits[0].unattributed/t.won)
	return out
}
