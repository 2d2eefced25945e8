package sampledata

import "math"

// kind is what an account's people or our reps did.
type kind uint8

const (
	visiting   kind = iota // came to the web site
	opening                // opened a newsletter
	registered             // signed up for an event
	reacting               // liked or commented on a post
	calling                // a completed call
	ringing                // a call that reached voicemail
	meeting                // held
	missing                // a meeting nobody came to
	chatting
)

// touch is one act, seen or unseen by the files.
type touch struct {
	day, second    int32
	ch             channel
	kind           kind
	contact        int8
	campaign, post int16 // -1 for none
	rep            int16 // author or caller, -1 for none
	form           bool  // ended in a form
	follows        bool  // caused by the account's own interest
	strength       float32
}

// removal is what a replay leaves out; removing leaves out nothing.
type removal struct {
	channel, campaign, post, rep int  // -1 for none
	all                          bool // every touch
	behaviours                   uint // bit by behaviour, of every rep
	ofRep                        int  // all behaviours of this rep; -1 for none
	cascade                      bool // what the removed touches triggered is absent too
	response                     [][]float64
}

func removing() *removal { return &removal{channel: -1, campaign: -1, post: -1, rep: -1, ofRep: -1} }

func (r *removal) takes(t *touch) bool {
	return r != nil && (r.all || int(t.ch) == r.channel || int(t.campaign) == r.campaign && t.campaign >= 0 ||
		int(t.post) == r.post && t.post >= 0 || int(t.rep) == r.rep && t.rep >= 0)
}

// decay is the share of a channel's readiness that is left after a day.
var decay = func() (d [channelCount]float64) {
	for c := range d {
		halfLife := 21.0
		switch channel(c) {
		case event:
			halfLife = 40
		case paidSocial, display, video:
			halfLife = 14
		case sales:
			halfLife = 28
		default:
		}
		d[c] = math.Exp2(-1 / halfLife)
	}
	return d
}()
