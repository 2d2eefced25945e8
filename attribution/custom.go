package attribution

// custom rewards the four milestones as the settings say. A milestone of weight
// 0 is none of this model: its touch is one of the others.
var custom = customModel()

func customModel() Model {
	units := func(column string) string { return "cast(round(1e12 * " + column + ") as bigint)" }
	var milestones []milestone
	for i, column := range []string{"custom_first", "custom_lead", "custom_creation", "custom_close"} {
		milestones = append(milestones, milestone{"case when " + column + " > 0 then " + milestonePositions[i] + " else 0 end", units(column)})
	}
	return byMilestones(Model{
		ID: "custom", Title: "Custom", Short: "Custom", Family: MilestoneBased, partial: true,
		Formula: "the weights of the settings for first touch, lead creation, deal creation and close, and one shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
		Anchors: "first touch; last touch at or before the lead was created, the deal was created, the deal was won; a milestone whose weight is 0 counts among the others",

		explain: func(j DealJourney, position int, _ Credit) []string {
			return j.explainMilestones(j.Settings.Custom, position)
		},
	}, units("custom_others"), milestones...)
}
