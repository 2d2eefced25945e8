// Package web is Credence's HTTP door: the table of routes and who may use
// each, sign-in, pages and the JSON API.
//
// Handlers parse, ask and render; what a reader may see is decided inside the
// questions they ask (every one takes the reader's user id), never here. The
// table in routes.go is the only way to register a handler, and a route cannot
// be written there without its policy.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
	"credence/server/metrics"
	"credence/ui"
	"credence/warehouse"
)

// Limits of one request and of all together.
const (
	bodyLimit    = 1 << 20
	readTimeout  = 10 * time.Second
	writeTimeout = 90 * time.Second
	idleTimeout  = 60 * time.Second
	pageDeadline = 10 * time.Second
	fileDeadline = 60 * time.Second
	drainTimeout = 10 * time.Second
)

// Options is what a Server is made of. Every field but Log is needed.
type Options struct {
	Warehouse *warehouse.Warehouse
	Config    config.Config
	Tokens    *auth.Tokens
	Hasher    *auth.Hasher
	Sessions  *auth.Sessions
	Users     *auth.Register // nil: one without a file beside the database
	Audit     *audit.Log     // nil: a log without a file beside the database
	Now       func() time.Time
	Log       *slog.Logger
	Version   string
	Metrics   *metrics.Metrics // nil counts nothing
	Deadline  time.Duration    // of one page's questions; 0 is pageDeadline
}

// Server answers HTTP. New is its only constructor.
type Server struct {
	Options
	app      *fiber.App
	limits   limits
	readers  readerCache
	viewings viewings

	directory *directory
	setUpCode string // of the one-time set-up; "" when it is not open

	pages   *turns
	heavy   *turns       // what computes for seconds
	refused atomic.Int64 // reports of the content policy
	gets    map[string]bool
	syncs   syncs      // started from the sources page
	broken  chan error // the database cannot go on
	once    sync.Once
}

// limits are on what anybody may try without signing in, by address.
type limits struct {
	passwords *auth.Limiter // by account too
	codes     *auth.Limiter // of the set-up and of invitations
	departs   *auth.Limiter // to the directory
	returns   *auth.Limiter // from the directory of who did not go there
	reports   *auth.Limiter // of the content policy into the log
}

func newLimits() limits {
	return limits{
		passwords: auth.NewLimiter(auth.MaxFailures), codes: auth.NewLimiter(auth.MaxFailures),
		departs: auth.NewLimiter(maxDepartures), returns: auth.NewLimiter(auth.MaxFailures), reports: auth.NewLimiter(maxReports),
	}
}

// New builds the server and registers every route of the table.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Users == nil {
		o.Users = auth.InMemory(o.Warehouse)
	}
	if o.Audit == nil {
		o.Audit = audit.InMemory(o.Warehouse, o.Log)
	}
	if o.Deadline == 0 {
		o.Deadline = pageDeadline
	}
	s := &Server{
		Options: o, limits: newLimits(), pages: newTurns(parallelReads), heavy: newTurns(parallelHeavy),
		gets: map[string]bool{}, broken: make(chan error, 1),
	}
	s.syncs.broken = func() { s.Break(errGivenUp) }
	s.directory = newDirectory(o.Config, o.Now)
	s.readers.users, s.readers.tokens = map[string]cachedReader{}, map[string]cachedToken{}
	s.app = fiber.New(fiber.Config{
		AppName: "Credence", DisableStartupMessage: true,
		Immutable:               true, // values of a request must survive it
		CaseSensitive:           true,
		StrictRouting:           true,
		BodyLimit:               bodyLimit,
		ReadTimeout:             readTimeout,
		WriteTimeout:            writeTimeout,
		IdleTimeout:             idleTimeout,
		ReadBufferSize:          16 << 10,
		EnableTrustedProxyCheck: true,
		TrustedProxies:          o.Config.TrustedProxies,
		ErrorHandler:            s.answerError,
	})
	if o.Metrics != nil {
		s.watch(o.Metrics)
	}
	s.app.Use(s.measure, s.secure, s.recover, s.refuseUnreadable)
	s.app.Use(compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: func(c *fiber.Ctx) bool {
		return strings.HasPrefix(c.Path(), ui.StaticPath) // kept compressed already
	}}))
	for _, r := range s.routes() {
		s.register(r)
	}
	s.app.Use(func(*fiber.Ctx) error { return warehouse.ErrNotFound })
	return s
}

// App is the Fiber application, for tests that ask it directly.
func (s *Server) App() *fiber.App { return s.app }

// PolicyReports counts what browsers reported against the content policy.
func (s *Server) PolicyReports() int64 { return s.refused.Load() }

// Broken delivers the error after which the database cannot go on and the
// process must be started again.
func (s *Server) Broken() <-chan error { return s.broken }

// Serve answers on ln until ctx is over, then lets running requests finish.
func (s *Server) Serve(ctx context.Context, ln net.Listener) (err error) {
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		defer cancel()
		err = errors.Join(err, s.Audit.Close(end))
	}()
	defer s.syncs.stop()
	done := make(chan error, 1)
	go func() { done <- s.app.Listener(ln) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.syncs.stop()
	if err := s.app.ShutdownWithTimeout(drainTimeout); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	// A stop that came before the first accept would leave the listener open.
	if err := ln.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("stop serving: %w", err)
	}
	if err := <-done; err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// read runs do on one snapshot. What was asked before is answered at once; with the
// first question that is not, the page waits for its turn, and from then on it has
// the deadline of a page. An address that asks for other settings is heavy.
func (s *Server) read(c *fiber.Ctx, do func(context.Context, *warehouse.Snapshot) error) error {
	for name := range c.Request().URI().QueryArgs().All() {
		if string(name) != "model" && namesSetting(string(name)) {
			return s.readHeavy(c, s.Deadline, do)
		}
	}
	leave, err := s.pages.enter()
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithCancel(c.UserContext())
	defer cancel()
	late := time.AfterFunc(waitDeadline+s.Deadline, cancel)
	defer late.Stop()
	done := func() {}
	defer func() { done() }()
	turn := func(ctx context.Context) (err error) {
		s.pages.inside.Add(-1)
		defer s.pages.inside.Add(1)
		if done, err = s.pages.wait(ctx); err != nil {
			done = func() {}
			return err
		}
		late.Reset(s.Deadline)
		return nil
	}
	err = s.Warehouse.Recall(ctx, turn, func(snap *warehouse.Snapshot) error { return do(ctx, snap) })
	return slow(ctx, err)
}

// readFile is read for a file, which is heavy and may take longer.
func (s *Server) readFile(c *fiber.Ctx, do func(context.Context, *warehouse.Snapshot) error) error {
	return s.readHeavy(c, fileDeadline, do)
}

// readHeavy runs do on one snapshot, when its turn among what is heavy has come.
func (s *Server) readHeavy(c *fiber.Ctx, deadline time.Duration, do func(context.Context, *warehouse.Snapshot) error) error {
	done, err := s.heavy.wait(c.UserContext())
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithTimeout(c.UserContext(), deadline)
	defer cancel()
	return slow(ctx, s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) error { return do(ctx, snap) }))
}

// write changes the database from a page, whole or not at all, in the time of five
// pages, which is less than the minute after which proxies give up. That includes
// waiting for who holds the database, such as a refresh; beyond it is errHeld. What
// is being kept already is not interrupted.
func (s *Server) write(c *fiber.Ctx, do func(context.Context, *warehouse.Tx) error) error {
	ctx, cancel := context.WithCancel(c.UserContext())
	defer cancel()
	late := time.AfterFunc(5*s.Deadline, cancel)
	defer late.Stop()
	err := s.Warehouse.Write(ctx, func(tx *warehouse.Tx) error {
		defer late.Stop()
		return do(ctx, tx)
	})
	if err != nil && ctx.Err() != nil {
		return errors.Join(errHeld, err)
	}
	return err
}

// slow says why when time was up: the engine says "interrupted", and not why.
func slow(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.Join(errSlow, err)
	}
	return err
}
