package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/ui"
	"credence/warehouse/calendar"
)

// pageDeals is the list of deals behind every figure; all its filters are in
// the URL.
func (s *Server) pageDeals(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		g := s.figures(c, v)
		v.Layout.Crumbs = []ui.Link{{Text: "Deals"}}
		v.Layout.Period, v.Layout.Compare, v.Layout.Model = g.dealPeriod(), nil, nil
		if ok, err := g.hasDeals(ctx); err != nil || !ok {
			v.Layout.Finding = ui.Say("No deals yet")
			if err != nil {
				return err
			}
			return s.page(c, v, "deals", ui.DealsPage{Empty: g.empty()})
		}
		filter, err := s.dealFilter(ctx, c, v)
		if err != nil {
			return err
		}
		view, err := g.deals(ctx, filter)
		if err != nil {
			return err
		}
		return s.page(c, v, "deals", view)
	})
}

// dealParameters are the filters of the list that chips show, in their order.
var dealParameters = []string{"q", "status", "owner", "team", "product", "stage", "account", "closed", "due"}

// dealFilter reads the filters from the URL.
func (s *Server) dealFilter(ctx context.Context, c *fiber.Ctx, v *Visit) (performance.DealFilter, error) {
	f := performance.DealFilter{
		Status: c.Query("status"), RepID: c.Query("owner"), TeamID: c.Query("team"), Product: c.Query("product"), Stage: c.Query("stage"),
		Account: c.Query("account"), Text: c.Query("q"), Sort: c.Query("sort"), Cursor: c.Query("after"),
		Until: performance.NewAsk(v.Reader.ID, s.Config.Calendar(), v.Period, v.Now).EndOfToday(v.Now),
	}
	for name, to := range map[string]**calendar.Period{"closed": &f.Closed, "due": &f.Due} {
		if text := c.Query(name); text != "" {
			p, err := s.Config.Calendar().Parse(text)
			if err != nil {
				return f, badRequest(name, err)
			}
			*to = &p
		}
	}
	if f.Sort == "" && f.Status == "open" {
		f.Sort = "expected"
	}
	names, err := s.namer(ctx, v)
	if err != nil {
		return f, err
	}
	hidden, err := s.hiddenTeams(ctx, v, names)
	if err != nil {
		return f, err
	}
	return f, apart(names, hidden, f, "owner", "team")
}

// apart refuses a filter that would single out a rep or a small team to who may
// not name them; owner and team are the names of its parameters.
func apart(names namer, hidden hiddenTeams, f performance.DealFilter, owner, team string) error {
	switch {
	case f.RepID != "" && !names.mayName(f.RepID):
		return badRequest(owner, errors.New("there is no rep of this id whose deals you may single out"))
	case hidden.nested[f.TeamID]:
		return badRequest(team, fmt.Errorf("your role shows no team of fewer than %d reps apart, nor one that would tell it", fewest))
	}
	return nil
}

func (g *figures) deals(ctx context.Context, f performance.DealFilter) (ui.DealsPage, error) {
	view := ui.DealsPage{Owners: g.s.SeesReps(g.v.Reader)}
	page, err := performance.Deals(ctx, g.v, g.v.Reader.ID, g.ask.Company, f)
	if errors.Is(err, performance.ErrFilter) {
		return view, badRequest("filter", err)
	}
	if err != nil {
		return view, err
	}
	sum, err := performance.SumDeals(ctx, g.v, g.v.Reader.ID, g.ask.Company, f)
	if err != nil {
		return view, err
	}
	if err := g.dealFilters(ctx, &view, f); err != nil {
		return view, err
	}
	view.Heads = g.dealHeads(f, view.Owners)
	for _, d := range page.Deals {
		view.Rows = append(view.Rows, g.dealLine(d))
	}
	if f.Cursor != "" {
		view.First = href(g.c, "after", "")
	}
	if page.Next != "" {
		view.Next = href(g.c, "after", page.Next)
	}
	g.v.Layout.Finding = ui.Say(g.f.Plural(sum.Deals, "deal", "deals") + g.statusWords(f.Status) + ", " + g.short(sum.Minor))
	g.v.Layout.Notes = g.notes()
	view.Sum = ui.Say(fmt.Sprintf("%s open, %s won, %s lost; %s in %s", g.f.Count(sum.Open), g.f.Count(sum.Won), g.f.Count(sum.Lost), g.f.Money(sum.Minor, g.code()), g.code()))
	if sum.Uncounted > 0 {
		view.Sum = view.Sum.And("; " + g.f.Plural(sum.Uncounted, "deal", "deals") + " without an amount or rate beside it")
	}
	return view, nil
}

func (g *figures) statusWords(status string) string {
	if status == "" {
		return ""
	}
	return " " + status
}

func (g *figures) dealLine(d performance.Deal) ui.DealLine {
	line := ui.DealLine{
		Deal: cmp.Or(d.Name, d.ID), Account: cmp.Or(d.Account, "no account"), Href: g.deal(d.ID), Owner: cmp.Or(d.Rep, "no owner"), Team: d.Team,
		Product: d.Products, Stage: d.Stage, Status: d.Status, Created: ui.None, Date: ui.None, Amount: "no amount",
	}
	if strings.EqualFold(d.Stage, d.Status) {
		line.Status = ""
	}
	if d.CreatedDay.Valid {
		line.Created = g.day(d.CreatedDay.V)
	}
	switch {
	case d.Status != "open" && d.ClosedDay.Valid:
		line.Date = g.day(d.ClosedDay.V)
	case d.Status == "open" && d.ExpectedOn.Valid:
		line.Date, line.Expects = g.day(d.ExpectedOn.V), true
	}
	switch {
	case d.Amount.Valid && d.Currency != g.code():
		line.Amount, line.Aside = g.f.Money(d.Amount.V, d.Currency), "no rate"
		if d.Reporting.Valid {
			line.Aside = g.f.Money(d.Reporting.V, g.code())
		}
	case d.Amount.Valid:
		line.Amount = g.f.Money(d.Amount.V, g.code())
	}
	return line
}

func (g *figures) dealHeads(f performance.DealFilter, owners bool) []ui.SortHead {
	date := "closed"
	dateText := "Closed"
	if f.Status == "open" {
		date, dateText = "expected", "Expected"
	}
	heads := []ui.SortHead{g.sortHead("Deal", "name", f.Sort)}
	if owners {
		heads = append(heads, ui.SortHead{Text: "Owner"})
	}
	amount := g.sortHead("Amount", "amount", f.Sort)
	amount.Num = true
	return append(heads, ui.SortHead{Text: "Product"}, g.sortHead("Stage", "stage", f.Sort), g.sortHead("Created", "created", f.Sort),
		g.sortHead(dateText, date, f.Sort), amount)
}

// sortHead orders by its column, the largest or latest first, and turns the
// order round when it is the present one.
func (g *figures) sortHead(text, column, present string) ui.SortHead {
	if present == "" {
		present = "-closed"
	}
	first, second := "-"+column, column
	if column == "name" || column == "stage" || column == "expected" {
		first, second = second, first
	}
	h := ui.SortHead{Text: text}
	switch strings.TrimPrefix(present, "-") {
	case column:
		h.Order = "ascending"
		if strings.HasPrefix(present, "-") {
			h.Order = "descending"
		}
		if present == first {
			first = second
		}
	}
	h.Href = href(g.c, "sort", first)
	return h
}

// dealPeriod stands in the place of the page's period: the list is narrowed by
// when deals closed, or open ones by when they are expected to.
func (g *figures) dealPeriod() *ui.Selector {
	name, label := "closed", "Closed"
	if g.c.Query("status") == "open" {
		name, label = "due", "Expected"
	}
	chosen := g.c.Query(name)
	sel := &ui.Selector{Label: label, Value: "any time", Options: []ui.Option{{Text: "Any time", Href: href(g.c, name, ""), Current: chosen == ""}}}
	if chosen != "" {
		sel.Value = periodWords(chosen)
	}
	company := g.s.Config.Calendar()
	periods := []calendar.Period{company.QuarterOf(g.v.Now)}
	if year, err := company.Parse(fmt.Sprint(company.YearOf(g.v.Now))); err == nil {
		periods = append(periods, year)
	}
	for i, back := range []int{8, 3}[:len(periods)] { // quarters, years
		for n := range back {
			p := company.Shift(periods[i], -n)
			sel.Options = append(sel.Options, ui.Option{Text: periodWords(p.Name), Href: href(g.c, name, p.Name), Current: p.Name == chosen})
		}
	}
	return sel
}

// dealFilters fills in the form and the chips.
func (g *figures) dealFilters(ctx context.Context, view *ui.DealsPage, f performance.DealFilter) error {
	for _, o := range [][2]string{{"", "All"}, {"open", "Open"}, {"won", "Won"}, {"lost", "Lost"}} {
		view.Filters.Status.Options = append(view.Filters.Status.Options, ui.Option{Text: o[1], Href: href(g.c, "status", o[0]), Current: f.Status == o[0]})
	}
	view.Filters.Text = f.Text
	names := map[string]map[string]string{}
	for _, part := range []struct {
		by, parameter, all, chosen string
		to                         *[]ui.Pick
	}{
		{"rep", "owner", "Every owner", f.RepID, &view.Filters.Owners},
		{"team", "team", "Every team", f.TeamID, &view.Filters.Teams},
		{"product", "product", "Every product", f.Product, &view.Filters.Product},
	} {
		choices, err := performance.Choices(ctx, g.v, g.by(part.by))
		if err != nil {
			return err
		}
		names[part.parameter] = map[string]string{}
		for _, choice := range choices {
			names[part.parameter][choice.ID] = choice.Name
		}
		if part.by != "product" && !view.Owners || len(choices) < 2 {
			continue
		}
		*part.to = append(*part.to, ui.Pick{Text: part.all})
		for _, choice := range choices {
			*part.to = append(*part.to, ui.Pick{Value: choice.ID, Text: choice.Name, Chosen: choice.ID == part.chosen})
		}
	}
	for _, name := range append([]string{"status", "stage", "account", "closed", "due", "sort"}, keptParameters...) {
		if value := g.c.Query(name); value != "" {
			view.Filters.Hidden = append(view.Filters.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	return g.dealChips(ctx, view, names)
}

func (g *figures) dealChips(ctx context.Context, view *ui.DealsPage, names map[string]map[string]string) error {
	titles := map[string]string{
		"q": "Words", "status": "Status", "owner": "Owner", "team": "Team", "product": "Product", "stage": "Stage", "account": "Account", "closed": "Closed", "due": "Due",
	}
	for _, name := range dealParameters {
		value := g.c.Query(name)
		if value == "" {
			continue
		}
		text := cmp.Or(names[name][value], value)
		switch name {
		case "closed", "due":
			text = periodWords(value)
		case "account":
			found, err := performance.AccountName(ctx, g.v, g.ask, value)
			if err != nil {
				return err
			}
			text = cmp.Or(found, value)
		}
		view.Chips = append(view.Chips, ui.Chip{Name: titles[name], Value: text, Remove: href(g.c, name, "")})
	}
	if len(view.Chips) > 1 {
		view.Chips = append(view.Chips, ui.Chip{Name: "All filters", Value: "off", Remove: "/deals" + keepQuery(g.keep())})
	}
	return nil
}

func keepQuery(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}
