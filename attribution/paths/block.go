package paths

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

const (
	blockSize = 1 << 18 // bytes read at once; more does not stay in the cache of a core
	mostRow   = 1 << 20 // the longest row in bytes; a longer one is most often a quote that was never closed
)

// block is a run of whole rows of a table.
type block struct {
	text []byte
	line int  // of its first byte
	long bool // it is the beginning of a row that is too long
}

// cutter cuts a table into blocks at the ends of rows.
type cutter struct {
	in   io.Reader
	rest []byte // read, and in no block yet
	line int    // of the first byte of rest
	done bool
	pool sync.Pool
}

// next is the next block; io.EOF after the last.
func (c *cutter) next() (block, error) {
	if c.done {
		return block{}, io.EOF
	}
	text := append(c.buffer(), c.rest...)
	for {
		have := len(text)
		text = slices.Grow(text, blockSize)[:have+blockSize]
		n, err := io.ReadFull(c.in, text[have:])
		text = text[:have+n]
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			c.done = true
			return c.cut(text, len(text)), nil
		}
		if err != nil {
			return block{}, fmt.Errorf("%w: %w", ErrRead, err)
		}
		if end := endOfRows(text); end > 0 {
			return c.cut(text, end), nil
		}
		if len(text) > mostRow {
			c.done = true
			return block{text: text, line: c.line, long: true}, nil
		}
	}
}

// cut makes a block of text up to end and keeps the rest.
func (c *cutter) cut(text []byte, end int) block {
	b := block{text: text[:end], line: c.line}
	c.rest = append(c.rest[:0], text[end:]...)
	c.line += bytes.Count(b.text, []byte{'\n'})
	return b
}

func (c *cutter) buffer() []byte {
	if b, ok := c.pool.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return nil
}

// free gives the memory of a block back.
func (c *cutter) free(b block) { c.pool.Put(&b.text) }

// endOfRows is where the last whole row of text ends, 0 when none does. Text
// begins with a row, so a line break ends one after an even number of quotes.
func endOfRows(text []byte) int {
	quoted := bytes.Count(text, []byte{'"'})%2 == 1
	for i, c := range slices.Backward(text) {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			return i + 1
		}
	}
	return 0
}
