package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"credence/server/config"
)

// The defaults of the web framework are not ours.
func TestTheFrameworkIsConfined(t *testing.T) {
	t.Parallel()
	c := newTestServer(t, func(c *config.Config) { c.TrustedProxies = []string{"10.0.0.1"} }).app.Config()
	for name, ok := range map[string]bool{
		"values outlive their request":         c.Immutable,
		"addresses are told apart by case":     c.CaseSensitive && c.StrictRouting,
		"a request is read in 10 seconds":      c.ReadTimeout == 10*time.Second,
		"an answer is written in 90":           c.WriteTimeout == 90*time.Second,
		"a connection idles for 60":            c.IdleTimeout == 60*time.Second,
		"a body is 1 MiB":                      c.BodyLimit == 1<<20 && !c.StreamRequestBody,
		"a header is 16 KiB":                   c.ReadBufferSize == 16<<10,
		"proxies are believed when configured": c.EnableTrustedProxyCheck && len(c.TrustedProxies) == 1 && c.ProxyHeader == "",
		"no server is named":                   c.ServerHeader == "",
		"methods are few":                      len(c.RequestMethods) <= 9,
		"templates and printing are off":       c.Views == nil && !c.EnablePrintRoutes,
		"bodies are not taken apart unasked":   !c.DisablePreParseMultipartForm || c.BodyLimit <= 1<<20,
	} {
		if !ok {
			t.Errorf("it does not hold that %s", name)
		}
	}
}

// What opens files by a path of the request, or answers in the format that the
// request names, has had holes; nothing here needs it.
func TestWhatHadHolesIsNotUsed(t *testing.T) {
	t.Parallel()
	never := regexp.MustCompile(`\.(SendFile|Static|Download|AutoFormat|BodyParser|QueryParser|Jsonp|JSONP|SaveFile|Render)\(|\bc\.Format\(|ServeFile|template\.(JS|HTML|URL|CSS|HTMLAttr)\b`)
	for _, dir := range []string{".", "../../ui", "../../ui/charts"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.IsDir() || !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			text, err := os.ReadFile(dir + "/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range never.FindAllString(string(text), -1) {
				if dir == "../../ui" && f.Name() == "funcs.go" && m == "template.HTML" || m == ".Render(" && strings.Contains(string(text), "ui.Render(") { // icons, escaped; our own pages
					continue
				}
				t.Errorf("%s/%s uses %s", dir, f.Name(), m)
			}
		}
	}
}

// Whatever goes wrong inside is told by its number, and nothing of it.
func TestFaultsOfOursAreToldByTheirNumber(t *testing.T) {
	t.Parallel()
	secret := "sql: no such table s3cret at /var/lib/credence.db"
	for name, handle := range map[string]fiber.Handler{
		"an error": func(*fiber.Ctx) error { return errors.New(secret) },
		"a panic":  func(*fiber.Ctx) error { panic(secret) },
		"a nil":    func(*fiber.Ctx) error { var v *Visit; v.Model = secret; return nil }, //nolint:govet // it panics
	} {
		for _, path := range []string{"/api/v1/broken", "/broken"} {
			s := newTestServer(t, nil)
			var log bytes.Buffer
			s.Log = slog.New(slog.NewTextHandler(&log, nil))
			app := fiber.New(fiber.Config{ErrorHandler: s.answerError})
			app.Use(s.secure, s.recover)
			app.Get(path, handle)
			s.app = app
			a := s.ask(t, http.MethodGet, path, nil)
			if a.StatusCode != http.StatusInternalServerError || strings.Contains(a.body, "s3cret") || strings.Contains(a.body, ".go") || strings.Contains(a.body, "nil pointer") {
				t.Errorf("%s at %s answers %d %.300s", name, path, a.StatusCode, a.body)
			}
			id := a.Header.Get("X-Request-ID")
			if id == "" || !strings.Contains(a.body, id) || !strings.Contains(log.String(), id) {
				t.Errorf("%s at %s: the number %q is not in the answer and the log:\n%.300s\n%.300s", name, path, id, a.body, log.String())
			}
			select {
			case err := <-s.Broken():
				t.Errorf("%s ends the process: %v", name, err)
			default:
			}
		}
	}
}

// X-Forwarded-For is believed from configured proxies, as far as they wrote it.
func TestWhoAsksBehindProxies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		proxies []string
		remote  string
		header  string // its lines
		want    string
	}{
		{nil, "203.0.113.9", "198.51.100.1", "203.0.113.9"},
		{[]string{"10.0.0.0/8"}, "203.0.113.9", "198.51.100.1", "203.0.113.9"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1", "198.51.100.1", "198.51.100.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1", "x, 198.51.100.1", "198.51.100.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1", "198.51.100.1, x", "10.0.0.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1", "", "10.0.0.1"},
		{[]string{"10.0.0.1"}, "10.0.0.1", "2001:db8::1", "2001:db8::1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1", "1.1.1.1\n198.51.100.1", "198.51.100.1"},
	}
	for _, tt := range tests {
		s := newTestServer(t, func(c *config.Config) { c.TrustedProxies = tt.proxies })
		var rc fasthttp.RequestCtx
		rc.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.ParseIP(tt.remote)}, nil)
		c := s.app.AcquireCtx(&rc)
		for line := range strings.SplitSeq(tt.header, "\n") {
			c.Request().Header.Add("X-Forwarded-For", line)
		}
		if got := s.address(c); got != tt.want {
			t.Errorf("%v asked by %s for %q is %s, want %s", tt.proxies, tt.remote, tt.header, got, tt.want)
		}
		s.app.ReleaseCtx(c)
	}
}

// Forty ways to a file that is none of ours.
func TestStaticHoldsItsOwnFilesOnly(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	var paths []string
	for _, up := range []string{"../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "%2e%2e%5c", "..%252f", "%252e%252e%252f", "..;/", "....//", "..%c0%af", "%c0%ae%c0%ae/", "..%u2215"} {
		for _, to := range []string{"etc/passwd", "credence.yaml", "server/web/server.go"} {
			paths = append(paths, "/static/"+strings.Repeat(up, 6)+to)
		}
	}
	paths = append(paths, "/static/", "/static", "/static/.", "/static/..", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/app.js%00.css", "/static/manifest.json", "/static/.keep", "/static/file:%2f%2f%2fetc%2fpasswd", "/reports/..%2f..%2fcredence.yaml", "/%2e%2e/%2e%2e/etc/passwd")
	for _, path := range paths {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Opaque = "//127.0.0.1:8080" + path
		a := s.send(t, req)
		if a.StatusCode < 300 || a.StatusCode >= 500 || strings.Contains(a.body, "root:") || strings.Contains(a.body, "package web") || strings.Contains(a.body, "database:") {
			t.Errorf("%s answers %d %.100s", path, a.StatusCode, a.body)
		}
	}
}
