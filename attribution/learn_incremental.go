package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"credence/attribution/incremental"
	"credence/warehouse"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

const (
	learnAccounts = 3000 // of more, some that chance picked teach enough
	learnDays     = 1095 // what is older teaches little of today
	learnCells    = 150
	intervalDeals = 1000 // won deals that intervals are computed from, of more
)

// learnIncremental fits the model to the accounts and keeps what it learned:
// tables incremental_fit, incremental_cell and incremental_stage, from which
// journeys are explained until the next refresh, and incremental_effect, which
// the model page shows. It sees the journeys as step, journey_shape and
// deal_window, and leaves incremental_act and incremental_move.
func learnIncremental(ctx context.Context, tx *warehouse.Tx) error {
	p, err := incrementalPanel(ctx, tx)
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	fit, err := incremental.Learn(ctx, p)
	if err != nil {
		return err
	}
	if err := keepFit(ctx, tx, fit); err != nil {
		return fmt.Errorf("keep what incremental learned: %w", err)
	}
	if err := keepIntervals(ctx, tx, fit); err != nil {
		return fmt.Errorf("keep effects of incremental: %w", err)
	}
	return nil
}

// incrementalPanel reads what incremental learns from.
func incrementalPanel(ctx context.Context, tx *warehouse.Tx) (*incremental.Panel, error) {
	if err := readJourneys(ctx, tx, false); err != nil {
		return nil, err
	}
	if err := questions.Get("incremental_account").Exec(ctx, tx, sql.Named("accounts", learnAccounts)); err != nil {
		return nil, err
	}
	if err := questions.Get("incremental_common").Exec(ctx, tx, sql.Named("acts", incremental.EnoughActs), sql.Named("cells", learnCells)); err != nil {
		return nil, err
	}
	var first, last int32
	if err := questions.Get("incremental_window").One(ctx, tx, []sql.NamedArg{sql.Named("days", learnDays)}, &first, &last); err != nil {
		return nil, err
	}
	p := &incremental.Panel{Days: max(0, int(last-first)+1)}
	var err error
	p.Cells, err = sqlfile.All(ctx, tx, questions.Get("incremental_cells"), func(scan func(...any) error) (c incremental.Cell, err error) {
		err = scan(&c.Channel, &c.Sub)
		c.Sales = c.Channel == salesChannel
		return c, err
	})
	if err != nil {
		return nil, err
	}
	p.Accounts, err = sqlfile.All(ctx, tx, questions.Get("incremental_accounts"), scanPanelAccount)
	if err != nil {
		return nil, err
	}
	if err := readActs(ctx, tx, p, first); err != nil {
		return nil, err
	}
	return p, readDeals(ctx, tx, p, first)
}

func scanPanelAccount(scan func(...any) error) (a incremental.Account, err error) {
	var industry, region, segment string
	var employees int64
	err = scan(&industry, &region, &segment, &employees)
	a.Traits = []string{"region " + region, "segment " + segment, "industry " + industry}
	if employees > 0 {
		a.Size = math.Log(float64(employees + 1))
	}
	return a, err
}

// readActs reads the acts of the accounts of p.
func readActs(ctx context.Context, q sqlfile.Querier, p *incremental.Panel, first int32) error {
	rows, err := questions.Get("incremental_acts").Query(ctx, q, sql.Named("first_day", first))
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading is over, Err told
	for rows.Next() {
		var no int32
		var x incremental.Act
		if err := rows.Scan(&no, &x.Day, &x.Cell, &x.Marker, &x.Follows); err != nil {
			return fmt.Errorf("read acts: %w", err)
		}
		p.Accounts[no].Acts = append(p.Accounts[no].Acts, x)
	}
	return rows.Err()
}

// readDeals reads the deals of the accounts of p. Of a deal that was made before
// touches were known only its being open counts.
func readDeals(ctx context.Context, q sqlfile.Querier, p *incremental.Panel, first int32) error {
	var currency string
	if err := q.QueryRowContext(ctx, "select currency from reporting").Scan(&currency); err != nil {
		return fmt.Errorf("read the reporting currency: %w", err)
	}
	digits, err := money.Exponent(currency)
	if err != nil {
		return fmt.Errorf("read deals: %w", err)
	}
	major := math.Pow10(digits)
	rows, err := questions.Get("incremental_deals").Query(ctx, q, sql.Named("first_day", first))
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading is over, Err told
	before := ""
	for rows.Next() {
		var (
			no                   int32
			id                   string
			d                    incremental.Deal
			closed, moved, stage sql.Null[int32]
			forward              sql.NullBool
			minor                int64
		)
		if err := rows.Scan(&no, &id, &d.Created, &closed, &d.Owner, &minor, &moved, &stage, &forward); err != nil {
			return fmt.Errorf("read deals: %w", err)
		}
		a := &p.Accounts[no]
		if id != before {
			before, d.Amount, d.Closed = id, float64(minor)/major, -1
			if closed.Valid {
				d.Closed = closed.V
			}
			a.Deals = append(a.Deals, d)
		}
		if moved.Valid && d.Created >= 0 && int(moved.V) < p.Days {
			x := &a.Deals[len(a.Deals)-1]
			x.Moves = append(x.Moves, incremental.Move{Day: moved.V, Stage: int(stage.V), Forward: forward.Bool})
		}
	}
	return rows.Err()
}

// keepFit stores what explaining needs.
func keepFit(ctx context.Context, tx *warehouse.Tx, fit *incremental.Fit) error {
	for _, name := range []string{"incremental_fit", "incremental_cell", "incremental_stage"} {
		if err := questions.Get(name).Exec(ctx, tx); err != nil {
			return err
		}
	}
	row := []any{fit.Reason, int64(fit.Accounts), int64(fit.Days), int64(fit.Created), int64(fit.Won), int64(fit.Moves), fit.Create.Follows, fit.Move.Follows}
	columns := []string{"reason", "accounts", "days", "created", "won", "moves", "creation_follows", "moves_follows"}
	if err := tx.Append(ctx, "incremental_fit", columns, func(yield func([]any) bool) { yield(row) }); err != nil {
		return err
	}
	err := tx.Append(ctx, "incremental_cell", []string{"cell", "channel", "sub", "creation", "moves"}, func(yield func([]any) bool) {
		for i, c := range fit.Cells {
			if !yield([]any{int32(i), c.Channel, c.Sub, fit.Create.Effect[i], fit.Move.Effect[i]}) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	return tx.Append(ctx, "incremental_stage", []string{"stage", "odds"}, func(yield func([]any) bool) {
		for i, odds := range fit.Odds {
			if !yield([]any{int32(i), odds}) {
				return
			}
		}
	})
}

// keepIntervals stores what each channel, campaign and rep caused.
func keepIntervals(ctx context.Context, tx *warehouse.Tx, fit *incremental.Fit) error {
	if err := questions.Get("incremental_effect").Exec(ctx, tx); err != nil || fit.Reason != "" {
		return err
	}
	deals, err := wonDeals(ctx, tx)
	if err != nil {
		return fmt.Errorf("read won deals: %w", err)
	}
	columns := []string{"level", "id", "touches", "credit_minor", "credit_low", "credit_high"}
	return tx.Append(ctx, "incremental_effect", columns, func(yield func([]any) bool) {
		for i, groups := range fit.Intervals(deals, len(Levels)) {
			for _, g := range groups {
				if !yield([]any{Levels[i], g.ID, int64(g.Touches), minorOf(g.Money), minorOf(g.Low), minorOf(g.High)}) {
					return
				}
			}
		}
	})
}

func minorOf(x float64) int64 { return int64(math.Round(x)) }

// wonDeals are the won deals with an amount in the reporting currency that
// intervals are computed from: all, or of many every n-th, which then stands for n.
func wonDeals(ctx context.Context, tx *warehouse.Tx) ([]incremental.Won, error) {
	var most, won int64
	err := tx.QueryRowContext(ctx, "select coalesce(max(deal_no), 0), count(case when status = 'won' then 1 end) from deal_window").Scan(&most, &won)
	if err != nil {
		return nil, err
	}
	each := max(1, (won+intervalDeals-1)/intervalDeals)
	rows, err := questions.Get("incremental_groups").Query(ctx, tx, sql.Named("each", each))
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading is over, Err told
	var deals []incremental.Won
	at := map[int64]int{}
	for rows.Next() {
		var no, position, minor int64
		groups := make([]string, len(Levels))
		if err := rows.Scan(&no, &position, &minor, &groups[0], &groups[1], &groups[2]); err != nil {
			return nil, fmt.Errorf("read a touch: %w", err)
		}
		if _, known := at[no]; !known {
			at[no] = len(deals)
			deals = append(deals, incremental.Won{Money: float64(minor * each)})
		}
		d := &deals[at[no]]
		d.Groups = append(d.Groups, groups)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for from := int64(1); from <= most; from += dealsAtOnce {
		journeys, err := incrementalJourneys(ctx, tx, from, from+dealsAtOnce)
		if err != nil {
			return nil, err
		}
		for i := range journeys {
			if k, listed := at[journeys[i].no]; listed {
				deals[k].Deal, deals[k].Touches = journeys[i].deal, journeys[i].touches
			}
		}
	}
	return deals, nil
}
