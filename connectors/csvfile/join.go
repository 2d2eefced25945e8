package csvfile

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"credence/connectors"
	"credence/connectors/localfile"
)

// join is another file held in memory by the key it is joined on.
type join struct {
	on   []int // fields here
	rows map[string][]string
	none []string
}

const keySeparator = "\x1f"

// row is the joined row of a key; empty fields when there is none, or when the
// key is.
func (j *join) row(key []string) []string {
	if len(key) == 1 {
		if r, ok := j.rows[key[0]]; ok && key[0] != "" {
			return r
		}
		return j.none
	}
	if r, ok := j.rows[strings.Join(key, keySeparator)]; ok && !allEmpty(key) {
		return r
	}
	return j.none
}

// openJoin loads the file of a join. names are the columns here so far; the
// columns it adds are returned.
func (r *reader) openJoin(ctx context.Context, at string, c Join, here string, names []string) (*join, []string, error) {
	other, ok := r.joined(c.File)
	if !ok {
		return nil, nil, fmt.Errorf("%s.file: %s is left out by ignore; take it out there", at, c.File)
	}
	if other.facts.size > localfile.MaxFile {
		return nil, nil, fmt.Errorf("%s.file: %s has %d MiB and a joined file is held in memory, up to %d; join the other way round", at, other.Name, other.facts.size>>20, localfile.MaxFile>>20)
	}
	t, err := openTable(other, other.entry.format)
	if err != nil {
		return nil, nil, named(other, err)
	}
	j := &join{rows: map[string][]string{}, none: make([]string, t.width)}
	var there []int
	for _, name := range slices.Sorted(maps.Keys(c.On)) {
		f := slices.Index(names, name)
		if f < 0 {
			return nil, nil, fmt.Errorf("%s.on: %s has no column %q%s", at, here, name, connectors.Suggest(name, names))
		}
		g := slices.Index(t.columns, c.On[name])
		if g < 0 {
			return nil, nil, fmt.Errorf("%s.on.%s: %s has no column %q%s", at, name, other.Name, c.On[name], connectors.Suggest(c.On[name], t.columns))
		}
		j.on, there = append(j.on, f), append(there, g)
	}
	key := make([]string, len(there))
	err = readAll(ctx, t, func(fields []string) {
		for i, g := range there {
			key[i] = strings.TrimSpace(fields[g])
		}
		k := strings.Join(key, keySeparator)
		if _, twice := j.rows[k]; !twice {
			j.rows[k] = fields
		}
	})
	if err != nil {
		return nil, nil, named(other, err)
	}
	added := make([]string, len(t.columns))
	for i, n := range t.columns {
		added[i] = c.As + "." + n
	}
	return j, added, nil
}
