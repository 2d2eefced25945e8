package sampledata

// null is the world in which whatever earns credit earns it by chance.
var null = process{
	name:      "null",
	doc:       "no touch and no behaviour does anything: deals come from fit and intent alone",
	strength:  func(channel, int) float64 { return 0 },
	behaviour: func(behaviour) float64 { return 0 },
	chase:     chaseNobody,
	create:    func(s state) float64 { return createHazard(s, -5.10) },
	move:      moveNull,
	win:       winBy(moveNull),
}

func moveNull(s state) (advance, lose float64) {
	s.skill += .75 // about what readiness and behaviours add in the hazard world
	return moveHazard(s)
}
