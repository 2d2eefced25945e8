package web

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
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

// TestWhatReadersAskIsAskedOnce opens every page and address of figures twice: the
// second time no answer waits for a turn at the engine.
func TestWhatReadersAskIsAskedOnce(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	common := []string{
		"/deals", "/deals/D1", "/attribution", "/attribution?by=campaign", "/attribution?by=post", "/attribution?by=content", "/attribution?by=team",
		"/attribution/pipeline", "/campaigns", "/campaigns/c1", "/api/v1/deals", "/api/v1/deals/D1", "/api/v1/deals/D1/journey", "/api/v1/campaigns", "/api/v1/channels", "/api/v1/credits/channel",
		"/api/v1/credits/campaign", "/api/v1/pipeline", "/api/v1/metrics/win_rate",
	}
	addresses := map[string][]string{
		"cmo":     append([]string{"/", "/efficiency", "/reports", "/api/v1/efficiency"}, common...),
		"manager": append([]string{"/", "/teams/t0", "/reps/r1", "/attribution?by=rep", "/api/v1/reps", "/api/v1/reps/r1"}, common...),
		"rep":     append([]string{"/me", "/reps/r1"}, common...),
	}
	for role, targets := range addresses {
		bearer := "Bearer " + s.token(t, role+"@halden.example", testPassword)
		for _, target := range targets {
			first := s.ask(t, http.MethodGet, target, nil, "Authorization", bearer)
			for range parallelReads {
				s.pages.running <- struct{}{}
			}
			again := make(chan answer)
			go func() { again <- s.ask(t, http.MethodGet, target, nil, "Authorization", bearer) }()
			var second answer
			for waited := false; second.Response == nil; {
				select {
				case second = <-again:
				default:
					if !waited && s.pages.waiting.Load() > 0 {
						waited = true
						t.Errorf("%s, asked by a %s again, waits for a turn", target, role)
						<-s.pages.running
					}
					runtime.Gosched()
				}
			}
			for len(s.pages.running) > 0 {
				<-s.pages.running
			}
			if first.StatusCode != http.StatusOK || second.StatusCode != http.StatusOK {
				t.Errorf("%s answers a %s %d and then %d", target, role, first.StatusCode, second.StatusCode)
			}
		}
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

// TestAChangeWaitsNotForever asks for an opt-out while something else writes: it is
// told so in time and not kept; afterwards it is.
func TestAChangeWaitsNotForever(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	s.Config.Database = t.TempDir() + "/credence.db"
	bearer := "Bearer " + s.token(t, "admin@halden.example", testPassword)
	held, end, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		ended <- s.Warehouse.Write(context.Background(), func(*warehouse.Tx) error {
			close(held)
			<-end
			return nil
		})
	}()
	<-held
	whole := s.Deadline
	s.Deadline = 10 * time.Millisecond
	optOut := func() answer {
		return s.ask(t, http.MethodPost, "/privacy", strings.NewReader("do=opt-out&email=ada%40arden.example"), "Authorization", bearer, "Content-Type", fiber.MIMEApplicationForm)
	}
	a := optOut()
	close(end)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") != "60" || !strings.Contains(a.body, "othing was saved") {
		t.Errorf("an opt-out while something else writes answers %d, Retry-After %q: %s", a.StatusCode, a.Header.Get("Retry-After"), a.body)
	}
	s.Deadline = whole
	kept := func() (n int) {
		err := s.Warehouse.Read(t.Context(), func(q *warehouse.Snapshot) error {
			return q.QueryRowContext(t.Context(), "select count(*) from opt_out").Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := kept()
	if a = optOut(); a.StatusCode != http.StatusSeeOther || before != 0 || kept() != 1 {
		t.Errorf("%d opt-outs are kept of that; asked again it answers %d and %d are", before, a.StatusCode, kept())
	}
	<-s.syncs.done
}
