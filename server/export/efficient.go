package export

import (
	"context"
	"fmt"

	"credence/attribution"
	"credence/warehouse"
)

var merNames = map[string]string{
	attribution.MERNetContribution: "MER (net contribution ÷ expenses)",
	attribution.MERBeforeMarketing: "MER (contribution before marketing ÷ expenses)",
}

func ask(ctx context.Context, q *warehouse.Snapshot, r Request) (attribution.Efficient, error) {
	e, err := attribution.Efficiency(ctx, q, r.UserID, r.Model, r.Period, r.Efficiency)
	if err != nil {
		return e, fmt.Errorf("ask efficiency: %w", err)
	}
	return e, nil
}

// efficiency is the marketing efficiency of the whole company.
func efficiency(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	e, err := ask(ctx, q, r)
	if err != nil {
		return Section{}, err
	}
	s := Section{
		ID: "efficiency", Title: "Marketing efficiency",
		Note:    fmt.Sprintf("S net sales, C cost of goods sold, E marketing expenses; break-even %g. Identity: margin · (S/E) − 1 = (S − C − E)/E.", e.BreakEven),
		Columns: []Column{{"measure", "Measure"}, {"value", "Value"}},
	}
	t := e.Total
	s.Rows = []Row{
		{"S net sales", Money(t.Sales)},
		{"C cost of goods sold", Money(t.Cost)},
		{"E marketing expenses", Money(t.Expenses)},
		{"Net contribution S − C − E", Money(t.Net)},
		{merNames[e.MERName], ratio(t.MER)},
		{"Revenue MER S/E", ratio(t.RevenueMER)},
		{"Break-even revenue MER S/(S − C)", ratio(t.BreakEvenMER)},
		{"Margin (S − C)/S", share(t.Margin)},
		{"Identity: margin · (S/E) − 1", ratio(e.Identity)},
	}
	for _, x := range e.Expenses {
		counted := "counted"
		if !x.Counted {
			counted = "not counted"
		}
		s.Rows = append(s.Rows, Row{fmt.Sprintf("Expenses: %s (%s)", x.Kind, counted), Money(x.AmountMinor)})
	}
	for _, b := range e.CostBasis {
		s.Rows = append(s.Rows, Row{fmt.Sprintf("Cost by %s, %d deals", b.Basis, b.Deals), Money(b.Cost)})
	}
	if e.NoRate > 0 {
		s.Rows = append(s.Rows, Row{"Spend rows in a currency without rate, not in E", Count(e.NoRate)})
	}
	s.Chart = &Chart{Title: "Sales, cost, expenses and net contribution", Column: 1, Rows: 4}
	return s, nil
}

// efficiencyByChannel is attributed sales against each channel's own spend.
func efficiencyByChannel(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	e, err := ask(ctx, q, r)
	if err != nil {
		return Section{}, err
	}
	s := Section{
		ID: "efficiency-by-channel", Title: "Efficiency by channel",
		Note: "Sales are attributed under " + e.Model.Title + "; expenses are the channel's own. n/a: nothing was spent.",
		Columns: []Column{
			{"channel", "Channel"},
			{"expenses", "Expenses"},
			{"sales", "Sales"},
			{"cost", "Cost"},
			{"net", "Net contribution"},
			{"mer", "MER"},
			{"revenue_mer", "Revenue MER"},
			{"deals", "Deals"},
			{"spend_share", "Share of spend"},
			{"net_share", "Share of contribution"},
		},
	}
	for _, c := range e.Channels {
		s.Rows = append(s.Rows, Row{
			efficiencyName(c), Money(c.Expenses), Money(c.Sales), Money(c.Cost), Money(c.Net), ratio(c.MER), ratio(c.RevenueMER),
			Ratio(c.Deals), share(c.SpendShare), share(c.NetShare),
		})
	}
	s.Chart = &Chart{Title: "Net contribution by channel", Column: 4, Rows: min(len(s.Rows), chartRows)}
	return s, nil
}

func efficiencyName(row attribution.EfficiencyRow) string {
	return groupName(attribution.Group{Kind: row.Kind, ID: row.ID, Name: row.Name}, "channel")
}

func ratio(v *float64) any {
	if v == nil {
		return nil
	}
	return Ratio(*v)
}

func share(v *float64) any {
	if v == nil {
		return nil
	}
	return Share(*v)
}

// settings is what every figure of the report depends on.
func settings(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	built, _, err := attribution.BuiltWith(ctx, q)
	if err != nil {
		return Section{}, err
	}
	changed, err := lastChange(ctx, q)
	if err != nil {
		return Section{}, err
	}
	closed := "not closed"
	closing, ok, err := attribution.ClosingOf(ctx, q, r.Period.Name)
	if err != nil {
		return Section{}, err
	}
	if ok {
		closed = closedWords(closing)
	}
	model, _ := attribution.ModelByID(r.Model)
	zone := "UTC"
	if r.Calendar.Location != nil {
		zone = r.Calendar.Location.String()
	}
	salaries := "not counted"
	if r.Efficiency.Salaries {
		salaries = "counted"
	}
	return Section{
		ID: "settings", Title: "Settings", Note: "What the figures depend on.",
		Columns: []Column{{"setting", "Setting"}, {"value", "Value"}},
		Rows: []Row{
			{"Company", r.Company},
			{"Period", r.Period.Name},
			{"From (UTC, included)", r.Period.From.UTC().Format("2006-01-02 15:04")},
			{"To (UTC, excluded)", r.Period.To.UTC().Format("2006-01-02 15:04")},
			{"Time zone", zone},
			{"Currency", r.Currency},
			{"Model", model.Title + " (" + model.ID + ")"},
			{"Formula", model.Formula},
			{"Anchors", model.Anchors},
			{"Touches and window", built.Line()},
			{"Settings last changed (UTC)", changed},
			{"MER", merNames[r.Efficiency.MER]},
			{"Margin where no cost is known", Share(r.Efficiency.Margin)},
			{"Salaries in E", salaries},
			{"As reported", closed},
			{"Generation", Count(q.Generation)},
			{"Refreshed (UTC)", q.RefreshedAt.UTC().Format("2006-01-02 15:04:05")},
		},
	}, nil
}

// lastChange says who last changed the attribution settings, and why.
func lastChange(ctx context.Context, q *warehouse.Snapshot) (string, error) {
	changes, err := attribution.Changes(ctx, q)
	if err != nil || len(changes) == 0 {
		return "never: they are those of the configuration", err
	}
	last := changes[0]
	return fmt.Sprintf("%s by %s: %s", last.At.Format("2006-01-02 15:04"), last.Name, last.Reason), nil
}
