package attribution

import (
	"fmt"
	"strings"
)

// A milestone is a touch of the journey that a model rewards: where it stands
// and what it is worth, as SQL over the columns of a journey touch. A position
// of 0 is a milestone that the journey misses.
type milestone struct {
	position string
	weight   string // bigint of 10⁻¹², above 0 where position is
}

// Where the milestones of a journey stand.
const (
	atFirst    = "1"
	atLead     = "lead_position"
	atCreation = "creation_position"
	atClose    = "close_position"
)

// milestoneModel completes m into a model that pays each milestone its weight
// and shares the weight of others evenly among all other touches, or, when
// there are none, among the milestone touches, each counted once. A touch on
// several milestones gets their sum. A missing milestone adds nothing to the
// total, by which the ledger divides: that is the scaling of what is left to 1.
//
//	weight of a touch   = Σ weights of its milestones + x if it is paid from others
//	weight of others: x = round(others / number of touches paid from it)
//
// Sums need no window: the touches before one are counted, not visited.
func milestoneModel(m Model, others string, milestones ...milestone) Model {
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
	// What one touch gets of others, and how many touches get it up to this one.
	x := fmt.Sprintf("cast(round(1e0 * %s / case when touches > %s then touches - %s else touches end) as bigint)", others, distinct, distinct)
	counted := func(position, flags string) string {
		return fmt.Sprintf("case when touches > %s then %s - %s else %s end", distinct, position, flags, position)
	}
	m.weight = sum(func(i int) string {
		return fmt.Sprintf("case when position = %s then %s else 0 end", positions[i], milestones[i].weight)
	}) + fmt.Sprintf(" + case when touches = %s or position not in (%s) then %s else 0 end", distinct, strings.Join(positions, ", "), x)
	m.running = sum(func(i int) string {
		return fmt.Sprintf("case when %[1]s > 0 and %[1]s <= position then %[2]s else 0 end", positions[i], milestones[i].weight)
	}) + " + " + x + " * " + counted("position", before)
	m.total = sum(func(i int) string {
		return fmt.Sprintf("case when %s > 0 then %s else 0 end", positions[i], milestones[i].weight)
	}) + " + " + x + " * " + counted("touches", distinct)
	return m
}
