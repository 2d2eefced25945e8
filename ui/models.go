package ui

// Models is the view of /attribution/models: every model with what it says.
type Models struct {
	Section Section
	Rows    []ModelRow
	Reach   string // what the reach figure is, which is no model
}

// ModelRow is one model in the list.
type ModelRow struct {
	Title      string
	Href       string
	Company    bool // what pages show unless asked otherwise
	Formula    string
	Anchors    string
	MoneyError string // channel level of the default process; "" when not measured
	Unearned   string // share of revenue it leaves unattributed there
}

// ModelHelp is the view of /attribution/models/{id}.
type ModelHelp struct {
	Facts    []Fact
	Learned  []LearnedTable // aggregate beside ledger; none for rule models
	Hidden   *State         // why the learned figures are not shown
	Accuracy Section
	Measured []MeasuredRow
	Reading  []string // sentences computed from the measurements
	None     string   // instead of measurements
}

// LearnedTable is the two figures of a learned model at one level.
type LearnedTable struct {
	Section  Section
	Head     string
	HasChain bool // removal effects beside the money
	Interval bool // touches and the 90 % interval instead of the aggregate
	Rows     []LearnedRow
	Total    LearnedRow
	Missing  string // why nothing was learned at this level
	Note     string
}

// LearnedRow is one channel, campaign or rep.
type LearnedRow struct {
	Name      string
	Channel   string
	Effect    string // removal effect, lost journeys counted
	EffectWon string // without lost journeys
	Aggregate string
	Ledger    string
	Touches   string
	Interval  string
}

// MeasuredRow is the measured accuracy of one process.
type MeasuredRow struct {
	Process string
	About   string
	Cells   []string
}
