package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"credence/warehouse/sqlfile"
)

// ErrRenewed reports that a reader who saw the generation before a refresh can see no
// more of that: asked again it is answered by the last.
var ErrRenewed = errors.New("the company was refreshed meanwhile")

// How long readers are held at most, and how long before the caller's time is up the
// refresh has to end all the same.
const (
	heldFor   = 10 * time.Minute
	heldSpare = time.Minute
)

// heldReads is how many may ask the engine at once of a generation that is held.
const heldReads = 4

// hold keeps the readers of Recall at a generation after the next one was committed,
// until what they asked was asked of that one too: else all their pages would be
// computed anew in the same moment. What is not in memory is asked by transactions
// that began before the commit.
//
// Why not within the transaction of the refresh: of tables that it made itself the
// engine knows no statistics, and joins them the wrong way round, up to twenty times
// as slow.
type hold struct {
	generation  int64
	refreshedAt time.Time
	stale       bool
	all         []*sql.Conn    // each in a transaction
	free        chan *sql.Conn // of all, those that nobody asks by
	lost        int            // of all, those that nobody can ask by any more
	over        chan struct{}  // closed when all are lost
	readers     sync.WaitGroup
}

// hold begins to keep readers at the present generation before the refresh of tx is
// committed; nil when nobody can be kept, or nobody should: nothing would be asked of
// the next one, somebody waits for the refresh to end, or it takes from somebody the
// right to see the deals of a rep. An error is one of tx.
func (w *Warehouse) hold(ctx context.Context, tx *Tx) (*hold, error) {
	if len(w.answers.asked()) == 0 || w.ending.Load() > 0 {
		return nil, nil //nolint:nilnil // nobody to keep is no error
	}
	h := &hold{free: make(chan *sql.Conn, heldReads), over: make(chan struct{})}
	had, err := h.begin(ctx, w.engine.DB())
	if err != nil || had == nil {
		_ = h.close(ctx) // the refresh is made all the same
		return nil, nil  //nolint:nilnil,nilerr // so nobody is kept
	}
	have, err := pairs(ctx, tx, questions.Get("visible"))
	if err != nil || lacks(have, had) {
		_ = h.close(ctx) // as above
		return nil, err
	}
	w.answers.hold(h, &w.ending)
	return h, nil
}

// begin begins the transactions of h and answers who sees whose deals there; nil in a
// state that nobody should see for longer.
func (h *hold) begin(ctx context.Context, db *sql.DB) (visible [][2]string, err error) {
	for range heldReads {
		conn, err := db.Conn(ctx)
		if err != nil {
			return nil, fmt.Errorf("take reader connection: %w", err)
		}
		h.all = append(h.all, conn)
		if _, err = conn.ExecContext(ctx, "begin transaction read only"); err != nil {
			return nil, fmt.Errorf("begin read: %w", err)
		}
		if h.generation, h.refreshedAt, h.stale, err = shown(ctx, conn); err != nil {
			return nil, err
		}
		h.free <- conn
	}
	if h.generation == 0 || h.stale {
		return nil, nil
	}
	return pairs(ctx, h.all[0], questions.Get("visible"))
}

// lacks reports whether have is without one of want.
func lacks(have, want [][2]string) bool {
	is := map[[2]string]bool{}
	for _, p := range have {
		is[p] = true
	}
	return slices.ContainsFunc(want, func(p [2]string) bool { return !is[p] })
}

// release lets readers see the last generation, of which told was asked, and ends the
// transactions when the last reader has left.
func (w *Warehouse) release(ctx context.Context, h *hold, last int64, told []*answer) error {
	w.answers.release(h, last, told)
	h.readers.Wait()
	return h.close(ctx)
}

func (h *hold) close(ctx context.Context) error {
	var errs []error
	for _, conn := range h.all {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "rollback")
		errs = append(errs, err, conn.Close())
	}
	return errors.Join(errs...)
}

// askAhead asks the questions of the readers of h of the generation after it, the
// last first, until all are asked, it is late or h is not held any more. What fails
// is left to who asks it next.
func (w *Warehouse) askAhead(ctx context.Context, h *hold) (told []*answer) {
	until := time.Now().Add(heldFor) //nolint:forbidigo // only how long readers are held
	if end, ok := ctx.Deadline(); ok && end.Add(-heldSpare).Before(until) {
		until = end.Add(-heldSpare)
	}
	for _, q := range w.answers.asked() {
		if ctx.Err() != nil || w.answers.held() != h || time.Now().After(until) { //nolint:forbidigo // as above
			break
		}
		var got *answer
		err := w.Read(ctx, func(s *Snapshot) (err error) {
			if got, err = q.anew(ctx, s); err == nil && got.rest != nil {
				return got.rest.Close()
			}
			return err
		})
		if err == nil && got.rest == nil {
			told = append(told, got)
		}
	}
	return told
}

// hold sets h, unless somebody waits for the refresh to end.
func (a *answers) hold(h *hold, ending *atomic.Int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ending.Load() > 0 {
		return
	}
	a.begin(h.generation)
	a.holding = h
}

// held is what is held now, or nil.
func (a *answers) held() *hold {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.holding
}

// join makes the caller one of the readers of what is held now, who calls leave; nil
// when nothing is.
func (a *answers) join() *hold {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holding != nil {
		a.holding.readers.Add(1)
	}
	return a.holding
}

// release ends h and begins the last generation with what was told of it, unless
// something changed meanwhile.
func (a *answers) release(h *hold, last int64, told []*answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holding != h {
		return
	}
	a.holding = nil
	a.begin(last)
	for i := range told {
		a.put(told[len(told)-1-i]) // the first is the last used
	}
}

// ready is whether r asks the engine without waiting for anybody.
func (r *recalling) ready() bool { return r.turn == nil && (r.hold == nil || r.held != nil) }

// prepare waits until r is ready.
func (r *recalling) prepare(ctx context.Context) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	_, err := r.reader(ctx)
	return err
}

// reader is by whom r asks what may be answered from memory: its own snapshot, or one
// of the generation at which it is held.
func (r *recalling) reader(ctx context.Context) (sqlfile.Querier, error) {
	if r.hold == nil {
		return r.Querier, nil
	}
	if r.held == nil {
		select {
		case r.held = <-r.hold.free:
		case <-r.hold.over:
			return nil, ErrRenewed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return r.held, nil
}

// beside is by whom r asks what is never answered from memory: that shows at once
// what was written. Beside a temporary table everything is asked where that stands.
func (r *recalling) beside() sqlfile.Querier {
	if r.off && r.held != nil {
		return r.held
	}
	return r.Querier
}

// leave gives back by what r asked, unless no other reader can ask by it: it has a
// temporary table now, or a question failed or was given up, which ends a transaction.
func (r *recalling) leave(ctx context.Context) {
	if r.held == nil {
		return
	}
	if _, err := r.held.ExecContext(context.WithoutCancel(ctx), "select 1"); err != nil || r.off {
		r.answers.lose(r.hold)
		return
	}
	r.hold.free <- r.held
}

// lose is told of a transaction of h that nobody can ask by any more. With the last of
// them h is over: who waits for one is told, and who comes sees what is there.
func (a *answers) lose(h *hold) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if h.lost++; h.lost < heldReads {
		return
	}
	close(h.over)
	if a.holding == h {
		a.holding = nil
	}
}
