package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"credence/warehouse"
)

// Build makes touch, touch_source, journey, credit and the tables behind them
// from the resolved tables of the warehouse, inside the refresh transaction tx.
// now is the end of open deals' windows; later acts earn nothing. The same
// tables, settings and now give the same rows, whatever their order and however
// many threads the engine has.
func Build(ctx context.Context, tx *warehouse.Tx, s Settings, now time.Time) error {
	if err := s.Validate(); err != nil {
		return err
	}
	now = now.UTC().Truncate(time.Second)
	named := func(name string, args ...sql.NamedArg) error {
		if err := questions.Get(name).Exec(ctx, tx, args...); err != nil {
			return fmt.Errorf("attribute: %w", err)
		}
		return nil
	}

	if err := named("dialect_duckdb"); err != nil {
		return err
	}
	if err := settle(ctx, tx, s, now, ""); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}

	// Touches: every act once.
	if err := named("graded_act", sql.Named("now", now)); err != nil {
		return err
	}
	for _, name := range []string{"weak_run", "anchored_act", "keyed_act", "counted_act", "shared_act", "merged_act", "spoken_act"} {
		if err := named(name); err != nil {
			return err
		}
	}
	if err := judged("touch", "seen", s).Exec(ctx, tx); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	for _, name := range []string{"touch_source", "touch_person"} {
		if err := named(name); err != nil {
			return err
		}
	}

	// Journeys: the eligible touches of every deal in order, once for all models.
	err := named("deal_window", sql.Named("now", now), sql.Named("lookback_days", s.LookbackDays),
		sql.Named("anchor", s.Anchor), sql.Named("people", s.People))
	if err != nil {
		return err
	}
	if err := named("counting_touch", sql.Named("touches", s.Touches)); err != nil {
		return err
	}
	for _, name := range []string{"pair_" + s.People, "path_" + s.Path, "step", "journey_shape"} {
		if err := named(name); err != nil {
			return err
		}
	}

	if err := learn(ctx, tx, s, now, Models); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}

	if err := learnEffects(ctx, tx, s); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}

	// The ledger: weights and exact money of every model, then what is left.
	if err := journeyTouch(Models).Exec(ctx, tx, weighedBy(s)...); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	if err := journeyDeal(Models).Exec(ctx, tx); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	for _, name := range []string{"suspected", "suspected_touch", "suspected_deal", "journey_view"} {
		if err := named(name); err != nil {
			return err
		}
	}
	if err := creditView().Exec(ctx, tx); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	for _, name := range []string{"graded_act", "weak_run", "anchored_act", "keyed_act", "counted_act", "shared_act", "merged_act", "spoken_act", "deal_window", "counting_touch", "pair", "path", "step", "journey_shape", "journey_channel", "learned_channel", "learned_touch", "learned_deal", "learned_node", "suspected"} {
		if _, err := tx.ExecContext(ctx, "drop table if exists temp."+name); err != nil {
			return fmt.Errorf("attribute: drop %s: %w", name, err)
		}
	}
	if _, err := tx.ExecContext(ctx, "drop view if exists temp.numbered_act"); err != nil {
		return fmt.Errorf("attribute: drop numbered_act: %w", err)
	}
	return nil
}

// weighedBy is the parameters of the weights of models.
func weighedBy(s Settings) []sql.NamedArg {
	return []sql.NamedArg{
		sql.Named("half_life_s", s.HalfLifeDays*86400),
		sql.Named("custom_first", s.Custom.First), sql.Named("custom_lead", s.Custom.Lead), sql.Named("custom_creation", s.Custom.Creation),
		sql.Named("custom_close", s.Custom.Close), sql.Named("custom_others", s.Custom.Others),
	}
}
