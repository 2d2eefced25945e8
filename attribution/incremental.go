package attribution

import "fmt"

// incrementalModel shares a deal by what its touches caused, as far as that can
// be told: see package attribution/incremental. It is the only model that leaves
// a part of a touched deal to no touch.
var incrementalModel = Model{
	ID: "incremental", Title: "Incremental", Short: "Incr.", Family: LearnedFromAll,
	Formula: "amount × p0/p is unattributed, with p and p0 the modelled chance of the deal with all its touches and with none; the rest in proportion to what the chance loses without each touch alone",
	Anchors: "two regressions over all accounts: of deals being made and of deals moving on; touches carried over with a half-life of 28 days; season, account and the account's own interest held equal; Direct earns nothing, for it is that interest",

	weight: "touch_incremental", base: "deal_incremental",

	explain: func(j DealJourney, position int, own Credit) []string {
		t := j.Eligible[position-1]
		if own.WeightE12 == 0 {
			return []string{fmt.Sprintf("The chance of this deal is the same without this touch of %s, as far as all accounts tell: it was too old, on the very day of what it might have caused, or of a kind whose effect does not stand out from chance.", t.Channel)}
		}
		var touches int64
		for _, t := range j.Eligible {
			for _, c := range t.Credits {
				if c.Model == own.Model {
					touches += c.WeightE12
				}
			}
		}
		return []string{
			fmt.Sprintf("Without any of its touches the chance of this deal would be p0/p = %s of what it was; that part is unattributed.", rounded(own.TotalE12-touches)),
			fmt.Sprintf("The touches share the other %s by what the chance loses without each of them alone. This touch of %s has %s of these losses: %s × %s = %s.",
				rounded(touches), t.Channel, digits(float64(own.WeightE12)/float64(touches)), rounded(touches), digits(float64(own.WeightE12)/float64(touches)), rounded(own.WeightE12)),
		}
	},
}
