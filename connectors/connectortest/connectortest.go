// Package connectortest is the conformance suite that every connector passes.
// A connector's test hands it a fixture and says how to disturb it; the suite
// checks the promises of the contract:
//
//   - its settings are documented, secrets marked, a misspelt key is refused
//     with a suggestion and a missing one with the remedy;
//   - the fixture gives exactly the golden records;
//   - reading twice, reading in another order or in other chunks gives the same;
//   - what was read is not read again until it changes; a stored position that
//     is none is refused;
//   - a bad row is kept with file, field and reason, and the rest is read;
//   - a bad file ends the run with one sentence that names it;
//   - no text of a message body, and nothing but clean UTF-8, UTC and known
//     vocabulary, leaves the connector;
//   - the end of the context and any error of the sink end the run at once.
package connectortest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/warehouse"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// Case is a fixture and the ways to disturb it. Each func gets a fresh copy of
// the fixture's folder; a nil func leaves its promise unchecked and needs Why.
type Case struct {
	Name     string
	Fixture  string         // folder that is copied; relative paths in Settings start there
	Settings map[string]any // as in the configuration
	Env      connectors.Env // BaseDir is set by the suite; zero values are filled in
	Golden   string         // file of canonical JSON lines; written by -update

	Reorder     func(t *testing.T, dir string) // same content, other order, chunks or names
	BadRow      func(t *testing.T, dir string) // one more row, which must be rejected
	BadFile     func(t *testing.T, dir string) // a file that cannot be read at all
	BadFileName string                         // must appear in the error
	Canary      string                         // body text of the fixture, which must not be in any record
	Why         string                         // why a func is nil
}

// Now is the run time of every case that sets none.
var Now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Run checks connector against every case.
func Run(t *testing.T, connector connectors.Connector, cases ...Case) {
	t.Helper()
	t.Run("declaration", func(t *testing.T) { declaration(t, connector) })
	if len(cases) == 0 {
		t.Fatalf("%s: no case was given", connector.Kind)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if c.Env.Now.IsZero() {
				c.Env.Now = Now
			}
			if c.Env.Location == nil {
				c.Env.Location = time.UTC
			}
			if c.Env.Currency == "" {
				c.Env.Currency = "EUR"
			}
			s := suite{connector, c}
			t.Run("keys", s.keys)
			t.Run("golden", s.golden)
			t.Run("twice", s.twice)
			t.Run("cursor", s.cursor)
			t.Run("order", s.order)
			t.Run("bad row", s.badRow)
			t.Run("bad file", s.badFile)
			t.Run("canary", s.canary)
			t.Run("cancel", s.cancel)
			t.Run("sink error", s.sinkError)
		})
	}
}

func declaration(t *testing.T, c connectors.Connector) {
	t.Helper()
	if c.Kind == "" || c.Title == "" || len(c.Doc) < 40 {
		t.Errorf("kind %q, title %q, doc %q: each must say something", c.Kind, c.Title, c.Doc)
	}
	for _, s := range c.Settings {
		if s.Name == "" || s.Doc == "" || s.Type == "" {
			t.Errorf("setting %+v is not documented", s)
		}
		for _, word := range []string{"token", "secret", "password", "key"} {
			if strings.Contains(s.Name, word) && !s.Secret {
				t.Errorf("setting %q sounds secret and is not marked so", s.Name)
			}
		}
		if s.Secret && s.Default != "" {
			t.Errorf("setting %q is secret and has a default", s.Name)
		}
	}
	if len(c.Streams) == 0 {
		t.Error("no streams are declared")
	}
	for _, name := range c.Streams {
		if warehouse.StreamByName(name) == nil {
			t.Errorf("stream %q does not exist", name)
		}
	}
}

type suite struct {
	connector connectors.Connector
	Case
}

// at copies the fixture, lets change disturb it, and opens the source there.
func (s suite) at(t *testing.T, change func(*testing.T, string)) connectors.Source {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(s.Fixture)); err != nil {
		t.Fatalf("copy fixture: %v", err)
	}
	if change != nil {
		change(t, dir)
	}
	env := s.Env
	env.BaseDir = dir
	src, err := s.connector.Open(s.Settings, env)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return src
}

func (s suite) read(t *testing.T, src connectors.Source, cursor string) (*Recorder, string) {
	t.Helper()
	rec, next, err := Read(t.Context(), src, cursor)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	for _, fault := range rec.Faults {
		t.Error(fault)
	}
	for stream := range rec.Rows {
		if !slices.Contains(s.connector.Streams, stream) {
			t.Errorf("stream %q is delivered and not declared", stream)
		}
	}
	for _, f := range rec.Files {
		if f.Rejected > f.Read {
			t.Errorf("file %s: %d rows rejected of %d read", f.Name, f.Rejected, f.Read)
		}
	}
	return rec, next
}

func (s suite) keys(t *testing.T) {
	env := s.Env
	env.BaseDir = t.TempDir()
	for _, key := range s.connector.Settings {
		wrong := clone(s.Settings)
		wrong[key.Name+"x"] = "1"
		_, err := s.connector.Open(wrong, env)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("did you mean %q", key.Name)) {
			t.Errorf("key %q: got %v, want a refusal that suggests %q", key.Name+"x", err, key.Name)
		}
		if !key.Required {
			continue
		}
		less := clone(s.Settings)
		delete(less, key.Name)
		if _, err := s.connector.Open(less, env); err == nil || !strings.Contains(err.Error(), key.Name) {
			t.Errorf("without %q: got %v, want an error that names it", key.Name, err)
		}
	}
}

func (s suite) golden(t *testing.T) {
	rec, _ := s.read(t, s.at(t, nil), "")
	lines := rec.Lines()
	for _, f := range rec.Files {
		lines = append(lines, fmt.Sprintf("# %s: %d read, %d rejected", f.Name, f.Read, f.Rejected))
	}
	for _, r := range rec.Rejected {
		lines = append(lines, fmt.Sprintf("# %s:%d %s %s", r.File, r.Line, r.Field, r.Reason))
	}
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(s.Golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(s.Golden)
	if err != nil {
		t.Fatalf("%v (make it with: go test -update)", err)
	}
	diff(t, strings.Split(strings.TrimSuffix(string(want), "\n"), "\n"), lines)
}

func (s suite) twice(t *testing.T) {
	src := s.at(t, nil)
	first, one := s.read(t, src, "")
	second, two := s.read(t, src, "")
	diff(t, first.Lines(), second.Lines())
	if one != two {
		t.Errorf("the position of two equal runs differs: %q and %q", one, two)
	}
}

func (s suite) cursor(t *testing.T) {
	src := s.at(t, nil)
	_, next := s.read(t, src, "")
	again, same := s.read(t, src, next)
	if read, _ := again.Totals(); read != 0 || len(again.Rows) != 0 {
		t.Errorf("nothing changed, yet %d rows were read again", read)
	}
	if same != next {
		t.Errorf("the position moved although nothing changed: %q to %q", next, same)
	}
	for _, bad := range []string{"no position", `{"files":3}`, "{", "2999-01-01T00:00:00Z"} {
		if _, _, err := Read(t.Context(), src, bad); err == nil || !strings.Contains(err.Error(), "--full") {
			t.Errorf("position %q: got %v, want a refusal that names --full", bad, err)
		}
	}
}

func (s suite) order(t *testing.T) {
	if s.Reorder == nil {
		s.explained(t)
		return
	}
	plain, _ := s.read(t, s.at(t, nil), "")
	other, _ := s.read(t, s.at(t, s.Reorder), "")
	diff(t, plain.Lines(), other.Lines())
}

func (s suite) badRow(t *testing.T) {
	if s.BadRow == nil {
		s.explained(t)
		return
	}
	plain, _ := s.read(t, s.at(t, nil), "")
	bad, _ := s.read(t, s.at(t, s.BadRow), "")
	diff(t, plain.Lines(), bad.Lines())
	if got, want := len(bad.Rejected), len(plain.Rejected)+1; got != want {
		t.Errorf("%d rows were rejected, want %d: %+v", got, want, bad.Rejected)
	}
	read, _ := plain.Totals()
	if got, _ := bad.Totals(); got != read+1 {
		t.Errorf("%d rows were read, want %d", got, read+1)
	}
}

func (s suite) badFile(t *testing.T) {
	if s.BadFile == nil {
		s.explained(t)
		return
	}
	_, _, err := Read(t.Context(), s.at(t, s.BadFile), "")
	switch {
	case err == nil:
		t.Errorf("%s was read without an error", s.BadFileName)
	case !strings.Contains(err.Error(), s.BadFileName):
		t.Errorf("the error does not name %s: %v", s.BadFileName, err)
	case strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 400 || !strings.ContainsAny(err.Error(), ":;"):
		t.Errorf("the error is not one sentence with a remedy: %v", err)
	}
	nowhere := s.at(t, func(t *testing.T, dir string) {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Remove(dir); err != nil {
			t.Fatal(err)
		}
	})
	if _, _, err := Read(t.Context(), nowhere, ""); err == nil {
		t.Error("a missing path was read without an error")
	}
}

func (s suite) canary(t *testing.T) {
	if s.Canary == "" {
		s.explained(t)
		return
	}
	found, fixture := false, os.DirFS(s.Fixture)
	err := fs.WalkDir(fixture, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(fixture, path)
		found = found || strings.Contains(string(content), s.Canary)
		return err
	})
	if err != nil || !found {
		t.Fatalf("the canary %q is not in the fixture (%v)", s.Canary, err)
	}
	rec, next := s.read(t, s.at(t, s.BadRow), "")
	leaks := append(rec.Lines(), next)
	for _, r := range rec.Rejected {
		leaks = append(leaks, r.Reason, r.Row, r.Field)
	}
	for _, text := range leaks {
		if strings.Contains(text, s.Canary) {
			t.Errorf("the body text %q left the connector: %.200s", s.Canary, text)
		}
	}
}

func (s suite) cancel(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := Read(ctx, s.at(t, nil), ""); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: got %v, want %v", err, context.Canceled)
	}
}

// sinkError fails the first, second, third … call until a run passes.
func (s suite) sinkError(t *testing.T) {
	full := errors.New("disk is full")
	src := s.at(t, nil)
	for n := 1; n <= 200; n++ {
		failed := false
		rec := &Recorder{Fail: func(call int) error {
			if call == n {
				failed = true
				return full
			}
			if call > n {
				t.Errorf("call %d came after call %d had failed", call, n)
			}
			return nil
		}}
		_, err := src.Read(t.Context(), "", rec)
		if !failed {
			return
		}
		if !errors.Is(err, full) {
			t.Fatalf("call %d of the sink failed: got %v, want its error", n, err)
		}
	}
}

func (s suite) explained(t *testing.T) {
	t.Helper()
	if s.Why == "" {
		t.Errorf("nothing is given to check this with: set it, or say why not")
		return
	}
	t.Logf("not checked: %s", s.Why)
}

// diff reports the lines only one side has.
func diff(t *testing.T, want, got []string) {
	t.Helper()
	count := map[string]int{}
	for _, l := range want {
		count[l]++
	}
	shown := 0
	for _, l := range got {
		if count[l]--; count[l] < 0 && shown < 20 {
			t.Errorf("unexpected: %s", l)
			shown++
		}
	}
	for _, l := range want {
		if count[l] > 0 && shown < 40 {
			t.Errorf("missing: %s", l)
			count[l]--
			shown++
		}
	}
}

func clone(m map[string]any) map[string]any {
	out := make(map[string]any, len(m)+1)
	maps.Copy(out, m)
	return out
}
