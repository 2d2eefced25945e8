package web

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// contentPolicy forbids everything that is not this server's own file. Pages
// hold no script and no style of their own.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; report-uri " + reportPath

const requestLocal = "request_id"

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestLocal).(string)
	return id
}

// prepare names the request, in the log and to its sender, and sets the headers
// of every answer. Nothing is stored by browsers or proxies but the hashed
// assets, which say so themselves.
func (s *Server) prepare(c *fiber.Ctx) (id string) {
	id = strings.ToLower(rand.Text()[:12])
	c.Locals(requestLocal, id)
	c.Set(fiber.HeaderXRequestID, id)
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
	return id
}

func (s *Server) secure(c *fiber.Ctx) error {
	s.prepare(c)
	return c.Next()
}

// engine is what stands in the stack of a panic of the database's driver.
const engine = "github.com/duckdb/"

// recover turns a panic into an error of this request; by default it would end
// the process. One inside the database's driver does end it: what state the
// engine is in then, nobody knows, and the next question may end it without a word.
func (s *Server) recover(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			stack := debug.Stack()
			s.Log.ErrorContext(c.UserContext(), "handler panicked", slog.String("request_id", requestID(c)), slog.String("stack", string(stack)))
			err = fmt.Errorf("panic: %v", p)
			if bytes.Contains(stack, []byte(engine)) {
				s.Break(err)
			}
		}
	}()
	return c.Next()
}

// reportPath is where browsers report what they refused to load.
const reportPath = "/csp-report"

// policyReport counts and logs what a browser refused to load, without the
// address of the page, which may name somebody.
func (s *Server) policyReport(c *fiber.Ctx) error {
	s.refused.Add(1)
	var report struct {
		CSP struct {
			Directive string `json:"violated-directive"`
			Blocked   string `json:"blocked-uri"`
			File      string `json:"source-file"`
			Line      int    `json:"line-number"`
		} `json:"csp-report"`
	}
	if err := json.Unmarshal(c.Request().Body(), &report); err != nil {
		return badRequest("body", errors.New("it is no report of a browser"))
	}
	s.Log.WarnContext(c.UserContext(), "content policy report", slog.String("directive", short(report.CSP.Directive)),
		slog.String("blocked", short(plainAddress(report.CSP.Blocked))), slog.String("file", short(plainAddress(report.CSP.File))), slog.Int("line", report.CSP.Line))
	return c.SendStatus(fiber.StatusNoContent)
}

// plainAddress is an address without user, query and fragment.
func plainAddress(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "unreadable"
	case u.Scheme == "": // a word, such as inline
		return strings.TrimLeft(u.Path, "/")
	}
	return (&url.URL{Scheme: u.Scheme, Opaque: u.Opaque, Host: u.Host}).String()
}

// short is a text of somebody else's as a log holds it.
func short(text string) string {
	return string([]rune(text)[:min(len([]rune(text)), 80)])
}
