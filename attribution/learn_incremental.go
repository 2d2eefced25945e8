package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"credence/attribution/incremental"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

const (
	learnAccounts = 3000 // of more, some that chance picked teach enough
	learnDays     = 1095 // what is older teaches little of today
	learnCells    = 150
	dealsAtOnce   = 50_000
	intervalDeals = 1000 // won deals that intervals are computed from, of more
)

// learnedIncremental is a fit and the day since 1970 that its days count from.
type learnedIncremental struct {
	fit   *incremental.Fit
	first int32
}

// learnIncremental fits the model and fills learned_touch and learned_deal. Deals
// that it has nothing to say of have no row and are unattributed.
func learnIncremental(ctx context.Context, tx workbench) (*learnedIncremental, error) {
	p, first, err := incrementalPanel(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	fit, err := incremental.Learn(ctx, p)
	if err != nil {
		return nil, err
	}
	learned := &learnedIncremental{fit: fit, first: first}
	if fit.Reason != "" {
		return learned, nil
	}
	var most int64
	if err := tx.QueryRowContext(ctx, "select coalesce(max(deal_no), 0) from deal_window").Scan(&most); err != nil {
		return nil, fmt.Errorf("count deals: %w", err)
	}
	for from := int64(1); from <= most; from += dealsAtOnce {
		journeys, err := incrementalJourneys(ctx, tx, first, from, from+dealsAtOnce)
		if err != nil {
			return nil, fmt.Errorf("read journeys: %w", err)
		}
		if err := appendShares(ctx, tx, fit, journeys); err != nil {
			return nil, err
		}
	}
	return learned, nil
}

// appendShares writes what fit says of journeys.
func appendShares(ctx context.Context, tx workbench, fit *incremental.Fit, journeys []incrementalJourney) error {
	shares := make([]incremental.Share, len(journeys))
	for i := range journeys {
		shares[i] = fit.Explain(&journeys[i].deal, journeys[i].touches)
	}
	err := tx.Append(ctx, "temp.main.learned_touch", []string{"deal_no", "touch_no", "incremental"}, func(yield func([]any) bool) {
		for i, s := range shares {
			for k, x := range s.Touches {
				if x > 0 && !yield([]any{journeys[i].no, journeys[i].numbers[k], x}) {
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

// incrementalPanel reads what incremental learns from, and the first day.
func incrementalPanel(ctx context.Context, tx workbench) (*incremental.Panel, int32, error) {
	for _, step := range []struct {
		name string
		args []sql.NamedArg
	}{
		{"incremental_act", []sql.NamedArg{sql.Named("follow_days", incremental.FollowDays)}},
		{"incremental_account", []sql.NamedArg{sql.Named("accounts", learnAccounts)}},
		{"incremental_cell", []sql.NamedArg{sql.Named("acts", incremental.EnoughActs), sql.Named("cells", learnCells)}},
		{"incremental_move", nil},
	} {
		if err := questions.Get(step.name).Exec(ctx, tx, step.args...); err != nil {
			return nil, 0, err
		}
	}
	var first, last int32
	if err := questions.Get("incremental_window").One(ctx, tx, []sql.NamedArg{sql.Named("days", learnDays)}, &first, &last); err != nil {
		return nil, 0, err
	}
	p := &incremental.Panel{Days: max(0, int(last-first)+1)}
	var err error
	p.Cells, err = sqlfile.All(ctx, tx, questions.Get("incremental_cells"), func(scan func(...any) error) (c incremental.Cell, err error) {
		err = scan(&c.Channel, &c.Sub)
		c.Sales = c.Channel == "Sales"
		return c, err
	})
	if err != nil {
		return nil, 0, err
	}
	p.Accounts, err = sqlfile.All(ctx, tx, questions.Get("incremental_accounts"), scanPanelAccount)
	if err != nil {
		return nil, 0, err
	}
	if err := readActs(ctx, tx, p, first); err != nil {
		return nil, 0, err
	}
	return p, first, readDeals(ctx, tx, p, first)
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
			before, d.Amount, d.Closed = id, float64(minor)/100, -1
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

// incrementalJourney is one deal as the model reads it.
type incrementalJourney struct {
	no      int64
	deal    incremental.Deal
	touches []incremental.Touch
	numbers []int64
}

// incrementalJourneys reads the journeys of the deals numbered from … to − 1.
func incrementalJourneys(ctx context.Context, q sqlfile.Querier, first int32, from, to int64) ([]incrementalJourney, error) {
	rows, err := questions.Get("incremental_journeys").Query(ctx, q, sql.Named("from", from), sql.Named("to", to))
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading is over, Err told
	var out []incrementalJourney
	for rows.Next() {
		var (
			no, touch            int64
			created, day, number int32
			flag                 bool
		)
		if err := rows.Scan(&no, &created, &touch, &day, &number, &flag); err != nil {
			return nil, fmt.Errorf("read a journey: %w", err)
		}
		if len(out) == 0 || out[len(out)-1].no != no {
			out = append(out, incrementalJourney{no: no, deal: incremental.Deal{Created: created - first}})
		}
		j := &out[len(out)-1]
		if touch == 0 {
			j.deal.Moves = append(j.deal.Moves, incremental.Move{Day: day - first, Stage: int(number), Forward: flag})
			continue
		}
		j.touches = append(j.touches, incremental.Touch{Day: day - first, Cell: number, Follows: flag})
		j.numbers = append(j.numbers, touch)
	}
	return out, rows.Err()
}

// keepIncremental stores what the model page says: tables incremental_fit and
// incremental_effect.
func keepIncremental(ctx context.Context, tx *warehouse.Tx, learned *learnedIncremental) error {
	for _, name := range []string{"incremental_fit", "incremental_effect"} {
		if err := questions.Get(name).Exec(ctx, tx); err != nil {
			return err
		}
	}
	fit := learned.fit
	row := []any{fit.Reason, int64(fit.Accounts), int64(fit.Days), int64(fit.Created), int64(fit.Won), int64(fit.Moves)}
	err := tx.Append(ctx, "incremental_fit", []string{"reason", "accounts", "days", "created", "won", "moves"}, func(yield func([]any) bool) { yield(row) })
	if err != nil || fit.Reason != "" {
		return err
	}
	deals, err := learned.wonDeals(ctx, tx)
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
func (l *learnedIncremental) wonDeals(ctx context.Context, tx *warehouse.Tx) ([]incremental.Won, error) {
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
		journeys, err := incrementalJourneys(ctx, tx, l.first, from, from+dealsAtOnce)
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
