package web

import (
	"bytes"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

// What bodies may be: forms for pages, JSON for the API, reports of browsers.
var (
	formTypes   = []string{fiber.MIMEApplicationForm}
	jsonTypes   = []string{fiber.MIMEApplicationJSON}
	reportTypes = []string{"application/csp-report", "application/reports+json", fiber.MIMEApplicationJSON}
)

// maxValue is the longest path and the longest value of a query in bytes: a page
// repeats them in each of its links.
const maxValue = 2 << 10

var (
	errNoText  = errors.New("it holds bytes that are no text (UTF-8 without NUL)")
	errTooLong = errors.New("it is too long")
)

// refuseUnreadable lets no handler see what none is made for: bytes that are no
// text, which the database refuses later and with other words; a packed body,
// which would be unpacked without a limit; a body of another type than the
// address takes, or where there is none to be.
func (s *Server) refuseUnreadable(c *fiber.Ctx) error {
	path, err := url.PathUnescape(string(c.Request().URI().PathOriginal()))
	if err != nil || !isText(path) {
		return badRequest("address", errNoText)
	}
	if len(path) > maxValue {
		return badRequest("address", errTooLong)
	}
	for key, value := range c.Request().URI().QueryArgs().All() {
		if !isText(string(key)) || !isText(string(value)) {
			return badRequest("query", errNoText)
		}
		if len(key) > maxValue || len(value) > maxValue {
			return badRequest("query", errTooLong)
		}
	}
	body := c.Request().Body() // c.Body would unpack it
	if len(body) == 0 {
		return c.Next()
	}
	if slices.Contains(safeMethods, c.Method()) {
		return badRequest("body", errors.New("this method takes none"))
	}
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && !strings.EqualFold(coding, "identity") {
		return fiber.ErrUnsupportedMediaType
	}
	if !slices.Contains(bodyTypes(c), mediaType(c)) {
		return fiber.ErrUnsupportedMediaType
	}
	if mediaType(c) == fiber.MIMEApplicationForm {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return badRequest("form", errNoText)
		}
		for name, values := range form {
			if !isText(name) || slices.ContainsFunc(values, func(v string) bool { return !isText(v) }) {
				return badRequest("form", errNoText)
			}
		}
	}
	if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return badRequest("body", errNoText)
	}
	return c.Next()
}

func isText(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func bodyTypes(c *fiber.Ctx) []string {
	switch {
	case isAPI(c):
		return jsonTypes
	case c.Path() == reportPath:
		return reportTypes
	}
	return formTypes
}

// mediaType is the Content-Type without its parameters.
func mediaType(c *fiber.Ctx) string {
	kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
