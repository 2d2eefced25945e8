package markov

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"
)

const (
	directUpTo = 600   // states: an inverse of that size takes a fraction of a second
	wanted     = 1e-15 // relative residual at which solving stops
	accepted   = 1e-12 // relative residual above which an answer is refused
)

// effects solves for every channel, width channels at a time. Blocks do not
// depend on one another, so neither do the figures on the number of cores.
func (c *chain) effects(ctx context.Context, directUpTo int) ([]Effect, float64, error) {
	solve := c.sweep
	if len(c.states) <= directUpTo {
		inverse, err := c.inverse()
		if err != nil {
			return nil, 0, err
		}
		solve = func(ctx context.Context, b *block) error { return c.direct(ctx, inverse, b) }
	}
	effects := make([]Effect, c.channels)
	worst := make([]float64, (c.channels+width-1)/width)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range worst {
		group.Go(func() error {
			b := c.block(i * width)
			if err := solve(ctx, b); err != nil {
				return err
			}
			for channel := b.low; channel < min(b.low+width, c.channels); channel++ {
				if r := b.relative(channel - b.low); r > accepted {
					return fmt.Errorf("channel %d: relative residual %.1e is above %.0e", channel, r, accepted)
				}
				effects[channel] = c.effect(b, channel-b.low)
				worst[i] = max(worst[i], b.relative(channel-b.low))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, 0, err
	}
	residual := 0.0
	for _, r := range worst {
		residual = max(residual, r)
	}
	return effects, residual, nil
}

// effect sums what the visits in column j of b would have brought.
func (c *chain) effect(b *block, j int) Effect {
	var e Effect
	for t, end := range c.ends {
		e.Conversions += b.u[t][j] * end.Conversions
		e.Value += b.u[t][j] * end.Value
	}
	return e
}

// width is how many channels are solved side by side: each row is read once
// for all of them.
const width = 8

type lanes [width]float64

// block is the unknowns u of width channels, from low on, by state.
type block struct {
	low      int
	u        []lanes
	right    lanes // greatest absolute right-hand side
	residual lanes // greatest absolute residual
}

// block starts with u = 1 where a channel is and 0 elsewhere, whose residual
// is the right-hand side.
func (c *chain) block(low int) *block {
	b := &block{low: low, u: make([]lanes, len(c.states))}
	for t := range b.u {
		c.pin(b, t, &b.u[t])
	}
	c.measure(b, nil)
	b.right = b.residual
	return b
}

// pin sets the lanes of the channels that state t contains to 1.
func (c *chain) pin(b *block, t int, to *lanes) {
	for _, touched := range c.states[t] {
		if j := int(touched) - 1 - b.low; touched > 0 && j >= 0 && j < width {
			to[j] = 1
		}
	}
}

// mean is the right side of the equation of state t.
func (c *chain) mean(b *block, t int) lanes {
	var sum lanes
	for k := c.row[t]; k < c.row[t+1]; k++ {
		share, u := c.share[k], &b.u[c.from[k]]
		for j := range sum {
			sum[j] += share * u[j]
		}
	}
	c.pin(b, t, &sum)
	return sum
}

// measure computes the residuals of b, and stores them by state in rest unless
// that is nil.
func (c *chain) measure(b *block, rest []lanes) {
	b.residual = lanes{}
	for t := range b.u {
		sum := c.mean(b, t)
		for j := range sum {
			sum[j] -= b.u[t][j]
			b.residual[j] = max(b.residual[j], sum[j], -sum[j])
		}
		if rest != nil {
			rest[t] = sum
		}
	}
}

// relative is the greatest residual of a lane by its greatest right-hand side.
func (b *block) relative(j int) float64 {
	if b.residual[j] == 0 {
		return 0
	}
	return b.residual[j] / b.right[j]
}

// worst is the greatest relative residual of all lanes.
func (b *block) worst() float64 {
	worst := 0.0
	for j := range width {
		worst = max(worst, b.relative(j))
	}
	return worst
}
