package ui_test

import "credence/ui"

// samplePrivacy is the page with somebody found, every text of it hostile.
var samplePrivacy = ui.PrivacyPage{
	Sync:    &ui.SyncBox{State: "ok", Title: evil, Lines: []string{evil}},
	Problem: &ui.Message{Kind: "bad", Text: ui.Say(evil)},
	Tiles:   []ui.Tile{{Name: "Erased", Value: "3", Define: evil}},
	Find:    ui.Section{ID: "person", Finding: ui.Say(evil), Measure: ui.Say(evil)},
	Who:     ui.Field{Kind: "text", Name: "who", Label: "Who", Value: evil, Error: evil},
	Person: &ui.PrivacyCard{
		Head: ui.Section{Finding: ui.Say(evil), Measure: ui.Say(evil)}, Facts: []ui.Fact{{Name: "State", Value: evil}},
		Records: []ui.ConsentLine{{Source: evil, Record: evil, Basis: evil, State: evil}},
		Email:   evil, ID: evil, Confirm: ui.Field{Kind: "text", Name: "confirm", Label: evil, Error: evil}, Undo: true, CanOut: true,
	},
	Out:  ui.Section{ID: "out", Finding: ui.Say(evil)},
	Outs: []ui.OptOutLine{{What: "rep", Name: evil, When: evil, Who: evil, Kind: "rep", ID: evil}},
	Reps: []ui.Pick{{Value: evil, Text: evil}},
	Keep: ui.Section{ID: "kept", Finding: ui.Say(evil)},
	Kept: []ui.KeptLine{{What: evil, Limit: evil, Then: evil}},
}
