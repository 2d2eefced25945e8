package jobs

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"credence/server/export"
	"credence/warehouse"
)

// query answers one read-only statement over the tables of DESIGN §3, and how many
// rows it wrote.
func (j *Jobs) query(ctx context.Context, call Call, out Out) (rows int, err error) {
	if strings.TrimSpace(call.SQL) == "" {
		return 0, Misuse(errors.New(`the query is empty; write one, such as credence query "select count(*) from deal"`))
	}
	format := call.Format
	if format == "" {
		format = "table"
	}
	writer, ok := tableWriters[format]
	if !ok {
		return 0, Misuse(fmt.Errorf("%q is no format; formats are csv, json, table", format))
	}
	err = j.Warehouse.Query(ctx, call.SQL, func(columns []string, next func() ([]any, error)) error {
		w := writer(out.Stdout)
		if herr := w.head(columns); herr != nil {
			return herr
		}
		for {
			row, rerr := next()
			if rerr != nil {
				return rerr
			}
			if row == nil {
				return w.close()
			}
			if rerr = w.row(row); rerr != nil {
				return rerr
			}
			rows++
		}
	})
	return rows, plainQueryError(err)
}

// plainQueryError keeps of the engine's answer to a mistake the sentence and
// the names it suggests. The rest quotes the statement as it was run, with
// names that nobody wrote.
func plainQueryError(err error) error {
	if !errors.Is(err, warehouse.ErrQuery) || Broken(err) {
		return err
	}
	lines := strings.Split(err.Error(), "\n")
	var text strings.Builder
	text.WriteString(strings.TrimRight(strings.Replace(lines[0], "Binder Error: ", "", 1), "!. "))
	for _, line := range lines[1:] {
		if names, ok := strings.CutPrefix(line, "Candidate bindings: "); ok {
			text.WriteString("; did you mean one of " + names)
		}
	}
	return errors.New(strings.ReplaceAll(text.String(), "said.", ""))
}

// tableWriter writes an answer row by row.
type tableWriter interface {
	head(columns []string) error
	row(values []any) error
	close() error
}

var tableWriters = map[string]func(io.Writer) tableWriter{
	"csv":   func(w io.Writer) tableWriter { return &csvTable{csv.NewWriter(w)} },
	"json":  func(w io.Writer) tableWriter { return &jsonTable{w: w} },
	"table": func(w io.Writer) tableWriter { return &textTable{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)} },
}

type csvTable struct{ *csv.Writer }

func (t *csvTable) head(columns []string) error { return t.Write(columns) }

func (t *csvTable) row(values []any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = text(v)
		if _, ok := v.(string); ok {
			cells[i] = export.Defuse(cells[i])
		}
	}
	return t.Write(cells)
}

func (t *csvTable) close() error { t.Flush(); return t.Error() }

// jsonTable writes an array of objects whose keys keep the order of columns.
type jsonTable struct {
	w       io.Writer
	columns [][]byte
	rows    int
}

func (t *jsonTable) head(columns []string) error {
	for _, c := range columns {
		name, err := json.Marshal(c)
		if err != nil {
			return err
		}
		t.columns = append(t.columns, name)
	}
	_, err := io.WriteString(t.w, "[")
	return err
}

func (t *jsonTable) row(values []any) error {
	var b strings.Builder
	if t.rows > 0 {
		b.WriteString(",")
	}
	t.rows++
	b.WriteString("\n{")
	for i, v := range values {
		if i > 0 {
			b.WriteString(",")
		}
		b.Write(t.columns[i])
		b.WriteString(":")
		cell, err := json.Marshal(jsonValue(v))
		if err != nil {
			return fmt.Errorf("write column %s: %w", t.columns[i], err)
		}
		b.Write(cell)
	}
	b.WriteString("}")
	_, err := io.WriteString(t.w, b.String())
	return err
}

func (t *jsonTable) close() error {
	_, err := io.WriteString(t.w, "\n]\n")
	return err
}

type textTable struct{ *tabwriter.Writer }

func (t *textTable) head(columns []string) error { return t.line(columns) }

func (t *textTable) row(values []any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = strings.NewReplacer("\t", " ", "\n", " ").Replace(text(v))
	}
	return t.line(cells)
}

func (t *textTable) line(cells []string) error {
	_, err := fmt.Fprintln(t.Writer, strings.Join(cells, "\t"))
	return err
}

func (t *textTable) close() error { return t.Flush() }

// text is a value as CSV and tables write it; null is empty.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	case time.Time:
		return timeText(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// timeText writes a day as a day and a time as ISO 8601 in UTC.
func timeText(v time.Time) string {
	v = v.UTC()
	if v.Equal(v.Truncate(24 * time.Hour)) {
		return v.Format(time.DateOnly)
	}
	return v.Format(time.RFC3339)
}

// jsonValue keeps numbers and truth values; everything else is text.
func jsonValue(v any) any {
	switch v := v.(type) {
	case nil, bool, string, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64:
		return v
	case warehouse.Decimal:
		return json.Number(v)
	}
	return text(v)
}
