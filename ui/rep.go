package ui

// RepPage is a rep's own page, or the same page as the rep's manager sees it.
type RepPage struct {
	Empty    *State
	Number   *NumberBar
	Tiles    []Tile
	Open     *OpenTable
	Standing *StandingTable
	Credit   *CreditTable
	Else     *ElseTable
	Posts    *Earned
	Touches  *TouchTable
}

// NumberBar is won revenue, then open deals due, against quota and pace.
type NumberBar struct {
	Head      Section
	Axis      Axis
	Won       float64
	WonText   string
	Parts     []NumberPart
	Quota     float64 // 0: none
	QuotaText string
	Pace      float64 // 0: none
	PaceText  string
	Note      Words
}

// Hang is on which side of a mark its label hangs, so that it stays inside.
func (n NumberBar) Hang(at float64) string {
	if n.Axis.At(at) < 45 {
		return "start"
	}
	return "end"
}

// NumberPart is one open deal of the bar.
type NumberPart struct {
	From, To float64
	Shade    int // 1 to 5 by chance
	Chance   string
	Name     string
	Amount   string
	Href     string
	Named    bool // there is room for its name
	Wide     bool // there is room for its chance
}

// OpenTable is open deals with the chance of their stage.
type OpenTable struct {
	Head Section
	Rows []OpenRow
	More Link
}

// OpenRow is one open deal.
type OpenRow struct {
	Deal   string
	Sub    string
	Href   string
	Stage  string
	Due    string
	Late   bool
	Chance float64 // 0 to 1
	Known  bool
	Text   string // the chance
	Why    string
	Amount string
}

// Width is the chance as the length of its bar.
func (r OpenRow) Width() string { return percentLength(r.Chance * 100) }

// StandingTable is a rep beside the median of the team, without names.
type StandingTable struct {
	Head Section
	Who  string // "you" or the rep's name
	Rows []StandingRow
}

// StandingRow is one behaviour.
type StandingRow struct {
	Name   string
	Define string
	Glyph  Standing
	Known  bool
	Own    string
	Team   string
}

// CreditTable is what a rep's touches earned in won deals.
type CreditTable struct {
	Head  Section
	Bar   Whole
	Facts []Fact
	Rows  []CreditRow
	More  Words
}

// CreditRow is one won deal.
type CreditRow struct {
	Deal   string
	Href   string
	Amount string
	Credit string
	Bucket string
	Grades Grades
}

// ElseTable is what a rep's touches earned on deals of others: account, stage
// and own credit, never the deal.
type ElseTable struct {
	Head Section
	Rows []ElseRow
	More Words
}

// ElseRow is the credit on one account.
type ElseRow struct {
	Account string
	Stage   string
	Touches string
	Credit  string
}

// TouchTable is a rep's latest touches and what each earned.
type TouchTable struct {
	Head Section
	Rows []TouchRow
	More Words
}

// TouchRow is one touch.
type TouchRow struct {
	Day     string
	What    string
	Title   string
	Channel string
	Account string
	Deal    string
	Href    string
	Grade   string
	Credit  string
	Reason  string // why it earns nothing
}
