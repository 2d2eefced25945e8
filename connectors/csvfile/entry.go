package csvfile

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"credence/connectors"
	"credence/warehouse"
)

// entry is one checked entry of files: everything that can be said about it
// without seeing a file.
type entry struct {
	File
	at      string // files[2], for errors
	format  Format
	dates   *dateFormat
	mark    mark
	records []record
}

// record is one checked record of an entry.
type record struct {
	at        string
	stream    *warehouse.Stream
	when      []Condition
	keepFirst bool
	sets      []set // currency first, for the amounts need it
}

// set is one checked assignment to a canonical column.
type set struct {
	at      string
	column  int
	value   Value
	extract *regexp.Regexp
	dates   *dateFormat
	mark    mark
}

// over returns the format with the keys it leaves out taken from base.
func (f Format) over(base Format) Format {
	if f.Encoding == "" {
		f.Encoding = base.Encoding
	}
	if f.Separator == "" {
		f.Separator = base.Separator
	}
	if f.Quotes == nil {
		f.Quotes = base.Quotes
	}
	if f.Decimal == "" {
		f.Decimal = base.Decimal
	}
	if f.DateFormat == "" {
		f.DateFormat = base.DateFormat
	}
	if f.Header == nil {
		f.Header = base.Header
	}
	if len(f.Columns) == 0 {
		f.Columns = base.Columns
	}
	if f.SkipLines == 0 {
		f.SkipLines = base.SkipLines
	}
	if len(f.Blank) == 0 {
		f.Blank = base.Blank
	}
	return f
}

// newEntry checks one entry of files; at is its place in the configuration.
func newEntry(at string, f File, base Format) (*entry, error) {
	e := &entry{File: f, at: at, format: f.over(base)}
	if !validPattern(f.Match) {
		return nil, fmt.Errorf("%s: %q is no file name and no pattern with * and ?", e.key("match"), f.Match)
	}
	if err := e.checkFormat(); err != nil {
		return nil, err
	}
	if f.Stream != "" { // the file is canonical under another name
		if len(f.Records) > 0 || len(f.Join) > 0 {
			return nil, fmt.Errorf("%s: stream reads the file as it is; leave out records and join, or leave out stream", at)
		}
		if _, err := streamNamed(e.key("stream"), f.Stream); err != nil {
			return nil, err
		}
	}
	for i, j := range f.Join {
		if len(j.On) == 0 || j.File == "" || j.As == "" {
			return nil, fmt.Errorf("%s.join[%d] needs file, as and on: {file: employees.tsv, as: sender, on: {sender_id: id}}", at, i)
		}
	}
	for i, r := range f.Records {
		checked, err := newRecord(fmt.Sprintf("%s.records[%d]", at, i), r)
		if err != nil {
			return nil, err
		}
		e.records = append(e.records, checked)
	}
	return e, nil
}

func validPattern(p string) bool {
	_, err := path.Match(p, "")
	return err == nil && p != ""
}

// key is the path of one of the entry's keys; a source without files has them
// on itself.
func (e *entry) key(name string) string {
	if e.at == "" {
		return name
	}
	return e.at + "." + name
}

func (e *entry) checkFormat() (err error) {
	f := &e.format
	if f.Encoding, err = parseEncoding(f.Encoding); err != nil {
		return fmt.Errorf("%s: %w", e.key("encoding"), err)
	}
	if _, err = parseSeparator(f.Separator); err != nil {
		return fmt.Errorf("%s: %w", e.key("separator"), err)
	}
	if e.mark, err = parseMark(f.Decimal); err != nil {
		return fmt.Errorf("%s: %w", e.key("decimal"), err)
	}
	if e.dates, err = parseDateFormat(f.DateFormat); err != nil {
		return fmt.Errorf("%s: %w", e.key("date_format"), err)
	}
	if e.at != "" && f.Header != nil && !*f.Header && len(f.Columns) == 0 {
		return fmt.Errorf("%s: header is no, so columns must name the fields in order", e.at)
	}
	if f.SkipLines < 0 {
		return fmt.Errorf("%s is %d; write how many lines to leave out", e.key("skip_lines"), f.SkipLines)
	}
	return nil
}

func parseMark(text string) (mark, error) {
	switch strings.ToLower(text) {
	case "":
		return 0, nil
	case "point", ".", "dot":
		return point, nil
	case "comma", ",":
		return comma, nil
	}
	return 0, fmt.Errorf("%q is unknown; write point or comma", text)
}

func streamNamed(at, name string) (*warehouse.Stream, error) {
	if s := warehouse.StreamByName(name); s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%s: there is no stream %q%s", at, name, connectors.Suggest(name, streamNames()))
}

func columnNames(s *warehouse.Stream) []string {
	names := make([]string, len(s.Columns))
	for i := range s.Columns {
		names[i] = s.Columns[i].Name
	}
	return names
}

func newRecord(at string, r Record) (record, error) {
	out := record{at: at, when: r.When}
	var err error
	if out.stream, err = streamNamed(at+".stream", r.Stream); err != nil {
		return out, err
	}
	switch r.Keep {
	case "", "last":
	case "first":
		out.keepFirst = true
	default:
		return out, fmt.Errorf("%s.keep is %q; write first or last", at, r.Keep)
	}
	for i, c := range r.When {
		if c.Column == "" || len(c.Equals) == 0 && len(c.Not) == 0 && c.Empty == nil {
			return out, fmt.Errorf("%s.when[%d] needs a column and one of equals, not and empty", at, i)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Set)) {
		s, err := newSet(at+".set."+name, out.stream, name, r.Set[name])
		if err != nil {
			return out, err
		}
		out.sets = append(out.sets, s)
	}
	for i := range out.stream.Columns {
		c := &out.stream.Columns[i]
		if _, given := r.Set[c.Name]; c.Required && !given {
			return out, fmt.Errorf("%s.set has no %s, which every record of %s needs", at, c.Name, out.stream.Name)
		}
	}
	out.orderSets()
	return out, nil
}

// orderSets puts the columns in the order of the stream, the currency first.
func (r *record) orderSets() {
	slices.SortFunc(r.sets, func(a, b set) int {
		return r.rank(a) - r.rank(b)
	})
}

func (r *record) rank(s set) int {
	if r.stream.Columns[s.column].Name == "currency" {
		return -1
	}
	return s.column
}

func newSet(at string, stream *warehouse.Stream, name string, v Value) (set, error) {
	s := set{at: at, column: stream.Column(name), value: v}
	if s.column < 0 {
		return s, fmt.Errorf("%s: %s has no column %q%s", at, stream.Name, name, connectors.Suggest(name, columnNames(stream)))
	}
	given := 0
	for _, has := range []bool{v.Column != "", v.Value != "", v.Template != "", len(v.ID) > 0} {
		if has {
			given++
		}
	}
	if given != 1 {
		return s, fmt.Errorf("%s needs exactly one of column, value, template and id; it has %d", at, given)
	}
	var err error
	if v.Extract != "" {
		if s.extract, err = regexp.Compile(v.Extract); err != nil {
			return s, fmt.Errorf("%s.extract: %q is no regular expression: %w", at, v.Extract, err)
		}
	}
	if s.dates, err = parseDateFormat(v.DateFormat); err != nil {
		return s, fmt.Errorf("%s.date_format: %w", at, err)
	}
	if s.mark, err = parseMark(v.Decimal); err != nil {
		return s, fmt.Errorf("%s.decimal: %w", at, err)
	}
	if strings.Count(v.Template, "{") != strings.Count(v.Template, "}") {
		return s, fmt.Errorf("%s.template: %q has a brace that is not closed", at, v.Template)
	}
	return s, nil
}

// canonical makes the record of a canonical file from its header.
func canonical(stream *warehouse.Stream, header []string) (record, error) {
	r := record{at: stream.Name, stream: stream}
	for i, name := range header {
		if name == "" {
			continue
		}
		c := stream.Column(name)
		if c < 0 {
			return r, fmt.Errorf("unknown column %q%s", name, connectors.Suggest(name, columnNames(stream)))
		}
		if slices.Index(header, name) < i {
			return r, fmt.Errorf("the column %q is there twice; take one out", name)
		}
		r.sets = append(r.sets, set{at: name, column: c, value: Value{Column: name}})
	}
	for i := range stream.Columns {
		if c := &stream.Columns[i]; c.Required && !slices.Contains(header, c.Name) {
			return r, fmt.Errorf("there is no column %q, which every record of %s needs", c.Name, stream.Name)
		}
	}
	r.orderSets()
	return r, nil
}
