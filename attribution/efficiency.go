package attribution

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// The two ways to state MER.
const (
	MERNetContribution = "net_contribution"              // (S − C − E) / E, break-even 0
	MERBeforeMarketing = "contribution_before_marketing" // (S − C) / E, break-even 1
)

// EfficiencySettings say how marketing efficiency is stated.
type EfficiencySettings struct {
	Company  calendar.Company // spend is dated by local day
	MER      string           // MERNetContribution or MERBeforeMarketing
	Margin   float64          // where neither line items nor products know a cost
	Salaries bool             // whether spend of kind salary counts
}

// Efficient is what the marketing money of a period brought. Money is minor
// units of the reporting currency; a nil ratio is "n/a", never 0.
type Efficient struct {
	Model    Model
	Period   calendar.Period
	MERName  string // which MER: one of the constants
	Total    EfficiencyRow
	Channels []EfficiencyRow // by spend, then sales; with rows for unattributed and withheld credit
	// Campaigns, each one row in its own channel, whatever channels its touches and
	// spend are in. Spend of a channel without a campaign is a row Other, credit
	// without a campaign a row None.
	Campaigns []EfficiencyRow
	Expenses  []Expense // the list E is made of
	CostBasis []CostBasis
	Identity  *float64 // margin · (S/E) − 1, which equals (S − C − E)/E
	BreakEven float64  // 0 or 1
	Beside    Beside
	NoRate    int // spend rows in a currency without rate: not in E
}

// Other is the kind of an efficiency row that holds a channel's spend outside
// its campaigns.
const Other GroupKind = "other"

// EfficiencyRow is sales, cost and expenses of the company, a channel or a
// campaign. Of a channel or campaign they are attributed under the model; the
// spend is its own.
type EfficiencyRow struct {
	Kind         GroupKind
	ID           string
	Name         string
	Channel      string
	Sales        int64    // S
	Cost         int64    // C, of goods sold
	Expenses     int64    // E
	Net          int64    // S − C − E
	MER          *float64 // by Efficient.MERName
	RevenueMER   *float64 // S / E: ROAS of a channel or campaign
	BreakEvenMER *float64 // the revenue MER at which MER breaks even: S / (S − C)
	Margin       *float64 // (S − C) / S
	Deals        float64  // won deals, or the sum of weights
	CAC          *int64   // E / Deals, rounded
	SpendShare   *float64 // of all E
	NetShare     *float64 // of the company's S − C − E; nil unless that is above 0
}

// Expense is one line of what E is made of.
type Expense struct {
	Kind        string // media, programme or salary
	AmountMinor int64
	Counted     bool // false: salaries when the setting leaves them out
}

// CostBasis says where the cost of goods sold comes from.
type CostBasis struct {
	Basis string // line item, product or margin
	Deals int
	Sales int64
	Cost  int64
}

// Efficiency is the marketing efficiency of the deals won and the money spent
// in period p. Who may not see the whole company is answered
// warehouse.ErrNotFound.
func Efficiency(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period, s EfficiencySettings) (Efficient, error) {
	m, err := modelNamed(model)
	if err != nil {
		return Efficient{}, err
	}
	all, err := EfficiencyByModel(ctx, q, user, p, s)
	if err != nil {
		return Efficient{}, err
	}
	return all[slices.IndexFunc(Models, func(x Model) bool { return x.ID == m.ID })], nil
}

// EfficiencyByModel is Efficiency under each of Models, in their order: one
// question whatever their number. Totals and spend are the same in all.
func EfficiencyByModel(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period, s EfficiencySettings) ([]Efficient, error) {
	common, spent, err := efficient(ctx, q, user, p, s)
	if err != nil {
		return nil, err
	}
	sold, err := sold(ctx, q, user, p, s)
	if err != nil {
		return nil, fmt.Errorf("weigh efficiency: %w", err)
	}
	all := make([]Efficient, len(Models))
	for i, m := range Models {
		all[i] = common
		all[i].Model = m
		all[i].weigh(sold[i], spent)
	}
	return all, nil
}

// EfficiencyTotal is Efficiency without channels and campaigns, of which no
// model says anything: Model, Channels and Campaigns are empty.
func EfficiencyTotal(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period, s EfficiencySettings) (Efficient, error) {
	e, spent, err := efficient(ctx, q, user, p, s)
	if err != nil {
		return Efficient{}, err
	}
	for _, c := range spent {
		e.Total.Expenses += c.expenses
	}
	e.totals()
	return e, nil
}

// efficient is what does not depend on the model, and the spend by campaign,
// which Total does not hold yet.
func efficient(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period, s EfficiencySettings) (Efficient, []cell, error) {
	if s.MER != MERNetContribution && s.MER != MERBeforeMarketing {
		return Efficient{}, nil, fmt.Errorf("efficiency mer is %q; choose %s or %s", s.MER, MERNetContribution, MERBeforeMarketing)
	}
	var sees int
	if err := questions.Get("sees_company").One(ctx, q, []sql.NamedArg{sql.Named("user_id", user)}, &sees); err != nil {
		return Efficient{}, nil, fmt.Errorf("weigh efficiency: %w", err)
	}
	if sees == 0 {
		return Efficient{}, nil, fmt.Errorf("weigh efficiency: %w", warehouse.ErrNotFound)
	}
	e := Efficient{Period: p, MERName: s.MER}
	if s.MER == MERBeforeMarketing {
		e.BreakEven = 1
	}
	spent, err := e.spent(ctx, q, user, p, s)
	if err != nil {
		return Efficient{}, nil, fmt.Errorf("weigh efficiency: %w", err)
	}
	if err := e.won(ctx, q, user, p, s); err != nil {
		return Efficient{}, nil, fmt.Errorf("weigh efficiency: %w", err)
	}
	return e, spent, nil
}

// cell is sales and cost, or spend, of one campaign of one channel.
type cell struct {
	kind                            GroupKind
	channel, campaign, name, home   string // home is the campaign's own channel
	sales, cost, expenses, dealsE12 int64
}

// spent reads the marketing money and fills Expenses and NoRate.
func (e *Efficient) spent(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period, s EfficiencySettings) ([]cell, error) {
	from, to := bounds(p)
	loc := s.Company.Location
	if loc == nil {
		loc = time.UTC
	}
	// A period begins and ends with a local day.
	fromDay, toDay := from.In(loc).Format(time.DateOnly), to.In(loc).Format(time.DateOnly)
	if p.To.IsZero() {
		fromDay, toDay = from.Format(time.DateOnly), to.Format(time.DateOnly)
	}
	type row struct {
		cell
		kind   string
		noRate int
	}
	rows, err := sqlfile.All(ctx, q, questions.Get("efficiency_spend"), func(scan func(...any) error) (row, error) {
		var r row
		err := scan(&r.kind, &r.channel, &r.campaign, &r.name, &r.home, &r.expenses, &r.noRate)
		return r, err
	}, sql.Named("user_id", user), sql.Named("from_day", fromDay), sql.Named("to_day", toDay))
	if err != nil {
		return nil, err
	}
	byKind := map[string]int64{}
	var cells []cell
	for _, r := range rows {
		counted := r.kind != "salary" || s.Salaries
		byKind[r.kind] += r.expenses
		if !counted {
			continue
		}
		e.NoRate += r.noRate
		if r.campaign == "" {
			r.cell.kind = Other
		}
		cells = append(cells, r.cell)
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		e.Expenses = append(e.Expenses, Expense{Kind: kind, AmountMinor: byKind[kind], Counted: kind != "salary" || s.Salaries})
	}
	return cells, nil
}

// won reads what was sold and its cost and fills CostBasis, Beside and Total.
func (e *Efficient) won(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period, s EfficiencySettings) error {
	from, to := bounds(p)
	var err error
	e.CostBasis, err = sqlfile.All(ctx, q, questions.Get("efficiency_basis"), func(scan func(...any) error) (CostBasis, error) {
		var b CostBasis
		serr := scan(&b.Basis, &b.Deals, &b.Sales, &b.Cost)
		return b, serr
	}, sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to), sql.Named("margin", s.Margin))
	if err != nil {
		return err
	}
	won, err := wonIn(ctx, q, user, p)
	if err != nil {
		return err
	}
	e.Beside = won.Beside
	e.Total = EfficiencyRow{Sales: won.Won, Deals: float64(won.Deals)}
	for _, b := range e.CostBasis {
		e.Total.Cost += b.Cost
	}
	return nil
}

// weigh joins sales and spend by channel and by campaign and adds the ratios. The
// cost that no touch took belongs to what no touch earned.
func (e *Efficient) weigh(sold, spent []cell) {
	type key struct {
		kind          GroupKind
		channel, name string
	}
	channels, campaigns := map[key]*EfficiencyRow{}, map[key]*EfficiencyRow{}
	deals := map[*EfficiencyRow]int64{}
	add := func(rows map[key]*EfficiencyRow, k key, name string, c cell) {
		r := rows[k]
		if r == nil {
			r = &EfficiencyRow{Kind: k.kind, ID: k.name, Name: name, Channel: k.channel}
			rows[k] = r
		}
		r.Sales += c.sales
		r.Cost += c.cost
		r.Expenses += c.expenses
		deals[r] += c.dealsE12
	}
	left := e.Total.Cost
	for _, c := range sold {
		left -= c.cost
	}
	for _, c := range slices.Concat(sold, spent) {
		if c.kind == Unattributed {
			c.cost = left
		}
		e.Total.Expenses += c.expenses
		residue := c.kind == Withheld || c.kind == Unattributed
		ck := key{name: c.channel}
		if residue {
			ck = key{kind: c.kind}
		}
		add(channels, ck, c.channel, c)
		switch {
		case residue:
			add(campaigns, key{kind: c.kind}, "", c)
		case c.kind == Other:
			add(campaigns, key{kind: Other, channel: c.channel}, "", c)
		case c.kind == None:
			add(campaigns, key{kind: None}, "", c)
		default:
			k := key{name: c.campaign}
			first := campaigns[k] == nil
			add(campaigns, k, c.name, c)
			switch r := campaigns[k]; {
			case c.home != "":
				r.Channel = c.home
			case first || c.channel < r.Channel: // a campaign that no source describes
				r.Channel = c.channel
			}
		}
	}
	for r, e12 := range deals {
		r.Deals = float64(e12) / Scale
	}
	e.totals()
	finish := func(rows map[key]*EfficiencyRow) []EfficiencyRow {
		out := make([]EfficiencyRow, 0, len(rows))
		for _, r := range rows {
			r.ratios(e.MERName, e.Total)
			out = append(out, *r)
		}
		order := map[GroupKind]int{Named: 0, Other: 1, None: 2, Withheld: 3, Unattributed: 4}
		slices.SortFunc(out, func(a, b EfficiencyRow) int {
			return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(b.Expenses, a.Expenses),
				cmp.Compare(b.Sales, a.Sales), strings.Compare(a.Channel, b.Channel), strings.Compare(a.ID, b.ID))
		})
		return out
	}
	e.Channels, e.Campaigns = finish(channels), finish(campaigns)
}

// totals adds what follows from the company's S, C and E.
func (e *Efficient) totals() {
	e.Total.Net = e.Total.Sales - e.Total.Cost - e.Total.Expenses
	e.Total.ratios(e.MERName, e.Total)
	if e.Total.Expenses != 0 && e.Total.Sales != 0 {
		v := *e.Total.Margin*(float64(e.Total.Sales)/float64(e.Total.Expenses)) - 1
		e.Identity = &v
	}
}

// ratios adds what follows from S, C and E; nil where a denominator is 0.
func (r *EfficiencyRow) ratios(mer string, total EfficiencyRow) {
	r.Net = r.Sales - r.Cost - r.Expenses
	if r.Expenses != 0 {
		net := r.Net
		if mer == MERBeforeMarketing {
			net = r.Sales - r.Cost
		}
		r.MER = ratio(net, r.Expenses)
		r.RevenueMER = ratio(r.Sales, r.Expenses)
		if r.Deals > 0 {
			cac := int64(math.Round(float64(r.Expenses) / r.Deals))
			r.CAC = &cac
		}
	}
	r.Margin = ratio(r.Sales-r.Cost, r.Sales)
	r.BreakEvenMER = ratio(r.Sales, r.Sales-r.Cost)
	r.SpendShare = ratio(r.Expenses, total.Expenses)
	if total.Net > 0 {
		r.NetShare = ratio(r.Net, total.Net)
	}
}

func ratio(a, b int64) *float64 {
	if b == 0 {
		return nil
	}
	v := float64(a) / float64(b)
	return &v
}
