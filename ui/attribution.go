package ui

// Attribution is the view of /attribution: which channel earned how much, and
// how far that depends on the model.
type Attribution struct {
	Empty    *State // nothing was won in the period
	WhatIf   *WhatIf
	Models   ModelChoice
	Basis    Segments // cash or accrual
	Money    Segments // won credit or open pipeline
	Immature *Notice  // by accrual the period has not had time to earn
	MER      Words    // the company's efficiency, for who sees spend
	Coverage Words
	Missing  Words // the unattributed part, at the right of the coverage
	Bar      Whole
	Chips    []Chip
	Main     LedgerTable
	Others   []LedgerTable // campaigns and reps beside the channels
	Disagree *ModelTable
	Uncovered
}

// ModelChoice is the models by family, of which one holds, and what the chosen
// one says.
type ModelChoice struct {
	Families []Segments
	Title    string
	About    string // address of the page that says how far to trust the chosen one
	Formula  string
	Anchors  string
	All      []ModelLine // every model's formula, behind a disclosure
}

// ModelLine is one model in words.
type ModelLine struct {
	Family  string
	Title   string
	Href    string
	Formula string
	Anchors string
	Chosen  bool
}

// Uncovered says why won revenue has no touch.
type Uncovered struct {
	Section Section
	Rows    []UncoveredRow
	Total   UncoveredRow
}

// UncoveredRow is one reason.
type UncoveredRow struct {
	Name  string
	Href  string // its deals
	Note  string
	Deals string
	Won   string
	Bar   Delta
}

// LedgerTable is credit by channel, campaign, rep, team or post: dot and range
// for each row, and the rows that no name has.
type LedgerTable struct {
	Section  Section
	Head     string // Channel
	Short    bool   // half a page wide: fewer columns
	Axis     Axis
	Ranges   string // Over 6 models
	HasSpend bool   // the reader sees whether spend pays back
	HasRank  bool
	HasReps  bool // sourced, assisted, suspected
	HasReach bool
	HasMoney bool   // spend in money beside MER: the list of campaigns
	Buckets  *Whole // of reps and teams: all money by bucket
	Rows     []LedgerRow
	Rest     []LedgerRow // none, withheld, unattributed: always rows
	Total    LedgerRow
	More     Words
	Note     string // under the table
}

// LedgerRow is one row.
type LedgerRow struct {
	Name    string
	Sub     string
	Href    string
	Channel string // colour; "" has none
	Range   Range
	Hatch   *Delta // the unattributed bar instead of a range
	HatchBy string // words beside it
	Share   string
	Credit  string
	Rows    string // address of the rows behind the credit
	Reach   string
	Span    string // lowest to highest over the models
	Deals   string
	Rank    string
	Grades  Grades
	Spend   string
	MER     string
	Pays    Pays
	Sourced string
	Assist  string
	Suspect string
}

// Pays says under how many models a row earns its spend back.
type Pays struct {
	Text string
	Kind string // "good" all, "warn" some, "bad" none, "" no spend
}

// Mark is the sign before the words.
func (p Pays) Mark() string {
	switch p.Kind {
	case "good":
		return "▲"
	case "warn":
		return "◆"
	case "bad":
		return "▼"
	}
	return ""
}

// ModelTable is channels by models, each cell shaded by its distance from the
// chosen model.
type ModelTable struct {
	Section Section
	Columns []MatrixColumn
	Rows    []MatrixRow
	Rest    []MatrixRow
}

// LedgerRows is the view of /attribution/rows: the rows of the ledger behind one
// figure.
type LedgerRows struct {
	Empty   *State
	Chips   []Chip
	Section Section
	Deals   bool // rows are deals: what is withheld or unattributed
	Open    bool // the deals are open: nothing closed yet
	Reasons Segments
	Rows    []LedgerLine
	Total   LedgerLine
	Pager   Pager
}

// LedgerLine is one row of the ledger.
type LedgerLine struct {
	Deal     string
	Account  string
	Href     string
	Closed   string
	Touch    string
	Kind     string
	When     string
	Channel  string
	Position string
	Grade    string
	Bucket   string
	Reason   string
	Share    string
	Credit   string
	Of       string // the deal's amount
}

// Pager leads through a long list.
type Pager struct {
	First string // "" on the first page
	Next  string // "" on the last
}

// OpenPipeline is the view of /attribution/pipeline: what open deals come to, by
// what touched them so far.
type OpenPipeline struct {
	Empty   *State
	Models  ModelChoice
	Money   Segments
	Section Section
	Axis    Axis
	Head    string
	Rows    []PipelineRow
	Rest    []PipelineRow
	Total   PipelineRow
	Note    string
}

// PipelineRow is one group of open deals' amounts.
type PipelineRow struct {
	Name     string
	Href     string
	Channel  string
	Bar      Delta
	Hatched  bool
	Share    string
	Amount   string
	Rows     string // address of the deals behind it
	Weighted string
	Deals    string
}
