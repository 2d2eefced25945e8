// Package sync reads configured sources into the warehouse, each in a
// transaction of its own: a source that fails leaves its data as it was and does
// not stop the others.
package sync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"credence/connectors"
	"credence/connectors/catalog"
	"credence/warehouse"
)

// Configured is one source as the configuration has it.
type Configured struct {
	Name      string
	Kind      string
	Priority  int            // place in the configuration, from 0
	AlsoDeals bool           // its deals are wanted beside those of the system of record
	Settings  map[string]any // of its kind: without name and kind
}

// Options says what to read.
type Options struct {
	Full bool     // read everything again, not only what is new
	Only []string // names of sources; empty reads all
}

// Progress is told how far a run is; it may be nil. It is called by the
// goroutine that reads, after every file and every few thousand rows.
type Progress func(source, file string, rows int64)

// ErrSource reports a name that no configured source has.
var ErrSource = errors.New("unknown source")

// FailedError is the error of a run in which sources did not finish.
type FailedError struct {
	Sources []string // names, in the order of the run
	errs    []error
}

// Error implements error.
func (f *FailedError) Error() string {
	parts := make([]string, len(f.errs))
	for i, err := range f.errs {
		parts[i] = err.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap lets errors.Is see why each source failed.
func (f *FailedError) Unwrap() []error { return f.errs }

// Run reads the sources one after the other and returns a run for each that was
// begun. A failed source is logged and named in the error, and the next one is
// read; only the end of ctx stops the rest.
func Run(ctx context.Context, w *warehouse.Warehouse, sources []Configured, env connectors.Env, o Options, log *slog.Logger, progress Progress) ([]warehouse.Run, error) {
	chosen, err := choose(sources, o.Only)
	if err != nil {
		return nil, err
	}
	var runs []warehouse.Run
	failed := &FailedError{}
	for _, c := range chosen {
		if err := ctx.Err(); err != nil {
			failed.Sources, failed.errs = append(failed.Sources, c.Name), append(failed.errs, fmt.Errorf("load %s: %w", c.Name, err))
			break
		}
		log.InfoContext(ctx, "syncing", slog.String("source", c.Name), slog.String("kind", c.Kind))
		started := time.Now() //nolint:forbidigo // only how long the run took
		run, err := one(ctx, w, c, env, o.Full, progress)
		runs = append(runs, run)
		took := slog.Duration("took", time.Since(started).Round(time.Millisecond))
		if err != nil {
			failed.Sources = append(failed.Sources, c.Name)
			failed.errs = append(failed.errs, err)
			log.ErrorContext(ctx, "source failed", slog.String("source", c.Name), slog.Any("error", err), took)
			continue
		}
		log.InfoContext(ctx, "synced", slog.String("source", c.Name), slog.Int64("rows_read", run.Read),
			slog.Int64("rows_kept", run.Kept), slog.Int64("rows_rejected", run.Rejected), slog.Int64("records_changed", run.Changed), took)
	}
	if len(failed.Sources) > 0 {
		return runs, failed
	}
	return runs, nil
}

// choose picks the sources to read, in the order of the configuration.
func choose(sources []Configured, only []string) ([]Configured, error) {
	names := make([]string, len(sources))
	for i, c := range sources {
		if names[i] = c.Name; slices.Index(names, c.Name) < i {
			return nil, fmt.Errorf("two sources are called %q; give each its own name", c.Name)
		}
	}
	for _, name := range only {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("%w %q%s", ErrSource, name, connectors.Suggest(name, names))
		}
	}
	if len(only) == 0 {
		return sources, nil
	}
	return slices.DeleteFunc(slices.Clone(sources), func(c Configured) bool { return !slices.Contains(only, c.Name) }), nil
}

// one reads one source in its transaction. A source that cannot even be opened
// has a failed run too, so that its page says why.
func one(ctx context.Context, w *warehouse.Warehouse, c Configured, env connectors.Env, full bool, progress Progress) (warehouse.Run, error) {
	src := warehouse.LoadSource{Name: c.Name, Kind: c.Kind, Priority: c.Priority, At: env.Now, AlsoDeals: c.AlsoDeals}
	return w.Load(ctx, src, func(l *warehouse.Loader) error {
		kind, err := catalog.Get(c.Kind)
		if err != nil {
			return err
		}
		source, err := kind.Open(c.Settings, env)
		if err != nil {
			return err
		}
		cursor := l.Cursor()
		if full || cursor == "" { // never read, or to be read anew after a fault
			cursor = ""
			l.ReadWhole()
		}
		next, err := source.Read(ctx, cursor, &reporter{Loader: l, source: c.Name, progress: progress})
		if err != nil {
			return err
		}
		l.SetCursor(next)
		return nil
	})
}

// Check opens every source without reading it: the first wrong key is the error.
func Check(sources []Configured, env connectors.Env) error {
	if _, err := choose(sources, nil); err != nil {
		return err
	}
	for _, c := range sources {
		kind, err := catalog.Get(c.Kind)
		if err == nil {
			_, err = kind.Open(c.Settings, env)
		}
		if err != nil {
			return fmt.Errorf("source %s: %w", c.Name, err)
		}
	}
	return nil
}

// reporter is the Loader with a Progress beside it.
type reporter struct {
	*warehouse.Loader
	source   string
	file     string
	rows     int64
	told     int64
	progress Progress
}

var _ connectors.Sink = (*reporter)(nil)

// tellEvery is how many rows pass between two calls of Progress.
const tellEvery = 5_000

// File implements connectors.Sink.
func (r *reporter) File(name string) {
	r.Loader.File(name)
	r.file, r.rows, r.told = name, 0, 0
	r.tell()
}

// Read implements connectors.Sink.
func (r *reporter) Read(n int) {
	r.Loader.Read(n)
	if r.rows += int64(n); r.rows-r.told >= tellEvery {
		r.told = r.rows
		r.tell()
	}
}

func (r *reporter) tell() {
	if r.progress != nil {
		r.progress(r.source, r.file, r.rows)
	}
}
