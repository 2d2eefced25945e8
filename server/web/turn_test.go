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
	s.Deadline = 100 * time.Millisecond
	answered := make(chan error)
	c := s.asking(t, "/deals")
	go func() {
		answered <- s.read(c, func(ctx context.Context, q *warehouse.Snapshot) error {
			return q.QueryRowContext(ctx, "select count(*) from users").Scan(new(int))
		})
	}()
	for s.pages.waiting.Load() == 0 { // it stands in the queue
		runtime.Gosched()
	}
	for began := time.Now(); time.Since(began) < 2*s.Deadline; { // for longer than an answer may take
		runtime.Gosched()
	}
	<-s.pages.running
	if err := <-answered; err != nil {
		t.Errorf("who waited is told %v", err)
	}
}

func TestWhatIsKnownWaitsForNobody(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	ask := func() error {
		return s.read(s.asking(t, "/deals"), func(ctx context.Context, q *warehouse.Snapshot) error {
			return q.QueryRowContext(ctx, "select count(*) from generation").Scan(new(int))
		})
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	for range parallelReads {
		s.pages.running <- struct{}{}
	}
	if err := ask(); err != nil {
		t.Errorf("with all turns taken it is told %v", err)
	}
}

func TestBeyondTheQueueTheReaderIsToldToComeBack(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.pages.inside.Store(waitingReads)
	err := s.read(s.asking(t, "/deals"), func(context.Context, *warehouse.Snapshot) error { return nil })
	if !errors.Is(err, errBusy) {
		t.Errorf("with %d inside it is told %v", s.pages.inside.Load(), err)
	}
	c := s.asking(t, "/api/v1/deals")
	if aerr := s.answerError(c, err); aerr != nil || c.Response().StatusCode() != fiber.StatusServiceUnavailable || c.GetRespHeader(fiber.HeaderRetryAfter) == "" {
		t.Errorf("the answer is %d, retry after %q (%v)", c.Response().StatusCode(), c.GetRespHeader(fiber.HeaderRetryAfter), aerr)
	}
}
