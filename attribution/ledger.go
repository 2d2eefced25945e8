package attribution

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// LedgerRow is one row of the ledger, its fields in the order of the file that
// `credence credits` writes. Amounts are minor units.
type LedgerRow struct {
	Model          string
	DealID         string // empty: an own touch on a deal that the reader may not see
	TouchID        string // empty: unattributed or withheld
	Position       int    // in the journey, from 1; withheld and unattributed follow the last touch; 0 with an empty DealID
	Channel        string
	CampaignID     string
	PostID         string
	RepID          string
	Evidence       string
	Bucket         string   // sourced, assisted, empty (no rep), withheld or unattributed
	Weight         *float64 // nil with an empty DealID: it would tell the deal's amount
	AmountMinor    int64
	Currency       string
	ReportingMinor *int64 // nil: no rate
}

// Ledger hands the rows of the deals won in period p to yield, ordered by
// model id, deal and position. An empty model means all, the
// zero period all time. An error of yield ends it and is returned.
func Ledger(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period, yield func(LedgerRow) error) error {
	models := slices.Clone(Models)
	if model != "" {
		m, err := modelNamed(model)
		if err != nil {
			return err
		}
		models = []Model{m}
	}
	slices.SortFunc(models, func(a, b Model) int { return strings.Compare(a.ID, b.ID) })
	for _, m := range models {
		if err := ledgerOf(ctx, q, user, m, p, yield); err != nil {
			return err
		}
	}
	return nil
}

func ledgerOf(ctx context.Context, q sqlfile.Querier, user string, m Model, p calendar.Period, yield func(LedgerRow) error) (err error) {
	from, to := bounds(p)
	rows, err := forModel("ledger", m).Query(ctx, q, sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to))
	if err != nil {
		return fmt.Errorf("read ledger: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r LedgerRow
		var currency sql.NullString
		err := rows.Scan(&r.Model, &r.DealID, &r.TouchID, &r.Position, &r.Channel, &r.CampaignID, &r.PostID, &r.RepID,
			&r.Evidence, &r.Bucket, &r.Weight, &r.AmountMinor, &currency, &r.ReportingMinor)
		if err != nil {
			return fmt.Errorf("read ledger of %s: %w", m.ID, err)
		}
		r.Currency = currency.String
		if err := yield(r); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read ledger of %s: %w", m.ID, err)
	}
	return nil
}
