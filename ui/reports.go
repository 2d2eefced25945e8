package ui

// Reports is the view of /reports: a row for each period with its files.
type Reports struct {
	Section Section
	Rows    []ReportRow
	Parts   Section
	Sheets  []Fact // what a report holds
	Empty   *State
}

// ReportRow is one period.
type ReportRow struct {
	Period  string
	Days    string
	State   string // running, ended, or as reported and when
	Since   Link   // what changed since it was closed; empty when it was not
	Close   Link   // where it is closed; empty when it cannot be
	Won     string
	Deals   string
	Files   []Button
	Current bool
}
