package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"credence/performance"
	"credence/ui"
)

// rates is won and lost by the breakdown that ?by= names, one of those given;
// the first of them without it. By team it shows the given ones, which do not
// overlap.
func (g *figures) rates(ctx context.Context, front []performance.Team, breakdowns ...string) (*ui.Rates, error) {
	chosen := g.c.Query("by")
	if !slices.Contains(breakdowns, chosen) {
		chosen = breakdowns[0]
	}
	titles := map[string]string{"manager": "Manager", "rep": "Rep", "team": "Team", "product": "Product"}
	seg := ui.Segments{Label: "by"}
	for _, b := range breakdowns {
		seg.Options = append(seg.Options, ui.Option{Text: titles[b], Href: href(g.c, "by", b) + "#rates", Current: b == chosen})
	}
	a := g.by(chosen)
	parts, err := a.Sheet(ctx, g.v, "win_rate", "won_revenue", "average_deal")
	if err != nil {
		return nil, err
	}
	all, err := g.value(ctx, "win_rate")
	if err != nil {
		return nil, err
	}
	if all.Of == 0 {
		return nil, nil
	}
	r := &ui.Rates{Of: titles[chosen]}
	top := 0.0
	var list []performance.Value
	for _, v := range parts["win_rate"] {
		if chosen == "team" && !slices.ContainsFunc(front, func(t performance.Team) bool { return t.ID == v.Key }) {
			continue
		}
		top = max(top, float64(v.Of))
		list = append(list, v)
	}
	slices.SortFunc(list, func(x, y performance.Value) int {
		return cmp.Or(-cmp.Compare(x.Number, y.Number), -cmp.Compare(x.Of, y.Of), cmp.Compare(x.Key, y.Key))
	})
	r.Axis = ui.Axis{Max: top}
	for _, v := range list {
		row := g.rateRow(v, chosen, parts.Of("won_revenue", v.Key), parts.Of("average_deal", v.Key))
		row.Axis = r.Axis
		r.Rows = append(r.Rows, row)
	}
	won, err := g.value(ctx, "won_revenue")
	if err != nil {
		return nil, err
	}
	average, err := g.value(ctx, "average_deal")
	if err != nil {
		return nil, err
	}
	r.All = g.rateRow(all, "", won, average)
	r.All.Name = "All"
	m, err := performance.Find("win_rate")
	if err != nil {
		return nil, err
	}
	r.Head = ui.Section{
		ID: "rates", Switches: []ui.Segments{seg},
		Finding: ui.Say(fmt.Sprintf("%s of %s decided deals were won, ", g.f.Count(all.N), g.f.Count(all.Of))).Link(g.f.Percent(all.Number, 1), g.rows("status", "decided", "closed", "period")),
		Measure: ui.Say("Win rate = " + m.Formula + "; " + periodWords(g.v.Period.Name)),
	}
	if chosen == "product" {
		r.Note = ui.Say("A deal with several products counts for each; its amount is shared among them by the value of its items.")
	}
	return r, nil
}

func (g *figures) rateRow(v performance.Value, by string, won, average performance.Value) ui.RateRow {
	row := ui.RateRow{
		Name: v.Name, Won: float64(v.N), Lost: float64(v.Of - v.N), WonText: g.f.Count(v.N), LostText: g.f.Count(v.Of - v.N),
		Rate: "n/a", Revenue: g.short(won.Minor), Average: "n/a",
	}
	if v.Known {
		row.Rate = g.f.Percent(v.Number, 1)
	}
	if average.Known {
		row.Average = g.short(average.Minor)
	}
	filter := map[string]string{"rep": "owner", "team": "team", "product": "product"}[by]
	switch {
	case by == "" || filter != "" && v.Key != "":
		row.WonHref = g.rows("status", "won", "closed", "period", filter, v.Key)
		row.LostHref = g.rows("status", "lost", "closed", "period", filter, v.Key)
	}
	switch {
	case by == "rep" && v.Key != "":
		row.Href = g.to(repPath(v.Key))
	case by == "team" && v.Key != "":
		row.Href = g.to(teamPath(v.Key))
	case by == "product" && v.Key != "":
		row.Href = g.rows("status", "decided", "closed", "period", "product", v.Key)
	}
	return row
}
