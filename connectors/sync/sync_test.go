package sync

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/connectors/catalog"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

func open(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	engine, err := duckdb.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(context.Background(), engine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func source(name, path string, priority int) Configured {
	return Configured{Name: name, Kind: "csvfile", Priority: priority, Settings: map[string]any{"path": path}}
}

func TestOneFailingSourceDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	ctx, w, dir := context.Background(), open(t), t.TempDir()
	write(t, dir, map[string]string{
		"crm/deals.csv":   "deal_id,status,amount\nD1,won,10\nD2,gone,10\n",
		"bad/reps.csv":    "rep_id,nam\nR,x\n",
		"web/visits.csv":  "visit_id,occurred_at\nV,2026-11-01\n",
		"zzz/ignored.txt": "",
	})
	sources := []Configured{source("crm", "crm", 0), source("hr", "bad", 1), {Name: "odd", Kind: "csvfiles", Priority: 2}, source("web", "web", 3)}
	env := connectors.Env{BaseDir: dir, Currency: "EUR", Location: time.UTC, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	log := slog.New(slog.DiscardHandler)
	var told []string
	runs, err := Run(ctx, w, sources, env, Options{}, log, func(source, file string, _ int64) {
		told = append(told, source+"/"+file)
	})
	var failed *FailedError
	if !errors.As(err, &failed) || !slices.Equal(failed.Sources, []string{"hr", "odd"}) {
		t.Fatalf("got %v, want hr and odd to have failed", err)
	}
	if !errors.Is(err, catalog.ErrKind) || !strings.Contains(err.Error(), `unknown column "nam"; did you mean "name"?`) {
		t.Errorf("the error does not say why: %v", err)
	}
	if len(runs) != 4 || runs[0].Kept != 1 || runs[0].Rejected != 1 || runs[1].Status != "failed" || runs[3].Changed != 1 {
		t.Errorf("got runs %+v", runs)
	}
	if !slices.Contains(told, "crm/deals.csv") {
		t.Errorf("progress was told %v", told)
	}

	// The same again changes nothing, also when everything is read again.
	for _, o := range []Options{{Only: []string{"crm", "web"}}, {Only: []string{"crm", "web"}, Full: true}} {
		runs, err = Run(ctx, w, sources, env, o, log, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			if r.Changed != 0 || o.Full != (r.Read > 0) {
				t.Errorf("full %v: %s read %d and changed %d", o.Full, r.Source, r.Read, r.Changed)
			}
		}
	}
}

func TestAFullSyncForgetsRowsOfFilesThatAreGone(t *testing.T) {
	t.Parallel()
	ctx, w, dir := context.Background(), open(t), t.TempDir()
	write(t, dir, map[string]string{
		"crm/deals.csv": "deal_id,status,amount\nD1,won,10\nD2,gone,10\n",
		"crm/reps.csv":  "rep_id,started_on\nR1,never\n",
	})
	env := connectors.Env{BaseDir: dir, Currency: "EUR", Location: time.UTC, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	rejectedAfter := func(full bool) (n int) {
		t.Helper()
		if _, err := Run(ctx, w, []Configured{source("crm", "crm", 0)}, env, Options{Full: full}, slog.New(slog.DiscardHandler), nil); err != nil {
			t.Fatal(err)
		}
		err := w.Read(ctx, func(s *warehouse.Snapshot) error {
			return s.QueryRowContext(ctx, "select count(*) from rejected_row").Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := rejectedAfter(false); n != 2 {
		t.Fatalf("%d rows are rejected, want 2", n)
	}
	if err := os.Remove(filepath.Join(dir, "crm", "reps.csv")); err != nil {
		t.Fatal(err)
	}
	if n := rejectedAfter(true); n != 1 {
		t.Errorf("%d rows are rejected after a full sync without reps.csv, want 1", n)
	}
}

func TestNamesAreChecked(t *testing.T) {
	t.Parallel()
	two := []Configured{source("crm", "a", 0), source("crm", "b", 1)}
	if _, err := choose(two, nil); err == nil {
		t.Error("two sources with one name are not refused")
	}
	_, err := choose(two[:1], []string{"crn"})
	if !errors.Is(err, ErrSource) || !strings.Contains(err.Error(), `did you mean "crm"?`) {
		t.Errorf("got %v", err)
	}
	err = Check([]Configured{{Name: "crm", Kind: "csvfile", Settings: map[string]any{"paht": "x"}}}, connectors.Env{})
	if err == nil || !strings.Contains(err.Error(), `source crm: unknown key "paht"; did you mean "path"?`) {
		t.Errorf("got %v", err)
	}
}

func TestACancelledRunNamesWhatItDidNotRead(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Run(ctx, open(t), []Configured{source("crm", "x", 0)}, connectors.Env{}, Options{}, slog.New(slog.DiscardHandler), nil)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "crm") {
		t.Errorf("got %v", err)
	}
}
