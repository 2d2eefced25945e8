package jobs

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"credence/server/audit"
	"credence/server/config"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// What is taken at the machine is noted while somebody else writes, and no word of
// a statement is kept.
func TestExportsAtTheMachineAreNoted(t *testing.T) {
	t.Parallel()
	engine, err := duckdb.OpenMemory()
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
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	j := &Jobs{Warehouse: w, Audit: audit.InMemory(w, nil), Config: config.Default(), Now: func() time.Time { return now }}
	if _, err = j.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = w.Write(t.Context(), func(*warehouse.Tx) error { // as a sync that takes long
		for _, call := range []Call{
			{Verb: "credits", Model: "linear", Period: "2026Q3"},
			{Verb: "report", Period: "2026Q3", Format: "json"},
			{Verb: "query", SQL: "select name from person where name = 'anna'", Format: "csv"},
		} {
			var out bytes.Buffer
			if exit := j.Do(t.Context(), call, Out{Stdout: &out, Stderr: &out}); exit != Done {
				t.Errorf("%s ends with %d: %s", call.Verb, exit, out.String())
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err = j.Audit.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	err = w.Read(t.Context(), func(s *warehouse.Snapshot) error {
		entries, lerr := audit.List(t.Context(), s, audit.Filter{Action: audit.Export})
		for _, e := range entries {
			got = append(got, e.Actor+": "+e.Object+" "+e.Detail["model"]+" "+e.Detail["period"]+" "+e.Detail["format"])
			if text := e.Detail["statement"]; strings.Contains(text, "anna") || strings.HasSuffix(e.Object, "query") != (len(text) == 16) {
				t.Errorf("%s keeps the statement %q", e.Object, text)
			}
		}
		return lerr
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"command line: credence query   csv", "command line: credence report  2026Q3 json", "command line: credence credits linear 2026Q3 "}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("noted %q, want %q", got, want)
	}
	if err = j.Audit.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
