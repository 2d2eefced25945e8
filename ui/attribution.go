package ui

// Attribution is the view of /attribution: which channel earned how much, and
// how far that depends on the model.
type Attribution struct {
	Empty    *State // nothing was won in the period
	Models   Segments
	MER      Words // the company's efficiency, for who sees spend
	Coverage Words
	Missing  Words // the unattributed part, at the right of the coverage
	Bar      Whole
	Chips    []Chip
	Main     LedgerTable
	Others   []LedgerTable // campaigns and reps beside the channels
	Disagree *ModelTable
	Uncovered
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
	Span    string // lowest to highest over the models
	Deals   string
	Rank    string
	Grades  Grades
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
