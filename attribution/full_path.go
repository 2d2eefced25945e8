package attribution

// fullPath rewards all four milestones alike.
var fullPath = milestoneModel(Model{
	ID: "full_path", Title: "Full path", Short: "Full", Family: MilestoneBased,
	Formula: "0.225 each for first touch, lead creation, deal creation and close, 0.1 shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
	Anchors: "first touch; last touch at or before the lead was created, the deal was created, the deal was won",
}, "100000000000",
	milestone{atFirst, "225000000000"},
	milestone{atLead, "225000000000"},
	milestone{atCreation, "225000000000"},
	milestone{atClose, "225000000000"},
)
