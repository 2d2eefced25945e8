package jobs

import (
	"context"
	"fmt"
	"time"

	"credence/attribution"
	"credence/warehouse"
)

// inspect looks at the open database for doctor: the schema it has, that no
// index was ever created (after a crash one can answer wrongly), how far its
// figures are, and when it was last backed up and checked. It writes nothing.
func (j *Jobs) inspect(ctx context.Context, _ Call, out Out) error {
	state, err := j.Warehouse.Schema(ctx)
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	line := func(what, format string, args ...any) {
		fmt.Fprintf(out.Stdout, "%-14s %s\n", what, fmt.Sprintf(format, args...)) //nolint:errcheck // nobody to tell
	}
	switch {
	case len(state.Unknown) > 0:
		return fmt.Errorf("it has schema %d: %w", state.Version, warehouse.ErrNewerSchema)
	case len(state.Missing) > 0: // what it lacks cannot be asked
		line("schema", "version %d; the next start copies the database aside and applies %d migrations", state.Version, len(state.Missing))
		return nil
	}
	return j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		var indexes int64
		if err := s.QueryRowContext(ctx, "select count(*) from duckdb_indexes()").Scan(&indexes); err != nil {
			return fmt.Errorf("list indexes: %w", err)
		}
		line("schema", "version %d", state.Version)
		switch {
		case s.Generation == 0:
			line("figures", "none yet: run credence sync, then credence refresh")
		case s.Stale:
			line("figures", "generation %d of %s, derived by another version: the next serve derives them anew", s.Generation, stamp(s.RefreshedAt))
		default:
			line("figures", "generation %d of %s", s.Generation, stamp(s.RefreshedAt))
		}
		if err := j.inspectSettings(ctx, s, out); err != nil {
			return err
		}
		if err := j.inspectDeeds(ctx, s, line); err != nil {
			return err
		}
		if indexes > 0 {
			return fmt.Errorf("the database has %d indexes that Credence did not make; after a crash they answer wrongly: drop them", indexes)
		}
		line("indexes", "none, as it must be")
		return nil
	})
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// inspectDeeds says what was done to the file, and which sources are still to
// be read whole for it.
func (j *Jobs) inspectDeeds(ctx context.Context, s *warehouse.Snapshot, line func(what, format string, args ...any)) error {
	deeds, err := warehouse.Deeds(ctx, s)
	if err != nil {
		return err
	}
	backup, check := "none yet: credence backup FILE", "none yet: a server checks every night; credence check does it now"
	for _, d := range deeds {
		switch d.Kind {
		case warehouse.DeedBackup:
			backup = fmt.Sprintf("%s of %s, %.1f MiB", d.File, stamp(d.At), float64(d.Bytes)/(1<<20))
			if j.Now().Sub(d.At) > 7*24*time.Hour {
				backup += "; that is more than a week ago"
			}
		case warehouse.DeedCheck:
			check = fmt.Sprintf("%s, %s", stamp(d.At), d.Detail)
		case warehouse.DeedRestore:
			line("restored", "from %s, %s", d.File, stamp(d.At))
		case warehouse.DeedSetAside:
			line("log set aside", "%s, %s", d.File, stamp(d.At))
		}
	}
	line("last backup", "%s", backup)
	line("nightly check", "%s", check)
	var anew string
	if err := questions.Get("sources_to_read_anew").One(ctx, s, nil, &anew); err != nil {
		return err
	}
	if anew != "" {
		line("to be synced", "%s: the next sync reads them whole", anew)
	}
	return nil
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
