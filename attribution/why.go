package attribution

import (
	"math/big"
	"slices"
	"strings"

	"credence/warehouse/money"
)

// Why is the arithmetic behind one credit, so that a reader can check it by
// hand: with K the running sum of integer weights in journey order and W their
// total,
//
//	credit_i = round(R·K_i / W) − round(R·K_{i−1} / W)
//
// rounded half away from zero; a negative amount is split as its absolute value.
type Why struct {
	Model     Model
	Touches   int    // eligible touches
	Position  int    // of this touch
	WeightE12 int64  // of this touch
	TotalE12  int64  // W
	Share     string // WeightE12 / TotalE12 with twelve digits
	Amount    string // R, in the deal's currency
	Product   string // R × share with four digits more than the currency has
	Before    string // R·K_{i−1}/W, with four digits more than the currency has
	After     string // R·K_i/W
	Rounding  string // signed: what rounding the running sums added to Product
	Credit    string // the ledger's amount
	Currency  string
}

// Why explains the credit of the touch at position (from 1) under model. It
// answers false when the deal has no ledger or no such touch.
func (j DealJourney) Why(model string, position int) (Why, bool) {
	m, ok := ModelByID(model)
	at := slices.IndexFunc(Models, func(x Model) bool { return x.ID == model })
	if !ok || j.AmountMinor == nil || position < 1 || position > len(j.Eligible) || len(j.Eligible[position-1].Credits) <= at {
		return Why{}, false
	}
	w := Why{Model: m, Touches: len(j.Eligible), Position: position, Currency: j.Currency, Amount: money.Format(*j.AmountMinor, j.Currency)}
	var before int64
	for i, t := range j.Eligible {
		weight := t.Credits[at].WeightE12
		if i < position-1 {
			before += weight
		}
		if i == position-1 {
			w.WeightE12 = weight
		}
		w.TotalE12 += weight
	}
	if w.TotalE12 == 0 {
		return Why{}, false
	}
	exp, err := money.Exponent(j.Currency)
	if err != nil {
		exp = 2
	}
	credit := j.Eligible[position-1].Credits[at].AmountMinor
	part := func(weight int64) *big.Rat {
		r := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(*j.AmountMinor), big.NewInt(weight)), big.NewInt(w.TotalE12))
		return r.Quo(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exp)), nil)))
	}
	paid := new(big.Rat).SetFrac(big.NewInt(credit), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exp)), nil))
	w.Share = big.NewRat(w.WeightE12, w.TotalE12).FloatString(12)
	w.Product = part(w.WeightE12).FloatString(exp + 4)
	w.Before = part(before).FloatString(exp + 4)
	w.After = part(before + w.WeightE12).FloatString(exp + 4)
	w.Rounding = new(big.Rat).Sub(paid, part(w.WeightE12)).FloatString(exp + 4)
	if !strings.HasPrefix(w.Rounding, "-") {
		w.Rounding = "+" + w.Rounding
	}
	w.Credit = money.Format(credit, j.Currency)
	return w, true
}
