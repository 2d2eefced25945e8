package web

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"credence/server/audit"
	"credence/server/auth"
)

// Anybody can come back from the directory without having gone there: the log
// keeps as many of them as of failed sign-ins, and nobody else waits for it.
func TestTheWayOverTheDirectoryIsLimited(t *testing.T) {
	t.Parallel()
	s := ssoServer(t, newProvider(t), nil)
	for i := range 2 * auth.MaxFailures {
		want := http.StatusUnauthorized
		if i >= auth.MaxFailures {
			want = http.StatusTooManyRequests
		}
		if a := s.ask(t, http.MethodGet, "/sign-in/oidc/callback?state=x&code=y", nil, "Cookie", "cred-oidc=z"); a.StatusCode != want {
			t.Fatalf("attempt %d answers %d, want %d", i+1, a.StatusCode, want)
		}
	}
	if got := len(s.noted(t, audit.Filter{Action: audit.SignInRefused})); got != auth.MaxFailures {
		t.Errorf("it is noted %d times, want %d", got, auth.MaxFailures)
	}
	for range maxDepartures {
		s.limits.departs.Try("", "0.0.0.0", testNow)
	}
	if a := s.ask(t, http.MethodGet, "/sign-in/oidc", nil); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one address leaves for the directory again and again: %d", a.StatusCode)
	}
	s.limits = newLimits()
	for range maxWaiting + 10 { // from many addresses
		s.directory.leave(waitingSignIn{next: "/"})
	}
	if got := len(s.directory.waiting); got != maxWaiting {
		t.Errorf("%d are on their way, want %d at most", got, maxWaiting)
	}
	callback, cookie := s.goToDirectory(t)
	if a := s.ask(t, http.MethodGet, callback, nil, "Cookie", cookie); a.StatusCode != http.StatusSeeOther {
		t.Errorf("while many are on their way, a sign-in answers %d", a.StatusCode)
	}
}

// Invitations are guessed apart from passwords.
func TestGuessedInvitationsCloseNoOtherDoor(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	last := 0
	for range auth.MaxFailures + 1 {
		last = s.ask(t, http.MethodPost, "/invitation", strings.NewReader("code=a.b&password=a+long+password"), "Content-Type", formType).StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the eleventh guess answers %d, want 429", last)
	}
	s.token(t, "rep@halden.example", testPassword)
}

// Anybody can send a report: no word of it that is not ours gets into the log, and
// no flood of it.
func TestReportsOfThePolicyTellNoAddress(t *testing.T) {
	t.Parallel()
	s, log := newTestServer(t, nil), &bytes.Buffer{}
	s.Log = slog.New(slog.NewTextHandler(log, nil))
	report := func(directive, blocked string) {
		body := map[string]any{"csp-report": map[string]any{"violated-directive": directive, "blocked-uri": blocked, "source-file": "https://anna.example/a?anna", "line-number": 7}}
		if a := s.ask(t, http.MethodPost, reportPath, jsonBody(t, body), "Content-Type", "application/csp-report"); a.StatusCode != http.StatusNoContent {
			t.Fatalf("a report answers %d", a.StatusCode)
		}
	}
	report("script-src-elem 'self'", "inline")
	report("mailto:anna", "mailto:anna.lindner@anna-lindner.example")
	report("img-src", "https://anna.lindner:x@anna.example/anna?anna#anna")
	report("img-src", "anna.lindner@anna.example")
	for _, want := range []string{"directive=script-src-elem blocked=inline line=7", "directive=other blocked=other", "directive=img-src blocked=https"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if strings.Contains(log.String(), "anna") {
		t.Errorf("the log holds somebody's words:\n%s", log)
	}
	for range maxReports {
		report("img-src", "inline")
	}
	if got := strings.Count(log.String(), "content policy report"); got != maxReports || s.PolicyReports() != maxReports+4 {
		t.Errorf("%d reports are logged and %d counted, want %d and %d", got, s.PolicyReports(), maxReports, maxReports+4)
	}
}

// A page whose name was made to lead to this machine reads no figures of it.
func TestMetricsOfThisMachineAreForItsOwnNames(t *testing.T) {
	t.Parallel()
	s, _ := measured(t, time.Minute, nil)
	tests := map[string]bool{"127.0.0.1:8080": true, "localhost:8080": true, "[::1]:8080": true, "127.0.0.1": true, "rebound.example:8080": false, "": false, "localhost.example": false, "127.0.0.1.example:8080": false}
	for host, want := range tests {
		var rc fasthttp.RequestCtx
		rc.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, nil)
		c := s.app.AcquireCtx(&rc)
		c.Request().SetRequestURI((&url.URL{Path: "/metrics"}).String())
		c.Request().Header.SetHost(host)
		if got := s.mayMeasure(c); got != want {
			t.Errorf("/metrics by the name %q: %v, want %v", host, got, want)
		}
		s.app.ReleaseCtx(c)
	}
}
