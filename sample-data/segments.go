package sampledata

// bySegment is the world in which no channel works for everyone.
var bySegment = process{
	name:      "segments",
	doc:       "as hazard, but what a touch does depends on the segment: some channels work in one segment only",
	strength:  func(c channel, segment int) float64 { return hazardStrength[c] * segmentFactor[c][segment] },
	behaviour: func(b behaviour) float64 { return hazardBehaviour[b] },
	chase:     chaseNobody,
	create:    func(s state) float64 { return createHazard(s, -5.47) },
	move:      moveHazard,
	win:       winBy(moveHazard),
}

// segmentFactor multiplies a channel's strength in the hazard world, by segment:
// enterprise, mid-market, small business. Over the segments' shares of accounts a
// channel averages one.
var segmentFactor = [channelCount][3]float64{
	paidSocial:    {0, .57, 1.90},
	organicSocial: {0, 1.00, 1.45},
	repSocial:     {2.60, 1.27, 0},
	email:         {0, 2.00, .40},
	paidSearch:    {0, 2.38, 0},
	organicSearch: {.50, .50, 1.75},
	display:       {0, 0, 2.50},
	video:         {0, 1.43, 1.00},
	event:         {2.50, 1.31, 0},
	referral:      {5.56, 0, 0},
	direct:        {1, 1, 1},
	sales:         {1.90, 1.00, .60},
}
