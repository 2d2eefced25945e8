package warehouse

import (
	"context"
	"sync"
)

// gate lets any number in until it is shut. The zero value is open.
type gate struct {
	mu     sync.Mutex
	inside int
	shut   bool
	change chan struct{} // closed at the next change; nil when nobody waits
}

// enter waits until the gate is open or ctx is over.
func (g *gate) enter(ctx context.Context) error {
	return g.wait(ctx, func() bool {
		if g.shut {
			return false
		}
		g.inside++
		return true
	})
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	g.tell()
}

// close shuts the gate and waits until nobody is inside. When ctx ends first the
// gate is open again.
func (g *gate) close(ctx context.Context) error {
	g.mu.Lock()
	g.shut = true
	g.mu.Unlock()
	err := g.wait(ctx, func() bool { return g.inside == 0 })
	if err != nil {
		g.open()
	}
	return err
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = false
	g.tell()
}

// wait tries until done, which is called under the lock.
func (g *gate) wait(ctx context.Context, done func() bool) error {
	for {
		g.mu.Lock()
		if done() {
			g.mu.Unlock()
			return nil
		}
		if g.change == nil {
			g.change = make(chan struct{})
		}
		change := g.change
		g.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (g *gate) tell() {
	if g.change != nil {
		close(g.change)
		g.change = nil
	}
}
