package attribution

import "fmt"

// markovChain shares a deal by what the chain of all closed deals loses without
// each touch's channel: see package attribution/markov. A deal whose channels
// all lose nothing is unattributed.
var markovChain = Model{
	ID: "markov", Title: "Markov chain", Short: "Markov", Family: LearnedFromAll,
	Formula: "in proportion to the removal effect of the touch's channel: the share of won deals that the chain of all closed journeys loses without it",
	Anchors: "the order of channels in won and lost journeys; order of the chain from the settings, 1 unless changed",

	weight:  "channel_markov",
	partial: true,

	explain: func(j DealJourney, position int, own Credit) []string {
		return []string{fmt.Sprintf("Without %s the chain of all closed journeys (order %d) wins %s less often: this removal effect, %s, is the weight of each of its touches.",
			j.Eligible[position-1].Channel, j.Settings.MarkovOrder, percent(own.WeightE12), rounded(own.WeightE12))}
	},
}
