package markov

import "math"

// width is how many channels are solved side by side: each row is read once
// for all of them.
const width = 8

// lanes are one number for each channel of a block.
type lanes [width]float64

// subtract takes b from a.
func subtract(a, b []lanes) {
	for t := range a {
		for j := range width {
			a[t][j] -= b[t][j]
		}
	}
}

// project takes the part of a that lies along the unit vector b away and
// returns how long it was.
func project(a, b []lanes) lanes {
	var along lanes
	for t := range a {
		for j := range width {
			along[j] += a[t][j] * b[t][j]
		}
	}
	for t := range a {
		for j := range width {
			a[t][j] -= along[j] * b[t][j]
		}
	}
	return along
}

// normalise makes a a unit vector, but for lanes of nothing, and returns how
// long it was.
func normalise(a []lanes) lanes {
	var length, by lanes
	for t := range a {
		for j := range width {
			length[j] += a[t][j] * a[t][j]
		}
	}
	for j := range width {
		if length[j] = math.Sqrt(length[j]); length[j] > 0 {
			by[j] = 1 / length[j]
		}
	}
	for t := range a {
		for j := range width {
			a[t][j] *= by[j]
		}
	}
	return length
}
