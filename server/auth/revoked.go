package auth

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Revoked remembers the sessions that were signed out before they ended. It
// keeps them in a file beside the database, so that a restart does not bring
// them back and a sign-out never waits for a running sync.
type Revoked struct {
	mu   sync.Mutex
	path string
	ends map[string]time.Time // session → when its last token is over anyway
}

// OpenRevoked reads the file at path; entries that are over at now are
// dropped. An empty path keeps the list in memory.
func OpenRevoked(path string, now time.Time) (*Revoked, error) {
	r := &Revoked{path: path, ends: map[string]time.Time{}}
	if path == "" {
		return r, nil
	}
	f, err := os.Open(path) //nolint:gosec // beside the configured database
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read signed-out sessions: %w", err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		id, unix, _ := strings.Cut(lines.Text(), " ")
		if sec, err := strconv.ParseInt(unix, 10, 64); err == nil && time.Unix(sec, 0).After(now) {
			r.ends[id] = time.Unix(sec, 0)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read signed-out sessions: %w", err)
	}
	return r, r.rewrite()
}

// Add signs a session out.
func (r *Revoked) Add(s Session) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	end := s.StartedAt.Add(SessionLife)
	r.ends[s.ID] = end
	if r.path == "" {
		return nil
	}
	f, err := os.OpenFile(r.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("remember sign-out: %w", err)
	}
	_, werr := fmt.Fprintln(f, s.ID, end.Unix())
	if jerr := errors.Join(werr, f.Sync(), f.Close()); jerr != nil {
		return fmt.Errorf("remember sign-out: %w", jerr)
	}
	return nil
}

// Has reports whether the session was signed out.
func (r *Revoked) Has(session string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.ends[session]
	return ok
}

func (r *Revoked) rewrite() error {
	var text strings.Builder
	for id, end := range r.ends {
		fmt.Fprintln(&text, id, end.Unix())
	}
	if err := os.WriteFile(r.path, []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("tidy signed-out sessions: %w", err)
	}
	return nil
}
