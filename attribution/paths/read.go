package paths

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// ErrRead is the fault of a table that could not be read to its end.
var ErrRead = errors.New("read the path table")

// read tallies the table in, block by block on every core.
func read(ctx context.Context, in io.Reader, o Options, need need) (*tally, error) {
	cut := &cutter{in: in, line: 1}
	first, err := cut.next()
	if err != nil {
		return nil, err
	}
	head, first, err := newHead(first, o)
	if err != nil {
		return nil, err
	}
	workers := runtime.GOMAXPROCS(0)
	parts := make([]*tally, workers)
	blocks := make(chan block, workers)
	var fault earliest
	group, ctx := errgroup.WithContext(ctx)
	for i := range workers {
		if parts[i], err = newTally(need, o.Order); err != nil {
			return nil, err
		}
		group.Go(func() error {
			r := newRows(head, o.Separator, parts[i])
			for b := range blocks {
				fault.keep(r.read(b))
				cut.free(b)
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(blocks)
		for b, err := first, error(nil); ; b, err = cut.next() {
			switch {
			case errors.Is(err, io.EOF) || fault.found():
				return nil // rows before a fault are already handed out
			case err != nil:
				return err
			}
			select {
			case blocks <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	if err = group.Wait(); err == nil {
		err = fault.get()
	}
	if err != nil {
		return nil, err
	}
	return merged(parts, o.Order)
}

// earliest keeps the fault with the lowest line.
type earliest struct {
	sync.Mutex
	fault *InputError
}

func (e *earliest) keep(fault *InputError) {
	e.Lock()
	defer e.Unlock()
	if fault != nil && (e.fault == nil || fault.Line < e.fault.Line) {
		e.fault = fault
	}
}

func (e *earliest) found() bool {
	e.Lock()
	defer e.Unlock()
	return e.fault != nil
}

func (e *earliest) get() error {
	e.Lock()
	defer e.Unlock()
	if e.fault == nil {
		return nil
	}
	return e.fault
}
