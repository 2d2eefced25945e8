package markov

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"
)

const (
	plain    = 8  // sweeps between two looks at the residual
	depth    = 24 // sweeps of a cycle
	mostIdle = 8  // cycles that may pass without halving the residual
)

// sweep solves b by Gauss-Seidel: every state in turn takes the mean of those
// before it. That takes as many sweeps as journeys are long when a channel is
// rare; so when it is slow, cycles of sweeps go on, each to the combination of
// its sweeps with the least residual. That is GMRES with Gauss-Seidel as its
// preconditioner, restarted after depth steps. Source: Saad, "Iterative
// Methods for Sparse Linear Systems", 2nd edition, §9.3.
func (c *chain) sweep(ctx context.Context, b *block, cycles int) error {
	for before := math.Inf(1); b.worst() > wanted && b.worst() < before/10; {
		if err := ctx.Err(); err != nil {
			return err
		}
		before = b.worst()
		for range plain {
			c.smooth(b, 1)
		}
		c.measure(b, nil)
	}
	if b.worst() <= wanted {
		return nil
	}
	return c.cycles(ctx, b, cycles)
}

// cycles solves b from where it is.
func (c *chain) cycles(ctx context.Context, b *block, cycles int) error {
	var basis [depth + 1][]lanes
	for i := range basis {
		basis[i] = make([]lanes, len(b.u))
	}
	best, idle := b.worst(), 0
	for cycle := 0; best > wanted && idle < mostIdle && cycle < cycles; cycle++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.cycle(b, &basis)
		c.measure(b, nil)
		switch now := b.worst(); {
		case now <= best/2:
			best, idle = now, 0
		case now <= accepted:
			return nil // rounding is all that is left
		default:
			idle++
		}
	}
	return nil
}

// cycle adds to every lane of b the combination of depth+1 sweeps that makes
// the change of a further sweep least. The sweeps are kept as an orthonormal
// basis, and h says how each is made of them.
func (c *chain) cycle(b *block, basis *[depth + 1][]lanes) {
	var h [depth + 1][depth]lanes
	next := &block{low: b.low, u: basis[0]}
	copy(next.u, b.u)
	c.smooth(next, 1)
	subtract(next.u, b.u)
	change := normalise(next.u)
	for k := range depth {
		// A step of the basis is v − sweep of v, where channels weigh nothing.
		next.u = basis[k+1]
		copy(next.u, basis[k])
		c.smooth(next, 0)
		subtract(next.u, basis[k])
		for i := range k + 1 {
			h[i][k] = project(next.u, basis[i]) //nolint:gosec // i is at most k, k less than depth
		}
		h[k+1][k] = normalise(next.u)
	}
	for j := range width {
		if change[j] > 0 {
			combine(b.u, basis, &h, change[j], j)
		}
	}
}

// smooth is one sweep over b, with pin where a channel is.
func (c *chain) smooth(b *block, pin float64) {
	for t := range b.u {
		b.u[t] = c.mean(b, t, pin)
	}
}

// combine adds to lane j of u the y of its basis that solves h·y = −change·e₁
// in least squares. Less than depth of the basis may be independent, which the
// singular values show.
func combine(u []lanes, basis *[depth + 1][]lanes, h *[depth + 1][depth]lanes, change float64, j int) {
	a := mat.NewDense(depth+1, depth, nil)
	for i := range h {
		for k := range depth {
			a.Set(i, k, h[i][k][j])
		}
	}
	right := mat.NewVecDense(depth+1, nil)
	right.SetVec(0, -change)
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) || svd.Rank(rounding) == 0 {
		return
	}
	var y mat.VecDense
	svd.SolveVecTo(&y, right, svd.Rank(rounding))
	for t := range u {
		for k := range depth {
			u[t][j] += y.AtVec(k) * basis[k][t][j]
		}
	}
}
