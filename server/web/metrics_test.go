package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"credence/server/config"
	"credence/server/metrics"
)

const metricsToken = "a metrics token of length"

// measured is a test server that counts, and logs into the buffer.
func measured(t *testing.T, deadline time.Duration, change func(*config.Config)) (*testServer, *bytes.Buffer) {
	t.Helper()
	s, log := newTestServer(t, change), &bytes.Buffer{}
	o := s.Options
	o.Metrics, o.Deadline = metrics.New("v1"), deadline
	o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return &testServer{Server: New(o), clock: s.clock}, log
}

// What is counted is counted by route, and says nothing about who or which.
func TestMetricsCountRoutesAndNoPeople(t *testing.T) {
	t.Parallel()
	s, _ := measured(t, time.Minute, func(c *config.Config) { c.MetricsToken = metricsToken })
	s.ask(t, http.MethodGet, "/deals/D-17-of-somebody", nil)
	s.ask(t, http.MethodGet, "/nothing/ann@halden.example", nil)
	s.ask(t, "BREW", "/sign-in", nil)
	s.ask(t, http.MethodPost, "/api/v1/session", strings.NewReader(`{"email":"ann@halden.example","password":"wrong"}`), "Content-Type", "application/json")
	got := s.ask(t, http.MethodGet, "/metrics", nil, "Authorization", "Bearer "+metricsToken)
	if got.StatusCode != http.StatusOK {
		t.Fatalf("/metrics answers %d", got.StatusCode)
	}
	for _, want := range []string{
		`credence_http_request_seconds_count{method="GET",route="/deals/:id",status="303"} 1`,
		`credence_http_request_seconds_count{method="GET",route="none",status="404"} 1`,
		`credence_http_request_seconds_count{method="POST",route="/api/v1/session",status="401"} 1`,
		`credence_page_questions_waiting 0`, `credence_heavy_questions_running 0`, `credence_build_info{version="v1"} 1`,
		`credence_generation 0`, `credence_backup_timestamp_seconds 0`, `credence_wal_bytes 0`, `credence_disk_free_bytes `, `go_goroutines `,
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	for _, never := range []string{"somebody", "ann", "halden", "BREW"} {
		if strings.Contains(got.body, never) {
			t.Errorf("/metrics tells %q", never)
		}
	}
}

// Who has no token and does not sit at the machine finds nothing there.
func TestMetricsAreNotForEverybody(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		token  string
		header []string
		status int
	}{
		{"the token", metricsToken, []string{"Authorization", "Bearer " + metricsToken}, http.StatusOK},
		{"another token", metricsToken, []string{"Authorization", "Bearer " + metricsToken + "x"}, http.StatusNotFound},
		{"no token", metricsToken, nil, http.StatusNotFound},
		{"the token as a password", metricsToken, []string{"Authorization", "Basic " + metricsToken}, http.StatusNotFound},
		{"none configured, from elsewhere", "", nil, http.StatusNotFound},
		{"none configured, an empty one given", "", []string{"Authorization", "Bearer "}, http.StatusNotFound},
	}
	for _, tt := range tests {
		s, _ := measured(t, time.Minute, func(c *config.Config) { c.MetricsToken = tt.token })
		if got := s.ask(t, http.MethodGet, "/metrics", nil, tt.header...); got.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, got.StatusCode, tt.status)
		}
	}
}

// The log tells which request failed by the id that its sender was given, and
// holds no address, name or password.
func TestTheLogNamesRequestsAndNoPeople(t *testing.T) {
	t.Parallel()
	s, log := measured(t, time.Nanosecond, nil) // no question is answered in time
	for _, target := range []string{"/deals/ann@halden.example", "/api/v1/deals?q=ann@halden.example", "/quality"} {
		got := s.ask(t, http.MethodGet, target, nil, "Authorization", "Bearer secret-token-of-ann")
		if id := got.Header.Get("X-Request-Id"); id == "" {
			t.Errorf("%s: the answer has no id", target)
		}
	}
	s.ask(t, http.MethodPost, "/api/v1/session", strings.NewReader(`{"email":"ann@halden.example","password":"secret"}`), "Content-Type", "application/json")
	token := s.token(t, "cmo@halden.example", testPassword)
	got := s.ask(t, http.MethodGet, "/api/v1/deals?q=ann@halden.example", nil, "Authorization", "Bearer "+token)
	if id := got.Header.Get("X-Request-Id"); got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(log.String(), "request_id="+id) || !strings.Contains(got.body, id) {
		t.Errorf("a question that took too long: %d %s, id %s, log\n%s", got.StatusCode, got.body, id, log)
	}
	for _, never := range []string{"ann", "halden", "secret", "@"} {
		if strings.Contains(log.String(), never) {
			t.Errorf("the log tells %q:\n%s", never, log)
		}
	}
}
