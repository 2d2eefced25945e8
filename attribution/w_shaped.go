package attribution

// wShaped rewards the touches that brought the account, the lead and the deal.
var wShaped = milestoneModel(Model{
	ID: "w_shaped", Title: "W-shaped", Short: "W", Family: MilestoneBased,
	Formula: "0.3 first touch, 0.3 lead creation, 0.3 deal creation, 0.1 shared evenly by all others; a missing milestone is dropped and the rest scaled to 1",
	Anchors: "first touch; last touch at or before the lead was created; last touch at or before the deal was created",
}, Milestones{First: .3, Lead: .3, Creation: .3, Others: .1})
