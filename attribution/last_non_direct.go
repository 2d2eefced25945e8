package attribution

// lastNonDirect gives the whole deal to the last touch whose channel is not
// Direct; when all are Direct, to the last touch.
var lastNonDirect = Model{
	ID: "last_non_direct", Title: "Last non-direct touch", Short: "Last ND", Family: SingleTouch,
	Formula: "1 for the last touch that is not Direct, 0 for all others; all Direct: as last touch",
	Anchors: "the latest eligible touch outside the channel Direct",

	weight:  "case when touch_no = nondirect_touch_no then 1000000000000 else 0 end",
	running: "case when touch_no >= nondirect_touch_no then 1000000000000 else 0 end",
	total:   "1000000000000",

	explain: func(j DealJourney, position int, _ Credit) []string {
		for i := len(j.Eligible); i > 0; i-- {
			if j.Eligible[i-1].Channel != "Direct" {
				return onlyTouch(position, i, "the last touch that is not Direct")
			}
		}
		return onlyTouch(position, len(j.Eligible), "the last touch, and all are Direct")
	},
}
