package web

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"credence/attribution"
	"credence/ui"
)

// modelChoice is every model by family, each with the address that chooses it.
func modelChoice(chosen string, here func(name, value string) string) ui.ModelChoice {
	var choice ui.ModelChoice
	for _, family := range attribution.Families {
		seg := ui.Segments{Label: string(family)}
		for _, m := range attribution.Models {
			if m.Family != family {
				continue
			}
			at := here("model", m.ID)
			seg.Options = append(seg.Options, ui.Option{Text: m.Short, Note: m.Title + ": " + m.Formula, Href: at, Current: m.ID == chosen})
			choice.All = append(choice.All, ui.ModelLine{Family: string(family), Title: m.Title, Href: at, Formula: m.Formula, Anchors: m.Anchors, Chosen: m.ID == chosen})
			if m.ID == chosen {
				choice.Title, choice.About, choice.Formula, choice.Anchors = m.Title, "/attribution/models/"+m.ID, m.Formula, m.Anchors
			}
		}
		if len(seg.Options) > 0 {
			choice.Families = append(choice.Families, seg)
		}
	}
	return choice
}

// basisChoice is cash and accrual, each with the address that chooses it.
func (a *attributionPage) basisChoice() ui.Segments {
	return ui.Segments{Label: "Money counted by", Options: []ui.Option{
		{Text: "Cash, deal closed", Note: "Deals closed in the period", Href: a.here("basis", ""), Current: a.ask.Basis == attribution.Cash},
		{Text: "Accrual, touch dated", Note: "Touches dated in the period; what went to no touch at the close", Href: a.here("basis", string(attribution.Accrual)), Current: a.ask.Basis == attribution.Accrual},
	}}
}

// moneyChoice is won credit and the open pipeline, which are never added.
func moneyChoice(open bool, here func(path, name, value string) string, by attribution.Dimension) ui.Segments {
	return ui.Segments{Label: "Money", Options: []ui.Option{
		{Text: "Won, credited", Href: here("/attribution", "by", string(by)), Current: !open},
		{Text: "Open pipeline", Note: "Amounts of open deals by what touched them so far; never added to credit", Href: here("/attribution/pipeline", "by", string(by)), Current: open},
	}}
}

// disagreement is the share of each row under every model, shaded by its
// distance from the chosen one.
func (a *attributionPage) disagreement() *ui.ModelTable {
	view := a.views[attribution.Channel]
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
	table := &ui.Table{Caption: "Share of credit by channel and model", Head: []string{"Channel"}}
	for _, m := range attribution.Models {
		table.Head = append(table.Head, m.Title)
	}
	for _, g := range view.Groups {
		row := ui.MatrixRow{Name: g.Name, Channel: g.ID}
		if g.Kind != attribution.Named {
			row.Name, row.Channel = groupName("channel", g.Kind), ui.Unattributed
		}
		cells := []string{row.Name}
		base := shareUnder(view, g, at)
		for i := range g.ByModel {
			share := shareUnder(view, g, i)
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
	t.Section = ui.Section{ID: "models-disagree", Finding: ui.Say(finding), Measure: ui.Say("Share of " + a.whatMoney() + " in %, shaded by distance from " + strings.ToLower(view.Model.Title)), Table: table}
	return t
}

// shareUnder is a group's share of the view's money under the i-th model.
func shareUnder(v attribution.View, g attribution.Group, i int) float64 {
	if v.Totals[i] == 0 {
		return 0
	}
	return float64(g.ByModel[i]) / float64(v.Totals[i])
}

// shareRange is the lowest and highest share of a group over the models.
func shareRange(v attribution.View, g attribution.Group) (low, high float64) {
	for i := range g.ByModel {
		share := shareUnder(v, g, i)
		if i == 0 {
			low, high = share, share
		}
		low, high = min(low, share), max(high, share)
	}
	return low, high
}
