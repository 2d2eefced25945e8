package performance

import (
	"context"
	"database/sql"
	"time"

	"credence/warehouse/sqlfile"
)

// OpenDeal is a deal in the works with what history says about it.
type OpenDeal struct {
	ID, Name           string
	AccountID, Account string
	RepID, Rep         string
	Stage              string
	Reporting          sql.Null[int64] // minor units of the reporting currency
	Amount             sql.Null[int64] // minor units of Currency
	Currency           string
	ExpectedOn         sql.Null[time.Time]
	Due                bool              // expected to close in the period
	ChanceE6           sql.Null[int64]   // chance to win from its stage, in millionths
	StageDays          sql.Null[int64]   // whole days in its stage
	WonDays            sql.Null[float64] // median days won deals spent in that stage; from 20 on
	LateDays           sql.Null[int64]   // days past its expected close
	QuietDays          sql.Null[int64]   // days since anybody wrote to, met or heard from the account
}

// quietDays is how long an account may be silent before its deal drifts.
const quietDays = 14

// Late reports whether the deal is past its expected close.
func (d OpenDeal) Late() bool { return d.LateDays.Valid && d.LateDays.V > 0 }

// Stuck reports whether the deal has been in its stage for more than twice the
// median of won deals.
func (d OpenDeal) Stuck() bool {
	return d.StageDays.Valid && d.WonDays.Valid && float64(d.StageDays.V) > 2*d.WonDays.V
}

// Quiet reports whether nobody was heard of for a fortnight.
func (d OpenDeal) Quiet() bool { return d.QuietDays.Valid && d.QuietDays.V >= quietDays }

// Drifts reports whether any of the three rules holds: late, stuck or quiet.
func (d OpenDeal) Drifts() bool { return d.Late() || d.Stuck() || d.Quiet() }

// Expected is amount times chance, rounded; unknown without either.
func (d OpenDeal) Expected() (minor int64, ok bool) {
	if !d.Reporting.Valid || !d.ChanceE6.Valid {
		return 0, false
	}
	return scale(d.Reporting.V, d.ChanceE6.V, 1_000_000), true
}

// OpenDeals lists the deals that are open at the end of a's period, or now
// while it runs: those due in the period first, the largest on top.
func OpenDeals(ctx context.Context, q sqlfile.Querier, a Ask) ([]OpenDeal, error) {
	a.By = "company"
	return rows(ctx, q, "open_deals", a, func(scan func(...any) error) (OpenDeal, error) {
		var d OpenDeal
		return d, scan(&d.ID, &d.Name, &d.AccountID, &d.Account, &d.RepID, &d.Rep, &d.Stage, &d.Reporting, &d.Amount, &d.Currency,
			&d.ExpectedOn, &d.Due, &d.ChanceE6, &d.StageDays, &d.WonDays, &d.LateDays, &d.QuietDays)
	})
}
