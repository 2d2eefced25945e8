package web

import (
	"context"
	"fmt"

	"credence/performance"
	"credence/ui"
	"credence/warehouse/calendar"
)

// funnel is how deals went through the stages in the year up to the end of the
// page's period. Of several pipelines it shows the one most deals entered.
func (g *figures) funnel(ctx context.Context) (*ui.Funnel, error) {
	years, err := performance.StagesOf(ctx, g.v, g.yearBack(0), g.yearBack(1))
	if err != nil {
		return nil, err
	}
	stages, pipeline := mainPipeline(years[0])
	if len(stages) == 0 {
		return nil, nil
	}
	earlier, _ := mainPipeline(years[1])
	top, won := 0.0, int64(0)
	for _, st := range stages {
		top = max(top, float64(st.Entered))
		won = max(won, st.Won)
	}
	axis := ui.Axis{Min: 0, Max: top}
	fn := &ui.Funnel{Head: ui.Section{ID: "stages", Measure: ui.Say("Deals that entered a stage in the four quarters up to " + g.f.Date(g.ask.Until.Add(-1)) + "; moved on = of those that left")}}
	if pipeline != "" {
		fn.Head.Measure = fn.Head.Measure.And(" · " + pipeline)
	}
	table := ui.Table{Caption: "Stages", Head: []string{"Stage", "Entered", "Moved on", "Lost here", "Still here", "Median days"}}
	worst, worstShare := performance.Stage{}, 2.0
	for _, st := range stages {
		row := ui.FunnelRow{
			Stage: st.Stage, Href: g.rows("status", "open", "stage", st.Stage), Count: g.f.Count(st.Entered), Onward: "n/a", Days: "n/a",
			Entered: ui.Delta{Axis: axis, To: float64(st.Entered), Kind: "mid", Text: g.f.Count(st.Entered), Label: st.Stage},
		}
		if share, ok := st.Conversion(); ok {
			row.Onward = g.f.Percent(share, 0)
			if share < worstShare {
				worst, worstShare = st, share
			}
			row.Change = stageChange(g, share, st.Stage, earlier)
		}
		if st.MedianDays.Valid {
			row.Days = g.f.Number(st.MedianDays.V, 0)
		}
		fn.Rows = append(fn.Rows, row)
		table.Rows = append(table.Rows, []string{st.Stage, row.Count, row.Onward, g.f.Count(st.Lost), g.f.Count(st.Still), row.Days})
	}
	fn.Won = ui.FunnelRow{Stage: "Won", Entered: ui.Delta{Axis: axis, To: float64(won), Kind: "sum", Text: g.f.Count(won), Label: "won"}}
	fn.Head.Table = &table
	fn.Head.Finding = ui.Say("How deals move through the stages")
	if worst.Stage != "" && worstShare < 1 && len(stages) > 1 {
		fn.Head.Finding = ui.Say(fmt.Sprintf("%s is where most deals are lost: %s move on", worst.Stage, g.f.Percent(worstShare, 0)))
	}
	return fn, nil
}

// stageChange is the difference to a year earlier, in points, from 2 on.
func stageChange(g *figures, share float64, stage string, earlier []performance.Stage) ui.Change {
	for _, e := range earlier {
		was, ok := e.Conversion()
		if e.Stage != stage || !ok || e.Onward+e.Lost < 30 {
			continue
		}
		if diff := share - was; diff >= .02 || diff <= -.02 {
			return ui.Change{Text: g.f.Number(max(diff, -diff)*100, 0), Up: diff > 0, Good: diff > 0}
		}
	}
	return ui.Change{}
}

// yearBack asks about the year that ends with the page's figures, or that many
// years before.
func (g *figures) yearBack(n int) performance.Ask {
	a := g.ask
	a.Until = a.Until.AddDate(-n, 0, 0)
	a.Period = calendar.Period{Name: a.Period.Name, From: a.Until.AddDate(-1, 0, 0), To: a.Until}
	return a
}

// mainPipeline is the stages of the pipeline most deals entered, and its name
// when there are several.
func mainPipeline(all []performance.Stage) ([]performance.Stage, string) {
	entered := map[string]int64{}
	for _, st := range all {
		entered[st.Pipeline] += st.Entered
	}
	pipeline := ""
	for name, n := range entered {
		if n > entered[pipeline] || n == entered[pipeline] && name < pipeline {
			pipeline = name
		}
	}
	var out []performance.Stage
	for _, st := range all {
		if st.Pipeline == pipeline {
			out = append(out, st)
		}
	}
	if len(entered) < 2 {
		pipeline = ""
	}
	return out, pipeline
}
