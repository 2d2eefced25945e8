package sampledata

import "math"

// Purposes of a draw. Each has its own stream, so that adding a draw for one
// purpose moves none of another: the common random numbers of the replays.
const (
	forCompany uint64 = iota + 1
	forAccount
	forContact
	forCampaign
	forPost
	forIntent
	forRate
	forExposure
	forPostView
	forSearch
	forDirect
	forReferral
	forOutreach
	forFollowUp
	forWho
	forCreate
	forMove
	forDeal
	forMeeting
	forCall
	forMail
	forProspect
	forChat
	forVisit
	forForm
	forRegistration
	forReaction
	forDirt
	forPassword
	forMetrics
	forText
	forTime
	forStep
	forHurdle
	forPatience
)

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection of
// 64 bits in which each input bit flips about half of the output.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// key is a point in the space of draws: (seed, purpose, entity, …). The same
// key always gives the same number, whatever was drawn before it.
type key uint64

func newKey(seed, purpose uint64) key { return key(mix(mix(seed) ^ purpose*0xd1342543de82ef95)) }

// at is the key of entity n under k.
func (k key) at(n int) key { return key(mix(uint64(k) ^ uint64(n)*0xda942042e4dd58b5)) } //nolint:gosec // any bits will do

// unit is uniform in [0,1).
func (k key) unit() float64 { return float64(mix(uint64(k))>>11) * 0x1p-53 }

// dice draws a sequence from one key, for things that are never replayed.
type dice struct{ state uint64 }

func (k key) dice() *dice { return &dice{uint64(k)} }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	return mix(d.state)
}

// unit is uniform in [0,1).
func (d *dice) unit() float64 { return float64(d.next()>>11) * 0x1p-53 }

// below is uniform in 0…n-1.
func (d *dice) below(n int) int { return int(d.unit() * float64(n)) }

// between is uniform in lo…hi, both included.
func (d *dice) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

// chance is true with probability p.
func (d *dice) chance(p float64) bool { return d.unit() < p }

// normal is a standard normal draw (Box and Muller).
func (d *dice) normal() float64 {
	u := 1 - d.unit()
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*d.unit())
}

// pick is a uniform element of list.
func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }
