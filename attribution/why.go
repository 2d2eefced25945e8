package attribution

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"credence/warehouse/money"
)

// Why is the arithmetic behind one credit, so that a reader can check it by
// hand: with K the running sum of integer weights in journey order and W their
// total, what no touch earned included,
//
//	credit_i = round(R·K_i / W) − round(R·K_{i−1} / W)
//
// rounded half away from zero; a negative amount is split as its absolute value.
// Where all touches weigh nothing, what no touch earned weighs 1.
type Why struct {
	Model      Model
	Touches    int       // eligible touches
	Position   int       // of this touch
	Steps      []string  // how the model weighs this touch, as sentences with this journey's numbers
	WeightE12  int64     // of this touch
	TotalE12   int64     // W
	Share      string    // WeightE12 / TotalE12 with twelve digits
	Amount     string    // R, in the deal's currency
	Product    string    // R × share with four digits more than the currency has
	Before     string    // R·K_{i−1}/W, with four digits more than the currency has
	After      string    // R·K_i/W
	PaidBefore string    // Before, rounded: the credits of all touches before this one
	PaidAfter  string    // After, rounded
	Weights    [3]string // K_{i−1}, K_i and W
	Rounding   string    // signed: what rounding the running sums added to Product
	Credit     string    // the ledger's amount
	Currency   string
}

// Why explains the credit of the touch at position (from 1) under model. It
// answers false when the deal has no ledger or no such touch.
func (j DealJourney) Why(model string, position int) (Why, bool) {
	m, ok := ModelByID(model)
	at := slices.IndexFunc(Models, func(x Model) bool { return x.ID == model })
	if !ok || j.AmountMinor == nil || position < 1 || position > len(j.Eligible) || len(j.Eligible[position-1].Credits) <= at {
		return Why{}, false
	}
	own := j.Eligible[position-1].Credits[at]
	w := Why{
		Model: m, Touches: len(j.Eligible), Position: position, WeightE12: own.WeightE12, TotalE12: own.TotalE12,
		Currency: j.Currency, Amount: money.Format(*j.AmountMinor, j.Currency), Credit: money.Format(own.AmountMinor, j.Currency),
	}
	if w.TotalE12 == 0 {
		w.TotalE12 = Scale
	}
	var before, touches, paid int64
	for i, t := range j.Eligible {
		touches += t.Credits[at].WeightE12
		if i < position-1 {
			before, paid = before+t.Credits[at].WeightE12, paid+t.Credits[at].AmountMinor
		}
	}
	if m.explain != nil {
		w.Steps = m.explain(j, position, own)
	}
	w.Steps = append(w.Steps, scaling(w, touches)...)
	exp, err := money.Exponent(j.Currency)
	if err != nil {
		exp = 2
	}
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exp)), nil))
	part := func(weight int64) *big.Rat {
		r := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(*j.AmountMinor), big.NewInt(weight)), big.NewInt(w.TotalE12))
		return r.Quo(r, unit)
	}
	w.Share = big.NewRat(w.WeightE12, w.TotalE12).FloatString(12)
	w.Product = part(w.WeightE12).FloatString(exp + 4)
	w.Before = part(before).FloatString(exp + 4)
	w.After = part(before + w.WeightE12).FloatString(exp + 4)
	w.Weights = [3]string{e12(before), e12(before + w.WeightE12), e12(w.TotalE12)}
	w.PaidBefore, w.PaidAfter = money.Format(paid, j.Currency), money.Format(paid+own.AmountMinor, j.Currency)
	credit := new(big.Rat).Quo(new(big.Rat).SetInt64(own.AmountMinor), unit)
	w.Rounding = credit.Sub(credit, part(w.WeightE12)).FloatString(exp + 4)
	if !strings.HasPrefix(w.Rounding, "-") {
		w.Rounding = "+" + w.Rounding
	}
	return w, true
}

// scaling is how the weight becomes a share, when the weights of a journey,
// touches in sum, and of what no touch earned are not 1 together.
func scaling(w Why, touches int64) []string {
	share := digits(float64(w.WeightE12) / float64(w.TotalE12))
	switch off := w.TotalE12 - Scale; {
	case touches == 0:
		return []string{"No touch of this deal weighs anything: all of it is unattributed, and this touch weighs 0."}
	case w.TotalE12 != touches && off != 0:
		return []string{fmt.Sprintf("What no touch earned weighs %s, the touches %s, together %s: %s / %s = %s.",
			rounded(w.TotalE12-touches), rounded(touches), rounded(w.TotalE12), rounded(w.WeightE12), rounded(w.TotalE12), share)}
	case w.WeightE12 != 0 && (off > int64(w.Touches) || off < -int64(w.Touches)):
		return []string{fmt.Sprintf("The weights of all touches sum to %s: %s / %s = %s.", rounded(w.TotalE12), rounded(w.WeightE12), rounded(w.TotalE12), share)}
	}
	return nil
}

// e12 is units of 10⁻¹² as an exact decimal.
func e12(units int64) string { return shortest(big.NewRat(units, Scale).FloatString(12)) }

// rounded is units of 10⁻¹² as sentences write them.
func rounded(units int64) string { return shortest(big.NewRat(units, Scale).FloatString(9)) }

// digits is a number as sentences write it: nine decimals are enough for a credit
// of millions to the cent.
func digits(x float64) string { return shortest(strconv.FormatFloat(x, 'f', 9, 64)) }

// percent is units of 10⁻¹² in percent.
func percent(units int64) string { return shortest(big.NewRat(units, Scale/100).FloatString(4)) + " %" }

// shortest is a decimal without trailing zeros.
func shortest(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// onlyTouch is how a model that pays one touch alone weighs the one at position.
func onlyTouch(position, paid int, which string) []string {
	if position == paid {
		return []string{fmt.Sprintf("Touch %d is %s: it weighs 1, all others 0.", paid, which)}
	}
	return []string{fmt.Sprintf("Touch %d is %s and weighs 1; touch %d weighs 0.", paid, which, position)}
}
