package attribution

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// workbench is where a ledger is made: a write transaction, or a snapshot, which
// may have tables of its own that nobody else sees.
type workbench interface {
	sqlfile.Querier
	// Append writes rows into table; of a snapshot only into "temp.main." tables.
	Append(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error
}

// learn fills the temporary tables that learned models read, for those of models
// that are learned; the others find them empty. It sees the journeys as step,
// journey_shape and deal_window, and touch.
//
//	learned_channel (channel, markov)                   a channel's removal effect, 10⁻¹²
//	learned_touch   (deal_no, position, incremental)    a touch's single-removal loss, 10⁻¹²
//	learned_deal    (deal_no, incremental)              what comes without any touch, 10⁻¹²
//
// markov learns from these journeys; incremental explains them by what was kept at
// the refresh, of which it sees incremental_act and incremental_move too.
func learn(ctx context.Context, tx workbench, s Settings, models []Model) error {
	for _, f := range factsOf(models) {
		for _, name := range f.tables {
			if err := questions.Get(name).Exec(ctx, tx); err != nil {
				return fmt.Errorf("learn: %w", err)
			}
		}
	}
	if has(models, markovChain) {
		if err := learnChannels(ctx, tx, s); err != nil {
			return err
		}
	}
	if has(models, incrementalModel) {
		return explainIncremental(ctx, tx)
	}
	return nil
}

func has(models []Model, m Model) bool {
	return slices.ContainsFunc(models, func(x Model) bool { return x.ID == m.ID })
}

// taught is t with the deals that its models learn from: markov learns from all
// journeys, and a chain of a few would say something else.
func (t Trial) taught() Trial {
	if slices.Contains(t.Models, markovChain.ID) {
		t.Period, t.DealID = calendar.Period{}, ""
	}
	return t
}
