package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/server/auth"
	"credence/ui"
	"credence/ui/charts"
	"credence/warehouse"
)

// pageOverview is a leader's first page. Whoever leads nothing is sent to the
// page that answers their first question.
func (s *Server) pageOverview(c *fiber.Ctx) error {
	reader := s.reader(c)
	switch {
	case !reader.Has(auth.Manager, auth.CMO) && reader.Has(auth.Rep):
		return c.Redirect("/me"+kept(c), fiber.StatusSeeOther)
	case !reader.Has(auth.Manager, auth.CMO):
		return c.Redirect("/sources", fiber.StatusSeeOther)
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		g := s.figures(c, v)
		teams, err := g.teams(ctx)
		if err != nil {
			return err
		}
		// Who leads one team has that team's page as first page.
		if tops := performance.Front(teams, ""); !reader.Root && !reader.Has(auth.CMO) && len(tops) == 1 {
			return c.Redirect(g.to(teamPath(tops[0].ID)), fiber.StatusSeeOther)
		}
		view, err := g.overview(ctx, teams)
		if err != nil {
			return err
		}
		return s.page(c, v, "overview", view)
	})
}

// teams are the teams whose figures the reader may see. Before the first
// refresh there are none.
func (g *figures) teams(ctx context.Context) ([]performance.Team, error) {
	if g.v.Generation == 0 {
		return nil, nil
	}
	teams, err := performance.Teams(ctx, g.v, g.ask)
	if err != nil || g.s.SeesReps(g.v.Reader) {
		return teams, err
	}
	sizes, err := performance.TeamSizes(ctx, g.v, g.ask)
	if err != nil {
		return nil, err
	}
	return largeGroups(teams, sizes), nil
}

// largeGroups leaves out teams of fewer than fewest reps, and with them as
// many of their neighbours as it takes that what is left out has that many reps
// itself: else it could be read off the difference to the sum above. The reps who
// are in the team above and in none of its parts, such as its manager, are left
// out from the start.
func largeGroups(teams []performance.Team, sizes map[string]int64) []performance.Team {
	hidden := map[string]bool{}
	siblings := map[string][]performance.Team{}
	for _, t := range teams { // outer ones first
		siblings[t.ParentID] = append(siblings[t.ParentID], t)
	}
	for above, group := range siblings {
		slices.SortStableFunc(group, func(x, y performance.Team) int { return cmp.Compare(sizes[x.ID], sizes[y.ID]) })
		out := sizes[above]
		for _, t := range group {
			out -= sizes[t.ID]
		}
		out = max(out, 0)
		for _, t := range group {
			if sizes[t.ID] < fewest || out > 0 && out < fewest {
				hidden[t.ID] = true
				out += sizes[t.ID]
			}
		}
	}
	var shown []performance.Team
	for _, t := range teams {
		if hidden[t.ParentID] {
			hidden[t.ID] = true
		}
		if !hidden[t.ID] {
			shown = append(shown, t)
		}
	}
	return shown
}

// empty is the page before there are deals.
func (g *figures) empty() *ui.State {
	state := &ui.State{
		Kind: "empty", Title: "No deals yet",
		Text: "Figures appear here once a source with deals is connected and read. Until then there is nothing to show.",
	}
	if g.v.Reader.Has(auth.Admin) {
		state.Action = ui.Link{Text: "Connect a source", Href: "/sources"}
	}
	return state
}

// hasDeals reports whether the reader sees any deal at all.
func (g *figures) hasDeals(ctx context.Context) (bool, error) {
	if g.v.Generation == 0 {
		return false, nil
	}
	sum, err := performance.SumDeals(ctx, g.v, g.v.Reader.ID, g.ask.Company, performance.DealFilter{RepID: g.ask.RepID, TeamID: g.ask.TeamID})
	return sum.Deals > 0, err
}

func (g *figures) overview(ctx context.Context, teams []performance.Team) (view ui.Overview, err error) {
	l := &g.v.Layout
	l.Crumbs = []ui.Link{{Text: "Today"}, {Text: g.s.Config.Company.Name}}
	l.Notes = g.notes()
	l.Title = "Today"
	ok, err := g.hasDeals(ctx)
	if err != nil || !ok {
		l.Finding = ui.Say("Nothing to report yet")
		view.Empty = g.empty()
		return view, err
	}
	whole, err := g.whole(ctx, "Company")
	if err != nil {
		return view, err
	}
	if l.Finding, err = g.finding(ctx, "", whole); err != nil {
		return view, err
	}
	if view.Won, view.Chart, err = g.wonChart(ctx, whole); err != nil {
		return view, err
	}
	front := performance.Leaves(teams, "")
	if view.Teams, err = g.teamBoard(ctx, front, whole); err != nil {
		return view, err
	}
	if view.Tiles, err = g.leaderTiles(ctx, whole); err != nil {
		return view, err
	}
	if view.Change, err = g.changeSteps(ctx); err != nil {
		return view, err
	}
	if view.ByTeam, err = g.teamSteps(ctx, front); err != nil {
		return view, err
	}
	breakdowns := []string{"team", "product"}
	if g.s.SeesReps(g.v.Reader) {
		breakdowns = []string{"manager", "rep", "team", "product"}
		if view.Reps, err = g.repBoard(ctx, true); err != nil {
			return view, err
		}
	}
	if view.Funnel, err = g.funnel(ctx); err != nil {
		return view, err
	}
	if view.Rates, err = g.rates(ctx, front, breakdowns...); err != nil {
		return view, err
	}
	if view.Campaigns, err = g.campaigns(ctx); err != nil {
		return view, err
	}
	if view.Posts, err = g.posts(ctx); err != nil {
		return view, err
	}
	if whole.Won.Uncounted > 0 {
		view.Notice = &ui.Notice{Text: ui.Say(g.f.Plural(whole.Won.Uncounted, "won deal without an amount or a rate to "+g.code()+" stands", "won deals without an amount or a rate to "+g.code()+" stand")+
			" beside the sums. ").Link("Show the deals", g.rows("status", "won", "closed", "period", "sort", "amount"))}
	}
	return view, nil
}

// finding is the page's title: what was won against quota and pace, and against
// the compared period.
func (g *figures) finding(ctx context.Context, who string, whole performance.Standing) (ui.Words, error) {
	w := ui.Words{}
	if who != "" {
		w = ui.Say(who + " has won ")
	}
	w = w.Link(g.short(whole.Won.Minor), g.rows("status", "won", "closed", "period"))
	if who == "" {
		w = w.And(" won")
	}
	switch {
	case whole.Attained.Known && g.ask.Running():
		w = w.And(", ").Link(g.f.Percent(whole.Attained.Number, 0), "#teams").
			And(" of quota with " + g.f.Percent(g.gone(), 0) + " of the " + g.kind() + " gone.")
	case whole.Attained.Known:
		w = w.And(" in "+periodWords(g.v.Period.Name)+", ").Link(g.f.Percent(whole.Attained.Number, 0), "#teams").And(" of quota.")
	default:
		w = w.And(fmt.Sprintf(" in %s from %s.", periodWords(g.v.Period.Name), g.f.Plural(whole.Won.N, "deal", "deals")))
	}
	if !g.compares() {
		return w, nil
	}
	then, err := g.then(ctx, "won_revenue")
	if err != nil || then.Minor <= 0 {
		return w, err
	}
	change := float64(whole.Won.Minor-then.Minor) / float64(then.Minor)
	text := g.f.Percent(math.Abs(change), 0)
	link := g.rowsOf(g.before, "status", "won", "closed", "period")
	same := ""
	if g.ask.Running() {
		same = " at the same working day"
	}
	switch {
	case math.Abs(change) < .005:
		return w.And(" That is level with " + g.comparedName() + same + "."), nil
	case change > 0:
		return w.And(" That is ").Link(text, link).And(" more than in " + g.comparedName() + same + "."), nil
	default:
		return w.And(" That is ").Link(text, link).And(" less than in " + g.comparedName() + same + "."), nil
	}
}

// leaderTiles are the six headline numbers of a leader's page.
func (g *figures) leaderTiles(ctx context.Context, whole performance.Standing) ([]ui.Tile, error) {
	pipeline, err := g.pipelineTile(ctx, whole)
	if err != nil {
		return nil, err
	}
	tiles := []ui.Tile{pipeline}
	rate, err := g.value(ctx, "win_rate")
	if err != nil {
		return nil, err
	}
	cycle, err := g.value(ctx, "cycle_days")
	if err != nil {
		return nil, err
	}
	open, err := g.value(ctx, "open_pipeline")
	if err != nil {
		return nil, err
	}
	for _, t := range []struct{ name, note string }{
		{"win_rate", fmt.Sprintf("%s of %s decided", g.f.Count(rate.N), g.f.Count(rate.Of))},
		{"cycle_days", "n = " + g.f.Plural(cycle.N, "won deal", "won deals")},
		{"sales_velocity", g.f.Count(open.N) + " open, " + g.short(open.Minor)},
	} {
		tile, terr := g.tile(ctx, t.name, t.note)
		if terr != nil {
			return nil, terr
		}
		tiles = append(tiles, tile)
	}
	var fifth ui.Tile
	if g.v.Reader.SeesSpend() && g.ask.TeamID == "" {
		fifth, err = g.merTile(ctx)
	} else {
		fifth, err = g.tile(ctx, "average_deal", "n = "+g.f.Plural(whole.Won.N, "won deal", "won deals"))
	}
	if err != nil {
		return nil, err
	}
	tiles = append(tiles, fifth)
	var sixth ui.Tile
	if g.ask.TeamID == "" && g.ask.RepID == "" {
		sixth, err = g.coverageTile(ctx)
	} else {
		sixth, err = g.tile(ctx, "meetings_held", "by the team's reps")
	}
	return append(tiles, sixth), err
}

// pipelineTile is the pipeline due while the period runs, else what was open at
// its end, with the gap to quota it has to fill.
func (g *figures) pipelineTile(ctx context.Context, whole performance.Standing) (ui.Tile, error) {
	name, weighted := "pipeline_due", "weighted_due"
	if !g.ask.Running() {
		name, weighted = "open_pipeline", "weighted_pipeline"
	}
	var notes []string
	pipeline, err := g.value(ctx, name)
	if err != nil {
		return ui.Tile{}, err
	}
	if whole.Quota.Known && g.ask.Running() {
		gap := whole.Quota.Minor - whole.Won.Minor
		if gap > 0 {
			notes = append(notes, fmt.Sprintf("%s× the gap of %s", g.f.Number(float64(pipeline.Minor)/float64(gap), 1), g.short(gap)))
		} else {
			notes = append(notes, "quota is reached")
		}
	}
	chance, err := g.value(ctx, weighted)
	if err != nil {
		return ui.Tile{}, err
	}
	if chance.Known {
		notes = append(notes, fmt.Sprintf("weighted %s, %s", g.short(chance.Minor), g.f.Plural(pipeline.N, "deal", "deals")))
	}
	t, err := g.tile(ctx, name, notes...)
	if name == "open_pipeline" {
		t.Name = "Open at the end of the " + g.kind()
	}
	return t, err
}

// wonChart is cumulative won revenue by working day against the straight line
// to quota and the compared period.
func (g *figures) wonChart(ctx context.Context, whole performance.Standing) (ui.Section, charts.Chart, error) {
	section := ui.Section{ID: "won", Measure: ui.Say("Won revenue, cumulative by working day")}
	points, err := performance.Progress(ctx, g.v, g.ask)
	if err != nil {
		return section, charts.Chart{}, err
	}
	var then []performance.DayWon
	if g.compares() {
		all := g.before
		all.Until = all.Period.To
		if then, err = performance.Progress(ctx, g.v, all); err != nil {
			return section, charts.Chart{}, err
		}
	}
	days, lift := max(g.ask.Days(), len(then), 1), 0
	chart := charts.Lines{Unit: "money:" + g.code(), X: make([]string, days)}
	for i := range chart.X {
		chart.X[i] = fmt.Sprintf("day %d", i+1)
	}
	first, last := g.f.Day(g.v.Period.From), g.f.Day(g.v.Period.To.Add(-1))
	chart.X[0], chart.X[days-1] = first, last
	won := charts.Line{Name: "won in " + periodWords(g.v.Period.Name), End: g.short(whole.Won.Minor)}
	table := ui.Table{Caption: "Won revenue by working day", Head: []string{"Working day", "Date", "Won"}}
	for _, p := range points {
		won.Values = append(won.Values, g.major(p.Minor))
		table.Rows = append(table.Rows, []string{fmt.Sprint(p.Day), g.day(p.Date), g.f.Whole(p.Minor, g.code())})
	}
	chart.Lines = append(chart.Lines, won)
	if g.ask.Running() && len(points) > 0 && len(points) < days {
		chart.Today = chart.X[len(points)-1]
	}
	if len(then) > 0 && then[len(then)-1].Minor > 0 {
		line := charts.Line{Name: g.comparedName(), Look: charts.Compared, End: g.comparedName() + " " + g.short(then[len(then)-1].Minor)}
		for _, p := range then {
			line.Values = append(line.Values, g.major(p.Minor))
		}
		chart.Lines = append(chart.Lines, line)
		table.Head = append(table.Head, g.comparedName())
		for i := range table.Rows {
			value := ui.None
			if i < len(then) {
				value = g.f.Whole(then[i].Minor, g.code())
			}
			table.Rows[i] = append(table.Rows[i], value)
		}
	}
	if whole.Quota.Known {
		if n := len(chart.Lines); n > 1 && len(then) > 0 {
			// Two labels at nearly the same height would cover each other.
			top := float64(max(whole.Quota.Minor, then[len(then)-1].Minor))
			if diff := float64(whole.Quota.Minor - then[len(then)-1].Minor); math.Abs(diff) < top*.06 {
				chart.Lines[n-1].Lift = int(math.Copysign(7, -diff))
				lift = int(math.Copysign(7, diff))
			}
		}
		line := charts.Line{Lift: lift, Name: "straight line to quota", Look: charts.Target, End: "Quota " + g.short(whole.Quota.Minor)}
		for d := range g.ask.Days() {
			line.Values = append(line.Values, g.major(whole.Quota.Minor)*float64(d+1)/float64(g.ask.Days()))
		}
		chart.Lines = append(chart.Lines, line)
	}
	section.Table = &table
	section.Finding = g.chartFinding(whole, then, len(points))
	chart.Label = section.Finding.String()
	drawn, err := chart.Chart()
	return section, drawn, err
}

func (g *figures) chartFinding(whole performance.Standing, then []performance.DayWon, gone int) ui.Words {
	text := ""
	if whole.Quota.Known {
		line := int64(math.Round(float64(whole.Quota.Minor) * g.gone()))
		gap := whole.Won.Minor - line
		switch {
		case gap < 0 && g.ask.Running():
			text = g.short(-gap) + " behind a straight line to quota"
		case gap < 0:
			text = g.short(-gap) + " short of quota"
		case g.ask.Running():
			text = g.short(gap) + " ahead of a straight line to quota"
		default:
			text = g.short(gap) + " over quota"
		}
	}
	if g.compares() && gone > 0 && gone <= len(then) && then[len(then)-1].Minor > 0 {
		diff := whole.Won.Minor - then[gone-1].Minor
		if text != "" {
			text += ", "
		}
		if diff < 0 {
			text += g.short(-diff) + " behind " + g.comparedName()
		} else {
			text += g.short(diff) + " ahead of " + g.comparedName()
		}
	}
	if text == "" {
		text = "Won revenue by working day"
	}
	return ui.Say(text)
}

// teamOf finds one of the teams the reader may see, else not found.
func teamOf(teams []performance.Team, id string) (performance.Team, error) {
	for _, t := range teams {
		if t.ID == id {
			return t, nil
		}
	}
	return performance.Team{}, fmt.Errorf("team %s: %w", id, warehouse.ErrNotFound)
}
