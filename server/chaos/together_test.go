package chaos

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"credence/server/seal"
)

// deed is something that somebody has a running server do.
type deed struct {
	name string
	do   func() error
}

// K9: everybody has the server do something at once: one source is read twice, all
// are read side by side, and people sync, erase, back up, refresh, press the
// button and look at pages together. All of it is done, nobody is told of a
// conflict, nothing waits for ever, and what is there in the end is what a clean
// run holds.
func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	c, _ := readyCompany(t)
	c.users(t)
	server, base := c.serve(t)
	var client *http.Client
	var token string // ends sooner than the long form
	asks := func(method, path string) deed {
		return deed{method + " " + path, func() error {
			if status := ask(t.Context(), client, method, base+path, token); status < 200 || status >= 400 {
				return fmt.Errorf("answered %d", status)
			}
			return nil
		}}
	}
	pages := []deed{asks(http.MethodGet, "/"), asks(http.MethodGet, "/deals"), asks(http.MethodGet, "/attribution"), asks(http.MethodGet, "/api/v1/credits/channel")}
	rounds, done, deeds := times(1, 20), 0, 0
	for round := 1; round <= rounds && !late(t, round-1, rounds); round++ {
		backup := filepath.Join(t.TempDir(), "backup.db")
		groups := [][]deed{
			{c.verb(t, "sync", "crm"), c.verb(t, "sync", "crm"), c.verb(t, "sync", "web1"), c.verb(t, "sync", "web2"), c.verb(t, "sync", "web3"), c.verb(t, "sync", "web4")},
			append(pages, asks(http.MethodPost, "/sync"), c.verb(t, "sync", "--full", "crm"), c.verb(t, "sync"), c.verb(t, "erase", "--email", person(round)), c.verb(t, "backup", backup), c.verb(t, "refresh")),
		}
		if !long {
			groups = [][]deed{append(pages, c.verb(t, "sync", "crm"), c.verb(t, "sync", "crm"), c.verb(t, "sync", "web1"), c.verb(t, "erase", "--email", person(round)), c.verb(t, "backup", backup))}
		}
		c.write(t, round)
		client, token = signIn(t, base)
		for _, group := range groups {
			together(t, server, round, group)
			deeds += len(group)
		}
		c.must(t, "sync") // after the button's, which is the only one nobody waited for
		if long {
			c.must(t, "check")
			(&company{database: unsealed(t, seal.KeyFile(c.database), backup)}).look(t, figures)
		}
		if done = round; t.Failed() {
			t.FailNow()
		}
	}
	if long {
		c.must(t, "refresh")
	}
	if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := server.wait(); code != 0 {
		t.Errorf("the server ended with %d:\n%s", code, strings.Join(server.lines(), "\n"))
	}
	if long {
		c.clean(t, done)
	} else if got := c.look(t, figures).rounds["crm"]; len(got) != 1 || got[0] != int64(done) {
		t.Errorf("crm is of rounds %v, want %d", got, done)
	}
	t.Logf("%d rounds of %d deeds at once: each was done, none was told of a conflict, none took a minute", done, deeds/done)
}

// verb is a verb of the command, which the running server does.
func (c *company) verb(t *testing.T, args ...string) deed {
	t.Helper()
	return deed{"credence " + strings.Join(args, " "), func() error {
		r := c.run(t, args...)
		if r.exit != 0 || strings.Contains(strings.ToLower(r.stderr), "conflict") {
			return fmt.Errorf("exit %d, said %s", r.exit, r.stderr)
		}
		return nil
	}}
}

// together does everything at once and wants all of it done within a minute. When
// it is not, the server says where each of its goroutines stands.
func together(t *testing.T, server *process, round int, deeds []deed) {
	t.Helper()
	faults := make(chan error, len(deeds))
	for _, d := range deeds {
		go func() {
			if err := d.do(); err != nil {
				faults <- fmt.Errorf("%s: %w", d.name, err)
				return
			}
			faults <- nil
		}()
	}
	watchdog := time.After(time.Minute)
	var all error
	for n := range deeds {
		select {
		case err := <-faults:
			all = errors.Join(all, err)
		case <-watchdog:
			server.cmd.Process.Signal(syscall.SIGQUIT) //nolint:errcheck // it may have ended just now
			server.wait()
			t.Fatalf("round %d: %d of %d deeds took more than a minute:\n%s", round, len(deeds)-n, len(deeds), strings.Join(server.lines(), "\n"))
		}
	}
	if all != nil {
		t.Errorf("round %d: %v", round, all)
	}
}
