package incremental

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// errSingular says that the curvature of a penalised likelihood is not positive,
// which only numbers out of all range can make it.
var errSingular = errors.New("the regression has no single answer")

// regression is a Poisson or logistic regression with normal priors of mean 0 in
// groups of equal variance. Rows are sparse; sums run in the order of rows.
type regression struct {
	logistic bool
	start    []int32 // of each row in at and value, and the end
	at       []int32
	value    []float64
	y, w     []float64 // Poisson: events and exposure; logistic: 0 or 1, and weight

	group    []int32   // of each column
	variance []float64 // of each group
	fitted   []bool    // whether a group's variance is
	index    map[string]int32
	place    []int32 // of each column in the row being written, where it has one

	beta       []float64
	covariance [][]float64
}

func newRegression(logistic bool) *regression {
	return &regression{logistic: logistic, start: []int32{0}, index: map[string]int32{}}
}

// prior adds a group of columns; fitted: variance is where fitting starts.
func (r *regression) prior(variance float64, fitted bool) int32 {
	r.variance, r.fitted = append(r.variance, variance), append(r.fitted, fitted)
	return int32(len(r.variance) - 1) //nolint:gosec // a handful
}

// column is the number of the column called name, which it adds to group.
func (r *regression) column(name string, group int32) int32 {
	if k, known := r.index[name]; known {
		return k
	}
	k := int32(len(r.group)) //nolint:gosec // some hundreds
	r.index[name], r.group, r.place = k, append(r.group, group), append(r.place, -1)
	return k
}

// row ends a row whose entries were put.
func (r *regression) row(y, w float64) {
	r.start = append(r.start, int32(len(r.at))) //nolint:gosec // bounded by the size of a panel
	r.y, r.w = append(r.y, y), append(r.w, w)
}

// put adds v to the column of the row being written; zeros are left out.
func (r *regression) put(column int32, v float64) {
	if v == 0 {
		return
	}
	if k := r.place[column]; k >= r.start[len(r.start)-1] {
		r.value[k] += v
		return
	}
	r.place[column] = int32(len(r.at)) //nolint:gosec // bounded by the size of a panel
	r.at, r.value = append(r.at, column), append(r.value, v)
}

// fit finds the coefficients and, in rounds, the variances of the fitted groups:
// the fixed point of variance = mean of (coefficient² + its posterior variance).
func (r *regression) fit(ctx context.Context, rounds int) error {
	if r.beta == nil {
		r.beta = make([]float64, len(r.group))
		if !r.logistic {
			events, exposure := 0.0, 0.0
			for i := range r.y {
				events, exposure = events+r.y[i], exposure+r.w[i]
			}
			r.beta[0] = math.Log(events / exposure)
		}
	}
	for round := 0; ; round++ {
		if err := r.newton(ctx, roughly); err != nil {
			return err
		}
		moved := 0.0
		sums, counts := make([]float64, len(r.variance)), make([]float64, len(r.variance))
		for j, g := range r.group {
			sums[g] += r.beta[j]*r.beta[j] + r.covariance[j][j]
			counts[g]++
		}
		for g, fitted := range r.fitted {
			if !fitted || counts[g] == 0 {
				continue
			}
			v := max(sums[g]/counts[g], 1e-6)
			moved = max(moved, math.Abs(math.Log(v/r.variance[g])))
			if round < rounds {
				r.variance[g] = v
			}
		}
		if round >= rounds || moved < .02 {
			return r.newton(ctx, closely)
		}
	}
}

const (
	mostSteps = 60
	roughly   = 1e-3 // last step of a round
	closely   = 1e-8 // last step of the last
)

// newton climbs to the top of the penalised likelihood until a step is no longer
// than end, and keeps the inverse of the curvature where it took that step.
func (r *regression) newton(ctx context.Context, end float64) error {
	n := len(r.group)
	curve := make([][]float64, n)
	for i := range curve {
		curve[i] = make([]float64, i+1)
	}
	gradient, from := make([]float64, n), make([]float64, n)
	before := math.Inf(-1)
	for range mostSteps {
		if err := ctx.Err(); err != nil {
			return err
		}
		height := r.climb(gradient, curve)
		if !(height >= before-1e-9*math.Abs(before)) { // too far: halfway back
			for j := range r.beta {
				r.beta[j] = (r.beta[j] + from[j]) / 2
			}
			continue
		}
		before = height
		if err := factor(curve); err != nil {
			return err
		}
		copy(from, r.beta)
		backSolve(curve, gradient)
		far := 0.0
		for j, step := range gradient {
			r.beta[j] += step
			far = max(far, math.Abs(step))
		}
		if far <= end {
			r.covariance = invert(curve)
			return nil
		}
	}
	r.climb(gradient, curve) // rounding keeps it from standing still: near enough
	if err := factor(curve); err != nil {
		return err
	}
	r.covariance = invert(curve)
	return nil
}

// climb is the penalised log likelihood at beta, its gradient and its negative
// curvature (lower triangle).
func (r *regression) climb(gradient []float64, curve [][]float64) float64 {
	height := 0.0
	for j, b := range r.beta {
		v := r.variance[r.group[j]]
		for k := range curve[j] {
			curve[j][k] = 0
		}
		gradient[j], curve[j][j] = -b/v, 1/v
		height -= b * b / (2 * v)
	}
	for i := range r.y {
		at, value := r.at[r.start[i]:r.start[i+1]], r.value[r.start[i]:r.start[i+1]]
		eta := 0.0
		for k, j := range at {
			eta += value[k] * r.beta[j]
		}
		var rest, weight float64
		if r.logistic {
			mu := 1 / (1 + math.Exp(-eta))
			rest, weight = r.w[i]*(r.y[i]-mu), r.w[i]*mu*(1-mu)
			height += r.w[i] * (r.y[i]*eta - softplus(eta))
		} else {
			weight = r.w[i] * math.Exp(eta)
			rest = r.y[i] - weight
			height += r.y[i]*eta - weight
		}
		for k, j := range at {
			gradient[j] += rest * value[k]
			if weight == 0 {
				continue
			}
			x := weight * value[k]
			for l, m := range at[:k+1] {
				if m <= j {
					curve[j][m] += x * value[l]
				} else {
					curve[m][j] += x * value[l]
				}
			}
		}
	}
	return height
}

// softplus is log(1 + e^x) without overflow.
func softplus(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

// of is Σ x × coefficient over named columns of a linear combination.
func (r *regression) of(columns []int32) (mean, variance float64) {
	for _, j := range columns {
		mean += r.beta[j]
		for _, k := range columns {
			variance += r.covariance[j][k]
		}
	}
	return mean, variance
}

// factor replaces the lower triangle of a positive matrix by its Cholesky factor.
func factor(a [][]float64) error {
	for i := range a {
		for j := range a[i] {
			s := a[i][j]
			for k := range j {
				s -= a[i][k] * a[j][k]
			}
			if i > j {
				a[i][j] = s / a[j][j]
				continue
			}
			if !(s > 0) {
				return fmt.Errorf("factor column %d of %d: %w", i, len(a), errSingular)
			}
			a[i][i] = math.Sqrt(s)
		}
	}
	return nil
}

// backSolve replaces b by the solution of (L·Lᵀ)·x = b.
func backSolve(l [][]float64, b []float64) {
	for i := range b {
		for k := range i {
			b[i] -= l[i][k] * b[k]
		}
		b[i] /= l[i][i]
	}
	for i := len(b) - 1; i >= 0; i-- {
		for k := i + 1; k < len(b); k++ {
			b[i] -= l[k][i] * b[k]
		}
		b[i] /= l[i][i]
	}
}

// invert is the inverse of L·Lᵀ.
func invert(l [][]float64) [][]float64 {
	out := make([][]float64, len(l))
	for i := range out {
		out[i] = make([]float64, len(l))
		out[i][i] = 1
		backSolve(l, out[i])
	}
	return out
}
