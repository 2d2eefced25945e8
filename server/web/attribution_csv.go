package web

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/warehouse/money"
)

// download is the main table as a file, with exact amounts and every model.
func (a *attributionPage) download(c *fiber.Ctx) error {
	view := a.views[a.by]
	people := a.by == attribution.Rep || a.by == attribution.Team
	head := []string{string(a.by), "kind", "credit", "share", "deals", "reach", "rank_best", "rank_worst", "touches_a", "touches_b", "touches_c"}
	if people {
		head = append(head, "sourced", "assisted", "suspected")
	}
	head = append(head, attribution.ModelIDs()...)
	rows := [][]string{append(head, "currency", "model", "basis", "period")}
	groups, _ := a.groups(a.by)
	for _, g := range groups {
		rank := func(n int) string {
			if n == 0 {
				return ""
			}
			return strconv.Itoa(n)
		}
		deals, reach := strconv.Itoa(g.Deals), money.Format(g.Reach, a.code())
		if g.ID == smallTeams {
			deals, reach = "", "" // a deal of two teams would count twice
		}
		row := []string{
			a.nameOf(a.by, g), string(g.Kind), money.Format(g.Credit, a.code()), strconv.FormatFloat(g.Share, 'f', 6, 64), deals, reach,
			rank(g.RankMin), rank(g.RankMax), strconv.Itoa(g.Counts[0]), strconv.Itoa(g.Counts[1]), strconv.Itoa(g.Counts[2]),
		}
		if people {
			row = append(row, money.Format(g.Sourced, a.code()), money.Format(g.Assisted, a.code()), strconv.Itoa(g.Suspected))
		}
		for _, m := range g.ByModel {
			row = append(row, money.Format(m, a.code()))
		}
		rows = append(rows, append(row, a.code(), a.v.Model, string(view.Basis), a.v.Period.Name))
	}
	name := fmt.Sprintf("credit-by-%s-%s-%s-%s", a.by, a.v.Period.Name, a.v.Model, view.Basis)
	if a.channel != "" {
		name += "-" + a.channel
	}
	return sendCSV(c, name, slices.Clip(rows))
}
