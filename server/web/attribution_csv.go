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
	head := []string{a.by, "credit", "share", "deals", "touches_a", "touches_b", "touches_c"}
	if a.by == "rep" {
		head = append(head, "sourced", "assisted")
	}
	for _, m := range attribution.Models {
		head = append(head, m.ID)
	}
	rows := [][]string{append(head, "currency")}
	groups, _ := a.groups(a.by, a.main)
	for _, g := range groups {
		name := g.Name
		if g.Kind != attribution.Named {
			name = groupName(a.by, g.Kind)
		} else if a.by == "rep" && g.ID != "" {
			name = a.names.call(g.ID, g.Name)
		}
		deals := fmt.Sprint(g.Deals)
		if a.by == "rep" && !a.names.named() && g.Kind == attribution.Named {
			deals = "" // a deal of two reps of a team would count twice
		}
		row := []string{
			name, money.Format(g.Credit, a.code()), strconv.FormatFloat(g.Share, 'f', 6, 64), deals,
			fmt.Sprint(g.Counts[0]), fmt.Sprint(g.Counts[1]), fmt.Sprint(g.Counts[2]),
		}
		if a.by == "rep" {
			row = append(row, money.Format(g.Sourced, a.code()), money.Format(g.Assisted, a.code()))
		}
		for _, m := range g.ByModel {
			row = append(row, money.Format(m, a.code()))
		}
		for range len(attribution.Models) - len(g.ByModel) {
			row = append(row, "")
		}
		rows = append(rows, append(row, a.code()))
	}
	name := fmt.Sprintf("credit-by-%s-%s-%s", a.by, a.v.Period.Name, a.v.Model)
	if a.channel != "" {
		name += "-" + a.channel
	}
	return sendCSV(c, name, slices.Clip(rows))
}
