package ui

import "credence/ui/charts"

// Efficiency is the view of /efficiency: what one unit of marketing money
// brought, net, and what breaks even.
type Efficiency struct {
	Empty     *State
	Models    ModelChoice
	Warning   *Notice
	Identity  Section
	Terms     []Term
	Whole     Whole
	Checks    []Words
	Channels  MERTable
	Campaigns MERTable
	Portfolio Section
	Chart     *charts.Chart
	Expenses  Section
	Lists     [][]Fact // what E is made of, where C comes from
}

// Term is one term of the identity with the sign before it.
type Term struct {
	Sign  string
	Name  string
	Value string
	Big   bool
}

// MERTable is MER by channel or campaign: dots on a log axis, break-even marked.
type MERTable struct {
	Section Section
	Head    string
	Axis    Axis
	Rows    []MERRow
	Rest    []MERRow
	Total   MERRow
	More    string
}

// MERRow is one channel or campaign.
type MERRow struct {
	Name    string
	Sub     string
	Href    string
	Channel string
	Spend   string
	Credit  string
	Net     string
	Range   *Range
	MER     string
	Mark    Change // ▼ below break-even
	Revenue string // revenue MER
	CAC     string
}
