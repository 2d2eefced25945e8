package main

import (
	"math"
	"testing"
)

func near(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-9 }

// A world that won 100: ads caused 20, mail 10, touches without a name 30, and 40
// came by itself.
var caused = split{named: map[string]float64{"ads": 20, "mail": 10}, none: 30, unattributed: 40}

func TestErrorsAreThoseWorkedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		model, truth split
		money, share float64
	}{
		{"the truth itself is right", caused, caused, 0, 0},
		{"nothing credited misses every effect and claims them for the base", split{unattributed: 100}, caused, (20 + 10 + 30 + 60) / 100.0, math.NaN()},
		{
			"ten in the wrong place count twice",
			split{named: map[string]float64{"ads": 30, "mail": 0}, none: 30, unattributed: 40},
			caused,
			.2, (1.0/3 + 1.0/3) / 2,
		},
		{
			"a name that truth does not know earned nothing",
			split{named: map[string]float64{"ads": 20, "mail": 10, "fair": 30}, unattributed: 40},
			caused,
			.6, (math.Abs(20.0/60-20.0/30) + math.Abs(10.0/60-10.0/30) + 30.0/60) / 2,
		},
		{
			"shares compare what is handed out, however little that is",
			split{named: map[string]float64{"ads": 2, "mail": 1}, unattributed: 97},
			caused,
			(18 + 9 + 30 + 57) / 100.0, 0,
		},
		{
			"where nothing works every credit is an error",
			split{named: map[string]float64{"ads": 60}, unattributed: 40},
			split{named: map[string]float64{"ads": 0, "mail": 0}, unattributed: 100},
			1.2, math.NaN(),
		},
		{
			"a true loss is missed by all that a credit is above it, and is no share",
			split{named: map[string]float64{"ads": 50, "mail": 0}, unattributed: 50},
			split{named: map[string]float64{"ads": 60, "mail": -10}, unattributed: 50},
			.2, 0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := moneyError(c.model, c.truth, 100); !near(got, c.money) {
				t.Errorf("money error is %v, want %v", got, c.money)
			}
			if got := shareError(c.model, c.truth); !near(got, c.share) {
				t.Errorf("share error is %v, want %v", got, c.share)
			}
		})
	}
}

func TestLeastErrorIsWhatNoLedgerCanAvoid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		truth split
		want  float64
	}{
		{"parts that make the whole can all be met", caused, 0},
		{"a tenth that no part claims has to go somewhere", split{named: map[string]float64{"ads": 50}, unattributed: 40}, .1},
		{"parts that overlap by a fifth leave one short", split{named: map[string]float64{"ads": 80}, unattributed: 40}, .2},
		{"a loss is missed once where it is and once where it is made up", split{named: map[string]float64{"ads": 70, "mail": -10}, unattributed: 40}, .2},
		{"a remainder below nothing likewise", split{named: map[string]float64{"ads": 70}, none: -10, unattributed: 40}, .2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := leastError(c.truth, 100); !near(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestRankAgreement(t *testing.T) {
	t.Parallel()
	of := func(a, b, c, d float64) split {
		return split{named: map[string]float64{"a": a, "b": b, "c": c, "d": d}}
	}
	for _, c := range []struct {
		name         string
		model, truth split
		want         float64
	}{
		{"the same order is 1 whatever the amounts", of(1, 2, 3, 90), of(10, 11, 12, 13), 1},
		{"the other way round is -1", of(4, 3, 2, 1), of(1, 2, 3, 4), -1},
		{"one exchange of neighbours: 1 - 6·2/(4·15)", of(1, 3, 2, 4), of(1, 2, 3, 4), .8},
		// Ranks 1.5 1.5 3 4 against 1 2 3 4: covariance 4.5, sums of squares 4.5 and 5.
		{"equal amounts share their rank", of(5, 5, 6, 7), of(1, 2, 3, 4), 4.5 / math.Sqrt(4.5*5)},
		{"no order is right where nothing works", of(1, 2, 3, 4), of(0, 0, 0, 0), math.NaN()},
		{"a model that credits nobody has no order", of(0, 0, 0, 0), of(1, 2, 3, 4), math.NaN()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := rankAgreement(c.model, c.truth); !near(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestEstimateOf(t *testing.T) {
	t.Parallel()
	// Quantiles of Student's t at .95 from its usual table: 6.314 with 1 degree
	// of freedom, 2.132 with 4.
	for _, c := range []struct {
		name       string
		values     []float64
		mean, half float64
		n          int
	}{
		{"two worlds", []float64{1, 3}, 2, 6.314 * math.Sqrt2 / math.Sqrt2, 2},
		{"five worlds", []float64{1, 2, 3, 4, 5}, 3, 2.132 * math.Sqrt(2.5) / math.Sqrt(5), 5},
		{"worlds without the figure do not count", []float64{1, math.NaN(), 3}, 2, 6.314, 2},
		{"one world has no interval", []float64{7}, 7, math.NaN(), 1},
		{"no world has no mean", nil, math.NaN(), math.NaN(), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := estimateOf(c.values)
			if !near(e.mean, c.mean) || e.n != c.n {
				t.Errorf("mean %v of %d, want %v of %d", e.mean, e.n, c.mean, c.n)
			}
			if half := e.high - e.mean; math.IsNaN(half) != math.IsNaN(c.half) || math.Abs(half-c.half) > .001 {
				t.Errorf("half width is %v, want %v", half, c.half)
			}
			if e.n > 1 && !near(e.mean-e.low, e.high-e.mean) {
				t.Errorf("interval %v to %v is not centred on %v", e.low, e.high, e.mean)
			}
		})
	}
}
