package incremental_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"credence/attribution/incremental"
)

// The channels of a made-up world: Fair and Mail happen whatever the account
// wants, Retargeting and Direct follow its interest, Sales are meetings on deals.
const (
	fair = iota
	mail
	retargeting
	sales
)

var cells = []incremental.Cell{{Channel: "Fair"}, {Channel: "Mail"}, {Channel: "Retargeting"}, {Channel: "Sales", Sub: "meeting", Sales: true}}

// law is what touches do in a made-up world, fresh and on the log scale.
type law struct {
	create  [4]float64
	forward [4]float64
	intent  float64 // what a standard deviation of interest does to the hazard
	moves   float64 // and to the log odds of moving on
	seen    bool    // reps go where interest is
}

// made is a world: its panel and, by won deal, what intervals and shares read.
type made struct {
	panel *incremental.Panel
	won   []incremental.Won
}

// makeWorld lives through n accounts with an interest that wanders with a memory
// of a month, which drives deals, retargeting and direct visits.
func makeWorld(seed uint64, n int, l law) made {
	const days = 730
	m := made{panel: &incremental.Panel{Days: days, Cells: cells}}
	dice := rand.New(rand.NewPCG(seed, 5))
	for range n {
		account := incremental.Account{Traits: []string{"segment " + []string{"small", "large"}[dice.IntN(2)]}, Size: 3 + dice.Float64()*5}
		var touches []incremental.Touch
		interest := dice.NormFloat64()
		last := int32(-99)
		var open *incremental.Deal
		stock := [4]float64{}
		for day := range int32(days) {
			interest = .97*interest + math.Sqrt(1-.97*.97)*dice.NormFloat64()
			for c := range stock {
				stock[c] *= math.Exp2(-1. / 21)
			}
			create, forward := 0.0, 0.0
			for c := range stock {
				create += l.create[c] * stock[c]
				forward += l.forward[c] * stock[c]
			}
			if open == nil && dice.Float64() < .0035*math.Exp(l.intent*interest+create) {
				account.Deals = append(account.Deals, incremental.Deal{Created: day, Closed: -1, Owner: []string{"a", "b", "c"}[dice.IntN(3)], Amount: math.Exp(10 + dice.NormFloat64())})
				open = &account.Deals[len(account.Deals)-1]
			} else if open != nil && dice.Float64() < .05 {
				move := incremental.Move{Day: day, Stage: len(open.Moves), Forward: dice.Float64() < 1/(1+math.Exp(-.4-forward-l.moves*interest))}
				open.Moves = append(open.Moves, move)
				if !move.Forward || move.Stage == 2 {
					open.Closed = day
					if move.Forward {
						journey := slices.Clone(touches)
						groups := make([][]string, len(journey))
						for i, t := range journey {
							groups[i] = []string{cells[t.Cell].Channel}
						}
						m.won = append(m.won, incremental.Won{Deal: *open, Touches: journey, Groups: groups, Money: open.Amount})
					}
					open = nil
				}
			}
			act := func(cell int32, marker bool) {
				follows := day-last <= incremental.FollowDays
				account.Acts = append(account.Acts, incremental.Act{Day: day, Cell: cell, Marker: marker, Follows: follows})
				if cell >= 0 {
					touches = append(touches, incremental.Touch{Day: day, Cell: cell, Follows: follows})
					stock[cell]++
				}
			}
			wants := math.Exp(interest - .5)
			acted := false
			for _, x := range []struct {
				cell   int32
				chance float64
			}{{-1, .02 * wants}, {fair, .012}, {mail, .012}, {retargeting, .015 * wants}} {
				if dice.Float64() < x.chance {
					act(x.cell, x.cell < 0)
					acted = true
				}
			}
			meet := .04
			if open == nil {
				meet = 0
			}
			if l.seen {
				meet = (.01 + meet/2) * wants
			}
			if dice.Float64() < meet {
				act(sales, false)
			}
			if acted {
				last = day
			}
		}
		slices.SortStableFunc(account.Acts, func(a, b incremental.Act) int { return cmp.Compare(a.Day, b.Day) })
		m.panel.Accounts = append(m.panel.Accounts, account)
	}
	return m
}
