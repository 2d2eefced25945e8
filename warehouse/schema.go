package warehouse

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// migrate brings the database to the newest schema, one numbered file a
// transaction, and refuses a database that a newer binary has changed.
func (w *Warehouse) migrate(ctx context.Context) error {
	files, err := fs.Glob(schemaFiles, "schema/*.sql") // sorted by name
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	var have int
	err = w.Write(ctx, func(tx *Tx) error {
		if _, err = tx.ExecContext(ctx, "create table if not exists schema_version (version integer not null, applied_at timestamp not null)"); err != nil {
			return fmt.Errorf("create schema_version: %w", err)
		}
		return tx.QueryRowContext(ctx, "select coalesce(max(version), 0) from schema_version").Scan(&have)
	})
	if err != nil {
		return err
	}
	if have > len(files) {
		return fmt.Errorf("the database has schema %d, this binary knows %d: start a newer credence", have, len(files))
	}
	for i := have; i < len(files); i++ {
		text, err := fs.ReadFile(schemaFiles, files[i])
		if err != nil {
			return fmt.Errorf("read %s: %w", files[i], err)
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(files[i], "schema/"), "_")
		if n, bad := strconv.Atoi(number); bad != nil || n != i+1 {
			return fmt.Errorf("migration %s must be number %d", files[i], i+1)
		}
		err = w.Write(ctx, func(tx *Tx) error {
			if _, err = tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("apply %s: %w", files[i], err)
			}
			_, err = tx.ExecContext(ctx, "insert into schema_version select cast(? as integer), cast(now() as timestamp)", i+1)
			return err
		})
		if err != nil {
			return err
		}
		if err = w.engine.Checkpoint(ctx); err != nil {
			return fmt.Errorf("checkpoint %s: %w", files[i], err)
		}
	}
	return nil
}
