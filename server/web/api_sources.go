package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/warehouse"
)

type apiSource struct {
	Source     string     `json:"source"`
	Kind       string     `json:"kind"`
	Records    int64      `json:"records_held"`
	Held       int64      `json:"rejected_held"` // of the last reading of each file
	Status     string     `json:"status"`        // of the last run: done, failed or never
	FinishedAt *time.Time `json:"finished_at"`
	Read       int64      `json:"rows_read"`
	Kept       int64      `json:"rows_kept"`
	Rejected   int64      `json:"rows_rejected"`
	Changed    int64      `json:"records_changed"`
	Message    string     `json:"message"`
}

// apiSources lists the configured sources, then those configured no more whose
// records are still here, with what is held of them and their last run, which
// may have found nothing new.
func (s *Server) apiSources(c *fiber.Ctx) error {
	return s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		known, err := s.sources(ctx, snap)
		if err != nil {
			return err
		}
		items := make([]apiSource, 0, len(known))
		for _, one := range known {
			a := apiSource{Source: one.name, Kind: one.kind, Status: "never"}
			if r := one.Last; one.read {
				a.Records, a.Held = one.Records, one.Rejected
				a.Status, a.Read, a.Kept, a.Rejected, a.Changed, a.Message = r.Status, r.Read, r.Kept, r.Rejected, r.Changed, r.Message
				if !r.FinishedAt.IsZero() {
					at := r.FinishedAt.UTC()
					a.FinishedAt = &at
				}
			}
			items = append(items, a)
		}
		return c.JSON(listOf(items, ""))
	})
}
