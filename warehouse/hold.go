package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"credence/warehouse/sqlfile"
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
	readers     sync.WaitGroup
}

// hold begins to keep readers at the present generation, while the caller has the
// writer; nil when nothing would be asked of the next one.
func (w *Warehouse) hold(ctx context.Context) (h *hold, err error) {
	if len(w.answers.asked()) == 0 {
		return nil, nil //nolint:nilnil // nothing to keep is no error
	}
	h = &hold{free: make(chan *sql.Conn, heldReads)}
	for range heldReads {
		conn, err := w.engine.DB().Conn(ctx)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("take reader connection: %w", err), h.close(ctx))
		}
		h.all = append(h.all, conn)
		if _, err = conn.ExecContext(ctx, "begin transaction read only"); err != nil {
			return nil, errors.Join(fmt.Errorf("begin read: %w", err), h.close(ctx))
		}
		if h.generation, h.refreshedAt, h.stale, err = shown(ctx, conn); err != nil {
			return nil, errors.Join(err, h.close(ctx))
		}
		h.free <- conn
	}
	w.answers.hold(h)
	return h, nil
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
// last first, until it is late or h is not held any more. What fails is left to who
// asks it next.
func (w *Warehouse) askAhead(ctx context.Context, h *hold, until time.Time) (told []*answer) {
	for _, q := range w.answers.asked() {
		if ctx.Err() != nil || w.answers.held() != h || time.Now().After(until) { //nolint:forbidigo // only how long the refresh took
			break
		}
		var got *answer
		err := w.Read(ctx, func(s *Snapshot) (err error) {
			if got, err = readAnswer(ctx, s, q.key, q.query, q.args); err == nil && got.rest != nil {
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

// hold sets h.
func (a *answers) hold(h *hold) {
	a.mu.Lock()
	defer a.mu.Unlock()
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

// reader is by whom r asks what may be answered from memory: its own snapshot, or one
// of the generation at which it is held.
func (r *recalling) reader(ctx context.Context) (sqlfile.Querier, error) {
	if r.hold == nil {
		return r.Querier, nil
	}
	if r.held == nil {
		select {
		case r.held = <-r.hold.free:
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
// them h is over: readers see what is there.
func (a *answers) lose(h *hold) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if h.lost++; h.lost == heldReads && a.holding == h {
		a.holding = nil
	}
}
