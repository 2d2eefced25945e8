package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"credence/server/auth"
	"credence/server/config"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

const testPassword = "correct horse battery"

var testNow = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

var discard = slog.New(slog.DiscardHandler)

// tempDir is a folder that outlives one test; TestMain removes it.
func tempDir() (string, error) {
	dir, err := os.MkdirTemp("", "credence-web-")
	tempDirs = append(tempDirs, dir)
	return dir, err
}

var tempDirs []string

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range tempDirs {
		if err := os.RemoveAll(dir); err != nil {
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// clock is a settable clock.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (k *clock) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.at
}

func (k *clock) forward(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at = k.at.Add(d)
}

// testServer is a Server over an empty in-memory warehouse with one user of
// each role: rep@, manager@, cmo@ and admin@halden.example.
type testServer struct {
	*Server
	clock *clock
}

func newTestServer(tb testing.TB, change func(*config.Config)) *testServer {
	tb.Helper()
	engine, err := duckdb.OpenMemory()
	if err != nil {
		tb.Fatal(err)
	}
	w, err := warehouse.Open(tb.Context(), engine)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := w.Close(); err != nil {
			tb.Error(err)
		}
	})
	return newServerOn(tb, w, change)
}

func newServerOn(tb testing.TB, w *warehouse.Warehouse, change func(*config.Config)) *testServer {
	tb.Helper()
	if err := w.RecogniseBy(bytes.Repeat([]byte("k"), warehouse.MinKey)); err != nil {
		tb.Fatal(err)
	}
	k := &clock{at: testNow}
	tokens, err := auth.NewTokens([]byte("0123456789abcdef0123456789abcdef"), k.now)
	if err != nil {
		tb.Fatal(err)
	}
	hasher, err := auth.NewTestHasher()
	if err != nil {
		tb.Fatal(err)
	}
	sessions, err := auth.OpenSessions("", testNow)
	if err != nil {
		tb.Fatal(err)
	}
	var users []auth.NewUser
	for _, role := range auth.Roles {
		users = append(users, auth.NewUser{Email: string(role) + "@halden.example", Name: "Test " + string(role), Password: testPassword, Roles: []auth.Role{role}})
	}
	if _, err := auth.InMemory(w).Add(tb.Context(), hasher, testNow, users...); err != nil {
		tb.Fatal(err)
	}
	cfg := config.Default()
	cfg.BaseURL = "http://127.0.0.1:8080"
	if change != nil {
		change(&cfg)
	}
	s := New(Options{Warehouse: w, Config: cfg, Tokens: tokens, Hasher: hasher, Sessions: sessions, Now: k.now, Deadline: 5 * time.Minute})
	tb.Cleanup(func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), time.Minute)
		defer cancel()
		if err := s.Audit.Close(end); err != nil {
			tb.Error(err)
		}
	})
	return &testServer{Server: s, clock: k}
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body string
}

// ask sends a request through the application.
func (s *testServer) ask(tb testing.TB, method, target string, body io.Reader, header ...string) answer {
	tb.Helper()
	req := httptest.NewRequestWithContext(tb.Context(), method, target, body)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	res, err := s.app.Test(req, -1)
	if err != nil {
		tb.Fatalf("%s %s: %v", method, target, err)
	}
	defer res.Body.Close() //nolint:errcheck // a buffer
	text, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return answer{res, string(text)}
}

// token signs in by JSON and returns the bearer token.
func (s *testServer) token(tb testing.TB, email, password string) string {
	tb.Helper()
	a := s.ask(tb, http.MethodPost, "/api/v1/session", jsonBody(tb, sessionRequest{Email: email, Password: password}), "Content-Type", "application/json")
	var got sessionAnswer
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.StatusCode != http.StatusOK {
		tb.Fatalf("sign in as %s: %d %s", email, a.StatusCode, a.body)
	}
	return got.Token
}

// cookies signs in by the form and returns the Cookie header.
func (s *testServer) cookies(t *testing.T, email string) string {
	t.Helper()
	form := url.Values{"email": {email}, "password": {testPassword}}
	a := s.ask(t, http.MethodPost, "/sign-in", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d %s", email, a.StatusCode, a.body)
	}
	var parts []string
	for _, c := range a.Cookies() {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; ")
}

func jsonBody(tb testing.TB, v any) io.Reader {
	tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.NewReader(text)
}
