package jobs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/server/config"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// TestRetainAtItsBorders keeps files of a run and tokens that are over for as long as
// privacy.retention_days says, to the second, and forgets them a second later.
func TestRetainAtItsBorders(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	engine, err := duckdb.Open(filepath.Join(dir, "c.db"), duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if cerr := w.Close(); cerr != nil {
			t.Error(cerr)
		}
	}()
	j := &Jobs{Warehouse: w, Config: config.Default(), Now: func() time.Time { return now }}
	j.Config.Database = filepath.Join(dir, "c.db")
	j.Config.Privacy.RetentionDays.Exports, j.Config.Privacy.RetentionDays.Sessions = 1, 30

	inbox := filepath.Join(dir, "c.db.d", "inbox")
	if err = os.MkdirAll(filepath.Join(inbox, "a folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]time.Time{"of a day ago": now.AddDate(0, 0, -1), "of now": now, "a folder": now.AddDate(0, 0, -1)} {
		path := filepath.Join(inbox, name)
		if name != "a folder" {
			err = os.WriteFile(path, []byte("rows"), 0o600)
		}
		if err = errors.Join(err, os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	err = w.Write(t.Context(), func(tx *warehouse.Tx) (err error) {
		for id, times := range map[string]string{
			"expired 30 days ago": "timestamp '2026-10-23 03:00:00', null", "revoked 30 days ago": "timestamp '2027-01-01 00:00:00', timestamp '2026-10-23 03:00:00'",
			"in force": "timestamp '2027-01-01 00:00:00', null", "expired yesterday": "timestamp '2026-11-21 03:00:00', null",
		} {
			_, xerr := tx.ExecContext(t.Context(), "insert into api_token values ('"+id+"', 'U1', 'script', 'all', 'x', timestamp '2026-01-01 00:00:00', "+times+")")
			err = errors.Join(err, xerr)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	left := func() string {
		var names []string
		entries, lerr := os.ReadDir(inbox)
		for _, e := range entries {
			names = append(names, e.Name())
		}
		lerr = errors.Join(lerr, w.Read(context.WithoutCancel(t.Context()), func(q *warehouse.Snapshot) error {
			rows, rerr := q.QueryContext(t.Context(), "select token_id from api_token")
			if rerr != nil {
				return rerr
			}
			defer rows.Close() //nolint:errcheck // read to its end
			for rows.Next() {
				var id string
				if rerr = rows.Scan(&id); rerr != nil {
					return rerr
				}
				names = append(names, id)
			}
			return rows.Err()
		}))
		if lerr != nil {
			t.Fatal(lerr)
		}
		slices.Sort(names)
		return strings.Join(names, ", ")
	}
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{
		{-time.Second, "a folder, expired 30 days ago, expired yesterday, in force, of a day ago, of now, revoked 30 days ago"},
		{0, "a folder, expired 30 days ago, expired yesterday, in force, of a day ago, of now, revoked 30 days ago"},
		{time.Second, "expired yesterday, in force, of now"},
	} {
		begun := now
		now = begun.Add(tt.after)
		if err = j.Retain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := left(); got != tt.want {
			t.Errorf("at %v: %s are left, want %s", tt.after, got, tt.want)
		}
		now = begun
	}
}
