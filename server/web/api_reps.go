package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/warehouse"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

type apiRep struct {
	RepID  string `json:"rep_id"`
	Name   string `json:"name"`
	Title  string `json:"title"`
	TeamID string `json:"team_id"`
	Team   string `json:"team"`
	Region string `json:"region"`
}

// apiReps lists the reps that may be named to the reader: oneself, a manager's
// own, all to a cmo only with privacy.cmo_sees_reps.
func (s *Server) apiReps(c *fiber.Ctx) error {
	size, key, err := limitAfter(c)
	if err != nil {
		return err
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		reps, err := s.askReps(ctx, v, "", key, size+1)
		if err != nil {
			return err
		}
		reps, next := pageOf(reps, size, func(r apiRep) string { return r.RepID })
		return c.JSON(listOf(reps, next))
	})
}

// askReps asks for the reps after key, or for the one called id.
func (s *Server) askReps(ctx context.Context, v *Visit, id, key string, size int) ([]apiRep, error) {
	names, err := s.namer(ctx, v)
	if err != nil {
		return nil, err
	}
	all, err := sqlfile.All(ctx, v, questions.Get("reps"), func(scan func(...any) error) (apiRep, error) {
		var r apiRep
		return r, scan(&r.RepID, &r.Name, &r.Title, &r.TeamID, &r.Team, &r.Region)
	}, sql.Named("user_id", v.Reader.ID), sql.Named("rep_id", id), sql.Named("after", key))
	if err != nil {
		return nil, fmt.Errorf("list reps: %w", err)
	}
	var out []apiRep
	for _, r := range all {
		if names.mayName(r.RepID) && len(out) < size {
			out = append(out, r)
		}
	}
	return out, nil
}

type apiOneRep struct {
	apiRep
	Period  string      `json:"period"`
	Metrics []apiMetric `json:"metrics"`
}

// repMetrics are what a rep's record tells.
var repMetrics = []string{"won_revenue", "quota", "quota_attainment", "pace", "deals_won", "deals_lost", "win_rate", "cycle_days", "open_pipeline"}

// apiRep answers one rep with the numbers of the period.
func (s *Server) apiRep(c *fiber.Ctx) error {
	id, err := url.PathUnescape(c.Params("id"))
	if err != nil || id == "" {
		return warehouse.ErrNotFound
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		reps, err := s.askReps(ctx, v, id, "", 1)
		if err != nil {
			return err
		}
		if len(reps) == 0 {
			return warehouse.ErrNotFound
		}
		ask := performance.NewAsk(v.Reader.ID, s.Config.Calendar(), v.Period, v.Now)
		ask.RepID = id
		a := apiOneRep{apiRep: reps[0], Period: v.Period.Name}
		for _, name := range repMetrics {
			m, err := performance.Find(name)
			if err != nil {
				return err
			}
			value, err := m.Value(ctx, v, ask)
			if err != nil {
				return err
			}
			a.Metrics = append(a.Metrics, s.metricAnswer(m, value))
		}
		return c.JSON(a)
	})
}

type apiMetric struct {
	Name      string   `json:"name"`
	Key       string   `json:"key"`
	KeyName   string   `json:"key_name"`
	Unit      string   `json:"unit"`
	Amount    *string  `json:"amount,omitempty"` // money
	Value     *float64 `json:"value"`            // every other unit; null is n/a
	N         int64    `json:"n"`
	Of        int64    `json:"of"`
	Uncounted int64    `json:"uncounted"`
	Note      string   `json:"note,omitempty"`
}

func (s *Server) metricAnswer(m performance.Metric, v performance.Value) apiMetric {
	a := apiMetric{Name: m.Name, Key: v.Key, KeyName: v.Name, Unit: m.Unit, N: v.N, Of: v.Of, Uncounted: v.Uncounted, Note: v.Note}
	switch {
	case !v.Known:
	case m.Money():
		text := money.Format(v.Minor, s.Config.Company.Currency)
		a.Amount = &text
	default:
		a.Value = &v.Number
	}
	return a
}
