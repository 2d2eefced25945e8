package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"credence/attribution"
	"credence/ui"
)

// shortTable is how many rows the tables beside the main one show.
const shortTable = 8

// longTable is how many rows the main one shows; the table behind has them all.
const longTable = 40

// table is one view of the ledger as rows.
func (a *attributionPage) table(by attribution.Dimension, short bool) ui.LedgerTable {
	view := a.views[by]
	groups, hidden := a.groups(by)
	people := by == attribution.Rep || by == attribution.Team
	t := ui.LedgerTable{
		Head: viewTitles[by], Short: short, Ranges: fmt.Sprintf("Over %d models", len(attribution.Models)), HasReps: people, HasReach: !short,
		HasSpend: a.hasSpend() && (by == attribution.Channel || by == attribution.Campaign), HasRank: !short && !a.folded(by),
	}
	t.Axis = a.axis(by, groups)
	if short || people {
		t.Axis = t.Axis.Thin(3) // a narrow column
	}
	if people && !short {
		t.Buckets = a.buckets(by)
	}
	shown := longTable
	if short {
		shown = shortTable
	}
	var named, rest []attribution.Group
	for _, g := range groups {
		if g.Kind == attribution.Named {
			named = append(named, g)
		} else {
			rest = append(rest, g)
		}
	}
	for i, g := range named {
		if i == shown {
			break
		}
		t.Rows = append(t.Rows, a.row(by, g, t.Axis))
	}
	if len(named) > shown {
		more := int64(0)
		for _, g := range named[shown:] {
			more += g.Credit
		}
		t.Rest = append(t.Rest, ui.LedgerRow{Name: fmt.Sprintf("%d more", len(named)-shown), Share: a.share(more, view.Total), Credit: a.whole(more)})
		if short {
			t.Rest[0].Href = a.here("by", string(by))
		}
	}
	if hidden != 0 {
		t.Rest = append(t.Rest, ui.LedgerRow{Name: "Other channels", Share: a.share(hidden, view.Total), Credit: a.whole(hidden)})
	}
	for _, g := range rest {
		t.Rest = append(t.Rest, a.row(by, g, t.Axis))
	}
	t.Total = ui.LedgerRow{
		Name: a.totalName(), Sub: fmt.Sprintf("dot = %s, ticks = each of %d models, band = their range", strings.ToLower(view.Model.Title), len(attribution.Models)),
		Share: a.f.Percent(1, 0), Credit: a.whole(view.Total), Deals: a.f.Count(int64(view.Deals)),
	}
	if short {
		t.Total.Sub = ""
	}
	if a.company != nil && t.HasSpend {
		t.Total.MER, t.Total.Spend = a.ratio(a.company.Total.MER), a.short(a.company.Total.Expenses)
	}
	t.Section = a.tableSection(by, named, rest, short)
	t.More = a.holds(by, named)
	switch {
	case a.folded(by):
		t.Note = "Names of reps are not shown to this role; teams of fewer than five stand together."
	case by == attribution.Content && !short:
		t.Note = "Content is the post when the touch has one, else its landing page without the query; a mail, call or meeting has none."
	}
	return t
}

func (a *attributionPage) totalName() string {
	if a.ask.Basis == attribution.Accrual {
		return "All of the period"
	}
	return "Won revenue"
}

// folded says whether a view is reps folded to teams, for who may not name them.
func (a *attributionPage) folded(by attribution.Dimension) bool {
	return by == attribution.Team && !a.names.named()
}

// buckets is all money of the view by how a rep's touch came in.
func (a *attributionPage) buckets(by attribution.Dimension) *ui.Whole {
	var sourced, assisted, none, withheld, left int64
	for _, g := range a.views[by].Groups {
		sourced, assisted = sourced+g.Sourced, assisted+g.Assisted
		switch g.Kind {
		case attribution.None:
			none += g.Credit - g.Sourced - g.Assisted
		case attribution.Withheld:
			withheld += g.Credit
		case attribution.Unattributed:
			left += g.Credit
		case attribution.Named, attribution.Other:
		}
	}
	part := func(name, kind string, minor int64) ui.Part {
		return ui.Part{Name: name + " " + a.short(minor), Kind: kind, Value: float64(max(0, minor)), Text: a.whole(minor)}
	}
	return &ui.Whole{Label: "Credit by bucket: sourced, assisted, without a rep, withheld, unattributed", Names: true, Parts: []ui.Part{
		part("Sourced", "ink", sourced), part("Assisted", "mid", assisted), part("No rep", "soft", none), part("Withheld", ui.Unattributed, withheld), part(ui.Unattributed, ui.Unattributed, left),
	}}
}

// holds says for how many rows the decision is the same under every model: of
// those with spend whether it pays back, of all the place among the others.
func (a *attributionPage) holds(by attribution.Dimension, named []attribution.Group) ui.Words {
	if a.folded(by) || len(named) < 2 {
		return nil
	}
	ranks, spend, sure := 0, 0, 0
	for _, g := range named {
		if g.RankMin == g.RankMax {
			ranks++
		}
		if p := a.pays[string(by)+g.ID]; p.spend {
			spend++
			if p.models == 0 || p.models == len(attribution.Models) {
				sure++
			}
		}
	}
	n := len(attribution.Models)
	var w ui.Words
	if a.hasSpend() && spend > 0 {
		w = w.Bold(fmt.Sprintf("%s of %d with spend", howMany(sure), spend)).And(fmt.Sprintf(" earn or lose it under every one of %d models. ", n))
	}
	first := named[0]
	w = w.Bold(fmt.Sprintf("%s of %d", howMany(ranks), len(named))).And(" keep their place under every model; ")
	if first.RankMax == 1 {
		return w.And(a.nameOf(by, first) + " is first under all.")
	}
	return w.And(fmt.Sprintf("%s, first here, falls to place %d under one.", a.nameOf(by, first), first.RankMax))
}

// howMany begins a sentence with a count of some.
func howMany(n int) string {
	if n == 0 {
		return "None"
	}
	return upper(small(int64(n)))
}

// nameOf is what the page calls a named group.
func (a *attributionPage) nameOf(by attribution.Dimension, g attribution.Group) string {
	switch {
	case g.Kind != attribution.Named:
		return groupName(string(by), g.Kind)
	case by == attribution.Rep && g.ID != "":
		return a.names.call(g.ID, g.Name)
	case by == attribution.Content:
		return brief(pageName(g.Name))
	case by == attribution.Post:
		return brief(g.Name)
	}
	return g.Name
}

// pageName is a page's address without the scheme.
func pageName(address string) string {
	return strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
}

// rows is the address of the rows behind a group's credit.
func (a *attributionPage) rows(by attribution.Dimension, g attribution.Group) string {
	return a.at("/attribution/rows", "by", string(by)) + "&" + url.Values{"kind": {string(g.Kind)}, "id": {g.ID}}.Encode()
}

// groups are the rows of a view, only one channel's when the page is narrowed.
// hidden is the credit left out.
func (a *attributionPage) groups(by attribution.Dimension) (groups []attribution.Group, hidden int64) {
	groups = a.views[by].Groups
	if a.channel == "" || by != attribution.Campaign && by != attribution.Post {
		return groups, 0
	}
	var out []attribution.Group
	for _, g := range groups {
		if g.Kind == attribution.Named && !strings.EqualFold(g.Channel, a.channel) {
			hidden += g.Credit
			continue
		}
		out = append(out, g)
	}
	return out, hidden
}

// axis spans shares for channels, money for the rest.
func (a *attributionPage) axis(by attribution.Dimension, groups []attribution.Group) ui.Axis {
	var values []float64
	for _, g := range groups {
		if g.Kind == attribution.Named {
			low, high := a.ends(by, g)
			values = append(values, low, high)
		}
	}
	if by == attribution.Channel {
		for _, g := range groups {
			if g.Kind != attribution.Named {
				values = append(values, g.Share)
			}
		}
		return ui.NewAxis(values, func(v float64) string { return a.f.Percent(v, 0) })
	}
	if len(values) == 0 {
		values = append(values, float64(a.views[by].Total))
	}
	return ui.NewAxis(values, func(v float64) string {
		if v == 0 {
			return "0"
		}
		return a.short(int64(v))
	})
}

// ends is a group's range over the models on the axis of its view.
func (a *attributionPage) ends(by attribution.Dimension, g attribution.Group) (low, high float64) {
	if by == attribution.Channel {
		return shareRange(a.views[by], g)
	}
	return float64(g.Min), float64(g.Max)
}

// place is a group's credit on the axis of its view.
func (a *attributionPage) place(by attribution.Dimension, g attribution.Group) float64 {
	if by == attribution.Channel {
		return g.Share
	}
	return float64(g.Credit)
}

func (a *attributionPage) row(by attribution.Dimension, g attribution.Group, axis ui.Axis) ui.LedgerRow {
	r := ui.LedgerRow{
		Name: a.nameOf(by, g), Channel: g.Channel, Share: a.f.Percent(g.Share, 1), Credit: a.whole(g.Credit), Rows: a.rows(by, g), Reach: a.short(g.Reach),
		Deals: a.f.Count(int64(g.Deals)), Grades: ui.Grades{A: g.Evidence[0], B: g.Evidence[1], C: g.Evidence[2]},
		Sourced: a.whole(g.Sourced), Assist: a.whole(g.Assisted), Suspect: a.f.Count(int64(g.Suspected)),
	}
	if g.Min == g.Max {
		r.Span = "the same"
	} else {
		r.Span = a.span(g.Min, g.Max)
	}
	if g.Kind != attribution.Named {
		if _, high := a.ends(by, g); g.Kind == attribution.None {
			r.Channel = ""
			if high <= axis.Max { // the axis is made for those with a name
				r.Range = a.rangeOf(by, g, axis, "")
			}
			return r
		}
		r.Channel = ui.Unattributed
		if g.Min == g.Max {
			r.Span = "always a row"
		}
		r.Hatch = &ui.Delta{Axis: axis, To: max(0, min(a.place(by, g), axis.Max)), Label: r.Name + " " + r.Credit}
		if g.Kind == attribution.Unattributed {
			r.Href = "#uncovered"
		}
		return r
	}
	if g.ID == smallTeams {
		r.Deals, r.Reach = "", "" // a deal of two teams would count twice
	}
	switch by {
	case attribution.Channel:
		r.Channel = g.ID
		r.Href = a.drill(g.ID)
	case attribution.Campaign:
		r.Sub = g.Channel
		r.Href = a.at("/campaigns/"+pathSegment(g.ID), "", "")
	case attribution.Post, attribution.Content:
		r.Sub = g.Channel
	case attribution.Rep:
		r.Channel = ""
		if (a.names.seesAll || a.names.own[g.ID]) && g.ID != "" {
			r.Href = "/reps/" + pathSegment(g.ID)
		}
	case attribution.Team:
		r.Channel = ""
	}
	if g.RankMax > 0 {
		r.Rank = fmt.Sprintf("%d–%d", g.RankMin, g.RankMax)
		if g.RankMin == g.RankMax {
			r.Rank = fmt.Sprint(g.RankMin)
		}
	}
	r.Range = a.rangeOf(by, g, axis, r.Channel)
	r.Pays = a.paysWords(by, g.ID)
	r.MER, r.Spend = a.ratio(a.pays[string(by)+g.ID].mer), a.short(a.pays[string(by)+g.ID].minor)
	return r
}

// drill is the address of a channel's campaigns.
func (a *attributionPage) drill(channel string) string {
	return strings.Replace(a.here("channel", channel), "/attribution?", "/attribution?by=campaign&", 1)
}

func (a *attributionPage) rangeOf(by attribution.Dimension, g attribution.Group, axis ui.Axis, channel string) ui.Range {
	low, high := a.ends(by, g)
	r := ui.Range{
		Axis: axis, Low: low, High: high, Value: a.place(by, g), Channel: channel,
		Label: fmt.Sprintf("%s, %s over the models", a.whole(g.Credit), a.span(g.Min, g.Max)),
	}
	for i := range g.ByModel {
		if by == attribution.Channel {
			r.Ticks = append(r.Ticks, shareUnder(a.views[by], g, i))
		}
	}
	return r
}

// span writes a range with the unit once: €522–1,035 k.
func (a *attributionPage) span(low, high int64) string { return a.short(low) + " – " + a.short(high) }

func (a *attributionPage) share(credit, total int64) string {
	if total == 0 {
		return ui.None
	}
	return a.f.Percent(float64(credit)/float64(total), 1)
}

func (a *attributionPage) paysWords(by attribution.Dimension, id string) ui.Pays {
	p, n := a.pays[string(by)+id], len(attribution.Models)
	switch {
	case !p.spend:
		return ui.Pays{Text: "no spend"}
	case p.models == n:
		return ui.Pays{Kind: "good", Text: fmt.Sprintf("earns, all %d", n)}
	case p.models == 0:
		return ui.Pays{Kind: "bad", Text: fmt.Sprintf("loses, all %d", n)}
	}
	return ui.Pays{Kind: "warn", Text: fmt.Sprintf("%d of %d earn", p.models, n)}
}

// tableSection heads a table with what it says.
func (a *attributionPage) tableSection(by attribution.Dimension, named, rest []attribution.Group, short bool) ui.Section {
	view := a.views[by]
	sec := ui.Section{ID: "by-" + string(by), Finding: a.tableFinding(by, named), Download: a.here("format", "csv")}
	sec.Measure = ui.Say("Credited revenue, " + strings.ToLower(view.Model.Title) + " and range; an amount opens its rows")
	if by == attribution.Channel {
		sec.Measure = ui.Say("Share of " + a.whatMoney() + " by channel; a channel’s name opens its campaigns, an amount its rows")
	}
	if short {
		sec.Download = strings.Replace(a.here("format", "csv"), "/attribution?", "/attribution?by="+string(by)+"&", 1)
	} else {
		var options []ui.Option
		for _, o := range attribution.Dimensions {
			if o != attribution.Rep || a.names.named() {
				options = append(options, ui.Option{Text: viewTitles[o], Href: a.here("by", string(o)), Current: o == a.by})
			}
		}
		sec.Switches = []ui.Segments{{Options: options}}
	}
	table := &ui.Table{Caption: "Credit by " + string(by) + ", every model", Head: []string{viewTitles[by], "Credited", "Share", "Lowest", "Highest", "Deals", "Touches A", "B", "C"}}
	for _, m := range attribution.Models {
		table.Head = append(table.Head, m.Title)
	}
	for _, g := range slices.Concat(named, rest) {
		deals := a.f.Count(int64(g.Deals))
		if g.ID == smallTeams {
			deals = "" // a deal of two teams would count twice
		}
		cells := []string{
			a.nameOf(by, g), a.f.Money(g.Credit, a.code()), a.f.Percent(g.Share, 1), a.f.Money(g.Min, a.code()), a.f.Money(g.Max, a.code()),
			deals, a.f.Count(int64(g.Counts[0])), a.f.Count(int64(g.Counts[1])), a.f.Count(int64(g.Counts[2])),
		}
		for _, credit := range g.ByModel {
			cells = append(cells, a.f.Money(credit, a.code()))
		}
		table.Rows = append(table.Rows, cells)
	}
	table.Foot = []string{a.totalName(), a.f.Money(view.Total, a.code()), a.f.Percent(1, 0), "", "", a.f.Count(int64(view.Deals)), "", "", ""}
	for _, total := range view.Totals {
		table.Foot = append(table.Foot, a.f.Money(total, a.code()))
	}
	sec.Table = table
	return sec
}

// things are what a view has many of.
var things = map[attribution.Dimension]string{
	attribution.Channel: "channels", attribution.Campaign: "campaigns", attribution.Post: "posts", attribution.Content: "pieces of content", attribution.Rep: "reps", attribution.Team: "teams",
}

// tableFinding is what a table says: who swings most, or how much the first few hold.
func (a *attributionPage) tableFinding(by attribution.Dimension, named []attribution.Group) ui.Words {
	if len(named) == 0 {
		return ui.Say("No credit has a " + string(by))
	}
	if by == attribution.Channel {
		wide := widest(a.views[by], named)
		low, high := shareRange(a.views[by], wide)
		return ui.Say(fmt.Sprintf("%s depends most on the model: %s to %s", wide.Name, a.f.Number(low*100, 0), a.f.Percent(high, 0)))
	}
	n, sum := min(4, len(named)), 0.0
	for _, g := range named[:n] {
		sum += g.Share
	}
	if n == 1 {
		return ui.Say(fmt.Sprintf("One %s holds %s of %s", by, a.f.Percent(sum, 0), a.whatMoney()))
	}
	if n == len(named) {
		return ui.Say(fmt.Sprintf("All %s %s together hold %s of %s", small(int64(n)), things[by], a.f.Percent(sum, 0), a.whatMoney()))
	}
	return ui.Say(fmt.Sprintf("%s of %d %s hold %s of %s", upper(small(int64(n))), len(named), things[by], a.f.Percent(sum, 0), a.whatMoney()))
}

// uncoveredWords says each reason and what can be done about it.
var uncoveredWords = map[string][2]string{
	attribution.UncoveredNoAccount: {"The deal names no account", "give the deal an account in the CRM"},
	attribution.UncoveredNoTouch:   {"Nobody of the account was ever seen", "connect mailboxes, or join contacts under Quality"},
	attribution.UncoveredPeople:    {"Only other people were seen", "the people rule leaves them out"},
	attribution.UncoveredAfter:     {"Touches only after the close", "a touch after the close earns nothing"},
	attribution.UncoveredOld:       {"All touches older than the window", "the look-back window decides"},
	attribution.UncoveredNoEarn:    {"Only mail sent or opened, no reply", "sent and opened mail earns nothing"},
	attribution.UncoveredSetting:   {"Only touches the setting leaves out", "attribution.touches decides"},
	attribution.UncoveredSuspected: {"Timing only, grade D", "suspected, never paid"},
}

func (a *attributionPage) uncovered() ui.Uncovered {
	u := ui.Uncovered{Section: ui.Section{ID: "why-uncovered"}}
	won, deals := int64(0), 0
	for _, r := range a.covered.Reasons {
		won, deals = won+r.Won, deals+r.Deals
	}
	if len(a.covered.Reasons) == 0 {
		u.Section.Finding = ui.Say("Every won deal has a touch on its path")
		u.Section.Measure = ui.Say("Coverage is complete; what is still unattributed belongs to people who opted out")
		if a.unattributed() == 0 {
			u.Section.Measure = ui.Say("Coverage is complete and nothing is unattributed")
		}
		return u
	}
	u.Section.Finding = ui.Say("Why " + a.share(won, a.covered.Won) + " has no owner")
	u.Section.Measure = ui.Say(a.f.Plural(int64(deals), "won deal", "won deals") + ", by first failing rule")
	axis := ui.Axis{Max: float64(a.covered.Reasons[0].Won)}
	table := &ui.Table{Caption: "Won deals without a touch on the path", Head: []string{"Reason", "Deals", "Won"}}
	for _, r := range a.covered.Reasons {
		words, ok := uncoveredWords[r.Reason]
		if !ok {
			words = [2]string{r.Reason, ""}
		}
		u.Rows = append(u.Rows, ui.UncoveredRow{
			Name: words[0], Note: words[1], Href: a.at("/attribution/rows", "kind", string(attribution.Unattributed)) + "&reason=" + querySegment(r.Reason), Deals: a.f.Count(int64(r.Deals)), Won: a.short(r.Won),
			Bar: ui.Delta{Axis: axis, To: float64(r.Won), Label: words[0]},
		})
		table.Rows = append(table.Rows, []string{words[0], a.f.Count(int64(r.Deals)), a.f.Money(r.Won, a.code())})
	}
	u.Total = ui.UncoveredRow{Deals: a.f.Count(int64(deals)), Won: a.short(won)}
	u.Section.Table = table
	return u
}
