package attribution

// custom rewards the four milestones as the settings say. A milestone of weight
// 0 is none of this model: its touch is one of the others.
var custom = customModel()

func customModel() Model {
	units := func(column string) string { return "cast(round(1e12 * " + column + ") as bigint)" }
	paid := func(column, position string) milestone {
		return milestone{"case when " + column + " > 0 then " + position + " else 0 end", units(column)}
	}
	return milestoneModel(Model{
		ID: "custom", Title: "Custom", Short: "Custom", Family: MilestoneBased,
		Formula: "the weights of the settings for first touch, lead creation, deal creation and close, and one shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
		Anchors: "first touch; last touch at or before the lead was created, the deal was created, the deal was won; a milestone whose weight is 0 counts among the others",
	}, units("custom_others"),
		paid("custom_first", atFirst), paid("custom_lead", atLead), paid("custom_creation", atCreation), paid("custom_close", atClose))
}
