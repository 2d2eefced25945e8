package ui_test

import "credence/ui"

var sampleModels = ui.Models{
	Section: ui.Section{ID: "models", Finding: ui.Say(evil)}, Reach: evil,
	Rows: []ui.ModelRow{{Title: evil, Href: "/attribution/models/linear", Company: true, Formula: evil, Anchors: evil, MoneyError: evil}},
}

var sampleModel = ui.ModelHelp{
	Facts:    []ui.Fact{{Name: evil, Value: evil}},
	Hidden:   &ui.State{Kind: "hidden", Title: evil, Text: evil},
	Learned:  []ui.LearnedTable{{Section: ui.Section{ID: "channel"}, Head: evil, HasChain: true, Rows: []ui.LearnedRow{{Name: evil, Channel: evil, Effect: evil}}, Note: evil}, {HasChain: true, NoMoney: true, Rows: []ui.LearnedRow{{Name: evil}}}, {Missing: evil}},
	Fresh:    &ui.FreshTable{Section: ui.Section{ID: "fresh", Finding: ui.Say(evil)}, Rows: []ui.FreshRow{{Channel: evil, Kinds: evil, Made: evil, Moved: evil}}, Note: evil},
	Columns:  []ui.MeasuredColumn{{Text: evil, Title: evil, Class: evil}},
	Accuracy: ui.Section{ID: "accuracy", Finding: ui.Say(evil)},
	Measured: []ui.MeasuredRow{{Process: evil, About: evil, Cells: []string{evil}}}, Reading: []string{evil},
}
