package sampledata

import (
	"slices"
	"strings"
)

// process is the law of a sample world: what a touch adds to an account's
// readiness, whom reps and retargeting go after, and what readiness, behaviour
// and interest do to deals. A new process is one value in a file of its own and
// one line in processes; the simulation, the writers and the truth ask only
// these functions.
type process struct {
	name string
	doc  string
	// strength is the readiness that a touch of the channel adds to an account
	// of the segment, before campaign, post and author.
	strength func(c channel, segment int) float64
	// behaviour is what showing a behaviour adds to the log odds of moving on.
	behaviour func(b behaviour) float64
	// chase is how much likelier than usual an account of that intent is called,
	// met and retargeted.
	chase func(intent float64) float64
	// create is the daily chance that an account without an open deal gets one.
	create func(s state) float64
	// move is the daily chances that a deal leaves its stage forwards or lost.
	move func(s state) (advance, lose float64)
	// win is the chance that a deal in state s is won when s stays as it is.
	win func(s state) float64
}

// state is what a process may look at.
type state struct {
	fit, intent, season float64
	ready               float64 // saturated readiness of account and deal
	skill, behaviours   float64 // log odds
	discount            float64 // per cent
	stage               int
	age                 int // days since the deal was created
	quarterEnd          bool
	hurdle, patience    float64 // standard normal, drawn once per deal and stage, and once per deal
}

// behaviour is something a rep does on a deal.
type behaviour uint8

const (
	fastResponse    behaviour = iota // first answer within hours
	threeContacts                    // three or more people engaged
	earlyMeeting                     // a meeting within ten days
	helpfulPost                      // a helpful post seen before the first meeting
	behaviourCount                   // those after it only look as if they mattered
	mailVolume      behaviour = 100
	lateNightMail   behaviour = 101
	loggedMailCount behaviour = 102
)

var behaviourNames = map[behaviour]string{
	fastResponse: "first_response_within_hours", threeContacts: "three_contacts", earlyMeeting: "meeting_within_ten_days", helpfulPost: "helpful_post_before_first_meeting",
	mailVolume: "mail_volume", lateNightMail: "late_night_activity", loggedMailCount: "notes_logged",
}

// processes lists every law; see Processes.
var processes = []process{hazard, threshold, bySegment, confounded, null}

// Processes names the laws a sample company can follow.
func Processes() []string {
	names := make([]string, len(processes))
	for i, p := range processes {
		names[i] = p.name
	}
	return names
}

// About says in a line what a process lets happen; it is empty for a process
// that does not exist.
func About(process string) string {
	p, _ := processByName(process)
	return p.doc
}

func processByName(name string) (process, bool) {
	i := slices.IndexFunc(processes, func(p process) bool { return p.name == strings.ToLower(name) })
	if i < 0 {
		return process{}, false
	}
	return processes[i], true
}
