package localfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Row is a line of a table with its number in the file, from 1.
type Row struct {
	Line  int
	Cells []string
}

// Text is the row as users see it when it is rejected.
func (r Row) Text() string {
	text := strings.Join(r.Cells, ",")
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 2000 {
		text = strings.ToValidUTF8(text[:2000], "")
	}
	return text
}

// Table reads a spreadsheet export: UTF-8 or UTF-16 with or without a byte
// order mark, or Windows-1252; separated by comma, semicolon or tab, as its
// first line says. Cells are trimmed and free of NULs. Empty lines are left out.
func Table(name string, content []byte) ([]Row, error) {
	text, err := decode(content)
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = -1, true, true
	in.Comma = separator(text)
	var out []Row
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s is not a table of comma-separated values (%w): download it again as CSV", name, err)
		}
		if len(cells) > 10_000 {
			return nil, fmt.Errorf("%s has a line of %d columns: it is not an export; download it again as CSV", name, len(cells))
		}
		line, _ := in.FieldPos(0)
		row := Row{Line: line, Cells: make([]string, len(cells))}
		empty := true
		for i, c := range cells {
			row.Cells[i] = strings.TrimSpace(strings.ReplaceAll(c, "\x00", ""))
			empty = empty && row.Cells[i] == ""
		}
		if !empty {
			out = append(out, row)
		}
	}
}

// decode turns the bytes of an export into UTF-8.
func decode(content []byte) (string, error) {
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return "", errors.New("is an Excel workbook or a zip: save it as CSV (UTF-8)")
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(content)
		if err != nil {
			return "", fmt.Errorf("is not UTF-16 although it starts like it (%w): save it as CSV (UTF-8)", err)
		}
		return string(text), nil
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	head := content[:min(len(content), 64<<10)]
	switch {
	case bytes.Count(head, []byte{0})*10 > len(head):
		return "", errors.New("holds binary data: download it again as CSV")
	case bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(head)), []byte("<!doctype")), bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(head)), []byte("<html")):
		return "", errors.New("is a web page, perhaps of a sign-in: download the export again as CSV")
	case utf8.Valid(content):
		return string(content), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	if err != nil {
		return "", fmt.Errorf("has letters in no known encoding (%w): save it as CSV (UTF-8)", err)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD"), nil
}

// separator is the sign that most often stands outside quotes in the first line.
func separator(text string) rune {
	best, most := ',', 0
	for _, sep := range []rune{',', ';', '\t'} {
		n, quoted := 0, false
		for _, r := range text {
			if r == '"' {
				quoted = !quoted
			}
			if r == '\n' && !quoted {
				break
			}
			if r == sep && !quoted {
				n++
			}
		}
		if n > most {
			best, most = sep, n
		}
	}
	return best
}

// Fold makes a column name comparable: lower case, one blank between words, no
// quotes around it.
func Fold(name string) string {
	name = strings.Trim(strings.TrimSpace(name), `'"`)
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}
