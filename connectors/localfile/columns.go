package localfile

import (
	"fmt"
	"slices"
	"strings"
)

// Columns finds fields among the column names of a vendor's download.
type Columns map[string][]string // field → names it goes by, folded, the best first

// With lets the configuration name a field's column: for downloads in another
// language. A field that does not exist is refused.
func (c Columns) With(own map[string]string, suggest func(string, []string) string) (Columns, error) {
	if len(own) == 0 {
		return c, nil
	}
	out := Columns{}
	fields := make([]string, 0, len(c))
	for f, names := range c {
		out[f] = names
		fields = append(fields, f)
	}
	slices.Sort(fields)
	for field, name := range own {
		if c[field] == nil {
			return nil, fmt.Errorf("the key \"columns\" names %q, which is no field%s", field, suggest(field, fields))
		}
		out[field] = append([]string{Fold(name)}, c[field]...)
	}
	return out, nil
}

// Find returns where each field is in a header row. A field without a column
// is absent. Names that carry a unit, "amount spent (eur)", are found by what
// stands before the bracket.
func (c Columns) Find(header []string) map[string]int {
	at := map[string]int{}
	for i, name := range header {
		folded := Fold(name)
		if _, twice := at[folded]; !twice && folded != "" {
			at[folded] = i
		}
		if bare, _, ok := strings.Cut(folded, " ("); ok {
			if _, twice := at[bare]; !twice {
				at[bare] = i
			}
		}
	}
	out := map[string]int{}
	for field, names := range c {
		for _, n := range names {
			if i, ok := at[n]; ok {
				out[field] = i
				break
			}
		}
	}
	return out
}

// Cell is the row's cell of a field: its text, and whether the row reaches it.
func (r Row) Cell(at map[string]int, field string) (text string, ok bool) {
	i, known := at[field]
	if !known || i >= len(r.Cells) {
		return "", false
	}
	return r.Cells[i], true
}
