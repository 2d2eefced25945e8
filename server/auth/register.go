package auth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"credence/server/audit"
	"credence/server/lines"
	"credence/warehouse"
)

// How long a decision waits for the database to have it too before it is answered:
// most of the time the writer is free. One in memory alone waits longer, because
// nothing else keeps what it decided.
const (
	patience       = 300 * time.Millisecond
	memoryPatience = time.Minute
)

// Register decides about users, their rights and their tokens; nothing else
// writes them. A decision holds at once, though a refresh may keep the one writer
// of the database for minutes: it goes to a file beside the database first, which
// every View takes into account, and from there into the database as soon as the
// writer is free. What a crash leaves in the file is taken up at the next Open.
type Register struct {
	w        *warehouse.Warehouse
	log      *slog.Logger
	path     string // "" keeps what waits in memory alone
	patience time.Duration
	restored time.Time       // the database, last; zero: never
	over     context.Context //nolint:containedctx // of the mover, which outlives requests; stop ends it
	stop     context.CancelFunc

	deciding sync.Mutex // one decision at a time

	mu      sync.Mutex
	waiting []deed
	version int64
	moving  chan struct{} // closed at the end of the move that runs; nil: none does
	fault   error         // of the last move
	closed  bool
}

// WaitingFile is where decisions stand that a database does not have yet.
func WaitingFile(database string) string { return database + ".users" }

// InMemory keeps what waits in memory alone.
func InMemory(w *warehouse.Warehouse) *Register {
	r := &Register{w: w, log: slog.New(slog.DiscardHandler), patience: memoryPatience}
	r.over, r.stop = context.WithCancel(context.Background())
	return r
}

// OpenRegister brings into the database what waits in the file at path, which
// exists only as long as something does. What was decided about a database in whose
// place this one was put is not taken up: a restore that was killed left it there, and
// keeps it with that one.
func OpenRegister(ctx context.Context, w *warehouse.Warehouse, path string, log *slog.Logger) (*Register, error) {
	r := InMemory(w)
	r.path, r.patience = path, patience
	if log != nil {
		r.log = log
	}
	deeds, err := readDeeds(path)
	if err != nil {
		return nil, err
	}
	if r.restored, err = lastRestored(ctx, w); err != nil {
		return nil, err
	}
	for _, d := range deeds {
		if d.Restored == nil || d.Restored.Equal(r.restored) {
			r.waiting = append(r.waiting, d)
		}
	}
	if others := len(deeds) - len(r.waiting); others > 0 {
		r.log.WarnContext(ctx, "changes of users that waited for the database of before a restore are not taken up", slog.Int("changes", others))
	}
	for i, d := range r.waiting { // a crash came between the database and the file
		if r.waiting[i].Events, err = audit.Unknown(ctx, w, d.Events); err != nil {
			return nil, err
		}
	}
	if len(r.waiting) == 0 {
		return r, r.forget()
	}
	return r, r.flush(ctx)
}

// lastRestored is when the database was restored last; zero: never.
func lastRestored(ctx context.Context, w *warehouse.Warehouse) (at time.Time, err error) {
	err = w.Read(ctx, func(s *warehouse.Snapshot) error {
		deeds, derr := warehouse.Deeds(ctx, s)
		for _, d := range deeds {
			if d.Kind == warehouse.DeedRestore {
				at = d.At.UTC()
			}
		}
		return derr
	})
	return at, err
}

// readDeeds reads the decisions that a crash left.
func readDeeds(path string) ([]deed, error) {
	deeds, err := lines.Read[deed](path)
	if err != nil {
		return nil, fmt.Errorf("read the waiting changes of users: %w", err)
	}
	return slices.DeleteFunc(deeds, func(d deed) bool { return d.empty() || !d.sound() }), nil
}

// decide runs do, keeps what it decided and gives the database a moment to have
// it too. An error before that decided nothing; one of the database says that
// the decision holds and waits.
func (r *Register) decide(ctx context.Context, now time.Time, by string, do func(*draft) error) error {
	moved, err := r.keep(ctx, now, by, do)
	if err != nil || moved == nil {
		return err
	}
	late := time.NewTimer(r.patience)
	defer late.Stop()
	select {
	case <-moved:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.fault
	case <-late.C:
	case <-ctx.Done():
	}
	return nil
}

func (r *Register) keep(ctx context.Context, now time.Time, by string, do func(*draft) error) (moved <-chan struct{}, err error) {
	r.deciding.Lock()
	defer r.deciding.Unlock()
	d := &draft{View: r.View(), now: now.UTC().Truncate(time.Second), by: by}
	err = r.w.Read(ctx, func(s *warehouse.Snapshot) error {
		d.ctx, d.q = ctx, s
		return do(d)
	})
	if err != nil || d.deed.empty() {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errors.New("users cannot be changed any more: the server is stopping")
	}
	d.deed.Restored = &r.restored
	if err = r.write(d.deed); err != nil {
		return nil, err
	}
	r.waiting = append(slices.Clip(r.waiting), d.deed)
	r.version++
	return r.start(), nil
}

// start has what waits moved, under the lock; the answer is closed when that ends.
func (r *Register) start() (moved <-chan struct{}) {
	if r.moving == nil {
		r.moving = make(chan struct{})
		go r.move(r.moving)
	}
	return r.moving
}

// write appends a line, which is on the disk when it returns.
func (r *Register) write(d deed) error {
	if r.path == "" {
		return nil
	}
	f, err := os.OpenFile(r.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep a change of users: %w", err)
	}
	if err = errors.Join(lines.Append(f, d), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("keep a change of users: %w", err)
	}
	return nil
}

// move brings into the database what waits, until nothing does.
func (r *Register) move(done chan struct{}) {
	for {
		err := r.flush(r.over)
		if err != nil {
			r.log.Error("changes of users hold, and wait: they cannot be written", slog.Any("error", err))
		}
		r.mu.Lock()
		if r.fault = err; err != nil || len(r.waiting) == 0 {
			r.moving = nil // after a fault the next decision tries again
			close(done)
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
	}
}

// flush brings into the database what waits now; it waits for the writer.
func (r *Register) flush(ctx context.Context) error {
	batch := r.View().waiting
	if len(batch) == 0 {
		return nil
	}
	err := r.w.Write(ctx, func(tx *warehouse.Tx) error {
		users := false
		for _, d := range batch {
			if err := d.apply(ctx, tx); err != nil {
				return err
			}
			users = users || len(d.Users) > 0
		}
		if !users {
			return nil
		}
		return tx.UpdateVisibility(ctx)
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = slices.Clip(r.waiting[len(batch):])
	r.version++
	if len(r.waiting) > 0 { // the file goes on growing until a calm moment
		return nil
	}
	return r.forget()
}

// forget removes the file when nothing waits.
func (r *Register) forget() error {
	if r.path == "" {
		return nil
	}
	if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget the written changes of users: %w", err)
	}
	return nil
}

// Waiting is the View of a database that nobody has open, with what is noted in the
// file at path and it does not have yet.
func Waiting(path string) (View, error) {
	deeds, err := readDeeds(path)
	return View{waiting: deeds}, err
}

// Flush returns when the database has everything that was decided before. It
// waits for the writer.
func (r *Register) Flush(ctx context.Context) error {
	r.mu.Lock()
	if len(r.waiting) == 0 {
		r.mu.Unlock()
		return nil
	}
	moved := r.start()
	r.mu.Unlock()
	select {
	case <-moved:
	case <-ctx.Done():
		return fmt.Errorf("changes of users wait for the one writer: %w", ctx.Err())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault
}

// Close takes no more decisions and brings into the database what waits. When ctx
// is over before the writer is free, the rest stays in the file for the next
// OpenRegister.
func (r *Register) Close(ctx context.Context) error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	defer r.stop()
	if err := r.Flush(ctx); ctx.Err() == nil {
		return err
	}
	r.stop()
	r.mu.Lock()
	moving := r.moving
	r.mu.Unlock()
	if moving != nil {
		<-moving
	}
	return nil
}

// View is who the users are now.
func (r *Register) View() View {
	r.mu.Lock()
	defer r.mu.Unlock()
	return View{Version: r.version, waiting: r.waiting}
}
