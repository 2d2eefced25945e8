package web

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/warehouse/money"
)

// download is the efficiency of the company, its channels and its campaigns as
// one file; the column "of" says which, and rows of two kinds are never added.
func (e *efficiencyPage) download(c *fiber.Ctx) error {
	rows := [][]string{{"of", "channel", "name", "sales", "cost", "expenses", "net", "mer", "revenue_mer", "spend_share", "net_share", "currency", "model", "period"}}
	ratio := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', 6, 64)
	}
	add := func(of string, r attribution.EfficiencyRow) {
		name := r.Name
		if r.Kind != attribution.Named {
			name = groupName(of, r.Kind)
		}
		m := func(v int64) string { return money.Format(v, e.code()) }
		rows = append(rows, []string{of, r.Channel, name, m(r.Sales), m(r.Cost), m(r.Expenses), m(r.Net), ratio(r.MER), ratio(r.RevenueMER), ratio(r.SpendShare), ratio(r.NetShare), e.code(), e.v.Model, e.v.Period.Name})
	}
	add("company", e.now.Total)
	for _, r := range e.now.Channels {
		add("channel", r)
	}
	for _, r := range e.now.Campaigns {
		add("campaign", r)
	}
	return sendCSV(c, fmt.Sprintf("efficiency-%s-%s", e.v.Period.Name, e.v.Model), rows)
}
