package attribution

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A milestone is a touch of the journey that a model rewards: where it stands
// and what it is worth, as SQL over the columns of a journey touch. A position
// of 0 is a milestone that the journey misses.
type milestone struct {
	position string
	weight   string // bigint of 10⁻¹², above 0 where position is
}

// milestoneCodes are the milestones in their order, as pages and files call them.
var milestoneCodes = [4]string{"FT", "LC", "OC", "CW"}

// milestonePositions are where they stand, as SQL over a journey touch.
var milestonePositions = [4]string{"1", "lead_position", "creation_position", "close_position"}

// list is the weights of the milestones in their order.
func (m Milestones) list() [4]float64 { return [4]float64{m.First, m.Lead, m.Creation, m.Close} }

// milestoneModel completes m into the model that pays shares. A milestone of
// weight 0 is none of it.
func milestoneModel(m Model, shares Milestones) Model {
	units := func(share float64) string { return strconv.FormatInt(int64(math.Round(share*Scale)), 10) }
	var milestones []milestone
	for i, share := range shares.list() {
		if share > 0 {
			milestones = append(milestones, milestone{milestonePositions[i], units(share)})
		}
	}
	m.explain = func(j DealJourney, position int, _ Credit) []string { return j.explainMilestones(shares, position) }
	return byMilestones(m, units(shares.Others), milestones...)
}

// byMilestones completes m into a model that pays each milestone its weight
// and shares the weight of others evenly among all other touches, or, when
// there are none, among the milestone touches, each counted once. A touch on
// several milestones gets their sum. A missing milestone adds nothing to the
// total, by which the ledger divides: that is the scaling of what is left to 1.
//
//	weight of a touch   = Σ weights of its milestones + x if it is paid from others
//	weight of others: x = round(others / number of touches paid from it)
//
// Sums need no window: the touches before one are counted, not visited.
func byMilestones(m Model, others string, milestones ...milestone) Model {
	positions := make([]string, len(milestones))
	flagged := func(i int) string { // stands at a touch that no earlier milestone stands at
		out := positions[i] + " > 0"
		if i > 0 {
			out += " and " + positions[i] + " not in (" + strings.Join(positions[:i], ", ") + ")"
		}
		return out
	}
	sum := func(term func(i int) string) string {
		terms := make([]string, len(milestones))
		for i := range milestones {
			terms[i] = term(i)
		}
		return "(" + strings.Join(terms, " + ") + ")"
	}
	for i, ms := range milestones {
		positions[i] = ms.position
	}
	distinct := sum(func(i int) string { return "case when " + flagged(i) + " then 1 else 0 end" })
	before := sum(func(i int) string {
		return fmt.Sprintf("case when %s and %s <= position then 1 else 0 end", flagged(i), positions[i])
	})
	// How many touches get nothing of others, and what each of the rest gets.
	apart, share := "apart_"+m.ID, "share_"+m.ID
	m.parts = []part{
		{apart, fmt.Sprintf("case when touches > %[1]s then %[1]s else 0 end", distinct)},
		{share, fmt.Sprintf("cast(round(1e0 * %[1]s / case when touches > %[2]s then touches - %[2]s else greatest(touches, 1) end) as bigint)", others, distinct)},
	}
	m.weight = sum(func(i int) string {
		return fmt.Sprintf("case when position = %s then %s else 0 end", positions[i], milestones[i].weight)
	}) + fmt.Sprintf(" + case when %s = 0 or position not in (%s) then %s else 0 end", apart, strings.Join(positions, ", "), share)
	m.running = sum(func(i int) string {
		return fmt.Sprintf("case when %[1]s > 0 and %[1]s <= position then %[2]s else 0 end", positions[i], milestones[i].weight)
	}) + fmt.Sprintf(" + %s * (position - case when %s > 0 then %s else 0 end)", share, apart, before)
	m.total = sum(func(i int) string {
		return fmt.Sprintf("case when %s > 0 then %s else 0 end", positions[i], milestones[i].weight)
	}) + fmt.Sprintf(" + %s * (touches - %s)", share, apart)
	return m
}
