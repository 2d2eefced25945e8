package jobs

import (
	"context"
	"fmt"

	"credence/warehouse"
)

// inspect looks at the open database for doctor: the schema it has, that no
// index was ever created (after a crash one can answer wrongly), and how far
// its figures are.
func (j *Jobs) inspect(ctx context.Context, _ Call, out Out) error {
	return j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		var version, indexes int64
		if err := s.QueryRowContext(ctx, "select max(version) from schema_version").Scan(&version); err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		if err := s.QueryRowContext(ctx, "select count(*) from duckdb_indexes()").Scan(&indexes); err != nil {
			return fmt.Errorf("list indexes: %w", err)
		}
		figures := "none yet: run credence sync, then credence refresh"
		if s.Generation > 0 {
			figures = fmt.Sprintf("generation %d of %s", s.Generation, s.RefreshedAt.UTC().Format("2006-01-02 15:04 UTC"))
		}
		fmt.Fprintf(out.Stdout, "%-14s version %d\n%-14s %s\n", "schema", version, "figures", figures) //nolint:errcheck // nobody to tell
		if indexes > 0 {
			return fmt.Errorf("the database has %d indexes that Credence did not make; after a crash they answer wrongly: drop them", indexes)
		}
		fmt.Fprintf(out.Stdout, "%-14s none, as it must be\n", "indexes") //nolint:errcheck // nobody to tell
		return nil
	})
}
