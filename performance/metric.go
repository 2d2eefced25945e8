package performance

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

//go:embed metrics sql build
var files embed.FS

var (
	metrics   = mustMetrics()
	questions = mustCompose("sql")
)

// Metric is the definition of one number: the header of its file in metrics/.
type Metric struct {
	Name    string   // file name, and the name in the API
	Title   string   // as tiles and columns show it
	Unit    string   // money, money per day, count, number, share, ratio, days or hours
	Grain   string   // what one row of the answer is
	Formula string   // in words
	Why     string   // what the number is for
	Source  string   // which records it is computed from
	Good    string   // up, down or none: which direction is good
	By      []string // breakdowns it has
	Rows    string   // query of the deals list that shows its rows; "closed=period" stands for the period's name
	Zero    bool     // a group without any record has 0; otherwise it is unknown

	statement *sqlfile.Statement
}

// Value is a metric of one group.
type Value struct {
	Key       string  // of the group; "" for the company, and for "none" in a breakdown
	Name      string  // of the group, for people
	Known     bool    // false: there is nothing to compute it from, show n/a
	Minor     int64   // units money and money per day, in minor units of the reporting currency
	Number    float64 // every other unit
	N         int64   // records it rests on
	Of        int64   // of how many
	Uncounted int64   // records left out because they have no amount in the reporting currency
	Note      string  // "reached": coverage of a quota that is met
}

// Money reports whether the metric's values are in Minor.
func (m Metric) Money() bool { return strings.HasPrefix(m.Unit, "money") }

// Definition is the metric in one paragraph, for a tile's hover text.
func (m Metric) Definition() string { return m.Formula + ". " + m.Why }

// All lists every metric by name.
func All() []Metric { return slices.Clone(metrics) }

// Find returns the metric called name.
func Find(name string) (Metric, error) {
	i, ok := slices.BinarySearchFunc(metrics, name, func(m Metric, n string) int { return strings.Compare(m.Name, n) })
	if !ok {
		return Metric{}, fmt.Errorf("there is no metric %q; there are %s", name, strings.Join(names(), ", "))
	}
	return metrics[i], nil
}

func names() []string {
	out := make([]string, len(metrics))
	for i, m := range metrics {
		out[i] = m.Name
	}
	return out
}

// Values asks the metric by the breakdown of a, one value per group with
// records, ordered by key.
func (m Metric) Values(ctx context.Context, q sqlfile.Querier, a Ask) ([]Value, error) {
	if a.By == "" {
		a.By = "company"
	}
	if !slices.Contains(m.By, a.By) {
		return nil, fmt.Errorf("%s by %q: %w; it can be asked by %s", m.Name, a.By, ErrBreakdown, strings.Join(m.By, ", "))
	}
	values, err := sqlfile.All(ctx, q, m.statement, func(scan func(...any) error) (Value, error) {
		var (
			v      Value
			minor  sql.NullInt64
			number sql.NullFloat64
		)
		err := scan(&v.Key, &minor, &number, &v.N, &v.Of, &v.Uncounted, &v.Note)
		v.Minor, v.Number, v.Known = minor.Int64, number.Float64, minor.Valid || number.Valid
		return v, err
	}, a.args(m.statement)...)
	if err != nil {
		return nil, fmt.Errorf("compute %s: %w", m.Name, err)
	}
	slices.SortFunc(values, func(x, y Value) int { return strings.Compare(x.Key, y.Key) })
	if a.By == "company" {
		return values, nil
	}
	named, err := groupNames(ctx, q, a)
	if err != nil {
		return nil, err
	}
	for i := range values {
		values[i].Name = named.of(values[i].Key)
	}
	return values, nil
}

// Value asks the metric for everything a covers.
func (m Metric) Value(ctx context.Context, q sqlfile.Querier, a Ask) (Value, error) {
	a.By = "company"
	values, err := m.Values(ctx, q, a)
	if err != nil {
		return Value{}, err
	}
	if len(values) == 0 {
		return Value{Known: m.Zero}, nil
	}
	return values[0], nil
}

// Of is the company value of the metric called name.
func Of(ctx context.Context, q sqlfile.Querier, name string, a Ask) (Value, error) {
	m, err := Find(name)
	if err != nil {
		return Value{}, err
	}
	return m.Value(ctx, q, a)
}

// By is the values of the metric called name by the breakdown of a.
func By(ctx context.Context, q sqlfile.Querier, name string, a Ask) (map[string]Value, error) {
	m, err := Find(name)
	if err != nil {
		return nil, err
	}
	values, err := m.Values(ctx, q, a)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Value, len(values))
	for _, v := range values {
		out[v.Key] = v
	}
	return out, nil
}

// groups are the names of a breakdown's keys.
type groups struct {
	by    string
	names map[string]string
}

func (g groups) of(key string) string {
	if key == "" {
		return "No " + g.by
	}
	if n := g.names[key]; n != "" {
		return n
	}
	return key
}

func groupNames(ctx context.Context, q sqlfile.Querier, a Ask) (groups, error) {
	pairs, err := rows(ctx, q, "group_names", a, func(scan func(...any) error) ([2]string, error) {
		var p [2]string
		return p, scan(&p[0], &p[1])
	})
	if err != nil {
		return groups{}, fmt.Errorf("name the groups: %w", err)
	}
	g := groups{by: a.By, names: map[string]string{}}
	for _, p := range pairs {
		g.names[p[0]] = p[1]
	}
	return g, nil
}

// mustMetrics reads every definition. A file without a full header is a
// programmer's mistake and panics at start.
func mustMetrics() []Metric {
	entries, err := fs.Glob(files, "metrics/*.sql")
	if err != nil {
		panic("performance: list metrics: " + err.Error())
	}
	statements := mustCompose("metrics")
	var out []Metric
	for _, path := range entries {
		name := strings.TrimSuffix(strings.TrimPrefix(path, "metrics/"), ".sql")
		h := header(mustRead(path))
		m := Metric{
			Name: name, Title: h["title"], Unit: h["unit"], Grain: h["grain"], Formula: h["formula"], Why: strings.TrimSuffix(h["why"], "."),
			Source: h["source"], Good: h["good"], By: strings.Fields(h["by"]), Rows: h["rows"], Zero: h["empty"] == "zero", statement: statements[name],
		}
		for _, key := range []string{"title", "unit", "grain", "formula", "why", "source", "good", "by", "empty"} {
			if h[key] == "" {
				panic(fmt.Sprintf("performance: %s has no %q in its header", path, key))
			}
		}
		out = append(out, m)
	}
	return out
}
