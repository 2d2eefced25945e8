package web

import (
	"context"
	"fmt"
	"math"
	"strings"

	"credence/performance"
	"credence/ui"
)

// scale is what all bullets of a board share: won as a share of quota, or won
// revenue when nobody on the board has a quota.
type scale struct {
	ui.Axis
	plain bool // no quota at all
}

func (g *figures) boardScale(standings ...performance.Standing) scale {
	top, won, plain := 1.0, int64(1), true
	for _, s := range standings {
		if s.Attained.Known {
			top, plain = max(top, s.Attained.Number), false
		}
		won = max(won, s.Won.Minor)
	}
	if plain {
		return scale{ui.Axis{Max: g.major(won)}, true}
	}
	return scale{ui.Axis{Max: min(top, 2) * 1.03}, false}
}

// boardRow is one rep or team against its quota.
func (g *figures) boardRow(s performance.Standing, axis scale, href, wonHref string) ui.BoardRow {
	row := ui.BoardRow{Name: s.Name, Href: href, Won: g.short(s.Won.Minor), WonHref: wonHref, Attained: "n/a", Gap: "n/a"}
	if axis.plain {
		row.Drawn = true
		row.Bullet = ui.Bullet{Axis: axis.Axis, Value: g.major(s.Won.Minor), Label: s.Name + ": " + row.Won}
	}
	if !s.Quota.Known || !s.Attained.Known {
		return row
	}
	row.Drawn = true
	row.Of = g.short(s.Quota.Minor)
	row.Attained = g.f.Percent(s.Attained.Number, 0)
	row.Gap = "reached"
	if gap := s.Quota.Minor - s.Won.Minor; gap > 0 {
		row.Gap = g.short(gap)
	}
	row.Bullet = ui.Bullet{Axis: axis.Axis, Value: s.Attained.Number, Quota: 1, Label: fmt.Sprintf("%s: %s of %s, %s", s.Name, row.Won, row.Of, row.Attained)}
	if g.ask.Running() {
		row.Bullet.Pace = g.gone()
	}
	return row
}

// gone is the share of the period's working days that have begun.
func (g *figures) gone() float64 {
	if g.ask.Days() == 0 {
		return 1
	}
	return float64(g.ask.DaysGone()) / float64(g.ask.Days())
}

// whole is the standing of everything the page covers.
func (g *figures) whole(ctx context.Context, name string) (performance.Standing, error) {
	s := performance.Standing{Name: name}
	for metric, to := range map[string]*performance.Value{
		"won_revenue": &s.Won, "quota": &s.Quota, "quota_attainment": &s.Attained, "pace": &s.Pace, "pipeline_due": &s.Due,
	} {
		v, err := g.value(ctx, metric)
		if err != nil {
			return s, err
		}
		*to = v
	}
	return s, nil
}

// repBoard is the reps sorted by attainment. Only the first eight stand there
// unless the URL says reps=all.
func (g *figures) repBoard(ctx context.Context, ranked bool) (*ui.Board, error) {
	all, err := performance.Standings(ctx, g.v, g.by("rep"))
	if err != nil {
		return nil, err
	}
	var reps []performance.Standing
	ahead, reached, quotas := int64(0), int64(0), int64(0)
	for _, s := range all {
		if s.Key == "" {
			continue
		}
		reps = append(reps, s)
		if s.Quota.Known {
			quotas++
		}
		if s.Pace.Known && s.Pace.Number >= 1 {
			ahead++
		}
		if s.Attained.Known && s.Attained.Number >= 1 {
			reached++
		}
	}
	if len(reps) == 0 {
		return nil, nil
	}
	board := &ui.Board{Ranked: ranked, Of: "Rep"}
	board.Head = ui.Section{ID: "reps", Finding: ui.Say(g.repFinding(ahead, reached, quotas)), Measure: ui.Say(g.boardMeasure("Sorted by attainment", quotas > 0))}
	axis := g.boardScale(reps...)
	shown := reps
	if ranked && len(reps) > 10 && g.c.Query("reps") != "all" {
		shown = reps[:8]
	}
	table := ui.Table{Caption: "Reps against quota", Head: []string{"Rep", "Team", "Won", "Quota", "Attained", "Win rate"}}
	for i, s := range reps {
		row := g.boardRow(s, axis, g.to(repPath(s.Key)), g.of("", s.Key).rows("status", "won", "closed", "period"))
		row.Rank = i + 1
		if s.TeamID != g.ask.TeamID {
			row.Sub = s.TeamName
		}
		if i < len(shown) {
			board.Rows = append(board.Rows, row)
		}
		rate := "n/a"
		if s.WinRate.Known {
			rate = g.f.Percent(s.WinRate.Number, 1)
		}
		table.Rows = append(table.Rows, []string{s.Name, s.TeamName, row.Won, row.Of, row.Attained, rate})
	}
	board.Head.Table = &table
	if rest := reps[len(shown):]; len(rest) > 0 {
		board.Note = ui.Say(fmt.Sprintf("%d more reps · ", len(rest))).Link("show all "+fmt.Sprint(len(reps)), href(g.c, "reps", "all")+"#reps")
	}
	return board, nil
}

func (g *figures) repFinding(ahead, reached, quotas int64) string {
	switch {
	case quotas == 0:
		return "Reps by won revenue"
	case !g.ask.Running():
		return fmt.Sprintf("%s of %d reps reached quota", upper(small(reached)), quotas)
	case reached == 0:
		return fmt.Sprintf("%s of %d reps are ahead of pace", upper(small(ahead)), quotas)
	default:
		return fmt.Sprintf("%s of %d reps are ahead of pace; %s passed quota", upper(small(ahead)), quotas, has(reached))
	}
}

func has(n int64) string {
	if n == 1 {
		return "one has"
	}
	return small(n) + " have"
}

func (g *figures) boardMeasure(begin string, quotas bool) string {
	if !quotas {
		return "Won revenue; no quota is set for this " + g.kind()
	}
	if g.ask.Running() {
		return fmt.Sprintf("%s; dashed line = straight-line pace at working day %d of %d", begin, g.ask.DaysGone(), g.ask.Days())
	}
	return begin + "; tick = quota"
}

// teamBoard sets the given teams side by side under the whole.
func (g *figures) teamBoard(ctx context.Context, front []performance.Team, whole performance.Standing) (ui.Board, error) {
	sheet, err := g.asked(ctx, g.by("team"), nil, performance.StandingMetrics())
	if err != nil {
		return ui.Board{}, err
	}
	all, err := performance.StandingsOf(ctx, g.v, g.by("team"), sheet)
	if err != nil {
		return ui.Board{}, err
	}
	var teams []performance.Standing
	for _, s := range all {
		for _, t := range front {
			if t.ID == s.Key && t.ID != "" {
				teams = append(teams, s)
			}
		}
	}
	axis := g.boardScale(append(teams, whole)...)
	if axis.plain {
		axis = g.boardScale(teams...)
	}
	board := ui.Board{Narrow: true, Of: "Team"}
	board.Head = ui.Section{ID: "teams", Finding: ui.Say(teamFinding(g, teams)), Measure: ui.Say(g.boardMeasure("Won, quota = 100 %", !axis.plain))}
	total := g.boardRow(whole, axis, "", g.rows("status", "won", "closed", "period"))
	total.Drawn = total.Drawn && !axis.plain
	board.Total = &total
	table := ui.Table{Caption: "Teams against quota", Head: []string{"Team", "Won", "Quota", "Attained"}}
	for _, s := range teams {
		row := g.boardRow(s, axis, g.to(teamPath(s.Key)), g.of(s.Key, "").rows("status", "won", "closed", "period"))
		board.Rows = append(board.Rows, row)
		table.Rows = append(table.Rows, []string{s.Name, row.Won, row.Of, row.Attained})
	}
	board.Head.Table = &table
	return board, nil
}

func teamFinding(g *figures, teams []performance.Standing) string {
	var known []performance.Standing
	for _, t := range teams {
		if t.Attained.Known {
			known = append(known, t)
		}
	}
	if len(known) < 2 {
		return "Teams by won revenue"
	}
	first, last := known[0], known[len(known)-1]
	return fmt.Sprintf("%s leads with %s of quota, %s is at %s", first.Name, g.f.Percent(first.Attained.Number, 0), last.Name, g.f.Percent(last.Attained.Number, 0))
}

// changeSteps splits the change of won revenue since the compared period.
func (g *figures) changeSteps(ctx context.Context) (*ui.Steps, error) {
	if !g.compares() {
		return nil, nil
	}
	c, err := g.changed(ctx)
	if err != nil || !c.Known { // nothing was won then: there is nothing to split
		return nil, err
	}
	s := &ui.Steps{
		Start: ui.Fact{Name: g.comparedName(), Value: g.f.Whole(c.FromMinor, g.code()), Href: g.rowsOf(g.before, "status", "won", "closed", "period")},
		Head:  ui.Section{ID: "change", Measure: ui.Say("Change of won revenue, split so that the parts sum to it")},
	}
	if g.ask.Running() {
		s.Start.Name += ", same working day"
	}
	sum := ui.Step{Name: periodWords(g.v.Period.Name), Text: g.f.Whole(c.ToMinor, g.code()), Href: g.rows("status", "won", "closed", "period")}
	if g.ask.Running() {
		sum.Name += " to date"
	}
	total := g.major(c.Total())
	parts := []struct {
		up, down, note string
		minor          int64
	}{
		{"More deals decided", "Fewer deals decided", fmt.Sprintf("%s → %s", g.f.Count(c.DecidedThen), g.f.Count(c.DecidedNow)), c.Decided},
		{"Higher win rate", "Lower win rate", g.rateWords(c.WonThen, c.DecidedThen) + " → " + g.rateWords(c.WonNow, c.DecidedNow), c.WinRate},
		{"Larger deals", "Smaller deals", g.perDeal(c.FromMinor, c.WonThen) + " → " + g.perDeal(c.ToMinor, c.WonNow), c.Larger},
	}
	points, at := []float64{0, total}, int64(0)
	for _, p := range parts {
		at += p.minor
		points = append(points, g.major(at))
	}
	axis := stepAxis(points)
	at = 0
	table := ui.Table{Caption: "What changed", Head: []string{"Part", "From, to", "Change"}}
	most, mostName := int64(0), ""
	for _, p := range parts {
		name, kind := p.up, "part"
		if p.minor < 0 {
			name, kind = p.down, "loss"
		}
		s.Rows = append(s.Rows, ui.Step{
			Name: name, Note: p.note, Text: g.f.SignedShort(p.minor, g.code()),
			Delta: ui.Delta{Axis: axis, From: g.major(at), To: g.major(at + p.minor), Kind: kind, Label: name + " " + g.f.SignedShort(p.minor, g.code())},
		})
		table.Rows = append(table.Rows, []string{name, p.note, g.f.Whole(p.minor, g.code())})
		at += p.minor
		if (p.minor > 0) == (c.Total() > 0) && abs64(p.minor) > abs64(most) {
			most, mostName = p.minor, name
		}
	}
	table.Foot = []string{"Change", "", g.f.Whole(c.Total(), g.code())}
	sum.Delta = ui.Delta{Axis: axis, To: total, Kind: "sum", Label: "change " + g.f.SignedShort(c.Total(), g.code())}
	s.Sum, s.Head.Table = &sum, &table
	s.Head.Finding = ui.Say(g.changeFinding(c.Total(), most, mostName))
	return s, nil
}

func (g *figures) changeFinding(total, most int64, name string) string {
	if total == 0 || name == "" {
		return "Won revenue is what it was in " + g.comparedName()
	}
	word := "gained on"
	if total < 0 {
		word = "lost against"
	}
	share := float64(most) / float64(total)
	if share > 1 {
		return fmt.Sprintf("%s: %s of the %s %s %s; other parts took some back", name, g.short(abs64(most)), g.short(abs64(total)), word, g.comparedName())
	}
	return fmt.Sprintf("%s: %s of the %s %s %s", name, g.f.Percent(share, 0), g.short(abs64(total)), word, g.comparedName())
}

// stepAxis spans the running sums of a change, zero included.
func stepAxis(points []float64) ui.Axis {
	low, high := 0.0, 0.0
	for _, p := range points {
		low, high = math.Min(low, p), math.Max(high, p)
	}
	if low == high {
		high = low + 1
	}
	return ui.Axis{Min: low, Max: high}
}

func (g *figures) rateWords(won, decided int64) string {
	if decided == 0 {
		return "n/a"
	}
	return g.f.Percent(float64(won)/float64(decided), 1)
}

func (g *figures) perDeal(minor, deals int64) string {
	if deals == 0 {
		return "n/a"
	}
	return g.short(int64(math.Round(float64(minor) / float64(deals))))
}

func abs64(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// teamSteps is the same change, team by team.
func (g *figures) teamSteps(ctx context.Context, front []performance.Team) (*ui.Steps, error) {
	if !g.compares() || len(front) < 2 {
		return nil, nil
	}
	now, err := g.asked(ctx, g.by("team"), nil, performance.StandingMetrics())
	if err != nil {
		return nil, err
	}
	before := g.before
	before.By = "team"
	then, err := g.asked(ctx, before, nil, performance.StandingMetrics())
	if err != nil {
		return nil, err
	}
	c, err := g.changed(ctx)
	if err != nil {
		return nil, err
	}
	if !c.Known {
		return nil, nil
	}
	rest, back := c.Total(), []string{}
	s := &ui.Steps{Head: ui.Section{ID: "change-teams"}}
	var points []float64
	add := func(name, href string, minor int64) {
		kind := "part"
		if minor < 0 {
			kind = "loss"
		}
		s.Rows = append(s.Rows, ui.Step{Name: name, Href: href, Text: g.f.SignedShort(minor, g.code()), Delta: ui.Delta{To: g.major(minor), Kind: kind, Label: name + " " + g.f.SignedShort(minor, g.code())}})
		points = append(points, g.major(minor))
	}
	for _, t := range front {
		minor := now.Of("won_revenue", t.ID).Minor - then.Of("won_revenue", t.ID).Minor
		if minor < 0 {
			back = append(back, t.Name)
		}
		rest -= minor
		add(t.Name, g.to(teamPath(t.ID)), minor)
	}
	if rest != 0 {
		add("Other deals", "", rest)
	}
	axis := stepAxis(append(points, g.major(c.Total())))
	table := ui.Table{Caption: "Change by team", Head: []string{"Team", "Change"}, Foot: []string{"All", g.f.SignedShort(c.Total(), g.code())}}
	for i := range s.Rows {
		s.Rows[i].Delta.Axis = axis
		table.Rows = append(table.Rows, []string{s.Rows[i].Name, s.Rows[i].Text})
	}
	s.Sum = &ui.Step{Name: "All teams", Text: g.f.SignedShort(c.Total(), g.code()), Delta: ui.Delta{Axis: axis, To: g.major(c.Total()), Kind: "sum", Label: "all teams"}}
	s.Head.Table = &table
	s.Head.Finding = ui.Say(fallenBack(len(front), back))
	s.Head.Measure = ui.Say("Change of won revenue against " + g.comparedName())
	return s, nil
}

func fallenBack(teams int, back []string) string {
	switch len(back) {
	case 0:
		return "No team fell back"
	case 1:
		return back[0] + " fell back, the other teams did not"
	case teams:
		return "Every team fell back"
	case 2:
		return strings.Join(back, " and ") + " fell back"
	default:
		return fmt.Sprintf("%s of %d teams fell back", upper(small(int64(len(back)))), teams)
	}
}

// changed splits the change of won revenue from the page's own figures.
func (g *figures) changed(ctx context.Context) (performance.Change, error) {
	now, err := g.sheet(ctx, g.ask)
	if err != nil {
		return performance.Change{}, err
	}
	then, err := g.sheet(ctx, g.before)
	if err != nil {
		return performance.Change{}, err
	}
	return performance.Split(now, then), nil
}
