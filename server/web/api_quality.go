package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"credence/warehouse"
)

type apiQuality struct {
	QualityID string `json:"quality_id"`
	Title     string `json:"title"`
	Why       string `json:"why"` // what it does to the figures
	Rows      int64  `json:"rows"`
}

// apiQuality counts what may be wrong with the data.
func (s *Server) apiQuality(c *fiber.Ctx) error {
	return s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		items := []apiQuality{}
		if snap.Generation > 0 {
			counts, err := warehouse.Quality(ctx, snap)
			if err != nil {
				return err
			}
			for _, q := range counts {
				items = append(items, apiQuality{q.ID, q.Title, q.Why, q.Rows})
			}
		}
		return c.JSON(listOf(items, ""))
	})
}
