package markov

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"
)

const (
	wanted   = 1e-14 // relative residual at which solving stops
	accepted = 1e-12 // relative residual above which an answer is refused
	rounding = 1e-14 // relative singular value that says nothing
)

// limits of the work on a chain.
type limits struct {
	direct int // states up to which an inverse is made
	dense  int // states up to which one is made if that is faster than sweeps
	cycles int // of sweeps
}

var usual = limits{direct: 600, dense: 3000, cycles: 500}

// inverts says whether to make the inverse of c. For one step and channel,
// sweeps take as long altogether as an inverse does for 400 of its S³
// (measured), so that many channels repay an inverse.
func (l limits) inverts(c *chain) bool {
	n := len(c.states)
	return n <= l.direct || n <= l.dense && n*n*n/400 < c.channels*len(c.from)
}

// effects solves for every channel, width channels at a time. Blocks do not
// depend on one another, so neither do the figures on the number of cores.
func (c *chain) effects(ctx context.Context, l limits) ([]Effect, float64, error) {
	solve := func(ctx context.Context, b *block) error { return c.sweep(ctx, b, l.cycles) }
	if l.inverts(c) {
		inverse, err := c.inverse()
		if err != nil {
			return nil, 0, err
		}
		solve = func(_ context.Context, b *block) error { return c.direct(inverse, b) }
	}
	effects := make([]Effect, c.channels)
	blocks := (c.channels + width - 1) / width
	worst := make([]float64, blocks)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range blocks {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			b := c.block(i * width)
			if err := solve(ctx, b); err != nil {
				return err
			}
			for channel := b.low; channel < min(b.low+width, c.channels); channel++ {
				if r := b.relative(channel - b.low); !(r <= accepted) { // nor may it be NaN
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

// block is the unknowns u of width channels, from low on, by state.
type block struct {
	low      int
	u        []lanes
	residual lanes // greatest absolute residual
	scale    lanes // greatest unknown that is not 1 by definition, by the equations
}

// block starts with u = 1 where a channel is and 0 elsewhere, whose residual
// is the right-hand side.
func (c *chain) block(low int) *block {
	b := &block{low: low, u: make([]lanes, len(c.states))}
	for t := range b.u {
		c.pin(b, t, &b.u[t], 1)
	}
	c.measure(b, nil)
	return b
}

// pin sets the lanes of the channels that state t contains.
func (c *chain) pin(b *block, t int, to *lanes, value float64) {
	for _, touched := range c.states[t] {
		if j := int(touched) - 1 - b.low; touched > 0 && j >= 0 && j < width {
			to[j] = value
		}
	}
}

// mean is the right side of the equation of state t.
func (c *chain) mean(b *block, t int, pin float64) lanes {
	var sum lanes
	for k := c.row[t]; k < c.row[t+1]; k++ {
		share, u := c.share[k], &b.u[c.from[k]]
		for j := range sum {
			sum[j] += share * u[j]
		}
	}
	c.pin(b, t, &sum, pin)
	return sum
}

// measure computes the residuals of b, and stores them by state in rest unless
// that is nil.
func (c *chain) measure(b *block, rest []lanes) {
	b.residual, b.scale = lanes{}, lanes{}
	for t := range b.u {
		var pinned lanes
		c.pin(b, t, &pinned, 1)
		sum := c.mean(b, t, 1)
		for j := range width {
			b.scale[j] = max(b.scale[j], sum[j]*(1-pinned[j]))
			sum[j] -= b.u[t][j]
			b.residual[j] = max(b.residual[j], sum[j], -sum[j])
		}
		if rest != nil {
			rest[t] = sum
		}
	}
}

// relative is the greatest residual of a lane by its scale.
func (b *block) relative(j int) float64 {
	if b.residual[j] == 0 {
		return 0
	}
	return b.residual[j] / b.scale[j]
}

// worst is the greatest relative residual of all lanes.
func (b *block) worst() float64 {
	worst := 0.0
	for j := range width {
		worst = max(worst, b.relative(j))
	}
	return worst
}
