package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/ui"
	"credence/warehouse"
)

// static answers an embedded asset. Its name changes with its content, so it
// may be kept for ever.
func (s *Server) static(c *fiber.Ctx) error {
	f, ok := ui.Open(c.Params("file"))
	if !ok {
		return warehouse.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if f.Gzip != nil && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(f.Gzip)
	}
	return c.Send(f.Body)
}
