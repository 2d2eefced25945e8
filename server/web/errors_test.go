package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"credence/warehouse"
)

func TestWhatTookTooLongIsNotToldAsTooManyQuestions(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.Deadline /= 3000 // a tenth of a second
	c := s.app.AcquireCtx(&fasthttp.RequestCtx{})
	defer s.app.ReleaseCtx(c)
	err := s.read(c, func(ctx context.Context, _ *warehouse.Snapshot) error {
		<-ctx.Done()
		return errors.New("interrupted")
	})
	if status, told := words(err); status != fiber.StatusServiceUnavailable || !strings.Contains(told, "a shorter period or another model") {
		t.Errorf("alone it is told %d %q", status, told)
	}
	if status, told := words(errBusy); status != http.StatusServiceUnavailable || !strings.Contains(told, "too many questions at once") {
		t.Errorf("in a full queue it is told %d %q", status, told)
	}
}
