package auth

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func openSessions(t *testing.T, path string, now time.Time) *Sessions {
	t.Helper()
	s, err := OpenSessions(path, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func begin(t *testing.T, s *Sessions, user string, now time.Time) (Session, string) {
	t.Helper()
	session, renewal, err := s.Begin(User{ID: user, SessionVersion: 3}, "Firefox on Linux", now)
	if err != nil {
		t.Fatal(err)
	}
	return session, renewal
}

func TestARenewalTokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := openSessions(t, "", start)
	session, first := begin(t, s, "u1", start)
	at := start.Add(AccessLife)
	got, second, err := s.Renew(first, 0, at)
	if err != nil || got.ID != session.ID || got.Version != 3 || second == first || second == "" {
		t.Fatalf("renewed %+v with %q, %v; want the session and another token", got, second, err)
	}
	_, third, err := s.Renew(second, 0, at)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.Renew(second, 0, at.Add(time.Hour)); !errors.Is(err, ErrReused) || !errors.Is(err, ErrSession) {
		t.Errorf("a used token gives %v, want ErrReused", err)
	}
	if _, _, err = s.Renew(third, 0, at.Add(time.Hour)); !errors.Is(err, ErrSession) {
		t.Errorf("after the theft the newest token gives %v, want the session ended", err)
	}
	if s.Alive(session.ID, at) {
		t.Error("the session lives on")
	}
}

func TestTokensThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", ".", "x", "x.y", strings.Repeat("a", 5000), "\x00.\xff"} {
		s := openSessions(t, "", start)
		session, _ := begin(t, s, "u1", start)
		if _, _, err := s.Renew(text, Overlap, start); !errors.Is(err, ErrSession) {
			t.Errorf("%.20q gives %v, want ErrSession", text, err)
		}
		if !s.Alive(session.ID, start) {
			t.Errorf("%.20q ended a session that it does not name", text)
		}
	}
	s := openSessions(t, "", start)
	session, _ := begin(t, s, "u1", start)
	if _, _, err := s.Renew(session.ID+".", Overlap, start); err == nil {
		t.Error("a session's id alone renews it")
	}
}

// A browser sends several requests at once when its access token is over.
func TestLateRequestsOfABrowserAreLetIn(t *testing.T) {
	t.Parallel()
	s := openSessions(t, "", start)
	session, first := begin(t, s, "u1", start)
	at := start.Add(AccessLife)
	if _, _, err := s.Renew(first, Overlap, at); err != nil {
		t.Fatal(err)
	}
	got, next, err := s.Renew(first, Overlap, at.Add(Overlap-time.Second))
	if err != nil || got.ID != session.ID || next != "" {
		t.Errorf("the late request gets %+v %q %v, want the session and no token", got, next, err)
	}
	if _, _, err = s.Renew(first, Overlap, at.Add(Overlap)); !errors.Is(err, ErrReused) {
		t.Errorf("ten seconds later it gets %v, want ErrReused", err)
	}
}

func TestSessionsEndByThemselves(t *testing.T) {
	t.Parallel()
	s := openSessions(t, "", start)
	session, renewal := begin(t, s, "u1", start)
	if !s.Alive(session.ID, start.Add(IdleLife-time.Second)) || s.Alive(session.ID, start.Add(IdleLife)) {
		t.Error("a session that is left alone does not end at the idle time")
	}
	if _, _, err := s.Renew(renewal, 0, start.Add(IdleLife)); !errors.Is(err, ErrSession) {
		t.Errorf("it is renewed then: %v", err)
	}
	session, renewal = begin(t, s, "u2", start)
	at := start
	for at.Before(start.Add(SessionLife - IdleLife)) {
		at = at.Add(IdleLife - time.Hour)
		var err error
		if _, renewal, err = s.Renew(renewal, 0, at); err != nil {
			t.Fatalf("at %v: %v", at, err)
		}
	}
	end := start.Add(SessionLife)
	if !s.Alive(session.ID, end.Add(-time.Second)) || s.Alive(session.ID, end) {
		t.Error("a session that is renewed all the time does not end at its greatest age")
	}
}

func TestSessionsOutliveARestartAndSignOutsToo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "credence.db.sessions")
	s := openSessions(t, path, start)
	one, renewal := begin(t, s, "u1", start)
	two, stolen := begin(t, s, "u1", start.Add(time.Minute))
	other, _ := begin(t, s, "u2", start)
	if _, next, err := s.Renew(renewal, 0, start.Add(time.Minute)); err != nil {
		t.Fatal(err)
	} else {
		renewal = next
	}
	if ended, err := s.End("u1", other.ID); ended || err != nil {
		t.Errorf("a user ends another's session: %v, %v", ended, err)
	}
	if ended, err := s.End("u1", two.ID); !ended || err != nil {
		t.Errorf("a user cannot end the own session: %v, %v", ended, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), strings.Split(renewal, ".")[1]) || strings.Contains(string(text), strings.Split(stolen, ".")[1]) {
		t.Errorf("the file holds a renewal token (%v)", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v (%v), want 0600", info.Mode().Perm(), err)
	}
	if err := os.WriteFile(path, append(text, []byte(`{"id":"half`)...), 0o600); err != nil {
		t.Fatal(err)
	}
	s = openSessions(t, path, start.Add(time.Hour))
	if !s.Alive(one.ID, start.Add(time.Hour)) || s.Alive(two.ID, start.Add(time.Hour)) || !s.Alive(other.ID, start.Add(time.Hour)) {
		t.Errorf("after the restart %+v", s.Of("", start.Add(time.Hour)))
	}
	if _, _, err := s.Renew(renewal, 0, start.Add(time.Hour)); err != nil {
		t.Errorf("after the restart the newest token gives %v", err)
	}
	if n, err := s.EndAll("u1", ""); n != 1 || err != nil {
		t.Errorf("ended %d, %v; want 1", n, err)
	}
	s = openSessions(t, path, start.Add(IdleLife+time.Hour))
	if left := s.Of("", start); len(left) != 0 {
		t.Errorf("after the idle time %+v are left", left)
	}
}

func FuzzRenew(f *testing.F) {
	s, err := OpenSessions("", start)
	if err != nil {
		f.Fatal(err)
	}
	session, renewal, err := s.Begin(User{ID: "u1"}, "", start)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{renewal, session.ID + ".", session.ID, ".", "a.b.c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == renewal {
			return
		}
		if _, _, err := s.Renew(text, Overlap, start); err == nil {
			t.Errorf("%q is let in", text)
		}
	})
}

func FuzzAccessToken(f *testing.F) {
	tokens, err := NewTokens(key, func() time.Time { return start })
	if err != nil {
		f.Fatal(err)
	}
	good, _, err := tokens.Sign(Session{ID: "s1", UserID: "u1", StartedAt: start})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{good, good + ".", good[:len(good)-1], "..", "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := tokens.Read(text)
		if err == nil && (s.ID != "s1" || s.UserID != "u1") {
			t.Errorf("%q is read as %+v", text, s)
		}
	})
}
