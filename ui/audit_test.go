package ui_test

import "credence/ui"

var sampleAudit = ui.AuditPage{
	Filter: ui.AuditFilter{Who: []ui.Pick{{Value: "", Text: "Everybody", Chosen: true}, {Value: evil, Text: evil}}, Action: []ui.Pick{{Value: "export", Text: "export"}}, Object: evil, From: "2026-07-01"},
	Chips:  []ui.Chip{{Name: "Object", Value: evil, Remove: "/audit"}},
	Table:  ui.Section{ID: "events", Finding: ui.Say("2 events"), Measure: ui.Say("Newest first"), Download: "/audit.csv"},
	Lines:  []ui.AuditLine{{Seq: "2", When: "13 Sep 2026, 08:40", Who: evil, WhoRef: "/audit?who=" + evil, Action: "view person", Object: evil, Detail: []ui.Fact{{Name: "people", Value: evil}}}, {Seq: "1", Who: "command line", Action: "sync", Object: "crm"}},
	Next:   "/audit?before=1",
}
