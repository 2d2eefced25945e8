package ui

// AuditPage is who did what, when, to what.
type AuditPage struct {
	Filter AuditFilter
	Chips  []Chip
	Table  Section
	Lines  []AuditLine
	None   *State // instead of lines
	First  string
	Next   string
}

// AuditFilter is what the list can be narrowed by, as it is now.
type AuditFilter struct {
	Who    []Pick
	Action []Pick
	Object string
	From   string // 2026-07-01
	To     string
}

// AuditLine is one event.
type AuditLine struct {
	Seq    string
	When   string
	Who    string
	WhoRef string // address of the same list of this actor alone
	Action string
	Object string
	Detail []Fact
}
