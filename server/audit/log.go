package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"sync"

	"credence/server/lines"
	"credence/warehouse"
)

// Log takes the events of requests that change no record of the warehouse, such
// as a view of a person. They must be kept before the answer leaves, and must not
// wait for a refresh that holds the one writer for minutes; so they go to a file
// beside the database at once, and from there into the log as soon as the writer
// is free. What a crash leaves in the file is taken up at the next Open.
type Log struct {
	w   *warehouse.Warehouse
	log *slog.Logger

	syncing sync.Mutex // one at a time tells the disk, for all who wrote before
	synced  int64      // of written, under syncing

	mu      sync.Mutex
	written int64    // events that are in the file, or were
	file    *os.File // nil keeps the events in memory alone
	waiting []Event
	moving  bool
	closed  bool
	moved   sync.WaitGroup
	drain   chan struct{} // one move at a time
}

// WaitingFile is where events stand that a database does not have yet.
func WaitingFile(database string) string { return database + ".audit" }

// InMemory keeps what waits in memory alone.
func InMemory(w *warehouse.Warehouse, log *slog.Logger) *Log {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Log{w: w, log: log, drain: make(chan struct{}, 1)}
}

// Open reads what waits in the file at path, which is made when it is missing.
func Open(ctx context.Context, w *warehouse.Warehouse, path string, log *slog.Logger) (*Log, error) {
	l := InMemory(w, log)
	left, err := readWaiting(path)
	if err != nil {
		return nil, err
	}
	if l.file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil { //nolint:gosec // beside the configured database
		return nil, fmt.Errorf("open the waiting audit events: %w", err)
	}
	if l.waiting, err = Unknown(ctx, w, left); err != nil {
		return nil, errors.Join(err, l.file.Close())
	}
	return l, l.Flush(ctx)
}

// readWaiting reads the events that a crash left.
func readWaiting(path string) (events []Event, err error) {
	left, err := lines.Read[Event](path)
	if err != nil {
		return nil, fmt.Errorf("read the waiting audit events: %w", err)
	}
	for _, e := range left {
		if e.Action != "" {
			events = append(events, e.plain())
		}
	}
	return events, nil
}

// Unknown leaves out the events that a crash left in a file although they had
// reached the log.
func Unknown(ctx context.Context, w *warehouse.Warehouse, left []Event) (events []Event, err error) {
	if len(left) == 0 {
		return nil, nil
	}
	from, to := left[0].At, left[0].At
	for _, e := range left {
		if e.At.Before(from) {
			from = e.At
		}
		if e.At.After(to) {
			to = e.At
		}
	}
	err = w.Read(ctx, func(s *warehouse.Snapshot) error {
		have, lerr := List(ctx, s, Filter{From: from, To: to.AddDate(0, 0, 1)})
		if lerr != nil {
			return lerr
		}
		for _, e := range left {
			if !known(have, e) {
				events = append(events, e)
			}
		}
		return nil
	})
	return events, err
}

func known(have []Entry, e Event) bool {
	for _, h := range have {
		if reflect.DeepEqual(h.Event, e) {
			return true
		}
	}
	return false
}

// Note keeps an event. An error means that it is not kept, and that what it
// tells of should not happen.
func (l *Log) Note(e Event) error {
	mine, err := l.append(e.plain())
	if err == nil {
		err = l.sync(mine)
	}
	if err != nil {
		return fmt.Errorf("note %s: %w", e.Action, err)
	}
	return nil
}

// append writes an event and answers which one it is.
func (l *Log) append(e Event) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, errors.New("the audit log is closed")
	}
	if l.file != nil {
		if err := lines.Append(l.file, e); err != nil {
			return 0, err
		}
	}
	l.written++
	l.waiting = append(l.waiting, e)
	if !l.moving {
		l.moving = true
		l.moved.Go(l.move)
	}
	return l.written, nil
}

// sync returns when the event is on the disk. Whoever waits meanwhile is served
// by the one who syncs next.
func (l *Log) sync(mine int64) error {
	if l.file == nil {
		return nil
	}
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if l.synced >= mine {
		return nil
	}
	l.mu.Lock()
	written := l.written
	l.mu.Unlock()
	if err := l.file.Sync(); err != nil && !errors.Is(err, fs.ErrClosed) { // closed: synced by that
		return err
	}
	l.synced = written
	return nil
}

// move brings into the log what waits, until nothing does.
func (l *Log) move() {
	for {
		err := l.Flush(context.Background())
		if err != nil {
			l.log.Error("audit events wait: they cannot be written", slog.Any("error", err))
		}
		l.mu.Lock()
		if err != nil || len(l.waiting) == 0 {
			l.moving = false // after a fault the next event tries again
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
	}
}

// Flush brings into the log what waits now; it waits for the writer.
func (l *Log) Flush(ctx context.Context) error {
	select {
	case l.drain <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("audit events wait for the one writer: %w", ctx.Err())
	}
	defer func() { <-l.drain }()
	l.mu.Lock()
	batch := slices.Clip(l.waiting)
	l.mu.Unlock()
	if len(batch) > 0 {
		err := l.w.Write(ctx, func(tx *warehouse.Tx) error { return Record(ctx, tx, batch...) })
		if err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = l.waiting[len(batch):]
	if l.file == nil || len(l.waiting) > 0 { // with some waiting, the file goes on growing until a calm moment
		return nil
	}
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("empty the waiting audit events: %w", err)
	}
	return nil
}

// Close moves what waits and takes no more. When ctx is over before the writer
// is free, the rest stays in the file for the next Open.
func (l *Log) Close(ctx context.Context) error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.moved.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	if l.file == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := errors.Join(l.file.Sync(), l.file.Close()); err != nil {
		return fmt.Errorf("close the waiting audit events: %w", err)
	}
	return nil
}
