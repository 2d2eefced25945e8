package warehouse

import (
	"context"
	"fmt"
	"slices"

	"credence/warehouse/sqlfile"
)

// recognised knows the person by everything that an erasure would know, so that
// what is handed over is what would be taken out.
func (s *Subject) recognised(ctx context.Context, q sqlfile.Querier) (*graveyard, error) {
	key, err := freshKey()
	if err != nil {
		return nil, err
	}
	g := newGraveyard(key)
	return g, bury(ctx, q, g, s.known, Tombstone{Stub: standIn})
}

// stageTexts puts the texts of a table that name the person where questions find
// them, and returns the columns that have some.
func (s *Subject) stageTexts(ctx context.Context, snap *Snapshot, table string, g *graveyard) (fields []string, err error) {
	if _, err = snap.ExecContext(ctx, "create or replace temporary table subject_text (field varchar, value varchar)"); err != nil {
		return nil, fmt.Errorf("create subject_text: %w", err)
	}
	columns, as := searched(table)
	if table == "rejected_row" {
		columns = append(columns, "row_text", "reason")
	}
	var rows [][]any
	for _, column := range columns {
		found, err := texts(ctx, snap, sqlfile.Parse("texts", "select distinct t."+column+" from "+table+" t where t."+column+" <> ''"))
		if err != nil {
			return nil, err
		}
		for _, text := range found {
			if how, ok := as[column]; len(g.spots(text, how)) == 0 && (ok || !g.namesIn(text)) {
				continue
			}
			fields = appendNew(fields, column)
			rows = append(rows, []any{column, text})
		}
	}
	return fields, snap.Append(ctx, "temp.main.subject_text", []string{"field", "value"}, slices.Values(rows))
}
