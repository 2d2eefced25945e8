package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// busy are the tables that are written while nothing that pages show changes: what
// sources deliver, which no page shows before a refresh, and what the server notes
// of itself. What is answered from one of them is never kept, and writing them
// alone makes no kept answer wrong. Every other table is the opposite of both, so
// that a table nobody thought of here costs time and no truth.
var busy = []string{
	"accounts", "activities", "activity_people", "campaign_metrics", "campaigns", "contacts", "currency_rates", "deal_contacts",
	"deals", "engagements", "line_items", "post_metrics", "posts", "products", "quotas", "reps", "spend_records", "stage_changes",
	"teams", "visits", "web_daily", "web_site",
	"api_token", "audit", "audit_cut", "rejected_row", "rewrite_due", "run", "run_file", "set_up", "source_state", "team_left", "tombstone",
	"upkeep", "users",
}

// unsteady are functions whose value is another the next time.
var unsteady = regexp.MustCompile(`^(now|today|current_.*|get_current_.*|transaction_timestamp|random|setseed|uuid.*|gen_random_uuid|nextval|currval|txid_current|getenv|pragma_.*|duckdb_.*)$`)

// answerable says whether the answer to a question follows from tables that are
// not busy. The engine's own parser tells what the question reads; views are of
// tables that a refresh makes, which a test looks after.
func answerable(ctx context.Context, q sqlfile.Querier, text string) bool {
	var tree string
	if err := questions.Get("parse_query").One(ctx, q, []sql.NamedArg{named("text", text)}, &tree); err != nil {
		return false
	}
	var parsed struct {
		Error      bool  `json:"error"`
		Statements []any `json:"statements"`
	}
	if err := json.Unmarshal([]byte(tree), &parsed); err != nil || parsed.Error || len(parsed.Statements) != 1 {
		return false
	}
	err := walk(parsed.Statements, func(n map[string]any) error {
		if function, ok := n["function_name"].(string); ok && unsteady.MatchString(strings.ToLower(function)) {
			return ErrQuery
		}
		switch n["type"] {
		case "BASE_TABLE":
			name, _ := n["table_name"].(string) // a name given by WITH stands here too
			schema, _ := n["schema_name"].(string)
			if schema != "" || slices.Contains(busy, strings.ToLower(name)) {
				return ErrQuery
			}
		case "SHOW_REF", "COLUMN_DATA", "DELIM_GET", "BOUND_TABLE_REF":
			return ErrQuery
		}
		return nil
	})
	return err == nil
}

var (
	written = regexp.MustCompile(`\b(insert(?:\s+or\s+\w+)?\s+into|merge\s+into|delete\s+from|update|truncate(?:\s+table)?|` +
		`(?:create(?:\s+or\s+replace)?|drop|alter)(?:\s+temp(?:orary)?)?\s+(?:table|view|macro|sequence|schema)(?:\s+if(?:\s+not)?\s+exists)?)\s+"?([a-z_][a-z0-9_.]*)`)
	harmless = regexp.MustCompile(`^\s*(select|with|from)\b`)
)

// writes notes what a transaction writes besides busy tables and its own
// temporary ones.
type writes struct {
	temporary []string
	others    bool
}

// note looks at one statement, or several.
func (w *writes) note(text string) {
	text = strings.ToLower(text)
	targets := written.FindAllStringSubmatch(text, -1)
	if len(targets) == 0 && !harmless.MatchString(text) {
		w.others = true
	}
	for _, t := range targets {
		deed, name := t[1], strings.TrimPrefix(strings.TrimPrefix(t[2], "temp."), "main.")
		if name == "set" { // of a merge, whose table stands before
			continue
		}
		if strings.Contains(deed, "temp") || strings.HasPrefix(t[2], "temp.") { // no stored table is meant by this name from here on
			w.temporary = append(w.temporary, name)
		}
		w.table(name)
	}
}

func (w *writes) table(name string) {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "temp."), "main.")
	if !slices.Contains(busy, name) && !slices.Contains(w.temporary, name) {
		w.others = true
	}
}
