package csvfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	blockBytes = 256 << 10 // text handed to one worker at a time
	mostRecord = 16 << 20  // the longest row; a longer one is no row
	mostQuoted = 1 << 20   // a quoted field open for longer was never closed
	mostFields = 10_000
)

// block is consecutive whole records of a file.
type block struct {
	text string
	line int        // number of its first line, from 1
	rows [][]string // of a file that is no text; text is empty
}

// blocks cuts a text into blocks that end where a record ends.
type blocks struct {
	r     io.Reader
	split splitter
	buf   []byte // read and not yet handed out
	line  int    // of buf[0]
	eof   bool
	size  int // of a block; 0 is blockBytes
}

// fill reads until buf holds at least n bytes or the text ends.
func (b *blocks) fill(n int) error {
	if n > cap(b.buf) {
		b.buf = append(make([]byte, 0, max(n, 2*cap(b.buf))), b.buf...)
	}
	for !b.eof && len(b.buf) < n {
		m, err := b.r.Read(b.buf[len(b.buf):cap(b.buf)])
		b.buf = b.buf[:len(b.buf)+m]
		if errors.Is(err, io.EOF) {
			b.eof = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// take hands out the first n bytes of buf.
func (b *blocks) take(n int) block {
	out := block{text: string(b.buf[:n]), line: b.line}
	b.line += strings.Count(out.text, "\n")
	b.buf = b.buf[:copy(b.buf, b.buf[n:])]
	return out
}

// next returns the next block; ok is false after the last.
func (b *blocks) next() (out block, ok bool, err error) {
	size := b.size
	if size == 0 {
		size = blockBytes
	}
	for want := size; ; want = 2 * len(b.buf) {
		if err := b.fill(want); err != nil {
			return out, false, err
		}
		if len(b.buf) == 0 {
			return out, false, nil
		}
		if b.eof && len(b.buf) <= size {
			return b.take(len(b.buf)), true, nil
		}
		if n := b.wholeRecords(); n > 0 {
			return b.take(n), true, nil
		}
		if len(b.buf) >= mostRecord {
			return out, false, fmt.Errorf("the row that begins in line %d is longer than %d MiB; check separator and quotes", b.line, mostRecord>>20)
		}
		if b.eof {
			return b.take(len(b.buf)), true, nil
		}
	}
}

// wholeRecords is the length of the records that end in buf; 0 asks for more.
func (b *blocks) wholeRecords() int {
	if !b.split.quotes || bytes.IndexByte(b.buf, '"') < 0 {
		return bytes.LastIndexByte(b.buf, '\n') + 1
	}
	text := string(b.buf) // the splitter works on strings
	pos := 0
	for pos < len(text) {
		end, how := b.split.record(text, pos)
		if how == partial && len(text)-pos < mostQuoted && !b.eof {
			break // the rest of the field is not read yet
		}
		if text[end-1] != '\n' {
			break
		}
		// A closing mark at the very end may be the first of a doubled one.
		pos = end
	}
	return pos
}

// head reads what stands before the rows: a `sep=;` line as Excel writes it,
// skipped lines and, when there is one, the header row.
func (b *blocks) head(f Format) (header []string, err error) {
	if err = b.fill(blockBytes); err != nil {
		return nil, err
	}
	b.line = 1
	for range f.SkipLines {
		if len(b.buf) == 0 {
			break
		}
		b.take(b.lineEnd())
		if err = b.fill(blockBytes); err != nil {
			return nil, err
		}
	}
	sep, err := parseSeparator(f.Separator)
	if err != nil {
		return nil, err
	}
	if first := strings.TrimRight(string(b.buf[:min(b.lineEnd(), 16)]), "\r\n"); len(first) == 5 && strings.HasPrefix(strings.ToLower(first), "sep=") {
		if sep == 0 {
			sep = first[4]
		}
		b.take(b.lineEnd())
	}
	b.split.quotes = f.Quotes == nil || *f.Quotes
	if sep == 0 {
		sep = b.recognise()
	}
	b.split.sep = sep
	if f.Header != nil && !*f.Header {
		if len(f.Columns) == 0 {
			return nil, errors.New("header is no, so columns must name the fields in order")
		}
		return f.Columns, nil
	}
	text := string(b.buf)
	end := 0
	for end < len(text) {
		var how outcome
		if end, how = b.split.record(text, end); how != whole {
			return nil, fmt.Errorf("line %d: the header row has a quotation mark out of place; correct it, or set skip_lines to leave out lines before it", b.line)
		}
		if len(b.split.fields) > 1 || strings.TrimSpace(b.split.fields[0]) != "" {
			header = append(header, b.split.fields...)
			break
		}
	}
	b.take(end)
	if len(header) > mostFields {
		return nil, fmt.Errorf("line 1: %d columns are more than the %d that are read; check the separator", len(header), mostFields)
	}
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
	}
	if len(f.Columns) > 0 && len(header) > 0 {
		if len(f.Columns) != len(header) {
			return nil, fmt.Errorf("columns names %d fields and the header row has %d; name each field", len(f.Columns), len(header))
		}
		return f.Columns, nil
	}
	return header, nil
}

func (b *blocks) lineEnd() int {
	if n := bytes.IndexByte(b.buf, '\n'); n >= 0 {
		return n + 1
	}
	return len(b.buf)
}

// recognise finds the separator that cuts the first rows into the most fields,
// equally many in each.
func (b *blocks) recognise() byte {
	text := string(b.buf[:min(len(b.buf), 64<<10)])
	best, most := byte(','), 0
	for _, sep := range []byte{',', ';', '\t', '|'} {
		s := splitter{sep: sep, quotes: b.split.quotes}
		first, same, rows := 0, 0, 0
		for pos := 0; pos < len(text) && rows < 20; rows++ {
			end, how := s.record(text, pos)
			pos = end
			if how != whole || pos == len(text) && rows > 0 && text[pos-1] != '\n' {
				continue
			}
			if rows == 0 {
				first = len(s.fields)
			}
			if len(s.fields) == first {
				same++
			}
		}
		// A header that does not split tells nothing, whatever the rows do.
		if score := (first - 1) * (1 + same); first > 1 && score > most {
			best, most = sep, score
		}
	}
	return best
}

// parseSeparator reads a configured separator; 0 means to recognise it.
func parseSeparator(text string) (byte, error) {
	switch strings.ToLower(text) {
	case "":
		return 0, nil
	case "comma":
		return ',', nil
	case "semicolon":
		return ';', nil
	case "tab", `\t`:
		return '\t', nil
	case "pipe":
		return '|', nil
	}
	if len(text) != 1 || text[0] == '"' || text[0] == '\n' || text[0] == '\r' || text[0] >= 0x80 {
		return 0, fmt.Errorf("separator %q is unknown; write comma, semicolon, tab, pipe, or one character", text)
	}
	return text[0], nil
}
