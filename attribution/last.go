package attribution

// last gives the whole deal to the last touch at or before the close.
var last = Model{
	ID: "last", Title: "Last touch", Short: "Last", Family: SingleTouch,
	Formula: "1 for the last touch, 0 for all others",
	Anchors: "the latest eligible touch at or before the close",

	weight:  "case when position = touches then 1000000000000 else 0 end",
	running: "case when position = touches then 1000000000000 else 0 end",
	total:   "1000000000000",

	explain: func(j DealJourney, position int, _ Credit) []string {
		return onlyTouch(position, len(j.Eligible), "the last touch")
	},
}
