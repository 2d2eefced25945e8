package ui

// TeamPage is a manager's page: who is behind, which deals drift, which
// behaviour differs.
type TeamPage struct {
	Empty    *State
	Reps     *Board // nil when the reader sees no names
	Teams    *Board // of nested teams; nil when there are none
	Tiles    []Tile
	Heat     *HeatTable
	Drifting *DriftTable
	Rates    *Rates
	Change   *Steps
}

// HeatTable is behaviours of reps, shaded by the distance from the team's
// median, each activity beside its outcome.
type HeatTable struct {
	Head    Section
	Groups  []HeatGroup
	Columns []HeatColumn
	Rows    []HeatRow
	Median  []string
	Note    Words
}

// HeatGroup is a head over neighbouring columns.
type HeatGroup struct {
	Text string
	Span int
}

// HeatColumn is one behaviour with its definition.
type HeatColumn struct {
	Text   string
	Define string
}

// HeatRow is one rep.
type HeatRow struct {
	Name  string
	Href  string
	Cells []Heat
}

// DriftTable is open deals that a named rule picks out.
type DriftTable struct {
	Head   Section
	Owners bool // a column says who owns the deal
	Rows   []DriftRow
	Total  string
	Sum    string
	Note   Words
}

// DriftRow is one open deal and why it is here.
type DriftRow struct {
	Deal   string
	Sub    string
	Href   string
	Owner  string
	Stage  string
	Due    string
	Why    []string
	Amount string
}
