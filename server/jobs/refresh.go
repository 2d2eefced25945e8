package jobs

import (
	"context"
	"fmt"

	"credence/attribution"
	"credence/performance"
	"credence/server/config"
	"credence/warehouse"
)

// refresh derives people, touches, journeys and the ledger anew.
func (j *Jobs) refresh(ctx context.Context, _ Call, out Out) error {
	begun := j.Now()
	out.progress(Progress{Label: "refresh"})
	g, err := j.Refresh(ctx)
	if err != nil {
		return err
	}
	out.progress(Progress{Label: "refresh", Done: 1, Total: 1})
	out.Say("refreshed: generation %d in %s", g, j.Now().Sub(begun).Round(1e7))
	return nil
}

// Refresh is the refresh without words, for the server's start.
func (j *Jobs) Refresh(ctx context.Context) (generation int64, err error) {
	return j.refreshAfter(ctx, nil)
}

// refreshAfter derives everything anew after first changed the records, in one
// transaction.
func (j *Jobs) refreshAfter(ctx context.Context, first func(context.Context, *warehouse.Tx) error) (generation int64, err error) {
	settings := WarehouseSettings(j.Config)
	now := j.Now().UTC()
	settings.First = first
	settings.KeepPersonFrom = now.Add(-days(j.Config.Privacy.RetentionDays.Activities))
	g, err := j.Warehouse.Refresh(ctx, settings, now,
		func(ctx context.Context, tx *warehouse.Tx) error {
			inForce, ferr := attribution.SettingsInForce(ctx, tx, j.Config.Attribution)
			if ferr != nil {
				return ferr
			}
			return attribution.Build(ctx, tx, inForce.Settings, now)
		},
		func(ctx context.Context, tx *warehouse.Tx) error {
			return performance.Build(ctx, tx, j.Config.Calendar())
		},
		func(ctx context.Context, tx *warehouse.Tx) error { return j.noteMerges(ctx, tx, now) },
		func(ctx context.Context, tx *warehouse.Tx) error { return j.noteRules(ctx, tx, now) },
		func(ctx context.Context, tx *warehouse.Tx) error { return j.forgetOld(ctx, tx, now) })
	if err != nil {
		return 0, fmt.Errorf("refresh: %w", err)
	}
	return g.Number, nil
}

// WarehouseSettings are the settings of a refresh in a configuration.
func WarehouseSettings(c config.Config) warehouse.Settings {
	s := warehouse.Settings{Company: c.Calendar(), Currency: c.Company.Currency, Domains: c.Company.Domains, Margin: c.Efficiency.Margin}
	for _, src := range c.Sources {
		s.Sources = append(s.Sources, src.Name)
	}
	return s
}

// EfficiencySettings are the settings of marketing efficiency in a configuration.
func EfficiencySettings(c config.Config) attribution.EfficiencySettings {
	return attribution.EfficiencySettings{Company: c.Calendar(), MER: c.Efficiency.MER, Margin: c.Efficiency.Margin, Salaries: c.Efficiency.Salaries}
}
