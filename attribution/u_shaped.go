package attribution

// uShaped rewards the touch that brought the account and the one that made the
// lead.
var uShaped = milestoneModel(Model{
	ID: "u_shaped", Title: "U-shaped", Short: "U", Family: MilestoneBased,
	Formula: "0.4 first touch, 0.4 lead creation, 0.2 shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
	Anchors: "first touch; last touch at or before the lead was created",
}, Milestones{First: .4, Lead: .4, Others: .2})
