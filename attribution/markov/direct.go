package markov

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// mostRefinements of a direct solution; none is needed but for chains that
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
	if err := ill(g.Inverse(a)); err != nil {
		return nil, fmt.Errorf("invert: %w", err)
	}
	return &g, nil
}

// ill passes over the warning of a bad condition: the residual judges that.
func ill(err error) error {
	if _, bad := errors.AsType[mat.Condition](err); bad {
		return nil
	}
	return err
}

// direct solves b with the inverse G of the whole chain. Where R are the
// states with the channel, u = G[·,R]·G[R,R]⁻¹·1 fulfils the equation of every
// other state, as G does, and is 1 on R. Only the small G[R,R] is factorised
// for each channel.
func (c *chain) direct(g *mat.Dense, b *block) error {
	var removals [width]*removal
	for j := range width {
		if b.residual[j] == 0 {
			continue // u is 0 but for the channel
		}
		r := c.removal(g, b.low+j)
		removals[j] = r
		if err := r.solve(b, j); err != nil {
			return fmt.Errorf("channel %d: %w", b.low+j, err)
		}
	}
	c.measure(b, nil)
	rest := make([]lanes, len(b.u))
	for try := 0; try < mostRefinements && b.worst() > wanted; try++ {
		c.measure(b, rest)
		for j, r := range removals {
			if r == nil || b.relative(j) <= wanted {
				continue
			}
			if err := r.refine(b, j, rest); err != nil {
				return fmt.Errorf("channel %d: %w", b.low+j, err)
			}
		}
		c.measure(b, nil)
	}
	return nil
}

// removal is one channel in the inverse G of a chain.
type removal struct {
	g    *mat.Dense
	with []int  // R, the states that contain the channel
	part mat.LU // of G[R,R]
}

func (c *chain) removal(g *mat.Dense, channel int) *removal {
	r := &removal{g: g}
	for t, w := range c.states {
		if w.contains(channel) {
			r.with = append(r.with, t)
		}
	}
	part := mat.NewDense(len(r.with), len(r.with), nil)
	for i, t := range r.with {
		for k, s := range r.with {
			part.Set(i, k, g.At(t, s))
		}
	}
	r.part.Factorize(part)
	return r
}

// through is G[·,R]·G[R,R]⁻¹·x: what takes the values x on R.
func (r *removal) through(x []float64) ([]float64, error) {
	var y mat.VecDense
	if err := ill(r.part.SolveVecTo(&y, false, mat.NewVecDense(len(x), x))); err != nil {
		return nil, err
	}
	n, _ := r.g.Dims()
	u := make([]float64, n)
	for t := range u {
		row := r.g.RawRowView(t)
		for i, s := range r.with {
			u[t] += row[s] * y.AtVec(i)
		}
	}
	return u, nil
}

// solve sets lane j of b.
func (r *removal) solve(b *block, j int) error {
	ones := make([]float64, len(r.with))
	for i := range ones {
		ones[i] = 1
	}
	u, err := r.through(ones)
	if err != nil {
		return err
	}
	for t := range u {
		b.u[t][j] = u[t]
	}
	r.pin(b, j)
	return nil
}

// refine takes the error that the residual rest of lane j shows: G times it,
// less what of that is not 0 on R.
func (r *removal) refine(b *block, j int, rest []lanes) error {
	residual := mat.NewVecDense(len(rest), nil)
	for t := range rest {
		residual.SetVec(t, rest[t][j])
	}
	var step mat.VecDense
	step.MulVec(r.g, residual)
	on := make([]float64, len(r.with))
	for i, t := range r.with {
		on[i] = step.AtVec(t)
	}
	back, err := r.through(on)
	if err != nil {
		return err
	}
	for t := range back {
		b.u[t][j] += step.AtVec(t) - back[t]
	}
	r.pin(b, j)
	return nil
}

func (r *removal) pin(b *block, j int) {
	for _, t := range r.with {
		b.u[t][j] = 1
	}
}
