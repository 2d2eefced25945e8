package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// contentPolicy forbids everything that is not this server's own file. Pages
// hold no script and no style of their own.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; report-uri /csp-report"

const requestLocal = "request_id"

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestLocal).(string)
	return id
}

// identify names the request, in the log and to its sender.
func (s *Server) identify(c *fiber.Ctx) error {
	id := strings.ToLower(rand.Text()[:12])
	c.Locals(requestLocal, id)
	c.Set(fiber.HeaderXRequestID, id)
	return c.Next()
}

// secure sets the headers of every answer. Nothing is stored by browsers or
// proxies but the hashed assets, which say so themselves.
func (s *Server) secure(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, contentPolicy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=()")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderVary, "Cookie, Authorization")
	if s.Config.Secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	return c.Next()
}

// recover turns a panic into an error of this request; by default it would end
// the process.
func (s *Server) recover(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(c.UserContext(), "handler panicked", slog.String("request_id", requestID(c)), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return c.Next()
}

// policyReport counts and logs what a browser refused to load.
func (s *Server) policyReport(c *fiber.Ctx) error {
	s.refused.Add(1)
	body := c.Body()
	s.Log.WarnContext(c.UserContext(), "content policy report", slog.String("report", string(body[:min(len(body), 2000)])))
	return c.SendStatus(fiber.StatusNoContent)
}
