package money

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseMinor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, code string
		want             int64
		wrong            string // part of the error
	}{
		{"whole units", "12", "EUR", 1200, ""},
		{"cents", "12.34", "EUR", 1234, ""},
		{"one digit of two", "12.3", "EUR", 1230, ""},
		{"no digit before the point", ".5", "EUR", 50, ""},
		{"no digit after it", "5.", "EUR", 500, ""},
		{"a sign", "-0.01", "EUR", -1, ""},
		{"a plus", "+1", "EUR", 100, ""},
		{"blanks around", " 7 ", "EUR", 700, ""},
		{"zeros beyond the currency", "1.2300", "EUR", 123, ""},
		{"a currency without minor units", "1200", "JPY", 1200, ""},
		{"a currency with three digits", "1.234", "KWD", 1234, ""},
		{"the largest", "92233720368547758.07", "EUR", math.MaxInt64, ""},
		{"more digits than the currency has", "1.234", "EUR", 0, "more than 2 digits"},
		{"a fraction of a yen", "1.5", "JPY", 0, "more than 0 digits"},
		{"too large", "92233720368547758.08", "EUR", 0, "too large"},
		{"a comma", "1,5", "EUR", 0, "is not a number"},
		{"two points", "1.2.3", "EUR", 0, "is not a number"},
		{"nothing", "", "EUR", 0, "is not a number"},
		{"a point", ".", "EUR", 0, "is not a number"},
		{"a sign alone", "-", "EUR", 0, "is not a number"},
		{"two signs", "--1", "EUR", 0, "is not a number"},
		{"an exponent", "1e3", "EUR", 0, "is not a number"},
		{"no such currency", "1", "XQZ", 0, "not an ISO 4217"},
		{"a currency in lower case", "1", "eur", 0, "not an ISO 4217"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseMinor(tt.text, tt.code)
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("error = %v, want it to say %q", err, tt.wrong)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("ParseMinor(%q, %s) = %d, %v, want %d", tt.text, tt.code, got, err, tt.want)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	tests := []struct {
		minor      int64
		code, want string
	}{
		{1234, "EUR", "12.34"},
		{-5, "EUR", "-0.05"},
		{0, "EUR", "0.00"},
		{7, "JPY", "7"},
		{-1, "KWD", "-0.001"},
		{math.MinInt64, "EUR", "-92233720368547758.08"},
		{150, "???", "1.50"},
	}
	for _, tt := range tests {
		if got := Format(tt.minor, tt.code); got != tt.want {
			t.Errorf("Format(%d, %s) = %s, want %s", tt.minor, tt.code, got, tt.want)
		}
	}
}

func TestConvert(t *testing.T) {
	t.Parallel()
	const one = 1_000_000_000_000
	tests := []struct {
		name     string
		minor    int64
		from     string
		rate     int64
		to       string
		want     int64
		tooLarge bool
	}{
		{"half away from zero", 5, "USD", one / 2, "EUR", 3, false},
		{"half away from zero below it", -5, "USD", one / 2, "EUR", -3, false},
		{"just under half", 5, "USD", one/2 - 1, "EUR", 2, false},
		{"yen to euro cents", 1001, "JPY", 6_250_000_000, "EUR", 626, false}, // 6.25625
		{"dinar to euro cents", 1005, "KWD", 3 * one, "EUR", 302, false},     // 3.015
		{"euro cents to yen", 100, "EUR", 160 * one, "JPY", 160, false},
		{"the same", math.MaxInt64, "EUR", one, "EUR", math.MaxInt64, false},
		{"too large", math.MaxInt64, "EUR", 2 * one, "EUR", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Convert(tt.minor, tt.from, tt.rate, tt.to)
			if (err != nil) != tt.tooLarge || got != tt.want {
				t.Errorf("Convert(%d %s) = %d, %v, want %d", tt.minor, tt.from, got, err, tt.want)
			}
		})
	}
	if _, err := Convert(1, "EUR", one, "XQZ"); !errors.Is(err, ErrCurrency) {
		t.Errorf("error = %v, want %v", err, ErrCurrency)
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		minor   int64
		weights []int64
		want    []int64
	}{
		{"the spare cent falls where the running sum rounds up", 100, []int64{1, 1, 1}, []int64{33, 34, 33}},
		{"half a cent goes to the first", 1, []int64{1, 1}, []int64{1, 0}},
		{"a refund is split as its absolute value", -100, []int64{1, 1, 1}, []int64{-33, -34, -33}},
		{"nothing to share", 0, []int64{1, 2}, []int64{0, 0}},
		{"weights of nothing leave all unshared", 100, []int64{0, 0}, []int64{0, 0}},
		{"a weight of nothing gets nothing", 100, []int64{1, 0, 1}, []int64{50, 0, 50}},
		{"no weights", 100, nil, []int64{}},
		{"more than 64 bits inside", math.MaxInt64, []int64{1_000_000_000_000, 1_000_000_000_000}, []int64{4611686018427387904, 4611686018427387903}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Split(tt.minor, tt.weights); !slices.Equal(got, tt.want) {
				t.Errorf("Split(%d, %v) = %v, want %v", tt.minor, tt.weights, got, tt.want)
			}
		})
	}
}

func TestSplitSumsToTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minor := rapid.Int64Min(math.MinInt64+1).Draw(t, "minor")
		weights := rapid.SliceOf(rapid.Int64Range(0, 1_000_000_000_000)).Draw(t, "weights")
		total := big.NewInt(0)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		parts := Split(minor, weights)
		sum := big.NewInt(0)
		for i, p := range parts {
			sum.Add(sum, big.NewInt(p))
			if weights[i] == 0 && p != 0 {
				t.Fatalf("a weight of nothing got %d", p)
			}
			if minor >= 0 && p < 0 || minor <= 0 && p > 0 {
				t.Fatalf("part %d of %d has the other sign", p, minor)
			}
			// No part is further than one minor unit from its exact share.
			if total.Sign() > 0 {
				exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(minor), big.NewInt(weights[i])), total)
				off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(p))
				if off.Abs(off).Cmp(big.NewRat(1, 1)) > 0 {
					t.Fatalf("part %d of %d is off by %s", i, minor, off.FloatString(3))
				}
			}
		}
		want := big.NewInt(minor)
		if total.Sign() == 0 {
			want = big.NewInt(0)
		}
		if sum.Cmp(want) != 0 {
			t.Fatalf("parts sum to %s, want %s", sum, want)
		}
	})
}

func TestParseReadsWhatFormatWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Min(math.MinInt64+1).Draw(t, "v")
		digits := rapid.IntRange(0, 12).Draw(t, "digits")
		got, err := ParseScaled(FormatScaled(v, digits), digits)
		if err != nil || got != v {
			t.Fatalf("%s was read as %d, %v", FormatScaled(v, digits), got, err)
		}
	})
}

func FuzzParseScaled(f *testing.F) {
	for _, s := range []string{"", "1", "-1.50", "+0.000", "..", "9223372036854775807", "1e9", "٣", "0x1", " 12 "} {
		f.Add(s, 2)
	}
	f.Fuzz(func(t *testing.T, text string, digits int) {
		digits = min(max(digits, 0), 12)
		v, err := ParseScaled(text, digits)
		if err != nil {
			return
		}
		again, err := ParseScaled(FormatScaled(v, digits), digits)
		if err != nil || again != v {
			t.Errorf("%q is %d, written %q and read again %d, %v", text, v, FormatScaled(v, digits), again, err)
		}
	})
}
