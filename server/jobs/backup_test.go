package jobs

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
	"credence/server/seal"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// jobsOnFile are the jobs of a server, on an empty database in a file.
func jobsOnFile(t *testing.T, database string, now time.Time) *Jobs {
	t.Helper()
	engine, err := duckdb.Open(database, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	j := &Jobs{Warehouse: w, Config: config.Default(), Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	j.Config.Database = database
	if j.Hasher, err = auth.NewHasher(); err != nil {
		t.Fatal(err)
	}
	if j.Users, err = auth.OpenRegister(t.Context(), w, database+".users", nil); err != nil {
		t.Fatal(err)
	}
	if j.Audit, err = audit.Open(t.Context(), w, database+".audit", nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := errors.Join(j.Audit.Close(ctx), j.Users.Close(ctx), w.Close()); err != nil {
			t.Error(err)
		}
	})
	return j
}

// While a refresh has the one writer a backup is made of the state before it. One
// that would lack what was decided meanwhile is not made: it waits for the end of
// the refresh, and then has it.
func TestABackupHasWhatWasDecidedBefore(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	j := jobsOnFile(t, filepath.Join(dir, "credence.db"), now)
	if _, err := j.Users.Add(t.Context(), j.Hasher, now, auth.NewUser{Email: "ann@tiny.example", Password: "correct horse", Roles: []auth.Role{auth.CMO}}); err != nil {
		t.Fatal(err)
	}
	var user auth.User
	err := j.Warehouse.Read(t.Context(), func(s *warehouse.Snapshot) (err error) {
		user, err = auth.UserByEmail(t.Context(), s, "ann@tiny.example")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := j.Users.MakeToken(t.Context(), now, user, "nightly", []auth.Scope{auth.ScopeAll}, 30)
	if err != nil {
		t.Fatal(err)
	}
	backup := func(ctx context.Context, name string) (exit int, made bool, said string) {
		var words bytes.Buffer
		file := filepath.Join(dir, name)
		exit = j.Do(ctx, Call{Verb: "backup", File: file}, Out{Stdout: &words, Stderr: &words})
		_, serr := os.Stat(file)
		return exit, serr == nil, words.String()
	}
	// until ends what waits for the writer: as soon as there is a file, or after within.
	until := func(name string, within time.Duration) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		go func() {
			for look := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; {
				if _, serr := os.Stat(filepath.Join(dir, name)); serr == nil {
					cancel()
				}
				<-look.C
			}
		}()
		return ctx, cancel
	}
	tests := []struct {
		name   string
		decide func() error
		within time.Duration
		made   bool // while the writer is busy
	}{
		{"nothing waits", func() error { return nil }, time.Minute, true},
		{"a revoked token waits", func() error { return j.Users.RevokeToken(t.Context(), now, "boss", user.ID, auth.TokenID(text)) }, time.Second, false},
		{"a view waits", func() error {
			return j.Audit.Note(audit.Event{At: now, Actor: user.ID, Action: audit.ViewPerson, Object: "person P-1"})
		}, time.Second, false},
	}
	for _, tt := range tests {
		err = j.Warehouse.Write(t.Context(), func(tx *warehouse.Tx) error {
			if _, derr := tx.ExecContext(t.Context(), "delete from api_token"); derr != nil { // is never to be seen
				return derr
			}
			if derr := tt.decide(); derr != nil {
				return derr
			}
			waiting, cancel := until(tt.name, tt.within)
			defer cancel()
			exit, made, said := backup(waiting, tt.name)
			if made != tt.made || exit != Failed {
				t.Errorf("%s: exit %d, a file: %v (said %q); want 1, %v", tt.name, exit, made, said, tt.made)
			}
			return errRolledBack
		})
		if !errors.Is(err, errRolledBack) {
			t.Fatal(err)
		}
	}
	if exit, _, said := backup(t.Context(), "whole.age"); exit != Done {
		t.Fatalf("backup: exit %d, said %q", exit, said)
	}
	key, err := seal.ReadKey(seal.KeyFile(j.Config.Database))
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "plain.db")
	if err = key.Open(filepath.Join(dir, "whole.age"), plain); err != nil {
		t.Fatal(err)
	}
	copied := jobsOnFile(t, plain, now)
	err = copied.Warehouse.Read(t.Context(), func(s *warehouse.Snapshot) error {
		if k, terr := auth.TokenByID(t.Context(), s, auth.TokenID(text)); terr != nil || k.Live(now) {
			t.Errorf("the backup has the token %+v, %v; want it revoked", k, terr)
		}
		views, lerr := audit.List(t.Context(), s, audit.Filter{Action: audit.ViewPerson})
		if len(views) != 1 {
			t.Errorf("the backup has the views %+v, want one", views)
		}
		return lerr
	})
	if err != nil {
		t.Error(err)
	}
}

var errRolledBack = errors.New("rolled back")
