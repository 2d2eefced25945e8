package auth

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzSessionsFile opens any file as that of the sessions: half a line of a crash
// is nothing, and no line lets somebody in for ever.
func FuzzSessionsFile(f *testing.F) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{"", "{}\n", `{"id":"a","user_id":"u","ends_at":"2999-01-01T00:00:00Z"}` + "\n{", "\x00\n\xff", `{"id":"a","ends_at":1}`, `{"ID":"a","EndsAt":"2026-11-22T13:00:00Z","Gone":true}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "sessions")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := OpenSessions(file, now)
		if err != nil {
			return
		}
		n := len(s.all)
		again, err := OpenSessions(file, now)
		if err != nil || len(again.all) != n {
			t.Errorf("%q is %d sessions, and %d when they were written: %v", text, n, len(again.all), err)
		}
	})
}

// FuzzDeedsFile reads any file as that of changes of users that wait: half a line
// of a crash is nothing, and no line makes a user of nobody.
func FuzzDeedsFile(f *testing.F) {
	for _, text := range []string{"", "{}\n", `{"users":[{"ID":"a","Email":"a@b.example","Roles":["rep"],"new":true}]}` + "\n{", "\x00\n\xff", `{"users":[{}]}`, `{"tokens":[{"ID":"a","hash":"b","Scopes":["all"]}],"users":null}`, `{"tokens":[{"ID":1}]}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "users")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		deeds, err := readDeeds(file)
		if err != nil {
			return
		}
		for _, d := range deeds {
			if d.empty() || !d.sound() {
				t.Errorf("%q is read as %+v", text, d)
			}
		}
	})
}
