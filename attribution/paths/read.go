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
	h, first, err := newHead(first, o)
	if err != nil {
		return nil, err
	}
	parts := make([]*tally, runtime.GOMAXPROCS(0))
	blocks := make(chan block, len(parts))
	var fault earliest
	group, ctx := errgroup.WithContext(ctx)
	for i := range parts {
		if parts[i], err = newTally(need, o.Order); err != nil {
			return nil, err
		}
		r := newRows(h, o.Separator, parts[i])
		group.Go(func() error {
			for b := range blocks {
				fault.keep(r.read(b))
				cut.free(b)
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(blocks)
		return handOut(ctx, first, cut, blocks, &fault)
	})
	if err = group.Wait(); err == nil {
		err = fault.get()
	}
	if err != nil {
		return nil, err
	}
	return merged(parts, o.Order)
}

// handOut sends first and all further blocks, until a fault is found: the rows
// before it are with the workers by then.
func handOut(ctx context.Context, b block, cut *cutter, to chan<- block, fault *earliest) error {
	for {
		select {
		case to <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		var err error
		switch b, err = cut.next(); {
		case errors.Is(err, io.EOF) || fault.found():
			return nil
		case err != nil:
			return err
		}
	}
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
