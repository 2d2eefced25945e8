package paths

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"credence/attribution/exact"
)

var (
	errLong    = fmt.Errorf("the row is longer than %d MiB; look for a quote that is never closed", mostRow>>20)
	errNoTouch = errors.New("the path has no touch")
)

// rows reads blocks into one tally.
type rows struct {
	head      head
	separator []byte
	tally     *tally
	known     map[string]int32 // channel by touch as written; none for a touch that is blank
	fields    [][]byte         // of the row being read
	touches   []int32          // of the row being read
}

// none is the channel of a touch that is blank.
const none = -1

func newRows(h head, separator string, t *tally) *rows {
	return &rows{head: h, separator: []byte(separator), tally: t, known: map[string]int32{}}
}

// read tallies the rows of b up to its first fault. Rows on one line whose
// quotes, if any, stand around whole fields are split here, which takes a
// third of the time; from the first other row on, encoding/csv reads the block.
func (r *rows) read(b block) *InputError {
	if b.long {
		return &InputError{Line: b.line, Column: r.head.name(fieldAt(b.text, mostRow)), Err: errLong}
	}
	for len(b.text) > 0 {
		line, rest, ended := bytes.Cut(b.text, []byte{'\n'})
		if line = bytes.TrimSuffix(line, []byte{'\r'}); len(line) > 0 || !ended {
			if len(line) > mostRow || !r.plain(line) {
				return r.readCSV(b)
			}
			if column, err := r.row(); err != nil {
				return &InputError{Line: b.line, Column: r.head.name(column), Err: err}
			}
		}
		b.text = rest
		b.line++
	}
	return nil
}

// plain splits a line into fields, if it is a whole row in the plainest form.
func (r *rows) plain(line []byte) bool {
	r.fields = r.fields[:0]
	quotes := bytes.IndexByte(line, '"') >= 0
	for more := true; more; {
		var field []byte
		if quotes && len(line) > 0 && line[0] == '"' {
			end := bytes.IndexByte(line[1:], '"') + 1
			if end == 0 {
				return false
			}
			field, line = line[1:end], line[end+1:]
			if more = len(line) > 0; more {
				if line[0] != ',' {
					return false
				}
				line = line[1:]
			}
		} else {
			field, line, more = bytes.Cut(line, []byte{','})
			if quotes && bytes.IndexByte(field, '"') >= 0 {
				return false
			}
		}
		r.fields = append(r.fields, field)
	}
	return len(r.fields) == len(r.head.names)
}

// readCSV is read for any table, and finds the words for what is no table.
func (r *rows) readCSV(b block) *InputError {
	in := csv.NewReader(bytes.NewReader(b.text))
	in.ReuseRecord = true
	in.FieldsPerRecord = len(r.head.names)
	for {
		start := in.InputOffset()
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if in.InputOffset()-start > mostRow {
			blank := len(b.text[start:]) - len(bytes.TrimLeft(b.text[start:], "\r\n")) // lines that csv passed over
			line := b.line + bytes.Count(b.text[:int(start)+blank], []byte{'\n'})
			return &InputError{Line: line, Column: r.head.name(fieldAt(b.text[start:], mostRow)), Err: errLong}
		}
		if err != nil {
			return r.rowError(b, int(start), row, err)
		}
		r.fields = r.fields[:0]
		for _, field := range row {
			r.fields = append(r.fields, []byte(field))
		}
		if column, err := r.row(); err != nil {
			line, _ := in.FieldPos(column)
			return &InputError{Line: b.line + line - 1, Column: r.head.name(column), Err: err}
		}
	}
}

// rowError says what csv found wrong with the row at start.
func (r *rows) rowError(b block, start int, row []string, err error) *InputError {
	var bad *csv.ParseError
	if !errors.As(err, &bad) {
		return &InputError{Line: b.line, Err: err}
	}
	fault := &InputError{Line: b.line + bad.Line - 1, Err: bad.Err}
	switch {
	case errors.Is(err, csv.ErrFieldCount):
		fault.Column = r.head.name(min(len(row), len(r.head.names)))
		fault.Err = fmt.Errorf("the row has %d fields, the first row %d", len(row), len(r.head.names))
	default:
		bad.Line -= bytes.Count(b.text[:start], []byte{'\n'})
		fault.Column = r.head.name(fieldAt(b.text[start:], offset(b.text[start:], bad)))
	}
	return fault
}

// row tallies one row, or says which column is wrong.
func (r *rows) row() (column int, err error) {
	if err = r.split(r.fields[r.head.path]); err != nil {
		return r.head.path, err
	}
	j := journey{touches: r.touches}
	if j.credit.Conversions, err = count(r.fields, r.head.conversions); err != nil {
		return r.head.conversions, err
	}
	if j.credit.Value, err = number(r.fields, r.head.value); err != nil {
		return r.head.value, err
	}
	if j.nulls, err = count(r.fields, r.head.nulls); err != nil {
		return r.head.nulls, err
	}
	r.tally.add(j)
	return 0, nil
}

func count(row [][]byte, at int) (exact.Number, error) {
	n, err := number(row, at)
	if err == nil && n.Sign() < 0 {
		err = fmt.Errorf("%.40q is negative; a count is 0 or more", row[at])
	}
	return n, err
}

func number(row [][]byte, at int) (exact.Number, error) {
	if at < 0 {
		return exact.Number{}, nil
	}
	n, err := exact.Parse(bytes.TrimSpace(row[at]))
	if err != nil {
		return n, fmt.Errorf("%.40q is %w", row[at], err)
	}
	return n, nil
}

// split sets touches to the channels of a path.
func (r *rows) split(path []byte) error {
	r.touches = r.touches[:0]
	for more := true; more; {
		var touch []byte
		touch, path, more = bytes.Cut(path, r.separator)
		touch = trimmed(touch)
		channel, known := r.known[string(touch)]
		if !known {
			var err error
			if channel, err = r.learn(string(touch)); err != nil {
				return err
			}
		}
		if channel != none {
			r.touches = append(r.touches, channel)
		}
	}
	if len(r.touches) == 0 {
		return errNoTouch
	}
	return nil
}

// trimmed is text without the blanks that people write around separators;
// learn looks for the rarer ones.
func trimmed(text []byte) []byte {
	for len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	for len(text) > 0 && text[len(text)-1] == ' ' {
		text = text[:len(text)-1]
	}
	return text
}

// learn finds the channel of a touch that was not written like this before.
func (r *rows) learn(touch string) (int32, error) {
	if !utf8.ValidString(touch) {
		return none, fmt.Errorf("%.40q is not UTF-8; save the table as UTF-8", touch)
	}
	name := strings.TrimSpace(touch)
	channel, known := r.known[name]
	switch {
	case name == "":
		channel = none
	case !known:
		channel = r.tally.channel(name)
	}
	r.known[touch], r.known[name] = channel, channel
	return channel, nil
}

// offset is the byte of text, which begins with a row, that csv complains of.
func offset(text []byte, bad *csv.ParseError) int {
	at := 0
	for line := 1; line < bad.Line; line++ {
		at += bytes.IndexByte(text[at:], '\n') + 1
	}
	return min(at+bad.Column-1, len(text))
}

// fieldAt is the number from 0 of the field of the first row of text that the
// byte at belongs to.
func fieldAt(text []byte, at int) int {
	field, quoted := 0, false
	for _, c := range text[:at] {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			field++
		}
	}
	return field
}
