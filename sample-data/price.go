package sampledata

import (
	"fmt"
	"math"
	"time"
)

// rateTable holds a currency's weekly rates: euros for one unit, in 10^-6.
type rateTable struct {
	from  time.Time
	weeks map[string][]int64
}

// unrated is the currency of a few deals for which nobody entered a rate.
const unrated = "CHF"

// newRates wanders weekly from known levels.
func newRates(w *world) rateTable {
	t := rateTable{from: w.from.AddDate(0, 0, -7), weeks: map[string][]int64{}}
	for i, c := range []struct {
		code  string
		level float64
	}{{"SEK", .0872}, {"USD", .9240}} {
		d := newKey(w.seed, forRate).at(i).dice()
		x := c.level
		for range w.days/7 + 2 {
			x *= math.Exp(.007 * d.normal())
			x += .03 * (c.level - x)
			t.weeks[c.code] = append(t.weeks[c.code], int64(math.Round(x*1e6)))
		}
	}
	return t
}

// on is the rate of a day: the newest at or before it; 0 when there is none.
func (t rateTable) on(code string, at time.Time) int64 {
	if code == "EUR" {
		return 1_000_000
	}
	weeks := t.weeks[code]
	if weeks == nil {
		return 0
	}
	return weeks[min(len(weeks)-1, int(at.Sub(t.from).Hours()/24)/7)]
}

// price is what a deal is worth and what is in it.
type price struct {
	currency string
	amount   int64 // minor units; every currency here has two digits
	stale    bool  // typed in by hand before the last change of the quote: not the sum of the lines
	lines    []line
}

// line is a product on a deal, in the deal's currency.
type line struct {
	product  int
	quantity int64
	unit     int64 // minor units, before discount
	cost     int64 // minor units
	discount int   // per cent
}

// factorOf turns a euro list price into the local one.
var factorOf = map[string]float64{"EUR": 1, "SEK": 11.5, "USD": 1.10, unrated: .95}

// price draws the lines of an account's deal: lognormal by segment, one or two
// devices and services, less the discount. It depends on account and ordinal
// only, so a replay meets the same amounts.
func (w *world) price(d *deal) price {
	a := &w.accounts[d.account]
	dice := newKey(w.seed, forDeal).at(d.account).at(d.ord).at(2).dice()
	p := price{currency: currencyOf[a.region]}
	if a.country == "Switzerland" && dice.chance(.06) {
		p.currency = unrated
	}
	s := segments[a.segment]
	target := s.median * math.Exp(s.sigma*dice.normal()) * math.Exp(.12*a.fit)
	left := target
	count := 1 + dice.below(3)
	for k := range count {
		want := left
		if k < count-1 {
			want = left * (.45 + .4*dice.unit())
		}
		i := w.device(dice, want)
		q := int64(math.Max(1, math.Round(want/float64(products[i].list))))
		f := factorOf[p.currency]
		l := line{
			product: i, quantity: q, discount: d.discount,
			unit: int64(math.Round(float64(products[i].list)*f/10)) * 1000,
			cost: int64(math.Round(float64(products[i].cost) * f * 100)),
		}
		p.lines = append(p.lines, l)
		p.amount += l.amount()
		left -= float64(q * products[i].list)
		if left < 400 {
			break
		}
	}
	if p.stale = dice.chance(.03); p.stale {
		p.amount = max(100_000, (p.amount+50_000)/100_000*100_000)
	}
	return p
}

// device is a product of which 1 to 12 make up the wanted value.
func (w *world) device(dice *dice, want float64) int {
	best := 0
	for range 4 {
		i := dice.below(len(products))
		if list := float64(products[i].list); list <= want*1.15 && list*12 >= want {
			return i
		} else if list <= want && products[i].list > products[best].list {
			best = i
		}
	}
	return best
}

// amount is the line's worth after discount; unit is a multiple of 1000 minor
// units and the discount a whole per cent, so it is exact.
func (l line) amount() int64 { return l.quantity * l.unit / 100 * int64(100-l.discount) }

// reported converts minor units of a currency to euros, half away from zero;
// false when there is no rate.
func (w *world) reported(minor int64, code string, at time.Time) (int64, bool) {
	rate := w.rates.on(code, at)
	if rate == 0 {
		return 0, false
	}
	return (minor*rate + 500_000) / 1_000_000, true
}

// decimal writes minor units with two digits.
func decimal(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%d.%02d", sign, minor/100, minor%100)
}
