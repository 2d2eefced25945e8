package attribution

import "fmt"

// linear shares the deal equally. Its weights are the integer nearest to
// 10¹²/n, the same for every touch, so touch i's running share is exactly i/n.
var linear = Model{
	ID: "linear", Title: "Linear", Short: "Linear", Family: MultiTouch,
	Formula: "1/n for each of n touches",
	Anchors: "none: every eligible touch counts the same",

	parts:   []part{{"share_linear", "cast(round(1e12 / greatest(touches, 1)) as bigint)"}},
	weight:  "share_linear",
	running: "share_linear * position",
	total:   "share_linear * touches",

	explain: func(j DealJourney, _ int, _ Credit) []string {
		return []string{fmt.Sprintf("Each of the %d touches weighs 1/%d = %s.", len(j.Eligible), len(j.Eligible), digits(1/float64(len(j.Eligible))))}
	},
}
