package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"
)

// ErrQuery reports a query that is not one readable select.
var ErrQuery = errors.New("query")

// Decimal is an exact number as plain decimal text.
type Decimal string

// Query answers one select over the tables of DESIGN §3, in the singular: the
// views of the schema "said" and nothing else. answer gets the names of the
// columns and a function that returns row after row and nil after the last.
//
// The statement is parsed by the engine's own parser and refused unless every
// table in it is such a view or a name given by its own WITH; the parsed tree,
// in which each table then names the schema, is what runs, in a read-only
// transaction. So no spelling reaches users, their password hashes, files or
// the engine's settings. Values are int64, float64, bool, string and Decimal;
// days are 2006-01-02 and times 2006-01-02T15:04:05Z, in UTC.
func (w *Warehouse) Query(ctx context.Context, text string, answer func(columns []string, next func() ([]any, error)) error) error {
	return w.Read(ctx, func(s *Snapshot) error {
		if s.Generation == 0 {
			return fmt.Errorf("%w: there are no tables yet; run credence refresh first", ErrQuery)
		}
		statement, err := readable(ctx, s, text)
		if err != nil {
			return err
		}
		return w.answer(ctx, s, statement, answer)
	})
}

func (w *Warehouse) answer(ctx context.Context, s *Snapshot, statement string, answer func([]string, func() ([]any, error)) error) (err error) {
	rows, err := s.QueryContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrQuery, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("read columns: %w", err)
	}
	columns := make([]string, len(types))
	values, dest := make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		columns[i] = t.Name()
		dest[i] = &values[i]
	}
	return answer(columns, func() ([]any, error) {
		if !rows.Next() {
			if err := rows.Err(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrQuery, err)
			}
			return nil, nil
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		row := make([]any, len(values))
		for i, v := range values {
			row[i] = w.plain(v, types[i].DatabaseTypeName())
		}
		return row, nil
	})
}

func (w *Warehouse) plain(v any, kind string) any {
	switch v := v.(type) {
	case time.Time:
		if kind == "DATE" {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format(time.RFC3339)
	case []byte:
		return string(v)
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case float32:
		return float64(v)
	case nil, bool, string, int64, float64:
		return v
	}
	return w.engine.Plain(v)
}

// readable is the statement to run for the text of a query.
func readable(ctx context.Context, s *Snapshot, text string) (string, error) {
	var tree string
	if err := questions.Get("parse_query").One(ctx, s, []sql.NamedArg{named("text", text)}, &tree); err != nil {
		return "", fmt.Errorf("%w: %w", ErrQuery, err)
	}
	var parsed struct {
		Error      bool   `json:"error"`
		Message    string `json:"error_message"`
		Statements []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(tree), &parsed); err != nil {
		return "", fmt.Errorf("read the parsed query: %w", err)
	}
	switch {
	case parsed.Error && strings.Contains(parsed.Message, "Only SELECT"):
		return "", fmt.Errorf("%w: it may only select; data is changed by sync, refresh and the pages", ErrQuery)
	case parsed.Error:
		return "", fmt.Errorf("%w: %s", ErrQuery, parsed.Message)
	case len(parsed.Statements) != 1:
		return "", fmt.Errorf("%w: it must be one statement, and is %d", ErrQuery, len(parsed.Statements))
	}
	guard := queryGuard{}
	relations, err := pairs(ctx, s, questions.Get("relation"))
	if err != nil {
		return "", err
	}
	for _, r := range relations {
		if r[0] == "said" {
			guard.views = append(guard.views, r[1])
			continue
		}
		guard.taken = append(guard.taken, r[1])
	}
	d := json.NewDecoder(strings.NewReader(tree))
	d.UseNumber() // positions do not survive float64
	var whole any
	if err = d.Decode(&whole); err != nil {
		return "", fmt.Errorf("read the parsed query: %w", err)
	}
	if err = guard.names(whole); err != nil {
		return "", err
	}
	if err = guard.tables(whole); err != nil {
		return "", err
	}
	safe, err := json.Marshal(whole)
	if err != nil {
		return "", fmt.Errorf("write the checked query: %w", err)
	}
	var out string
	if err := questions.Get("print_query").One(ctx, s, []sql.NamedArg{named("tree", string(safe))}, &out); err != nil {
		return "", fmt.Errorf("%w: %w", ErrQuery, err)
	}
	return out, nil
}

// queryGuard walks a syntax tree.
type queryGuard struct {
	views []string // that may be read
	taken []string // relations behind them, whose names no WITH may take
	with  []string // names the query gives itself
}

// rowMakers are the table functions that make rows of nothing but their
// arguments.
var rowMakers = []string{"unnest", "range", "generate_series"}

// names collects the names given by WITH. One that hides a stored relation is
// refused: outside its part of the query the name would mean the relation.
func (g *queryGuard) names(node any) error {
	return walk(node, func(n map[string]any) error {
		ctes, ok := n["cte_map"].(map[string]any)
		if !ok {
			return nil
		}
		entries, ok := ctes["map"].([]any)
		if !ok {
			return nil
		}
		for _, e := range entries {
			entry, ok := e.(map[string]any)
			if !ok {
				continue
			}
			name, _ := entry["key"].(string)
			if containsFold(g.taken, name) || containsFold(g.views, name) {
				return fmt.Errorf("%w: WITH may not name its part %q, which is a table; give it another name", ErrQuery, name)
			}
			g.with = append(g.with, name)
		}
		return nil
	})
}

// tables refuses everything that reads but the views, and says of each view
// where it stands.
func (g *queryGuard) tables(node any) error {
	return walk(node, func(n map[string]any) error {
		if function, ok := n["function_name"].(string); ok && strings.EqualFold(function, "current_setting") {
			return fmt.Errorf("%w: settings cannot be read", ErrQuery)
		}
		if _, expression := n["class"]; expression {
			return nil
		}
		switch n["type"] {
		case "BASE_TABLE":
			return g.table(n)
		case "TABLE_FUNCTION":
			f, _ := n["function"].(map[string]any) // a function without a name is refused
			name, _ := f["function_name"].(string)
			if !slices.Contains(rowMakers, strings.ToLower(name)) {
				return fmt.Errorf("%w: the function %s cannot be read from; tables are %s", ErrQuery, name, strings.Join(g.views, ", "))
			}
		case "SHOW_REF", "COLUMN_DATA", "DELIM_GET", "BOUND_TABLE_REF":
			return fmt.Errorf("%w: it may only select from tables; tables are %s", ErrQuery, strings.Join(g.views, ", "))
		}
		return nil
	})
}

func (g *queryGuard) table(n map[string]any) error {
	name, _ := n["table_name"].(string) // a name that is no text is no view
	for _, part := range []string{"schema_name", "catalog_name"} {
		if v, _ := n[part].(string); v != "" {
			return fmt.Errorf("%w: write %s without %s", ErrQuery, name, v)
		}
	}
	switch {
	case containsFold(g.with, name):
		return nil
	case containsFold(g.views, name):
		n["schema_name"] = "said"
		return nil
	}
	best, score := "", 0.0
	for _, v := range g.views {
		if s := strutil.Similarity(strings.ToLower(name), v, metrics.NewJaroWinkler()); s > score {
			best, score = v, s
		}
	}
	if score >= 0.85 {
		return fmt.Errorf("%w: there is no table %q; did you mean %q?", ErrQuery, name, best)
	}
	return fmt.Errorf("%w: there is no table %q; tables are %s", ErrQuery, name, strings.Join(g.views, ", "))
}

// walk visits every object of a JSON tree, the outer before the inner.
func walk(node any, visit func(map[string]any) error) error {
	switch n := node.(type) {
	case map[string]any:
		if err := visit(n); err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(n)) {
			if err := walk(n[key], visit); err != nil {
				return err
			}
		}
	case []any:
		for _, v := range n {
			if err := walk(v, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

func containsFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

func named(name string, value any) sql.NamedArg { return sql.Named(name, value) }
