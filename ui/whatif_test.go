package ui_test

import (
	"bytes"
	"strings"
	"testing"

	"credence/ui"
)

var (
	whatIfAxis   = ui.NewAxis([]float64{-5, 8}, func(float64) string { return evil })
	sampleWhatIf = ui.WhatIf{
		Closed: "/deals/d1", Reset: "/deals/d1?whatif=open", Action: "/deals/d1", Keep: []ui.Param{{Name: "period", Value: evil}}, Changes: []string{evil},
		Note: evil, Fields: sampleFields, Problem: evil,
		Result: &ui.WhatIfResult{
			Finding: ui.Say(evil), Facts: []ui.Fact{{Name: evil, Value: evil}}, Head: evil, Axis: whatIfAxis, More: evil, Foot: evil,
			Rows: []ui.WhatIfRow{
				{Name: evil, Channel: "Event", Before: "1", After: "2", Change: "+1", Share: evil, Bar: &ui.Delta{Axis: whatIfAxis, To: 8, Kind: "part", Label: evil}},
				{Name: evil, Channel: ui.Unattributed, Quiet: true, Before: "1", After: "1"},
			},
			Table: &ui.Table{Caption: evil, Head: []string{evil}, Rows: [][]string{{evil}}},
		},
		Shares: []ui.Share{{ID: "what-if-link", Label: evil, Link: evil}},
		Save:   &ui.WhatIfSave{CSRF: evil, Version: "1", Keep: []ui.Param{{Name: "lookback_days", Value: evil}}, Reason: ui.Field{Kind: "area", Name: "reason", Label: evil}},
	}
)

func TestTheWhatIfPanelRendersAloneAndOnItsPage(t *testing.T) {
	t.Parallel()
	closed := ui.WhatIf{Open: "/deals/d1?whatif=open"}
	var page, part, button bytes.Buffer
	if err := ui.Render(&page, "deal", ui.Layout{}, ui.Deal{WhatIf: &sampleWhatIf}); err != nil {
		t.Fatal(err)
	}
	if err := ui.RenderPart(&part, "deal", "what-if-part", ui.Layout{}, &sampleWhatIf); err != nil {
		t.Fatal(err)
	}
	if err := ui.RenderPart(&button, "deal", "what-if-part", ui.Layout{}, &closed); err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{page.String(), part.String()} {
		for _, want := range []string{"not the company’s setting", `id="what-if"`, `hx-push-url="true"`, `action="/settings"`, `name="lookback_days"`, "Working it out…"} {
			if !strings.Contains(body, want) {
				t.Errorf("the panel lacks %s", want)
			}
		}
		for _, bad := range []string{evil, "ZgotmplZ"} {
			if strings.Contains(body, bad) {
				t.Errorf("the panel holds %s", bad)
			}
		}
		if inlineStyle.MatchString(body) || handler.MatchString(body) {
			t.Error("the panel holds an inline style or handler")
		}
	}
	if got := button.String(); !strings.Contains(got, `<a class="button" href="/deals/d1?whatif=open">What if…</a>`) || strings.Contains(got, "<form") {
		t.Errorf("the closed panel is %s", got)
	}
}
