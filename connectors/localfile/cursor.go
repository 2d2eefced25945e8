package localfile

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// Cursor remembers which files were read with which content, so that a run
// reads only what is new. Marks belong to a fingerprint of everything else that
// shapes the records (settings, own domains): when that changes, every file is
// read again.
type Cursor struct {
	Shape string            `json:"shape"`
	Files map[string]string `json:"files"`
}

// ParseCursor reads a stored cursor for the given shape. Text that is no cursor
// is an error and never a silent full read.
func ParseCursor(text string, shape ...string) (Cursor, error) {
	c := Cursor{Shape: Mark([]byte(strings.Join(shape, "\x00"))), Files: map[string]string{}}
	if text == "" {
		return c, nil
	}
	var old Cursor
	if err := json.Unmarshal([]byte(text), &old); err != nil || old.Shape == "" {
		return c, fmt.Errorf("the stored position %.40q of this source is not one that this kind writes: run sync with --full", text)
	}
	if old.Shape == c.Shape && old.Files != nil {
		c.Files = old.Files
	}
	return c, nil
}

// Seen says whether the file called name was read with this mark, and marks it.
func (c Cursor) Seen(name, mark string) bool {
	if c.Files[name] == mark {
		return true
	}
	c.Files[name] = mark
	return false
}

// Keep drops the marks of files that are gone.
func (c Cursor) Keep(names map[string]bool) {
	for name := range c.Files {
		if !names[name] {
			delete(c.Files, name)
		}
	}
}

// String is the cursor as it is stored; equal cursors are equal texts.
func (c Cursor) String() string {
	text, err := json.Marshal(c) // maps are written in key order
	if err != nil {
		panic("localfile: " + err.Error()) // strings and maps of strings always marshal
	}
	return string(text)
}

// Mark is a short fingerprint of content.
func Mark(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:16])
}

// MarkFile is the Mark of a file's content, read as a stream.
func MarkFile(f File) (mark string, err error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", f.Name, err)
	}
	defer in.Close() //nolint:errcheck // read only: nothing is lost
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return "", fmt.Errorf("read %s: %w", f.Name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}
