package ui

// Restatement is the view of /reports/{period}/restatement: a closed quarter as
// reported, as it is today, and why the two differ.
type Restatement struct {
	Facts    []Fact // as reported, today, difference
	Empty    *State // nothing changed, or the two cannot be compared
	Section  Section
	Axis     Axis
	Causes   []RestatedCause
	Rule     Section
	Changes  []string // of the settings since
	None     string   // instead of them
	Closings []ClosingLine
	Table    RestatedTable
	Deals    RestatedDeals
	Deal     *RestatedDeal // opened
}

// RestatedCause is what one cause did.
type RestatedCause struct {
	Name  string
	Means string
	Href  string // its deals
	Bar   Delta  // credit it moved
	Moved string
	Net   string
	Deals string
}

// ClosingLine is one closing of the quarter.
type ClosingLine struct {
	Version string
	Href    string // compare with it; "" is the one compared with
	When    string
	Who     string
	Email   string
	Reason  string
}

// RestatedTable is channels, campaigns, posts or reps then and now.
type RestatedTable struct {
	Section Section
	Head    string
	Axis    Axis
	Causes  []string // heads of the causes' columns
	Rows    []RestatedRow
	Total   RestatedRow
}

// RestatedRow is one group.
type RestatedRow struct {
	Name    string
	Channel string
	Quiet   bool
	Then    string
	Now     string
	Change  string
	Bar     *Delta
	By      []string // by cause
}

// RestatedDeals is the deals whose credits changed.
type RestatedDeals struct {
	Section Section
	Rows    []RestatedLine
	More    string
}

// RestatedLine is one of them.
type RestatedLine struct {
	Name    string
	Sub     string
	Href    string
	Causes  string
	What    string
	Then    string
	Now     string
	Moved   string
	Current bool
}

// RestatedDeal is the touches of a deal then and now.
type RestatedDeal struct {
	Section Section
	Close   string   // address of the page without it
	Causes  []string // heads of the causes' columns
	Rows    []RestatedTouch
	Total   RestatedTouch
}

// RestatedTouch is one touch, or what went to none.
type RestatedTouch struct {
	Name     string
	Sub      string
	Channel  string
	Position string // 1 → 2
	Then     string
	Now      string
	Change   string
	By       []string // by cause
	Note     string
}

// ClosePeriod is the view of /reports/{period}/close: what closing does, and the
// form that does it.
type ClosePeriod struct {
	Problem  *Message
	Blocked  *State // it cannot be closed, and why
	Section  Section
	Facts    []Fact
	Does     []string
	Action   string
	Version  string // that the form was made upon
	Reason   Field
	Button   string
	Before   Section
	Closings []ClosingLine
}
