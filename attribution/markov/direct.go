package markov

import (
	"context"
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// mostRefinements of a direct solution; one is enough but for chains that
// hardly ever end.
const mostRefinements = 4

// inverse is G = (1 − Q)⁻¹ of the whole chain, Q(t,s) = E(s,t)/N(t). Every
// visited state is reached from a start, so G exists.
func (c *chain) inverse() (*mat.Dense, error) {
	n := len(c.states)
	if n == 0 {
		return &mat.Dense{}, nil
	}
	a := mat.NewDense(n, n, nil)
	for t := range n {
		a.Set(t, t, 1)
		for k := c.row[t]; k < c.row[t+1]; k++ {
			a.Set(t, int(c.from[k]), -c.share[k])
		}
	}
	var g mat.Dense
	var bad mat.Condition
	if err := g.Inverse(a); err != nil && !errors.As(err, &bad) { // the residual judges what is badly conditioned
		return nil, fmt.Errorf("invert: %w", err)
	}
	return &g, nil
}

// direct solves b with the inverse G of the whole chain. The rows R of states
// with the channel are not equations of its system, so a correction by G is
// corrected again to be 0 on R:
//
//	x = G·r − G[·,R]·G[R,R]⁻¹·(G·r)[R]
//
// Only the small G[R,R] is factorised for each channel.
func (c *chain) direct(ctx context.Context, g *mat.Dense, b *block) error {
	n := len(c.states)
	rest := make([]lanes, n)
	factors := make([]*mat.LU, width)
	with := make([][]int, width)
	for try := 0; try < mostRefinements && b.worst() > wanted; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.measure(b, rest)
		for j := range width {
			if b.relative(j) <= wanted {
				continue
			}
			if factors[j] == nil {
				factors[j], with[j] = c.factorise(g, b.low+j)
			}
			if err := c.correct(g, factors[j], with[j], b, j, rest); err != nil {
				return err
			}
		}
		c.measure(b, nil)
	}
	return nil
}

// factorise finds the states R that contain the channel and the factors of G[R,R].
func (c *chain) factorise(g *mat.Dense, channel int) (*mat.LU, []int) {
	var with []int
	for t, w := range c.states {
		if w.contains(channel) {
			with = append(with, t)
		}
	}
	part := mat.NewDense(len(with), len(with), nil)
	for i, t := range with {
		for k, s := range with {
			part.Set(i, k, g.At(t, s))
		}
	}
	var lu mat.LU
	lu.Factorize(part)
	return &lu, with
}

// correct adds to lane j the x of the residual rest.
func (c *chain) correct(g *mat.Dense, factors *mat.LU, with []int, b *block, j int, rest []lanes) error {
	n := len(c.states)
	r := mat.NewVecDense(n, nil)
	for t := range n {
		r.SetVec(t, rest[t][j])
	}
	var all, back mat.VecDense
	all.MulVec(g, r)
	on := mat.NewVecDense(len(with), nil)
	for i, t := range with {
		on.SetVec(i, all.AtVec(t))
	}
	var bad mat.Condition
	if err := factors.SolveVecTo(&back, false, on); err != nil && !errors.As(err, &bad) {
		return fmt.Errorf("solve for channel %d: %w", b.low+j, err)
	}
	through := mat.NewVecDense(n, nil)
	for i, t := range with {
		through.SetVec(t, back.AtVec(i))
	}
	var taken mat.VecDense
	taken.MulVec(g, through)
	for t := range n {
		b.u[t][j] += all.AtVec(t) - taken.AtVec(t)
	}
	for _, t := range with {
		b.u[t][j] = 1
	}
	return nil
}
