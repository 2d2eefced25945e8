package exact_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"credence/attribution/exact"
)

func parse(t *testing.T, text string) exact.Number {
	t.Helper()
	n, err := exact.Parse(text)
	if err != nil {
		t.Fatalf("parse %q: %v", text, err)
	}
	return n
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want float64
		err  error
	}{
		{"0", 0, nil},
		{"-0", 0, nil},
		{"12", 12, nil},
		{"+12.50", 12.5, nil},
		{"-.5", -.5, nil},
		{"5.", 5, nil},
		{"30.7346153846154", 30.7346153846154, nil},
		{"0.000000000000000001", 1e-18, nil},
		{"0.0000000000000000004", 0, nil},
		{"1e3", 1000, nil},
		{"2.5E-3", .0025, nil},
		{"1000000000000000", 1e15, nil},
		{"0.30000000000000000000000001", .3, nil},
		{"1000000000000000.1", 0, exact.ErrRange},
		{"1e300", 0, exact.ErrRange},
		{"1e999", 0, exact.ErrRange},
		{"-9999999999999999999", 0, exact.ErrRange},
		{"", 0, exact.ErrSyntax},
		{".", 0, exact.ErrSyntax},
		{"-", 0, exact.ErrSyntax},
		{"1.2.3", 0, exact.ErrSyntax},
		{"1-2", 0, exact.ErrSyntax},
		{"--1", 0, exact.ErrSyntax},
		{"1,5", 0, exact.ErrSyntax},
		{"1_000", 0, exact.ErrSyntax},
		{"0x10", 0, exact.ErrSyntax},
		{"nan", 0, exact.ErrSyntax},
		{"Inf", 0, exact.ErrSyntax},
		{" 1", 0, exact.ErrSyntax},
		{"e5", 0, exact.ErrSyntax},
	} {
		n, err := exact.Parse(c.text)
		if got := n.Float64(); !errors.Is(err, c.err) || err == nil && got != c.want {
			t.Errorf("%q is %v (%v), want %v (%v)", c.text, got, err, c.want, c.err)
		}
		if b, err := exact.Parse([]byte(c.text)); b != n || !errors.Is(err, c.err) {
			t.Errorf("bytes of %q are %v (%v), want %v", c.text, b, err, n)
		}
	}
}

// TestArithmeticOfRationals compares with package big.
func TestArithmeticOfRationals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	for range 20_000 {
		text := func() string {
			s := strconv.Itoa(r.IntN(1_000_000_000) - 500_000_000)
			if digits := r.IntN(10); digits > 0 {
				s += "." + strconv.Itoa(r.IntN(1_000_000_000))[:1]
			}
			return s
		}
		a, b := text(), text()
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		m := 1 + r.Uint64N(1000)
		k := new(big.Rat).SetUint64(m)
		for _, c := range []struct {
			deed string
			got  exact.Number
			want *big.Rat
		}{
			{"+", parse(t, a).Add(parse(t, b)), new(big.Rat).Add(x, y)},
			{"neg", parse(t, a).Neg(), new(big.Rat).Neg(x)},
			{"times", parse(t, a).Times(m), new(big.Rat).Mul(x, k)},
		} {
			if want, _ := c.want.Float64(); c.got.Float64() != want {
				t.Errorf("%s %s %s (%d): %v, want %v", a, c.deed, b, m, c.got.Float64(), want)
			}
			if c.got.Sign() != c.want.Sign() || c.got.Bound() < math.Abs(c.got.Float64()) {
				t.Errorf("%s %s %s (%d): sign %d and bound %g", a, c.deed, b, m, c.got.Sign(), c.got.Bound())
			}
		}
		want, _ := new(big.Rat).Quo(x, k).Float64()
		if got := parse(t, a).Over(m).Float64(); math.Abs(got-want) > 1e-18+1e-16*math.Abs(want) {
			t.Errorf("%s over %d: %v, want %v", a, m, got, want)
		}
	}
}

func TestOverRoundsHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	tiny := parse(t, "0.000000000000000001")
	for _, c := range []struct {
		n, want exact.Number
		m       uint64
	}{
		{tiny, tiny, 2},
		{tiny, exact.Number{}, 3},
		{tiny.Neg(), tiny.Neg(), 2},
		{tiny.Times(5), tiny.Times(2), 3},
		{tiny.Times(5).Neg(), tiny.Times(2).Neg(), 3},
	} {
		if got := c.n.Over(c.m); got != c.want {
			t.Errorf("%v over %d is %v, want %v", c.n, c.m, got, c.want)
		}
	}
}

func TestFloat(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for range 20_000 {
		f := (r.Float64() - .5) * math.Pow(10, float64(r.IntN(30)-15))
		n, err := exact.Float(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.Float64(); math.Abs(got-f) > 1e-18 {
			t.Errorf("%v comes back as %v", f, got)
		}
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1.1e15, -1e300} {
		if n, err := exact.Float(f); err == nil {
			t.Errorf("%v is %v, want an error", f, n)
		}
	}
	for f, want := range map[float64]exact.Number{0: {}, 5e-324: {}, 1e15: exact.Int(1e15), -7: exact.Int(-7), .5: parse(t, "0.5")} {
		if n, err := exact.Float(f); err != nil || n != want {
			t.Errorf("%v is %v (%v), want %v", f, n, err, want)
		}
	}
	if got := exact.Int(math.MinInt64).Float64(); got != math.MinInt64 {
		t.Errorf("the least int64 is %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"1", "-2.5e-7", "0.30000000000000000000001", "99999999999999999999", "x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := exact.Parse(text)
		if err != nil {
			return
		}
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatalf("%q was parsed, but %v", text, err)
		}
		if got := n.Float64(); math.Abs(got-want) > 1e-18 {
			t.Fatalf("%q is %v, want %v", text, got, want)
		}
	})
}
