package web

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/server/jobs"
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
// generation: after a refresh the list must begin anew.
func (s *Server) apiCredits(c *fiber.Ctx) error {
	size, err := limit(c)
	if err != nil {
		return err
	}
	key, err := after(c)
	if err != nil {
		return err
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		skip, err := place(key, v.Generation)
		if err != nil {
			return err
		}
		names, err := s.namer(ctx, v)
		if err != nil {
			return err
		}
		model, period := c.Query("model"), v.Period
		if c.Query("period") == "" {
			period = calendar.Period{} // all time, as the command writes it
		}
		rows, seen := []apiLedgerRow{}, 0
		err = attribution.Ledger(ctx, v, v.Reader.ID, model, period, func(r attribution.LedgerRow) error {
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
	ChannelID    string  `json:"channel"`
	CampaignID   string  `json:"campaign_id"`
	Name         string  `json:"name"`
	Credit       string  `json:"credit"`
	Currency     string  `json:"currency"`
	Share        float64 `json:"share"`
	Deals        int     `json:"deals"`
	Touches      int     `json:"touches"`
	Lowest       string  `json:"lowest"`
	Highest      string  `json:"highest"`
	*apiSpending         // only to who may see spend
}

type apiSpending struct {
	Spend      string   `json:"spend"`
	MER        *float64 `json:"mer"`
	RevenueMER *float64 `json:"revenue_mer"`
}

type apiView struct {
	list[apiGroup]
	Model    string               `json:"model"`
	Period   string               `json:"period"`
	Total    string               `json:"total"`
	WhatIf   bool                 `json:"what_if"`  // under other settings than the company's
	Settings attribution.Settings `json:"settings"` // that the figures stand on
}

// apiChannels answers the credit of each channel; the rows of all pages sum to
// the total.
func (s *Server) apiChannels(c *fiber.Ctx) error { return s.apiGroups(c, false) }

// apiCampaigns answers the credit of each campaign; the rows of all pages sum to
// the total.
func (s *Server) apiCampaigns(c *fiber.Ctx) error { return s.apiGroups(c, true) }

func (s *Server) apiGroups(c *fiber.Ctx, byCampaign bool) error {
	size, err := limit(c)
	if err != nil {
		return err
	}
	key, err := after(c)
	if err != nil {
		return err
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		skip, err := place(key, v.Generation)
		if err != nil {
			return err
		}
		ask := attribution.ByChannel
		if byCampaign {
			ask = attribution.ByCampaign
		}
		w, err := s.readWhatIf(ctx, c, v)
		if err != nil {
			return err
		}
		if werr := w.wrong.first(); werr != nil {
			return badRequest("what if", werr)
		}
		var view attribution.View
		var spending map[string]apiSpending
		settings := attribution.Settings{}
		err = w.ask(ctx, attribution.Trial{Period: v.Period, NoPosts: true}, func(q *warehouse.Snapshot) (err error) {
			if view, err = ask(ctx, q, v.Reader.ID, v.Model, v.Period); err != nil {
				return err
			}
			if settings, _, err = attribution.BuiltWith(ctx, q); err != nil {
				return err
			}
			spending, err = s.spending(ctx, q, v, byCampaign)
			return err
		})
		if err != nil {
			return err
		}
		currency := s.Config.Company.Currency
		groups, next := view.Groups[min(skip, len(view.Groups)):], ""
		if len(groups) > size {
			groups, next = groups[:size], cursorOf(keyOf(v.Generation, skip+size))
		}
		items := make([]apiGroup, 0, len(groups))
		for _, g := range groups {
			low, high := w.span(g)
			a := apiGroup{
				Kind: string(g.Kind), Name: g.Name, Credit: money.Format(g.Credit, currency), Currency: currency, Share: g.Share, Deals: g.Deals,
				Touches: g.Touches, Lowest: money.Format(low, currency), Highest: money.Format(high, currency),
			}
			if a.ChannelID = g.ID; byCampaign {
				a.ChannelID, a.CampaignID = g.Channel, g.ID
			}
			if row, ok := spending[g.ID]; ok && g.Kind == attribution.Named {
				a.apiSpending = &row
			}
			items = append(items, a)
		}
		return c.JSON(apiView{listOf(items, next), view.Model.ID, v.Period.Name, money.Format(view.Total, currency), w.computes(), settings})
	})
}

// spending is spend and MER by id, to readers who may see them.
func (s *Server) spending(ctx context.Context, q sqlfile.Querier, v *Visit, byCampaign bool) (map[string]apiSpending, error) {
	out := map[string]apiSpending{}
	if !v.Reader.SeesSpend() {
		return out, nil
	}
	e, err := attribution.Efficiency(ctx, q, v.Reader.ID, v.Model, v.Period, jobs.EfficiencySettings(s.Config))
	if err != nil {
		return nil, err
	}
	rows := e.Channels
	if byCampaign {
		rows = e.Campaigns
	}
	for _, r := range rows {
		if r.Kind == attribution.Named {
			out[r.ID] = apiSpending{money.Format(r.Expenses, s.Config.Company.Currency), r.MER, r.RevenueMER}
		}
	}
	return out, nil
}
