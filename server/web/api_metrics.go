package web

import (
	"context"
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/warehouse"
)

type apiMetricAnswer struct {
	Name    string      `json:"name"`
	Title   string      `json:"title"`
	Unit    string      `json:"unit"`
	Formula string      `json:"formula"`
	Period  string      `json:"period"`
	By      string      `json:"by"`
	Items   []apiMetric `json:"items"`
	Next    *string     `json:"next"`
}

// apiMetric answers one metric of the period, by what ?by= says.
func (s *Server) apiMetric(c *fiber.Ctx) error {
	m, err := performance.Find(c.Params("name"))
	if err != nil {
		return warehouse.ErrNotFound
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		ask := performance.NewAsk(v.Reader.ID, s.Config.Calendar(), v.Period, v.Now)
		ask.By, ask.TeamID, ask.RepID = c.Query("by", "company"), c.Query("team_id"), c.Query("rep_id")
		if err := s.keepRepsApart(ctx, v, &ask); err != nil {
			return err
		}
		values, err := m.Values(ctx, v, ask)
		if errors.Is(err, performance.ErrBreakdown) {
			return badRequest("by", err)
		}
		if err != nil {
			return err
		}
		names, err := s.namer(ctx, v)
		if err != nil {
			return err
		}
		hidden := hiddenTeams{}
		if ask.By == "team" {
			if hidden, err = s.hiddenTeams(ctx, v, names); err != nil {
				return err
			}
		}
		a := apiMetricAnswer{Name: m.Name, Title: m.Title, Unit: m.Unit, Formula: m.Formula, Period: v.Period.Name, By: ask.By, Items: []apiMetric{}}
		for _, value := range values {
			if value.Key != "" && (ask.By == "rep" || ask.By == "manager") {
				value.Name = names.call(value.Key, value.Name)
			}
			if !hidden.nested[value.Key] {
				a.Items = append(a.Items, s.metricAnswer(m, value))
			}
		}
		return c.JSON(a)
	})
}

// keepRepsApart refuses what would single out a rep to a reader to whom reps
// may not be named, whether by a breakdown or by a filter.
func (s *Server) keepRepsApart(ctx context.Context, v *Visit, ask *performance.Ask) error {
	names, err := s.namer(ctx, v)
	if err != nil || names.named() {
		return err
	}
	switch {
	case ask.By == "rep" || ask.By == "manager":
		return badRequest("by", fmt.Errorf("reps are not named to a cmo unless privacy.cmo_sees_reps is set"))
	case ask.RepID != "" && !names.mayName(ask.RepID):
		return warehouse.ErrNotFound
	case ask.TeamID != "":
		hidden, err := s.hiddenTeams(ctx, v, names)
		if err != nil {
			return err
		}
		if hidden.nested[ask.TeamID] {
			return warehouse.ErrNotFound
		}
	}
	return nil
}
