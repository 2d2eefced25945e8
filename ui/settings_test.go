package ui_test

import (
	"bytes"
	"strings"
	"testing"

	"credence/ui"
)

var (
	sampleFields = []ui.Field{
		{Kind: "choice", Name: "model", Label: evil, Was: evil, Options: []ui.FieldOption{{Value: evil, Text: evil, Chosen: true}, {Value: "last", Text: "Last touch"}}},
		{Kind: "number", Name: "lookback_days", Label: evil, Error: evil, Value: evil, Unit: "days", Min: "0", Max: "3660", Step: "1"},
		{Kind: "text", Name: "note", Label: evil, Hint: evil, Value: evil},
		{Kind: "group", Name: "custom", Label: evil, Summary: evil, Parts: []ui.Field{{Kind: "number", Name: "custom.first", ID: "f-custom-first", Label: evil, Step: "any", Blank: "as all"}}},
		{Kind: "rules", Name: "exclude", Label: evil, Summary: evil, Error: evil, Rules: []string{evil, ""}, Suggest: []ui.Suggestion{{Value: evil, Text: evil}}},
	}
	sampleSettings = ui.SettingsPage{
		Sync: &ui.SyncBox{Running: true, Title: evil, Poll: "/sync"}, Problem: &ui.Message{Kind: "bad", Text: ui.Say(evil)}, Notice: &ui.Notice{Text: ui.Say(evil)},
		Proposal: &ui.Proposal{Changes: []string{evil}, Drop: "/settings"}, Edit: ui.Section{ID: "attribution", Finding: ui.Say(evil)}, Fields: sampleFields,
		Version: evil, Reason: ui.Field{Kind: "area", Name: "reason", Label: evil, Value: evil}, Back: &ui.Field{Kind: "area", Name: "reason", ID: "f-back", Label: evil},
		File: evil, Changes: ui.Section{Finding: ui.Say(evil)}, Others: ui.Section{ID: "others", Finding: ui.Say(evil)},
		Lines: []ui.ChangeLine{{When: evil, Who: evil, Email: evil, Reason: evil, ToFile: true, Changes: []string{evil}}},
		Keys:  []ui.KeyLine{{Key: evil, Value: evil, Href: "/sources"}, {Key: "addr", Value: evil}},
	}
)

// TestAFieldSaysWhatIsWrongWithIt looks for what a screen reader needs: the
// label, the fault and that the two belong together.
func TestAFieldSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	if err := ui.Render(&page, "settings", ui.Layout{}, ui.SettingsPage{
		Fields: []ui.Field{{Kind: "number", Name: "lookback_days", Label: "Lookback", Value: "4000", Step: "1", Error: "write 0 to 3660", Was: "90 days"}},
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<label for="f-lookback_days">Lookback</label>`, `id="f-lookback_days"`, `aria-invalid="true"`, `aria-describedby="f-lookback_days-note"`,
		`id="f-lookback_days-note">✕ write 0 to 3660`,
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the field lacks %s", want)
		}
	}
}
