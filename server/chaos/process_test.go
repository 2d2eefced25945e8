package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// serve starts a server and gives its address.
func (c *company) serve(t *testing.T, args ...string) (p *process, base string) {
	t.Helper()
	p = c.start(t, nil, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	_, base, _ = strings.Cut(p.until(t, "Credence serves "), "serves ")
	return p, base
}

// K8: a second process is refused within seconds, by whatever name it comes to
// the file, and is told who has it; the first one notices nothing.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	c, _ := readyCompany(t)
	first, _ := c.serve(t)
	hard, soft := filepath.Join(c.dir, "hard.db"), filepath.Join(c.dir, "soft.db")
	if err := os.Link(c.database, hard); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(c.database, soft); err != nil {
		t.Fatal(err)
	}
	who := fmt.Sprintf("process %d", first.cmd.Process.Pid)
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"a second server", []string{"serve", "--addr", "127.0.0.1:0"}, "a Credence server (" + who + ") already serves this database"},
		{"a second server by a symbolic link", []string{"--db", soft, "serve", "--addr", "127.0.0.1:0"}, who},
		{"a second server by a hard link", []string{"--db", hard, "serve", "--addr", "127.0.0.1:0"}, "the database is in use by another process, perhaps through another name of the same file"},
		{"a sync by a hard link", []string{"--db", hard, "sync"}, "the database is in use by another process"},
		{"a look by a hard link", []string{"--db", hard, "doctor"}, "the database is in use by another process"},
		{"a restore", []string{"restore", c.config}, "stop it, restore, and start it again"},
	}
	for _, tt := range tests {
		begun := time.Now()
		p := c.start(t, nil, tt.args...)
		if code := p.wait(); code != 1 || !strings.Contains(strings.Join(p.lines(), "\n"), tt.want) {
			t.Errorf("%s: exit %d, said %q; want 1 and %q", tt.name, code, p.lines(), tt.want)
		}
		t.Logf("%s: refused after %v", tt.name, time.Since(begun).Round(time.Millisecond))
	}
	c.must(t, "sync", "--full")
	if long {
		c.must(t, "check")
	}
	if err := first.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := first.wait(); code != 0 {
		t.Errorf("the first server ended with %d", code)
	}
}

// K12: told to stop while it answers and reads sources, the server ends in time,
// answers nothing but 503 for what it cannot do any more, and leaves no log.
func TestStoppedUnderLoad(t *testing.T) {
	t.Parallel()
	c, _ := readyCompany(t)
	r := chance(t)
	c.users(t)
	rounds, done := times(1, 50), 0
	var slowest time.Duration
	for round := 1; round <= rounds && !late(t, round-1, rounds); round++ {
		c.write(t, round)
		server, base := c.serve(t)
		l := newLoad(t, base)
		sync := c.start(t, nil, "sync")
		<-time.After(time.Duration(r.Float64() * float64(time.Second)))
		told := time.Now()
		l.told.Store(true)
		if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		code := server.wait()
		took := time.Since(told)
		slowest = max(slowest, took)
		sync.wait()
		bad := l.stop()
		if code != 0 || took > 25*time.Second {
			t.Errorf("round %d: exit %d after %v:\n%s", round, code, took, strings.Join(server.lines(), "\n"))
		}
		if len(bad) > 0 {
			t.Errorf("round %d: answered after the signal: %v", round, bad)
		}
		if info, err := os.Stat(c.database + ".wal"); err == nil && info.Size() > 0 {
			t.Errorf("round %d: a log of %d bytes is left", round, info.Size())
		}
		for s, got := range c.look(t, figures).rounds {
			if len(got) != 1 {
				t.Errorf("round %d: %s is half there: %v", round, s, got)
			}
		}
		if done = round; t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d times stopped under load, the slowest after %v; no answer but 2xx, 3xx and 503, no log left", done, slowest.Round(time.Millisecond))
}

// users makes somebody who may see everything and start a sync.
func (c *company) users(t *testing.T) {
	t.Helper()
	write(t, filepath.Join(c.dir, "users.csv"), "email,password,role,name\ncmo@chaos.example,correct horse battery,cmo;admin,Cleo\n")
	text, err := os.ReadFile(c.config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, c.config, "users: users.csv\n"+string(text))
	c.must(t, "sync")
}

// signIn gives the token of that user, and a client that follows no redirect.
func signIn(t *testing.T, base string) (client *http.Client, token string) {
	t.Helper()
	return signInAs(t, base, "cmo@chaos.example", "correct horse battery")
}

func signInAs(t *testing.T, base, email, password string) (client *http.Client, token string) {
	t.Helper()
	client = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Post(base+"/api/v1/session", "application/json", strings.NewReader(fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))) //nolint:noctx // the client has a deadline
	if err != nil {
		t.Fatal(err)
	}
	var session struct{ Token string }
	err = json.NewDecoder(res.Body).Decode(&session)
	res.Body.Close() //nolint:errcheck // read
	if err != nil || session.Token == "" {
		t.Fatalf("sign in: %s, %v", res.Status, err)
	}
	return client, session.Token
}

// load asks a server all the time.
type load struct {
	told   atomic.Bool // the server was told to stop
	ended  atomic.Bool
	asking sync.WaitGroup
	mu     sync.Mutex
	bad    []string
}

func newLoad(t *testing.T, base string) *load {
	t.Helper()
	client, token := signIn(t, base)
	l := &load{}
	for _, path := range []string{"/", "/readyz", "/api/v1/deals", "/api/v1/credits/channel", "/attribution", "/deals"} {
		l.asking.Go(func() {
			for !l.ended.Load() {
				if status := ask(t.Context(), client, http.MethodGet, base+path, token); status >= 500 && status != http.StatusServiceUnavailable && l.told.Load() {
					l.mu.Lock()
					l.bad = append(l.bad, fmt.Sprint(path, " ", status))
					l.mu.Unlock()
				} else if status == 0 { // nobody listens any more
					return
				}
			}
		})
	}
	return l
}

// ask gives the status, 0 when the connection broke.
func ask(ctx context.Context, client *http.Client, method, url, token string) int {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return 0
	}
	res.Body.Close() //nolint:errcheck // only the status counts
	return res.StatusCode
}

func (l *load) stop() []string {
	l.ended.Store(true)
	l.asking.Wait()
	return l.bad
}
