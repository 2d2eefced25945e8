package warehouse_test

import (
	"context"
	"errors"
	"fmt"
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
	n, err := strconv.Atoi(strings.SplitN(filepath.Base(file), "_", 2)[0])
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
func older(t *testing.T, path string, files []string) (content map[string]string) {
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
	content = contents(t.Context(), t, db, columnsOf(t.Context(), t, db))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return content
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
	rows, err := q.QueryContext(ctx, "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'main' and not internal and database_name = current_database() order by table_name, column_index")
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

// contents is every table's rows in those columns, as one text.
func contents(ctx context.Context, t *testing.T, q sqlfile.Querier, tables map[string][][2]string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for table, columns := range tables {
		names := make([]string, len(columns))
		for i, c := range columns {
			names[i] = "coalesce(cast(x." + c[0] + " as varchar), 'null')"
		}
		line := "concat_ws(' | ', " + strings.Join(names, ", ") + ")"
		var text string
		query := "select coalesce(string_agg(" + line + ", chr(10) order by " + line + "), '') from " + table + " x"
		if table == "schema_version" {
			query += " where x.applied_at = timestamp '2026-01-01 00:00:00'"
		}
		if err := q.QueryRowContext(ctx, query).Scan(&text); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		out[table] = text
	}
	return out
}

// From every earlier schema the newest is reached with every value as it was,
// and the database of before is kept as a copy.
func TestUpgradeFromEverySchema(t *testing.T) {
	t.Parallel()
	files := schemaFiles(t)
	for n := 1; n < len(files); n++ {
		t.Run(filepath.Base(files[n-1]), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "c.db")
			before := older(t, path, files[:n])
			e, err := duckdb.Open(path, duckdb.Options{Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			w, err := warehouse.Open(t.Context(), e)
			if err != nil {
				t.Fatalf("upgrade: %v", err)
			}
			state, err := w.Schema(t.Context())
			if err != nil || len(state.Missing) > 0 || state.Version != number(t, files[len(files)-1]) {
				t.Errorf("schema after the upgrade: %+v, %v", state, err)
			}
			kept := fmt.Sprintf("%s.d/backup/%s%04d.db", path, warehouse.BeforeSchema, number(t, files[n-1])+1)
			err = e.Look(t.Context(), kept, func(ctx context.Context, q sqlfile.Querier) error {
				if got := contents(ctx, t, q, columnsOf(ctx, t, q)); !maps.Equal(got, before) {
					t.Errorf("the copy of before differs")
				}
				return nil
			})
			if err != nil {
				t.Errorf("the copy of before: %v", err)
			}
			if err = w.Close(); err != nil {
				t.Fatal(err)
			}

			e, err = duckdb.Open(path, duckdb.Options{Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close() //nolint:errcheck // read only from here on
			now := columnsOf(t.Context(), t, e.DB())
			old := map[string][][2]string{}
			err = e.Look(t.Context(), kept, func(ctx context.Context, q sqlfile.Querier) error {
				old = columnsOf(ctx, t, q)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for table, columns := range old {
				for _, c := range columns {
					if !slices.Contains(now[table], c) {
						t.Errorf("column %s.%s is gone", table, c[0])
					}
				}
			}
			if !t.Failed() {
				for table, text := range contents(t.Context(), t, e.DB(), old) {
					if text != before[table] {
						t.Errorf("%s holds\n%s\nwant\n%s", table, text, before[table])
					}
				}
			}
		})
	}
}

// A migration that landed after one of a higher number is still applied.
func TestALateMigrationIsApplied(t *testing.T) {
	t.Parallel()
	files := schemaFiles(t)
	path := filepath.Join(t.TempDir(), "c.db")
	older(t, path, slices.Concat(files[:6], files[7:]))
	e, err := duckdb.Open(path, duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	if state, serr := w.Schema(t.Context()); serr != nil || len(state.Missing) > 0 {
		t.Errorf("schema: %+v, %v", state, serr)
	}
	if err := w.Close(); err != nil {
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
