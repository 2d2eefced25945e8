package attribution

// Scale is one whole weight: weights are integers of 10⁻¹², so that their sums
// do not depend on the order they are added in.
const Scale = 1_000_000_000_000

// Model is one way to share a deal among its touches. A model is one file and
// one line in Models.
//
// The expressions are SQL over the columns of a journey touch: position (from 1),
// touch_no, touches (of the journey), nondirect_touch_no (of its last touch that
// is not Direct; when all are, of its last), lead_position, creation_position and
// close_position (of the milestones; 0 when missing), custom_first, custom_lead,
// custom_creation, custom_close and custom_others (of the settings), and the
// model's own parts. A model that is summed reads instead: touches, age_s (seconds
// before the journey's last touch), half_life_s and, joined only when a model
// reads them, channels (distinct ones of the journey), channel_touches (touches of
// the same channel in it), channel_markov, touch_incremental and deal_incremental
// (what learn found, 0 when nothing).
type Model struct {
	ID      string // in settings, URLs, files: "time_decay"
	Title   string // on pages: "Time decay"
	Short   string // over a narrow column: "Decay"
	Family  Family // which models it stands among when one is chosen
	Formula string // of a touch's share, in plain text
	Anchors string // what it anchors on, because letters differ between vendors

	parts   []part // what the expressions read that is the same for a whole journey
	weight  string // bigint of 10⁻¹², of this touch
	running string // bigint: weights of this touch and all before it; empty: computed by summing
	total   string // bigint: weights of the whole journey, over what is the same for it; empty: computed by summing
	partial bool   // touches may weigh nothing, or base may weigh something: a deal with touches may have something left over
	base    string // bigint of 10⁻¹²: weight of what no touch earned, last in the journey; empty: none

	// explain is how the weight of the touch at position (from 1), which earned
	// own, came about: sentences with the numbers of j, to be checked by hand.
	explain func(j DealJourney, position int, own Credit) []string
}

// part is a column that a model computes once a journey.
type part struct {
	column string // ends in the model's id
	value  string // over what is the same for a whole journey; defined for 0 touches too, which the engine may try on rows it skips
}

// Family is what kind of model a Model is.
type Family string

// The families.
const (
	SingleTouch    Family = "Single touch" // all to one touch
	MultiTouch     Family = "Multi touch"  // something to every touch, by its place or age
	MilestoneBased Family = "Milestone"    // most to the touches at milestones
	LearnedFromAll Family = "Learned"      // from all closed journeys
)

// Families lists them in the order of pages.
var Families = []Family{SingleTouch, MultiTouch, MilestoneBased, LearnedFromAll}

// Models lists the models of the ledger, in the order of pages and files.
var Models = []Model{
	first,
	last,
	lastNonDirect,
	linear,
	position,
	uShaped,
	wShaped,
	fullPath,
	jShaped,
	inverseJ,
	timeDecay,
	custom,
	markovChain,
	shapleyValue,
	incrementalModel,
}

// ModelByID returns the model called id.
func ModelByID(id string) (Model, bool) {
	for _, m := range Models {
		if m.ID == id {
			return m, true
		}
	}
	return Model{}, false
}

// ModelIDs lists the ids of Models in their order.
func ModelIDs() []string {
	ids := make([]string, len(Models))
	for i, m := range Models {
		ids[i] = m.ID
	}
	return ids
}

// RuleIDs lists the ids of the models that learn nothing from the data, in their
// order.
func RuleIDs() []string {
	var ids []string
	for _, m := range Models {
		if !m.Learned() {
			ids = append(ids, m.ID)
		}
	}
	return ids
}
