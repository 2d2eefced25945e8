package web

import (
	"fmt"
	"math"
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
func (a *attributionPage) table(by string, view attribution.View, short bool) ui.LedgerTable {
	groups, hidden := a.groups(by, view)
	t := ui.LedgerTable{
		Head:  map[string]string{"channel": "Channel", "campaign": "Campaign", "rep": "Rep", "post": "Post", "team": "Team"}[by],
		Short: short, Ranges: fmt.Sprintf("Over %d models", len(attribution.Models)), HasReps: by == "rep",
		HasSpend: a.v.Reader.SeesSpend() && (by == "channel" || by == "campaign"), HasRank: by == "channel" && !short,
	}
	if by == "rep" && !a.names.named() {
		t.Head = "Team"
	}
	t.Axis = a.axis(by, groups, view)
	if short || by == "rep" {
		t.Axis = t.Axis.Thin(3) // a narrow column
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
		t.Rows = append(t.Rows, a.row(by, g, view, t.Axis))
	}
	if len(named) > shown {
		more := int64(0)
		for _, g := range named[shown:] {
			more += g.Credit
		}
		t.Rest = append(t.Rest, ui.LedgerRow{Name: fmt.Sprintf("%d more", len(named)-shown), Share: a.share(more, view.Total), Credit: a.whole(more)})
		if short {
			t.Rest[0].Href = a.here("by", by)
		}
	}
	if hidden != 0 {
		t.Rest = append(t.Rest, ui.LedgerRow{Name: "Other channels", Share: a.share(hidden, view.Total), Credit: a.whole(hidden)})
	}
	for _, g := range rest {
		t.Rest = append(t.Rest, a.row(by, g, view, t.Axis))
	}
	t.Total = ui.LedgerRow{
		Name: "Won revenue", Sub: fmt.Sprintf("dot = %s, ticks = each of %d models, band = their range", strings.ToLower(a.channels.Model.Title), len(attribution.Models)),
		Share: a.f.Percent(1, 0), Credit: a.whole(view.Total), Deals: a.f.Count(int64(view.Deals)),
	}
	if short {
		t.Total.Sub = ""
	}
	if a.company != nil {
		t.Total.MER = a.ratio(a.company.Total.MER)
	}
	t.Section = a.tableSection(by, named, rest, view, short)
	if by == "rep" && !a.names.named() {
		t.Note = "By team: names of reps are not shown to this role; teams of fewer than five stand together."
	}
	return t
}

// groups are the rows of a view: reps by team for who may not name them, and
// only one channel's when the page is narrowed. hidden is the credit left out.
func (a *attributionPage) groups(by string, view attribution.View) (groups []attribution.Group, hidden int64) {
	groups = view.Groups
	if by == "rep" && !a.names.named() {
		return byTeam(groups, a.teams), 0
	}
	if a.channel == "" || by == "channel" || by == "rep" {
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
func (a *attributionPage) axis(by string, groups []attribution.Group, view attribution.View) ui.Axis {
	var values []float64
	for _, g := range groups {
		if g.Kind == attribution.Named {
			values = append(values, a.place(by, g.Max, view), a.place(by, g.Min, view))
		}
	}
	if by == "channel" {
		for _, g := range groups {
			if g.Kind != attribution.Named {
				values = append(values, a.place(by, g.Credit, view))
			}
		}
		return ui.NewAxis(values, func(v float64) string { return a.f.Percent(v, 0) })
	}
	if len(values) == 0 {
		values = append(values, float64(view.Total))
	}
	return ui.NewAxis(values, func(v float64) string {
		if v == 0 {
			return "0"
		}
		return a.short(int64(v))
	})
}

func (a *attributionPage) place(by string, minor int64, view attribution.View) float64 {
	if by == "channel" {
		if view.Total == 0 {
			return 0
		}
		return float64(minor) / float64(view.Total)
	}
	return float64(minor)
}

func (a *attributionPage) row(by string, g attribution.Group, view attribution.View, axis ui.Axis) ui.LedgerRow {
	r := ui.LedgerRow{
		Name: g.Name, Channel: g.Channel, Share: a.f.Percent(g.Share, 1), Credit: a.whole(g.Credit),
		Deals: a.f.Count(int64(g.Deals)), Grades: ui.Grades{A: g.Evidence[0], B: g.Evidence[1], C: g.Evidence[2]},
		Sourced: a.whole(g.Sourced), Assist: a.whole(g.Assisted), Suspect: a.f.Count(int64(g.Suspected)),
	}
	if g.Min == g.Max {
		r.Span = "the same"
	} else {
		r.Span = a.span(g.Min, g.Max)
	}
	if g.Kind != attribution.Named {
		r.Name = groupName(by, g.Kind)
		if g.Kind == attribution.None {
			r.Channel = ""
			if a.place(by, g.Max, view) <= axis.Max { // the axis is made for those with a name
				r.Range = a.rangeOf(by, g, view, axis, "")
			}
			return r
		}
		r.Channel = ui.Unattributed
		r.Span = "always a row"
		to := a.place(by, g.Credit, view)
		r.Hatch = &ui.Delta{Axis: axis, To: max(0, min(to, axis.Max)), Label: r.Name + " " + r.Credit}
		if g.Kind == attribution.Unattributed {
			r.Href = "#uncovered"
		}
		return r
	}
	if by == "rep" && !a.names.named() {
		r.Deals = "" // a deal of two reps of a team would count twice
	}
	switch by {
	case "channel":
		r.Channel = g.ID
		r.Href = a.drill(g.ID)
	case "campaign", "post":
		r.Sub = g.Channel
	case "rep":
		if g.ID != "" {
			r.Name = a.names.call(g.ID, g.Name)
		}
		r.Channel = ""
		if (a.names.seesAll || a.names.own[g.ID]) && g.ID != "" {
			r.Href = "/reps/" + g.ID
		}
	}
	if g.RankMax > 0 {
		r.Rank = fmt.Sprintf("%d–%d", g.RankMin, g.RankMax)
		if g.RankMin == g.RankMax {
			r.Rank = fmt.Sprint(g.RankMin)
		}
	}
	r.Range = a.rangeOf(by, g, view, axis, r.Channel)
	r.Pays = a.paysWords(by, g.ID)
	r.MER = a.ratio(a.pays[by+g.ID].mer)
	return r
}

// drill is the address of a channel's campaigns.
func (a *attributionPage) drill(channel string) string {
	return strings.Replace(a.here("channel", channel), "/attribution?", "/attribution?by=campaign&", 1)
}

func (a *attributionPage) rangeOf(by string, g attribution.Group, view attribution.View, axis ui.Axis, channel string) ui.Range {
	r := ui.Range{
		Axis: axis, Low: a.place(by, g.Min, view), High: a.place(by, g.Max, view), Value: a.place(by, g.Credit, view), Channel: channel,
		Label: fmt.Sprintf("%s, %s over the models", a.whole(g.Credit), a.span(g.Min, g.Max)),
	}
	for _, m := range g.ByModel {
		r.Ticks = append(r.Ticks, a.place(by, m, view))
	}
	if len(g.ByModel) == 0 || by != "channel" {
		r.Ticks = nil
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

func (a *attributionPage) paysWords(by, id string) ui.Pays {
	p, n := a.pays[by+id], len(attribution.Models)
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
func (a *attributionPage) tableSection(by string, named, rest []attribution.Group, view attribution.View, short bool) ui.Section {
	sec := ui.Section{ID: "by-" + by, Finding: a.tableFinding(by, named), Download: a.here("format", "csv")}
	sec.Measure = ui.Say("Credited revenue, " + strings.ToLower(a.channels.Model.Title) + " and range")
	if by == "channel" {
		sec.Measure = ui.Say("Share of won revenue by channel; a channel’s name opens its campaigns")
	}
	if short {
		sec.Download = strings.Replace(a.here("format", "csv"), "/attribution?", "/attribution?by="+by+"&", 1)
	} else {
		var options []ui.Option
		for _, o := range attributionViews {
			title := o.title
			if o.id == "rep" && !a.names.named() {
				title = "Team"
			}
			options = append(options, ui.Option{Text: title, Href: a.here("by", o.id), Current: o.id == a.by})
		}
		sec.Switches = []ui.Segments{{Options: options}}
	}
	table := &ui.Table{Caption: "Credit by " + by + ", " + a.channels.Model.Title, Head: []string{upper(by), "Credited", "Share", "Lowest", "Highest", "Deals", "Touches A", "B", "C"}}
	for _, g := range slices.Concat(named, rest) {
		name := g.Name
		if g.Kind != attribution.Named {
			name = groupName(by, g.Kind)
		} else if by == "rep" && g.ID != "" {
			name = a.names.call(g.ID, g.Name)
		}
		deals := a.f.Count(int64(g.Deals))
		if by == "rep" && !a.names.named() && g.Kind == attribution.Named {
			deals = "" // a deal of two reps of a team would count twice
		}
		table.Rows = append(table.Rows, []string{
			name, a.f.Money(g.Credit, a.code()), a.f.Percent(g.Share, 1), a.f.Money(g.Min, a.code()), a.f.Money(g.Max, a.code()),
			deals, a.f.Count(int64(g.Counts[0])), a.f.Count(int64(g.Counts[1])), a.f.Count(int64(g.Counts[2])),
		})
	}
	table.Foot = []string{"Won revenue", a.f.Money(view.Total, a.code()), a.f.Percent(1, 0), "", "", a.f.Count(int64(view.Deals)), "", "", ""}
	sec.Table = table
	return sec
}

// tableFinding is what a table says: who swings most, or how much the first few hold.
func (a *attributionPage) tableFinding(by string, named []attribution.Group) ui.Words {
	if len(named) == 0 {
		return ui.Say("No credit has a " + by)
	}
	if by == "channel" {
		wide := slices.MaxFunc(named, func(x, y attribution.Group) int { return int(sign((x.Max - x.Min) - (y.Max - y.Min))) })
		low, high := a.shares(wide)
		return ui.Say(fmt.Sprintf("%s depends most on the model: %s to %s", wide.Name, a.f.Number(low*100, 0), a.f.Percent(high, 0)))
	}
	n, sum := min(4, len(named)), 0.0
	for _, g := range named[:n] {
		sum += g.Share
	}
	things := map[string]string{"campaign": "campaigns", "rep": "reps", "post": "posts"}[by]
	if by == "rep" && !a.names.named() {
		things = "teams"
	}
	if n == 1 {
		return ui.Say(fmt.Sprintf("One %s holds %s of won revenue", strings.TrimSuffix(things, "s"), a.f.Percent(sum, 0)))
	}
	return ui.Say(fmt.Sprintf("%s of %d %s hold %s of won revenue", upper(small(int64(n))), len(named), things, a.f.Percent(sum, 0)))
}

// disagreement is the share of each row under every model, shaded by its
// distance from the chosen one.
func (a *attributionPage) disagreement() *ui.ModelTable {
	view, by := a.channels, "channel"
	named := namedGroups(view)
	if view.Total == 0 || len(named) == 0 {
		return nil
	}
	at := slices.IndexFunc(attribution.Models, func(m attribution.Model) bool { return m.ID == a.v.Model })
	t := &ui.ModelTable{}
	for _, m := range attribution.Models {
		t.Columns = append(t.Columns, ui.MatrixColumn{Text: m.Short, Title: m.Title + ": " + m.Formula, Href: a.here("model", m.ID), Chosen: m.ID == a.v.Model})
	}
	widest, name, word := 0.0, "", ""
	table := &ui.Table{Caption: "Share of won revenue by channel and model", Head: []string{"Channel"}}
	for _, m := range attribution.Models {
		table.Head = append(table.Head, m.Title)
	}
	for _, g := range view.Groups {
		row := ui.MatrixRow{Name: g.Name, Channel: g.ID}
		if g.Kind != attribution.Named {
			row.Name, row.Channel = groupName(by, g.Kind), ui.Unattributed
		}
		cells := []string{row.Name}
		for i, minor := range g.ByModel {
			share := float64(minor) / float64(view.Total)
			base := float64(g.ByModel[at]) / float64(view.Total)
			heat := ui.Heat{Text: a.f.Number(share*100, 1), Chosen: i == at, Quiet: g.Kind != attribution.Named}
			if g.Kind == attribution.Named {
				heat.Strength = math.Max(-1, math.Min(1, (share-base)/math.Max(base, .02)))
				if d := math.Abs(share - base); d > widest {
					widest, name, word = d, g.Name, attribution.Models[i].Title
				}
			}
			row.Cells = append(row.Cells, heat)
			cells = append(cells, a.f.Percent(share, 1))
		}
		table.Rows = append(table.Rows, cells)
		if g.Kind == attribution.Named {
			t.Rows = append(t.Rows, row)
		} else {
			t.Rest = append(t.Rest, row)
		}
	}
	finding := "The models agree on every channel"
	if widest > .0005 {
		finding = fmt.Sprintf("Where the models disagree: %s moves %s by %s", strings.ToLower(word), name, a.f.Number(widest*100, 1)+"\u202fpts")
	}
	t.Section = ui.Section{ID: "models-disagree", Finding: ui.Say(finding), Measure: ui.Say("Share of won revenue in %, shaded by distance from " + strings.ToLower(a.channels.Model.Title)), Table: table}
	return t
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
			Name: words[0], Note: words[1], Deals: a.f.Count(int64(r.Deals)), Won: a.short(r.Won),
			Bar: ui.Delta{Axis: axis, To: float64(r.Won), Label: words[0]},
		})
		table.Rows = append(table.Rows, []string{words[0], a.f.Count(int64(r.Deals)), a.f.Money(r.Won, a.code())})
	}
	u.Total = ui.UncoveredRow{Deals: a.f.Count(int64(deals)), Won: a.short(won)}
	u.Section.Table = table
	return u
}
