package performance

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// Sheet is several metrics of one ask: values by metric and by key of the group.
// Of is the way to read one, because a group without records has no entry.
type Sheet map[string]map[string]Value

// Of is the metric's value for a group, the company by default ("").
func (s Sheet) Of(metric, key string) Value {
	if v, ok := s[metric][key]; ok {
		return v
	}
	m, err := Find(metric)
	return Value{Key: key, Known: err == nil && m.Zero}
}

// Sheet computes several metrics in one question, so that what they share (the
// deals in scope, what was decided, the quotas) is read once. The definitions
// are the metrics' own files.
func (a Ask) Sheet(ctx context.Context, q sqlfile.Querier, names ...string) (Sheet, error) {
	if a.By == "" {
		a.By = "company"
	}
	var needs, selects []string
	for _, name := range names {
		m, err := Find(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(m.By, a.By) {
			return nil, fmt.Errorf("%s by %q: %w; it can be asked by %s", m.Name, a.By, ErrBreakdown, strings.Join(m.By, ", "))
		}
		text := mustRead("metrics/" + name + ".sql")
		needs = append(needs, header(text)["with"])
		selects = append(selects, "select '"+name+"' as metric, m.key, cast(m.minor as bigint), cast(m.number as double), "+
			"cast(m.n as bigint), cast(m.of_n as bigint), cast(m.uncounted as bigint), m.note\nfrom (\n"+text[bodyAt(text):]+") m")
	}
	st := sqlfile.Parse("sheet of "+strings.Join(names, ", "), compose("-- with: "+strings.Join(needs, ", ")+"\n"+strings.Join(selects, "\nunion all\n")))
	sheet := Sheet{}
	type cell struct {
		metric string
		Value
	}
	cells, err := sqlfile.All(ctx, q, st, func(scan func(...any) error) (cell, error) {
		var (
			c      cell
			minor  sql.NullInt64
			number sql.NullFloat64
		)
		err := scan(&c.metric, &c.Key, &minor, &number, &c.N, &c.Of, &c.Uncounted, &c.Note)
		c.Minor, c.Number, c.Known = minor.Int64, number.Float64, minor.Valid || number.Valid
		return c, err
	}, a.args(st)...)
	if err != nil {
		return nil, fmt.Errorf("compute %s: %w", strings.Join(names, ", "), err)
	}
	named := groups{}
	if a.By != "company" {
		if named, err = groupNames(ctx, q, a); err != nil {
			return nil, err
		}
	}
	for _, c := range cells {
		if a.By != "company" {
			c.Name = named.of(c.Key)
		}
		if sheet[c.metric] == nil {
			sheet[c.metric] = map[string]Value{}
		}
		sheet[c.metric][c.Key] = c.Value
	}
	return sheet, nil
}
