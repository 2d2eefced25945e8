package attribution

// fullPath rewards all four milestones alike.
var fullPath = milestoneModel(Model{
	ID: "full_path", Title: "Full path", Short: "Full", Family: MilestoneBased,
	Formula: "0.225 each for first touch, lead creation, deal creation and close, 0.1 shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
	Anchors: "first touch; last touch at or before the lead was created, the deal was created, the deal was won",
}, Milestones{First: .225, Lead: .225, Creation: .225, Close: .225, Others: .1})
