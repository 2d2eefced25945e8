package web

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// Visit is one page request: who reads, which period, comparison and model the
// URL asks for, one snapshot to ask, and the layout around the answer.
type Visit struct {
	*warehouse.Snapshot
	Reader  Reader
	Period  calendar.Period
	Compare calendar.Period // the zero Period when nothing is compared
	Model   string          // attribution model id
	Now     time.Time
	Layout  ui.Layout // filled in; the handler adds Crumbs, Finding and Notes
}

// visit prepares a Visit and runs do with it inside one read of the warehouse.
func (s *Server) visit(c *fiber.Ctx, do func(context.Context, *Visit) error) error {
	return s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		v := &Visit{Snapshot: snap, Reader: s.reader(c), Now: s.Now().UTC()}
		var err error
		if v.Period, err = s.period(ctx, c, snap); err != nil {
			return err
		}
		if v.Compare, err = s.compare(c, v.Period); err != nil {
			return err
		}
		if v.Model, err = s.model(ctx, c, snap); err != nil {
			return err
		}
		if v.Layout, err = s.layout(ctx, c, v); err != nil {
			return err
		}
		return do(ctx, v)
	})
}

// period reads ?period=; without it, it is the fiscal quarter of now, or when
// no deal closed in that, the newest quarter in which one did.
func (s *Server) period(ctx context.Context, c *fiber.Ctx, snap *warehouse.Snapshot) (calendar.Period, error) {
	company := s.Config.Calendar()
	if name := c.Query("period"); name != "" {
		p, err := company.Parse(name)
		if err != nil {
			return p, badRequest("period", err)
		}
		return p, nil
	}
	now := s.Now().UTC()
	p := company.QuarterOf(now)
	if snap.Generation == 0 {
		return p, nil
	}
	var closed sql.NullTime
	today := performance.Ask{Company: company}.EndOfToday(now) // which asks the same all day long
	if err := questions.Get("last_closed").One(ctx, snap, []sql.NamedArg{sql.Named("until", today)}, &closed); err != nil {
		return p, fmt.Errorf("find the newest quarter: %w", err)
	}
	if closed.Valid && closed.Time.Before(p.From) {
		p = company.QuarterOf(closed.Time)
	}
	return p, nil
}

// compare reads ?compare=year|previous|none; without it, the year before.
func (s *Server) compare(c *fiber.Ctx, p calendar.Period) (calendar.Period, error) {
	company := s.Config.Calendar()
	switch c.Query("compare") {
	case "", "year":
		return company.YearBefore(p), nil
	case "previous":
		return company.Shift(p, -1), nil
	case "none":
		return calendar.Period{}, nil
	}
	return calendar.Period{}, badRequest("compare", fmt.Errorf("%q is no comparison; write year, previous or none", c.Query("compare")))
}
