package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// GroupKind tells the rows of a View apart.
type GroupKind string

// The kinds of row. A View lists named groups by credit, largest first, then
// none, withheld and unattributed, each only when it has rows.
const (
	Named        GroupKind = ""             // a channel, campaign, rep or post
	None         GroupKind = "none"         // credit without one: "no campaign", "no rep", "no post"
	Withheld     GroupKind = "withheld"     // credit of people who opted out
	Unattributed GroupKind = "unattributed" // what no touch earned
)

// View partitions the ledger of the deals won in a period, as far as the reader
// may see them: the credits of its groups sum to Total under every model. Two
// views show the same money, so their figures are never added.
type View struct {
	Model  Model
	Period calendar.Period
	Groups []Group
	Total  int64 // won revenue in minor units of the reporting currency
	Deals  int   // won deals in the period with an amount and a rate
	Beside Beside
}

// Beside counts the won deals of the period that the sums leave out.
type Beside struct {
	NoAmount int // no amount: no ledger row
	NoRate   int // credited in their own currency; no rate to the reporting currency
}

// Group is one row of a View.
type Group struct {
	Kind    GroupKind
	ID      string // of the channel, campaign, rep or post; empty unless Named
	Name    string // as people call it; empty unless Named
	Channel string // of a campaign or post
	TeamID  string // of a rep

	Deals   int     // distinct deals with credit under the model
	Touches int     // distinct touches with credit under the model
	Credit  int64   // under the model, minor units of the reporting currency
	Share   float64 // of Total; 0 when Total is 0

	ByModel  []int64 // credit under each of Models, in their order
	Min, Max int64   // smallest and largest of ByModel
	RankMin  int     // best and worst rank among named groups over the models; 0 unless Named
	RankMax  int

	Evidence [3]int64 // credit under the model of touches graded A, B and C
	Counts   [3]int   // touches with credit graded A, B and C

	Sourced   int64 // credit under the model: the rep's touch came at or before the deal's creation, by the person of touch 1
	Assisted  int64 // credit under the model: any other touch with a rep
	Suspected int   // touches of grade D at the same deals: listed, never paid; only reps and posts have them
}

// ByChannel shares the deals won in period p among channels.
func ByChannel(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return share(ctx, q, "channel", user, model, p)
}

// ByCampaign shares the deals won in period p among campaigns.
func ByCampaign(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return share(ctx, q, "campaign", user, model, p)
}

// ByRep shares the deals won in period p among the reps whose touches earned.
// The credit is the touching rep's, not the owner's. It names reps; for readers
// who may not know them the page adds rows up by team.
func ByRep(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return share(ctx, q, "rep", user, model, p)
}

// ByPost shares the deals won in period p among posts.
func ByPost(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return share(ctx, q, "post", user, model, p)
}

// viewOf is the statement of a View under m.
func viewOf(m Model) *sqlfile.Statement {
	st := forModel("view", m)
	text := st.Source
	text = columns(text, "residues", "d.ur_MODEL, d.uw_MODEL")
	text = columns(text, "credits", "j.r_MODEL")
	text = columns(text, "sums", "cast(sum(p.r_MODEL) as bigint) as c_MODEL")
	text = columns(text, "summed", "s.c_MODEL")
	text = columns(text, "unattributed", "cast(coalesce(sum(w.ur_MODEL), 0) as bigint)")
	text = columns(text, "answers", "coalesce(g.c_MODEL, 0)")
	return sqlfile.Parse(st.Name, text)
}

// share asks for the groups of one dimension and adds what follows from them.
func share(ctx context.Context, q sqlfile.Querier, dimension, user, model string, p calendar.Period) (View, error) {
	m, err := modelNamed(model)
	if err != nil {
		return View{}, err
	}
	v := View{Model: m, Period: p}
	won, err := wonIn(ctx, q, user, p)
	if err != nil {
		return View{}, fmt.Errorf("share by %s: %w", dimension, err)
	}
	v.Total, v.Deals, v.Beside = won.Won, won.Deals, won.Beside
	from, to := bounds(p)
	v.Groups, err = sqlfile.All(ctx, q, viewOf(m), scanGroup, sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to),
		sql.Named("dimension", dimension))
	if err != nil {
		return View{}, fmt.Errorf("share by %s: %w", dimension, err)
	}
	v.Groups = dropEmpty(v.Groups)
	for i := range v.Groups {
		if v.Total != 0 {
			v.Groups[i].Share = float64(v.Groups[i].Credit) / float64(v.Total)
		}
	}
	rank(v.Groups)
	return v, nil
}

func scanGroup(scan func(...any) error) (Group, error) {
	g := Group{ByModel: make([]int64, len(Models))}
	dest := []any{
		&g.Kind, &g.ID, &g.Name, &g.Channel, &g.TeamID, &g.Deals, &g.Touches, &g.Credit,
		&g.Evidence[0], &g.Evidence[1], &g.Evidence[2], &g.Counts[0], &g.Counts[1], &g.Counts[2],
		&g.Sourced, &g.Assisted, &g.Suspected,
	}
	for i := range g.ByModel {
		dest = append(dest, &g.ByModel[i])
	}
	if err := scan(dest...); err != nil {
		return Group{}, err
	}
	g.Min, g.Max = slices.Min(g.ByModel), slices.Max(g.ByModel)
	return g, nil
}

// dropEmpty leaves out named groups that no model gives a deal and nobody
// suspects, and rows for none and withheld without any credit; unattributed is
// always a row.
func dropEmpty(groups []Group) []Group {
	return slices.DeleteFunc(groups, func(g Group) bool {
		return g.Kind != Unattributed && g.Deals == 0 && g.Suspected == 0 && g.Min == 0 && g.Max == 0
	})
}

// rank sets the best and worst rank of each named group over the models. Equal
// credits share the better rank.
func rank(groups []Group) {
	for i := range groups {
		if groups[i].Kind != Named {
			continue
		}
		g := &groups[i]
		g.RankMin = len(groups)
		for m := range Models {
			place := 1
			for _, other := range groups {
				if other.Kind == Named && other.ByModel[m] > g.ByModel[m] {
					place++
				}
			}
			g.RankMin, g.RankMax = min(g.RankMin, place), max(g.RankMax, place)
		}
	}
}

// modelNamed is the model called id, or an error that lists the choice.
func modelNamed(id string) (Model, error) {
	m, ok := ModelByID(id)
	if !ok {
		return Model{}, fmt.Errorf("model %q is unknown; choose one of %s", id, strings.Join(ModelIDs(), ", "))
	}
	return m, nil
}
