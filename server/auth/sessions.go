package auth

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"credence/server/lines"
)

// How long a session lives: it ends IdleLife after the last renewal and at the
// latest SessionLife after the sign-in. Within Overlap after a renewal the token
// before is still let in, without a new one: a browser sends several requests at
// once, and all but one come late.
const (
	IdleLife    = 12 * time.Hour
	SessionLife = 30 * 24 * time.Hour
	Overlap     = 10 * time.Second
)

// ErrReused says that a renewal token came a second time: it was copied. The
// session has ended for whoever holds any token of it. It is an ErrSession.
var ErrReused = fmt.Errorf("a renewal token was used twice: %w", ErrSession)

// Session is one sign-in.
type Session struct {
	ID        string    `json:"id"`
	UserID    string    `json:"user"`
	Version   int64     `json:"version"` // the user's session version at sign-in
	StartedAt time.Time `json:"started"`
	SeenAt    time.Time `json:"seen"`  // at the sign-in or the last renewal
	EndsAt    time.Time `json:"ends"`  // unless it is renewed before
	Agent     string    `json:"agent"` // "Firefox on Linux"
}

// kept is a session as the file has it, a line each time something of it changes;
// the last line counts. Renewal tokens are kept as sha256 alone.
type kept struct {
	Session
	Hash   string `json:"hash"`
	Before string `json:"before"` // of the token that Hash replaced
	Gone   bool   `json:"gone"`
}

// Sessions remembers who is signed in. It keeps the sessions in a file beside the
// database and not in it: a sign-in never waits for a refresh, a sign-out
// outlives a restart, and no copy of the database carries a session along.
type Sessions struct {
	mu    sync.Mutex
	path  string
	all   map[string]*kept
	lines int
}

// OpenSessions reads the file at path; sessions that are over at now are
// dropped. An empty path keeps them in memory.
func OpenSessions(path string, now time.Time) (*Sessions, error) {
	s := &Sessions{path: path, all: map[string]*kept{}}
	if path == "" {
		return s, nil
	}
	left, err := lines.Read[kept](path)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	for _, k := range left {
		if k.ID == "" {
			continue
		}
		if delete(s.all, k.ID); !k.Gone && k.EndsAt.After(now) {
			s.all[k.ID] = &k
		}
	}
	return s, s.rewrite()
}

// Begin is a new session of user and its first renewal token.
func (s *Sessions) Begin(user User, agent string, now time.Time) (Session, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	secret := rand.Text()
	now = now.UTC().Truncate(time.Second)
	k := &kept{Session: Session{ID: rand.Text(), UserID: user.ID, Version: user.SessionVersion, StartedAt: now, Agent: agent}, Hash: hashOf(secret)}
	k.seen(now)
	if err := s.write(k); err != nil {
		return Session{}, "", err
	}
	s.all[k.ID] = k
	return k.Session, k.ID + "." + secret, nil
}

func (k *kept) seen(now time.Time) {
	k.SeenAt, k.EndsAt = now, now.Add(IdleLife)
	if last := k.StartedAt.Add(SessionLife); k.EndsAt.After(last) {
		k.EndsAt = last
	}
}

// Renew takes a renewal token, which is used up by that, and answers its session
// and the next one. Within overlap after a renewal the token before is let in
// too, and next is empty. Any other second use ends the session: ErrReused.
func (s *Sessions) Renew(renewal string, overlap time.Duration, now time.Time) (session Session, next string, err error) {
	if len(renewal) > MaxTokenBytes {
		return Session{}, "", ErrSession
	}
	id, secret, ok := strings.Cut(renewal, ".")
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.all[id]
	if !ok || k == nil || !now.Before(k.EndsAt) {
		return Session{}, "", ErrSession
	}
	given := hashOf(secret)
	switch {
	case same(given, k.Hash):
		turned := *k
		next = rand.Text()
		turned.Before, turned.Hash = k.Hash, hashOf(next)
		turned.seen(now.UTC().Truncate(time.Second))
		if err = s.write(&turned); err != nil {
			return Session{}, "", err
		}
		*k = turned
		return k.Session, k.ID + "." + next, nil
	case same(given, k.Before) && now.Sub(k.SeenAt) < overlap:
		return k.Session, "", nil
	}
	session = k.Session
	return session, "", errors.Join(ErrReused, s.end(k))
}

// Alive reports whether a session was neither ended nor left alone too long.
func (s *Sessions) Alive(id string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.all[id]
	return k != nil && now.Before(k.EndsAt)
}

// End ends a session of user; another's, or one that is over, is left alone and
// answers false.
func (s *Sessions) End(user, id string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.all[id]
	if k == nil || k.UserID != user {
		return false, nil
	}
	return true, s.end(k)
}

// EndAll ends every session of user but the one called except, and counts them.
func (s *Sessions) EndAll(user, except string) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.all {
		if k.UserID == user && k.ID != except {
			n++
			err = errors.Join(err, s.end(k))
		}
	}
	return n, err
}

// Of lists the sessions of user, the one last seen first; "" lists everybody's.
func (s *Sessions) Of(user string, now time.Time) []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Session
	for _, k := range s.all {
		if (user == "" || k.UserID == user) && now.Before(k.EndsAt) {
			out = append(out, k.Session)
		}
	}
	slices.SortFunc(out, func(a, b Session) int {
		if c := b.SeenAt.Compare(a.SeenAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// end forgets a session at once, also when that cannot be written.
func (s *Sessions) end(k *kept) error {
	delete(s.all, k.ID)
	gone := *k
	gone.Gone = true
	return s.write(&gone)
}

// write appends a line and, when most lines are of the past, begins anew.
func (s *Sessions) write(k *kept) error {
	if s.path == "" {
		return nil
	}
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep session: %w", err)
	}
	if err = errors.Join(lines.Append(f, k), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("keep session: %w", err)
	}
	if s.lines++; s.lines > 4*len(s.all)+1000 {
		return s.rewrite()
	}
	return nil
}

// rewrite keeps one line a session. A crash leaves the old file or the new one.
func (s *Sessions) rewrite() error {
	var text bytes.Buffer
	for _, k := range s.all {
		if err := lines.Append(&text, k); err != nil {
			return fmt.Errorf("tidy sessions: %w", err)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("tidy sessions: %w", err)
	}
	_, err = f.Write(text.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		return fmt.Errorf("tidy sessions: %w", errors.Join(err, os.Remove(f.Name())))
	}
	s.lines = len(s.all)
	return nil
}

// hashOf is how secrets are kept. They are random and long, so that one round is
// enough.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// same compares two hashes in constant time; an empty one is like none.
func same(given, have string) bool {
	return have != "" && subtle.ConstantTimeCompare([]byte(given), []byte(have)) == 1
}
