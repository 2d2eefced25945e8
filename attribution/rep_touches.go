package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// RepTouch is a touch of a rep and what it earned at one deal, or nothing yet.
type RepTouch struct {
	TouchID    string
	OccurredAt time.Time
	Kind       string
	Direction  string
	Channel    string
	CampaignID string
	PostID     string
	Evidence   string
	Title      string
	AccountID  string
	Account    string
	DealID     string // empty: no deal, or a deal that the reader may not see
	Deal       string // name; empty with DealID
	Stage      string
	Status     string // of the deal
	Bucket     string // sourced, assisted, suspected, withheld
	Credit     *int64 // reporting currency; nil: the deal is not won, or no rate
	Reason     string // why it earns nothing; empty when it may earn
}

// RepTouches lists the touches of repID in period p by time, newest first, with
// the credit of each under model: one row a touch and deal, and one row for a
// touch without a deal. A rep the reader may not see has no touches.
func RepTouches(ctx context.Context, q sqlfile.Querier, user, repID, model string, p calendar.Period) ([]RepTouch, error) {
	m, err := modelNamed(model)
	if err != nil {
		return nil, err
	}
	from, to := bounds(p)
	touches, err := sqlfile.All(ctx, q, forModel("rep_touches", m), func(scan func(...any) error) (RepTouch, error) {
		var t RepTouch
		serr := scan(&t.TouchID, &t.OccurredAt, &t.Kind, &t.Direction, &t.Channel, &t.CampaignID, &t.PostID, &t.Evidence, &t.Title,
			&t.AccountID, &t.Account, &t.DealID, &t.Deal, &t.Stage, &t.Status, &t.Bucket, &t.Credit, &t.Reason)
		return t, serr
	}, sql.Named("user_id", user), sql.Named("rep_id", repID), sql.Named("from", from), sql.Named("to", to))
	if err != nil {
		return nil, fmt.Errorf("list touches of rep %s: %w", repID, err)
	}
	return touches, nil
}

// Elsewhere is what touches of the reader's reps earned on deals that the
// reader may not see: the account's name, the stage and the own credit, never
// the deal.
type Elsewhere struct {
	RepID   string
	Rep     string
	Account string
	Stage   string
	TouchID string
	Kind    string
	Channel string
	At      time.Time // of the touch
	Bucket  string
	Credit  int64 // reporting currency
}

// EarnedElsewhere lists what the reader's reps earned, under model, on other
// people's deals won in period p, largest first.
func EarnedElsewhere(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period, model string) ([]Elsewhere, error) {
	m, err := modelNamed(model)
	if err != nil {
		return nil, err
	}
	from, to := bounds(p)
	rows, err := sqlfile.All(ctx, q, forModel("earned_elsewhere", m), func(scan func(...any) error) (Elsewhere, error) {
		var e Elsewhere
		serr := scan(&e.RepID, &e.Rep, &e.Account, &e.Stage, &e.TouchID, &e.Kind, &e.Channel, &e.At, &e.Bucket, &e.Credit)
		return e, serr
	}, sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to))
	if err != nil {
		return nil, fmt.Errorf("list credit on others' deals: %w", err)
	}
	return rows, nil
}
