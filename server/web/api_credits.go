package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

type apiLedgerRow struct {
	Model           string   `json:"model"`
	DealID          string   `json:"deal_id"`
	TouchID         string   `json:"touch_id"`
	Position        int      `json:"position"`
	Channel         string   `json:"channel"`
	CampaignID      string   `json:"campaign_id"`
	PostID          string   `json:"post_id"`
	RepID           string   `json:"rep_id"`
	Evidence        string   `json:"evidence"`
	Bucket          string   `json:"bucket"`
	Weight          *float64 `json:"weight"`
	Amount          string   `json:"amount"`
	Currency        string   `json:"currency"`
	ReportingAmount *string  `json:"reporting_amount"`
}

// errEnough ends the reading of a ledger page.
var errEnough = errors.New("enough")

// apiCredits lists the ledger the reader may see. Its cursor counts rows of one
// generation: after a refresh the list must begin anew. With a view it lists the
// rows behind one group of it, which sum to the group's credit.
func (s *Server) apiCredits(c *fiber.Ctx) error {
	return s.visitRows(c, func(ctx context.Context, v *Visit, skip, size int) error {
		if c.Query("period") == "" {
			v.Period = calendar.Period{} // all time, as the command writes it
		}
		if c.Query("view") != "" {
			return s.apiRows(ctx, c, v, skip, size)
		}
		for _, name := range []string{"kind", "id", "reason", "basis"} {
			if c.Query(name) != "" {
				return badRequest(name, errors.New("it names a group of a view; write view too"))
			}
		}
		names, err := s.namer(ctx, v)
		if err != nil {
			return err
		}
		rows, seen := []apiLedgerRow{}, 0
		err = attribution.Ledger(ctx, v, v.Reader.ID, c.Query("model"), v.Period, func(r attribution.LedgerRow) error {
			if seen++; seen <= skip {
				return nil
			}
			if len(rows) == size {
				return errEnough
			}
			rows = append(rows, s.ledgerAnswer(r, names))
			return nil
		})
		next := ""
		if errors.Is(err, errEnough) {
			next, err = cursorOf(keyOf(v.Generation, skip+size)), nil
		}
		if err != nil {
			return err
		}
		return c.JSON(listOf(rows, next))
	})
}

// apiRows lists the rows behind one group of a view.
func (s *Server) apiRows(ctx context.Context, c *fiber.Ctx, v *Visit, skip, size int) error {
	asked, err := s.ledgerPlace(ctx, c, v, "view")
	if err != nil {
		return err
	}
	found, err := asked.rows(ctx, v, skip, size)
	if err != nil {
		return err
	}
	currency, rows, next := s.Config.Company.Currency, []apiLedgerRow{}, ""
	for _, r := range found.Items {
		credit := money.Format(r.Credit, currency)
		a := apiLedgerRow{
			Model: found.Model.ID, DealID: r.DealID, TouchID: r.TouchID, Position: r.Position, Channel: r.Channel, CampaignID: r.CampaignID, PostID: r.PostID, RepID: r.RepID,
			Evidence: r.Evidence, Bucket: r.Bucket, Weight: &r.Weight, Amount: credit, Currency: currency, ReportingAmount: &credit,
		}
		if !asked.names.named() {
			a.RepID = ""
		}
		rows = append(rows, a)
	}
	if skip+len(rows) < found.Rows {
		next = cursorOf(keyOf(v.Generation, skip+len(rows)))
	}
	return c.JSON(listOf(rows, next))
}

// visitRows is a visit that lists size rows behind the first skip of a generation.
func (s *Server) visitRows(c *fiber.Ctx, do func(ctx context.Context, v *Visit, skip, size int) error) error {
	size, key, err := limitAfter(c)
	if err != nil {
		return err
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		skip, err := place(key, v.Generation)
		if err != nil {
			return err
		}
		return do(ctx, v, skip, size)
	})
}

// keyOf is the place behind skip rows of a generation, which place reads.
func keyOf(generation int64, skip int) string { return fmt.Sprintf("%d:%d", generation, skip) }

func place(key string, generation int64) (int, error) {
	if key == "" {
		return 0, nil
	}
	g, n, _ := strings.Cut(key, ":")
	skip, err := strconv.Atoi(n)
	if err != nil || skip < 0 {
		return 0, badRequest("cursor", errCursor)
	}
	if g != strconv.FormatInt(generation, 10) {
		return 0, badRequest("cursor", errors.New("the figures were refreshed since; begin with the first page"))
	}
	return skip, nil
}

func (s *Server) ledgerAnswer(r attribution.LedgerRow, names namer) apiLedgerRow {
	a := apiLedgerRow{
		Model: r.Model, DealID: r.DealID, TouchID: r.TouchID, Position: r.Position, Channel: r.Channel, CampaignID: r.CampaignID, PostID: r.PostID,
		RepID: r.RepID, Evidence: r.Evidence, Bucket: r.Bucket, Weight: r.Weight, Amount: money.Format(r.AmountMinor, r.Currency),
		Currency: r.Currency, ReportingAmount: optional(r.ReportingMinor, s.Config.Company.Currency),
	}
	if !names.named() {
		a.RepID = ""
	}
	return a
}

type apiGroup struct {
	Kind         string  `json:"kind"` // empty, none, withheld or unattributed
	ID           string  `json:"id"`   // what credits takes as id, with the view
	ChannelID    string  `json:"channel"`
	CampaignID   string  `json:"campaign_id"`
	PostID       string  `json:"post_id"`
	RepID        string  `json:"rep_id"`
	TeamID       string  `json:"team_id"`
	Name         string  `json:"name"`
	Credit       string  `json:"credit"`
	Currency     string  `json:"currency"`
	Share        float64 `json:"share"`
	Deals        *int    `json:"deals"` // null of teams together: a deal of two would count twice
	Touches      int     `json:"touches"`
	Reach        *string `json:"reach"` // revenue of the deals touched, full credit to each: does not sum
	Lowest       string  `json:"lowest"`
	Highest      string  `json:"highest"`
	RankBest     *int    `json:"rank_best"` // over the models; null without a name
	RankWorst    *int    `json:"rank_worst"`
	Sourced      string  `json:"sourced"`
	Assisted     string  `json:"assisted"`
	Suspected    int     `json:"suspected"` // touches of grade D: listed, never paid
	*apiSpending         // only to who may see spend, by cash
}

type apiSpending struct {
	Spend      string   `json:"spend"`
	MER        *float64 `json:"mer"`
	RevenueMER *float64 `json:"revenue_mer"`
}

type apiView struct {
	list[apiGroup]
	View     string `json:"view"`
	Model    string `json:"model"`
	Basis    string `json:"basis"`
	Period   string `json:"period"`
	Total    string `json:"total"`
	LagDays  *int   `json:"lag_days"` // by accrual: half of all touches come so many days or more before the close
	Immature bool   `json:"immature"` // by accrual: the period has not had that long to earn
	WhatIf   bool   `json:"what_if"`  // under other settings than the company's

	Settings attribution.Settings `json:"settings"` // that the figures stand on
}

// apiChannels answers the credit of each channel; the rows of all pages sum to
// the total.
func (s *Server) apiChannels(c *fiber.Ctx) error { return s.apiGroups(c, attribution.Channel) }

// apiCampaigns answers the credit of each campaign; the rows of all pages sum to
// the total.
func (s *Server) apiCampaigns(c *fiber.Ctx) error { return s.apiGroups(c, attribution.Campaign) }

// apiCreditsBy answers the credit of each group of the view that the address
// names; the rows of all pages sum to the total.
func (s *Server) apiCreditsBy(c *fiber.Ctx) error {
	by := attribution.Dimension(c.Params("view"))
	if !slices.Contains(attribution.Dimensions, by) {
		return warehouse.ErrNotFound
	}
	return s.apiGroups(c, by)
}

func (s *Server) apiGroups(c *fiber.Ctx, by attribution.Dimension) error {
	return s.visitRows(c, func(ctx context.Context, v *Visit, skip, size int) error {
		basis, err := basisOf(c)
		if err != nil {
			return err
		}
		w, err := s.readWhatIf(ctx, c, v)
		if err != nil {
			return err
		}
		if werr := w.wrong.first(); werr != nil {
			return badRequest("what if", werr)
		}
		var view attribution.View
		var answer apiView
		spending := map[string]apiSpending{}
		suspects := by == attribution.Post || by == attribution.Content || by == attribution.Rep || by == attribution.Team
		err = w.ask(ctx, attribution.Trial{Period: w.closes(basis), NoPosts: !suspects}, func(q *warehouse.Snapshot) (err error) {
			if view, answer, err = s.askGroups(ctx, q, c, v, by); err != nil {
				return err
			}
			if answer.Settings, _, err = attribution.BuiltWith(ctx, q); err != nil {
				return err
			}
			if basis == attribution.Cash && (by == attribution.Channel || by == attribution.Campaign) {
				spending, err = s.spending(ctx, q, v, by)
			}
			return err
		})
		if err != nil {
			return err
		}
		groups, next := view.Groups[min(skip, len(view.Groups)):], ""
		if len(groups) > size {
			groups, next = groups[:size], cursorOf(keyOf(v.Generation, skip+size))
		}
		items := make([]apiGroup, 0, len(groups))
		for _, g := range groups {
			item := s.groupAnswer(by, g)
			low, high := w.span(g)
			item.Lowest, item.Highest = money.Format(low, s.Config.Company.Currency), money.Format(high, s.Config.Company.Currency)
			if row, ok := spending[g.ID]; ok && g.Kind == attribution.Named {
				item.apiSpending = &row
			}
			items = append(items, item)
		}
		answer.list, answer.WhatIf = listOf(items, next), w.computes()
		return c.JSON(answer)
	})
}

// askGroups asks for a view as the reader may see it: without names of reps
// their view does not exist, and small teams are one.
func (s *Server) askGroups(ctx context.Context, q sqlfile.Querier, c *fiber.Ctx, v *Visit, by attribution.Dimension) (attribution.View, apiView, error) {
	a := s.newAttributionPage(c, v)
	fail := func(err error) (attribution.View, apiView, error) { return attribution.View{}, apiView{}, err }
	var err error
	if a.ask.Basis, err = basisOf(c); err != nil {
		return fail(err)
	}
	if a.names, err = s.namer(ctx, v); err != nil {
		return fail(err)
	}
	if by == attribution.Rep && !a.names.named() {
		return fail(warehouse.ErrNotFound)
	}
	view, err := attribution.ViewBy(ctx, q, v.Reader.ID, a.ask, by)
	if err != nil {
		return fail(err)
	}
	if a.folded(by) {
		teams, terr := askRepTeams(ctx, v)
		if terr != nil {
			return fail(terr)
		}
		view.Groups = smallTogether(view.Groups, teams)
	}
	for i, g := range view.Groups {
		if by == attribution.Rep && g.Kind == attribution.Named {
			view.Groups[i].Name = a.names.call(g.ID, g.Name)
		}
	}
	answer := apiView{View: string(by), Model: view.Model.ID, Basis: string(view.Basis), Period: v.Period.Name, Total: money.Format(view.Total, s.Config.Company.Currency)}
	if view.Basis == attribution.Accrual {
		lag, known, lerr := attribution.MedianLag(ctx, q, v.Reader.ID)
		if lerr != nil {
			return fail(lerr)
		}
		if known {
			answer.LagDays, answer.Immature = &lag, a.ask.Immature(v.Now, lag)
		}
	}
	return view, answer, nil
}

func (s *Server) groupAnswer(by attribution.Dimension, g attribution.Group) apiGroup {
	currency := s.Config.Company.Currency
	reach := money.Format(g.Reach, currency)
	a := apiGroup{
		Kind: string(g.Kind), ID: g.ID, ChannelID: g.Channel, TeamID: g.TeamID, Name: g.Name, Credit: money.Format(g.Credit, currency), Currency: currency, Share: g.Share, Deals: &g.Deals,
		Touches: g.Touches, Reach: &reach, Sourced: money.Format(g.Sourced, currency),
		Assisted: money.Format(g.Assisted, currency), Suspected: g.Suspected,
	}
	if g.RankMax > 0 {
		a.RankBest, a.RankWorst = &g.RankMin, &g.RankMax
	}
	if g.ID == smallTeams {
		a.Deals, a.Reach = nil, nil
	}
	switch by {
	case attribution.Channel:
		a.ChannelID = g.ID
	case attribution.Campaign:
		a.CampaignID = g.ID
	case attribution.Post:
		a.PostID = g.ID
	case attribution.Content:
		if id, ok := strings.CutPrefix(g.ID, "post:"); ok {
			a.PostID = id
		}
	case attribution.Rep:
		a.RepID = g.ID
	case attribution.Team:
	}
	return a
}

// spending is spend and MER by id, to readers who may see them.
func (s *Server) spending(ctx context.Context, q sqlfile.Querier, v *Visit, by attribution.Dimension) (map[string]apiSpending, error) {
	out := map[string]apiSpending{}
	if !v.Reader.SeesSpend() {
		return out, nil
	}
	all, err := s.efficiencies(ctx, q, v)
	if err != nil {
		return nil, err
	}
	e := all[slices.IndexFunc(attribution.Models, func(m attribution.Model) bool { return m.ID == v.Model })]
	rows := e.Channels
	if by == attribution.Campaign {
		rows = e.Campaigns
	}
	for _, r := range rows {
		if r.Kind == attribution.Named {
			out[r.ID] = apiSpending{money.Format(r.Expenses, s.Config.Company.Currency), r.MER, r.RevenueMER}
		}
	}
	return out, nil
}
