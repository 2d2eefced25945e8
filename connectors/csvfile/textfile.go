package csvfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// facts is what one pass over the bytes of a file tells.
type facts struct {
	mark      string // fingerprint of the content
	size      int64
	bom       string // encoding the byte order mark names
	looks     string // encoding that NUL bytes betray
	parquet   bool
	multibyte int // UTF-8 sequences beyond ASCII
	invalid   int // bytes that are not UTF-8
	nul       bool
	crOnly    bool // lines end in a carriage return alone
}

const (
	utf8Name  = "utf-8"
	utf16LE   = "utf-16le"
	utf16BE   = "utf-16be"
	cp1252    = "windows-1252"
	latin1    = "iso-8859-1"
	headBytes = 4096
)

// inspect reads a file once for its fingerprint and encoding.
func inspect(path string) (f facts, err error) {
	file, err := os.Open(path) //nolint:gosec // the configuration names the file
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	sum := sha256.New()
	buf := make([]byte, 256<<10)
	kept, lf, cr := 0, false, false
	for {
		n, rerr := io.ReadFull(file, buf[kept:])
		chunk := buf[:kept+n]
		sum.Write(chunk[kept:])
		if f.size == 0 {
			f.head(chunk[:min(len(chunk), headBytes)])
		}
		f.size += int64(n)
		last := errors.Is(rerr, io.EOF) || errors.Is(rerr, io.ErrUnexpectedEOF)
		if rerr != nil && !last {
			return f, rerr
		}
		f.nul = f.nul || bytes.IndexByte(chunk, 0) >= 0
		lf = lf || bytes.IndexByte(chunk, '\n') >= 0
		cr = cr || bytes.IndexByte(chunk, '\r') >= 0
		kept = f.judge(chunk, last)
		if last {
			break
		}
		copy(buf, chunk[len(chunk)-kept:])
	}
	f.crOnly = cr && !lf
	f.mark = hex.EncodeToString(sum.Sum(nil)[:16])
	return f, nil
}

func (f *facts) head(b []byte) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		f.bom = utf8Name
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		f.bom = utf16LE
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		f.bom = utf16BE
	case bytes.HasPrefix(b, []byte("PAR1")):
		f.parquet = true
	}
	even, odd := 0, 0
	for i, c := range b {
		if c != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	switch { // Latin text in UTF-16 has a NUL in every other byte
	case odd > len(b)/4 && even < odd/8:
		f.looks = utf16LE
	case even > len(b)/4 && odd < even/8:
		f.looks = utf16BE
	}
}

// judge counts what of chunk is UTF-8 and returns how many bytes at its end
// belong to a sequence that the next chunk completes.
func (f *facts) judge(chunk []byte, last bool) (kept int) {
	if !last {
		for i := 1; i <= 3 && i <= len(chunk); i++ {
			if c := chunk[len(chunk)-i]; utf8.RuneStart(c) {
				if !utf8.FullRune(chunk[len(chunk)-i:]) {
					kept = i
				}
				break
			}
		}
	}
	chunk = chunk[:len(chunk)-kept]
	if utf8.Valid(chunk) {
		if !isASCII(chunk) {
			f.multibyte += len(chunk) - utf8.RuneCount(chunk)
		}
		return kept
	}
	for len(chunk) > 0 {
		r, n := utf8.DecodeRune(chunk)
		switch {
		case r == utf8.RuneError && n == 1:
			f.invalid++
		case n > 1:
			f.multibyte++
		}
		chunk = chunk[n:]
	}
	return kept
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// encodingName is the encoding of the file: as configured, as its byte order
// mark says, UTF-16 when every other byte is NUL, UTF-8, or Windows-1252 when
// bytes outside ASCII hardly ever make UTF-8.
func (f *facts) encodingName(configured string) string {
	switch {
	case configured != "":
		return configured
	case f.bom != "":
		return f.bom
	case f.looks != "":
		return f.looks
	case f.invalid > f.multibyte:
		return cp1252
	default:
		return utf8Name
	}
}

// parseEncoding reads the name of an encoding as people write it.
func parseEncoding(name string) (string, error) {
	folded := strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(strings.TrimSpace(name)))
	switch folded {
	case "":
		return "", nil
	case "utf8", utf8Name, "utf-8-sig":
		return utf8Name, nil
	case utf16LE, "utf16le", "utf-16", "utf16":
		return utf16LE, nil
	case utf16BE, "utf16be":
		return utf16BE, nil
	case cp1252, "windows1252", "cp1252", "ansi":
		return cp1252, nil
	case latin1, "latin1", "latin-1", "iso8859-1":
		return latin1, nil
	}
	return "", fmt.Errorf("encoding %q is unknown; write utf-8, utf-16le, utf-16be, windows-1252 or iso-8859-1", name)
}

// decoded is the file's text as UTF-8 without a byte order mark, its lines ended
// by line feeds.
func (f *facts) decoded(r io.Reader, name string) io.Reader {
	var enc encoding.Encoding
	switch name {
	case utf16LE:
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case utf16BE:
		enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case cp1252:
		enc = charmap.Windows1252
	case latin1:
		enc = charmap.ISO8859_1
	}
	if enc != nil {
		r = transform.NewReader(r, enc.NewDecoder())
	} else if f.bom == utf8Name {
		r = &skipper{r: r, skip: 3}
	}
	if f.crOnly {
		r = &lineFeeds{r}
	}
	return r
}

// skipper leaves out the first bytes of r.
type skipper struct {
	r    io.Reader
	skip int
}

// Read implements io.Reader.
func (s *skipper) Read(p []byte) (int, error) {
	if s.skip > 0 {
		n, err := io.CopyN(io.Discard, s.r, int64(s.skip))
		s.skip -= int(n)
		if err != nil {
			return 0, err
		}
	}
	return s.r.Read(p)
}

// lineFeeds turns carriage returns into line feeds.
type lineFeeds struct{ r io.Reader }

// Read implements io.Reader.
func (l *lineFeeds) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
