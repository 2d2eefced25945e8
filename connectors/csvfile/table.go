package csvfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"
)

// table is one opened file: its columns and a way to read its rows, as often as
// needed.
type table struct {
	file     file
	stem     string // name without its ending
	columns  []string
	width    int // fields of a row
	split    splitter
	dirty    bool // holds NUL or bytes that are not UTF-8
	blank    map[string]bool
	extended bool // rows get the two columns of every file and the joined ones
	joins    []*join
	format   Format
}

// openTable reads the head of a file.
func openTable(f file, format Format) (t *table, err error) {
	t = &table{file: f, stem: strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name)), format: format}
	for _, b := range format.Blank {
		if t.blank == nil {
			t.blank = map[string]bool{}
		}
		t.blank[strings.TrimSpace(b)] = true
	}
	if f.facts.parquet {
		t.columns, err = parquetColumns(f.Path)
		t.width = len(t.columns)
		return t, err
	}
	b, done, err := t.open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	t.columns, err = b.head(t.format)
	t.width, t.split = len(t.columns), b.split
	return t, err
}

// open starts reading the text of the file, before its header.
func (t *table) open() (*blocks, func() error, error) {
	name := t.file.facts.encodingName(t.format.Encoding)
	t.dirty = name == utf8Name && (t.file.facts.invalid > 0 || t.file.facts.nul)
	f, err := os.Open(t.file.Path)
	if err != nil {
		return nil, nil, err
	}
	return &blocks{r: t.file.facts.decoded(f, name)}, f.Close, nil
}

// source is the blocks of the table's rows, and how to let go of the file.
func (t *table) source() (next func() (block, bool, error), done func() error, err error) {
	if t.file.facts.parquet {
		return parquetRows(t.file.Path)
	}
	b, done, err := t.open()
	if err != nil {
		return nil, nil, err
	}
	if _, err := b.head(t.format); err != nil {
		return nil, nil, errors.Join(err, done())
	}
	return b.next, done, nil
}

// workers is how many goroutines read one file.
func workers() int { return min(runtime.GOMAXPROCS(0), 8) }

// scan reads the rows of t: work runs on several goroutines, a worker each, and
// deliver gets its answers in the order of the rows.
func scan[T any](ctx context.Context, t *table, work []func(block) T, deliver func(T) error) (err error) {
	next, done, err := t.source()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	type job struct {
		block  block
		answer chan T
	}
	ctx, cancel := context.WithCancel(ctx)
	jobs, order := make(chan job), make(chan job, len(work))
	var failed error
	var wait sync.WaitGroup
	wait.Go(func() {
		defer close(jobs)
		defer close(order)
		for {
			b, ok, err := next()
			if err != nil || !ok {
				failed = err
				return
			}
			j := job{b, make(chan T, 1)}
			select { // order first: an answer is waited for only when its block is worked on
			case order <- j:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for _, do := range work {
		wait.Go(func() {
			for j := range jobs {
				j.answer <- do(j.block)
			}
		})
	}
	defer wait.Wait()
	defer cancel()
	for j := range order {
		select {
		case a := <-j.answer:
			if err := deliver(a); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return failed
}

// guess is about how many records n plans make of the block.
func (b *block) guess(n int) int {
	if b.rows != nil {
		return n * len(b.rows)
	}
	return n * (strings.Count(b.text, "\n") + 1)
}

// readAll reads every good row of a table that is only joined.
func readAll(ctx context.Context, t *table, row func(fields []string)) error {
	return scan(ctx, t, []func(block) [][]string{func(b block) [][]string {
		split := t.split
		split.fields = nil
		var rows [][]string
		t.each(&split, b, func(_ int, _ func() string, fields []string, reason string) {
			if reason == "" {
				rows = append(rows, append([]string(nil), fields...))
			}
		})
		return rows
	}}, func(rows [][]string) error {
		for _, r := range rows {
			row(r)
		}
		return nil
	})
}

// named puts the name of the file before an error.
func named(f file, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", f.Name, err)
}
