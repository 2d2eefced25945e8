package ui_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"credence/ui"
)

var (
	sampleStrip   = ui.RunStrip{Label: evil, Runs: []ui.RunMark{{Kind: "done", Title: evil, Href: "/sources/x/runs/1"}, {Kind: "rejected", Title: evil}, {Kind: "failed", Title: evil}}}
	sampleChecks  = []ui.CheckLine{{Title: evil, Href: "/quality/x", Rows: "12", Why: evil}}
	sampleSources = ui.SourcesPage{
		Sync:    &ui.SyncBox{Running: true, Title: evil, Lines: []string{evil}, Poll: "/sync"},
		List:    ui.Section{ID: "sources", Finding: ui.Say(evil), Measure: ui.Say(evil), Download: "/x.csv"},
		Lines:   []ui.SourceLine{{Name: evil, Href: "/sources/x", What: evil, Strip: sampleStrip, LastRun: "08:36", LastHref: "/sources/x/runs/1", Records: "1", Rejected: "2", RejectedHref: "/sources/x/rejected", State: "down", StateText: "failed", Why: evil, SyncName: evil}},
		Checks:  ui.Section{ID: "checks", Finding: ui.Say(evil)},
		Found:   sampleChecks,
		Kinds:   []ui.SourceKind{{Title: evil, Kind: evil, Doc: evil}},
		CanSync: true,
	}
	sampleSource = ui.SourcePage{
		Facts: []ui.Fact{{Name: evil, Value: evil}}, Problem: &ui.Notice{Text: ui.Say(evil)}, Sync: &ui.SyncBox{State: "ok", Title: evil}, SyncName: evil,
		Runs:  ui.Section{ID: "runs", Finding: ui.Say(evil)},
		Lines: []ui.RunLine{{Started: evil, Href: "/sources/x/runs/1", Took: "1 s", State: "late", StateText: evil, Why: evil}},
	}
	sampleRun = ui.RunPage{
		Facts: []ui.Fact{{Name: evil, Value: evil}}, Problem: &ui.Notice{Text: ui.Say(evil)}, Files: ui.Section{ID: "files", Finding: ui.Say(evil)},
		Lines: []ui.FileLine{{Name: evil, Read: "1", Kept: "0", Rejected: "1", Bad: true}}, Rejected: ui.Section{ID: "rejected", Finding: ui.Say(evil)},
		Rows: []ui.RejectedLine{{File: evil, Line: "3", Field: evil, Reason: evil, Row: evil}}, First: "/x", Next: "/y",
	}
	sampleQuality     = ui.QualityPage{Found: ui.Section{ID: "checks", Finding: ui.Say(evil)}, Lines: sampleChecks, Clean: []string{evil}}
	sampleQualityRows = ui.QualityRowsPage{
		Table: ui.Section{ID: "rows", Finding: ui.Say(evil), Download: "/x.csv"}, Heads: []ui.Column{{Text: evil, Num: true}},
		Rows: [][]ui.QualityCell{{{Text: evil, Href: "/deals/x", Num: true}}}, Next: "/y",
	}
)

func TestARunStripHasRoomForAllItsRuns(t *testing.T) {
	t.Parallel()
	var s ui.RunStrip
	last, err := strconv.Atoi(s.X(ui.RunSlots - 1))
	if err != nil || s.X(0) != "0" || last >= s.Width() {
		t.Errorf("the last of %d runs begins at %s of %d, %v", ui.RunSlots, s.X(ui.RunSlots-1), s.Width(), err)
	}
}

func TestTheSyncBoxPollsOnlyWhileItRuns(t *testing.T) {
	t.Parallel()
	for _, running := range []bool{true, false} {
		var buf bytes.Buffer
		view := ui.SourcesPage{Sync: &ui.SyncBox{Running: running, State: "ok", Title: "Reading mail", Poll: "/sync"}}
		if err := ui.RenderPart(&buf, "sources", "sync-part", ui.Layout{}, view); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(buf.String(), `hx-get="/sync"`); got != running {
			t.Errorf("running %v: polls %v: %s", running, got, buf.String())
		}
	}
}
