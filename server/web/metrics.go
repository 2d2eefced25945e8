package web

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"credence/server/config"
	"credence/server/jobs"
	"credence/server/metrics"
	"credence/warehouse"
)

// slowRequest is how long a request may take before the log tells of it.
const slowRequest = 2 * time.Second

const routeLocal = "route"

// measure counts every request by its route's pattern, never by its address,
// which names deals and people. It answers errors itself, to know the status.
func (s *Server) measure(c *fiber.Ctx) error {
	begun := time.Now()
	if err := c.Next(); err != nil {
		if err = s.answerError(c, err); err != nil {
			return err
		}
	}
	route, _ := c.Locals(routeLocal).(string)
	if route == "" {
		route = "none"
	}
	took, status := time.Since(begun), c.Response().StatusCode()
	s.Metrics.Request(route, method(c), status, took)
	if took > slowRequest {
		s.Log.InfoContext(c.UserContext(), "slow request", slog.String("request_id", requestID(c)), slog.String("route", route),
			slog.Int("status", status), slog.Duration("took", took.Round(time.Millisecond)))
	}
	return nil
}

// method is the request's method; whatever else a client sends is one word.
func method(c *fiber.Ctx) string {
	switch m := c.Method(); m {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost, fiber.MethodPut, fiber.MethodPatch, fiber.MethodDelete, fiber.MethodOptions:
		return m
	}
	return "other"
}

// watch shows the state of the server and of its database.
func (s *Server) watch(m *metrics.Metrics) {
	database := s.Config.Database
	size := func(path string) func() float64 {
		return func() float64 {
			info, err := os.Stat(path)
			if err != nil {
				return 0
			}
			return float64(info.Size())
		}
	}
	m.Gauge("credence_database_bytes", "Size of the database file.", size(database))
	m.Gauge("credence_wal_bytes", "Size of the write-ahead log; above 64 MiB checkpoints do not come through.", size(database+".wal"))
	m.Gauge("credence_disk_free_bytes", "Free bytes beside the database.", func() float64 {
		free, err := jobs.FreeSpace(filepath.Dir(database))
		if err != nil {
			return 0
		}
		return float64(free)
	})
	for name, t := range map[string]*turns{"page": s.pages, "heavy": s.heavy} {
		m.Gauge("credence_"+name+"_questions_running", "Questions of the "+name+" kind that run.", func() float64 { return float64(len(t.running)) })
		m.Gauge("credence_"+name+"_questions_waiting", "Questions of the "+name+" kind that wait for their turn.", func() float64 { return float64(t.waiting.Load()) })
	}
	m.Gauge("credence_policy_reports", "Reports of browsers about what the content policy refused, since the start.", func() float64 { return float64(s.refused.Load()) })
	m.Gauge("credence_generation", "Refreshes so far.", func() float64 { return float64(s.lately().generation) })
	m.Gauge("credence_refreshed_timestamp_seconds", "When the figures were derived; 0 before the first time.", func() float64 { return seconds(s.lately().refreshed) })
	m.Gauge("credence_backup_timestamp_seconds", "When the last backup was made; 0 for never.", func() float64 { return seconds(s.lately().backup) })
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}

// dates is what the database says about itself.
type dates struct {
	generation        int64
	refreshed, backup time.Time
}

// lately reads them; all zero when the database does not answer.
func (s *Server) lately() (d dates) {
	ctx, cancel := context.WithTimeout(context.Background(), s.Deadline)
	defer cancel()
	err := s.Warehouse.Read(ctx, func(snap *warehouse.Snapshot) error {
		d.generation, d.refreshed = snap.Generation, snap.RefreshedAt
		deeds, err := warehouse.Deeds(ctx, snap)
		for _, deed := range deeds {
			if deed.Kind == warehouse.DeedBackup {
				d.backup = deed.At
			}
		}
		return err
	})
	if err != nil {
		s.noticeBroken(err)
	}
	return d
}

// pageMetrics answers a Prometheus that shows the configured token, and, when
// the server is for this machine alone, anybody on it. To everybody else the
// address does not exist: a proxy on this machine must not make it public.
func (s *Server) pageMetrics(c *fiber.Ctx) error {
	if s.Metrics == nil || !s.mayMeasure(c) {
		return warehouse.ErrNotFound
	}
	return adaptor.HTTPHandler(s.Metrics.Handler())(c)
}

func (s *Server) mayMeasure(c *fiber.Ctx) bool {
	if token := s.Config.MetricsToken; token != "" {
		given, ok := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
		return ok && subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
	}
	if !config.LoopbackOrigin("http://" + string(c.Request().Host())) {
		return false // a page whose name was made to lead here
	}
	host, _, err := net.SplitHostPort(c.Context().RemoteAddr().String())
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && s.Config.Loopback() && len(s.Config.TrustedProxies) == 0
}
