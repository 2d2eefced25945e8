package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/server/jobs"
	"credence/warehouse"
)

// Errors that only HTTP knows.
var (
	errForbidden = errors.New("your role does not open this page")
	errForeign   = errors.New("the page was open too long, or the change came from elsewhere; nothing was changed: reload the page and try again")
	errBusy      = errors.New("too many questions at once; try again in a few seconds")
	errSlow      = errors.New("the answer took longer than a page may; ask for a shorter period or another model, or try again later")
	errHeld      = errors.New("nothing was saved: the database was busy with something else, most likely a refresh of the figures; try again in a minute")
)

// errGivenUp says that a job found the database given up.
var errGivenUp = errors.New("database has been invalidated")

// requestError is a fault of the request; its words may be shown.
type requestError struct {
	field string
	err   error
}

// Error implements error.
func (e requestError) Error() string { return e.field + ": " + e.err.Error() }

// Unwrap implements errors.Unwrap.
func (e requestError) Unwrap() error { return e.err }

func badRequest(field string, err error) error { return requestError{field, err} }

// words is the one table that turns an error into a status and a sentence.
// Whatever is not in it is a fault of ours and is told by its id only.
func words(err error) (status int, sentence string) {
	var request requestError
	var fiberErr *fiber.Error
	switch {
	case errors.As(err, &request):
		return fiber.StatusBadRequest, request.Error()
	case errors.Is(err, warehouse.ErrNotFound):
		return fiber.StatusNotFound, "there is nothing here, or it is not yours to see"
	case errors.Is(err, auth.ErrSession):
		return fiber.StatusUnauthorized, auth.ErrSession.Error()
	case errors.Is(err, auth.ErrCredentials):
		return fiber.StatusUnauthorized, auth.ErrCredentials.Error()
	case errors.Is(err, auth.ErrUnsettled):
		return fiber.StatusServiceUnavailable, auth.ErrUnsettled.Error()
	case errors.Is(err, auth.ErrTooMany):
		return fiber.StatusTooManyRequests, auth.ErrTooMany.Error()
	case errors.Is(err, errForbidden):
		return fiber.StatusForbidden, errForbidden.Error()
	case errors.Is(err, errDirectory):
		return fiber.StatusServiceUnavailable, errDirectory.Error()
	case errors.Is(err, errNotVouched):
		return fiber.StatusUnauthorized, errNotVouched.Error()
	case errors.Is(err, errReadOnly):
		return fiber.StatusForbidden, errReadOnly.Error()
	case errors.Is(err, errForeign):
		return fiber.StatusForbidden, errForeign.Error()
	case errors.Is(err, errViewing):
		return fiber.StatusForbidden, errViewing.Error()
	case errors.Is(err, errBusy):
		return fiber.StatusServiceUnavailable, errBusy.Error()
	case errors.Is(err, warehouse.ErrRenewed):
		return fiber.StatusServiceUnavailable, warehouse.ErrRenewed.Error() + "; try again"
	case errors.Is(err, errHeld):
		return fiber.StatusServiceUnavailable, errHeld.Error()
	case errors.Is(err, errSlow), errors.Is(err, context.DeadlineExceeded):
		return fiber.StatusServiceUnavailable, errSlow.Error()
	case errors.As(err, &fiberErr) && fiberErr.Code == fiber.StatusMethodNotAllowed:
		return fiber.StatusMethodNotAllowed, "this address does not take that method"
	case errors.As(err, &fiberErr) && fiberErr.Code == fiber.StatusRequestEntityTooLarge:
		return fiber.StatusRequestEntityTooLarge, "the request is too large"
	case errors.As(err, &fiberErr) && fiberErr.Code == fiber.StatusUnsupportedMediaType:
		return fiber.StatusUnsupportedMediaType, "this address does not take that type of content; pages take forms, the API takes JSON, both unpacked"
	case errors.As(err, &fiberErr) && fiberErr.Code == fiber.StatusRequestHeaderFieldsTooLarge:
		return fiber.StatusRequestHeaderFieldsTooLarge, "the address or the headers of the request are too long"
	case errors.As(err, &fiberErr) && fiberErr.Code == fiber.StatusNotFound:
		return fiber.StatusNotFound, "there is nothing here, or it is not yours to see"
	case errors.As(err, &fiberErr) && fiberErr.Code < fiber.StatusInternalServerError:
		return fiber.StatusBadRequest, "the request cannot be read"
	}
	return fiber.StatusInternalServerError, "something went wrong here; nothing was changed"
}

// answerError ends every request that failed: pages get a page or the way to
// sign in, the API gets JSON. Our own faults are logged with the request's id.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	status, sentence := words(err)
	id := requestID(c)
	if id == "" { // it came not so far that anything looked at it
		id = s.prepare(c)
	}
	if status == fiber.StatusServiceUnavailable {
		s.Log.WarnContext(c.UserContext(), "request was given up", slog.String("request_id", id), slog.String("route", c.Route().Path), slog.Any("error", err))
	}
	if status == fiber.StatusInternalServerError {
		s.Log.ErrorContext(c.UserContext(), "request failed", slog.String("request_id", id), slog.String("method", c.Method()),
			slog.String("route", c.Route().Path), slog.Any("error", err))
	}
	if status >= fiber.StatusInternalServerError { // time may be up because the database is
		s.noticeBroken(err)
	}
	c.Status(status)
	switch status {
	case fiber.StatusTooManyRequests:
		c.Set(fiber.HeaderRetryAfter, fmt.Sprint(int(auth.FailureWindow.Seconds())))
	case fiber.StatusServiceUnavailable:
		switch { // what took too long does so again
		case errors.Is(err, warehouse.ErrRenewed):
			c.Set(fiber.HeaderRetryAfter, "1")
		case errors.Is(err, errBusy):
			c.Set(fiber.HeaderRetryAfter, "5")
		case errors.Is(err, auth.ErrUnsettled), errors.Is(err, errHeld):
			c.Set(fiber.HeaderRetryAfter, "60")
		}
	}
	if isAPI(c) {
		if status == fiber.StatusUnauthorized {
			c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
		}
		return c.JSON(apiError{Error: sentence, RequestID: id})
	}
	if errors.Is(err, auth.ErrSession) {
		return s.sendToSignIn(c)
	}
	return s.pageError(c, status, sentence, id)
}

type apiError struct {
	Error     string `json:"error"`
	RequestID string `json:"request_id"`
}

func isAPI(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), "/api/") }

// sendToSignIn leads to the sign-in page and back to where the reader wanted.
func (s *Server) sendToSignIn(c *fiber.Ctx) error {
	target := "/sign-in"
	if c.Method() == fiber.MethodGet && c.OriginalURL() != "/" {
		target += "?next=" + url.QueryEscape(c.OriginalURL())
	}
	if c.Get("HX-Request") != "" { // a fragment cannot follow a redirect to a page
		c.Set("HX-Redirect", target)
		return c.SendStatus(fiber.StatusUnauthorized)
	}
	return c.Redirect(target, fiber.StatusSeeOther)
}

// noticeBroken tells the process when the engine has given the database up: it
// answers nothing more until it is opened again.
func (s *Server) noticeBroken(err error) {
	if jobs.Broken(err) {
		s.Break(err)
	}
}

// Break makes Broken deliver err, once.
func (s *Server) Break(err error) { s.once.Do(func() { s.broken <- err }) }
