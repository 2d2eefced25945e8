package attribution

// first gives the whole deal to the first touch of its journey.
var first = Model{
	ID: "first", Title: "First touch", Short: "First", Family: SingleTouch,
	Formula: "1 for the first touch, 0 for all others",
	Anchors: "the earliest eligible touch",

	weight:  "case when position = 1 then 1000000000000 else 0 end",
	running: "1000000000000",
	total:   "1000000000000",

	explain: func(_ DealJourney, position int, _ Credit) []string { return onlyTouch(position, 1, "the first touch") },
}
