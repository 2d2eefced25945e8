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
	Fresh    *FreshTable    // what one touch does; of incremental alone
	Hidden   *State         // why some of the learned figures are not shown
	Accuracy Section
	Columns  []MeasuredColumn
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
	NoMoney  bool // effects alone, for who does not see the whole company
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

// MeasuredColumn is the head of a column of Measured.
type MeasuredColumn struct {
	Text  string
	Title string // what it means, in full; may be empty
	Class string // "val" or "also": what a narrow page shows, first and second
}

// FreshTable is what one fresh touch of each channel does.
type FreshTable struct {
	Section Section
	Rows    []FreshRow
	Note    string
}

// FreshRow is one channel.
type FreshRow struct {
	Channel string
	Kinds   string // of touches that are told apart
	Made    string // on the log of the daily chance that a deal is made, lowest to highest
	Moved   string // on the log odds that a deal moves on
}
