package attribution

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// soldTouch is one touch of a won deal with its weights under each of Models.
type soldTouch struct {
	deal        int64
	sales, cost int64 // of the deal
	of          cell  // whom its part belongs to
	weights     []int64
	totals      []int64 // weight of the journey, of models that store it; else 0
}

// soldBy is what each place got under one model.
type soldBy map[cell]*cell

// sold reads sales and cost of goods by channel and campaign, by model. Both are
// split by the rule of the ledger, in Go: in SQL it takes the engine longer to
// prepare that many expressions than to work them out.
func sold(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period, s EfficiencySettings) (models [][]cell, err error) {
	from, to := bounds(p)
	var stored []int // the models whose total weight is stored
	var totals strings.Builder
	for i, m := range Models {
		if m.storesTotal() {
			stored = append(stored, i)
			totals.WriteString(",\n\tcoalesce(j.t_" + m.ID + ", 0)")
		}
	}
	text := strings.ReplaceAll(questions.Get("efficiency_touch").Source, "/*weights*/", eachModel("coalesce(j.w_MODEL, 0)"))
	st := sqlfile.Parse("efficiency_touch", strings.ReplaceAll(text, "/*totals*/", totals.String()))
	rows, err := st.Query(ctx, q, sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to), sql.Named("margin", s.Margin))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	sums := make([]soldBy, len(Models))
	for i := range sums {
		sums[i] = soldBy{}
	}
	var journey []soldTouch
	for rows.Next() {
		t := soldTouch{weights: make([]int64, len(Models)), totals: make([]int64, len(Models))}
		var withheld bool
		dest := []any{&t.deal, &t.sales, &t.cost, &withheld, &t.of.channel, &t.of.campaign, &t.of.name, &t.of.home}
		for i := range t.weights {
			dest = append(dest, &t.weights[i])
		}
		for _, i := range stored {
			dest = append(dest, &t.totals[i])
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, fmt.Errorf("read efficiency_touch: %w", err)
		}
		switch {
		case withheld:
			t.of = cell{kind: Withheld}
		case t.of.campaign == "":
			t.of.kind = None
		}
		if len(journey) > 0 && journey[0].deal != t.deal {
			splitSold(sums, journey)
			journey = journey[:0]
		}
		journey = append(journey, t)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read efficiency_touch: %w", err)
	}
	if len(journey) > 0 {
		splitSold(sums, journey)
	}
	models = make([][]cell, len(Models))
	for i, by := range sums {
		for _, c := range by {
			models[i] = append(models[i], *c)
		}
		if by[cell{kind: Unattributed}] == nil {
			models[i] = append(models[i], cell{kind: Unattributed})
		}
	}
	return models, nil
}

// splitSold adds one deal under every model: to each touch its part, and what is
// left of sales to no touch. What is left of cost follows from the company's.
func splitSold(sums []soldBy, journey []soldTouch) {
	for i, by := range sums {
		total := int64(0)
		for _, t := range journey {
			total += t.weights[i]
		}
		earned := total
		if Models[i].storesTotal() {
			total = journey[0].totals[i]
		}
		left, running := journey[0].sales, int64(0)
		for _, t := range journey {
			w := t.weights[i]
			if w == 0 || total == 0 {
				continue
			}
			before := running
			running += w
			sales := shareOf(t.sales, running, total) - shareOf(t.sales, before, total)
			by.add(t.of, cell{sales: sales, cost: shareOf(t.cost, running, total) - shareOf(t.cost, before, total), dealsE12: int64(math.Round(Scale * float64(w) / float64(total)))})
			left -= sales
		}
		rest := 1.0 // of the deal, to no touch
		if total > 0 {
			rest = float64(total-earned) / float64(total)
		}
		by.add(cell{kind: Unattributed}, cell{sales: left, dealsE12: int64(math.Round(Scale * rest))})
	}
}

func (by soldBy) add(of, part cell) {
	sum := by[of]
	if sum == nil {
		sum = &cell{kind: of.kind, channel: of.channel, campaign: of.campaign, name: of.name, home: of.home}
		by[of] = sum
	}
	sum.sales += part.sales
	sum.cost += part.cost
	sum.dealsE12 += part.dealsE12
}

// shareOf is amount·k/w rounded half away from zero, exactly, for 0 ≤ k ≤ w and
// w > 0: the engine's round_share for amounts of either sign.
func shareOf(amount, k, w int64) int64 {
	if amount < 0 {
		return -shareOf(-amount, k, w)
	}
	high, low := bits.Mul64(uint64(amount), uint64(k))    //nolint:gosec // neither is negative
	low, carry := bits.Add64(low, uint64(w)/2, 0)         //nolint:gosec // not negative
	quotient, _ := bits.Div64(high+carry, low, uint64(w)) //nolint:gosec // not negative
	return int64(quotient)                                //nolint:gosec // at most amount
}
