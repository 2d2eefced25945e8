package attribution

import "fmt"

// shapleyValue shares a deal equally among the distinct channels of its journey
// and each channel's part equally among its touches. That is the Shapley value
// of the game in which a set of channels earns the journeys that need no other:
// each journey is a unanimity game of its channels, and in one all players are
// alike (Shapley 1953).
var shapleyValue = Model{
	ID: "shapley", Title: "Shapley value", Short: "Shapley", Family: LearnedFromAll,
	Formula: "1/(m·k) with m the distinct channels of the journey and k its touches of this touch's channel",
	Anchors: "the set of channels of the journey; order and time do not matter",

	weight: "cast(round(1e12 / (channels * channel_touches)) as bigint)",

	explain: func(j DealJourney, position int, _ Credit) []string {
		channel, touches := j.Eligible[position-1].Channel, map[string]int{}
		for _, t := range j.Eligible {
			touches[t.Channel]++
		}
		m, k := len(touches), touches[channel]
		return []string{
			fmt.Sprintf("The path has %s: each gets 1/%d of the deal.", plural(m, "channel", "channels"), m),
			fmt.Sprintf("%s stands on %s: 1 / (%d × %d) = %s each.", channel, plural(k, "touch", "touches"), m, k, digits(1/float64(m*k))),
		}
	},
}
