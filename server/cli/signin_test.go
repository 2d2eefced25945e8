package cli

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestAWeakKeyStopsTheStart: there is no key with which the server starts but
// says that it is weak.
func TestAWeakKeyStopsTheStart(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, key, want string }{
		{"short", "0123456789abcdefghijklmnopqrstu", "at least 32"},
		{"one byte repeated", strings.Repeat("k", 64), "not random"},
		{"a file that others read", "", "chmod 600"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			config := filepath.Join(dir, "credence.yaml")
			text := "database: credence.db\n"
			if tt.key != "" {
				text += "signing_key: " + tt.key + "\n"
			} else {
				key := filepath.Join(dir, "credence.db.key")
				err := os.WriteFile(key, []byte("0123456789abcdefghijklmnopqrstuvwxyz"), 0o600)
				if err == nil {
					err = os.Chmod(key, 0o644) // whatever mask a server beside this test has set
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if r := run(t, "--config", config, "serve", "--addr", "127.0.0.1:0"); r.exit != 2 || !strings.Contains(r.stderr, tt.want) {
				t.Errorf("serve ends with %d %q, want 2 and %q", r.exit, r.stderr, tt.want)
			}
		})
	}
}

// TestTheFirstStartMakesTheFirstAdministrator follows the link that an empty
// database prints; the next start prints none.
func TestTheFirstStartMakesTheFirstAdministrator(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "credence.yaml")
	if err := os.WriteFile(config, []byte("database: credence.db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`(http://\S+/set-up)#(\w+)`)
	serve := func(do func(said string)) string {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		stdout, in := io.Pipe()
		var stderr buffer
		ended := make(chan int, 1)
		go func() {
			ended <- Run(ctx, []string{"--config", config, "serve", "--addr", "127.0.0.1:0"}, Process{Stdin: strings.NewReader(""), Stdout: in, Stderr: &stderr})
			in.Close() //nolint:errcheck // a pipe's end
		}()
		said := make(chan string, 1)
		go func() {
			var text strings.Builder
			part := make([]byte, 4096)
			for {
				n, err := stdout.Read(part)
				text.Write(part[:n])
				if err != nil || link.MatchString(text.String()) || do == nil && strings.Contains(text.String(), "can sign in") {
					said <- text.String()
					io.Copy(io.Discard, stdout) //nolint:errcheck // until the server ends
					return
				}
			}
		}()
		var text string
		select {
		case text = <-said:
		case <-time.After(2 * time.Minute):
			t.Fatalf("serve says nothing: %s", stderr.String())
		}
		if do != nil {
			do(text)
		}
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("serve ended with %d: %s", code, stderr.String())
		}
		return text + stderr.String()
	}
	serve(func(said string) {
		m := link.FindStringSubmatch(said)
		if m == nil {
			t.Fatalf("serve prints no link: %q", said)
		}
		stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		form := url.Values{"code": {m[2]}, "email": {"first@tiny.example"}, "password": {"a long password"}}
		res, err := stay.PostForm(m[1], form) //nolint:noctx // a test on loopback
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close() //nolint:errcheck // not read
		if res.StatusCode != http.StatusSeeOther {
			t.Errorf("the set-up answers %d", res.StatusCode)
		}
	})
	if said := serve(nil); link.MatchString(said) {
		t.Errorf("the next start prints a link again: %q", said)
	}
	if r := must(t, "--config", config, "check"); !strings.Contains(r.stderr, "the audit log has") {
		t.Errorf("check says nothing of the audit log: %q", r.stderr)
	}
}
