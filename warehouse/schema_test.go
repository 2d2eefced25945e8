package warehouse_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"credence/warehouse"
	"credence/warehouse/duckdb"
	"credence/warehouse/sqlfile"
)

// schemaFiles are the migrations in their order.
func schemaFiles(t *testing.T) (files []string) {
	t.Helper()
	files, err := filepath.Glob("schema/*.sql")
	if err != nil || len(files) < 8 {
		t.Fatalf("list migrations: %v, %v", files, err)
	}
	return files
}

func number(t *testing.T, file string) int {
	t.Helper()
	n, err := strconv.Atoi(filepath.Base(file)[:4])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func exec(t *testing.T, q sqlfile.Querier, statement string, args ...any) {
	t.Helper()
	if _, err := q.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// older makes a database as the program of the given migrations left it, with
// three rows in every table, and closes it.
func older(t *testing.T, path string, files []string) {
	t.Helper()
	e, err := duckdb.Open(path, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	db := e.DB()
	exec(t, db, "create table schema_version (version integer not null, applied_at timestamp not null)")
	for _, file := range files {
		text, rerr := os.ReadFile(file)
		if rerr != nil {
			t.Fatal(rerr)
		}
		exec(t, db, string(text))
		exec(t, db, "insert into schema_version values (?, timestamp '2026-01-01 00:00:00')", number(t, file))
	}
	for table, columns := range columnsOf(t.Context(), t, db) {
		if table == "schema_version" || table == "generation" {
			continue
		}
		for n := range 3 {
			values := make([]string, len(columns))
			for i, c := range columns {
				values[i] = valueOf(c[1], n)
			}
			exec(t, db, "insert into "+table+" values ("+strings.Join(values, ", ")+")")
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// valueOf is the nth value of a column of the type.
func valueOf(kind string, n int) string {
	switch kind {
	case "VARCHAR":
		return fmt.Sprintf("'text %d'", n)
	case "BOOLEAN":
		return fmt.Sprint(n%2 == 0)
	case "DATE":
		return fmt.Sprintf("date '2026-01-0%d'", n+1)
	case "TIMESTAMP":
		return fmt.Sprintf("timestamp '2026-01-01 00:00:0%d'", n)
	}
	return strconv.Itoa(n + 1)
}

// columnsOf is every table with its columns and their types.
func columnsOf(ctx context.Context, t *testing.T, q sqlfile.Querier) map[string][][2]string {
	t.Helper()
	rows, err := q.QueryContext(ctx, "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'main' and not internal and database_name = current_database() and table_name in (select x.table_name from duckdb_tables() x) order by table_name, column_index")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	tables := map[string][][2]string{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			t.Fatal(err)
		}
		tables[table] = append(tables[table], [2]string{column, kind})
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tables
}

// contents is every table's rows in those columns: how many, and their sum.
func contents(ctx context.Context, t *testing.T, q sqlfile.Querier, tables map[string][][2]string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for table, columns := range tables {
		names := make([]string, len(columns))
		for i, c := range columns {
			names[i] = "x." + c[0]
		}
		var text string
		query := "select count(*) || ' rows, sum ' || coalesce(sum(cast(hash(" + strings.Join(names, ", ") + ") as hugeint)), 0) from " + table + " x"
		if err := q.QueryRowContext(ctx, query).Scan(&text); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		out[table] = text
	}
	return out
}

// unzip writes a golden database to path.
func unzip(t *testing.T, golden, path string) {
	t.Helper()
	f, err := os.Open(golden)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Every database of testdata/schema was written by the program that had that
// schema. The newest is reached from each with every value as it was, and the
// database of before is kept as a copy. A schema that is not the newest any more
// needs such a file: see CONTRIBUTING.md. make upgrades takes all of them; else it is
// the oldest, and one whose migrations did not land in the order of their numbers.
func TestUpgradeFromEverySchema(t *testing.T) {
	t.Parallel()
	files := schemaFiles(t)
	newest := number(t, files[len(files)-1])
	golden, err := filepath.Glob("testdata/schema/*.db.gz")
	if err != nil || len(golden) == 0 {
		t.Fatalf("list golden databases: %v, %v", golden, err)
	}
	for _, file := range files[:len(files)-1] {
		if n := number(t, file); !slices.ContainsFunc(golden, func(g string) bool { return number(t, g) >= n }) {
			t.Errorf("no database of schema %d or later is in testdata/schema: run make schema-golden with the last program that has it", n)
		}
	}
	if os.Getenv("UPGRADES") != "long" {
		golden = []string{golden[0], "testdata/schema/0012-without-0011.db.gz"}
	}
	for _, g := range golden {
		t.Run(filepath.Base(g), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "c.db")
			unzip(t, g, path)
			e, err := duckdb.OpenReadOnly(path, duckdb.Options{Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			old := columnsOf(t.Context(), t, e.DB())
			before := contents(t.Context(), t, e.DB(), old)
			was, err := warehouse.OpenAsIs(e).Schema(t.Context())
			if err = errors.Join(err, e.Close()); err != nil {
				t.Fatal(err)
			}

			if e, err = duckdb.Open(path, duckdb.Options{Threads: 1}); err != nil {
				t.Fatal(err)
			}
			w, err := warehouse.Open(t.Context(), e)
			if err != nil {
				t.Fatalf("upgrade: %v", err)
			}
			defer w.Close() //nolint:errcheck // read only from here on
			if state, serr := w.Schema(t.Context()); serr != nil || len(state.Missing) > 0 || state.Version != newest {
				t.Errorf("schema after the upgrade: %+v, %v", state, serr)
			}
			for table := range old { // what a refresh makes anew, and what says that it must
				if strings.HasPrefix(table, "journey_") || table == "generation" || table == "schema_version" {
					delete(old, table)
				}
			}
			now := columnsOf(t.Context(), t, e.DB())
			for table, columns := range old {
				for _, c := range columns {
					if !slices.Contains(now[table], c) {
						t.Fatalf("column %s.%s is gone", table, c[0])
					}
				}
			}
			after := contents(t.Context(), t, e.DB(), old)
			for table, text := range after {
				if text != before[table] {
					t.Errorf("%s holds %s, want %s", table, text, before[table])
				}
			}
			if len(was.Missing) == 0 {
				return
			}
			kept := fmt.Sprintf("%s.d/backup/%s%04d.db", path, warehouse.BeforeSchema, was.Version+1)
			err = e.Look(t.Context(), kept, func(ctx context.Context, q sqlfile.Querier) error {
				if got := contents(ctx, t, q, columnsOf(ctx, t, q)); !maps.Equal(got, before) {
					t.Errorf("the copy of before differs")
				}
				return nil
			})
			if err != nil {
				t.Errorf("the copy of before: %v", err)
			}
		})
	}
}

// reopened counts how often its file is opened again.
type reopened struct {
	*duckdb.Engine
	times int
}

func (e *reopened) Reopen() error {
	e.times++
	return e.Engine.Reopen()
}

// A migration that landed after one of a higher number is still applied. After
// migrations the file is opened again, once, and only then: over a log of changed
// tables and their data the engine can end its process.
func TestALateMigrationIsApplied(t *testing.T) {
	t.Parallel()
	files := schemaFiles(t)
	path := filepath.Join(t.TempDir(), "c.db")
	older(t, path, slices.Concat(files[:6], files[7:]))
	e, err := duckdb.Open(path, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	counted := &reopened{Engine: e}
	for _, start := range []string{"with a migration to apply", "with none"} {
		w, err := warehouse.Open(t.Context(), counted)
		if err != nil {
			t.Fatal(err)
		}
		if state, serr := w.Schema(t.Context()); serr != nil || len(state.Missing) > 0 {
			t.Errorf("schema: %+v, %v", state, serr)
		}
		if counted.times != 1 {
			t.Errorf("started %s, the file was opened again %d times, want once in all", start, counted.times)
		}
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// A database that a newer program has changed is refused, and not a byte of it
// is changed.
func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c.db")
	older(t, path, schemaFiles(t))
	e, err := duckdb.Open(path, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, e.DB(), "insert into schema_version values (9999, timestamp '2027-01-01 00:00:00')")
	if err = e.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err = duckdb.Open(path, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = warehouse.Open(t.Context(), e); !errors.Is(err, warehouse.ErrNewerSchema) || !strings.Contains(err.Error(), "it has schema 9999") {
		t.Errorf("opened: %v, want %v", err, warehouse.ErrNewerSchema)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was changed, %v", err)
	}
}
