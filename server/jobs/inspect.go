package jobs

import (
	"context"
	"fmt"

	"credence/attribution"
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
		if err := j.inspectSettings(ctx, s, out); err != nil {
			return err
		}
		if indexes > 0 {
			return fmt.Errorf("the database has %d indexes that Credence did not make; after a crash they answer wrongly: drop them", indexes)
		}
		fmt.Fprintf(out.Stdout, "%-14s none, as it must be\n", "indexes") //nolint:errcheck // nobody to tell
		return nil
	})
}

// inspectSettings says which attribution settings hold, and whether the figures
// stand on them.
func (j *Jobs) inspectSettings(ctx context.Context, s *warehouse.Snapshot, out Out) error {
	inForce, err := attribution.SettingsInForce(ctx, s, j.Config.Attribution)
	if err != nil {
		return err
	}
	from := "of the configuration"
	if inForce.Saved {
		from = fmt.Sprintf("saved %s by %s", inForce.Last.At.Format("2006-01-02 15:04 UTC"), inForce.Last.Email)
		if inForce.FileEdited {
			from += "; those of the configuration were edited since and do not hold"
		}
	}
	if s.Generation > 0 {
		built, _, err := attribution.BuiltWith(ctx, s)
		if err != nil {
			return err
		}
		if !built.Equal(inForce.Settings) {
			from += "; the figures stand on others: run credence refresh"
		}
	}
	fmt.Fprintf(out.Stdout, "%-14s %s, %s (%s)\n", "settings", inForce.Settings.Model, inForce.Settings.Line(), from) //nolint:errcheck // nobody to tell
	return nil
}
