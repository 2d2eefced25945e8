package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"credence/warehouse"
)

type health struct {
	Status     string `json:"status"`
	Generation int64  `json:"generation"`
}

// healthz says that the process answers.
func (s *Server) healthz(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) }

// readyz says that the database answers too.
func (s *Server) readyz(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), pageDeadline)
	defer cancel()
	answer := health{Status: "ready"}
	err := s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) error {
		answer.Generation = snap.Generation
		return nil
	})
	if err != nil {
		s.noticeBroken(err)
		c.Status(fiber.StatusServiceUnavailable)
		answer.Status = "the database does not answer"
	}
	return c.JSON(answer)
}
