package sampledata

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// table is a CSV file being written.
type table struct {
	file   *os.File
	buf    *bufio.Writer
	csv    *csv.Writer
	width  int
	failed error
}

// newTable starts a CSV file with a header of comma-separated names.
func newTable(path, header string) (*table, error) {
	f, err := os.Create(path) //nolint:gosec // below the folder that was asked for
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	t := &table{file: f, buf: bufio.NewWriterSize(f, 1<<16)}
	t.csv = csv.NewWriter(t.buf)
	names := strings.Split(header, ",")
	t.width = len(names)
	t.row(names...)
	return t, nil
}

// row writes one row; an error is kept for close.
func (t *table) row(fields ...string) {
	if t.failed != nil {
		return
	}
	if len(fields) != t.width {
		t.failed = fmt.Errorf("%s: a row of %d fields under %d columns", t.file.Name(), len(fields), t.width)
		return
	}
	t.failed = t.csv.Write(fields)
}

func (t *table) close() error {
	t.csv.Flush()
	return errors.Join(t.failed, t.csv.Error(), t.buf.Flush(), t.file.Close())
}

// writeTable writes a whole CSV file.
func writeTable(path, header string, fill func(t *table)) error {
	t, err := newTable(path, header)
	if err != nil {
		return err
	}
	fill(t)
	return t.close()
}

func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	return writeFile(path, append(data, '\n'))
}

func writeFile(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o644); err != nil { //nolint:gosec // files for everyone to look at
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// stamp is an instant as the canonical files have it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// day is a date as the canonical files have it.
func (w *world) dayText(d int) string {
	return w.date(d).Format(time.DateOnly)
}
