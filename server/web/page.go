package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"credence/ui"
)

// page renders a page inside the visit's layout. An htmx request that names a
// part gets that part alone.
func (s *Server) page(c *fiber.Ctx, v *Visit, name string, view any) error {
	return s.render(c, name, v.Layout, view)
}

func (s *Server) render(c *fiber.Ctx, name string, layout ui.Layout, view any) error {
	var body bytes.Buffer
	if err := ui.Render(&body, name, layout, view); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(body.Bytes())
}

// part renders one named template of a page: what an htmx request swaps in.
func (s *Server) part(c *fiber.Ctx, v *Visit, name, part string, view any) error {
	var body bytes.Buffer
	if err := ui.RenderPart(&body, name, part, v.Layout, view); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(body.Bytes())
}
