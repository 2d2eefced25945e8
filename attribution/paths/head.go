package paths

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// head is the first row of a table: where its columns are.
type head struct {
	names                           []string
	path, conversions, value, nulls int // by number from 0; −1: there is none
}

var byteOrderMark = []byte("\ufeff")

// newHead reads the head off the first block of a table.
func newHead(b block, o Options) (head, block, error) {
	b.text = bytes.TrimPrefix(b.text, byteOrderMark)
	if b.long {
		return head{}, b, &InputError{Line: b.line, Column: head{}.name(fieldAt(b.text, mostRow)), Err: errLong}
	}
	in := csv.NewReader(bytes.NewReader(b.text))
	names, err := in.Read()
	if err != nil {
		return head{}, b, headError(b, err)
	}
	last, _ := in.FieldPos(len(names) - 1)
	h := head{names: names}
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
		if !utf8.ValidString(name) {
			return head{}, b, &InputError{Line: last, Column: fmt.Sprint(i + 1), Err: errors.New("the name of the column is not UTF-8; save the table as UTF-8")}
		}
	}
	for _, column := range []struct {
		name, flag string
		at         *int
	}{
		{o.Path, "--path-col NAME", &h.path},
		{o.Conversions, "--conv-col NAME", &h.conversions},
		{o.Value, `--value-col NAME, or --value-col "" when there is none`, &h.value},
		{o.Nulls, `--null-col NAME, or --null-col "" when there is none`, &h.nulls},
	} {
		*column.at = slices.Index(names, column.name)
		switch {
		case column.name == "":
			*column.at = -1
		case *column.at < 0:
			return head{}, b, &InputError{Line: last, Column: column.name, Err: fmt.Errorf("the table has no such column, only %s; say %s", strings.Join(names, ", "), column.flag)}
		case slices.Contains(names[*column.at+1:], column.name):
			return head{}, b, &InputError{Line: last, Column: column.name, Err: errors.New("two columns have this name")}
		}
	}
	read := in.InputOffset()
	b.line += bytes.Count(b.text[:read], []byte{'\n'})
	b.text = b.text[read:]
	return h, b, nil
}

func headError(b block, err error) error {
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return &InputError{Line: bad.Line, Column: fmt.Sprint(fieldAt(b.text, offset(b.text, bad)) + 1), Err: bad.Err}
	}
	return &InputError{Line: b.line, Err: errors.New("the table is empty; its first row names the columns")}
}

// name is what a column is called, or its number from 1.
func (h head) name(i int) string {
	if i < len(h.names) && h.names[i] != "" {
		return h.names[i]
	}
	return fmt.Sprint(i + 1)
}
