package main

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence of every interval.
const confidence = .90

// estimate is a figure over worlds: its mean and the interval in which the mean
// over all worlds of the process lies with 90 % confidence, by Student's t.
type estimate struct {
	mean, low, high float64 // NaN where unknown; low and high need two worlds
	n               int     // worlds in which the figure exists
}

// estimateOf estimates from one value a world; NaN is a world without the figure.
func estimateOf(values []float64) estimate {
	var known []float64
	for _, v := range values {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	e := estimate{mean: math.NaN(), low: math.NaN(), high: math.NaN(), n: len(known)}
	if e.n == 0 {
		return e
	}
	mean, deviation := stat.MeanStdDev(known, nil)
	e.mean = mean
	if e.n == 1 {
		return e
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(e.n - 1)}
	half := t.Quantile(.5+confidence/2) * deviation / math.Sqrt(float64(e.n))
	e.low, e.high = mean-half, mean+half
	return e
}
