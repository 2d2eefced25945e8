package web

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/ui"
)

// pageTeam is a manager's page of one team.
func (s *Server) pageTeam(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		g := s.figures(c, v)
		teams, err := g.teams(ctx)
		if err != nil {
			return err
		}
		team, err := teamOf(teams, c.Params("id"))
		if err != nil {
			return err
		}
		view, err := g.of(team.ID, "").team(ctx, team, teams)
		if err != nil {
			return err
		}
		return s.page(c, v, "team", view)
	})
}

func (g *figures) team(ctx context.Context, team performance.Team, teams []performance.Team) (view ui.TeamPage, err error) {
	l := &g.v.Layout
	l.Crumbs = []ui.Link{{Text: "Today", Href: g.to("/")}, {Text: "Teams"}, {Text: team.Name}}
	l.Current = g.to("/")
	l.Notes = append(g.notes(), "Mail and calendar metadata only; no message text is stored")
	ok, err := g.hasDeals(ctx)
	if err != nil || !ok {
		l.Finding = ui.Say(team.Name + " has no deals yet")
		view.Empty = g.empty()
		return view, err
	}
	whole, err := g.whole(ctx, team.Name)
	if err != nil {
		return view, err
	}
	if l.Finding, err = g.finding(ctx, team.Name, whole); err != nil {
		return view, err
	}
	if below := performance.Leaves(teams, team.ID); len(below) > 0 {
		board, berr := g.teamBoard(ctx, below, whole)
		if berr != nil {
			return view, berr
		}
		view.Teams = &board
	}
	breakdowns := []string{"product"}
	if g.s.SeesReps(g.v.Reader) {
		breakdowns = []string{"rep", "product"}
		if view.Reps, err = g.repBoard(ctx, false); err != nil {
			return view, err
		}
		if view.Reps != nil {
			total := g.boardRow(whole, g.boardScale(whole), "", g.rows("status", "won", "closed", "period"))
			if len(view.Reps.Rows) > 0 {
				total.Bullet.Axis = view.Reps.Rows[0].Bullet.Axis
				total.Drawn = whole.Quota.Known
			}
			view.Reps.Total = &total
		}
		if view.Heat, err = g.heat(ctx); err != nil {
			return view, err
		}
	}
	if view.Tiles, err = g.leaderTiles(ctx, whole); err != nil {
		return view, err
	}
	if view.Drifting, err = g.drifting(ctx); err != nil {
		return view, err
	}
	if d := view.Drifting; d != nil && len(d.Rows) > 0 {
		l.Finding = l.Finding.And(" "+upper(d.Total)+" worth ").Link(d.Sum, "#drift").And(" are drifting.")
	}
	if view.Change, err = g.changeSteps(ctx); err != nil {
		return view, err
	}
	view.Rates, err = g.rates(ctx, nil, breakdowns...)
	return view, err
}

// behaviours are the columns of the heat table, each activity beside its
// outcome so that neither can be read alone.
var behaviours = []struct {
	group   string
	metrics []string
	heads   []string
}{
	{"People", []string{"contacts_per_deal", "win_rate"}, []string{"Contacts per deal", "Win rate"}},
	{"Speed", []string{"first_response", "reply_rate"}, []string{"First response", "Reply rate"}},
	{"Volume", []string{"mails_sent", "replies_received"}, []string{"Mails sent", "Replies"}},
	{"Meetings", []string{"meetings_held", "deals_won"}, []string{"Meetings held", "Deals won"}},
	{"Deals", []string{"cycle_days", "average_deal"}, []string{"Cycle", "Average deal"}},
}

// heat is the behaviours of the team's reps against the team's median.
func (g *figures) heat(ctx context.Context) (*ui.HeatTable, error) {
	reps, err := performance.ActiveReps(ctx, g.v, g.ask)
	if err != nil || len(reps) < 2 {
		return nil, err
	}
	h := &ui.HeatTable{Head: ui.Section{ID: "behaviours", Measure: ui.Say(periodWords(g.v.Period.Name) + ", each rep against the team's median; shade is the distance from it")}}
	for _, rep := range reps {
		h.Rows = append(h.Rows, ui.HeatRow{Name: rep.Name, Href: g.to(repPath(rep.ID))})
	}
	var names []string
	for _, group := range behaviours {
		names = append(names, group.metrics...)
	}
	sheet, err := g.by("rep").Sheet(ctx, g.v, names...)
	if err != nil {
		return nil, err
	}
	best := extreme{}
	for _, group := range behaviours {
		h.Groups = append(h.Groups, ui.HeatGroup{Text: group.group, Span: len(group.metrics)})
		for i, name := range group.metrics {
			m, err := performance.Find(name)
			if err != nil {
				return nil, err
			}
			h.Columns = append(h.Columns, ui.HeatColumn{Text: group.heads[i], Define: m.Definition()})
			h.Median = append(h.Median, g.heatColumn(h, m, sheet, reps, &best))
		}
	}
	h.Head.Finding = ui.Say("How the team works, each activity beside its outcome")
	if best.name != "" {
		h.Head.Finding = ui.Say(fmt.Sprintf("%s stands furthest from the team: %s %s against a median of %s", best.name, best.metric, best.value, best.median))
	}
	h.Note = ui.Say("Fewer hours and days are stronger. Mails sent have no good direction.")
	return h, nil
}

// cell is a value as tight as a cell wants it.
func (g *figures) cell(m performance.Metric, v performance.Value) string {
	switch m.Unit {
	case "share":
		return g.f.Percent(v.Number, 0)
	case "days":
		return g.f.Number(v.Number, half(v.Number)) + "\u202fd"
	default:
		return g.words(m, v)
	}
}

// extreme is the cell furthest from its median.
type extreme struct {
	name, metric, value, median string
	strength                    float64
}

// fullShade is the distance from the median, as a share of it, that has the
// strongest shade.
const fullShade = .7

// heatColumn adds one metric's cell to every row and returns its median in
// words.
func (g *figures) heatColumn(h *ui.HeatTable, m performance.Metric, sheet performance.Sheet, reps []performance.Choice, best *extreme) string {
	numbers := make([]float64, len(reps))
	var known []float64
	for i, rep := range reps {
		v := sheet.Of(m.Name, rep.ID)
		numbers[i] = math.NaN()
		if v.Known {
			numbers[i] = v.Number
			if m.Money() {
				numbers[i] = float64(v.Minor)
			}
			known = append(known, numbers[i])
		}
	}
	slices.Sort(known)
	median := performance.Median(known)
	middle := "n/a"
	if len(known) > 0 {
		middle = g.cell(m, performance.Value{Known: true, Number: median, Minor: int64(math.Round(median))})
	}
	for i, rep := range reps {
		cell := ui.Heat{Text: "–", Quiet: true}
		if v := sheet.Of(m.Name, rep.ID); v.Known {
			cell = ui.Heat{Text: g.cell(m, v), Title: fmt.Sprintf("%s, %s: %s, team median %s, n = %d", rep.Name, m.Title, g.words(m, v), middle, v.Of)}
			if median != 0 && m.Good != "none" {
				cell.Strength = (numbers[i] - median) / math.Abs(median) / fullShade
				if m.Good == "down" {
					cell.Strength = -cell.Strength
				}
			}
			if math.Abs(cell.Strength) > math.Abs(best.strength) && v.Of >= 5 {
				*best = extreme{rep.Name, m.Title, cell.Text, middle, cell.Strength}
			}
		}
		h.Rows[i].Cells = append(h.Rows[i].Cells, cell)
	}
	return middle
}

// driftRows is how many drifting deals a page shows.
const driftRows = 8

// drifting is the open deals that one of three named rules picks out. Only a
// running period has any.
func (g *figures) drifting(ctx context.Context) (*ui.DriftTable, error) {
	if !g.ask.Running() {
		return nil, nil
	}
	open, err := performance.OpenDeals(ctx, g.v, g.ask)
	if err != nil {
		return nil, err
	}
	d := &ui.DriftTable{Owners: g.s.SeesReps(g.v.Reader), Head: ui.Section{ID: "drift"}}
	var drifting []performance.OpenDeal
	sum := int64(0)
	for _, deal := range open {
		if deal.Due && deal.Drifts() {
			drifting = append(drifting, deal)
			sum += deal.Reporting.V
		}
	}
	d.Head.Finding = ui.Say(upper(small(int64(len(drifting)))) + " of the deals due need a word")
	d.Head.Measure = ui.Say(fmt.Sprintf("Open, due in this %s, and past the expected close, more than twice as long in the stage as won deals, or silent for 14 days", g.kind()))
	for _, deal := range drifting[:min(driftRows, len(drifting))] {
		d.Rows = append(d.Rows, ui.DriftRow{
			Deal: deal.Name, Sub: deal.Account, Href: g.deal(deal.ID), Owner: deal.Rep, Stage: deal.Stage,
			Due: g.shortDay(deal.ExpectedOn.V), Why: g.why(deal), Amount: g.dealAmount(deal),
		})
	}
	d.Total = g.f.Plural(int64(len(drifting)), "deal", "deals")
	d.Sum = g.short(sum)
	if more := len(drifting) - len(d.Rows); more > 0 {
		d.Note = ui.Say(fmt.Sprintf("%d more · ", more)).Link("all deals due", g.rows("status", "open", "due", "period"))
	}
	return d, nil
}

// why says which rules pick a deal out, in days.
func (g *figures) why(d performance.OpenDeal) []string {
	var out []string
	if d.Late() {
		out = append(out, g.f.Plural(d.LateDays.V, "day", "days")+" past its expected close")
	}
	if d.Stuck() {
		out = append(out, fmt.Sprintf("%s in stage, median of won deals %s", g.f.Plural(d.StageDays.V, "day", "days"), g.f.Number(d.WonDays.V, 0)))
	}
	if d.Quiet() {
		out = append(out, "no word for "+g.f.Plural(d.QuietDays.V, "day", "days"))
	}
	return out
}

// dealAmount is a deal's amount in the reporting currency, else in its own.
func (g *figures) dealAmount(d performance.OpenDeal) string {
	switch {
	case d.Reporting.Valid:
		return g.f.Whole(d.Reporting.V, g.code())
	case d.Amount.Valid:
		return g.f.Whole(d.Amount.V, d.Currency)
	default:
		return "no amount"
	}
}
