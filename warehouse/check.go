package warehouse

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

//go:embed check/*.sql check/derived/*.sql
var checkFiles embed.FS

// The invariants: each asks for a count of what breaks it and an example, and
// says in its first line what is wrong. Those of derived tables hold from the
// first refresh on.
var (
	recordChecks  = sqlfile.MustLoad(checkFiles, "check")
	derivedChecks = sqlfile.MustLoad(checkFiles, "check/derived")
)

// CheckReport is what Check found.
type CheckReport struct {
	Tables []TableSum
	Broken []string // one sentence for each invariant that does not hold
	Stale  bool     // another program derived the figures, or nobody yet: only records were checked
}

// TableSum is the content of a table in two numbers that do not depend on the
// order of its rows.
type TableSum struct {
	Name     string
	Rows     int64
	Checksum string
}

// Check reads every row of every table and asks every invariant. Those of
// figures that another program derived are not asked: they may be of other
// tables.
func (w *Warehouse) Check(ctx context.Context) (CheckReport, error) {
	var report CheckReport
	err := w.Read(ctx, func(s *Snapshot) error {
		var err error
		if report.Tables, err = tableSums(ctx, s, bookkeeping, passing); err != nil {
			return err
		}
		report.Stale = s.Stale
		for i := range Streams {
			if err := checkUnique(ctx, s, &Streams[i], &report); err != nil {
				return err
			}
		}
		if err := checkFinite(ctx, s, &report); err != nil {
			return err
		}
		if err := ask(ctx, s, recordChecks, &report); err != nil || s.Stale {
			return err
		}
		return ask(ctx, s, derivedChecks, &report)
	})
	if err != nil {
		return CheckReport{}, fmt.Errorf("check the warehouse: %w", err)
	}
	return report, nil
}

func ask(ctx context.Context, s *Snapshot, checks sqlfile.Set, report *CheckReport) error {
	for _, name := range checks.Names() {
		st := checks.Get(name)
		var n int64
		var example string
		if err := st.One(ctx, s, nil, &n, &example); err != nil {
			return err
		}
		report.add(firstComment(st), n, example)
	}
	return nil
}

func (r *CheckReport) add(what string, n int64, example string) {
	switch {
	case n == 1:
		r.Broken = append(r.Broken, fmt.Sprintf("%s: %s", what, example))
	case n > 1:
		r.Broken = append(r.Broken, fmt.Sprintf("%s: %d times, for example %s", what, n, example))
	}
}

func firstComment(st *sqlfile.Statement) string {
	line, _, _ := strings.Cut(st.Source, "\n")
	return strings.TrimPrefix(line, "-- ")
}

// checkUnique verifies what no constraint keeps: an index over every record
// would cost more than asking.
func checkUnique(ctx context.Context, s *Snapshot, stream *Stream, report *CheckReport) error {
	var n int64
	var example string
	query := "select count(*), coalesce(min(x.thing), '') from (select t.source || ' ' || t.source_id as thing from " + stream.table() +
		" t group by t.source, t.source_id having count(*) > 1) x"
	if err := s.QueryRowContext(ctx, query).Scan(&n, &example); err != nil {
		return fmt.Errorf("look for duplicates of %s: %w", stream.Name, err)
	}
	report.add("a record of "+stream.Name+" stands twice", n, example)
	return nil
}

// checkFinite looks for numbers that are none in every table: sums over them would
// be none either.
func checkFinite(ctx context.Context, s *Snapshot, report *CheckReport) error {
	columns, err := pairs(ctx, s, questions.Get("float_columns"))
	if err != nil {
		return err
	}
	for _, c := range columns {
		var n int64
		// The names are the catalog's own. What is no number counts as more than any.
		query := `select count(*) from "` + c[0] + `" x where not (x."` + c[1] + `" between -1.7976931348623157e308 and 1.7976931348623157e308)`
		if err := s.QueryRowContext(ctx, query).Scan(&n); err != nil {
			return fmt.Errorf("look for numbers of %s that are none: %w", c[0], err)
		}
		report.add("a number is infinite or none", n, c[0]+"."+c[1])
	}
	return nil
}

// bookkeeping are the tables that change without the data: what was run, when,
// and with which settings.
var bookkeeping = []string{"generation", "run", "run_file", "schema_version", "source_state", "attribution_setting", "audit", "audit_cut", "set_up", "upkeep"}

// passing are the columns that say when something was done; window_to of an
// open deal is the time of the refresh.
var passing = []string{"synced_at", "run_id", "refreshed_at", "window_to"}

// tableSums sums up every table but those of without, over the columns that are
// not in but.
func tableSums(ctx context.Context, q sqlfile.Querier, without, but []string) ([]TableSum, error) {
	list, err := pairs(ctx, q, questions.Get("columns"))
	if err != nil {
		return nil, err
	}
	var sums []TableSum
	columns := map[string][]string{}
	for _, c := range list {
		table, column := c[0], c[1]
		if slices.Contains(without, table) {
			continue
		}
		if len(sums) == 0 || sums[len(sums)-1].Name != table {
			sums = append(sums, TableSum{Name: table})
		}
		if !slices.Contains(but, column) {
			column = "x.\"" + column + `"`
			columns[table] = append(columns[table], column)
		}
	}
	for i := range sums {
		t := &sums[i]
		// The names are the catalog's own. A sum, unlike an exclusive or, sees
		// a row that stands twice.
		query := `select count(*), printf('%016x', cast(coalesce(sum(cast(hash(` + strings.Join(columns[t.Name], ", ") + `) as hugeint)), 0) % 18446744073709551616 as ubigint)) from "` + t.Name + `" x`
		if err := q.QueryRowContext(ctx, query).Scan(&t.Rows, &t.Checksum); err != nil {
			return nil, fmt.Errorf("sum up %s: %w", t.Name, err)
		}
	}
	return sums, nil
}
