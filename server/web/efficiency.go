package web

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/server/jobs"
	"credence/ui"
	"credence/ui/charts"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// efficiencies is the marketing efficiency of the visit's period under every
// model by the ledger of q, in the order of attribution.Models. Of the stored ledger
// it is computed once a generation: it takes a row of every touch.
func (s *Server) efficiencies(ctx context.Context, q sqlfile.Querier, v *Visit) ([]attribution.Efficient, error) {
	reader, period, settings := v.Reader.ID, v.Period, s.efficiencySettings()
	if q != v.Snapshot && q != v {
		return attribution.EfficiencyByModel(ctx, q, reader, period, settings)
	}
	key := fmt.Sprintf("efficiencies of %s from %s to %s", reader, period.From, period.To)
	return warehouse.Keep(ctx, v.Snapshot, key, efficienciesSize, func(ctx context.Context, snap *warehouse.Snapshot) ([]attribution.Efficient, error) {
		return attribution.EfficiencyByModel(ctx, snap, reader, period, settings)
	})
}

// efficienciesSize is about how many bytes the efficiencies of a period take.
const efficienciesSize = 256 << 10

func (s *Server) efficiencySettings() attribution.EfficiencySettings {
	return jobs.EfficiencySettings(s.Config)
}

// pageEfficiency says what one unit of marketing money brought in the period,
// net, for the company, each channel and each campaign.
func (s *Server) pageEfficiency(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		all, err := s.efficiencies(ctx, v, v)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(attribution.Models, func(m attribution.Model) bool { return m.ID == v.Model })
		e := &efficiencyPage{
			s: s, v: v, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), all: all, now: all[at],
			here: func(name, value string) string { return href(c, name, value) },
		}
		if c.Query("format") == "csv" {
			return e.download(c)
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Efficiency"}, {Text: s.Config.Company.Name}, {Text: periodWords(v.Period.Name)}}
		v.Layout.Finding = e.finding()
		v.Layout.Notes = e.notes()
		view, err := e.view()
		if err != nil {
			return err
		}
		return s.page(c, v, "efficiency", view)
	})
}

type efficiencyPage struct {
	s    *Server
	v    *Visit
	f    ui.Format
	all  []attribution.Efficient // by model
	now  attribution.Efficient   // under the chosen model
	here func(name, value string) string
}

func (e *efficiencyPage) code() string { return e.s.Config.Company.Currency }

func (e *efficiencyPage) ratio(v *float64) string {
	if v == nil {
		return "n/a"
	}
	return e.f.Number(*v, 2)
}

func (e *efficiencyPage) finding() ui.Words {
	period, t := periodTitle(e.v.Period.Name), e.now.Total
	if t.MER == nil {
		return ui.Say("No marketing money was spent in " + period + ", so there is no efficiency to state.")
	}
	unit := map[string]string{"EUR": "euro", "USD": "dollar", "GBP": "pound"}[e.code()]
	if unit == "" {
		unit = e.code()
	}
	what := " net"
	if e.now.MERName == attribution.MERBeforeMarketing {
		what = " before marketing"
	}
	sign := e.f.Money(int64(math.Round(*t.MER*100)), e.code())
	w := ui.Say("Each marketing "+unit+" brought ").Link(sign, "#identity").And(what + " in " + period + ". ")
	var lose []string
	spend := int64(0)
	for _, r := range e.now.Channels {
		if r.Kind == attribution.Named && r.Expenses > 0 && r.MER != nil && *r.MER < e.now.BreakEven {
			lose = append(lose, r.Name)
			spend += r.Expenses
		}
	}
	switch len(lose) {
	case 0:
		return w.And("Every channel with spend earns it back.")
	case 1:
		return w.Link(e.f.Short(spend, e.code()), "#by-channel").And(" of spend sits in " + lose[0] + ", which does not earn it back.")
	}
	return w.Link(e.f.Short(spend, e.code()), "#by-channel").And(fmt.Sprintf(" of spend sits in %s channels that do not earn it back.", small(int64(len(lose)))))
}

func (e *efficiencyPage) notes() []string {
	notes := []string{
		e.now.Model.Title + ": " + e.now.Model.Formula,
		"Spend stays on its own date; spend with no deal stays in the denominator",
		fmt.Sprintf("C: line-item cost, else product cost, else margin %g", e.s.Config.Efficiency.Margin),
	}
	if b := e.now.Beside; b.NoAmount+b.NoRate > 0 {
		notes = append(notes, fmt.Sprintf("Beside S: %d won deals without amount, %d without rate", b.NoAmount, b.NoRate))
	}
	if e.now.NoRate > 0 {
		notes = append(notes, fmt.Sprintf("%d spend rows in a currency without rate are not in E", e.now.NoRate))
	}
	return notes
}

func (e *efficiencyPage) view() (ui.Efficiency, error) {
	view := ui.Efficiency{}
	if e.now.Total.Expenses == 0 && e.now.Total.Sales == 0 {
		view.Empty = &ui.State{Kind: "empty", Title: "Nothing sold and nothing spent in " + periodWords(e.v.Period.Name), Text: "Efficiency needs won deals and spend. Spend comes from the ads sources or from a spend file."}
		return view, nil
	}
	view.Models = modelChoice(e.v.Model, e.here)
	if e.now.NoRate > 0 {
		view.Warning = &ui.Notice{Text: ui.Say(fmt.Sprintf("%d rows of spend have a currency without a rate and are missing in E, so MER reads too high.", e.now.NoRate))}
	}
	e.identity(&view)
	view.Channels = e.table("channel", e.now.Channels)
	view.Campaigns = e.table("campaign", e.now.Campaigns)
	e.lists(&view)
	return view, e.portfolio(&view)
}

// identity prints S − C − E and what it comes to, with the check by margin.
func (e *efficiencyPage) identity(view *ui.Efficiency) {
	t, cur := e.now.Total, e.code()
	money := func(v int64) string { return e.f.Whole(v, cur) }
	contribution, formula := "net contribution", "MER = (S − C − E) ÷ E, net contribution per "+cur+" of marketing"
	view.Terms = []ui.Term{
		{Name: "S net sales", Value: money(t.Sales)},
		{Sign: "−", Name: "C cost of goods", Value: money(t.Cost)},
		{Sign: "−", Name: "E marketing expenses", Value: money(t.Expenses)},
		{Sign: "=", Name: contribution, Value: money(t.Net)},
	}
	if e.now.MERName == attribution.MERBeforeMarketing {
		formula = "MER = (S − C) ÷ E, contribution before marketing per " + cur + " of marketing"
		view.Terms = []ui.Term{view.Terms[0], view.Terms[1], {Sign: "=", Name: "contribution", Value: money(t.Sales - t.Cost)}, {Sign: "÷", Name: "E marketing expenses", Value: money(t.Expenses)}}
	}
	sign := "÷ E ="
	if e.now.MERName == attribution.MERBeforeMarketing {
		sign = "="
	}
	view.Terms = append(view.Terms, ui.Term{Sign: sign, Name: "MER", Value: e.ratio(t.MER), Big: true})
	view.Whole = ui.Whole{Label: "Net sales by what they went to", Names: true, Parts: []ui.Part{
		{Name: e.part("C", t.Cost), Kind: "soft", Value: float64(max(0, t.Cost)), Text: money(t.Cost)},
		{Name: e.part("E", t.Expenses), Kind: "mid", Value: float64(max(0, t.Expenses)), Text: money(t.Expenses)},
		{Name: e.part("net contribution", t.Net), Kind: "accent", Value: float64(max(0, t.Net)), Text: money(t.Net)},
	}}
	margin := ""
	if t.Margin != nil && t.RevenueMER != nil && e.now.Identity != nil {
		margin = fmt.Sprintf("check: m × S ÷ E − 1 = %s × %s − 1 = %s", e.f.Number(*t.Margin, 3), e.f.Number(*t.RevenueMER, 2), e.f.Number(*e.now.Identity, 2))
	}
	view.Checks = []ui.Words{ui.Say("break-even ").Bold(e.f.Number(e.now.BreakEven, 0)).And("; in revenue MER ").Bold(e.ratio(t.BreakEvenMER)), ui.Say(margin), ui.Say("revenue MER S ÷ E = ").Bold(e.ratio(t.RevenueMER))}
	counted := []string{}
	for _, x := range e.now.Expenses {
		if x.Counted {
			counted = append(counted, x.Kind)
		}
	}
	measure := "E is " + strings.Join(counted, " and ") + " spend"
	if len(counted) == 0 {
		measure = "No spend is known"
	}
	view.Identity = ui.Section{
		ID: "identity", Finding: ui.Say(formula), Measure: ui.Say(measure + "; won deals by close date, " + periodWords(e.v.Period.Name)),
		Download: e.here("format", "csv"),
		Table: &ui.Table{Caption: "Marketing efficiency of the company", Head: []string{"Term", "Value"}, Rows: [][]string{
			{"S net sales", e.f.Money(t.Sales, cur)},
			{"C cost of goods", e.f.Money(t.Cost, cur)},
			{"E marketing expenses", e.f.Money(t.Expenses, cur)},
			{"Net contribution", e.f.Money(t.Net, cur)},
			{"MER", e.ratio(t.MER)},
			{"Revenue MER", e.ratio(t.RevenueMER)},
			{"Break-even", e.f.Number(e.now.BreakEven, 0)},
		}},
	}
}

func (e *efficiencyPage) part(name string, v int64) string {
	if e.now.Total.Sales == 0 {
		return name
	}
	return name + ", " + e.f.Percent(float64(v)/float64(e.now.Total.Sales), 1) + " of sales"
}

// offset puts MER on an axis that a logarithm can take: contribution before
// marketing per unit spent, whose break-even is 1.
func (e *efficiencyPage) offset() float64 { return 1 - e.now.BreakEven }

// rangeOf is a row's MER under every model.
func (e *efficiencyPage) rangeOf(by string, row attribution.EfficiencyRow) (values []float64) {
	for _, x := range e.all {
		rows := x.Channels
		if by == "campaign" {
			rows = x.Campaigns
		}
		for _, r := range rows {
			if r.Kind == row.Kind && r.ID == row.ID && (r.ID != "" || r.Channel == row.Channel) && r.MER != nil {
				values = append(values, *r.MER+e.offset())
			}
		}
	}
	return values
}

func (e *efficiencyPage) table(by string, rows []attribution.EfficiencyRow) ui.MERTable {
	t := ui.MERTable{Head: upper(by)}
	var values []float64
	var named, rest []attribution.EfficiencyRow
	for _, r := range rows {
		if r.Kind == attribution.Named && r.Expenses > 0 && r.MER != nil {
			named = append(named, r)
			values = append(values, e.rangeOf(by, r)...)
		} else {
			rest = append(rest, r)
		}
	}
	slices.SortStableFunc(named, func(a, b attribution.EfficiencyRow) int {
		switch {
		case *a.MER > *b.MER:
			return -1
		case *a.MER < *b.MER:
			return 1
		}
		return 0
	})
	t.Axis = ui.NewLogAxis(values, func(v float64) string {
		at := v - e.offset()
		if v == 1 {
			return "break-even " + e.f.Number(e.now.BreakEven, 0)
		}
		return e.f.Number(at, decimals(at))
	})
	for _, r := range named {
		t.Rows = append(t.Rows, e.row(by, r, t.Axis))
	}
	silent, credit, n := int64(0), int64(0), 0
	for _, r := range rest {
		if by == "campaign" && r.Kind == attribution.Named && r.Expenses == 0 {
			silent, credit, n = silent+r.Net, credit+r.Sales, n+1
			continue
		}
		t.Rest = append(t.Rest, e.row(by, r, t.Axis))
	}
	if n > 0 {
		t.Rest = append(t.Rest, ui.MERRow{Name: e.f.Plural(int64(n), "campaign", "campaigns") + " without spend", Spend: e.f.Short(0, e.code()), Credit: e.f.Short(credit, e.code()), Net: e.f.Short(silent, e.code()), MER: "n/a", Revenue: "n/a", CAC: "n/a"})
	}
	all := e.now.Total
	t.Total = ui.MERRow{
		Name: "All", Sub: fmt.Sprintf("log scale; band = %d models", len(e.all)), Spend: e.f.Short(all.Expenses, e.code()), Credit: e.f.Short(all.Sales, e.code()), Net: e.f.Short(all.Net, e.code()),
		MER: e.ratio(all.MER), Revenue: e.ratio(all.RevenueMER), CAC: e.cac(all),
	}
	t.Section = e.tableSection(by, named, rows)
	return t
}

func decimals(v float64) int {
	if v == math.Trunc(v) || math.Abs(v) >= 10 {
		return 0
	}
	return 1
}

func (e *efficiencyPage) row(by string, r attribution.EfficiencyRow, axis ui.Axis) ui.MERRow {
	out := ui.MERRow{Name: r.Name, Channel: r.Channel, Spend: e.f.Short(r.Expenses, e.code()), Credit: e.f.Short(r.Sales, e.code()), Net: e.f.Short(r.Net, e.code()), MER: e.ratio(r.MER), Revenue: e.ratio(r.RevenueMER), CAC: e.cac(r)}
	if by == "channel" {
		out.Channel = r.ID
	} else {
		out.Sub = r.Channel
	}
	if r.Kind != attribution.Named {
		out.Name, out.Channel = groupName(by, r.Kind), ui.Unattributed
		if r.Kind == attribution.Other {
			out.Channel, out.Name, out.Sub = r.Channel, "Other "+r.Channel, "spend outside campaigns"
		}
		if r.Kind == attribution.None {
			out.Channel = ""
		}
		return out
	}
	if r.Expenses == 0 || r.MER == nil {
		out.Sub = "no spend"
		return out
	}
	values := e.rangeOf(by, r)
	out.Range = &ui.Range{
		Axis: axis, Low: slices.Min(values), High: slices.Max(values), Value: *r.MER + e.offset(), Channel: out.Channel,
		Label: fmt.Sprintf("MER %s, %s to %s over the models", e.ratio(r.MER), e.f.Number(slices.Min(values)-e.offset(), 2), e.f.Number(slices.Max(values)-e.offset(), 2)),
	}
	if *r.MER < e.now.BreakEven {
		out.Mark = ui.Change{Text: "below break-even"}
	}
	return out
}

func (e *efficiencyPage) cac(r attribution.EfficiencyRow) string {
	if r.CAC == nil {
		return "n/a"
	}
	return e.f.Short(*r.CAC, e.code())
}

// tableSection says how many rows earn their spend back whatever the model.
func (e *efficiencyPage) tableSection(by string, named, rows []attribution.EfficiencyRow) ui.Section {
	always, never := 0, 0
	for _, r := range named {
		values := e.rangeOf(by, r)
		if slices.Min(values) >= 1 {
			always++
		}
		if slices.Max(values) < 1 {
			never++
		}
	}
	things := by + "s"
	finding := fmt.Sprintf("%s of %d %s with spend earn it back under every model", upper(small(int64(always))), len(named), things)
	switch {
	case len(named) == 0:
		finding = "No " + by + " has spend"
	case never > 0:
		finding += fmt.Sprintf("; %s under none", small(int64(never)))
	}
	sec := ui.Section{ID: "by-" + by, Finding: ui.Say(finding), Measure: ui.Say("MER by " + by + " under " + strings.ToLower(e.now.Model.Title) + ", with its range over the models; " + e.code())}
	table := &ui.Table{Caption: "Efficiency by " + by, Head: []string{upper(by), "Spend", "Credited", "Cost of goods", "Net", "MER", "Revenue MER", "Spend share", "Share of contribution"}}
	share := func(v *float64) string {
		if v == nil {
			return "n/a"
		}
		return e.f.Percent(*v, 1)
	}
	for _, r := range rows {
		name := r.Name
		if r.Kind != attribution.Named {
			name = strings.TrimSpace(groupName(by, r.Kind) + " " + r.Channel)
		}
		table.Rows = append(table.Rows, []string{name, e.f.Money(r.Expenses, e.code()), e.f.Money(r.Sales, e.code()), e.f.Money(r.Cost, e.code()), e.f.Money(r.Net, e.code()), e.ratio(r.MER), e.ratio(r.RevenueMER), share(r.SpendShare), share(r.NetShare)})
	}
	sec.Table = table
	return sec
}

// lists is what E is made of and where C comes from.
func (e *efficiencyPage) lists(view *ui.Efficiency) {
	var spent, basis []ui.Fact
	for _, x := range e.now.Expenses {
		name := upper(x.Kind)
		if !x.Counted {
			name += ", not counted"
		}
		spent = append(spent, ui.Fact{Name: name, Value: e.f.Whole(x.AmountMinor, e.code())})
	}
	names := map[string]string{"line item": "from line items", "product": "from product costs", "margin": "from the configured margin"}
	for _, b := range e.now.CostBasis {
		basis = append(basis, ui.Fact{Name: "C " + names[b.Basis] + ", " + e.f.Plural(int64(b.Deals), "deal", "deals"), Value: e.f.Whole(b.Cost, e.code())})
	}
	view.Lists = [][]ui.Fact{spent, basis}
	view.Expenses = ui.Section{ID: "expenses", Finding: ui.Say("What E and C are made of"), Measure: ui.Say(periodWords(e.v.Period.Name) + ", " + e.code())}
}

// portfolioDots is how many campaigns the portfolio draws: those with most spend.
const portfolioDots = 12

func (e *efficiencyPage) portfolio(view *ui.Efficiency) error {
	var dots []charts.Holding
	for _, r := range e.now.Campaigns {
		if r.Kind != attribution.Named || r.SpendShare == nil || r.NetShare == nil || r.Expenses == 0 || len(dots) == portfolioDots {
			continue
		}
		colour := charts.Colour(ui.ChannelClass(r.Channel))
		if ui.IsHatched(r.Channel) {
			colour = "ch-other"
		}
		dots = append(dots, charts.Holding{Name: r.Name, Spend: *r.SpendShare, Share: *r.NetShare, Text: r.Name + "  " + e.ratio(r.MER), Colour: colour})
	}
	if len(dots) < 2 {
		return nil
	}
	better := 0
	for _, d := range dots {
		if d.Share > d.Spend {
			better++
		}
	}
	finding := fmt.Sprintf("%s of the %d largest campaigns bring more than their share of spend", upper(small(int64(better))), len(dots))
	chart, err := charts.Portfolio{Label: finding, Points: dots, XName: "share of spend", Size: "tall"}.Chart()
	if err != nil {
		return err
	}
	view.Chart = &chart
	table := &ui.Table{Caption: "Share of spend and of contribution by campaign", Head: []string{"Campaign", "Share of spend", "Share of contribution"}}
	for _, d := range dots {
		table.Rows = append(table.Rows, []string{d.Name, e.f.Percent(d.Spend, 1), e.f.Percent(d.Share, 1)})
	}
	view.Portfolio = ui.Section{ID: "portfolio", Finding: ui.Say(finding), Measure: ui.Say("Share of spend against share of net contribution; dashed = equal share, line = break-even"), Table: table}
	return nil
}
