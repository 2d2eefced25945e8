package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/url"
	"strings"

	"credence/attribution"
	"credence/ui"
)

// campaigns is the campaigns with most credit in the deals won in the period.
func (g *figures) campaigns(ctx context.Context) (*ui.Earned, error) {
	view, err := attribution.ByCampaign(ctx, g.v, g.v.Reader.ID, g.v.Model, clipped(g.ask))
	if err != nil {
		return nil, err
	}
	e := g.earned(view, 8, "Campaign")
	if e == nil {
		return nil, nil
	}
	first := named(view)[0]
	e.Head.ID = "campaigns"
	e.Head.Finding = ui.Say(first.Name + " leads under every model")
	if first.RankMax > 1 {
		e.Head.Finding = ui.Say(first.Name + " leads under this model, not under all")
	}
	e.Head.Measure = ui.Say(fmt.Sprintf("Credited revenue, %s model (dot) and range over %d models (band)", view.Model.Title, len(attribution.Models)))
	if rest := view.Total - credits(view, len(e.Rows)); rest > 0 && view.Total > 0 {
		e.Note = ui.Say(fmt.Sprintf("%s of %s won lies with other campaigns, with none, or is unattributed · ", g.short(rest), g.short(view.Total))).Link("all of it", g.to("/attribution"))
	}
	for i := range e.Rows {
		group := named(view)[i]
		e.Rows[i].Channel, e.Rows[i].Sub = group.Channel, group.Channel
	}
	return e, nil
}

// posts is the posts with most credit in the deals won in the period.
func (g *figures) posts(ctx context.Context) (*ui.Earned, error) {
	view, err := attribution.ByPost(ctx, g.v, g.v.Reader.ID, g.v.Model, clipped(g.ask))
	if err != nil {
		return nil, err
	}
	e := g.earned(view, 5, "Post")
	if e == nil {
		return nil, nil
	}
	e.Grades, e.Axis = true, sparse(e.Axis)
	for i := range e.Rows {
		group := named(view)[i]
		e.Rows[i].Sub, e.Rows[i].Range.Channel, e.Rows[i].Range.Axis = group.Channel, group.Channel, e.Axis
	}
	return e, nil
}

// earned is the first groups of a view with their ranges; nil without any.
func (g *figures) earned(view attribution.View, limit int, of string) *ui.Earned {
	groups := named(view)
	if len(groups) == 0 {
		return nil
	}
	e := &ui.Earned{Of: of}
	table := ui.Table{Caption: "Credited revenue", Head: []string{of, "Credited", "Lowest", "Highest", "Deals"}}
	var tops []float64
	for _, group := range groups[:min(limit, len(groups))] {
		tops = append(tops, g.major(group.Max))
	}
	e.Axis = ui.NewAxis(tops, func(v float64) string { return g.f.Short(g.minor(v), g.code()) })
	for _, group := range groups[:min(limit, len(groups))] {
		e.Rows = append(e.Rows, g.earnedRow(group, e.Axis))
		table.Rows = append(table.Rows, []string{group.Name, g.f.Money(group.Credit, g.code()), g.f.Money(group.Min, g.code()), g.f.Money(group.Max, g.code()), g.f.Count(int64(group.Deals))})
	}
	e.Head.Table = &table
	return e
}

func (g *figures) earnedRow(group attribution.Group, axis ui.Axis) ui.EarnedRow {
	name := brief(cmp.Or(group.Name, group.ID))
	return ui.EarnedRow{
		Name: name, Credit: g.short(group.Credit), Deals: g.f.Count(int64(group.Deals)),
		Grades: ui.Grades{A: int64(group.Counts[0]), B: int64(group.Counts[1]), C: int64(group.Counts[2]), D: int64(group.Suspected)},
		Range: ui.Range{
			Axis: axis, Low: g.major(group.Min), High: g.major(group.Max), Value: g.major(group.Credit), Channel: group.Channel,
			Label: fmt.Sprintf("%s: %s, from %s to %s over the models", name, g.short(group.Credit), g.short(group.Min), g.short(group.Max)),
		},
	}
}

// longest is how much of a title a row holds.
const longest = 72

// brief cuts a long title, such as a post that is all text.
func brief(title string) string {
	runes := []rune(strings.TrimSpace(title))
	if len(runes) <= longest {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:longest-1])) + "…"
}

// sparse keeps every other tick, for narrow columns.
func sparse(axis ui.Axis) ui.Axis {
	var ticks []ui.Tick
	for i, t := range axis.Ticks {
		if i%2 == 0 {
			ticks = append(ticks, t)
		}
	}
	axis.Ticks = ticks
	return axis
}

// minor is whole units back in minor ones, for axis labels.
func (g *figures) minor(v float64) int64 {
	per := g.major(1)
	if per == 0 {
		return 0
	}
	return int64(v/per + .5)
}

func named(view attribution.View) []attribution.Group {
	var out []attribution.Group
	for _, group := range view.Groups {
		if group.Kind == attribution.Named && group.Credit > 0 {
			out = append(out, group)
		}
	}
	return out
}

func credits(view attribution.View, first int) int64 {
	sum := int64(0)
	for i, group := range named(view) {
		if i < first {
			sum += group.Credit
		}
	}
	return sum
}

// merTile is marketing efficiency; only for readers who see spend.
func (g *figures) merTile(ctx context.Context) (ui.Tile, error) {
	settings := g.s.efficiencySettings()
	now, err := attribution.EfficiencyTotal(ctx, g.v, g.v.Reader.ID, clipped(g.ask), settings)
	if err != nil {
		return ui.Tile{}, err
	}
	formula := "(S − C − E) ÷ E"
	if now.MERName == attribution.MERBeforeMarketing {
		formula = "(S − C) ÷ E"
	}
	t := ui.Tile{
		Name: "Marketing efficiency", Href: g.to("/efficiency"), Value: "n/a",
		Define: "MER = " + formula + ": net sales less cost of goods sold and marketing expenses, over marketing expenses. What one unit of marketing money brought, net.",
	}
	if now.Total.MER == nil {
		t.Notes = []string{"no marketing expenses in this " + g.kind()}
		return t, nil
	}
	t.Value = g.f.Number(*now.Total.MER, 2)
	t.Notes = []string{fmt.Sprintf("%s, break-even %s", formula, g.f.Number(now.BreakEven, 0))}
	if now.Total.RevenueMER != nil {
		t.Notes = append(t.Notes, "revenue MER "+g.f.Number(*now.Total.RevenueMER, 2)+" on "+g.short(now.Total.Expenses))
	}
	if !g.compares() {
		return t, nil
	}
	then, err := attribution.EfficiencyTotal(ctx, g.v, g.v.Reader.ID, clipped(g.before), settings)
	if err != nil {
		return t, err
	}
	if then.Total.MER != nil {
		diff := *now.Total.MER - *then.Total.MER
		t.Change = ui.Change{Text: g.f.Number(max(diff, -diff), 2), Note: "on " + g.comparedName(), Up: diff > 0, Good: diff > 0}
	}
	return t, nil
}

// coverageTile is how much of what was won any touch can explain.
func (g *figures) coverageTile(ctx context.Context) (ui.Tile, error) {
	now, err := attribution.CoverageShare(ctx, g.v, g.v.Reader.ID, clipped(g.ask))
	if err != nil {
		return ui.Tile{}, err
	}
	t := ui.Tile{
		Name: "Coverage", Href: g.to("/attribution"), Value: "n/a",
		Define: "Revenue of won deals with at least one eligible touch ÷ revenue of won deals. What is not covered is unattributed under every model.",
		Notes:  []string{"of won revenue has a touch"},
	}
	if now.Share == nil {
		t.Notes = []string{"nothing won in this " + g.kind()}
		return t, nil
	}
	t.Value = g.f.Percent(*now.Share, 1)
	if !g.compares() {
		return t, nil
	}
	then, err := attribution.CoverageShare(ctx, g.v, g.v.Reader.ID, clipped(g.before))
	if err != nil {
		return t, err
	}
	if then.Share != nil {
		diff := *now.Share - *then.Share
		t.Change = ui.Change{Text: g.f.Number(max(diff, -diff)*100, 1) + "\u202fpts", Note: "on " + g.comparedName(), Up: diff > 0, Good: diff > 0}
		if math.Abs(diff) < .0005 {
			t.Change = ui.Change{Text: "unchanged", Note: "on " + g.comparedName(), Flat: true}
		}
	}
	return t, nil
}

func repPath(id string) string { return "/reps/" + url.PathEscape(id) }

func teamPath(id string) string { return "/teams/" + url.PathEscape(id) }
