package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/performance"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/money"
)

// pageOpenPipeline says what the open deals come to by what touched them so far:
// ?by= chooses the view, ?kind= and ?id= open one row to its deals, ?format=csv
// is the table as a file.
func (s *Server) pageOpenPipeline(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		p, err := s.askPipeline(ctx, c, v, "by")
		if err != nil {
			return err
		}
		v.Layout.Period, v.Layout.Compare = nil, nil
		v.Layout.Crumbs = []ui.Link{{Text: "Attribution", Href: hrefAt(c, "/attribution", "", "")}, {Text: "Open pipeline"}}
		v.Layout.Notes = []string{
			p.settings.Line(), "Open amounts are never added to won credit, nor figures of two views",
			"Weighted: amount × chance to win of the deal’s stage, from history",
		}
		if b := p.split.Beside; b.NoAmount+b.NoRate > 0 {
			v.Layout.Notes = append(v.Layout.Notes, fmt.Sprintf("Beside these sums: %d open deals without amount, %d in a currency without rate", b.NoAmount, b.NoRate))
		}
		if c.Query("kind") != "" || c.Query("id") != "" {
			return p.pageRows(c)
		}
		if c.Query("format") == "csv" {
			return p.download(c)
		}
		v.Layout.Finding = p.finding()
		return s.page(c, v, "open-pipeline", p.view())
	})
}

// openGroup is one row of the open pipeline.
type openGroup struct {
	attribution.OpenPart
	Weighted int64 // minor units
	Deals    int
}

// openPipelinePage is everything the open pipeline is made from.
type openPipelinePage struct {
	s        *Server
	c        *fiber.Ctx
	v        *Visit
	f        ui.Format
	by       attribution.Dimension
	names    namer
	split    attribution.Pipeline
	groups   []openGroup
	expected map[string]int64 // weighted amount by deal; none without a chance
	weighted int64
	settings attribution.Settings
}

// askPipeline splits the open deals that the reader sees; by names the URL's
// parameter of the view.
func (s *Server) askPipeline(ctx context.Context, c *fiber.Ctx, v *Visit, by string) (*openPipelinePage, error) {
	p := &openPipelinePage{s: s, c: c, v: v, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), expected: map[string]int64{}}
	var err error
	if p.names, err = s.namer(ctx, v); err != nil {
		return nil, err
	}
	if p.by, err = p.names.dimension(by, c.Query(by)); err != nil {
		return nil, err
	}
	if p.split, err = attribution.OpenPipeline(ctx, v, v.Reader.ID, v.Model, p.by); err != nil {
		return nil, err
	}
	if p.settings, _, err = attribution.BuiltWith(ctx, v); err != nil {
		return nil, err
	}
	company := s.Config.Calendar()
	deals, err := performance.OpenDeals(ctx, v, performance.NewAsk(v.Reader.ID, company, company.QuarterOf(v.Now), v.Now))
	if err != nil {
		return nil, err
	}
	for _, d := range deals {
		if minor, ok := d.Expected(); ok {
			p.expected[d.ID] = minor
		}
	}
	if p.by == attribution.Team && !p.names.named() {
		if err := p.foldSmall(ctx); err != nil {
			return nil, err
		}
	}
	p.sum()
	return p, nil
}

// foldSmall puts the teams that are shown together only under one name.
func (p *openPipelinePage) foldSmall(ctx context.Context) error {
	teams, err := askRepTeams(ctx, p.v)
	if err != nil {
		return err
	}
	small := tooSmall(teams)
	for i, d := range p.split.Deals {
		var parts []attribution.OpenPart
		at := -1
		for _, part := range d.Parts {
			if part.Kind != attribution.Named || !small[part.ID] {
				parts = append(parts, part)
				continue
			}
			if at < 0 {
				at = len(parts)
				parts = append(parts, attribution.OpenPart{ID: smallTeams, Name: "Smaller teams together"})
			}
			parts[at].Minor += part.Minor
		}
		p.split.Deals[i].Parts = parts
	}
	return nil
}

// sum adds the deals' parts up to groups. A deal's weighted amount is split like
// its amount, so that the groups sum to it exactly.
func (p *openPipelinePage) sum() {
	index := map[[2]string]int{}
	for _, d := range p.split.Deals {
		weights := p.weightedParts(d)
		for i, part := range d.Parts {
			key := [2]string{string(part.Kind), part.ID}
			at, ok := index[key]
			if !ok {
				at = len(p.groups)
				index[key] = at
				p.groups = append(p.groups, openGroup{OpenPart: part})
				p.groups[at].Minor = 0
			}
			p.groups[at].Minor += part.Minor
			p.groups[at].Weighted += weights[i]
			p.groups[at].Deals++
			p.weighted += weights[i]
		}
	}
	order := map[attribution.GroupKind]int{attribution.Named: 0, attribution.None: 1, attribution.Withheld: 2, attribution.Unattributed: 3}
	slices.SortFunc(p.groups, func(a, b openGroup) int {
		return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(b.Minor, a.Minor), strings.Compare(a.ID, b.ID))
	})
}

// weightedParts splits the weighted amount of a deal in proportion to its parts:
// they sum to it.
func (p *openPipelinePage) weightedParts(d attribution.OpenShare) []int64 {
	weights := make([]int64, len(d.Parts))
	for i, part := range d.Parts {
		weights[i] = max(part.Minor, -part.Minor) // parts of a negative amount are all negative
	}
	if expected := p.expected[d.DealID]; expected != 0 && d.Minor != 0 {
		return money.Split(expected, weights)
	}
	return make([]int64, len(d.Parts))
}

func (p *openPipelinePage) code() string { return p.s.Config.Company.Currency }

func (p *openPipelinePage) whole(minor int64) string { return p.f.Whole(minor, p.code()) }

func (p *openPipelinePage) share(minor int64) string {
	if p.split.Total == 0 {
		return ui.None
	}
	return p.f.Percent(float64(minor)/float64(p.split.Total), 1)
}

func (p *openPipelinePage) nameOf(g openGroup) string {
	a := attributionPage{names: p.names}
	return a.nameOf(p.by, attribution.Group{Kind: g.Kind, ID: g.ID, Name: g.Name})
}

func (p *openPipelinePage) finding() ui.Words {
	if len(p.split.Deals) == 0 {
		return ui.Say("No deal with an amount is open.")
	}
	w := ui.Say("").Link(p.f.Short(p.split.Total, p.code()), "/deals?status=open").And(" is open in " + p.f.Plural(int64(len(p.split.Deals)), "deal", "deals"))
	for _, g := range p.groups {
		if g.Kind == attribution.Named {
			return w.And("; "+p.nameOf(g)+" touched ").Link(p.share(g.Minor), p.rowsAt(g)).And(" of it so far.")
		}
	}
	return w.And("; no touch has reached them yet.")
}

func (p *openPipelinePage) rowsAt(g openGroup) string {
	return hrefAt(p.c, "/attribution/pipeline", "by", string(p.by)) + "&" + url.Values{"kind": {string(g.Kind)}, "id": {g.ID}}.Encode()
}

func (p *openPipelinePage) view() ui.OpenPipeline {
	here := func(name, value string) string { return href(p.c, name, value) }
	at := func(path, name, value string) string { return hrefAt(p.c, path, name, value) }
	view := ui.OpenPipeline{Models: modelChoice(p.v.Model, here), Money: moneyChoice(true, at, p.by), Head: viewTitles[p.by]}
	if len(p.split.Deals) == 0 {
		view.Empty = &ui.State{Kind: "empty", Title: "No open deal", Text: "The open pipeline is the amounts of open deals, shared among the touches they have so far.", Action: ui.Link{Text: "Won credit", Href: at("/attribution", "", "")}}
		return view
	}
	var values []float64
	for _, g := range p.groups {
		values = append(values, float64(g.Minor))
	}
	view.Axis = ui.NewAxis(values, func(v float64) string {
		if v == 0 {
			return "0"
		}
		return p.f.Short(int64(v), p.code())
	}).Thin(4)
	table := &ui.Table{Caption: "Open pipeline by " + string(p.by), Head: []string{viewTitles[p.by], "Open amount", "Share", "Weighted", "Deals"}}
	more := openGroup{}
	for i, g := range p.groups {
		table.Rows = append(table.Rows, []string{p.nameOf(g), p.f.Money(g.Minor, p.code()), p.share(g.Minor), p.f.Money(g.Weighted, p.code()), p.f.Count(int64(g.Deals))})
		if g.Kind == attribution.Named && i >= longTable {
			more.Minor, more.Weighted, more.Deals = more.Minor+g.Minor, more.Weighted+g.Weighted, more.Deals+1
			continue
		}
		row := ui.PipelineRow{
			Name: p.nameOf(g), Share: p.share(g.Minor), Amount: p.whole(g.Minor), Weighted: p.whole(g.Weighted), Deals: p.f.Count(int64(g.Deals)), Rows: p.rowsAt(g), Channel: g.Channel,
			Bar: ui.Delta{Axis: view.Axis, To: float64(g.Minor), Kind: cmp.Or(g.Channel, "sum"), Label: p.nameOf(g) + " " + p.whole(g.Minor)},
		}
		if p.by == attribution.Channel && g.Kind == attribution.Named {
			row.Channel, row.Bar.Kind = g.ID, g.ID
		}
		if p.by == attribution.Campaign && g.Kind == attribution.Named {
			row.Href = at("/campaigns/"+pathSegment(g.ID), "", "")
		}
		if g.Kind == attribution.Named {
			view.Rows = append(view.Rows, row)
			continue
		}
		row.Bar.Kind = "mid"
		if row.Hatched = g.Kind != attribution.None; row.Hatched {
			row.Channel = ui.Unattributed
		}
		view.Rest = append(view.Rest, row)
	}
	if more.Deals > 0 {
		view.Rest = slices.Insert(view.Rest, 0, ui.PipelineRow{Name: fmt.Sprintf("%d more", more.Deals), Share: p.share(more.Minor), Amount: p.whole(more.Minor), Weighted: p.whole(more.Weighted), Bar: ui.Delta{Axis: view.Axis, Kind: "mid"}})
	}
	view.Total = ui.PipelineRow{Name: "Open pipeline", Share: p.f.Percent(1, 0), Amount: p.whole(p.split.Total), Weighted: p.whole(p.weighted), Deals: p.f.Count(int64(len(p.split.Deals)))}
	options := []ui.Option{}
	for _, d := range attribution.Dimensions {
		if d != attribution.Rep || p.names.named() {
			options = append(options, ui.Option{Text: viewTitles[d], Href: here("by", string(d)), Current: d == p.by})
		}
	}
	view.Section = ui.Section{
		ID: "pipeline-by-" + string(p.by), Finding: ui.Say("Open amounts by what touched the deals so far"),
		Measure:  ui.Say("Each open deal is split by " + strings.ToLower(p.split.Model.Title) + " over its touches until now; a deal may stand in several rows"),
		Switches: []ui.Segments{{Options: options}}, Table: table, Download: href(p.c, "format", "csv"),
	}
	return view
}

func (p *openPipelinePage) download(c *fiber.Ctx) error {
	rows := [][]string{{string(p.by), "kind", "amount", "weighted", "deals", "currency", "model"}}
	for _, g := range p.groups {
		rows = append(rows, []string{p.nameOf(g), string(g.Kind), money.Format(g.Minor, p.code()), money.Format(g.Weighted, p.code()), strconv.Itoa(g.Deals), p.code(), p.v.Model})
	}
	return sendCSV(c, fmt.Sprintf("open-pipeline-by-%s-%s", p.by, p.v.Model), rows)
}

// openRow is one deal's part of a group.
type openRow struct {
	deal     attribution.OpenShare
	minor    int64
	weighted int64
}

// rowsOf are the deals behind a group, the largest part first; none when there
// is no such group.
func (p *openPipelinePage) rowsOf(kind attribution.GroupKind, id string) (g openGroup, rows []openRow) {
	for _, d := range p.split.Deals {
		weights := p.weightedParts(d)
		for i, part := range d.Parts {
			if part.Kind == kind && part.ID == id {
				g.OpenPart = part
				rows = append(rows, openRow{d, part.Minor, weights[i]})
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b openRow) int { return cmp.Compare(b.minor, a.minor) })
	return g, rows
}

// pageRows lists the deals behind one row of the open pipeline.
func (p *openPipelinePage) pageRows(c *fiber.Ctx) error {
	g, rows := p.rowsOf(attribution.GroupKind(c.Query("kind")), c.Query("id"))
	if len(rows) == 0 {
		return warehouse.ErrNotFound
	}
	skip, err := skipOf(c)
	if err != nil {
		return err
	}
	if c.Query("format") == "csv" {
		file := [][]string{{"deal_id", "deal", "account", "stage", "amount", "weighted", "deal_amount", "currency", "model"}}
		for _, r := range rows {
			file = append(file, []string{r.deal.DealID, r.deal.Deal, r.deal.Account, r.deal.Stage, money.Format(r.minor, p.code()), money.Format(r.weighted, p.code()), money.Format(r.deal.Minor, p.code()), p.code(), p.v.Model})
		}
		return sendCSV(c, "open-pipeline-rows-"+string(g.Kind)+g.ID+"-"+p.v.Model, file)
	}
	total := int64(0)
	for _, r := range rows {
		total += r.minor
	}
	shown := rows[min(skip, len(rows)):]
	shown = shown[:min(rowsOfPage, len(shown))]
	view := ui.LedgerRows{Deals: true, Open: true, Pager: pagerOf(c, skip, len(shown), len(rows))}
	view.Section = ui.Section{
		ID: "rows", Finding: ui.Say(p.f.Plural(int64(len(rows)), "open deal", "open deals") + ", the largest part first"), Measure: ui.Say(p.split.Model.Title + ", touches until now; " + p.code()),
		Download: href(c, "format", "csv"),
	}
	for _, r := range shown {
		line := ui.LedgerLine{
			Deal: cmp.Or(r.deal.Deal, r.deal.DealID), Account: r.deal.Account, Href: hrefAt(c, "/deals/"+pathSegment(r.deal.DealID), "", ""), Reason: r.deal.Stage,
			Of: p.whole(r.deal.Minor), Credit: p.f.Money(r.minor, p.code()),
		}
		if r.deal.Minor != 0 {
			line.Share = p.f.Percent(float64(r.minor)/float64(r.deal.Minor), 1)
		}
		view.Rows = append(view.Rows, line)
	}
	view.Total = ui.LedgerLine{Deal: "All " + p.f.Plural(int64(len(rows)), "deal", "deals"), Credit: p.f.Money(total, p.code())}
	p.v.Layout.Crumbs = append(p.v.Layout.Crumbs, ui.Link{Text: "Deals"})
	p.v.Layout.Finding = ui.Say(p.nameOf(g) + ": " + p.whole(total) + " of the open pipeline, in " + p.f.Plural(int64(len(rows)), "deal", "deals") + ".")
	return p.s.page(c, p.v, "ledger-rows", view)
}
