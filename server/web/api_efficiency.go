package web

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/warehouse/money"
)

type apiEfficiency struct {
	Period    string             `json:"period"`
	Model     string             `json:"model"`
	MERName   string             `json:"mer_name"`
	BreakEven float64            `json:"break_even"`
	Currency  string             `json:"currency"`
	Total     apiEfficiencyRow   `json:"total"`
	Items     []apiEfficiencyRow `json:"items"` // by channel
	Next      *string            `json:"next"`
	Identity  *float64           `json:"identity"` // margin · (S/E) − 1
	Expenses  []apiExpense       `json:"expenses"`
	NoRate    int                `json:"spend_without_rate"`
}

type apiEfficiencyRow struct {
	Kind         string   `json:"kind"`
	Channel      string   `json:"channel"`
	Sales        string   `json:"sales"`
	Cost         string   `json:"cost"`
	Expenses     string   `json:"expenses"`
	Net          string   `json:"net"`
	MER          *float64 `json:"mer"` // null: nothing was spent
	RevenueMER   *float64 `json:"revenue_mer"`
	BreakEvenMER *float64 `json:"break_even_revenue_mer"`
	Margin       *float64 `json:"margin"`
	SpendShare   *float64 `json:"spend_share"`
	NetShare     *float64 `json:"net_share"`
}

type apiExpense struct {
	Kind    string `json:"kind"`
	Amount  string `json:"amount"`
	Counted bool   `json:"counted"`
}

// apiEfficiency answers what the marketing money of the period brought.
func (s *Server) apiEfficiency(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		all, err := s.efficiencies(ctx, v, v)
		if err != nil {
			return err
		}
		e := all[slices.IndexFunc(attribution.Models, func(m attribution.Model) bool { return m.ID == v.Model })]
		currency := s.Config.Company.Currency
		a := apiEfficiency{
			Period: v.Period.Name, Model: e.Model.ID, MERName: e.MERName, BreakEven: e.BreakEven, Currency: currency,
			Total: efficiencyAnswer(e.Total, currency), Items: []apiEfficiencyRow{}, Identity: e.Identity, Expenses: []apiExpense{}, NoRate: e.NoRate,
		}
		for _, row := range e.Channels {
			a.Items = append(a.Items, efficiencyAnswer(row, currency))
		}
		for _, x := range e.Expenses {
			a.Expenses = append(a.Expenses, apiExpense{x.Kind, money.Format(x.AmountMinor, currency), x.Counted})
		}
		return c.JSON(a)
	})
}

func efficiencyAnswer(r attribution.EfficiencyRow, currency string) apiEfficiencyRow {
	return apiEfficiencyRow{
		Kind: string(r.Kind), Channel: r.ID, Sales: money.Format(r.Sales, currency), Cost: money.Format(r.Cost, currency),
		Expenses: money.Format(r.Expenses, currency), Net: money.Format(r.Net, currency), MER: r.MER, RevenueMER: r.RevenueMER,
		BreakEvenMER: r.BreakEvenMER, Margin: r.Margin, SpendShare: r.SpendShare, NetShare: r.NetShare,
	}
}
