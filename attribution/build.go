package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
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
	if err := settle(ctx, tx, s, now, ""); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	if err := seeTouches(ctx, tx, s, now); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	if err := storeLedger(ctx, tx, s, now); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	return nil
}

// all runs statements without parameters, one after the other.
func all(ctx context.Context, q sqlfile.Querier, statements ...*sqlfile.Statement) error {
	for _, st := range statements {
		if err := st.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// called are the statements of these names.
func called(names ...string) []*sqlfile.Statement {
	out := make([]*sqlfile.Statement, len(names))
	for i, name := range names {
		out[i] = questions.Get(name)
	}
	return out
}

// seeTouches makes touch: every act once.
func seeTouches(ctx context.Context, tx *warehouse.Tx, s Settings, now time.Time) error {
	steps := []string{"graded_act", "weak_run", "anchored_act", "keyed_act", "counted_act", "shared_act", "merged_act", "spoken_act"}
	if err := questions.Get("dialect_duckdb").Exec(ctx, tx); err != nil {
		return err
	}
	if err := questions.Get("graded_act").Exec(ctx, tx, sql.Named("now", now)); err != nil {
		return err
	}
	if err := all(ctx, tx, called(steps[1:]...)...); err != nil {
		return err
	}
	if err := judged("touch", "seen", s).Exec(ctx, tx); err != nil {
		return err
	}
	if err := all(ctx, tx, called("touch_source", "touch_person")...); err != nil {
		return err
	}
	if err := dropTemp(ctx, tx, "table", steps...); err != nil {
		return err
	}
	return dropTemp(ctx, tx, "view", "numbered_act")
}

// storeLedger makes journeys and ledger from touch.
func storeLedger(ctx context.Context, tx *warehouse.Tx, s Settings, now time.Time) error {
	if err := follow(ctx, tx, Trial{Settings: s}, now); err != nil {
		return err
	}
	if err := learnIncremental(ctx, tx); err != nil {
		return err
	}
	if err := learn(ctx, tx, s, Models); err != nil {
		return err
	}
	if err := learnEffects(ctx, tx, s); err != nil {
		return err
	}
	if err := pay(ctx, tx, s, Models, ""); err != nil {
		return err
	}
	posts := sqlfile.Parse("post_touch", strings.ReplaceAll(questions.Get("post_touch").Source, "/*suspected*/", questions.Get("suspected_touch").Bound()))
	err := all(ctx, tx, questions.Get("suspected"), posts, kept(questions.Get("suspected_deal"), ""), questions.Get("journey_view"), creditView())
	if err != nil {
		return err
	}
	return dropTemp(ctx, tx, "table", passing...)
}

// passing are the temporary tables between touch and ledger.
var passing = []string{
	"deal_window", "counting_touch", "pair", "path", "step", "journey_shape",
	"journey_channel", "learned_channel", "learned_touch", "learned_deal", "learned_node", "suspected",
	"incremental_act", "incremental_account", "incremental_common", "incremental_move",
}

// follow makes the journeys of the deals of t: the eligible touches of every deal in
// order, once for all models.
func follow(ctx context.Context, q sqlfile.Querier, t Trial, now time.Time) error {
	s := t.Settings
	from, to := bounds(t.Period)
	err := questions.Get("deal_window").Exec(ctx, q, sql.Named("now", now), sql.Named("lookback_days", s.LookbackDays),
		sql.Named("anchor", s.Anchor), sql.Named("people", s.People),
		sql.Named("deal_id", t.DealID), sql.Named("all_time", t.Period == calendar.Period{}), sql.Named("from", from), sql.Named("to", to))
	if err != nil {
		return err
	}
	if err := questions.Get("counting_touch").Exec(ctx, q, sql.Named("touches", s.Touches)); err != nil {
		return err
	}
	return all(ctx, q, called("pair_"+s.People, "path_"+s.Path, "step", "journey_shape")...)
}

// pay makes the ledger of models: weights and exact money, then what is left.
func pay(ctx context.Context, q sqlfile.Querier, s Settings, models []Model, temp string) error {
	if err := kept(journeyTouch(models), temp).Exec(ctx, q, weighedBy(s)...); err != nil {
		return err
	}
	return kept(journeyDeal(models), temp).Exec(ctx, q)
}

// dropTemp drops temporary tables or views.
func dropTemp(ctx context.Context, q sqlfile.Querier, kind string, names ...string) error {
	for _, name := range names {
		if _, err := q.ExecContext(ctx, "drop "+kind+" if exists temp."+name); err != nil {
			return fmt.Errorf("drop %s: %w", name, err)
		}
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
