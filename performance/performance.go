// Package performance answers how sales are going: won revenue, win rate,
// cycle, pipeline, quota and pace, and what changed since the period before.
//
// Every metric has one definition: a file in metrics/ whose header says title,
// unit, formula, source and which direction is good, and whose text computes
// it for the company or by team, manager, rep or product. Pages, the glossary
// and the API read the same file. Questions that are no metric (the deals
// list, the stage funnel) stand in sql/; what a refresh prepares stands in
// build/.
//
// Every question takes the reader and answers from the deals of the reps that
// reader may see (visible_rep). The package refuses to divide by zero: a metric
// without a denominator is unknown, never 0. It refuses to say why a number
// moved beyond splitting the change into parts that sum to it.
package performance

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// ErrBreakdown reports a breakdown that a metric does not have.
var ErrBreakdown = errors.New("no such breakdown")

// Ask says whose numbers are wanted, of when, and by what they are grouped.
type Ask struct {
	UserID  string // the reader; "*" is the command line
	Company calendar.Company
	Period  calendar.Period
	Until   time.Time // end of what counts: the end of today while the period runs; zero is the end of the period
	TeamID  string    // only this team and those below it; "" is no filter
	RepID   string    // only this rep; "" is no filter
	By      string    // company, team, manager, rep or product; "" is company
}

// NewAsk asks for all that user may see of period, as far as it has come at
// now: a running period ends with today's local day.
func NewAsk(user string, company calendar.Company, period calendar.Period, now time.Time) Ask {
	a := Ask{UserID: user, Company: company, Period: period, Until: period.To}
	if end := endOfDay(company, now); end.Before(period.To) {
		a.Until = end
	}
	if a.Until.Before(period.From) {
		a.Until = period.From
	}
	return a
}

// Against is the same ask of another period up to the same working day, so
// that a running period is compared with as much of the other one.
func (a Ask) Against(other calendar.Period) Ask {
	b := a
	b.Period, b.Until = other, other.To
	if !a.Running() {
		return b
	}
	gone := a.DaysGone()
	day := localDay(a.Company, other.From)
	for n := 0; ; day = day.AddDate(0, 0, 1) {
		if !day.Before(other.To) {
			return b
		}
		if isWorkingDay(day) {
			if n++; n > gone {
				break
			}
		}
	}
	b.Until = day.UTC()
	return b
}

// Running reports whether the period is not over yet.
func (a Ask) Running() bool { return a.until().Before(a.Period.To) }

// EndOfToday is the end of now's local day.
func (a Ask) EndOfToday(now time.Time) time.Time { return endOfDay(a.Company, now) }

// Days is the number of working days of the period.
func (a Ask) Days() int { return a.Company.WorkingDays(a.Period.From, a.Period.To) }

// DaysGone is the number of working days that have begun by Until.
func (a Ask) DaysGone() int { return a.Company.WorkingDays(a.Period.From, a.until()) }

func (a Ask) until() time.Time {
	if a.Until.IsZero() {
		return a.Period.To
	}
	return a.Until
}

// args are the parameters of st that a question about a knows; extra adds the
// question's own.
func (a Ask) args(st *sqlfile.Statement, extra ...sql.NamedArg) []sql.NamedArg {
	by := a.By
	if by == "" {
		by = "company"
	}
	all := append([]sql.NamedArg{
		sql.Named("user_id", a.UserID),
		sql.Named("by", by),
		sql.Named("team_id", a.TeamID),
		sql.Named("rep_id", a.RepID),
	}, append(a.period(), extra...)...)
	known := map[string]bool{}
	for _, p := range st.Params() {
		known[p] = true
	}
	var out []sql.NamedArg
	for _, arg := range all {
		if known[arg.Name] {
			out = append(out, arg)
		}
	}
	return out
}

// period are the parameters that say when.
func (a Ask) period() []sql.NamedArg {
	return []sql.NamedArg{
		sql.Named("from", a.Period.From.UTC()),
		sql.Named("to", a.Period.To.UTC()),
		sql.Named("until", a.until().UTC()),
		sql.Named("from_day", dayText(a.Company, a.Period.From)),
		sql.Named("to_day", dayText(a.Company, a.Period.To)),
		sql.Named("until_day", dayText(a.Company, a.until().Add(-time.Second))),
		sql.Named("days", int64(a.Days())),
		sql.Named("days_gone", int64(a.DaysGone())),
	}
}

func location(c calendar.Company) *time.Location {
	if c.Location == nil {
		return time.UTC
	}
	return c.Location
}

func localDay(c calendar.Company, at time.Time) time.Time {
	l := at.In(location(c))
	return time.Date(l.Year(), l.Month(), l.Day(), 0, 0, 0, 0, location(c))
}

func endOfDay(c calendar.Company, at time.Time) time.Time {
	return localDay(c, at).AddDate(0, 0, 1).UTC()
}

func dayText(c calendar.Company, at time.Time) string {
	return at.In(location(c)).Format(time.DateOnly)
}

func isWorkingDay(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// rows asks a question of sql/ and collects its rows.
func rows[T any](ctx context.Context, q sqlfile.Querier, name string, a Ask, scan func(scan func(dest ...any) error) (T, error), extra ...sql.NamedArg) ([]T, error) {
	st, ok := questions[name]
	if !ok {
		return nil, fmt.Errorf("ask %s: performance has no such question", name)
	}
	return sqlfile.All(ctx, q, st, scan, a.args(st, extra...)...)
}
