package ui_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"credence/ui"
	"credence/ui/charts"
)

// The samples of the pages about credit: every part filled, every name hostile.

var (
	sampleDay      = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)
	sampleTimeline = ui.Timeline{
		Label: evil, From: sampleDay.AddDate(0, -1, 0), To: sampleDay.AddDate(0, 3, 0), WindowFrom: sampleDay, WindowTo: sampleDay.AddDate(0, 2, 0), WindowText: evil,
		Lanes: []ui.Lane{
			{Name: evil, Role: evil, Marks: []ui.Mark{
				{At: sampleDay, Number: 1, Channel: "Event", Grade: "A", Title: evil, Under: evil, Href: "/deals/1?touch=1", Selected: true, Describe: evil},
				{At: sampleDay.AddDate(0, 0, -8), Grade: "B", Under: "sent only", Describe: evil},
			}},
			{Name: "Person unknown", Unknown: true, Marks: []ui.Mark{{At: sampleDay.AddDate(0, 1, 0), Grade: "D", Under: "suspected", Describe: evil}}},
		},
		Anchors: []ui.Anchor{{Code: "FT", Text: evil, At: sampleDay}, {Code: "CW", Text: "closed won", At: sampleDay.AddDate(0, 2, 0), End: true}},
		Stages:  []ui.StageSpan{{Name: evil, From: sampleDay, To: sampleDay.AddDate(0, 1, 0), Note: evil}},
	}
	sampleMatrixRow = ui.MatrixRow{Number: 1, Channel: "Sales", Name: evil, Sub: evil, Cells: []ui.Heat{{Text: evil, Strength: .5, Chosen: true, Selected: true, Href: "/deals/1", Title: evil}}, Range: ui.Range{Axis: sampleAxis, Low: 1, High: 2, Value: 1, Channel: "Sales", Label: evil}}
	sampleColumns   = []ui.MatrixColumn{{Text: evil, Title: evil, Href: "?model=first", Chosen: true}}
	sampleDeal      = ui.Deal{
		Facts: []ui.Fact{{Name: evil, Value: evil, Href: "/deals"}}, Journey: sampleHead, Timeline: sampleTimeline, Milestones: []ui.WhyAnchor{{Code: "LC", Text: evil, Missing: true}},
		Matrix: &ui.CreditMatrix{
			Section: sampleHead, Columns: sampleColumns, Rows: []ui.MatrixRow{sampleMatrixRow}, Rest: []ui.MatrixRow{sampleMatrixRow}, Sums: []string{evil},
			Split: sampleHead, Parts: ui.Whole{Label: evil, Parts: []ui.Part{{Name: evil, Kind: "ink", Value: 1}, {Name: ui.Unattributed, Value: 1}}}, Legend: []ui.Fact{{Name: evil, Value: evil}},
		},
		Why:     &ui.WhyAmount{Title: evil, Sub: evil, Lines: []ui.WhyLine{{Name: evil, Value: evil, Note: evil, Steps: []string{evil}}}, Total: ui.WhyLine{Name: evil, Value: evil}, Grade: "A", Proof: ui.Say(evil), Anchor: []ui.WhyAnchor{{Code: "FT", Text: evil}}, Close: "/deals/1", Rules: evil},
		Nothing: sampleHead, Silent: []ui.Silent{{When: evil, Touch: evil, Who: evil, Reason: evil, Grade: "D"}}, More: 3,
		Known: sampleHead, People: []ui.Known{{Name: evil, Role: evil, Basis: evil, Told: evil, Unknown: true}}, MorePeople: 2,
		Models: sampleHead, Weighs: []ui.Weigh{{Name: evil, Formula: evil, Anchors: evil, Href: "?model=first", Chosen: true}},
	}
	sampleLedgerRow = ui.LedgerRow{Name: evil, Sub: evil, Href: "/x", Channel: evil, Range: sampleMatrixRow.Range, Share: evil, Credit: evil, Rows: "/x", Reach: evil, Spend: evil, Span: evil, Deals: evil, Rank: evil, Grades: ui.Grades{A: 1, B: 1, C: 1}, MER: evil, Pays: ui.Pays{Text: evil, Kind: "warn"}, Sourced: evil, Assist: evil, Suspect: evil}
	sampleLedger    = ui.LedgerTable{
		Section: sampleHead, Head: evil, Axis: sampleAxis, Ranges: evil, HasSpend: true, HasRank: true, HasReps: true, HasReach: true, HasMoney: true, Buckets: &ui.Whole{Label: evil, Names: true, Parts: []ui.Part{{Name: evil, Kind: "ink", Value: 3, Href: "/x"}}}, Rows: []ui.LedgerRow{sampleLedgerRow},
		Rest: []ui.LedgerRow{{Name: evil, Hatch: &ui.Delta{Axis: sampleAxis, To: 1, Label: evil}}}, Total: ui.LedgerRow{Name: evil, Sub: evil}, More: ui.Say(evil), Note: evil,
	}
	sampleSegments = ui.Segments{Label: evil, Options: []ui.Option{{Text: evil, Note: evil, Href: "?model=first", Current: true}}, More: []ui.Option{{Text: evil, Href: "?model=last"}}}
	sampleChoice   = ui.ModelChoice{
		Families: []ui.Segments{sampleSegments}, Title: evil, About: "/x", Formula: evil, Anchors: evil,
		All: []ui.ModelLine{{Family: evil, Title: evil, Href: "?model=first", Formula: evil, Anchors: evil, Chosen: true}},
	}
	samplePager      = ui.Pager{First: "/x", Next: "/y"}
	sampleLedgerRows = ui.LedgerRows{
		Chips: []ui.Chip{{Name: evil, Value: evil, Remove: "/x"}}, Section: sampleHead, Reasons: sampleSegments, Pager: samplePager,
		Rows:  []ui.LedgerLine{{Deal: evil, Account: evil, Href: "/deals/1", Closed: evil, Touch: evil, Kind: evil, When: evil, Channel: evil, Position: evil, Grade: "A", Bucket: evil, Reason: evil, Share: evil, Credit: evil, Of: evil}},
		Total: ui.LedgerLine{Deal: evil, Credit: evil},
	}
	samplePipelineRow  = ui.PipelineRow{Name: evil, Href: "/x", Channel: evil, Bar: ui.Delta{Axis: sampleAxis, To: 1, Label: evil}, Share: evil, Amount: evil, Rows: "/y", Weighted: evil, Deals: evil}
	sampleOpenPipeline = ui.OpenPipeline{Models: sampleChoice, Money: sampleSegments, Section: sampleHead, Axis: sampleAxis, Head: evil, Rows: []ui.PipelineRow{samplePipelineRow}, Rest: []ui.PipelineRow{{Name: evil, Hatched: true, Bar: samplePipelineRow.Bar}}, Total: samplePipelineRow, Note: evil}
	sampleCampaigns    = ui.Campaigns{Models: sampleChoice, Basis: sampleSegments, Immature: &ui.Notice{Text: ui.Say(evil)}, Table: sampleLedger}
	sampleCampaign     = ui.Campaign{
		Models: sampleChoice, Basis: sampleSegments, Facts: []ui.Fact{{Name: evil, Value: evil, Href: "/x"}}, Range: sampleHead, Axis: sampleAxis,
		ByModel:  []ui.CampaignModel{{Title: evil, Href: "/x", Chosen: true, Bar: samplePipelineRow.Bar, Credit: evil}},
		Journeys: sampleHead, Rows: []ui.CampaignJourney{{Deal: evil, Account: evil, Href: "/deals/1", Status: evil, Stage: evil, Closed: evil, Place: evil, Touches: evil, Amount: evil, Credit: evil}}, Pager: samplePager,
		PostHead: sampleHead, Posts: []ui.CampaignPost{{Title: evil, Channel: evil, By: evil, Published: evil, Credit: evil, Rows: "/x"}},
	}
	sampleAttribution = ui.Attribution{
		Models: sampleChoice, Basis: sampleSegments, Money: sampleSegments, Immature: &ui.Notice{Text: ui.Say(evil)},
		MER: ui.Say(evil), Coverage: ui.Say(evil), Missing: ui.Say(evil), Bar: ui.Whole{Label: evil, Names: true, Parts: []ui.Part{{Name: evil, Kind: evil, Value: 3}}},
		Chips: []ui.Chip{{Name: evil, Value: evil, Remove: "/attribution"}}, Main: sampleLedger, Others: []ui.LedgerTable{sampleLedger},
		Disagree:  &ui.ModelTable{Section: sampleHead, Columns: sampleColumns, Rows: []ui.MatrixRow{sampleMatrixRow}, Rest: []ui.MatrixRow{sampleMatrixRow}},
		Uncovered: ui.Uncovered{Section: sampleHead, Rows: []ui.UncoveredRow{{Name: evil, Href: "/x", Note: evil, Deals: "1", Won: "€1", Bar: ui.Delta{Axis: sampleAxis, To: 2, Label: evil}}}},
	}
	sampleMER        = ui.MERTable{Section: sampleHead, Head: evil, Axis: ui.NewLogAxis([]float64{.2, 12}, func(float64) string { return evil }), Rows: []ui.MERRow{{Name: evil, Sub: evil, Channel: "Event", Range: &sampleMatrixRow.Range, Mark: ui.Change{Text: evil}}}, Rest: []ui.MERRow{{Name: evil}}, Total: ui.MERRow{Name: evil}, More: evil}
	sampleEfficiency = ui.Efficiency{
		Models:  sampleChoice,
		Warning: &ui.Notice{Text: ui.Say(evil)}, Identity: sampleHead, Terms: []ui.Term{{Sign: "−", Name: evil, Value: evil, Big: true}}, Whole: sampleAttribution.Bar,
		Checks: []ui.Words{ui.Say(evil)}, Channels: sampleMER, Campaigns: sampleMER, Portfolio: sampleHead, Chart: &charts.Chart{Label: evil, Option: json.RawMessage(`{"a":"</script>"}`)}, Expenses: sampleHead, Lists: [][]ui.Fact{{{Name: evil, Value: evil}}},
	}
	sampleReports = ui.Reports{Section: sampleHead, Rows: []ui.ReportRow{{Period: evil, Days: evil, State: evil, Since: ui.Link{Text: evil, Href: "/x"}, Close: ui.Link{Text: evil, Href: "/x"}, Won: evil, Deals: evil, Files: []ui.Button{{Text: "XLSX", Href: "/reports/2026Q3.xlsx", Primary: true}}, Current: true}}, Parts: sampleHead, Sheets: []ui.Fact{{Name: evil, Value: evil}}}
)

func TestTimelinePlacesMarksWithoutCoveringPaidOnes(t *testing.T) {
	t.Parallel()
	var marks []ui.Mark
	for i := range 6 {
		marks = append(marks, ui.Mark{At: sampleDay.AddDate(0, 0, i/2), Number: i + 1, Title: "Reply", Under: "Sales"})
	}
	line := ui.Timeline{From: sampleDay.AddDate(0, 0, -30), To: sampleDay.AddDate(0, 0, 60), Lanes: []ui.Lane{{Name: "A", Marks: marks}}}
	seen := map[string]int{}
	for _, m := range line.Placed()[0].Marks {
		place := m.X + " " + strconv.Itoa(m.DY)
		if other := seen[place]; other > 0 {
			t.Errorf("touch %d lies on touch %d at %s", m.Number, other, place)
		}
		seen[place] = m.Number
	}
}

func TestTimelineOfAnInstantHasATick(t *testing.T) {
	t.Parallel()
	for _, days := range []int{3, 60, 200, 900} {
		line := ui.Timeline{From: sampleDay, To: sampleDay.AddDate(0, 0, days)}
		if n := len(line.AxisTicks()); n > 10 {
			t.Errorf("%d days have %d ticks, want at most ten", days, n)
		}
	}
}
