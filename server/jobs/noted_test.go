package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"credence/server/audit"
	"credence/server/config"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// jobsInMemory are jobs on an empty warehouse, with their audit log.
func jobsInMemory(t *testing.T, now time.Time) *Jobs {
	t.Helper()
	engine, err := duckdb.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	j := &Jobs{Warehouse: w, Audit: audit.InMemory(w, nil), Config: config.Default(), Now: func() time.Time { return now }}
	t.Cleanup(func() {
		if err := errors.Join(j.Audit.Close(context.WithoutCancel(t.Context())), w.Close()); err != nil {
			t.Error(err)
		}
	})
	return j
}

// A refresh that joins records is noted with how many, once, and again only when
// they change.
func TestMergesAreNoted(t *testing.T) {
	t.Parallel()
	j := jobsInMemory(t, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	contact := func(id, email string) any {
		return warehouse.Contact{ContactID: id, Name: "Anna Lindner", Email: email}
	}
	tests := []struct {
		name, source string
		records      []any
		want         string // the newest note, after how many there are
	}{
		{"nothing is joined", "crm", []any{contact("C1", "anna@kunde.example"), warehouse.Account{AccountID: "A1", Name: "Kunde", Domain: "kunde.example"}}, "0"},
		{"two records are one person", "web", []any{contact("V1", "ANNA@kunde.example")}, "1: 1 of 2, 0 of 0"},
		{"another refresh", "web", nil, "1: 1 of 2, 0 of 0"},
		{"a third record, and two of one account", "chat", []any{contact("U1", "anna@kunde.example"), warehouse.Account{AccountID: "W1", Name: "Kunde GmbH", Domain: "www.kunde.example"}}, "2: 1 of 3, 1 of 2"},
	}
	for priority, tt := range tests {
		_, err := j.Warehouse.Load(t.Context(), warehouse.LoadSource{Name: tt.source, Kind: "test", At: j.Now(), Priority: priority}, func(l *warehouse.Loader) error {
			l.File("file.csv")
			for _, r := range tt.records {
				l.Read(1)
				if err := l.Put(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := j.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := noted(t, j, audit.Merge)
		said := strconv.Itoa(len(got))
		if len(got) > 0 {
			d := got[0].Detail
			said += ": " + d["people"] + " of " + d["records"] + ", " + d["accounts"] + " of " + d["account records"]
			if text := fmt.Sprint(got[0]); strings.Contains(text, "kunde") || strings.Contains(text, "Anna") {
				t.Errorf("%s: the note names somebody: %s", tt.name, text)
			}
		}
		if said != tt.want {
			t.Errorf("%s: noted %s, want %s", tt.name, said, tt.want)
		}
	}
}

// noted lists the notes of an action, the newest first.
func noted(t *testing.T, j *Jobs, action string) (entries []audit.Entry) {
	t.Helper()
	err := errors.Join(j.Audit.Flush(t.Context()), j.Warehouse.Read(t.Context(), func(s *warehouse.Snapshot) (err error) {
		entries, err = audit.List(t.Context(), s, audit.Filter{Action: action})
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// What is taken at the machine is noted while somebody else writes, and no word of
// a statement is kept.
func TestExportsAtTheMachineAreNoted(t *testing.T) {
	t.Parallel()
	j := jobsInMemory(t, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	if _, err := j.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := j.Warehouse.Write(t.Context(), func(*warehouse.Tx) error { // as a sync that takes long
		for _, call := range []struct {
			Call
			exit int
		}{
			{Call{Verb: "credits", Model: "linear", Period: "2026Q3"}, Done},
			{Call{Verb: "report", Period: "2026Q3", Format: "json"}, Done},
			{Call{Verb: "query", SQL: "select model_id from (values ('anna'), ('berta')) v(model_id)", Format: "csv"}, Done},
			{Call{Verb: "query", SQL: "select anna from deal", Format: "csv"}, Failed},
		} {
			var out bytes.Buffer
			if exit := j.Do(t.Context(), call.Call, Out{Stdout: &out, Stderr: &out}); exit != call.exit {
				t.Errorf("%s ends with %d: %s", call.Verb, exit, out.String())
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range noted(t, j, audit.Export) {
		if rows := e.Detail["rows"]; e.Object == "credence report" && rows != "" && rows != "0" {
			e.Detail["rows"] = "some"
		}
		got = append(got, e.Actor+": "+strings.Join(strings.Fields(strings.Join([]string{e.Object, e.Detail["model"], e.Detail["period"], e.Detail["format"], e.Detail["state"], e.Detail["rows"]}, " ")), " "))
		if text := e.Detail["statement"]; strings.Contains(text, "anna") || strings.HasSuffix(e.Object, "query") != (len(text) == 16) {
			t.Errorf("%s keeps the statement %q", e.Object, text)
		}
	}
	slices.Reverse(got)
	want := []string{
		"command line: credence credits linear 2026Q3 begun", "command line: credence credits linear 2026Q3 ended 0",
		"command line: credence report 2026Q3 json begun", "command line: credence report 2026Q3 json ended some",
		"command line: credence query csv begun", "command line: credence query csv ended 2",
		"command line: credence query csv begun", "command line: credence query csv broken off 0",
	}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("noted %q, want %q", got, want)
	}
}

// What credence.yaml says about figures and people is noted by the first refresh, and
// with what changed by the first one after it was edited; other keys are no rules.
func TestRulesOfTheConfigurationAreNoted(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	j := jobsInMemory(t, now)
	j.Now = func() time.Time { return now }
	sums := regexp.MustCompile(`settings [0-9a-f]{8}`)
	for _, tt := range []struct {
		name   string
		change func(*config.Config)
		notes  int
		want   string // what the newest says to have changed
	}{
		{"the first refresh", func(*config.Config) {}, 1, ""},
		{"nothing", func(*config.Config) {}, 1, ""},
		{"where pages are served", func(c *config.Config) { c.Addr, c.MetricsToken = "127.0.0.1:9", "a token of somebody" }, 1, ""},
		{
			"a lookback and the fiscal year", func(c *config.Config) { c.Attribution.LookbackDays, c.Company.FiscalYearStart = 30, 4 }, 2,
			"attribution.lookback_days: 90 days → 30 days; company.fiscal_year_start: 1 → 4",
		},
		{"who sees reps", func(c *config.Config) { c.Privacy.CMOSeesReps = true }, 3, "privacy.cmo_sees_reps: no → yes"},
		{"a source", func(c *config.Config) {
			c.Sources = []config.Source{{Name: "crm", Kind: "csvfile", Settings: map[string]any{"token": "swordfish"}}}
		}, 4, "sources.crm: none → csvfile, settings SUM"},
		{"nothing since", func(*config.Config) {}, 4, "sources.crm: none → csvfile, settings SUM"},
		{
			"a setting of a source", func(c *config.Config) { c.Sources[0].Settings = map[string]any{"path": "crm"} }, 5,
			"sources.crm: csvfile, settings SUM → csvfile, settings SUM",
		},
		{"no source", func(c *config.Config) { c.Sources = nil }, 6, "sources.crm: csvfile, settings SUM → none"},
		{"nothing for half a year", func(*config.Config) { now = now.AddDate(0, 6, 0) }, 6, "sources.crm: csvfile, settings SUM → none"},
		{"nothing for longer", func(*config.Config) { now = now.AddDate(0, 0, 2) }, 7, ""},
	} {
		tt.change(&j.Config)
		if _, err := j.Refresh(t.Context()); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		got := noted(t, j, audit.Setting)
		changed := sums.ReplaceAllString(got[0].Detail["changed"], "settings SUM")
		if len(got) != tt.notes || got[0].Object != "configuration" || changed != tt.want {
			t.Errorf("%s: %d notes, the newest of %q; want %d, of %q", tt.name, len(got), changed, tt.notes, tt.want)
		}
		if text := fmt.Sprint(got); strings.Contains(text, "swordfish") || strings.Contains(text, "a token of") || got[0].Detail["attribution.path"] == "" {
			t.Errorf("%s: the note is %s", tt.name, text)
		}
	}
}
