package attribution

import "fmt"

// position gives two fifths to each end of the journey and shares the last
// fifth among the touches between. One touch takes all, two take half each.
var position = Model{
	ID: "position", Title: "Position", Short: "Position", Family: MultiTouch,
	Formula: "0.4 first, 0.4 last, 0.2/(n−2) for each between; n = 1: 1; n = 2: ½ each",
	Anchors: "the first and the last eligible touch",

	// What an end gets, and what each touch between.
	parts: []part{
		{"end_position", "case touches when 1 then 1000000000000 when 2 then 500000000000 else 400000000000 end"},
		{"between_position", "case when touches > 2 then cast(round(2e11 / greatest(touches - 2, 1)) as bigint) else 0 end"},
	},
	weight:  "case when position = 1 or position = touches then end_position else between_position end",
	running: "end_position + between_position * (position - 1) + case when position > 1 and position = touches then end_position - between_position else 0 end",
	total:   "case when touches = 1 then end_position else 2 * end_position + between_position * (touches - 2) end",

	explain: func(j DealJourney, position int, _ Credit) []string {
		switch n := len(j.Eligible); {
		case n == 1:
			return []string{"There is one touch: it weighs 1."}
		case n == 2:
			return []string{"There are two touches: each weighs 0.5."}
		case position == 1 || position == n:
			return []string{fmt.Sprintf("Touch %d is at an end of the %d touches: it weighs 0.4.", position, n)}
		default:
			return []string{fmt.Sprintf("Touch %d is one of the %s between the first and the last: 0.2 / %d = %s.", position, plural(n-2, "touch", "touches"), n-2, digits(.2/float64(n-2)))}
		}
	},
}
