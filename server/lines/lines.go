// Package lines keeps values in a file beside the database, a line of JSON each,
// for as long as the database itself cannot have them.
package lines

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
)

// Read is the values in the file at path, in order; none when there is no file.
// A line that is no T is left out: a crash cut it short, and whoever asked for it
// was never answered.
func Read[T any](path string) (values []T, err error) {
	text, err := os.ReadFile(path) //nolint:gosec // beside the configured database
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(text) {
		var v T
		if json.Unmarshal(line, &v) == nil {
			values = append(values, v)
		}
	}
	return values, nil
}

// Append writes v at the end of a file. The end of a line that a crash or a full
// disk cut short is no part of it. The caller brings it to the disk.
func Append(file io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = file.Write(append(append([]byte("\n"), line...), '\n'))
	return err
}
