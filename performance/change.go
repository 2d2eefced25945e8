package performance

import (
	"context"
	"math/big"

	"credence/warehouse/sqlfile"
)

// Change splits the difference of won revenue between two periods into three
// parts that sum to it exactly. With N deals decided, W of them won, and R
// their revenue:
//
//	more deals decided  R0·N1/N0 − R0         the old win rate and size on the new number
//	higher win rate     R0·W1/W0 − R0·N1/N0   the new number at the new rate, the old size
//	larger deals        R1 − R0·W1/W0         what is left is size
//
// each product rounded once, half away from zero. The order is a convention:
// another order would give other parts. Without a won deal before, there is
// nothing to split by and Known is false.
type Change struct {
	Known                    bool
	FromMinor, ToMinor       int64 // won revenue then and now
	DecidedThen, DecidedNow  int64
	WonThen, WonNow          int64
	Decided, WinRate, Larger int64 // the parts, minor units
}

// Total is the whole change, minor units.
func (c Change) Total() int64 { return c.ToMinor - c.FromMinor }

// Changed computes the change of a's won revenue since before.
func Changed(ctx context.Context, q sqlfile.Querier, a, before Ask) (Change, error) {
	a.By, before.By = "company", "company"
	now, err := a.Sheet(ctx, q, "won_revenue", "win_rate")
	if err != nil {
		return Change{}, err
	}
	then, err := before.Sheet(ctx, q, "won_revenue", "win_rate")
	if err != nil {
		return Change{}, err
	}
	return Split(now, then), nil
}

// Split is the change between two sheets that hold won_revenue and win_rate.
func Split(now, then Sheet) Change {
	won, wonThen := now.Of("won_revenue", ""), then.Of("won_revenue", "")
	return split(Change{
		FromMinor: wonThen.Minor, ToMinor: won.Minor, WonThen: wonThen.N, WonNow: won.N,
		DecidedThen: then.Of("win_rate", "").Of, DecidedNow: now.Of("win_rate", "").Of,
	})
}

// split fills in the parts of c.
func split(c Change) Change {
	if c.WonThen == 0 || c.DecidedThen == 0 {
		return c
	}
	atNumber := scale(c.FromMinor, c.DecidedNow, c.DecidedThen)
	atRate := scale(c.FromMinor, c.WonNow, c.WonThen)
	c.Known = true
	c.Decided = atNumber - c.FromMinor
	c.WinRate = atRate - atNumber
	c.Larger = c.ToMinor - atRate
	return c
}

// scale is minor·by/of, rounded half away from zero; of > 0.
func scale(minor, by, of int64) int64 {
	num := new(big.Int).Mul(big.NewInt(minor), big.NewInt(by))
	neg := num.Sign() < 0
	num.Abs(num).Mul(num, big.NewInt(2)).Add(num, big.NewInt(of))
	num.Quo(num, big.NewInt(2*of))
	if neg {
		num.Neg(num)
	}
	return num.Int64()
}
