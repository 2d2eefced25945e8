package csvfile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"credence/connectors"
	"credence/warehouse"
)

// put is one record for the sink.
type put struct {
	plan int
	row  warehouse.Row
}

// output is what a worker makes of one block.
type output struct {
	puts    []put
	rejects []connectors.Rejection
	read    int
	doubt   bool
}

// worker turns blocks of one file into records. It belongs to one goroutine.
type worker struct {
	table  *table
	plans  []*plan
	cells  *cells
	split  splitter
	memory [][]memory // by plan and target
	free   [][]any    // by plan: values of rows not made yet
	fields []string   // of the row, with the added ones
	joined []string   // room for join keys
}

func newWorker(t *table, plans []*plan, k *cells) *worker {
	w := &worker{table: t, plans: plans, cells: k, split: t.split, memory: make([][]memory, len(plans)), free: make([][]any, len(plans))}
	w.split.fields = nil
	for i, p := range plans {
		w.memory[i] = make([]memory, len(p.targets))
	}
	return w
}

// block reads every row of b.
func (w *worker) block(b block) output {
	out := output{puts: make([]put, 0, b.guess(len(w.plans)))}
	w.cells.doubt = false
	w.table.each(&w.split, b, func(line int, raw func() string, fields []string, reason string) {
		out.read++
		if reason == "" {
			var field string
			if field, reason = w.row(&out, line, fields); reason == "" {
				return
			}
			out.reject(line, field, reason, raw())
			return
		}
		out.reject(line, "", reason, raw())
	})
	out.doubt = w.cells.doubt
	return out
}

const mostRowText = 2000

func (o *output) reject(line int, field, reason, row string) {
	row = strings.TrimRight(row, "\r\n")
	if len(row) > mostRowText {
		for i := range row {
			if i > mostRowText-utf8.UTFMax {
				row = row[:i]
				break
			}
		}
	}
	row = strings.ReplaceAll(strings.ToValidUTF8(row, "\uFFFD"), "\x00", "\uFFFD")
	o.rejects = append(o.rejects, connectors.Rejection{
		Line: line, Field: strings.ToValidUTF8(field, "\uFFFD"), Reason: strings.ReplaceAll(strings.ToValidUTF8(reason, "\uFFFD"), "\x00", "\uFFFD"), Row: strings.Clone(row),
	})
}

// row makes the records of one row: all of them, or none and the reason.
func (w *worker) row(out *output, line int, fields []string) (field, reason string) {
	if w.table.extended {
		fields = w.extend(line, fields)
	}
	before := len(out.puts)
	for i, p := range w.plans {
		if !p.applies(fields) {
			continue
		}
		row, field, reason := w.record(i, p, fields)
		if reason != "" {
			out.puts = out.puts[:before]
			return field, reason
		}
		out.puts = append(out.puts, put{i, row})
	}
	return "", ""
}

func (p *plan) applies(fields []string) bool {
	for i := range p.when {
		if !p.when[i].holds(fields) {
			return false
		}
	}
	return true
}

const slabRows = 256

func (w *worker) record(i int, p *plan, fields []string) (row warehouse.Row, field, reason string) {
	n := len(p.stream.Columns)
	if len(w.free[i]) < n {
		w.free[i] = make([]any, n*slabRows)
	}
	row = warehouse.Row(w.free[i][:n:n])
	code := ""
	for j := range p.targets {
		t := &p.targets[j]
		v, reason := w.cells.value(t.column, &t.written, &w.memory[i][j], t.from.text(fields), code)
		if reason != "" {
			clear(row)
			return nil, t.field, reason
		}
		row[t.index] = v
		if t.index == p.currency {
			if text, isText := v.(string); isText {
				code = text
			}
		}
	}
	for _, c := range p.required {
		if row[c] == nil {
			clear(row)
			return nil, p.fieldOf(c), missing(&p.stream.Columns[c])
		}
	}
	w.free[i] = w.free[i][n:]
	return row, "", ""
}

// fieldOf is the source's name of a stream column.
func (p *plan) fieldOf(column int) string {
	for i := range p.targets {
		if p.targets[i].index == column {
			return p.targets[i].field
		}
	}
	return p.stream.Columns[column].Name
}

func missing(c *warehouse.Column) string {
	switch {
	case len(c.Values) > 0:
		return fmt.Sprintf("%s is missing; write one of %s", c.Name, strings.Join(c.Values, ", "))
	case c.Key:
		return fmt.Sprintf("%s is missing; a record is known by it, so fill it in the source", c.Name)
	default:
		return fmt.Sprintf("%s is missing; fill it in the source", c.Name)
	}
}

// extend adds the two columns of every file and the joined ones to a row.
func (w *worker) extend(line int, fields []string) []string {
	t := w.table
	w.fields = append(w.fields[:0], fields...)
	w.fields = append(w.fields, strconv.Itoa(line), t.stem)
	for _, j := range t.joins {
		w.joined = w.joined[:0]
		for _, f := range j.on {
			w.joined = append(w.joined, strings.TrimSpace(w.fields[f]))
		}
		w.fields = append(w.fields, j.row(w.joined)...)
	}
	return w.fields
}

// each calls row for every record of b: with its fields, or with the reason why
// it has none. Empty lines and rows of nothing but separators are no records.
func (t *table) each(split *splitter, b block, row func(line int, raw func() string, fields []string, reason string)) {
	if b.rows != nil {
		for i, fields := range b.rows {
			row(b.line+i, func() string { return strings.Join(fields, ",") }, fields, "")
		}
		return
	}
	line, pos, start := b.line, 0, 0
	raw := func() string { return b.text[start:pos] }
	for pos < len(b.text) {
		start = pos
		end, how := split.record(b.text, pos)
		pos = end
		this := line
		line += strings.Count(b.text[start:end], "\n")
		switch {
		case how != whole:
			row(this, raw, nil, badQuote(how))
			continue
		case len(split.fields) == 1 && strings.TrimSpace(split.fields[0]) == "" && !strings.Contains(raw(), `"`):
			continue
		case len(split.fields) != t.width:
			if !allEmpty(split.fields) {
				row(this, raw, nil, t.wrongCount(len(split.fields)))
			}
			continue
		case t.dirty:
			if reason := badBytes(raw()); reason != "" {
				row(this, raw, nil, reason)
				continue
			}
		}
		if split.fields[0] == "" && allEmpty(split.fields) {
			continue
		}
		if t.blank != nil {
			for i, f := range split.fields {
				if t.blank[strings.TrimSpace(f)] {
					split.fields[i] = ""
				}
			}
		}
		row(this, raw, split.fields, "")
	}
}

func badQuote(how outcome) string {
	if how == partial {
		return `a quotation mark opens in this row and is never closed; close it, write a mark inside a field twice (""), or set quotes: no`
	}
	return `text follows a closing quotation mark; write a mark inside a field twice (""), or set quotes: no`
}

func (t *table) wrongCount(n int) string {
	word := "fields"
	if n == 1 {
		word = "field"
	}
	if n < t.width {
		return fmt.Sprintf("the row has %d %s and the header has %d; write an empty field for each missing value", n, word, t.width)
	}
	return fmt.Sprintf("the row has %d %s and the header has %d; put fields that hold the separator in quotation marks", n, word, t.width)
}

func badBytes(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		return "the row holds a NUL character, which no text has; export the file again"
	}
	if !utf8.ValidString(s) {
		return "the row holds bytes that are not UTF-8; save the file as UTF-8, or set encoding"
	}
	return ""
}

func allEmpty(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}
