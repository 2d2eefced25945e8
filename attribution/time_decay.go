package attribution

import (
	"fmt"
	"math"
)

// timeDecay halves a touch's share for each half-life between it and the last
// touch of the journey:
//
//	weight(t) = 2^(−(last − t) / half-life)
//
// Counting back from the last touch gives the same shares as counting back from
// the close, and never makes them all zero. A touch so old that its weight
// rounds to nothing earns nothing.
var timeDecay = Model{
	ID: "time_decay", Title: "Time decay", Short: "Decay", Family: MultiTouch,
	Formula: "in proportion to 2^(−Δt/h), Δt before the last eligible touch, h the half-life",
	Anchors: "the latest eligible touch; half-life from the settings, 7 days unless changed",

	weight: "cast(round(1e12 * power(2e0, -1e0 * age_s / half_life_s)) as bigint)",

	explain: func(j DealJourney, position int, _ Credit) []string {
		last := j.Eligible[len(j.Eligible)-1]
		days, h := last.OccurredAt.Sub(j.Eligible[position-1].OccurredAt).Hours()/24, j.Settings.HalfLifeDays
		return []string{
			fmt.Sprintf("Touch %d lies Δt = %s days before touch %d, the last one.", position, digits(days), last.Position),
			fmt.Sprintf("With a half-life of %g days it weighs 2^(−%s / %g) = %s.", h, digits(days), h, digits(math.Exp2(-days/h))),
		}
	},
}
