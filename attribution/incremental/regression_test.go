package incremental

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// random is a regression of 200 rows over an intercept and six sparse columns.
func random(logistic bool) *regression {
	dice := rand.New(rand.NewPCG(7, 11))
	r := newRegression(logistic)
	one, effect := r.prior(100, false), r.prior(.3, false)
	columns := []int32{r.column("1", one)}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		columns = append(columns, r.column(name, effect))
	}
	for range 200 {
		r.put(columns[0], 1)
		for _, k := range columns[1:] {
			if dice.Float64() < .4 {
				r.put(k, dice.NormFloat64())
			}
		}
		if logistic {
			r.row(float64(dice.IntN(2)), 1+dice.Float64())
		} else {
			r.row(float64(dice.IntN(3)), 1+dice.Float64())
		}
	}
	r.beta = make([]float64, len(columns))
	for j := range r.beta {
		r.beta[j] = .3 * dice.NormFloat64()
	}
	return r
}

func TestGradientAndCurvatureAreThoseOfTheLikelihood(t *testing.T) {
	t.Parallel()
	for name, logistic := range map[string]bool{"Poisson": false, "logistic": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := random(logistic)
			n := len(r.beta)
			look := func() (float64, []float64, [][]float64) {
				gradient, curve := make([]float64, n), make([][]float64, n)
				for i := range curve {
					curve[i] = make([]float64, i+1)
				}
				return r.climb(gradient, curve), gradient, curve
			}
			_, gradient, curve := look()
			const step = 1e-5
			for j := range n {
				at := r.beta[j]
				r.beta[j] = at + step
				up, gradientUp, _ := look()
				r.beta[j] = at - step
				down, gradientDown, _ := look()
				r.beta[j] = at
				if want := (up - down) / (2 * step); math.Abs(gradient[j]-want) > 1e-5*(1+math.Abs(want)) {
					t.Errorf("gradient of column %d is %v, differences say %v", j, gradient[j], want)
				}
				for k := range j + 1 {
					if want := -(gradientUp[k] - gradientDown[k]) / (2 * step); math.Abs(curve[j][k]-want) > 1e-4*(1+math.Abs(want)) {
						t.Errorf("curvature of columns %d and %d is %v, differences say %v", j, k, curve[j][k], want)
					}
				}
			}
		})
	}
}

func TestFitStandsOnTheTop(t *testing.T) {
	t.Parallel()
	for name, logistic := range map[string]bool{"Poisson": false, "logistic": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := random(logistic)
			if err := r.fit(context.Background(), 0); err != nil {
				t.Fatal(err)
			}
			n := len(r.beta)
			gradient, curve := make([]float64, n), make([][]float64, n)
			for i := range curve {
				curve[i] = make([]float64, i+1)
			}
			r.climb(gradient, curve)
			for j, g := range gradient {
				if math.Abs(g) > 1e-6 {
					t.Errorf("gradient of column %d is %v at the top", j, g)
				}
			}
			// The covariance is the inverse of the curvature.
			for i := range n {
				for j := range n {
					sum := 0.0
					for k := range n {
						sum += curve[max(i, k)][min(i, k)] * r.covariance[k][j]
					}
					want := 0.0
					if i == j {
						want = 1
					}
					if math.Abs(sum-want) > 1e-6 {
						t.Fatalf("curvature times covariance is %v at %d, %d", sum, i, j)
					}
				}
			}
		})
	}
}
