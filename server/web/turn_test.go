package web

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"credence/warehouse"
)

// asking is a request for target outside any connection.
func (s *testServer) asking(t *testing.T, target string) *fiber.Ctx {
	t.Helper()
	c := s.app.AcquireCtx(&fasthttp.RequestCtx{})
	t.Cleanup(func() { s.app.ReleaseCtx(c) })
	c.Request().SetRequestURI(target)
	return c
}

func TestQuestionsWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	var (
		all           sync.WaitGroup
		running, most atomic.Int64
		began         = make(chan struct{}, 10)
		end           = make(chan struct{})
	)
	for range 10 {
		c := s.asking(t, "/attribution?lookback_days=30")
		all.Go(func() {
			err := s.read(c, func(context.Context, *warehouse.Snapshot) error {
				n := running.Add(1)
				defer running.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				began <- struct{}{}
				<-end
				return nil
			})
			if err != nil {
				t.Errorf("a what-if that waited is told %v", err)
			}
		})
	}
	for range parallelHeavy {
		<-began
	}
	// While the what-ifs run, a page is answered.
	if err := s.read(s.asking(t, "/attribution?model=last"), func(context.Context, *warehouse.Snapshot) error { return nil }); err != nil {
		t.Errorf("a page beside what-ifs is told %v", err)
	}
	close(end)
	all.Wait()
	if got := most.Load(); got != parallelHeavy {
		t.Errorf("%d what-ifs ran at once, want %d", got, parallelHeavy)
	}
}

func TestWaitingIsNotTakenFromTheAnswersTime(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for range parallelReads {
		s.pages.running <- struct{}{}
	}
	var turn time.Time
	answered := make(chan error)
	c := s.asking(t, "/deals")
	go func() {
		answered <- s.read(c, func(ctx context.Context, _ *warehouse.Snapshot) error {
			if deadline, _ := ctx.Deadline(); deadline.Sub(turn) < s.Deadline {
				t.Errorf("of %s to answer %s are left", s.Deadline, deadline.Sub(turn))
			}
			return nil
		})
	}()
	for s.pages.waiting.Load() == 0 { // it stands in the queue
		runtime.Gosched()
	}
	turn = time.Now()
	<-s.pages.running
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

func TestBeyondTheQueueTheReaderIsToldToComeBack(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.pages.waiting.Store(waitingReads)
	err := s.read(s.asking(t, "/deals"), func(context.Context, *warehouse.Snapshot) error { return nil })
	if !errors.Is(err, errBusy) {
		t.Errorf("with %d waiting it is told %v", waitingReads, err)
	}
	c := s.asking(t, "/api/v1/deals")
	if aerr := s.answerError(c, err); aerr != nil || c.Response().StatusCode() != fiber.StatusServiceUnavailable || c.GetRespHeader(fiber.HeaderRetryAfter) == "" {
		t.Errorf("the answer is %d, retry after %q (%v)", c.Response().StatusCode(), c.GetRespHeader(fiber.HeaderRetryAfter), aerr)
	}
}
