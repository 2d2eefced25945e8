package markov_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"credence/attribution/exact"
	"credence/attribution/markov"
	"credence/attribution/pathdata"
)

// solvers force one way to solve each.
var solvers = map[string]int{"direct": math.MaxInt, "sweeps": 0}

func number(t *testing.T, f float64) exact.Number {
	t.Helper()
	n, err := exact.Float(f)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func build(t *testing.T, order int, paths []path) *markov.Builder {
	t.Helper()
	b, err := markov.New(order)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		b.Add(p.touches, number(t, p.conversions), number(t, p.value), number(t, p.nulls))
	}
	return b
}

func solve(t *testing.T, b *markov.Builder) markov.Result {
	t.Helper()
	r, err := b.Solve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// near says whether two effects agree to 1e-9.
func near(a, b markov.Effect) bool {
	return math.Abs(a.Conversions-b.Conversions) <= 1e-9 && math.Abs(a.Value-b.Value) <= 1e-9
}

// TestEffectsWorkedByHand: B is visited three times, once after A; every
// conversion ends at B. A second neighbouring A is no state.
func TestEffectsWorkedByHand(t *testing.T) {
	t.Parallel()
	paths := []path{
		{[]int32{0, 1}, 1, 10, 0},
		{[]int32{0, 0}, 0, 0, 1},
		{[]int32{1}, 1, 20, 1},
	}
	want := []markov.Effect{{Conversions: 1. / 3, Value: 1. / 3}, {Conversions: 1, Value: 1}}
	for name, direct := range solvers {
		b := build(t, 1, paths)
		b.Limit(direct, 100)
		r := solve(t, b)
		if !slices.EqualFunc(r.Effects, want, near) || r.States != 2 || r.Steps != 1 {
			t.Errorf("%s: effects %v of %d states and %d steps, want %v of 2 and 1", name, r.Effects, r.States, r.Steps, want)
		}
		conversions, value, err := r.Credits()
		if err != nil || math.Abs(conversions[0]-.5) > 1e-12 || math.Abs(value[1]-22.5) > 1e-12 {
			t.Errorf("%s: credits %v and %v (%v), want 0.5 and 1.5 of 2, 7.5 and 22.5 of 30", name, conversions, value, err)
		}
	}
}

// realPaths reads the public table of ../shared/data, and its channels.
func realPaths(t *testing.T) ([]path, map[string]int32) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(pathdata.Table(t))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	channels := map[string]int32{}
	var paths []path
	for _, row := range rows[1:] {
		var p path
		for name := range strings.SplitSeq(row[0], " > ") {
			if _, known := channels[name]; !known {
				channels[name] = int32(len(channels))
			}
			p.touches = append(p.touches, channels[name])
		}
		for i, to := range []*float64{&p.conversions, &p.value, &p.nulls} {
			if *to, err = strconv.ParseFloat(row[i+1], 64); err != nil {
				t.Fatal(err)
			}
		}
		paths = append(paths, p)
	}
	return paths, channels
}

func TestRealPathsAgreeWithTheDefinition(t *testing.T) {
	t.Parallel()
	paths, channels := realPaths(t)
	converted := slices.Clone(paths)
	for i := range converted {
		converted[i].nulls = 0
	}
	for order := 1; order <= 3; order++ {
		for lost, paths := range map[string][]path{"with lost paths": paths, "without lost paths": converted} {
			t.Run(fmt.Sprintf("order %d %s", order, lost), func(t *testing.T) {
				t.Parallel()
				want := definition(order, len(channels), paths)
				for name, direct := range solvers {
					b := build(t, order, paths)
					b.Limit(direct, 100)
					r := solve(t, b)
					if !slices.EqualFunc(r.Effects, want, near) || r.Residual > 1e-12 {
						t.Errorf("%s: effects %v with residual %g, want %v", name, r.Effects, r.Residual, want)
					}
				}
			})
		}
	}
	r := solve(t, build(t, 1, paths))
	for name, want := range map[string]float64{"eta": .34902633, "iota": .40583500, "alpha": .55839949} {
		if got := r.Effects[channels[name]].Conversions; math.Abs(got-want) > 5e-9 {
			t.Errorf("removal effect of %s is %.8f, want %.8f", name, got, want)
		}
	}
	if c, v := r.Totals.Conversions.Float64(), r.Totals.Value.Float64(); c != 19785 || math.Abs(v-74802.971587) > 1e-6 {
		t.Errorf("totals are %v and %v, want 19785 and 74802.971587", c, v)
	}
}

// randomPaths have few channels, so that states repeat, and every edge of the
// rules: one touch, all the same, no conversion, nothing at all.
func randomPaths(r *rand.Rand) (paths []path, channels int) {
	channels = 1 + r.IntN(5)
	for range 1 + r.IntN(30) {
		p := path{conversions: float64(r.IntN(4)), nulls: float64(r.IntN(4))}
		if r.IntN(4) > 0 {
			p.value = p.conversions * float64(r.IntN(1000)) / 8
		}
		for range 1 + r.IntN(12) {
			p.touches = append(p.touches, int32(r.IntN(channels)))
		}
		paths = append(paths, p)
	}
	return append(paths, path{touches: []int32{int32(channels - 1)}, conversions: 1, value: 1}), channels
}

func TestRandomChainsAgreeWithTheDefinition(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 7))
	for chain := range 400 {
		paths, channels := randomPaths(r)
		order := 1 + chain%markov.MostOrder
		want := definition(order, channels, paths)
		for name, direct := range solvers {
			b := build(t, order, paths)
			b.Limit(direct, 100)
			if got := solve(t, b).Effects; !slices.EqualFunc(got, want, near) {
				t.Errorf("chain %d of order %d by %s: effects %v, want %v; paths %v", chain, order, name, got, want, paths)
			}
		}
	}
}

// TestOrderAndPartsChangeNoBit reads the same paths in another order, in parts
// that number the channels their own way, and split into several rows.
func TestOrderAndPartsChangeNoBit(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 11))
	for chain := range 200 {
		paths, channels := randomPaths(r)
		order := 1 + chain%markov.MostOrder
		want := solve(t, build(t, order, paths))

		shuffled := slices.Clone(paths)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := solve(t, build(t, order, shuffled)); !slices.Equal(got.Effects, want.Effects) || got.Totals != want.Totals {
			t.Errorf("chain %d in another order: %v, want %v", chain, got, want)
		}

		whole := build(t, order, nil)
		for part := range 3 {
			names := r.Perm(channels) // of this part's channels
			numbers := make([]int32, channels)
			mine := make([]int32, channels)
			for i, name := range names {
				numbers[i], mine[name] = int32(name), int32(i)
			}
			var some []path
			for i := part; i < len(paths); i += 3 {
				p := paths[i]
				p.touches = slices.Clone(p.touches)
				for k, channel := range p.touches {
					p.touches[k] = mine[channel]
				}
				some = append(some, p)
			}
			whole.Merge(build(t, order, some), numbers)
		}
		if got := solve(t, whole); !slices.Equal(got.Effects, want.Effects) || got.Totals != want.Totals {
			t.Errorf("chain %d in parts: %v, want %v", chain, got, want)
		}

		var twice []path
		for _, p := range paths {
			p.conversions, p.value, p.nulls = 3*p.conversions, 3*p.value, 3*p.nulls
			twice = append(twice, p)
		}
		if got := solve(t, build(t, order, twice)); !slices.Equal(got.Effects, want.Effects) {
			t.Errorf("chain %d with all counts threefold: effects %v, want %v", chain, got.Effects, want.Effects)
		}
	}
}

// TestLongJourneysConverge has journeys of thousands of touches that stay long
// among few channels and hardly ever meet the last one, where plain sweeps
// would need as many sweeps as there are touches.
func TestLongJourneysConverge(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	var paths []path
	for range 10 {
		p := path{conversions: 1, value: 1, nulls: 1}
		home := 0
		for range 20_000 {
			if r.IntN(2000) == 0 {
				home = r.IntN(5)
			}
			channel := 4*home + r.IntN(4)
			if r.IntN(10_000) == 0 {
				channel = 20
			}
			p.touches = append(p.touches, int32(channel))
		}
		paths = append(paths, p)
	}
	direct, sweeps := build(t, 2, paths), build(t, 2, paths)
	direct.Limit(math.MaxInt, 0)
	sweeps.Limit(0, 200)
	want, got := solve(t, direct), solve(t, sweeps)
	for channel, e := range got.Effects {
		if math.Abs(e.Conversions-want.Effects[channel].Conversions) > 1e-9 {
			t.Errorf("effect of channel %d is %v by sweeps and %v directly", channel, e, want.Effects[channel])
		}
	}
	if got.Residual > 1e-12 || want.Residual > 1e-12 {
		t.Errorf("residuals %g and %g, want at most 1e-12", got.Residual, want.Residual)
	}
}

func TestWhatCannotBeSolvedIsAnError(t *testing.T) {
	t.Parallel()
	one, none := exact.Int(1), exact.Number{}
	var long []path
	r := rand.New(rand.NewPCG(1, 1))
	for range 10 {
		p := path{conversions: 1}
		for range 5000 {
			p.touches = append(p.touches, int32(r.IntN(9)*r.IntN(2)*r.IntN(2)))
		}
		long = append(long, p)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, c := range []struct {
		name string
		ctx  context.Context //nolint:containedctx // a case of the table
		b    func() *markov.Builder
		want string
	}{
		{"a negative count", t.Context(), func() *markov.Builder {
			b := build(t, 1, nil)
			b.Add([]int32{0}, one.Neg(), none, none)
			return b
		}, "negative"},
		{"a negative channel", t.Context(), func() *markov.Builder {
			b := build(t, 1, nil)
			b.Add([]int32{0, -1}, one, none, none)
			return b
		}, "channel number -1"},
		{"a fault in a part", t.Context(), func() *markov.Builder {
			part := build(t, 1, nil)
			part.Add([]int32{0}, one, none, one.Neg())
			b := build(t, 1, nil)
			b.Merge(part, []int32{0})
			return b
		}, "negative"},
		{"no sweep allowed", t.Context(), func() *markov.Builder {
			b := build(t, 2, long)
			b.Limit(0, 0)
			return b
		}, "relative residual"},
		{"a cancelled context", ended, func() *markov.Builder { return build(t, 2, long) }, "context canceled"},
	} {
		if _, err := c.b().Solve(c.ctx); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
	for _, order := range []int{-1, 0, 5} {
		if _, err := markov.New(order); err == nil {
			t.Errorf("order %d was taken", order)
		}
	}
}

func TestNothingToShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		paths []path
		want  bool
	}{
		{"no journey at all", nil, true},
		{"nobody converts", []path{{[]int32{0, 1}, 0, 0, 4}}, true},
		{"journeys that nobody took", []path{{[]int32{0, 1}, 0, 0, 0}}, true},
		{"values that cancel out", []path{{[]int32{0}, 1, 5, 0}, {[]int32{1}, 1, -5, 0}}, true},
		{"value without a conversion", []path{{[]int32{0}, 1, 0, 0}, {[]int32{1}, 0, 5, 1}}, false},
	} {
		r := solve(t, build(t, 1, c.paths))
		if _, _, err := r.Credits(); (err == nil) != c.want {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
}
