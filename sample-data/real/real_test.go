// Package real_test loads each public data set under ../shared/data by its
// configuration and compares the result with what the files say.
package real_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/connectors/sync"
	"credence/server/config"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// loaded is a data set in a warehouse of its own.
type loaded struct {
	*testing.T
	config    config.Config
	warehouse *warehouse.Warehouse
	runs      []warehouse.Run
}

// load syncs the configuration called name twice, refreshes, and checks that
// the second sync changed nothing.
func load(t *testing.T, name string) loaded {
	t.Helper()
	if _, err := os.Stat("../../../shared/data/README.md"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("../shared/data is absent: the real data sets are not tested (see sample-data/real/README.md for where they come from)")
		}
		t.Skip("../shared/data is absent: the real data sets are not tested (see sample-data/real/README.md for where they come from)")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.ReadIn(dir, name+".yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := open(t, c)
	l.runs = l.sync()
	for _, run := range l.sync() {
		if run.Changed != 0 {
			t.Errorf("%s: the second sync of %s changed %d records, want 0", name, run.Source, run.Changed)
		}
	}
	l.refresh()
	return l
}

func open(t *testing.T, c config.Config) loaded {
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
	return loaded{T: t, config: c, warehouse: w}
}

func (l loaded) sync() []warehouse.Run {
	l.Helper()
	var sources []sync.Configured
	for i, s := range l.config.Sources {
		sources = append(sources, sync.Configured{Name: s.Name, Kind: s.Kind, Priority: i, Settings: s.Settings})
	}
	env := connectors.Env{BaseDir: l.config.BaseDir(), Currency: l.config.Company.Currency, Location: l.config.Company.Location(), Domains: l.config.Company.Domains, Now: now}
	runs, err := sync.Run(context.Background(), l.warehouse, sources, env, sync.Options{Full: true}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		l.Fatal(err)
	}
	return runs
}

func (l loaded) refresh() {
	l.Helper()
	s := warehouse.Settings{Company: l.config.Calendar(), Currency: l.config.Company.Currency, Domains: l.config.Company.Domains, Margin: l.config.Efficiency.Margin}
	for _, src := range l.config.Sources {
		s.Sources = append(s.Sources, src.Name)
	}
	if _, err := l.warehouse.Refresh(context.Background(), s, now); err != nil {
		l.Fatal(err)
	}
}

// rows answers a query as lines of text with fields joined by "|".
func (l loaded) rows(query string) []string {
	l.Helper()
	var out []string
	err := l.warehouse.Read(context.Background(), func(s *warehouse.Snapshot) error {
		rows, err := s.QueryContext(context.Background(), query)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			fields, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range fields {
				into[i] = &fields[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			line := make([]string, len(fields))
			for i, f := range fields {
				switch v := f.(type) {
				case nil:
				case float64:
					line[i] = fmt.Sprintf("%.6f", v)
				case time.Time:
					line[i] = v.UTC().Format(time.RFC3339)
				default:
					line[i] = fmt.Sprint(v)
				}
			}
			out = append(out, strings.Join(line, "|"))
		}
		return rows.Err()
	})
	if err != nil {
		l.Fatalf("%s: %v", query, err)
	}
	return out
}

// is checks that a query answers one line.
func (l loaded) is(what, query, want string) {
	l.Helper()
	if got := strings.Join(l.rows(query), "; "); got != want {
		l.Errorf("%s: got %s, want %s", what, got, want)
	}
}

// read checks the rows read and rejected of each file of the first sync.
func (l loaded) read(want map[string][2]int64) {
	l.Helper()
	seen := map[string]bool{}
	for _, run := range l.runs {
		for _, f := range run.Files {
			l.Logf("%-14s %-60s read %6d  kept %6d  rejected %4d", run.Source, f.File, f.Read, f.Kept, f.Rejected)
			seen[f.File] = true
			w, known := want[f.File]
			if !known {
				l.Errorf("%s was read; nothing was expected of it", f.File)
			} else if f.Read != w[0] || f.Rejected != w[1] || f.Kept != f.Read-f.Rejected {
				l.Errorf("%s: read %d, kept %d, rejected %d; want %d read, %d rejected", f.File, f.Read, f.Kept, f.Rejected, w[0], w[1])
			}
		}
	}
	for name := range want {
		if !seen[name] {
			l.Errorf("%s was not read", name)
		}
	}
}

// table reads a file of a data set directly, as rows by column name.
func table(t *testing.T, set, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", set, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	out := make([]map[string]string, 0, len(rows)-1)
	for _, r := range rows[1:] {
		m := make(map[string]string, len(r))
		for i, c := range rows[0] {
			m[c] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// tally counts won and lost by key and sums the value of the won.
type tally struct{ won, lost, value int }

// lines are the tallies as text, in order of their keys.
func lines(of map[string]*tally) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(of)) {
		x := of[key]
		out = append(out, fmt.Sprintf("%s|%d|%d|%.6f|%d", key, x.won, x.lost, float64(x.won)/float64(x.won+x.lost), x.value))
	}
	return out
}
