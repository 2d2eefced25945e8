package attribution

// incrementalModel shares a deal by what its touches caused, as far as that can
// be told: see package attribution/incremental. It is the only model that leaves
// a part of a touched deal to no touch.
var incrementalModel = Model{
	ID: "incremental", Title: "Incremental", Short: "Incr.", Family: LearnedFromAll,
	Formula: "amount × p0/p is unattributed, with p and p0 the modelled chance of the deal with all its touches and with none; the rest in proportion to what the chance loses without each touch alone",
	Anchors: "two regressions over all accounts: of deals being made and of deals moving on; touches carried over with a half-life of 28 days; season, account and the account's own interest held equal; Direct earns nothing, for it is that interest",

	weight: "touch_incremental", partial: true, base: "deal_incremental",

	explain: func(j DealJourney, position int, own Credit) []string {
		return j.explainIncremental(position, own)
	},
}
