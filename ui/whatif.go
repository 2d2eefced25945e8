package ui

// WhatIf is the panel that answers what other settings would make of the figures
// beside it. Nothing in it is stored.
type WhatIf struct {
	Open    string   // address that opens the panel; "" when it is open
	Closed  string   // address of the page without it
	Reset   string   // address of the panel with the company's settings; "" when they are what it shows
	Action  string   // of the form: this page
	Keep    []Param  // parameters of the page that the form keeps
	Changes []string // "Lookback: 90 days → 30 days"; none: the company's settings
	Note    string   // about the model, which the page chooses
	Fields  []Field
	Problem string // why there is no answer
	Result  *WhatIfResult
	Shares  []Share
	Save    *WhatIfSave // for who may save
}

// Param is a parameter of an address that a form keeps.
type Param struct {
	Name  string
	Value string
}

// Share is an address to hand on, and what for.
type Share struct {
	ID    string
	Label string
	Link  string
}

// WhatIfResult is the answer: figures with and without the change, and the same
// for each group.
type WhatIfResult struct {
	Finding Words
	Facts   []Fact // "91.4 % → 88.0 %" and the like
	Head    string // Channel
	Axis    Axis   // of the changes
	Rows    []WhatIfRow
	More    string // of groups that are not shown
	Foot    string // where the two columns come from
	Table   *Table // exact amounts
}

// WhatIfRow is one group under the company's settings and under the others.
type WhatIfRow struct {
	Name    string
	Channel string // colour; "" has none
	Quiet   bool   // no group has the name
	Before  string
	After   string
	Change  string // signed; "" when nothing moves
	Share   string // change of the share, signed
	Bar     *Delta
}

// WhatIfSave is the form that makes the what-if the company's settings.
type WhatIfSave struct {
	CSRF    string
	Version string
	Keep    []Param // the settings that differ
	Reason  Field
}
