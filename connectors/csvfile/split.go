package csvfile

import "strings"

// splitter cuts text into records and records into fields as RFC 4180 says and
// encoding/csv does, with two differences: a quotation mark inside a field that
// does not begin with one is an ordinary character, and a broken record ends at
// its first line end, so that one lost quotation mark costs one line and never
// the rest of the file. Fields share the memory of the text.
type splitter struct {
	sep    byte
	quotes bool
	fields []string
}

// outcome is how the cutting of a record ended.
type outcome uint8

const (
	whole   outcome = iota // fields holds the record
	broken                 // text follows a closing quotation mark
	partial                // the text ends inside a quoted field
)

// record cuts the record of s that begins at pos into p.fields and returns the
// position after it. After a broken or partial record, that is the next line.
func (p *splitter) record(s string, pos int) (int, outcome) {
	p.fields = p.fields[:0]
	sep := p.sep
	for i := pos; ; {
		end := i
		if p.quotes && i < len(s) && s[i] == '"' {
			text, at, how := p.quoted(s, i)
			if how != whole {
				return lineEnd(s, pos), how
			}
			end = at
			p.fields = append(p.fields, text)
		} else {
			for end < len(s) && s[end] != sep && s[end] != '\n' {
				end++
			}
			text := s[i:end]
			if (end == len(s) || s[end] == '\n') && end > i && s[end-1] == '\r' {
				text = s[i : end-1]
			}
			p.fields = append(p.fields, text)
		}
		if end == len(s) {
			return end, whole
		}
		i = end + 1
		if s[end] == '\n' {
			return i, whole
		}
	}
}

// quoted reads the field that opens at s[at]; end is the position of the
// separator or line end behind it, or the length of s.
func (p *splitter) quoted(s string, at int) (text string, end int, how outcome) {
	doubled := false
	i := at + 1
	for {
		q := strings.IndexByte(s[i:], '"')
		if q < 0 {
			return "", 0, partial
		}
		i += q + 1
		if i == len(s) || s[i] != '"' {
			break
		}
		doubled = true
		i++
	}
	text = s[at+1 : i-1]
	if doubled {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	if strings.Contains(text, "\r\n") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	if i < len(s) && s[i] == '\r' && (i+1 == len(s) || s[i+1] == '\n') {
		i++
	}
	if i == len(s) || s[i] == p.sep || s[i] == '\n' {
		return text, i, whole
	}
	return "", 0, broken
}

// lineEnd is the position after the first line end at or after pos.
func lineEnd(s string, pos int) int {
	if n := strings.IndexByte(s[pos:], '\n'); n >= 0 {
		return pos + n + 1
	}
	return len(s)
}
