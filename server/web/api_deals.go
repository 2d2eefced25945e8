package web

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

type apiDeal struct {
	DealID          string  `json:"deal_id"`
	Name            string  `json:"name"`
	AccountID       string  `json:"account_id"`
	Account         string  `json:"account"`
	OwnerRepID      string  `json:"owner_rep_id"`
	Owner           string  `json:"owner"`
	TeamID          string  `json:"team_id"`
	Team            string  `json:"team"`
	Stage           string  `json:"stage"`
	Status          string  `json:"status"`
	Amount          *string `json:"amount"`
	Currency        string  `json:"currency"`
	ReportingAmount *string `json:"reporting_amount"`
	CreatedOn       *string `json:"created_on"`
	ClosedOn        *string `json:"closed_on"`
	ExpectedCloseOn *string `json:"expected_close_on"`
}

// apiDeals lists the deals the reader may see.
func (s *Server) apiDeals(c *fiber.Ctx) error {
	size, err := limit(c)
	if err != nil {
		return err
	}
	f := performance.DealFilter{
		Status: c.Query("status"), RepID: c.Query("rep_id"), TeamID: c.Query("team_id"), Product: c.Query("product_id"), Stage: c.Query("stage"),
		Text: c.Query("q"), Account: c.Query("account_id"), Sort: c.Query("sort"), Cursor: cursor(c), PageSize: size,
	}
	company := s.Config.Calendar()
	if name := c.Query("period"); name != "" {
		p, err := company.Parse(name)
		if err != nil {
			return badRequest("period", err)
		}
		f.Closed = &p
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		names, err := s.namer(ctx, v)
		if err != nil {
			return err
		}
		hidden, err := s.hiddenTeams(ctx, v, names)
		if err != nil {
			return err
		}
		if err = apart(names, hidden, f, "rep_id", "team_id"); err != nil {
			return err
		}
		page, err := performance.Deals(ctx, v, v.Reader.ID, company, f)
		if errors.Is(err, performance.ErrFilter) {
			return badRequest("deals", err)
		}
		if err != nil {
			return err
		}
		items := make([]apiDeal, len(page.Deals))
		for i, d := range page.Deals {
			items[i] = s.dealAnswer(d, names, hidden)
		}
		return c.JSON(listOf(items, page.Next))
	})
}

func (s *Server) dealAnswer(d performance.Deal, names namer, hidden hiddenTeams) apiDeal {
	a := apiDeal{
		DealID: d.ID, Name: d.Name, AccountID: d.AccountID, Account: d.Account, OwnerRepID: d.RepID, Owner: names.call(d.RepID, d.Rep),
		TeamID: d.TeamID, Team: d.Team, Stage: d.Stage, Status: d.Status, Amount: amount(d.Amount, d.Currency), Currency: d.Currency,
		ReportingAmount: amount(d.Reporting, s.Config.Company.Currency), CreatedOn: day(d.CreatedDay), ClosedOn: day(d.ClosedDay), ExpectedCloseOn: day(d.ExpectedOn),
	}
	if !names.named() {
		a.OwnerRepID, a.Owner = "", ""
	}
	if hidden.alone[d.TeamID] {
		a.TeamID, a.Team = "", ""
	}
	return a
}

type apiOneDeal struct {
	apiDeal
	Pipeline   string     `json:"pipeline"`
	Type       string     `json:"type"`
	Source     string     `json:"source"`
	Forecast   string     `json:"forecast_category"`
	LostReason string     `json:"lost_reason"`
	CreatedAt  *time.Time `json:"created_at"`
	ClosedAt   *time.Time `json:"closed_at"`
}

// apiDeal answers one deal; one that the reader may not see does not exist.
func (s *Server) apiDeal(c *fiber.Ctx) error {
	id, err := url.PathUnescape(c.Params("id"))
	if err != nil {
		return warehouse.ErrNotFound
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		names, err := s.namer(ctx, v)
		if err != nil {
			return err
		}
		hidden, err := s.hiddenTeams(ctx, v, names)
		if err != nil {
			return err
		}
		deals, err := sqlfile.All(ctx, v, questions.Get("deal"), func(scan func(...any) error) (apiOneDeal, error) {
			var d performance.Deal
			var one apiOneDeal
			var created, closed sql.NullTime
			serr := scan(&d.ID, &d.Name, &d.AccountID, &d.Account, &d.RepID, &d.Rep, &d.TeamID, &d.Team, &d.Stage, &d.Status, &d.Amount, &d.Currency,
				&d.Reporting, &d.CreatedDay, &d.ClosedDay, &d.ExpectedOn, &one.Pipeline, &one.Type, &one.Source, &one.Forecast, &one.LostReason, &created, &closed)
			one.apiDeal = s.dealAnswer(d, names, hidden)
			one.CreatedAt, one.ClosedAt = moment(created), moment(closed)
			return one, serr
		}, sql.Named("user_id", v.Reader.ID), sql.Named("deal_id", id))
		if err != nil {
			return fmt.Errorf("read deal: %w", err)
		}
		if len(deals) == 0 {
			return warehouse.ErrNotFound
		}
		return c.JSON(deals[0])
	})
}

func moment(t sql.NullTime) *time.Time {
	if !t.Valid {
		return nil
	}
	at := t.Time.UTC()
	return &at
}
