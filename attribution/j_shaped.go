package attribution

// jShaped rewards the touch that made the deal most.
var jShaped = milestoneModel(Model{
	ID: "j_shaped", Title: "J-shaped", Short: "J", Family: MilestoneBased,
	Formula: "0.2 first touch, 0.6 deal creation, 0.2 shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
	Anchors: "first touch; last touch at or before the deal was created",
}, Milestones{First: .2, Creation: .6, Others: .2})
