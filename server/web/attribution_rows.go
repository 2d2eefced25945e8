package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/money"
)

// rowsOfPage is how many rows of the ledger one page shows.
const rowsOfPage = 100

// pageLedgerRows lists the rows of the ledger behind one group of a view: ?by=,
// ?kind= and ?id= name it, ?reason= narrows what is unattributed, ?format=csv is
// all of them as a file. Their credits sum to the group's.
func (s *Server) pageLedgerRows(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		skip, err := skipOf(c)
		if err != nil {
			return err
		}
		asked, err := s.ledgerPlace(ctx, c, v, "by")
		if err != nil {
			return err
		}
		asFile := c.Query("format") == "csv"
		size := rowsOfPage
		if asFile {
			skip, size = 0, 0
		}
		rows, err := asked.rows(ctx, v, skip, size)
		if err != nil {
			return err
		}
		p := &ledgerRowsPage{ledgerPlace: asked, s: s, c: c, v: v, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), found: rows, skip: skip}
		if asFile {
			return p.download(c)
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Attribution", Href: hrefAt(c, "/attribution", "by", string(asked.place.Dimension))}, {Text: "Rows"}, {Text: periodWords(v.Period.Name)}}
		v.Layout.Compare = nil
		v.Layout.Finding = p.finding()
		v.Layout.Notes = p.notes()
		return s.page(c, v, "ledger-rows", p.view())
	})
}

// skipOf reads ?after=, the number of rows before the page.
func skipOf(c *fiber.Ctx) (int, error) {
	text := c.Query("after")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, badRequest("after", fmt.Errorf("%q is no number of rows", text))
	}
	return n, nil
}

// ledgerPlace is a group of a view that a reader asks the rows of.
type ledgerPlace struct {
	names namer
	ask   attribution.Ask
	place attribution.Place
	teams []string // of the teams that are shown together only, when they are what is asked for
}

// ledgerPlace reads the group from the URL; by names the parameter of the view.
// Who may not name reps is not told the rows of one, nor of a small team.
func (s *Server) ledgerPlace(ctx context.Context, c *fiber.Ctx, v *Visit, by string) (ledgerPlace, error) {
	basis, err := basisOf(c)
	if err != nil {
		return ledgerPlace{}, err
	}
	p := ledgerPlace{
		ask:   attribution.Ask{Model: v.Model, Basis: basis, Period: v.Period},
		place: attribution.Place{Dimension: attribution.Dimension(c.Query(by, string(attribution.Channel))), Kind: attribution.GroupKind(c.Query("kind")), ID: c.Query("id"), Reason: c.Query("reason")},
	}
	switch {
	case !slices.Contains(attribution.Dimensions, p.place.Dimension):
		return p, badRequest(by, fmt.Errorf("%q is no view; write channel, campaign, post, content, rep or team", p.place.Dimension))
	case !slices.Contains([]attribution.GroupKind{attribution.Named, attribution.None, attribution.Withheld, attribution.Unattributed}, p.place.Kind):
		return p, badRequest("kind", fmt.Errorf("%q is no kind of row; write none, withheld, unattributed or nothing", p.place.Kind))
	case p.place.Kind == attribution.Named && p.place.ID == "":
		return p, badRequest("id", errors.New("which one? Write the id of the row, or kind=none, withheld or unattributed"))
	}
	if p.names, err = s.namer(ctx, v); err != nil || p.names.named() || p.place.Kind != attribution.Named {
		return p, err
	}
	switch p.place.Dimension {
	case attribution.Rep:
		return p, warehouse.ErrNotFound
	case attribution.Team:
		teams, err := askRepTeams(ctx, v)
		if err != nil {
			return p, err
		}
		small := tooSmall(teams)
		if small[p.place.ID] {
			return p, warehouse.ErrNotFound
		}
		if p.place.ID == smallTeams {
			for id := range small {
				p.teams = append(p.teams, id)
			}
			slices.Sort(p.teams)
		}
	default:
	}
	return p, nil
}

// rows asks for the rows of the group, those of several small teams as one.
func (p ledgerPlace) rows(ctx context.Context, v *Visit, skip, size int) (attribution.ViewRows, error) {
	if p.teams == nil {
		return attribution.RowsOf(ctx, v, v.Reader.ID, p.ask, p.place, skip, size)
	}
	var all attribution.ViewRows
	for _, team := range p.teams {
		place := p.place
		place.ID = team
		rows, err := attribution.RowsOf(ctx, v, v.Reader.ID, p.ask, place, 0, 0)
		if err != nil {
			return all, err
		}
		rows.Items = append(all.Items, rows.Items...)
		rows.Rows, rows.Credit = rows.Rows+all.Rows, rows.Credit+all.Credit
		all = rows
	}
	slices.SortStableFunc(all.Items, func(a, b attribution.ViewRow) int {
		return cmp.Or(cmp.Compare(b.Credit, a.Credit), cmp.Compare(a.DealID, b.DealID), cmp.Compare(a.Position, b.Position))
	})
	all.Items = all.Items[min(skip, len(all.Items)):]
	if size > 0 {
		all.Items = all.Items[:min(size, len(all.Items))]
	}
	return all, nil
}

// ledgerRowsPage is everything the page of rows is made from.
type ledgerRowsPage struct {
	ledgerPlace
	s     *Server
	c     *fiber.Ctx
	v     *Visit
	f     ui.Format
	found attribution.ViewRows
	skip  int
}

func (p *ledgerRowsPage) code() string { return p.s.Config.Company.Currency }

// name is what the page calls the group.
func (p *ledgerRowsPage) name() string {
	g := attribution.Group{Kind: p.place.Kind, ID: p.place.ID, Name: cmp.Or(p.found.Name, p.place.ID)}
	if p.teams != nil {
		g.Name = "Smaller teams together"
	}
	a := attributionPage{names: p.names}
	return a.nameOf(p.place.Dimension, g)
}

// deals says whether rows are deals, not touches.
func (p *ledgerRowsPage) deals() bool {
	return p.place.Kind == attribution.Withheld || p.place.Kind == attribution.Unattributed
}

func (p *ledgerRowsPage) finding() ui.Words {
	rows := p.f.Plural(int64(p.found.Rows), "touch at a deal", "touches at deals")
	if p.deals() {
		rows = p.f.Plural(int64(p.found.Rows), "deal", "deals")
	}
	what := p.name() + ": "
	if p.place.Reason != "" {
		what += lowerFirst(p.reason(p.place.Reason)) + ", "
	}
	return ui.Say(what + p.f.Whole(p.found.Credit, p.code()) + " from " + rows + " in " + periodTitle(p.v.Period.Name) + ".")
}

func (p *ledgerRowsPage) notes() []string {
	basis := "Cash: deals closed in the period"
	if p.ask.Basis == attribution.Accrual {
		basis = "Accrual: touches dated in the period; what went to no touch at the close"
	}
	return []string{p.found.Model.Title + ": " + p.found.Model.Formula, basis, "Rows are in " + p.code() + " and sum to the figure they open from"}
}

// reason says in words why money went to no touch.
func (p *ledgerRowsPage) reason(code string) string {
	if words, ok := uncoveredWords[code]; ok {
		return words[0]
	}
	if code == attribution.LeftByModel {
		return "The model gives a part to no touch"
	}
	return code
}

func (p *ledgerRowsPage) view() ui.LedgerRows {
	view := ui.LedgerRows{Deals: p.deals()}
	if p.found.Rows == 0 {
		view.Empty = &ui.State{Kind: "empty", Title: "No row", Text: "Nothing stands behind this figure under this model, period and basis.", Action: ui.Link{Text: "Back to attribution", Href: hrefAt(p.c, "/attribution", "by", string(p.place.Dimension))}}
		return view
	}
	if p.place.Reason != "" {
		view.Chips = []ui.Chip{{Name: "Reason", Value: p.reason(p.place.Reason), Remove: href(p.c, "reason", "")}}
	}
	view.Section = ui.Section{
		ID: "rows", Finding: ui.Say(p.f.Plural(int64(p.found.Rows), "row", "rows") + " of the ledger, the largest first"),
		Measure: ui.Say(fmt.Sprintf("%s, %s; rows %d to %d", p.found.Model.Title, p.ask.Basis, p.skip+1, p.skip+len(p.found.Items))), Download: href(p.c, "format", "csv"),
	}
	for _, r := range p.found.Items {
		view.Rows = append(view.Rows, p.line(r))
	}
	view.Total = ui.LedgerLine{Deal: "All " + p.f.Plural(int64(p.found.Rows), "row", "rows"), Credit: p.f.Money(p.found.Credit, p.code())}
	view.Pager = pagerOf(p.c, p.skip, len(p.found.Items), p.found.Rows)
	return view
}

// pagerOf leads to the first page and the next one of rows.
func pagerOf(c *fiber.Ctx, skip, shown, rows int) (pager ui.Pager) {
	if skip > 0 {
		pager.First = href(c, "after", "")
	}
	if skip+shown < rows {
		pager.Next = href(c, "after", strconv.Itoa(skip+shown))
	}
	return pager
}

func (p *ledgerRowsPage) line(r attribution.ViewRow) ui.LedgerLine {
	line := ui.LedgerLine{
		Deal: cmp.Or(r.Deal, r.DealID), Account: r.Account, Href: hrefAt(p.c, "/deals/"+pathSegment(r.DealID), "", ""), Closed: ui.None,
		Touch: cmp.Or(brief(pageName(r.Title)), upper(r.TouchKind)), Kind: r.TouchKind, Channel: r.Channel, Position: strconv.Itoa(r.Position), Grade: r.Evidence, Bucket: r.Bucket,
		Share: p.f.Percent(r.Weight, 1), Credit: p.f.Money(r.Credit, p.code()), Of: p.f.Whole(r.DealMinor, p.code()),
	}
	if r.ClosedAt.Valid {
		line.Closed = p.f.Date(r.ClosedAt.Time)
	}
	if r.At.Valid {
		line.When = p.f.Date(r.At.Time)
	}
	switch p.place.Kind {
	case attribution.Withheld:
		line.Reason = "Touches of people who opted out"
	case attribution.Unattributed:
		line.Reason = p.reason(r.Reason)
	case attribution.Named, attribution.None, attribution.Other:
	}
	return line
}

// download is every row as a file.
func (p *ledgerRowsPage) download(c *fiber.Ctx) error {
	rows := [][]string{{
		"deal_id", "deal", "account", "closed_at", "touch_id", "touched_at", "touch_kind", "channel", "campaign_id", "post_id", "rep_id", "position", "evidence", "bucket", "reason",
		"weight", "credit", "deal_amount", "currency", "model", "basis", "period",
	}}
	stamp := func(valid bool, text string) string {
		if !valid {
			return ""
		}
		return text
	}
	for _, r := range p.found.Items {
		rep := r.RepID
		if !p.names.named() {
			rep = ""
		}
		rows = append(rows, []string{
			r.DealID, r.Deal, r.Account, stamp(r.ClosedAt.Valid, r.ClosedAt.Time.UTC().Format("2006-01-02T15:04:05Z")), r.TouchID, stamp(r.At.Valid, r.At.Time.UTC().Format("2006-01-02T15:04:05Z")),
			r.TouchKind, r.Channel, r.CampaignID, r.PostID, rep, strconv.Itoa(r.Position), r.Evidence, r.Bucket, r.Reason,
			strconv.FormatFloat(r.Weight, 'f', 12, 64), money.Format(r.Credit, p.code()), money.Format(r.DealMinor, p.code()), p.code(), p.v.Model, string(p.ask.Basis), p.v.Period.Name,
		})
	}
	return sendCSV(c, fmt.Sprintf("rows-%s-%s%s-%s-%s-%s", p.place.Dimension, p.place.Kind, p.place.ID, p.v.Period.Name, p.v.Model, p.ask.Basis), rows)
}
