package ui_test

import (
	"encoding/json"
	"io"
	"testing"

	"credence/ui"
	"credence/ui/charts"
)

// The samples of the sales pages: every part filled, every name hostile.

var (
	sampleHead = ui.Section{ID: "s", Finding: ui.Say(evil).Link(evil, "/deals"), Measure: ui.Say(evil), Table: &ui.Table{
		Caption: evil, Head: []string{evil, "b"}, Rows: [][]string{{evil, "1"}}, Foot: []string{"sum", "1"},
	}}
	sampleAxis  = ui.NewAxis([]float64{1, 4}, func(float64) string { return evil })
	sampleRow   = ui.BoardRow{Rank: 1, Name: evil, Sub: evil, Href: "/reps/1", Drawn: true, Won: "€1", WonHref: "/deals", Of: "€2", Gap: "€1", Attained: "50 %", Bullet: ui.Bullet{Axis: sampleAxis, Value: 1, Quota: 2, Pace: 1, Label: evil}}
	sampleBoard = ui.Board{Head: sampleHead, Ranked: true, Of: "Rep", Rows: []ui.BoardRow{sampleRow}, Total: &sampleRow, Note: ui.Say(evil)}
	sampleTiles = []ui.Tile{{Name: evil, Define: evil, Value: evil, Href: "/deals", Notes: []string{evil}, Change: ui.Change{Text: evil, Note: evil, Up: true, Good: true}, Spark: ui.Spark{Values: []float64{1, 2, 3}, Label: evil}}, {Name: "n/a"}}
	sampleStep  = ui.Step{Name: evil, Note: evil, Href: "/deals", Delta: ui.Delta{Axis: sampleAxis, To: 2, Kind: "part", Text: evil, Label: evil}, Text: evil}
	sampleSteps = ui.Steps{Head: sampleHead, Start: ui.Fact{Name: evil, Value: evil, Href: "/deals"}, Rows: []ui.Step{sampleStep}, Sum: &sampleStep, Note: ui.Say(evil)}
	sampleRate  = ui.RateRow{Name: evil, Href: "/reps/1", Won: 1, Lost: 2, WonText: evil, WonHref: "/deals", LostText: evil, LostHref: "/deals", Rate: evil, Revenue: evil, Average: evil, Axis: sampleAxis}
	sampleRates = ui.Rates{Head: sampleHead, Of: evil, Axis: sampleAxis, Rows: []ui.RateRow{sampleRate}, All: sampleRate, Note: ui.Say(evil)}
	sampleEarn  = ui.Earned{Head: sampleHead, Of: "Post", Axis: sampleAxis, Grades: true, Note: ui.Say(evil), Rows: []ui.EarnedRow{{
		Name: evil, Sub: evil, Channel: evil, Href: "/x", Credit: evil, Deals: evil, Grades: ui.Grades{A: 1, B: 2, C: 3, D: 4},
		Range: ui.Range{Axis: sampleAxis, Low: 1, High: 3, Value: 2, Channel: evil, Label: evil},
	}}}
	sampleFunnel = ui.Funnel{Head: sampleHead, Rows: []ui.FunnelRow{{Stage: evil, Href: "/deals", Entered: sampleStep.Delta, Count: "3", Onward: evil, Days: evil}}, Won: ui.FunnelRow{Stage: "Won", Entered: sampleStep.Delta}}
)

var sampleOverview = ui.Overview{
	Notice: &ui.Notice{Text: ui.Say(evil)}, Won: sampleHead, Chart: charts.Chart{Label: evil, Option: json.RawMessage(`{"a":"\u003c/script\u003e"}`)},
	Teams: ui.Board{Head: sampleHead, Narrow: true, Of: "Team", Rows: []ui.BoardRow{sampleRow}, Total: &sampleRow}, Tiles: sampleTiles,
	Change: &sampleSteps, ByTeam: &sampleSteps, Reps: &sampleBoard, Funnel: &sampleFunnel, Rates: &sampleRates, Campaigns: &sampleEarn, Posts: &sampleEarn,
}

var sampleTeam = ui.TeamPage{
	Reps: &sampleBoard, Teams: &sampleBoard, Tiles: sampleTiles, Rates: &sampleRates, Change: &sampleSteps,
	Heat:     &ui.HeatTable{Head: sampleHead, Groups: []ui.HeatGroup{{Text: evil, Span: 1}}, Columns: []ui.HeatColumn{{Text: evil, Define: evil}}, Rows: []ui.HeatRow{{Name: evil, Href: "/reps/1", Cells: []ui.Heat{{Text: evil, Strength: -.4, Title: evil}}}}, Median: []string{evil}, Note: ui.Say(evil)},
	Drifting: &ui.DriftTable{Head: sampleHead, Owners: true, Rows: []ui.DriftRow{{Deal: evil, Sub: evil, Href: "/deals/1", Owner: evil, Stage: evil, Due: evil, Why: []string{evil}, Amount: evil}}, Total: evil, Sum: evil, Note: ui.Say(evil)},
}

var sampleRep = ui.RepPage{
	Number: &ui.NumberBar{Head: sampleHead, Axis: sampleAxis, Won: 2, WonText: evil, Quota: 3, QuotaText: evil, Pace: 1, PaceText: evil, Note: ui.Say(evil), Parts: []ui.NumberPart{{From: 2, To: 3, Shade: 3, Chance: evil, Name: evil, Amount: evil, Href: "/deals/1", Named: true}}},
	Tiles:  sampleTiles, Posts: &sampleEarn,
	Open:     &ui.OpenTable{Head: sampleHead, Rows: []ui.OpenRow{{Deal: evil, Sub: evil, Href: "/deals/1", Stage: evil, Due: evil, Late: true, Chance: .4, Known: true, Text: evil, Why: evil, Amount: evil}}, More: ui.Link{Text: evil, Href: "/deals"}},
	Standing: &ui.StandingTable{Head: sampleHead, Who: evil, Rows: []ui.StandingRow{{Name: evil, Define: evil, Known: true, Own: evil, Team: evil, Glyph: ui.Standing{Axis: sampleAxis, You: 1, Team: 2, HasTeam: true, Label: evil}}}},
	Credit:   &ui.CreditTable{Head: sampleHead, Bar: ui.Whole{Label: evil, Parts: []ui.Part{{Name: evil, Kind: "ink", Value: 1, Text: evil}}}, Facts: []ui.Fact{{Name: evil, Value: evil}}, Rows: []ui.CreditRow{{Deal: evil, Href: "/deals/1", Amount: evil, Credit: evil, Bucket: evil, Grades: ui.Grades{A: 1}}}, More: ui.Say(evil)},
	Else:     &ui.ElseTable{Head: sampleHead, Rows: []ui.ElseRow{{Account: evil, Stage: evil, Touches: evil, Credit: evil}}, More: ui.Say(evil)},
	Touches:  &ui.TouchTable{Head: sampleHead, Rows: []ui.TouchRow{{Day: evil, What: evil, Title: evil, Channel: evil, Account: evil, Deal: evil, Href: "/deals/1", Grade: "A", Reason: evil}}, More: ui.Say(evil)},
}

var sampleDeals = ui.DealsPage{
	Filters: ui.DealFilters{Status: ui.Segments{Options: []ui.Option{{Text: evil, Href: "/deals"}}}, Text: evil, Hidden: []ui.Hidden{{Name: evil, Value: evil}}, Owners: []ui.Pick{{Value: evil, Text: evil, Chosen: true}}},
	Chips:   []ui.Chip{{Name: evil, Value: evil, Remove: "/deals"}}, Heads: []ui.SortHead{{Text: evil, Href: "/deals", Order: "descending"}}, Owners: true, Sum: ui.Say(evil),
	Rows:  []ui.DealLine{{Deal: evil, Account: evil, Href: "/deals/1", Owner: evil, Team: evil, Product: evil, Stage: evil, Status: evil, Created: evil, Date: evil, Expects: true, Amount: evil, Aside: evil}},
	First: "/deals", Next: "/deals?after=x",
}

// BenchmarkRenderOverview renders the fullest page from a filled view.
func BenchmarkRenderOverview(b *testing.B) {
	for b.Loop() {
		if err := ui.Render(io.Discard, "overview", ui.Layout{}, sampleOverview); err != nil {
			b.Fatal(err)
		}
	}
}
