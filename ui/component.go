package ui

// Section heads a ruled part of a page: the finding, one line that says measure,
// unit and period, switches, and the icons for the table behind the picture and
// for its data.
type Section struct {
	ID       string // anchor; also names the table's
	Finding  Words
	Measure  Words
	Switches []Segments
	Table    *Table // text table behind the picture; nil leaves its icon out
	Download string // address of the data as CSV; "" leaves its icon out
}

// Segments is a row of choices of which one holds: the model switch.
type Segments struct {
	Label   string
	Options []Option
	More    []Option // behind "n more", each with its formula as note
}

// MoreCurrent is the option behind "more" that holds, if one does.
func (s Segments) MoreCurrent() string {
	for _, o := range s.More {
		if o.Current {
			return o.Text
		}
	}
	return ""
}

// Table is a plain table of words, for the table behind a picture. The first
// column is the row's name.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Foot    []string
}

// Tile is one headline number.
type Tile struct {
	Name   string
	Define string // its definition, shown on hover and focus
	Href   string // its rows
	Value  string // "" shows the dash; Note then says why
	Change Change
	Notes  []string
	Spark  Spark
	Stale  string // "as of 9 Sep": the last true value, dated
}

// Change is a difference with its sign, never told by colour alone.
type Change struct {
	Text string // 2.0 pts
	Note string // on 2025 Q3
	Up   bool   // the arrow
	Good bool   // its colour
	Flat bool   // no arrow, no colour
}

// Mark is the arrow of a change.
func (c Change) Mark() string {
	switch {
	case c.Flat:
		return ""
	case c.Up:
		return "▲"
	default:
		return "▼"
	}
}

// Class is the colour of a change.
func (c Change) Class() string {
	switch {
	case c.Flat:
		return "flat"
	case c.Good:
		return "good"
	default:
		return "bad"
	}
}

// Grades counts touches by evidence grade.
type Grades struct {
	A, B, C, D int64
}

// Sum of the graded touches that may be paid.
func (g Grades) Sum() int64 { return g.A + g.B + g.C }

// Bar is the share of grades A, B and C as parts of a bar.
func (g Grades) Bar() Whole {
	return Whole{Label: "evidence", Parts: []Part{
		{Name: "A", Kind: "ink", Value: float64(g.A)},
		{Name: "B", Kind: "mid", Value: float64(g.B)},
		{Name: "C", Kind: "soft", Value: float64(g.C)},
	}}
}

// GradeWord says what an evidence grade means.
func GradeWord(grade string) string {
	switch grade {
	case "A":
		return "tracked"
	case "B":
		return "logged"
	case "C":
		return "entered by hand"
	case "D":
		return "suspected, never paid"
	default:
		return "not graded"
	}
}

// Notice is one line of warning, one a page.
type Notice struct {
	Text Words
}

// State stands where a picture cannot: nothing yet, not enough, an error, or
// nothing one may see. It says what is the case, what it means for the figures
// and one thing to do.
type State struct {
	Kind   string // "empty", "few", "error" or "hidden"
	Title  string
	Text   string
	Action Link
}

// Icon of the state.
func (s State) Icon() string {
	switch s.Kind {
	case "few":
		return "hourglass"
	case "error":
		return "alert-circle"
	case "hidden":
		return "eye-off"
	default:
		return "plug-connected"
	}
}

// Chip is an active filter with the address that takes it back.
type Chip struct {
	Name   string
	Value  string
	Remove string
}

// Fact is a name over its value: the strip of the deal page.
type Fact struct {
	Name  string
	Value string
	Href  string
}

// Column heads a column of a table; with an axis its labels stand in the head.
type Column struct {
	Text  string
	Num   bool // right-aligned
	Axis  *Axis
	Width string // class: "w-glyph", "w-name" …
}
