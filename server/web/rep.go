package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/performance"
	"credence/ui"
	"credence/warehouse"
)

// pageMe is the reader's own page as a rep.
func (s *Server) pageMe(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		g := s.figures(c, v)
		if v.Reader.RepID == "" {
			v.Layout.Finding = ui.Say("No rep has your e-mail address yet")
			v.Layout.Crumbs = []ui.Link{{Text: "Today"}, {Text: "My number"}}
			return s.page(c, v, "rep", ui.RepPage{Empty: &ui.State{
				Kind: "empty", Title: "Your deals are not here yet",
				Text: "Deals belong to you when a rep in a connected source has the address " + v.Reader.Email + ". An administrator can connect the source or correct the address.",
			}})
		}
		rep, err := performance.FindRep(ctx, v, v.Reader.ID, v.Reader.RepID)
		if err != nil {
			return err
		}
		view, err := g.of("", rep.ID).rep(ctx, rep, true)
		if err != nil {
			return err
		}
		return s.page(c, v, "rep", view)
	})
}

// pageRep is one rep as their manager sees them. A reader who may not see reps
// by name finds nothing here.
func (s *Server) pageRep(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		if v.Generation == 0 {
			return warehouse.ErrNotFound
		}
		rep, err := performance.FindRep(ctx, v, v.Reader.ID, c.Params("id"))
		if err != nil {
			return err
		}
		names, err := s.namer(ctx, v)
		if err != nil {
			return err
		}
		if !names.mayName(rep.ID) {
			return warehouse.ErrNotFound
		}
		own := rep.ID == v.Reader.RepID
		view, err := s.figures(c, v).of("", rep.ID).rep(ctx, rep, own)
		if err != nil {
			return err
		}
		return s.page(c, v, "rep", view)
	})
}

func (g *figures) rep(ctx context.Context, rep performance.Rep, own bool) (view ui.RepPage, err error) {
	l := &g.v.Layout
	l.Crumbs = []ui.Link{{Text: "Today", Href: g.to("/")}, {Text: rep.Name}}
	if own {
		l.Crumbs[1].Text = "My number"
	} else if rep.TeamName != "" {
		l.Crumbs = []ui.Link{l.Crumbs[0], {Text: rep.TeamName, Href: g.to(teamPath(rep.TeamID))}, l.Crumbs[1]}
	}
	l.Current = g.to("/")
	l.Notes = append(g.notes(), "Team medians carry no names", "Mail and calendar metadata only; no message text is stored")
	ok, err := g.hasDeals(ctx)
	if err != nil || !ok {
		l.Finding = ui.Say(rep.Name + " has no deals yet")
		view.Empty = g.empty()
		return view, err
	}
	whole, err := g.whole(ctx, rep.Name)
	if err != nil {
		return view, err
	}
	open, err := performance.OpenDeals(ctx, g.v, g.ask)
	if err != nil {
		return view, err
	}
	l.Finding = g.repTitle(rep, own, whole, open)
	view.Number = g.numberBar(whole, open)
	if view.Tiles, err = g.repTiles(ctx, whole); err != nil {
		return view, err
	}
	view.Open = g.openTable(open)
	if view.Standing, err = g.standing(ctx, rep, own); err != nil {
		return view, err
	}
	if err = g.earnings(ctx, &view, rep, own); err != nil {
		return view, err
	}
	if view.Posts, err = g.repPosts(ctx, own); err != nil {
		return view, err
	}
	view.Touches, err = g.repTouches(ctx, own)
	return view, err
}

// repTitle is the page's finding: the number, what is missing and what is due.
func (g *figures) repTitle(rep performance.Rep, own bool, whole performance.Standing, open []performance.OpenDeal) ui.Words {
	who := "You have won "
	if !own {
		who = rep.Name + " has won "
	}
	w := ui.Say(who).Link(g.f.Whole(whole.Won.Minor, g.code()), g.rows("status", "won", "closed", "period"))
	if !whole.Quota.Known {
		return w.And(fmt.Sprintf(" in %s from %s.", periodWords(g.v.Period.Name), g.f.Plural(whole.Won.N, "deal", "deals")))
	}
	w = w.And(" of " + g.f.Whole(whole.Quota.Minor, g.code()) + ".")
	gap := whole.Quota.Minor - whole.Won.Minor
	if gap <= 0 {
		return w.And(" Quota is reached, " + g.f.Whole(-gap, g.code()) + " over.")
	}
	if !g.ask.Running() {
		return w.And(" " + g.f.Whole(gap, g.code()) + " were missing at the end of the " + g.kind() + ".")
	}
	w = w.And(fmt.Sprintf(" %s to go in %s", g.f.Whole(gap, g.code()), g.f.Plural(int64(g.ask.Days()-g.ask.DaysGone()), "working day", "working days")))
	due, expected := int64(0), int64(0)
	for _, d := range open {
		if d.Due {
			due += d.Reporting.V
			if minor, ok := d.Expected(); ok {
				expected += minor
			}
		}
	}
	if due == 0 {
		return w.And("; nothing is due in time.")
	}
	return w.And("; ").Link(g.f.Whole(due, g.code()), g.rows("status", "open", "due", "period")).
		And(" is due, and history says " + g.f.Whole(expected, g.code()) + " of it closes.")
}

// barDeals is how many open deals the number bar names.
const barDeals = 6

// numberBar is won revenue, then the deals due, against quota and pace.
func (g *figures) numberBar(whole performance.Standing, open []performance.OpenDeal) *ui.NumberBar {
	bar := &ui.NumberBar{Won: g.major(whole.Won.Minor), WonText: g.short(whole.Won.Minor)}
	bar.Head = ui.Section{ID: "number", Finding: ui.Say("What was won in " + periodWords(g.v.Period.Name)), Measure: ui.Say("Won revenue in " + g.code())}
	top := bar.Won
	if whole.Quota.Known {
		bar.Quota, bar.QuotaText = g.major(whole.Quota.Minor), "quota "+g.short(whole.Quota.Minor)
		top = max(top, bar.Quota)
		bar.Head.Finding = ui.Say(g.f.Percent(float64(whole.Won.Minor)/float64(max(whole.Quota.Minor, 1)), 0) + " of quota")
		if g.ask.Running() {
			bar.Pace = bar.Quota * g.gone()
			bar.PaceText = fmt.Sprintf("pace, day %d: %s", g.ask.DaysGone(), g.short(int64(math.Round(float64(whole.Quota.Minor)*g.gone()))))
		}
	}
	at := bar.Won
	rest, restN := int64(0), int64(0)
	var due []performance.OpenDeal
	for _, d := range open {
		if !d.Due || !d.Reporting.Valid || d.Reporting.V <= 0 || !g.ask.Running() {
			continue
		}
		if len(due) < barDeals {
			due = append(due, d)
			continue
		}
		rest += d.Reporting.V
		restN++
	}
	for _, d := range due {
		amount := g.major(d.Reporting.V)
		part := ui.NumberPart{From: at, To: at + amount, Shade: 1, Name: cmp.Or(d.Account, d.Name), Amount: g.short(d.Reporting.V), Href: g.deal(d.ID)}
		if d.ChanceE6.Valid {
			chance := float64(d.ChanceE6.V) / 1e6
			part.Shade, part.Chance = 1+int(math.Min(4, math.Floor(chance*5))), g.f.Percent(chance, 0)
		}
		bar.Parts = append(bar.Parts, part)
		at += amount
	}
	if rest > 0 {
		to := at + g.major(rest)
		bar.Parts = append(bar.Parts, ui.NumberPart{From: at, To: to, Shade: 1, Name: fmt.Sprintf("%d more", restN), Amount: g.short(rest), Href: g.rows("status", "open", "due", "period")})
		at = to
	}
	bar.Axis = ui.Axis{Max: max(top, at, 1) * 1.01}
	for i, p := range bar.Parts {
		share := (p.To - p.From) / bar.Axis.Max
		bar.Parts[i].Named = share*160 > float64(len([]rune(p.Name)))
		bar.Parts[i].Wide = share > .05
	}
	if len(due) > 0 {
		bar.Head.Measure = ui.Say("Won, then open deals due in this " + g.kind() + ", shaded by the share of deals won from their stage; " + g.code())
		bar.Head.Finding = g.closesGap(whole, due, bar.Head.Finding)
	}
	return bar
}

// closesGap names the fewest of the largest deals due that together close the
// gap to quota.
func (g *figures) closesGap(whole performance.Standing, due []performance.OpenDeal, otherwise ui.Words) ui.Words {
	gap := whole.Quota.Minor - whole.Won.Minor
	if !whole.Quota.Known || gap <= 0 {
		return otherwise
	}
	sum := int64(0)
	for i, d := range due {
		sum += d.Reporting.V
		if sum < gap {
			continue
		}
		name := cmp.Or(due[0].Account, due[0].Name)
		switch i {
		case 0:
			return ui.Say(name + " alone closes the gap")
		case 1:
			return ui.Say(name + " and one more close the gap")
		default:
			return ui.Say(fmt.Sprintf("%s and %s more close the gap", name, small(int64(i))))
		}
	}
	return ui.Say("The largest deals due do not close the gap alone")
}

func (g *figures) repTiles(ctx context.Context, whole performance.Standing) ([]ui.Tile, error) {
	pipeline, err := g.pipelineTile(ctx, whole)
	if err != nil {
		return nil, err
	}
	tiles := []ui.Tile{pipeline}
	for _, name := range []string{"win_rate", "cycle_days", "average_deal", "meetings_held", "first_response"} {
		v, err := g.value(ctx, name)
		if err != nil {
			return nil, err
		}
		notes := map[string]string{
			"win_rate":       fmt.Sprintf("%s of %s decided", g.f.Count(v.N), g.f.Count(v.Of)),
			"cycle_days":     "n = " + g.f.Plural(v.N, "won deal", "won deals"),
			"average_deal":   "n = " + g.f.Plural(v.N, "won deal", "won deals"),
			"meetings_held":  g.f.Count(v.Of) + " arranged",
			"first_response": fmt.Sprintf("%s of %s answered", g.f.Count(v.N), g.f.Count(v.Of)),
		}
		tile, err := g.tile(ctx, name, notes[name])
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, tile)
	}
	return tiles, nil
}

// openRows is how many open deals a rep's page lists.
const openRows = 10

func (g *figures) openTable(open []performance.OpenDeal) *ui.OpenTable {
	t := &ui.OpenTable{Head: ui.Section{ID: "open"}}
	due, dueMinor := int64(0), int64(0)
	for i, d := range open {
		if d.Due {
			due++
			dueMinor += d.Reporting.V
		}
		if i >= openRows {
			continue
		}
		row := ui.OpenRow{Deal: d.Name, Sub: d.Account, Href: g.deal(d.ID), Stage: d.Stage, Due: ui.None, Late: d.Late() && g.ask.Running(), Amount: g.dealAmount(d)}
		if d.ExpectedOn.Valid {
			row.Due = g.shortDay(d.ExpectedOn.V)
		}
		if d.StageDays.Valid {
			row.Stage += ", day " + g.f.Count(d.StageDays.V)
		}
		if d.Stuck() {
			row.Why = "won deals took " + g.f.Number(d.WonDays.V, 0) + " days"
		} else if d.Quiet() {
			row.Why = "no word for " + g.f.Plural(d.QuietDays.V, "day", "days")
		}
		if d.ChanceE6.Valid {
			row.Known, row.Chance = true, float64(d.ChanceE6.V)/1e6
			row.Text = g.f.Percent(row.Chance, 0)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Head.Finding = ui.Say(fmt.Sprintf("%s open, %s due in this %s worth %s", g.f.Plural(int64(len(open)), "deal", "deals"), small(due), g.kind(), g.short(dueMinor)))
	if len(open) == 0 {
		t.Head.Finding = ui.Say("No deal is open")
	}
	t.Head.Measure = ui.Say("Those due first, the largest on top; won from this stage = won ÷ decided of all deals that reached it")
	if len(open) > openRows {
		t.More = ui.Link{Text: fmt.Sprintf("all %d open deals", len(open)), Href: g.rows("status", "open", "sort", "expected")}
	}
	return t
}

// compared is what a rep's page sets against the team's median.
var compared = []string{"win_rate", "average_deal", "cycle_days", "contacts_per_deal", "first_response", "reply_rate", "meetings_held", "posts_published"}

func (g *figures) standing(ctx context.Context, rep performance.Rep, own bool) (*ui.StandingTable, error) {
	if rep.TeamID == "" {
		return nil, nil
	}
	medians, err := performance.AgainstTeam(ctx, g.v, g.ask, compared...)
	if err != nil {
		return nil, err
	}
	t := &ui.StandingTable{Who: "you", Head: ui.Section{ID: "standing", Measure: ui.Say(fmt.Sprintf("%s, against the median of %s, without names", periodWords(g.v.Period.Name), rep.TeamName))}}
	if !own {
		t.Who = rep.Name
	}
	stronger, told := int64(0), int64(0)
	for _, m := range medians {
		row := ui.StandingRow{Name: m.Metric.Title, Define: m.Metric.Definition(), Own: g.words(m.Metric, m.Rep), Team: "too few reps"}
		if m.Told {
			row.Team = "team " + g.words(m.Metric, performance.Value{Known: true, Number: m.Median, Minor: int64(math.Round(m.Median))})
		}
		if m.Rep.Known {
			row.Known = true
			row.Glyph = g.standingGlyph(m)
			if m.Told {
				told++
				if row.Glyph.You > row.Glyph.Team {
					stronger++
				}
			}
		}
		t.Rows = append(t.Rows, row)
	}
	who := "You are"
	if !own {
		who = rep.Name + " is"
	}
	t.Head.Finding = ui.Say(fmt.Sprintf("%s stronger than the team's median in %s of %s", who, small(stronger), small(told)))
	if told == 0 {
		t.Head.Finding = ui.Say("Too few reps for a team median")
	}
	return t, nil
}

// standingGlyph places rep and median so that right is stronger: measures of
// which less is better run backwards.
func (g *figures) standingGlyph(m performance.TeamMedian) ui.Standing {
	you, team := m.Rep.Number, m.Median
	if m.Metric.Money() {
		you = float64(m.Rep.Minor)
	}
	top := you * 1.15
	if m.Told {
		top = max(you, m.Median*1.6, 1e-9) * 1.1
	}
	s := ui.Standing{Axis: ui.Axis{Min: 0, Max: top}, You: you, Team: team, HasTeam: m.Told, Label: m.Metric.Title}
	if m.Metric.Good == "down" {
		s.Axis, s.You, s.Team = ui.Axis{Min: -top, Max: 0}, -you, -team
	}
	return s
}

// dealCredit is what a rep's touches earned in one deal.
type dealCredit struct {
	id                string
	sourced, assisted int64
	grades            ui.Grades
}

// earnings fills in what the rep's touches earned in the deals won in the
// period: those the reader sees by deal, the others by account.
func (g *figures) earnings(ctx context.Context, view *ui.RepPage, rep performance.Rep, own bool) error {
	deals := map[string]*dealCredit{}
	var total dealCredit
	err := attribution.Ledger(ctx, g.v, g.v.Reader.ID, g.v.Model, clipped(g.ask), func(r attribution.LedgerRow) error {
		if r.RepID != rep.ID || r.ReportingMinor == nil || r.TouchID == "" || r.DealID == "" {
			return nil
		}
		d := deals[r.DealID]
		if d == nil {
			d = &dealCredit{id: r.DealID}
			deals[r.DealID] = d
		}
		for _, sum := range []*dealCredit{d, &total} {
			sum.add(r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	elsewhere, err := attribution.EarnedElsewhere(ctx, g.v, g.v.Reader.ID, clipped(g.ask), g.v.Model)
	if err != nil {
		return err
	}
	elsewhere = slices.DeleteFunc(elsewhere, func(e attribution.Elsewhere) bool { return e.RepID != rep.ID || e.Credit == 0 })
	others := int64(0)
	for _, e := range elsewhere {
		others += e.Credit
	}
	if view.Credit, err = g.creditTable(ctx, deals, total, others, own, rep.Name); err != nil {
		return err
	}
	if len(elsewhere) > 0 {
		view.Else = g.elseTable(elsewhere, others)
	}
	return nil
}

func (d *dealCredit) add(r attribution.LedgerRow) {
	if r.Bucket == "sourced" {
		d.sourced += *r.ReportingMinor
	} else {
		d.assisted += *r.ReportingMinor
	}
	switch r.Evidence {
	case "A":
		d.grades.A++
	case "B":
		d.grades.B++
	case "C":
		d.grades.C++
	}
}

func (g *figures) creditTable(ctx context.Context, deals map[string]*dealCredit, total dealCredit, others int64, own bool, name string) (*ui.CreditTable, error) {
	whose := "Your touches hold "
	if !own {
		whose = name + "'s touches hold "
	}
	model, _ := attribution.ModelByID(g.v.Model)
	sum := total.sourced + total.assisted + others
	t := &ui.CreditTable{Head: ui.Section{
		ID: "credit", Finding: ui.Say(whose + g.short(sum) + " of this " + g.kind() + "'s credit"),
		Measure: ui.Say(fmt.Sprintf("%s model, deals won in %s, own and colleagues'", model.Title, periodWords(g.v.Period.Name))),
	}}
	if sum == 0 {
		t.Head.Finding = ui.Say("No credit in this " + g.kind() + " yet")
		t.More = ui.Say("Credit appears when a deal is won that had a touch of the rep: an answer received, a meeting held, a post that was clicked.")
		return t, nil
	}
	t.Bar = ui.Whole{Label: "credit by part", Parts: []ui.Part{
		{Name: "sourced", Kind: "Rep Social", Value: float64(total.sourced), Text: g.short(total.sourced)},
		{Name: "assisted", Kind: "mid", Value: float64(total.assisted), Text: g.short(total.assisted)},
		{Name: "on others' deals", Kind: "soft", Value: float64(others), Text: g.short(others)},
	}}
	t.Facts = []ui.Fact{
		{Name: "sourced", Value: g.short(total.sourced)}, {Name: "assisted", Value: g.short(total.assisted)}, {Name: "on others' deals", Value: g.short(others)},
	}
	list := make([]*dealCredit, 0, len(deals))
	for _, d := range deals {
		list = append(list, d)
	}
	slices.SortFunc(list, func(x, y *dealCredit) int {
		return cmp.Or(-cmp.Compare(x.sourced+x.assisted, y.sourced+y.assisted), cmp.Compare(x.id, y.id))
	})
	names, err := performance.DealNames(ctx, g.v, g.ask)
	if err != nil {
		return nil, err
	}
	const shown = 8
	rest := int64(0)
	for i, d := range list {
		if i >= shown {
			rest += d.sourced + d.assisted
			continue
		}
		row := ui.CreditRow{Deal: d.id, Href: g.deal(d.id), Credit: g.f.Whole(d.sourced+d.assisted, g.code()), Bucket: bucketWords(d), Grades: d.grades}
		if deal, ok := names[d.id]; ok {
			row.Deal = cmp.Or(deal.Account, deal.Name, d.id)
			if deal.Reporting.Valid {
				row.Amount = g.f.Whole(deal.Reporting.V, g.code())
			}
		}
		t.Rows = append(t.Rows, row)
	}
	if len(list) > shown {
		t.More = ui.Say(fmt.Sprintf("%d more deals, %s", len(list)-shown, g.f.Whole(rest, g.code())))
	}
	return t, nil
}

func bucketWords(d *dealCredit) string {
	switch {
	case d.sourced != 0 && d.assisted != 0:
		return "sourced, assisted"
	case d.sourced != 0:
		return "sourced"
	default:
		return "assisted"
	}
}

// elseTable is the credit on deals of others: account, stage and credit only.
func (g *figures) elseTable(all []attribution.Elsewhere, sum int64) *ui.ElseTable {
	type key struct{ account, stage string }
	credit, touches := map[key]int64{}, map[key]int64{}
	var order []key
	for _, e := range all {
		k := key{e.Account, e.Stage}
		if _, ok := credit[k]; !ok {
			order = append(order, k)
		}
		credit[k] += e.Credit
		touches[k]++
	}
	slices.SortFunc(order, func(x, y key) int {
		return cmp.Or(-cmp.Compare(credit[x], credit[y]), cmp.Compare(x.account, y.account), cmp.Compare(x.stage, y.stage))
	})
	t := &ui.ElseTable{Head: ui.Section{
		ID: "elsewhere", Finding: ui.Say(g.short(sum) + " were earned on deals of others"),
		Measure: ui.Say("Account, stage and own credit; the deals themselves are their owners' to see"),
	}}
	const shown = 8
	rest := int64(0)
	for i, k := range order {
		if i >= shown {
			rest += credit[k]
			continue
		}
		t.Rows = append(t.Rows, ui.ElseRow{Account: cmp.Or(k.account, "No account"), Stage: k.stage, Touches: g.f.Count(touches[k]), Credit: g.f.Whole(credit[k], g.code())})
	}
	if len(order) > shown {
		t.More = ui.Say(fmt.Sprintf("%d more accounts, %s", len(order)-shown, g.f.Whole(rest, g.code())))
	}
	return t
}

// repPosts is the rep's posts of the last year with what they earned in the
// deals won in the period, as far as the reader sees the deals.
func (g *figures) repPosts(ctx context.Context, own bool) (*ui.Earned, error) {
	posts, err := performance.RepPosts(ctx, g.v, g.ask)
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	view, err := attribution.ByPost(ctx, g.v, g.v.Reader.ID, g.v.Model, clipped(g.ask))
	if err != nil {
		return nil, err
	}
	byID := map[string]attribution.Group{}
	for _, group := range view.Groups {
		if group.Kind == attribution.Named {
			byID[group.ID] = group
		}
	}
	slices.SortStableFunc(posts, func(x, y performance.Post) int { return -cmp.Compare(byID[x.ID].Credit, byID[y.ID].Credit) })
	shown := posts[:min(6, len(posts))]
	sum, deals, tops := int64(0), 0, []float64{}
	for _, p := range posts {
		sum += byID[p.ID].Credit
		deals += byID[p.ID].Deals
	}
	for _, p := range shown {
		tops = append(tops, g.major(byID[p.ID].Max))
	}
	whose := "Your posts"
	if !own {
		whose = "Posts"
	}
	e := &ui.Earned{Of: "Post", Grades: true, Axis: ui.NewAxis(tops, func(v float64) string { return g.f.Short(g.minor(v), g.code()) })}
	e.Head = ui.Section{
		ID: "posts", Finding: ui.Say(fmt.Sprintf("%s earned %s in the deals won in this %s", whose, g.short(sum), g.kind())),
		Measure: ui.Say(fmt.Sprintf("%s of the last twelve months; %s model (dot), range over the models (band); D is shown, never paid", g.f.Plural(int64(len(posts)), "post", "posts"), view.Model.Title)),
	}
	for _, p := range shown {
		group := byID[p.ID]
		group.Name, group.Channel = cmp.Or(p.Title, p.ID), "Rep Social"
		row := g.earnedRow(group, e.Axis)
		row.Sub = p.Network + ", " + g.f.Day(p.PublishedAt)
		e.Rows = append(e.Rows, row)
	}
	if sum == 0 {
		e.Head.Finding = ui.Say(whose + " earned nothing in the deals won in this " + g.kind())
	}
	return e, nil
}

// touchRows is how many of the latest touches a rep's page lists.
const touchRows = 12

func (g *figures) repTouches(ctx context.Context, own bool) (*ui.TouchTable, error) {
	touches, err := attribution.RepTouches(ctx, g.v, g.v.Reader.ID, g.ask.RepID, g.v.Model, clipped(g.ask))
	if err != nil || len(touches) == 0 {
		return nil, err
	}
	t := &ui.TouchTable{Head: ui.Section{ID: "touches", Measure: ui.Say("The latest; sent mail stands in the counts and earns nothing")}}
	earned, paid := int64(0), int64(0)
	for _, touch := range touches {
		if touch.Credit != nil && *touch.Credit > 0 {
			earned += *touch.Credit
			paid++
		}
		if touch.Reason == "sent only" || len(t.Rows) >= touchRows {
			continue
		}
		row := ui.TouchRow{
			Day: g.f.Day(touch.OccurredAt), What: touchWords(touch.Kind, touch.Direction), Title: brief(touch.Title), Channel: touch.Channel,
			Account: touch.Account, Deal: touch.Deal, Grade: touch.Evidence, Reason: cmp.Or(touch.Reason, "deal open"),
		}
		if touch.DealID != "" {
			row.Href = g.deal(touch.DealID)
			if touch.Reason == "" && touch.Status == "lost" {
				row.Reason = "deal lost"
			}
		} else if touch.Reason == "" {
			row.Reason = "no deal"
		}
		if touch.Credit != nil && *touch.Credit > 0 {
			row.Credit = g.f.Whole(*touch.Credit, g.code())
		}
		t.Rows = append(t.Rows, row)
	}
	whose := "Your touches"
	if !own {
		whose = "Touches"
	}
	t.Head.Finding = ui.Say(fmt.Sprintf("%s of this %s: %s, of which %s earned %s so far", whose, g.kind(), g.f.Count(int64(len(touches))), g.f.Count(paid), g.short(earned)))
	return t, nil
}

func touchWords(kind, direction string) string {
	switch {
	case kind == "email" && direction == "inbound":
		return "mail received"
	case kind == "email":
		return "mail sent"
	case kind == "chat" && direction == "inbound":
		return "chat message received"
	case kind == "chat":
		return "chat message sent"
	}
	return kind
}
