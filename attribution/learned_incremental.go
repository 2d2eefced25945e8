package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"credence/attribution/incremental"
	"credence/warehouse/sqlfile"
)

// salesChannel is the channel of our own reps' acts.
const salesChannel = "Sales"

// dealsAtOnce is how many journeys are explained in one go.
const dealsAtOnce = 50_000

// recallIncremental makes what explainIncremental reads, when incremental is one
// of models, for the journeys of step alone: the fit was kept at the refresh.
func recallIncremental(ctx context.Context, tx workbench, models []Model) error {
	if !has(models, incrementalModel) {
		return nil
	}
	return readJourneys(ctx, tx, true)
}

// readJourneys makes incremental_act and incremental_move: of all acts and deals,
// or only of the accounts and deals of journeys.
func readJourneys(ctx context.Context, tx sqlfile.Querier, only bool) error {
	acts, moves := actsOf(only), movesOf(only)
	st := sqlfile.Parse("incremental_act", "create or replace temp table incremental_act as\n"+acts)
	if err := st.Exec(ctx, tx, sql.Named("follow_days", incremental.FollowDays)); err != nil {
		return err
	}
	return sqlfile.Parse("incremental_move", "create or replace temp table incremental_move as\n"+moves).Exec(ctx, tx)
}

// actsOf is the text of incremental_act.
func actsOf(only bool) string {
	among := ""
	if only {
		among = "\n\t\tand t.account_id in (select x.account_id from step s join touch x on x.touch_no = s.touch_no)"
	}
	return strings.ReplaceAll(questions.Get("incremental_act").Source, "/*journeys*/", among)
}

// movesOf is the text of incremental_move.
func movesOf(only bool) string {
	among := ""
	if only {
		among = "\n\t\tand d.deal_id in (select w.deal_id from deal_window w)"
	}
	return strings.ReplaceAll(questions.Get("incremental_move").Source, "/*journeys*/", among)
}

// keptEffects is what incremental learned at the refresh; missing says why it
// learned nothing.
func keptEffects(ctx context.Context, q sqlfile.Querier) (e incremental.Effects, missing string, err error) {
	if err = questions.Get("incremental_kept_fit").One(ctx, q, nil, &missing, &e.Create.Follows, &e.Move.Follows); err != nil || missing != "" {
		return incremental.Effects{}, missing, err
	}
	_, err = sqlfile.All(ctx, q, questions.Get("incremental_kept_cell"), func(scan func(...any) error) (struct{}, error) {
		var c incremental.Cell
		var creation, moves float64
		serr := scan(&c.Channel, &c.Sub, &creation, &moves)
		c.Sales = c.Channel == salesChannel
		e.Cells, e.Create.Effect, e.Move.Effect = append(e.Cells, c), append(e.Create.Effect, creation), append(e.Move.Effect, moves)
		return struct{}{}, serr
	})
	if err != nil {
		return e, "", err
	}
	e.Odds, err = sqlfile.All(ctx, q, questions.Get("incremental_kept_stage"), func(scan func(...any) error) (odds float64, err error) {
		err = scan(&odds)
		return odds, err
	})
	return e, "", err
}

// explainIncremental fills learned_touch and learned_deal from what was kept at
// the refresh. Deals that it has nothing to say of have no row and are
// unattributed.
func explainIncremental(ctx context.Context, tx workbench) error {
	effects, missing, err := keptEffects(ctx, tx)
	if err != nil {
		return fmt.Errorf("read what incremental learned: %w", err)
	}
	if missing != "" {
		return nil
	}
	var most int64
	if err := tx.QueryRowContext(ctx, "select coalesce(max(deal_no), 0) from deal_window").Scan(&most); err != nil {
		return fmt.Errorf("count deals: %w", err)
	}
	for from := int64(1); from <= most; from += dealsAtOnce {
		journeys, err := incrementalJourneys(ctx, tx, from, from+dealsAtOnce)
		if err != nil {
			return fmt.Errorf("read journeys: %w", err)
		}
		if err := appendShares(ctx, tx, effects, journeys); err != nil {
			return err
		}
	}
	return nil
}

// appendShares writes what effects say of journeys.
func appendShares(ctx context.Context, tx workbench, effects incremental.Effects, journeys []incrementalJourney) error {
	shares := make([]incremental.Share, len(journeys))
	for i := range journeys {
		shares[i] = effects.Explain(&journeys[i].deal, journeys[i].touches)
	}
	err := tx.Append(ctx, "temp.main.learned_touch", []string{"deal_no", "position", "incremental"}, func(yield func([]any) bool) {
		for i, s := range shares {
			for k, x := range s.Touches {
				if x > 0 && !yield([]any{journeys[i].no, journeys[i].positions[k], x}) {
					return
				}
			}
		}
	})
	if err != nil {
		return fmt.Errorf("keep shares of touches: %w", err)
	}
	err = tx.Append(ctx, "temp.main.learned_deal", []string{"deal_no", "incremental"}, func(yield func([]any) bool) {
		for i, s := range shares {
			if s.Base < incremental.Scale && !yield([]any{journeys[i].no, s.Base}) {
				return
			}
		}
	})
	if err != nil {
		return fmt.Errorf("keep shares of deals: %w", err)
	}
	return nil
}

// incrementalJourney is one deal as the model reads it.
type incrementalJourney struct {
	no        int64
	deal      incremental.Deal
	touches   []incremental.Touch
	positions []int32
}

// incrementalJourneys reads the journeys of the deals numbered from … to − 1.
func incrementalJourneys(ctx context.Context, q sqlfile.Querier, from, to int64) ([]incrementalJourney, error) {
	rows, err := questions.Get("incremental_journeys").Query(ctx, q, sql.Named("from", from), sql.Named("to", to))
	if err != nil {
		return nil, err
	}
	return scanJourneys(rows)
}

// scanJourneys reads the rows of incremental_journeys.
func scanJourneys(rows *sql.Rows) ([]incrementalJourney, error) {
	defer rows.Close() //nolint:errcheck // reading is over, Err told
	var out []incrementalJourney
	for rows.Next() {
		var (
			no                             int64
			created, position, day, number int32
			flag                           bool
		)
		if err := rows.Scan(&no, &created, &position, &day, &number, &flag); err != nil {
			return nil, fmt.Errorf("read a journey: %w", err)
		}
		if len(out) == 0 || out[len(out)-1].no != no {
			out = append(out, incrementalJourney{no: no, deal: incremental.Deal{Created: created}})
		}
		j := &out[len(out)-1]
		if position == 0 {
			j.deal.Moves = append(j.deal.Moves, incremental.Move{Day: day, Stage: int(number), Forward: flag})
			continue
		}
		j.touches = append(j.touches, incremental.Touch{Day: day, Cell: number, Follows: flag})
		j.positions = append(j.positions, position)
	}
	return out, rows.Err()
}
