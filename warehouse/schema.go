package warehouse

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"credence/warehouse/sqlfile"
	"credence/warehouse/step"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// ErrNewerSchema says that a newer program has changed the database.
var ErrNewerSchema = errors.New("the database was changed by a newer Credence: start that one, or restore a backup that this one made")

// migration is one file of schema/, applied once to every database.
type migration struct {
	version int
	name    string
	text    string
}

// migrations lists them by number. Numbers are given out before the files are
// written, so they may have gaps for a while.
var migrations = mustMigrations()

func mustMigrations() []migration {
	names, err := fs.Glob(schemaFiles, "schema/*.sql") // sorted by name
	if err != nil {
		panic("warehouse: " + err.Error())
	}
	var list []migration
	for _, name := range names {
		text, err := fs.ReadFile(schemaFiles, name)
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "schema/"), "_")
		version, bad := strconv.Atoi(number)
		if err != nil || bad != nil || len(list) > 0 && version <= list[len(list)-1].version {
			panic("warehouse: " + name + " must begin with a number of its own")
		}
		list = append(list, migration{version, name, string(text)})
	}
	return list
}

// SchemaState is which migrations a database has, against those of this program.
type SchemaState struct {
	Version int   // the newest that the database has; 0 when it is new
	Missing []int // of this program, not yet applied
	Unknown []int // applied by a newer program
}

// schemaState reads it. An empty database has no schema_version yet.
func schemaState(ctx context.Context, q sqlfile.Querier) (SchemaState, error) {
	var state SchemaState
	var tables int
	err := q.QueryRowContext(ctx, "select count(*) from information_schema.tables where table_name = 'schema_version'").Scan(&tables)
	if err != nil {
		return state, fmt.Errorf("look for schema_version: %w", err)
	}
	var have []int
	if tables > 0 {
		if have, err = versions(ctx, q); err != nil {
			return state, fmt.Errorf("read schema_version: %w", err)
		}
	}
	for _, m := range migrations {
		if !slices.Contains(have, m.version) {
			state.Missing = append(state.Missing, m.version)
		}
	}
	for _, v := range have {
		state.Version = max(state.Version, v)
		if !slices.ContainsFunc(migrations, func(m migration) bool { return m.version == v }) {
			state.Unknown = append(state.Unknown, v)
		}
	}
	return state, nil
}

func versions(ctx context.Context, q sqlfile.Querier) (have []int, err error) {
	rows, err := q.QueryContext(ctx, "select version from schema_version order by version")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var v int
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		have = append(have, v)
	}
	return have, rows.Err()
}

// migrate brings the database to the newest schema, one file a transaction,
// and refuses a database that a newer program has changed. Before anything is
// changed the engine copies the database aside; after it the file is closed and
// opened again, so that no log ever holds both a change of tables and data of them.
func (w *Warehouse) migrate(ctx context.Context) error {
	state, err := schemaState(ctx, w.engine.DB())
	if err != nil {
		return err
	}
	if len(state.Unknown) > 0 {
		return fmt.Errorf("it has schema %d, this program knows %d: %w", state.Version, migrations[len(migrations)-1].version, ErrNewerSchema)
	}
	if len(state.Missing) == 0 {
		return nil
	}
	if state.Version > 0 {
		if err = w.keepBefore(ctx, state.Version); err != nil {
			return err
		}
	}
	step.At("before migrations")
	err = w.Write(ctx, func(tx *Tx) error {
		_, err = tx.ExecContext(ctx, "create table if not exists schema_version (version integer not null, applied_at timestamp not null)")
		return err
	})
	if err != nil {
		return fmt.Errorf("create schema_version: %w", err)
	}
	for _, m := range migrations {
		if !slices.Contains(state.Missing, m.version) {
			continue
		}
		err = w.Write(ctx, func(tx *Tx) error {
			if _, err = tx.ExecContext(ctx, m.text); err != nil {
				return err
			}
			step.At("migration applied")
			_, err = tx.ExecContext(ctx, "insert into schema_version select cast(? as integer), cast(now() as timestamp)", m.version)
			return err
		})
		if err != nil {
			return fmt.Errorf("apply %s: %w", m.name, err)
		}
		step.At("migration committed")
		if err = w.engine.Checkpoint(ctx); err != nil {
			return fmt.Errorf("checkpoint %s: %w", m.name, err)
		}
		step.At("migration folded in")
	}
	if err = w.engine.Reopen(); err != nil {
		return fmt.Errorf("open it again after its schema changed: %w", err)
	}
	return nil
}

// keepBefore copies the database aside before its schema is changed. The copy
// of the same schema is replaced: it was of a migration that did not end.
func (w *Warehouse) keepBefore(ctx context.Context, version int) error {
	name := fmt.Sprintf("%s%04d.db", BeforeSchema, version+1)
	c, err := w.Copy(ctx, name)
	if errors.Is(err, ErrNoFile) {
		return nil
	}
	if err == nil {
		err = w.engine.Keep(c.Path, name)
	}
	if err != nil {
		return fmt.Errorf("keep the database as it was before its schema changes: %w", err)
	}
	return nil
}

// BeforeSchema begins the name of the copies that are made before a migration.
const BeforeSchema = "before-schema-"

// Schema tells which migrations the database has.
func (w *Warehouse) Schema(ctx context.Context) (SchemaState, error) {
	return schemaState(ctx, w.engine.DB())
}
