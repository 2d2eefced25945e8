package performance

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
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
	sheets, err := Sheets(ctx, q, []Ask{a}, names...)
	if err != nil {
		return nil, err
	}
	return sheets[0], nil
}

// Sheets is the Sheet of each of asks, in their order, from one question. The
// asks differ in nothing but their period.
func Sheets(ctx context.Context, q sqlfile.Querier, asks []Ask, names ...string) ([]Sheet, error) {
	if len(asks) == 0 {
		return nil, nil
	}
	a := asks[0]
	if a.By == "" {
		a.By = "company"
	}
	for _, b := range asks[1:] {
		if b.UserID != a.UserID || b.TeamID != a.TeamID || b.RepID != a.RepID || b.By != asks[0].By {
			return nil, fmt.Errorf("compute %s: the periods of one sheet are asked by one reader about the same groups", strings.Join(names, ", "))
		}
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
	text := compose("-- with: " + strings.Join(needs, ", ") + "\n" + strings.Join(selects, "\nunion all\n"))
	spans, periods := spansOf(asks)
	st := sqlfile.Parse("sheet of "+strings.Join(names, ", "), strings.Replace(text, mustRead("metrics/with/span.sql"), spans, 1))
	type cell struct {
		span, metric string
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
		c.span, c.Key, _ = strings.Cut(c.Key, spanEnd)
		return c, err
	}, a.args(st, periods...)...)
	if err != nil {
		return nil, fmt.Errorf("compute %s: %w", strings.Join(names, ", "), err)
	}
	named := groups{}
	if a.By != "company" {
		if named, err = groupNames(ctx, q, a); err != nil {
			return nil, err
		}
	}
	sheets := make([]Sheet, len(asks))
	for i := range sheets {
		sheets[i] = Sheet{}
	}
	for _, c := range cells {
		if a.By != "company" {
			c.Name = named.of(c.Key)
		}
		i, err := strconv.Atoi(c.span)
		if err != nil || i < 0 || i >= len(sheets) {
			return nil, fmt.Errorf("compute %s: the answer names period %q of %d", c.metric, c.span, len(sheets))
		}
		if sheets[i][c.metric] == nil {
			sheets[i][c.metric] = map[string]Value{}
		}
		sheets[i][c.metric][c.Key] = c.Value
	}
	return sheets, nil
}

// spanEnd parts the number of the period from the key of the group.
const spanEnd = ":"

// spanName begins the keys of the i-th period.
func spanName(i int) string { return strconv.Itoa(i) + spanEnd }

// spansOf is span.sql with a row for each of asks, and its parameters.
func spansOf(asks []Ask) (text string, args []sql.NamedArg) {
	rows := make([]string, len(asks))
	for i, a := range asks {
		n := strconv.Itoa(i)
		row := strings.ReplaceAll(mustRead("metrics/with/span.sql"), "'' as span", "'"+spanName(i)+"' as span")
		for _, arg := range a.period() {
			row = strings.ReplaceAll(row, "$"+arg.Name+" ", "$"+arg.Name+"_"+n+" ")
			arg.Name += "_" + n
			args = append(args, arg)
		}
		rows[i] = row
	}
	return strings.Join(rows, "union all\n"), args
}
