package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/ui"
	"credence/warehouse/sqlfile"
)

// viewTitles name the views of the ledger.
var viewTitles = map[attribution.Dimension]string{
	attribution.Channel: "Channel", attribution.Campaign: "Campaign", attribution.Post: "Post", attribution.Content: "Content",
	attribution.Rep: "Rep", attribution.Team: "Team",
}

// dimension reads a view's name from the URL; without one it is the channel. To
// who may not name reps their view is the teams'.
func (n namer) dimension(name, text string) (attribution.Dimension, error) {
	by := attribution.Dimension(text)
	switch {
	case text == "":
		return attribution.Channel, nil
	case !slices.Contains(attribution.Dimensions, by):
		return "", badRequest(name, fmt.Errorf("%q is no view; write channel, campaign, post, content, rep or team", text))
	case by == attribution.Rep && !n.named():
		return attribution.Team, nil
	}
	return by, nil
}

// basisOf reads ?basis=; without it money is counted by cash.
func basisOf(c *fiber.Ctx) (attribution.Basis, error) {
	basis := attribution.Basis(c.Query("basis", string(attribution.Cash)))
	if !slices.Contains(attribution.Bases, basis) {
		return "", badRequest("basis", fmt.Errorf("%q is no basis; write cash or accrual", basis))
	}
	return basis, nil
}

// pageAttribution says which channel, campaign, post, rep or team earned how
// much, and how far that depends on the model. ?by= chooses, ?basis= counts by
// cash or accrual, ?channel= narrows campaigns and posts, ?format=csv is the
// table as a file.
func (s *Server) pageAttribution(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		w, err := s.readWhatIf(ctx, c, v)
		if err != nil {
			return err
		}
		if to := w.plain(); to != "" {
			return c.Redirect(to, fiber.StatusSeeOther)
		}
		if w.alone(c) {
			return s.partAttributionWhatIf(ctx, c, v, w)
		}
		a, err := s.askAttribution(ctx, v, c, v)
		if err != nil {
			return err
		}
		if c.Query("format") == "csv" {
			return a.download(c)
		}
		view := a.view()
		if view.WhatIf, err = w.ofAttribution(ctx, a.by, a.ask.Basis); err != nil {
			return err
		}
		w.status(c)
		v.Layout.Crumbs = []ui.Link{{Text: "Attribution"}, {Text: s.Config.Company.Name}, {Text: periodWords(v.Period.Name)}}
		v.Layout.Finding = a.finding()
		v.Layout.Notes = a.notes()
		return s.page(c, v, "attribution", view)
	})
}

// partAttributionWhatIf is the what-if alone, for the page that shows it.
func (s *Server) partAttributionWhatIf(ctx context.Context, c *fiber.Ctx, v *Visit, w *whatIf) error {
	basis, err := basisOf(c)
	if err != nil {
		return err
	}
	by, err := w.names.dimension("by", c.Query("by"))
	if err != nil {
		return err
	}
	panel, err := w.ofAttribution(ctx, by, basis)
	if err != nil {
		return err
	}
	w.status(c)
	return s.part(c, v, "attribution", "what-if-part", panel)
}

// attributionPage is everything the page is made from.
type attributionPage struct {
	s        *Server
	v        *Visit
	f        ui.Format
	ask      attribution.Ask
	by       attribution.Dimension
	channel  string                                     // only campaigns and posts of it; "" is no filter
	views    map[attribution.Dimension]attribution.View // channels always, what is asked for, and what stands beside the channels
	covered  attribution.Covered
	lag      int                    // median days from touch to close; by accrual
	pays     map[string]paysBack    // by view + id; empty when the reader sees no spend
	company  *attribution.Efficient // under the chosen model; nil when the reader sees no spend
	settings attribution.Settings
	names    namer
	teams    []repTeam
	here     func(name, value string) string
	at       func(path, name, value string) string // another page with what the URL says
}

// paysBack is what a channel or campaign cost and under how many models it earned
// that back.
type paysBack struct {
	spend  bool
	models int
	minor  int64    // spend
	mer    *float64 // under the chosen model; nil without spend
	cac    *int64   // spend ÷ won deals under the chosen model; nil without either
}

// newAttributionPage is a page that has asked nothing yet.
func (s *Server) newAttributionPage(c *fiber.Ctx, v *Visit) *attributionPage {
	return &attributionPage{
		s: s, v: v, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), ask: attribution.Ask{Model: v.Model, Period: v.Period}, channel: c.Query("channel"),
		views: map[attribution.Dimension]attribution.View{}, pays: map[string]paysBack{},
		here: func(name, value string) string { return href(c, name, value) },
		at:   func(path, name, value string) string { return hrefAt(c, path, name, value) },
	}
}

// askAttribution asks q for what the page shows to v: the visit's own snapshot,
// or a ledger computed under other settings. Names are always the stored ones.
func (s *Server) askAttribution(ctx context.Context, q sqlfile.Querier, c *fiber.Ctx, v *Visit) (*attributionPage, error) {
	a := s.newAttributionPage(c, v)
	var err error
	if a.ask.Basis, err = basisOf(c); err != nil {
		return nil, err
	}
	if a.names, err = s.namer(ctx, v); err != nil {
		return nil, err
	}
	if a.by, err = a.names.dimension("by", c.Query("by")); err != nil {
		return nil, err
	}
	if err = a.askViews(ctx, q); err != nil {
		return nil, err
	}
	if a.covered, err = attribution.Coverage(ctx, q, v.Reader.ID, v.Period); err != nil {
		return nil, err
	}
	if a.settings, _, err = attribution.BuiltWith(ctx, q); err != nil {
		return nil, err
	}
	if a.ask.Basis == attribution.Accrual {
		if a.lag, _, err = attribution.MedianLag(ctx, q, v.Reader.ID); err != nil {
			return nil, err
		}
	}
	if v.Reader.SeesSpend() {
		if err := a.askPays(ctx, q); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// askViews asks for the views of the page in one question. Who may not name reps
// is shown them by team, small ones together.
func (a *attributionPage) askViews(ctx context.Context, q sqlfile.Querier) error {
	want := []attribution.Dimension{attribution.Channel}
	switch a.by {
	case attribution.Channel:
		want = append(want, attribution.Campaign, a.people())
	default:
		want = append(want, a.by)
	}
	views, err := attribution.Views(ctx, q, a.v.Reader.ID, a.ask, want...)
	if err != nil {
		return err
	}
	for i, d := range want {
		if a.folded(d) {
			if a.teams, err = askRepTeams(ctx, a.v); err != nil {
				return err
			}
			views[i].Groups = smallTogether(views[i].Groups, a.teams)
		}
		a.views[d] = views[i]
	}
	return nil
}

// people is the view of who of ours earned: reps, or teams for who may not name
// them.
func (a *attributionPage) people() attribution.Dimension {
	if a.names.named() {
		return attribution.Rep
	}
	return attribution.Team
}

// askPays counts under how many models each channel and campaign earned its
// spend back.
func (a *attributionPage) askPays(ctx context.Context, q sqlfile.Querier) error {
	all, err := a.s.efficiencies(ctx, q, a.v)
	if err != nil {
		return err
	}
	for i, e := range all {
		chosen := attribution.Models[i].ID == a.v.Model
		if chosen {
			a.company = &all[i]
		}
		a.countPays("channel", e.Channels, e, chosen)
		a.countPays("campaign", e.Campaigns, e, chosen)
	}
	return nil
}

// countPays adds one model.
func (a *attributionPage) countPays(view string, rows []attribution.EfficiencyRow, e attribution.Efficient, chosen bool) {
	for _, r := range rows {
		if r.Kind != attribution.Named {
			continue
		}
		p := a.pays[view+r.ID]
		if p.spend = r.Expenses > 0; p.spend && *r.MER >= e.BreakEven {
			p.models++
		}
		if p.spend && chosen {
			p.mer, p.minor, p.cac = r.MER, r.Expenses, r.CAC
		}
		a.pays[view+r.ID] = p
	}
}

func (a *attributionPage) code() string { return a.s.Config.Company.Currency }

func (a *attributionPage) whole(minor int64) string { return a.f.Whole(minor, a.code()) }

func (a *attributionPage) short(minor int64) string { return a.f.Short(minor, a.code()) }

// whatMoney names the money that the page shares.
func (a *attributionPage) whatMoney() string {
	if a.ask.Basis == attribution.Accrual {
		return "what the period’s touches earned"
	}
	return "won revenue"
}

// finding names the channel with most credit and how far it depends on the model.
func (a *attributionPage) finding() ui.Words {
	period, view := periodTitle(a.v.Period.Name), a.views[attribution.Channel]
	named := namedGroups(view)
	if view.Total == 0 || len(named) == 0 {
		if view.Deals == 0 {
			return ui.Say("Nothing was won in " + period + ", so there is nothing to share.")
		}
		return ui.Say("No touch earned anything in " + period + ": all of " + a.whole(view.Total) + " is unattributed.")
	}
	top := named[0]
	low, high := shareRange(view, top)
	w := ui.Say(top.Name+" earned ").Link(a.f.Percent(top.Share, 0), a.rows(attribution.Channel, top))
	if a.ask.Basis == attribution.Accrual {
		w = w.And(" of what touches of " + period + " brought so far")
	} else {
		w = w.And(" of " + period)
	}
	if low == high {
		w = w.And(", the same under every model. ")
	} else {
		w = w.And(", ").Link(a.f.Number(low*100, 0)+"–"+a.f.Percent(high, 0), "#models-disagree").And(" across models. ")
	}
	return w.And(a.secondSentence(named))
}

// secondSentence says what depends on the model one believes: whether spend
// pays back, else who swings most.
func (a *attributionPage) secondSentence(named []attribution.Group) string {
	var torn []string
	for _, g := range named {
		if p := a.pays["channel"+g.ID]; p.spend && p.models > 0 && p.models < len(attribution.Models) {
			torn = append(torn, g.Name)
		}
	}
	switch {
	case a.ask.Basis == attribution.Accrual:
	case len(torn) == 1:
		return "Whether " + torn[0] + " earns its spend depends on the model."
	case len(torn) > 1 && len(torn) < 4:
		return "Whether " + strings.Join(torn[:len(torn)-1], ", ") + " and " + torn[len(torn)-1] + " earn their spend depends on the model."
	case len(torn) >= 4:
		return upper(small(int64(len(torn)))) + " channels earn their spend under some models only."
	}
	view := a.views[attribution.Channel]
	wide := widest(view, named)
	low, high := shareRange(view, wide)
	if low == high || wide.ID == named[0].ID {
		if a.unattributed() == 0 {
			return "Nothing is unattributed."
		}
		return a.f.Percent(a.unattributedShare(), 1) + " is unattributed."
	}
	return fmt.Sprintf("%s swings most, %s–%s.", wide.Name, a.f.Number(low*100, 0), a.f.Percent(high, 0))
}

// widest is the group whose share depends most on the model.
func widest(v attribution.View, groups []attribution.Group) attribution.Group {
	return slices.MaxFunc(groups, func(x, y attribution.Group) int {
		xl, xh := shareRange(v, x)
		yl, yh := shareRange(v, y)
		return cmp.Compare(xh-xl, yh-yl)
	})
}

func namedGroups(v attribution.View) []attribution.Group {
	var out []attribution.Group
	for _, g := range v.Groups {
		if g.Kind == attribution.Named {
			out = append(out, g)
		}
	}
	return out
}

func (a *attributionPage) unattributed() (credit int64) {
	for _, g := range a.views[attribution.Channel].Groups {
		if g.Kind == attribution.Unattributed || g.Kind == attribution.Withheld {
			credit += g.Credit
		}
	}
	return credit
}

func (a *attributionPage) unattributedShare() float64 {
	total := a.views[attribution.Channel].Total
	if total == 0 {
		return math.NaN()
	}
	return float64(a.unattributed()) / float64(total)
}

func (a *attributionPage) notes() []string {
	notes := []string{a.settings.Line(), "Figures of two views are never added"}
	if a.ask.Basis == attribution.Accrual {
		notes = append(notes, fmt.Sprintf("Accrual: credit stands on the day of its touch, what went to no touch on the day of the close; half of all touches come %s or more before the close. Over all periods accrual and cash are the same", a.f.Plural(int64(a.lag), "day", "days")))
	} else {
		notes = append(notes, "Cash: won = closed-won by close date, in "+a.code()+" at the rate of that day")
	}
	if b := a.views[attribution.Channel].Beside; b.NoAmount+b.NoRate > 0 {
		notes = append(notes, fmt.Sprintf("Beside these sums: %s, %s", a.f.Plural(int64(b.NoAmount), "won deal without amount", "won deals without amount"), a.f.Plural(int64(b.NoRate), "in a currency without rate", "in a currency without rate")))
	}
	if a.hasSpend() {
		notes = append(notes, "Pays back: MER at or above break-even under that model")
	}
	if !a.names.named() {
		notes = append(notes, "Reps are shown by team, groups under five together: privacy.cmo_sees_reps is off")
	}
	return notes
}

// hasSpend says whether rows stand beside their spend: efficiency is counted by
// cash alone.
func (a *attributionPage) hasSpend() bool {
	return a.v.Reader.SeesSpend() && a.ask.Basis == attribution.Cash
}

func (a *attributionPage) view() ui.Attribution {
	channels := a.views[attribution.Channel]
	view := ui.Attribution{Models: modelChoice(a.v.Model, a.here), Basis: a.basisChoice(), Money: moneyChoice(false, a.at, a.by), MER: a.mer(), Immature: a.immature()}
	if channels.Deals == 0 {
		view.Empty = &ui.State{
			Kind: "empty", Title: "No deal was won in " + periodWords(a.v.Period.Name),
			Text: "Credit is shared among the touches of won deals. Choose another period at the top, or look at the deals in work.", Action: ui.Link{Text: "Open pipeline", Href: a.at("/attribution/pipeline", "", "")},
		}
		return view
	}
	view.Coverage, view.Missing, view.Bar = a.coverage()
	if a.channel != "" {
		view.Chips = []ui.Chip{{Name: "Channel", Value: a.channel, Remove: a.here("channel", "")}}
	}
	view.Main = a.table(a.by, false)
	if a.by == attribution.Channel {
		for _, other := range []attribution.Dimension{attribution.Campaign, a.people()} {
			view.Others = append(view.Others, a.table(other, true))
		}
	}
	view.Disagree = a.disagreement()
	view.Uncovered = a.uncovered()
	return view
}

// immature warns of a period that has not had time to earn by accrual.
func (a *attributionPage) immature() *ui.Notice {
	if !a.ask.Immature(a.v.Now, a.lag) {
		return nil
	}
	return &ui.Notice{Text: ui.Say(fmt.Sprintf("%s is immature by accrual: half of all touches come %s or more before the close, so much of what its touches will earn has not closed yet.",
		periodWords(a.v.Period.Name), a.f.Plural(int64(a.lag), "day", "days")))}
}

// mer states the company's efficiency with its identity and break-even.
func (a *attributionPage) mer() ui.Words {
	if a.company == nil || !a.hasSpend() {
		return nil
	}
	e, identity := a.company, "(S − C − E) ÷ E"
	if e.MERName == attribution.MERBeforeMarketing {
		identity = "(S − C) ÷ E"
	}
	where := "/efficiency?" + strings.TrimPrefix(strings.TrimPrefix(a.here("by", ""), "/attribution"), "?")
	return ui.Say("MER ").Link(a.ratio(e.Total.MER), strings.TrimSuffix(where, "?")).And(fmt.Sprintf(" = %s, break-even %s; revenue MER S ÷ E %s", identity, a.f.Number(e.BreakEven, 0), a.ratio(e.Total.RevenueMER)))
}

func (a *attributionPage) ratio(v *float64) string {
	if v == nil {
		return "n/a"
	}
	return a.f.Number(*v, 2)
}

// coverage is the bar of all won revenue: channels in their colours, what no
// touch earned hatched at the end.
func (a *attributionPage) coverage() (covered, missing ui.Words, bar ui.Whole) {
	share := math.NaN()
	if a.covered.Share != nil {
		share = *a.covered.Share
	}
	covered = ui.Words{{Text: "Coverage " + a.f.Percent(share, 1), Strong: true}}.And(fmt.Sprintf("  %s of the revenue closed in the period has at least one touch on the path, %d of %s",
		a.whole(a.covered.CoveredWon), a.covered.CoveredDeals, a.f.Plural(int64(a.covered.Deals), "deal", "deals")))
	missing = ui.Words{{Text: a.f.Percent(a.unattributedShare(), 1) + " unattributed", Strong: true}}.And("  ").Link(a.whole(a.unattributed()), a.rows(attribution.Channel, attribution.Group{Kind: attribution.Unattributed}))
	view := a.views[attribution.Channel]
	bar = ui.Whole{Label: "Credit by channel under " + view.Model.Title, Names: true}
	for _, g := range view.Groups {
		name, kind := g.Name, g.ID
		if g.Kind != attribution.Named {
			name, kind = groupName("channel", g.Kind), ui.Unattributed
		}
		bar.Parts = append(bar.Parts, ui.Part{Name: name, Kind: kind, Value: float64(max(0, g.Credit)), Text: a.whole(g.Credit), Href: a.rows(attribution.Channel, g)})
	}
	return covered, missing, bar
}

func groupName(view string, kind attribution.GroupKind) string {
	switch kind {
	case attribution.None:
		if view == "team" {
			return "No rep or team"
		}
		return "No " + view
	case attribution.Withheld:
		return "Withheld, opted out"
	case attribution.Unattributed:
		return ui.Unattributed
	case attribution.Other:
		return "Other, not in a campaign"
	case attribution.Named:
	}
	return ""
}

// periodTitle is a period's name that no line breaks.
func periodTitle(name string) string { return strings.ReplaceAll(periodWords(name), " ", "\u00a0") }
