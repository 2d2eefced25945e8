// Package exact adds decimal numbers without rounding, so that a sum does not
// depend on the order in which journeys are read, or on how many workers read
// them.
//
// It is for the sums of the learned models, which count conversions and values
// that may have any number of decimals. Money of the ledger is int64 minor
// units and needs nothing of this.
package exact

import (
	"errors"
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// Most is the greatest number, and its negative the least, that Parse and
// Float take. Sums of numbers may grow to 1.7·10²⁰.
const Most = 1e15

// ErrSyntax and ErrRange say why a text or float is no Number.
var (
	ErrSyntax = errors.New("not a number")
	ErrRange  = errors.New("beyond 10¹⁵")
)

// Number is a whole multiple of 10⁻¹⁸ between −1.7·10²⁰ and 1.7·10²⁰. Its zero
// value is 0. Sums beyond that range are wrong without notice, as those of
// int64 are.
type Number struct{ hi, lo uint64 } // 128 bits, two's complement

const (
	unit     = 1_000_000_000_000_000_000 // 10¹⁸
	decimals = 18
)

var tens = [decimals + 1]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
}

// Int is n.
func Int(n int64) Number {
	magnitude := uint64(n) //nolint:gosec // the sign is put back below
	if n < 0 {
		magnitude = -magnitude
	}
	hi, lo := bits.Mul64(magnitude, unit)
	return signed(Number{hi, lo}, n < 0)
}

// Float is f to the nearest 10⁻¹⁸. The error is ErrSyntax for a f that is not
// a number and ErrRange for one beyond Most.
func Float(f float64) (Number, error) {
	if math.IsNaN(f) {
		return Number{}, ErrSyntax
	}
	if math.Abs(f) > Most {
		return Number{}, ErrRange
	}
	fraction, exponent := math.Frexp(math.Abs(f))
	hi, lo := bits.Mul64(uint64(math.Ldexp(fraction, 53)), unit)
	n := Number{hi, lo}
	switch shift := exponent - 53; {
	case shift > 0:
		return Number{}, ErrRange // never: Most is below 2⁵³
	case shift > -128:
		n = n.halved(uint(-shift))
	default:
		n = Number{}
	}
	return signed(n, f < 0), nil
}

// halved is n ÷ 2^times to the nearest, half away from zero, of n ≥ 0.
func (n Number) halved(times uint) Number {
	if times == 0 {
		return n
	}
	last := times - 1 // the bit that decides the rounding
	var half uint64
	if last < 64 {
		half = n.lo >> last & 1
	} else {
		half = n.hi >> (last - 64) & 1
	}
	switch {
	case times < 64:
		n = Number{n.hi >> times, n.lo>>times | n.hi<<(64-times)}
	default:
		n = Number{0, n.hi >> (times - 64)}
	}
	return n.Add(Number{0, half})
}

// Parse reads a decimal number such as 12, -0.25 or 3.5e-4. One of at most 19
// digits of which at most 18 are decimals is taken exactly as it is written,
// any other as the nearest float64. The error is ErrSyntax or ErrRange.
func Parse[T string | []byte](text T) (Number, error) {
	digits := text
	negative := false
	if len(digits) > 0 && (digits[0] == '-' || digits[0] == '+') {
		negative = digits[0] == '-'
		digits = digits[1:]
	}
	var mantissa uint64
	read, point := 0, -1
	for i := range len(digits) {
		switch c := digits[i]; {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + uint64(c-'0')
			read++
		case c == '.' && point < 0:
			point = i
		default:
			return parseLong(string(text))
		}
	}
	behind := 0
	if point >= 0 {
		behind = len(digits) - 1 - point
	}
	if read == 0 {
		return Number{}, ErrSyntax
	}
	if read > 19 || behind > decimals {
		return parseLong(string(text))
	}
	hi, lo := bits.Mul64(mantissa, tens[decimals-behind])
	n := Number{hi, lo}
	if most := Int(Most); n.hi > most.hi || n.hi == most.hi && n.lo > most.lo {
		return Number{}, ErrRange
	}
	return signed(n, negative), nil
}

// parseLong reads what has an exponent or many digits.
func parseLong(text string) (Number, error) {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return Number{}, ErrSyntax // strconv would take inf, nan, 0x1p-2 and 1_000
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		return Number{}, ErrRange
	}
	if err != nil {
		return Number{}, ErrSyntax
	}
	return Float(f)
}

func signed(n Number, negative bool) Number {
	if negative {
		return n.Neg()
	}
	return n
}

// Add is n + m.
func (n Number) Add(m Number) Number {
	lo, carry := bits.Add64(n.lo, m.lo, 0)
	hi, _ := bits.Add64(n.hi, m.hi, carry)
	return Number{hi, lo}
}

// Neg is −n.
func (n Number) Neg() Number {
	lo, borrow := bits.Sub64(0, n.lo, 0)
	hi, _ := bits.Sub64(0, n.hi, borrow)
	return Number{hi, lo}
}

// Sign is −1, 0 or 1.
func (n Number) Sign() int {
	switch {
	case n.hi>>63 == 1:
		return -1
	case n == Number{}:
		return 0
	}
	return 1
}

// Bound is at least |n| and at most 40 more: enough to see in time that a sum
// leaves the range, and cheap.
func (n Number) Bound() float64 {
	return (float64(signed(n, n.Sign() < 0).hi) + 1) * ((1 << 64) / 1e18)
}

// Times is n·m of m ≥ 0.
func (n Number) Times(m uint64) Number {
	negative := n.Sign() < 0
	n = signed(n, negative)
	hi, lo := bits.Mul64(n.lo, m)
	return signed(Number{hi + n.hi*m, lo}, negative)
}

// Over is n ÷ m to the nearest 10⁻¹⁸, half away from zero, of m > 0.
func (n Number) Over(m uint64) Number {
	negative := n.Sign() < 0
	n = signed(n, negative)
	hi, rest := n.hi/m, n.hi%m
	lo, rest := bits.Div64(rest, n.lo, m)
	n = Number{hi, lo}
	if rest >= m-rest {
		n = n.Add(Number{0, 1})
	}
	return signed(n, negative)
}

// Float64 is the float64 nearest to n.
func (n Number) Float64() float64 {
	negative := n.Sign() < 0
	m := signed(n, negative)
	if m.hi < unit {
		if whole, rest := bits.Div64(m.hi, m.lo, unit); rest == 0 && whole <= 1<<53 {
			if negative {
				return -float64(whole)
			}
			return float64(whole)
		}
	}
	all := new(big.Int).SetUint64(m.hi)
	all.Lsh(all, 64).Or(all, new(big.Int).SetUint64(m.lo))
	f, _ := new(big.Rat).SetFrac(all, new(big.Int).SetUint64(unit)).Float64()
	if negative {
		return -f
	}
	return f
}
