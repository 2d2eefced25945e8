package attribution

// inverseJ rewards the touch that brought the account most.
var inverseJ = milestoneModel(Model{
	ID: "inverse_j", Title: "Inverse J", Short: "Inv. J", Family: MilestoneBased,
	Formula: "0.6 first touch, 0.2 deal creation, 0.2 shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
	Anchors: "first touch; last touch at or before the deal was created",
}, Milestones{First: .6, Creation: .2, Others: .2})
