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
	Named        GroupKind = ""             // a channel, campaign, post, page, rep or team
	None         GroupKind = "none"         // credit without one: "no campaign", "no rep", "no team"
	Withheld     GroupKind = "withheld"     // credit of people who opted out
	Unattributed GroupKind = "unattributed" // what no touch earned
)

// Dimension is what a View partitions the ledger by.
type Dimension string

// The dimensions of a View.
const (
	Channel  Dimension = "channel"
	Campaign Dimension = "campaign"
	Post     Dimension = "post"
	Content  Dimension = "content" // what of ours was touched: the post when there is one, else the landing page without its query
	Rep      Dimension = "rep"     // of the touch, not the deal's owner
	Team     Dimension = "team"    // of the touch's rep, without the teams below
)

// Dimensions lists them in the order of pages.
var Dimensions = []Dimension{Channel, Campaign, Post, Content, Rep, Team}

// Basis says which period a credit belongs to.
type Basis string

// The bases. Over all time both come to the same, to the minor unit.
const (
	Cash    Basis = "cash"    // the period in which the deal closed
	Accrual Basis = "accrual" // the period of the touch; what went to no touch is dated at the close
)

// Bases lists them in the order of pages.
var Bases = []Basis{Cash, Accrual}

// Ask says which part of the ledger is wanted, under which model.
type Ask struct {
	Model  string          // id
	Basis  Basis           // empty is Cash
	Period calendar.Period // the zero period is all time
}

// View partitions the ledger of a period, as far as the reader may see it: the
// credits of its groups sum to Totals under every model. Two views show the same
// money, so their figures are never added.
type View struct {
	Dimension Dimension
	Model     Model
	Basis     Basis
	Period    calendar.Period
	Groups    []Group
	Total     int64   // under the model, minor units of the reporting currency; by cash it is the won revenue
	Totals    []int64 // under each of Models, in their order; by cash all are Total
	Deals     int     // deals with a row in it; by cash the won deals with an amount and a rate
	Beside    Beside
}

// Beside counts the won deals of the period that the sums leave out.
type Beside struct {
	NoAmount int // no amount: no ledger row
	NoRate   int // credited in their own currency; no rate to the reporting currency
}

// Group is one row of a View.
type Group struct {
	Kind    GroupKind
	ID      string // of the channel, campaign, post, rep or team; of content "post:" and its id or "page:" and its address; empty unless Named
	Name    string // as people call it; empty unless Named
	Channel string // of a campaign or post
	TeamID  string // of a rep or team

	Deals   int     // distinct deals with credit under the model
	Touches int     // distinct touches with credit under the model
	Reach   int64   // revenue of the deals with an eligible touch of the group, whatever the model; groups reach the same deals, so reaches are never added; 0 for unattributed
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
	Suspected int   // touches of grade D at the same deals: listed, never paid; only reps, teams, posts and content have them
}

// ByChannel shares the deals won in period p among channels.
func ByChannel(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return ViewBy(ctx, q, user, Ask{Model: model, Period: p}, Channel)
}

// ByCampaign shares the deals won in period p among campaigns.
func ByCampaign(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return ViewBy(ctx, q, user, Ask{Model: model, Period: p}, Campaign)
}

// ByRep shares the deals won in period p among the reps whose touches earned.
// The credit is the touching rep's, not the owner's. It names reps; for readers
// who may not know them the page adds rows up by team.
func ByRep(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return ViewBy(ctx, q, user, Ask{Model: model, Period: p}, Rep)
}

// ByPost shares the deals won in period p among posts.
func ByPost(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (View, error) {
	return ViewBy(ctx, q, user, Ask{Model: model, Period: p}, Post)
}

// ViewBy shares what a asks for among the groups of one dimension.
func ViewBy(ctx context.Context, q sqlfile.Querier, user string, a Ask, by Dimension) (View, error) {
	views, err := Views(ctx, q, user, a, by)
	if err != nil {
		return View{}, err
	}
	return views[0], nil
}

// Views is ViewBy for several dimensions from one question, in the order they
// are named.
func Views(ctx context.Context, q sqlfile.Querier, user string, a Ask, by ...Dimension) ([]View, error) {
	m, err := a.complete()
	if err != nil {
		return nil, err
	}
	for _, d := range by {
		if !slices.Contains(Dimensions, d) {
			return nil, fmt.Errorf("%q is no view; choose one of %s", d, join(Dimensions))
		}
	}
	won, err := wonIn(ctx, q, user, a.Period)
	if err != nil {
		return nil, fmt.Errorf("share by %s: %w", join(by), err)
	}
	deals := won.Deals
	if a.Basis == Accrual {
		st := viewDeals(m)
		if err = st.One(ctx, q, a.args(user, st, sql.Named("dimensions", "")), &deals); err != nil {
			return nil, fmt.Errorf("share by %s: %w", join(by), err)
		}
	}
	st := viewOf(m)
	groups, err := sqlfile.All(ctx, q, st, scanGroup, a.args(user, st, sql.Named("dimensions", ","+strings.Join(words(by), ",")+","))...)
	if err != nil {
		return nil, fmt.Errorf("share by %s: %w", join(by), err)
	}
	views := make([]View, len(by))
	for i, d := range by {
		v := View{Dimension: d, Model: m, Basis: a.Basis, Period: a.Period, Deals: deals, Beside: won.Beside, Totals: make([]int64, len(Models))}
		for _, g := range groups {
			if g.of == d {
				v.Groups = append(v.Groups, g.Group)
			}
		}
		v.finish()
		views[i] = v
	}
	return views, nil
}

// complete checks a, puts Cash for no basis and finds the model.
func (a *Ask) complete() (Model, error) {
	if a.Basis == "" {
		a.Basis = Cash
	}
	if !slices.Contains(Bases, a.Basis) {
		return Model{}, fmt.Errorf("basis %q is unknown; choose one of %s", a.Basis, join(Bases))
	}
	return modelNamed(a.Model)
}

// args are the parameters of a that st takes, and more.
func (a Ask) args(user string, st *sqlfile.Statement, more ...sql.NamedArg) []sql.NamedArg {
	from, to := bounds(a.Period)
	known := st.Params()
	return slices.DeleteFunc(append([]sql.NamedArg{
		sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to), sql.Named("basis", string(a.Basis)),
	}, more...), func(arg sql.NamedArg) bool { return !slices.Contains(known, arg.Name) })
}

func words[T ~string](items []T) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = string(it)
	}
	return out
}

func join[T ~string](items []T) string { return strings.Join(words(items), ", ") }

// withPart is the statement called name under m, with its beginning in place.
func withPart(name, part string, m Model, residues, credits string) string {
	text := strings.Replace(questions.Get(name).Source, "/*part*/", questions.Get(part).Source, 1)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "/*residues*/", residues), "/*credits*/", credits)
	return strings.ReplaceAll(strings.ReplaceAll(text, "/*model*/", m.ID), "/*total*/", m.storedTotal())
}

// viewOf is the statement of a View under m.
func viewOf(m Model) *sqlfile.Statement {
	text := withPart("view", "view_part", m, eachModel("d.ur_MODEL")+", d.uw_"+m.ID, eachModel("j.r_MODEL"))
	text = columns(text, "sums", "cast(sum(p.r_MODEL) as bigint) as c_MODEL")
	text = columns(text, "summed", "s.c_MODEL")
	text = columns(text, "unattributed", "cast(coalesce(sum(w.ur_MODEL), 0) as bigint) as c_MODEL")
	text = columns(text, "leftover", "u.c_MODEL")
	text = columns(text, "answers", "coalesce(g.c_MODEL, 0)")
	return sqlfile.Parse("view of "+m.ID, text)
}

func viewDeals(m Model) *sqlfile.Statement {
	return sqlfile.Parse("view_deals of "+m.ID, withPart("view_deals", "view_part", m, ", d.uw_"+m.ID, ""))
}

// finish adds what follows from the groups.
func (v *View) finish() {
	for _, g := range v.Groups {
		v.Total += g.Credit
		for i, credit := range g.ByModel {
			v.Totals[i] += credit
		}
	}
	v.Groups = dropEmpty(v.Groups)
	for i := range v.Groups {
		if v.Total != 0 {
			v.Groups[i].Share = float64(v.Groups[i].Credit) / float64(v.Total)
		}
	}
	rank(v.Groups)
}

// shared is a group and its dimension.
type shared struct {
	of Dimension
	Group
}

func scanGroup(scan func(...any) error) (shared, error) {
	g := shared{Group: Group{ByModel: make([]int64, len(Models))}}
	dest := []any{
		&g.of, &g.Kind, &g.ID, &g.Name, &g.Channel, &g.TeamID, &g.Deals, &g.Touches, &g.Reach, &g.Credit,
		&g.Evidence[0], &g.Evidence[1], &g.Evidence[2], &g.Counts[0], &g.Counts[1], &g.Counts[2],
		&g.Sourced, &g.Assisted, &g.Suspected,
	}
	for i := range g.ByModel {
		dest = append(dest, &g.ByModel[i])
	}
	if err := scan(dest...); err != nil {
		return shared{}, err
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
