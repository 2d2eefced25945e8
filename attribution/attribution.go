// Package attribution turns acts into touches, touches into the journey of
// each deal, and journeys into a ledger that splits every won deal to its last
// minor unit under every model. It answers every question about that ledger:
// who, what and why, and what the marketing money brought.
//
// Build makes the derived tables inside the refresh transaction; everything
// else reads a snapshot. A question about rows that belong to deals takes the
// reader's user id and looks only at deals whose owner that user may see
// (visible_rep), so a record out of scope is a record that does not exist.
//
// The package refuses to pay a touch of grade D, to hide what no touch earned,
// to add figures of two views, and to know where acts come from.
//
// # How the ledger is stored
//
// A journey is computed once for all models. candidate holds the touches that any
// settings may put into the journey of a deal, in journey order, so that settings
// are tried without looking for them again. Every touch of a journey is one row of
// journey_credit, with the money of every model as columns, so that the range of a
// channel over all models is one pass; every deal is one row of journey_end. The
// views journey_touch and journey_deal add what columns there tell, journey and
// credit show the same rows in the words of the design: credit has one row a model,
// deal and paid touch, and one more for what is unattributed. A what-if puts views
// that compute, instead of tables, before these names.
package attribution

import (
	"embed"
	"time"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var files embed.FS

var questions = sqlfile.MustLoad(files, "sql")

// bounds is the half-open interval of p; the zero period is all time.
func bounds(p calendar.Period) (from, to time.Time) {
	if p.To.IsZero() {
		return time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return p.From.UTC(), p.To.UTC()
}
