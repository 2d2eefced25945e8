package web

import (
	"context"
	"sync/atomic"
	"time"
)

// How many questions run at once, and how long others wait for their turn. What
// computes for seconds (a what-if, an export) has turns of its own, so that it
// never keeps a page waiting, and few of them: the engine gives each all cores,
// and more at a time only makes every one slower. With waitDeadline and
// pageDeadline together a page answers before the minute is over after which
// proxies give up.
const (
	parallelReads = 4
	parallelHeavy = 2
	waitingReads  = 64
	waitDeadline  = 45 * time.Second
)

// turns lets a number of questions run at once and the next ones wait, first
// come, first served.
type turns struct {
	running chan struct{}
	waiting atomic.Int64
	inside  atomic.Int64
}

func newTurns(n int) *turns { return &turns{running: make(chan struct{}, n)} }

// enter lets in as many as can be served soon, besides those who wait for a turn:
// most need none, because what they ask is known.
func (t *turns) enter() (leave func(), err error) {
	leave = func() { t.inside.Add(-1) }
	if t.inside.Add(1) > waitingReads {
		leave()
		return nil, errBusy
	}
	return leave, nil
}

// wait returns when it is the caller's turn, which ends with done. The error is
// errBusy when too many wait already, or none of those running ended in time.
func (t *turns) wait(ctx context.Context) (done func(), err error) {
	defer t.waiting.Add(-1)
	if t.waiting.Add(1) > waitingReads {
		return nil, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, waitDeadline)
	defer cancel()
	select {
	case t.running <- struct{}{}:
		return func() { <-t.running }, nil
	case <-ctx.Done():
		return nil, errBusy
	}
}
