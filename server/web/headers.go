package web

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
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

// reportPath is where browsers report what they refused to load. The log takes
// maxReports of an address in auth.FailureWindow.
const (
	reportPath = "/csp-report"
	maxReports = 60
)

// What a report may say in words of ours; anything else is somebody's own text,
// and anybody may send a report.
var (
	policyDirectives = []string{
		"default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr", "img-src", "connect-src",
		"font-src", "media-src", "object-src", "frame-src", "child-src", "worker-src", "manifest-src", "base-uri", "frame-ancestors", "form-action",
	}
	policySources = []string{"inline", "eval", "wasm-eval", "self", "data", "blob", "about", "http", "https", "ws", "wss", "filesystem", "chrome-extension", "moz-extension", "safari-web-extension"}
)

// policyReport counts and logs what a browser refused to load: which rule, what
// kind of address and which line, and no address, which may name somebody.
func (s *Server) policyReport(c *fiber.Ctx) error {
	s.refused.Add(1)
	var report struct {
		CSP struct {
			Directive string `json:"violated-directive"`
			Blocked   string `json:"blocked-uri"`
			Line      int    `json:"line-number"`
		} `json:"csp-report"`
	}
	if err := json.Unmarshal(c.Request().Body(), &report); err != nil {
		return badRequest("body", errors.New("it is no report of a browser"))
	}
	if s.limits.reports.Try("", s.address(c), s.Now()) {
		directive, _, _ := strings.Cut(report.CSP.Directive, " ") // some browsers add the sources
		source, _, _ := strings.Cut(report.CSP.Blocked, ":")
		s.Log.WarnContext(c.UserContext(), "content policy report", slog.String("directive", oneOf(directive, policyDirectives)),
			slog.String("blocked", oneOf(source, policySources)), slog.Int("line", report.CSP.Line))
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func oneOf(word string, words []string) string {
	if slices.Contains(words, word) {
		return word
	}
	return "other"
}
