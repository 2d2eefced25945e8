package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"credence/connectors/localfile"
)

// maxHeader is the largest header block that is read; a larger one is an
// attack or noise.
const maxHeader = 64 << 10

// message is the header block of a message and the length of its body.
type message struct {
	line   int    // of its From_ line, from 1
	header []byte // valid only during the call it is handed to
	long   bool   // the header block is larger than maxHeader
	length int64  // bytes of the body without carriage returns and without the mbox quoting
}

var errNoise = errors.New(`it is not an mbox: its first line is no "From sender date" line; export the mailbox as mbox, or move the file out of the folder`)

// splitMbox hands each message of an mbox to each, in both quotings: a line of
// a body that began with "From " is written ">From " (mboxo), and one that
// began with ">From " ">>From " (mboxrd). Some writers quote nothing; so a
// From_ line counts only after a blank line and with a time and a year in it.
//
// Memory is bounded by the header cap: bodies of any size are skipped.
func splitMbox(r io.Reader, each func(message) error) error {
	in := bufio.NewReaderSize(r, 256<<10)
	if bom, err := in.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		if _, err := in.Discard(3); err != nil {
			return err
		}
	}
	var (
		m        message
		header   = make([]byte, 0, 8<<10)
		line     = 0
		open     = false // inside a message
		inHeader = false
		blank    = true // the line before was empty
	)
	flush := func() error {
		if !open {
			return nil
		}
		if blank && !inHeader && m.length > 0 {
			m.length-- // the blank line before a From_ line is the format's, not the sender's
		}
		m.header = header
		return each(m)
	}
	for {
		text, whole, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(text) == 0 && errors.Is(err, io.EOF) {
			break
		}
		line++
		size := whole // of the line, its end counted as one byte
		text = bytes.TrimRight(text, "\r\n")
		empty := len(text) == 0
		switch {
		case blank && isFrom(text):
			if err := flush(); err != nil {
				return err
			}
			m, header, open, inHeader = message{line: line}, header[:0], true, true
		case !open && !empty:
			return errNoise
		case !open:
		case inHeader && empty:
			inHeader = false // and a From_ line may follow: the body is empty
		case inHeader:
			if len(header)+len(text)+1 > maxHeader {
				m.long = true
			} else {
				header = append(append(header, text...), '\n')
			}
		default:
			m.length += size
			if isQuotedFrom(text) {
				m.length--
			}
		}
		blank = empty
	}
	return flush()
}

// readLine returns the next line, cut to the reader's buffer, and the size of
// the whole line with a line end of one byte.
func readLine(in *bufio.Reader) (text []byte, size int64, err error) {
	text, err = in.ReadSlice('\n')
	size = int64(len(text))
	if errors.Is(err, bufio.ErrBufferFull) {
		text = bytes.Clone(text)
		for errors.Is(err, bufio.ErrBufferFull) {
			var more []byte
			more, err = in.ReadSlice('\n')
			size += int64(len(more))
			if bytes.HasSuffix(more, []byte("\r\n")) {
				size--
			}
		}
		return text, size, err
	}
	if bytes.HasSuffix(text, []byte("\r\n")) {
		size--
	}
	return text, size, err
}

// isFrom says whether a line separates messages: "From ", and later in the line
// a time (hh:mm) and a year of four digits.
func isFrom(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("From ")) || len(line) > 1000 {
		return false
	}
	rest := line[5:]
	hasTime, hasYear := false, false
	for i := 0; i+4 < len(rest); i++ {
		if digit(rest[i]) && digit(rest[i+1]) && rest[i+2] == ':' && digit(rest[i+3]) && digit(rest[i+4]) {
			hasTime = true
		}
		if rest[i] == ' ' && (rest[i+1] == '1' || rest[i+1] == '2') && digit(rest[i+2]) && digit(rest[i+3]) && digit(rest[i+4]) &&
			(i+5 == len(rest) || rest[i+5] == ' ') {
			hasYear = true
		}
	}
	return hasTime && hasYear
}

func isQuotedFrom(line []byte) bool {
	rest := bytes.TrimLeft(line, ">")
	return len(rest) < len(line) && bytes.HasPrefix(rest, []byte("From "))
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// readMessage reads the header block of a file that holds one message. The
// body's length follows from the size of the file, so it is never read.
func readMessage(f localfile.File) (m message, err error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return message{}, fmt.Errorf("open message: %w", err)
	}
	defer in.Close() //nolint:errcheck // read only: nothing is lost
	return splitSingle(in, f.Size)
}

func splitSingle(r io.Reader, size int64) (m message, err error) {
	in := bufio.NewReaderSize(io.LimitReader(r, maxHeader+1), 16<<10)
	used := int64(0)
	for {
		text, err := in.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return message{}, err
		}
		used += int64(len(text))
		if used > maxHeader {
			m.long = true
			return m, nil
		}
		if len(bytes.TrimRight(text, "\r\n")) == 0 { // blank line, or the end
			m.length = max(size-used, 0)
			return m, nil
		}
		m.header = append(m.header, text...)
	}
}
