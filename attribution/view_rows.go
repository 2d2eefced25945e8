package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"credence/warehouse/sqlfile"
)

// Place names one group of a View.
type Place struct {
	Dimension Dimension
	Kind      GroupKind
	ID        string // empty unless Named
	Reason    string // of Unattributed: only deals with it; empty is all
}

// ViewRow is one row of the ledger behind a group. Credit and the deal's amount
// are minor units of the reporting currency.
type ViewRow struct {
	DealID, Deal, Account string
	ClosedAt              sql.NullTime

	// Of the touch; zero when the row is what is withheld or unattributed of a deal.
	TouchID                   string
	At                        sql.NullTime
	TouchKind, Channel, Title string
	CampaignID, PostID, RepID string
	Position                  int
	Evidence, Bucket          string
	Reason                    string  // of what is unattributed: an Uncovered constant or LeftByModel
	Weight                    float64 // share of the deal
	Credit                    int64
	DealMinor                 int64
}

// ViewRows is a page of the rows behind a group: of Rows rows whose credits sum
// to Credit, the group's credit.
type ViewRows struct {
	Model  Model
	Basis  Basis
	Name   string // of a named group; empty without rows
	Items  []ViewRow
	Rows   int
	Credit int64
}

// RowsOf lists the rows of the ledger behind one group of a View, the largest
// credit first: size of them after skip; size 0 is all. The rows of a named group
// and of none are touches, those of withheld and unattributed are deals.
func RowsOf(ctx context.Context, q sqlfile.Querier, user string, a Ask, place Place, skip, size int) (ViewRows, error) {
	m, err := a.complete()
	if err != nil {
		return ViewRows{}, err
	}
	if !slices.Contains(Dimensions, place.Dimension) {
		return ViewRows{}, fmt.Errorf("%q is no view; choose one of %s", place.Dimension, join(Dimensions))
	}
	if !slices.Contains([]GroupKind{Named, None, Withheld, Unattributed}, place.Kind) {
		return ViewRows{}, fmt.Errorf("%q is no kind of row; choose none, withheld, unattributed or nothing", place.Kind)
	}
	if size <= 0 {
		size = math.MaxInt32
	}
	out := ViewRows{Model: m, Basis: a.Basis}
	page := []sql.NamedArg{sql.Named("skip", int64(skip)), sql.Named("size", int64(size))}
	scan := func(scan func(...any) error) (ViewRow, error) {
		var r ViewRow
		serr := scan(&r.DealID, &r.Deal, &r.Account, &r.ClosedAt, &r.TouchID, &r.At, &r.TouchKind, &r.Channel, &r.CampaignID, &r.PostID, &r.RepID,
			&r.Title, &r.Position, &r.Evidence, &r.Bucket, &r.Weight, &r.Credit, &r.DealMinor, &out.Rows, &out.Credit, &out.Name)
		return r, serr
	}
	st := sqlfile.Parse("view_rows of "+m.ID, withPart("view_rows", "view_part", m, "", ""))
	args := append(page, sql.Named("dimensions", ","+string(place.Dimension)+","), sql.Named("dimension", string(place.Dimension)), sql.Named("kind", string(place.Kind)), sql.Named("id", place.ID))
	if place.Kind == Unattributed {
		settings, _, berr := BuiltWith(ctx, q)
		if berr != nil {
			return ViewRows{}, fmt.Errorf("list unattributed deals: %w", berr)
		}
		st = sqlfile.Parse("unattributed_rows of "+m.ID, withPart("unattributed_rows", "uncovered_part", m, ", d.ur_"+m.ID+", d.uw_"+m.ID, ""))
		args = append(page, sql.Named("touches", settings.Touches), sql.Named("reason", place.Reason))
		scan = func(scan func(...any) error) (ViewRow, error) {
			r := ViewRow{Bucket: string(Unattributed)}
			serr := scan(&r.DealID, &r.Deal, &r.Account, &r.ClosedAt, &r.Reason, &r.Weight, &r.Credit, &r.DealMinor, &out.Rows, &out.Credit)
			return r, serr
		}
	}
	out.Items, err = sqlfile.All(ctx, q, st, scan, a.args(user, st, args...)...)
	if err != nil {
		return ViewRows{}, fmt.Errorf("list rows of %s: %w", place.Dimension, err)
	}
	return out, nil
}

// MedianLag is how many whole days before the close half of the eligible touches
// of won deals came, over everything the reader sees; false without a touch. By
// accrual a period that ended less than that ago is immature: most of what its
// touches will earn has not closed yet.
func MedianLag(ctx context.Context, q sqlfile.Querier, user string) (days int, known bool, err error) {
	var lag sql.Null[int64]
	if err := questions.Get("median_lag").One(ctx, q, []sql.NamedArg{sql.Named("user_id", user)}, &lag); err != nil {
		return 0, false, fmt.Errorf("find the median lag: %w", err)
	}
	return int(lag.V), lag.Valid, nil
}

// Immature says whether by accrual the period of a had at now not yet time to
// earn: it ended less than lag days ago, or is not over.
func (a Ask) Immature(now time.Time, lag int) bool {
	return a.Basis == Accrual && !a.Period.To.IsZero() && a.Period.To.AddDate(0, 0, lag).After(now)
}
