package warehouse

import (
	"context"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// personalNames are names of columns that hold who somebody is.
var personalNames = []string{
	"email", "phone", "handle", "visitor_id", "contact_id", "person_id", "primary_contact_id", "primary_person_id", "row_text", "person", "mail", "address",
}

// notHeld are tables with such a column that hold nobody who could ask, and why.
var notHeld = map[string]string{
	"reps":               "our own people, as reps",
	"rep":                "our own people, as reps",
	"users":              "our own people, who sign in",
	"attribution_change": "our own people, who sign in",
	"closed_period":      "our own people, who sign in",
	"ref":                "ids of records, which contacts lists",
	"candidate":          "touches by number; mail is a setting that they need",
}

// Unanswered lists the columns, as table.column, that by their name hold people
// and that an access request would not look at. A new table must be entered in
// heldTables; that none is missing is a test.
func Unanswered(ctx context.Context, q sqlfile.Querier) ([]string, error) {
	columns, err := pairs(ctx, q, questions.Get("table_columns"))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range columns {
		_, held := heldTables[c[0]]
		_, exempt := notHeld[c[0]]
		personal := slices.Contains(personalNames, c[1]) || strings.HasSuffix(c[1], "_email") || strings.HasSuffix(c[1], "_person_id") || strings.HasSuffix(c[1], "_contact_id")
		if personal && !held && !exempt {
			out = append(out, c[0]+"."+c[1])
		}
	}
	return out, nil
}
