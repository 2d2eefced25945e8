package ui_test

import "credence/ui"

// The samples of the pages about closed quarters.
var (
	sampleClosings    = []ui.ClosingLine{{Version: evil, When: evil, Who: evil, Email: evil, Reason: evil}, {Version: evil, Href: "?version=1", When: evil, Who: evil}}
	sampleDelta       = ui.Delta{Axis: sampleAxis, To: 2, Kind: "loss", Label: evil}
	sampleRestatement = ui.Restatement{
		Facts: []ui.Fact{{Name: evil, Value: evil}}, Section: sampleHead, Axis: sampleAxis, Rule: sampleHead, Changes: []string{evil}, Closings: sampleClosings,
		Causes: []ui.RestatedCause{{Name: evil, Means: evil, Href: "?cause=late", Bar: sampleDelta, Moved: evil, Net: evil, Deals: evil}},
		Table: ui.RestatedTable{
			Section: sampleHead, Head: evil, Axis: sampleAxis, Causes: []string{evil},
			Rows:  []ui.RestatedRow{{Name: evil, Channel: evil, Then: evil, Now: evil, Change: evil, Bar: &sampleDelta, By: []string{evil}}, {Name: evil, Quiet: true, By: []string{evil}}},
			Total: ui.RestatedRow{Name: evil, Then: evil, Now: evil, Change: evil, By: []string{evil}},
		},
		Deals: ui.RestatedDeals{Section: sampleHead, Rows: []ui.RestatedLine{{Name: evil, Sub: evil, Href: "?deal=1", Causes: evil, What: evil, Then: evil, Now: evil, Moved: evil, Current: true}}, More: evil},
		Deal: &ui.RestatedDeal{
			Section: sampleHead, Close: "?", Causes: []string{evil}, Rows: []ui.RestatedTouch{{Name: evil, Sub: evil, Channel: evil, Position: evil, Then: evil, Now: evil, Change: evil, By: []string{evil}, Note: evil}},
			Total: ui.RestatedTouch{Name: evil, Then: evil, Now: evil, Change: evil, By: []string{evil}},
		},
	}
	sampleClosePeriod = ui.ClosePeriod{
		Problem: &ui.Message{Kind: "bad", Text: ui.Say(evil)}, Section: sampleHead, Facts: []ui.Fact{{Name: evil, Value: evil}}, Does: []string{evil}, Action: "/x", Version: evil,
		Reason: ui.Field{Kind: "area", Name: "reason", Label: evil, Max: "500", Hint: evil, Value: evil, Error: evil}, Button: evil, Before: sampleHead, Closings: sampleClosings,
	}
)
