package paths

import (
	"context"
	"fmt"
	"strings"

	"credence/attribution/exact"
)

// model is one way to share a table's conversions and their value.
type model struct {
	id   string
	need need
	// credits by channel number, one for each name of the tally.
	credits func(ctx context.Context, t *tally) (conversions, value []float64, err error)
}

// need is what a tally must count for a model.
type need uint

const (
	needEnds     need = 1 << iota // first and last touches
	needAll                       // every touch, by length
	needBetween                   // the touches between the ends, by length
	needDistinct                  // channel sets
	needChain                     // states and transitions
)

// models are in the order of DESIGN's list, which is that of the pages.
var models = []model{
	{"first", needEnds, exactly((*tally).firsts)},
	{"last", needEnds, exactly((*tally).lasts)},
	{"last_non_direct", needEnds, exactly((*tally).lastsNonDirect)},
	{"linear", needAll, exactly((*tally).linear)},
	{"position", needEnds | needBetween, exactly((*tally).position)},
	{"any_touch", needDistinct, exactly((*tally).anyTouch)},
	{"markov", needChain, markovCredits},
	{"shapley", needDistinct, exactly((*tally).shapley)},
}

// elsewhere are the models of the ledger that a path table cannot feed.
var elsewhere = map[string]string{
	"time_decay":  "the time of every touch",
	"u_shaped":    "the day of lead creation",
	"w_shaped":    "the days of lead and deal creation",
	"full_path":   "the days of lead creation, deal creation and close",
	"j_shaped":    "the day of deal creation",
	"inverse_j":   "the day of deal creation",
	"custom":      "the milestones it weighs",
	"incremental": "the times of touches and the accounts that did not buy",
}

// ModelIDs are the models that Run can compute.
func ModelIDs() []string {
	ids := make([]string, len(models))
	for i, m := range models {
		ids[i] = m.id
	}
	return ids
}

func modelByID(id string) (model, error) {
	for _, m := range models {
		if m.id == id {
			return m, nil
		}
	}
	known := strings.Join(ModelIDs(), ", ")
	if missing, there := elsewhere[id]; there {
		return model{}, fmt.Errorf("model %s needs %s, which a path table does not have; it can be asked for %s", id, missing, known)
	}
	return model{}, fmt.Errorf("there is no model %q; a path table can be asked for %s", id, known)
}

// exactly makes a model of credits that are exact until they are shown.
func exactly(of func(*tally) []exact.Credit) func(context.Context, *tally) ([]float64, []float64, error) {
	return func(_ context.Context, t *tally) (conversions, value []float64, err error) {
		conversions = make([]float64, len(t.names))
		value = make([]float64, len(t.names))
		for channel, c := range of(t) {
			conversions[channel], value[channel] = c.Conversions.Float64(), c.Value.Float64()
		}
		return conversions, value, nil
	}
}
