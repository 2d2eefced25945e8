package web

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/server/jobs"
	"credence/warehouse"
)

type apiSource struct {
	Source     string     `json:"source"`
	Kind       string     `json:"kind"`
	Status     string     `json:"status"` // done, failed or never
	FinishedAt *time.Time `json:"finished_at"`
	Read       int64      `json:"rows_read"`
	Kept       int64      `json:"rows_kept"`
	Rejected   int64      `json:"rows_rejected"`
	Changed    int64      `json:"records_changed"`
	Message    string     `json:"message"`
}

// apiSources lists the configured sources with their last run.
func (s *Server) apiSources(c *fiber.Ctx) error {
	return s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		runs, err := jobs.LastRuns(ctx, snap)
		if err != nil {
			return err
		}
		items := make([]apiSource, 0, len(s.Config.Sources))
		for _, src := range s.Config.Sources {
			a := apiSource{Source: src.Name, Kind: src.Kind, Status: "never"}
			if i := slices.IndexFunc(runs, func(r warehouse.Run) bool { return r.Source == src.Name }); i >= 0 {
				r := runs[i]
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
