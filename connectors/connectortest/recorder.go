package connectortest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"credence/connectors"
	"credence/warehouse"
)

// Recorder is a Sink that keeps what it is given in memory, as the warehouse
// would: one record an id, the last one put. It checks every row against the
// stream it is for.
type Recorder struct {
	Rows     map[string]map[string]warehouse.Row // stream → source id → row
	Files    []*FileCount                        // in the order of their first mention
	Rejected []Rejected
	Faults   []string // what a well-behaved connector would not have done

	// Fail, when set, is asked before the n-th call of Put, PutRow or Reject
	// (from 1) and its error is returned instead.
	Fail func(n int) error

	calls   int
	current *FileCount
}

// FileCount is what was read from one file.
type FileCount struct {
	Name           string
	Read, Rejected int
}

// Rejected is a rejection with its file.
type Rejected struct {
	File string
	warehouse.Rejection
}

// Read runs source into a new Recorder.
func Read(ctx context.Context, source connectors.Source, cursor string) (*Recorder, string, error) {
	rec := &Recorder{}
	next, err := source.Read(ctx, cursor, rec)
	return rec, next, err
}

// File implements connectors.Sink.
func (r *Recorder) File(name string) {
	for _, f := range r.Files {
		if f.Name == name {
			r.current = f
			return
		}
	}
	if name == "" {
		r.fault("a file without a name")
	}
	r.current = &FileCount{Name: name}
	r.Files = append(r.Files, r.current)
}

// Read implements connectors.Sink.
func (r *Recorder) Read(n int) {
	if r.current == nil {
		r.fault("rows were read before any file was named")
		r.File("?")
	}
	r.current.Read += n
}

// Put implements connectors.Sink.
func (r *Recorder) Put(record any) error {
	stream, row := warehouse.RowOf(record)
	return r.PutRow(stream, row)
}

// PutRow implements connectors.Sink.
func (r *Recorder) PutRow(stream *warehouse.Stream, row warehouse.Row) error {
	r.calls++
	if r.Fail != nil {
		if err := r.Fail(r.calls); err != nil {
			return err
		}
	}
	id := stream.SourceID(row)
	for _, fault := range check(stream, row) {
		r.fault("%s %s: %s", stream.Name, id, fault)
	}
	if r.Rows == nil {
		r.Rows = map[string]map[string]warehouse.Row{}
	}
	if r.Rows[stream.Name] == nil {
		r.Rows[stream.Name] = map[string]warehouse.Row{}
	}
	r.Rows[stream.Name][id] = slices.Clone(row)
	return nil
}

// Reject implements connectors.Sink.
func (r *Recorder) Reject(j connectors.Rejection) error {
	r.calls++
	if r.Fail != nil {
		if err := r.Fail(r.calls); err != nil {
			return err
		}
	}
	if r.current == nil {
		r.fault("a row was rejected before any file was named")
		r.File("?")
	}
	if j.Reason == "" || strings.ContainsAny(j.Reason, "\n\r") || !utf8.ValidString(j.Reason) {
		r.fault("rejection of line %d of %s: the reason %q is not one sentence", j.Line, r.current.Name, j.Reason)
	}
	r.current.Rejected++
	r.Rejected = append(r.Rejected, Rejected{File: r.current.Name, Rejection: j})
	return nil
}

// Count is the number of records of a stream.
func (r *Recorder) Count(stream string) int { return len(r.Rows[stream]) }

// Value returns a column of a record, nil when either is missing.
func (r *Recorder) Value(stream, id, column string) any {
	s := warehouse.StreamByName(stream)
	row := r.Rows[stream][id]
	if s == nil || row == nil || s.Column(column) < 0 {
		return nil
	}
	return row[s.Column(column)]
}

// Int is Value as a number, 0 when it is missing or none.
func (r *Recorder) Int(stream, id, column string) int64 {
	n, ok := r.Value(stream, id, column).(int64)
	if !ok {
		return 0
	}
	return n
}

// Totals sums rows read and rejected over all files.
func (r *Recorder) Totals() (read, rejected int) {
	for _, f := range r.Files {
		read += f.Read
		rejected += f.Rejected
	}
	return read, rejected
}

// Lines are the records as canonical JSON, one a line, sorted by stream and id.
func (r *Recorder) Lines() []string {
	var out []string
	for i := range warehouse.Streams {
		s := &warehouse.Streams[i]
		ids := make([]string, 0, len(r.Rows[s.Name]))
		for id := range r.Rows[s.Name] {
			ids = append(ids, id)
		}
		sort.Strings(ids)
		for _, id := range ids {
			out = append(out, line(s, r.Rows[s.Name][id]))
		}
	}
	return out
}

// line is {"deals":{"deal_id":…}} with the columns in their order and without
// the missing ones.
func line(s *warehouse.Stream, row warehouse.Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{%q:{", s.Name)
	comma := ""
	for i, c := range s.Columns {
		if row[i] == nil {
			continue
		}
		value := row[i]
		if t, ok := value.(time.Time); ok {
			value = t.Format(time.RFC3339)
			if c.Kind == warehouse.Day {
				value = t.Format(time.DateOnly)
			}
		}
		text, err := json.Marshal(value)
		if err != nil {
			text = []byte(fmt.Sprintf("%q", err))
		}
		fmt.Fprintf(&b, "%s%q:%s", comma, c.Name, text)
		comma = ","
	}
	b.WriteString("}}")
	return b.String()
}

// check lists what is wrong with a row.
func check(s *warehouse.Stream, row warehouse.Row) []string {
	var out []string
	if len(row) != len(s.Columns) {
		return []string{fmt.Sprintf("has %d values for %d columns", len(row), len(s.Columns))}
	}
	if strings.Trim(s.SourceID(row), "|") == "" {
		out = append(out, "has no id")
	}
	for i, c := range s.Columns {
		if row[i] == nil {
			if c.Required {
				out = append(out, c.Name+" is required and missing")
			}
			continue
		}
		ok := false
		switch c.Kind {
		case warehouse.Text:
			var v string
			if v, ok = row[i].(string); ok {
				switch {
				case v == "":
					out = append(out, c.Name+" is empty text instead of missing")
				case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
					out = append(out, c.Name+" is not clean UTF-8")
				case c.Values != nil && !slices.Contains(c.Values, v):
					out = append(out, fmt.Sprintf("%s is %q, not one of %s", c.Name, v, strings.Join(c.Values, ", ")))
				}
			}
		case warehouse.Time, warehouse.Day:
			var v time.Time
			if v, ok = row[i].(time.Time); ok {
				if v.Location() != time.UTC || v.Nanosecond() != 0 {
					out = append(out, c.Name+" is not UTC in whole seconds")
				}
				if c.Kind == warehouse.Day && v.Truncate(24*time.Hour) != v {
					out = append(out, c.Name+" is a day with a time")
				}
			}
		case warehouse.Int, warehouse.Money, warehouse.Micro, warehouse.Rate:
			_, ok = row[i].(int64)
		case warehouse.Float:
			_, ok = row[i].(float64)
		case warehouse.Bool:
			_, ok = row[i].(bool)
		}
		if !ok {
			out = append(out, fmt.Sprintf("%s is a %T", c.Name, row[i]))
		}
	}
	return out
}

func (r *Recorder) fault(format string, args ...any) {
	if len(r.Faults) < 20 {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}
