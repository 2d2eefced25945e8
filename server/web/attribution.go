package web

import (
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

// attributionViews are the ways to partition the ledger, in the page's order.
var attributionViews = []struct {
	id, title, head string
}{
	{"channel", "Channel", "Channel"}, {"campaign", "Campaign", "Campaign"}, {"rep", "Rep", "Rep"}, {"post", "Post", "Post"},
}

// pageAttribution says which channel, campaign, rep or post earned how much, and
// how far that depends on the model. ?by= chooses, ?channel= narrows campaigns
// and posts, ?format=csv is the table as a file.
func (s *Server) pageAttribution(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		a, err := s.askAttribution(ctx, v, c, v)
		if err != nil {
			return err
		}
		if c.Query("format") == "csv" {
			return a.download(c)
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Attribution"}, {Text: s.Config.Company.Name}, {Text: periodWords(v.Period.Name)}}
		v.Layout.Finding = a.finding()
		v.Layout.Notes = a.notes()
		return s.page(c, v, "attribution", a.view())
	})
}

// attributionPage is everything the page is made from.
type attributionPage struct {
	s        *Server
	v        *Visit
	f        ui.Format
	by       string
	channel  string // only campaigns and posts of it; "" is no filter
	main     attribution.View
	channels attribution.View
	others   map[string]attribution.View
	covered  attribution.Covered
	pays     map[string]paysBack    // by view + id; empty when the reader sees no spend
	company  *attribution.Efficient // under the chosen model; nil when the reader sees no spend
	settings attribution.Settings
	names    namer
	teams    map[string]repTeam
	here     func(name, value string) string
}

// paysBack is under how many models a channel or campaign earned its spend back.
type paysBack struct {
	spend  bool
	models int
	mer    *float64 // under the chosen model
}

// askAttribution asks q for what the page shows to v: the visit's own snapshot,
// or a ledger computed under other settings. Names are always the stored ones.
func (s *Server) askAttribution(ctx context.Context, q sqlfile.Querier, c *fiber.Ctx, v *Visit) (*attributionPage, error) {
	a := &attributionPage{
		s: s, v: v, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), by: c.Query("by", "channel"), channel: c.Query("channel"),
		others: map[string]attribution.View{}, pays: map[string]paysBack{},
		here: func(name, value string) string { return href(c, name, value) },
	}
	ask := map[string]func() (attribution.View, error){
		"channel": func() (attribution.View, error) { return attribution.ByChannel(ctx, q, v.Reader.ID, v.Model, v.Period) },
		"campaign": func() (attribution.View, error) {
			return attribution.ByCampaign(ctx, q, v.Reader.ID, v.Model, v.Period)
		},
		"rep":  func() (attribution.View, error) { return attribution.ByRep(ctx, q, v.Reader.ID, v.Model, v.Period) },
		"post": func() (attribution.View, error) { return attribution.ByPost(ctx, q, v.Reader.ID, v.Model, v.Period) },
	}
	if ask[a.by] == nil {
		return nil, badRequest("by", fmt.Errorf("%q is no view; write channel, campaign, rep or post", a.by))
	}
	var err error
	if a.channels, err = ask["channel"](); err != nil {
		return nil, err
	}
	a.main = a.channels
	if a.by != "channel" {
		if a.main, err = ask[a.by](); err != nil {
			return nil, err
		}
	} else {
		for _, other := range []string{"campaign", "rep"} {
			if a.others[other], err = ask[other](); err != nil {
				return nil, err
			}
		}
	}
	if a.covered, err = attribution.Coverage(ctx, q, v.Reader.ID, v.Period); err != nil {
		return nil, err
	}
	if a.settings, _, err = attribution.BuiltWith(ctx, q); err != nil {
		return nil, err
	}
	if a.names, err = s.namer(ctx, v); err != nil {
		return nil, err
	}
	if !a.names.named() {
		if a.teams, err = askRepTeams(ctx, v); err != nil {
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

// askPays counts under how many models each channel and campaign earned its
// spend back.
func (a *attributionPage) askPays(ctx context.Context, q sqlfile.Querier) error {
	all, err := a.s.efficiencies(ctx, q, a.v)
	if err != nil {
		return err
	}
	count := func(view string, rows []attribution.EfficiencyRow, breakEven float64, chosen bool) {
		for _, r := range rows {
			if r.Kind != attribution.Named {
				continue
			}
			p := a.pays[view+r.ID]
			if chosen {
				p.mer = r.MER
			}
			p.spend = p.spend || r.Expenses > 0
			if r.MER != nil && *r.MER >= breakEven {
				p.models++
			}
			a.pays[view+r.ID] = p
		}
	}
	for i, e := range all {
		chosen := attribution.Models[i].ID == a.v.Model
		if chosen {
			a.company = &all[i]
		}
		count("channel", e.Channels, e.BreakEven, chosen)
		count("campaign", e.Campaigns, e.BreakEven, chosen)
	}
	return nil
}

func (a *attributionPage) code() string { return a.s.Config.Company.Currency }

func (a *attributionPage) whole(minor int64) string { return a.f.Whole(minor, a.code()) }

func (a *attributionPage) short(minor int64) string { return a.f.Short(minor, a.code()) }

// finding names the channel with most credit and how far it depends on the model.
func (a *attributionPage) finding() ui.Words {
	period := periodTitle(a.v.Period.Name)
	named := namedGroups(a.channels)
	if a.channels.Total == 0 || len(named) == 0 {
		if a.channels.Deals == 0 {
			return ui.Say("Nothing was won in " + period + ", so there is nothing to share.")
		}
		return ui.Say("No touch earned anything in " + period + ": all of " + a.whole(a.channels.Total) + " is unattributed.")
	}
	top := named[0]
	low, high := a.shares(top)
	w := ui.Say(top.Name+" earned ").Link(a.f.Percent(top.Share, 0), a.here("by", "")+"#main-credit").And(" of " + period)
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
	case len(torn) == 1:
		return "Whether " + torn[0] + " earns its spend depends on the model."
	case len(torn) > 1 && len(torn) < 4:
		return "Whether " + strings.Join(torn[:len(torn)-1], ", ") + " and " + torn[len(torn)-1] + " earn their spend depends on the model."
	case len(torn) >= 4:
		return upper(small(int64(len(torn)))) + " channels earn their spend under some models only."
	}
	wide := slices.MaxFunc(named, func(x, y attribution.Group) int { return int(sign((x.Max - x.Min) - (y.Max - y.Min))) })
	low, high := a.shares(wide)
	if low == high || wide.ID == named[0].ID {
		if a.unattributed() == 0 {
			return "Nothing is unattributed."
		}
		return a.f.Percent(a.unattributedShare(), 1) + " is unattributed."
	}
	return fmt.Sprintf("%s swings most, %s–%s.", wide.Name, a.f.Number(low*100, 0), a.f.Percent(high, 0))
}

func (a *attributionPage) shares(g attribution.Group) (low, high float64) {
	if a.channels.Total == 0 {
		return 0, 0
	}
	return float64(g.Min) / float64(a.channels.Total), float64(g.Max) / float64(a.channels.Total)
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
	for _, g := range a.channels.Groups {
		if g.Kind == attribution.Unattributed || g.Kind == attribution.Withheld {
			credit += g.Credit
		}
	}
	return credit
}

func (a *attributionPage) unattributedShare() float64 {
	if a.channels.Total == 0 {
		return math.NaN()
	}
	return float64(a.unattributed()) / float64(a.channels.Total)
}

func (a *attributionPage) notes() []string {
	notes := []string{a.settings.Line(), "Figures of two views are never added", "Won = closed-won by close date, in " + a.code() + " at the rate of that day"}
	if b := a.channels.Beside; b.NoAmount+b.NoRate > 0 {
		notes = append(notes, fmt.Sprintf("Beside these sums: %s, %s", a.f.Plural(int64(b.NoAmount), "won deal without amount", "won deals without amount"), a.f.Plural(int64(b.NoRate), "in a currency without rate", "in a currency without rate")))
	}
	if a.v.Reader.SeesSpend() {
		notes = append(notes, "Pays back: MER at or above break-even under that model")
	}
	if !a.names.named() {
		notes = append(notes, "Reps are shown by team, groups under five together: privacy.cmo_sees_reps is off")
	}
	return notes
}

func (a *attributionPage) view() ui.Attribution {
	view := ui.Attribution{Models: a.modelSwitch(), MER: a.mer()}
	if a.channels.Deals == 0 {
		view.Empty = &ui.State{
			Kind: "empty", Title: "No deal was won in " + periodWords(a.v.Period.Name),
			Text: "Credit is shared among the touches of won deals. Choose another period at the top, or look at the deals in work.", Action: ui.Link{Text: "Open deals", Href: "/deals?status=open"},
		}
		return view
	}
	view.Coverage, view.Missing, view.Bar = a.coverage()
	if a.channel != "" {
		view.Chips = []ui.Chip{{Name: "Channel", Value: a.channel, Remove: a.here("channel", "")}}
	}
	view.Main = a.table(a.by, a.main, false)
	if a.by == "channel" {
		for _, other := range []string{"campaign", "rep"} {
			view.Others = append(view.Others, a.table(other, a.others[other], true))
		}
	}
	view.Disagree = a.disagreement()
	view.Uncovered = a.uncovered()
	return view
}

// mer states the company's efficiency with its identity and break-even.
func (a *attributionPage) mer() ui.Words {
	if a.company == nil {
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

func (a *attributionPage) modelSwitch() ui.Segments {
	seg := ui.Segments{Label: "Model"}
	for _, m := range attribution.Models {
		seg.Options = append(seg.Options, ui.Option{Text: m.Title, Note: m.Formula, Href: a.here("model", m.ID), Current: m.ID == a.v.Model})
	}
	return seg
}

// coverage is the bar of all won revenue: channels in their colours, what no
// touch earned hatched at the end.
func (a *attributionPage) coverage() (covered, missing ui.Words, bar ui.Whole) {
	share := math.NaN()
	if a.covered.Share != nil {
		share = *a.covered.Share
	}
	covered = ui.Words{{Text: "Coverage " + a.f.Percent(share, 1), Strong: true}}.And(fmt.Sprintf("  %s of won revenue has at least one touch on the path, %d of %s",
		a.whole(a.covered.CoveredWon), a.covered.CoveredDeals, a.f.Plural(int64(a.covered.Deals), "deal", "deals")))
	missing = ui.Words{{Text: a.f.Percent(a.unattributedShare(), 1) + " unattributed", Strong: true}}.And("  " + a.whole(a.unattributed()))
	bar = ui.Whole{Label: "Won revenue by channel under " + a.channels.Model.Title, Names: true}
	for _, g := range a.channels.Groups {
		name, kind := g.Name, g.ID
		if g.Kind != attribution.Named {
			name, kind = groupName("channel", g.Kind), ui.Unattributed
		}
		bar.Parts = append(bar.Parts, ui.Part{Name: name, Kind: kind, Value: float64(max(0, g.Credit)), Text: a.whole(g.Credit)})
	}
	return covered, missing, bar
}

func groupName(view string, kind attribution.GroupKind) string {
	switch kind {
	case attribution.None:
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
