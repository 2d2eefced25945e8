// Package money holds amounts as 64-bit integer minor units of an ISO 4217
// currency and converts them exactly. It never uses floating point.
package money

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/text/currency"
)

// ErrCurrency reports a code that ISO 4217 does not know.
var ErrCurrency = errors.New("not an ISO 4217 currency code")

// Exponent is the number of minor-unit digits of an ISO 4217 code: 2 for EUR,
// 0 for JPY, 3 for KWD.
func Exponent(code string) (int, error) {
	if len(code) != 3 || strings.ToUpper(code) != code {
		return 0, fmt.Errorf("%w: %q", ErrCurrency, code)
	}
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 0, fmt.Errorf("%w: %q", ErrCurrency, code)
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale, nil
}

// ParseMinor reads a plain decimal number ("-1234.50") into minor units of
// code. More digits than the currency has are an error unless they are zeros;
// nothing is rounded.
func ParseMinor(text, code string) (int64, error) {
	exp, err := Exponent(code)
	if err != nil {
		return 0, err
	}
	return ParseScaled(text, exp)
}

// ParseScaled reads a plain decimal number into an integer of 10^-digits.
// Digits beyond that must be zeros; nothing is rounded.
func ParseScaled(text string, digits int) (int64, error) {
	s := strings.TrimSpace(text)
	neg := false
	switch {
	case strings.HasPrefix(s, "-"):
		neg, s = true, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" && frac == "" || strings.Trim(whole+frac, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	if len(frac) > digits {
		if strings.Trim(frac[digits:], "0") != "" {
			return 0, fmt.Errorf("%q has more than %d digits after the point", text, digits)
		}
		frac = frac[:digits]
	}
	var v int64
	for _, part := range [2]string{whole, frac + strings.Repeat("0", digits-len(frac))} {
		for _, c := range []byte(part) {
			d := int64(c - '0')
			if v > (1<<63-1-d)/10 {
				return 0, fmt.Errorf("%q is too large", text)
			}
			v = v*10 + d
		}
	}
	if neg {
		v = -v
	}
	return v, nil
}

// Format writes minor units as plain decimal text with all digits of the
// currency: 1234.50. An unknown code is written with two digits.
func Format(minor int64, code string) string {
	exp, err := Exponent(code)
	if err != nil {
		exp = 2
	}
	return FormatScaled(minor, exp)
}

// FormatScaled writes an integer of 10^-digits as plain decimal text.
func FormatScaled(v int64, digits int) string {
	sign := ""
	u := uint64(v) //nolint:gosec // a negative v is replaced below
	if v < 0 {
		sign, u = "-", uint64(-v) // -v of the smallest is 2^63 again
	}
	s := fmt.Sprintf("%0*d", digits+1, u)
	if digits == 0 {
		return sign + s
	}
	return sign + s[:len(s)-digits] + "." + s[len(s)-digits:]
}

// RateDigits is the scale of a currency rate: rates are integers of 10^-12
// units of the reporting currency for one unit of the other.
const RateDigits = 12

// Convert turns minor units of from into minor units of to by a rate of
// 10^-12, rounding half away from zero once.
func Convert(minor int64, from string, rateE12 int64, to string) (int64, error) {
	fe, err := Exponent(from)
	if err != nil {
		return 0, err
	}
	te, err := Exponent(to)
	if err != nil {
		return 0, err
	}
	num := new(big.Int).Mul(big.NewInt(minor), big.NewInt(rateE12))
	num.Mul(num, pow10(te))
	den := new(big.Int).Mul(pow10(fe), pow10(RateDigits))
	out := roundDiv(num, den)
	if !out.IsInt64() {
		return 0, fmt.Errorf("convert %s to %s: amount is too large", Format(minor, from), to)
	}
	return out.Int64(), nil
}

// Split shares minor units over weights so that the parts sum to the whole:
// part i = round(R·K_i/W) − round(R·K_{i−1}/W), K the running sum, W the total,
// half away from zero; a negative amount is split as its absolute value. All
// weights zero gives all parts zero. (DESIGN §5, "Exact money".)
func Split(minor int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	total := new(big.Int)
	for _, w := range weights {
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		return parts
	}
	abs := new(big.Int).Abs(big.NewInt(minor))
	run, prev := new(big.Int), new(big.Int)
	for i, w := range weights {
		run.Add(run, big.NewInt(w))
		cur := roundDiv(new(big.Int).Mul(abs, run), total)
		parts[i] = new(big.Int).Sub(cur, prev).Int64()
		if minor < 0 {
			parts[i] = -parts[i]
		}
		prev = cur
	}
	return parts
}

// roundDiv is num/den rounded half away from zero; den > 0.
func roundDiv(num, den *big.Int) *big.Int {
	abs := new(big.Int).Abs(num)
	twice := abs.Mul(abs, big.NewInt(2))
	twice.Add(twice, den)
	out := twice.Quo(twice, new(big.Int).Mul(den, big.NewInt(2)))
	if num.Sign() < 0 {
		out.Neg(out)
	}
	return out
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }
