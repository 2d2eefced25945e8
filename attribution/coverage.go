package attribution

import (
	"context"
	"database/sql"
	"fmt"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// Covered says how much of the revenue won in a period any touch can explain.
// Coverage is the revenue of won deals with at least one eligible touch over
// the revenue of won deals. It does not depend on the model.
type Covered struct {
	Deals        int // won in the period, with an amount and a rate
	Won          int64
	CoveredDeals int
	CoveredWon   int64
	Share        *float64 // CoveredWon / Won; nil when Won is 0
	Beside       Beside
	Reasons      []UncoveredReason // why the others have no eligible touch, most revenue first
}

// UncoveredReason is the first rule that left deals without an eligible touch.
type UncoveredReason struct {
	Reason string // one of the Uncovered constants
	Deals  int
	Won    int64
}

// Why a won deal has no eligible touch, in the order the rules are tried.
const (
	UncoveredNoAccount = "no account"        // the deal names no account and no act names the deal
	UncoveredNoTouch   = "no touch"          // nobody of the account was ever seen
	UncoveredPeople    = "other people"      // only people outside the people rule
	UncoveredAfter     = "after close"       // only after the close
	UncoveredOld       = "before the window" // only before the window
	UncoveredNoEarn    = "earns nothing"     // only sent or opened mail, no-shows, machines
	UncoveredSetting   = "not counted"       // only touches that a setting or an exclusion rule leaves out
	UncoveredSuspected = "suspected"         // only posts that may have been seen
)

// LeftByModel is why a deal with eligible touches is unattributed in part or in
// whole: the model gives a base to no touch, or no weight to any.
const LeftByModel = "base"

// UncoveredReasons lists the reasons in the order the rules are tried.
var UncoveredReasons = []string{
	UncoveredNoAccount, UncoveredNoTouch, UncoveredPeople, UncoveredAfter, UncoveredOld, UncoveredNoEarn, UncoveredSetting, UncoveredSuspected,
}

// CoverageShare is Coverage without the reasons.
func CoverageShare(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period) (Covered, error) {
	c, err := wonIn(ctx, q, user, p)
	if err != nil {
		return Covered{}, fmt.Errorf("cover: %w", err)
	}
	if c.Won != 0 {
		share := float64(c.CoveredWon) / float64(c.Won)
		c.Share = &share
	}
	return c, nil
}

// Coverage asks how much of what was won in period p is covered.
func Coverage(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period) (Covered, error) {
	c, err := CoverageShare(ctx, q, user, p)
	if err != nil {
		return Covered{}, err
	}
	s, _, err := BuiltWith(ctx, q)
	if err != nil {
		return Covered{}, fmt.Errorf("cover: %w", err)
	}
	from, to := bounds(p)
	st := sqlfile.Parse("uncovered", withPart("uncovered", "uncovered_part", Model{}, "", ""))
	c.Reasons, err = sqlfile.All(ctx, q, st, func(scan func(...any) error) (UncoveredReason, error) {
		var r UncoveredReason
		serr := scan(&r.Reason, &r.Deals, &r.Won)
		return r, serr
	}, sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to), sql.Named("touches", s.Touches))
	if err != nil {
		return Covered{}, fmt.Errorf("cover: %w", err)
	}
	return c, nil
}

// wonIn is what was won in p: the deals in the sums and those beside them.
func wonIn(ctx context.Context, q sqlfile.Querier, user string, p calendar.Period) (Covered, error) {
	var c Covered
	from, to := bounds(p)
	err := questions.Get("beside").One(ctx, q, []sql.NamedArg{sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to)},
		&c.Deals, &c.Won, &c.Beside.NoAmount, &c.Beside.NoRate, &c.CoveredDeals, &c.CoveredWon)
	return c, err
}
