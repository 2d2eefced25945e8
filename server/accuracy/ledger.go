package main

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"math"

	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var files embed.FS

var questions = sqlfile.MustLoad(files, "sql")

// ledger is the won revenue as one model shares it out.
type ledger struct {
	model  string
	won    float64
	splits map[dimension]split
}

// creditRow is what one model gives one channel, campaign and rep together.
type creditRow struct {
	model                  string
	unattributed           bool
	channel, campaign, rep string
	minor                  int64
}

// readLedgers reads what every model of the ledger credits, by model id.
func readLedgers(ctx context.Context, q sqlfile.Querier) (map[string]*ledger, error) {
	rows, err := sqlfile.All(ctx, q, questions.Get("credited"), func(scan func(...any) error) (creditRow, error) {
		var r creditRow
		err := scan(&r.model, &r.unattributed, &r.channel, &r.campaign, &r.rep, &r.minor)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return ledgersOf(rows), nil
}

// ledgersOf adds rows up at every dimension.
func ledgersOf(rows []creditRow) map[string]*ledger {
	out := map[string]*ledger{}
	for _, r := range rows {
		l := out[r.model]
		if l == nil {
			l = &ledger{model: r.model, splits: map[dimension]split{}}
			for _, d := range []dimension{byChannel, byCampaign, byRep} {
				l.splits[d] = split{named: map[string]float64{}}
			}
			out[r.model] = l
		}
		amount := float64(r.minor)
		l.won += amount
		for d, id := range map[dimension]string{byChannel: r.channel, byCampaign: r.campaign, byRep: r.rep} {
			s := l.splits[d]
			switch {
			case r.unattributed:
				s.unattributed += amount
			case id == "":
				s.none += amount
			default:
				s.named[id] += amount
			}
			l.splits[d] = s
		}
	}
	return out
}

// comparable refuses a ledger that shares out another revenue than the truth is
// about: beyond the rounding of currency rates the two must agree.
func (l *ledger) comparable(won float64) error {
	if math.Abs(l.won-won) > 1e-6*won {
		return fmt.Errorf("the ledger of %s shares out %.2f and the truth is about %.2f: they cannot be compared", l.model, l.won/100, won/100)
	}
	return nil
}

// The learned models as they look at all journeys at once, beside their ledgers.
var aggregates = []string{"markov (aggregate)", "shapley (aggregate)"}

// aggregateRow is what an aggregate credits to one name.
type aggregateRow struct {
	model string
	by    dimension
	id    string
	minor int64
}

// readAggregates adds to ledgers what the learned models credit to all journeys
// at once. They share out the revenue of deals with a journey; the rest of won is
// unattributed.
func readAggregates(ctx context.Context, q sqlfile.Querier, won float64, ledgers map[string]*ledger) error {
	if there, err := hasTable(ctx, q, "learned_effect"); err != nil || !there {
		return err
	}
	rows, err := sqlfile.All(ctx, q, questions.Get("aggregate"), func(scan func(...any) error) (aggregateRow, error) {
		var r aggregateRow
		err := scan(&r.model, &r.by, &r.id, &r.minor)
		return r, err
	})
	if err != nil {
		return fmt.Errorf("read the aggregates: %w", err)
	}
	for _, r := range rows {
		l := ledgers[r.model]
		if l == nil {
			l = &ledger{model: r.model, won: won, splits: map[dimension]split{}}
			ledgers[r.model] = l
		}
		s, known := l.splits[r.by]
		if !known {
			s = split{named: map[string]float64{}, unattributed: won}
		}
		amount := float64(r.minor)
		if r.id == "" {
			s.none += amount
		} else {
			s.named[r.id] = amount
		}
		s.unattributed -= amount
		l.splits[r.by] = s
	}
	return nil
}

// hasTable says whether this build derives a table.
func hasTable(ctx context.Context, q sqlfile.Querier, name string) (bool, error) {
	tables := 0
	err := questions.Get("has_table").One(ctx, q, []sql.NamedArg{sql.Named("name", name)}, &tables)
	return tables > 0, err
}

// interval is what a model says an effect lies between, in minor units.
type interval struct {
	id        string
	low, high float64
}

// readIntervals reads the intervals of incremental at a level; none when the
// build does not estimate any.
func readIntervals(ctx context.Context, q sqlfile.Querier, d dimension) ([]interval, error) {
	if there, err := hasTable(ctx, q, "incremental_effect"); err != nil || !there {
		return nil, err
	}
	list, err := sqlfile.All(ctx, q, questions.Get("interval"), func(scan func(...any) error) (interval, error) {
		var i interval
		err := scan(&i.id, &i.low, &i.high)
		return i, err
	}, sql.Named("level", string(d)))
	if err != nil {
		return nil, fmt.Errorf("read intervals by %s: %w", d, err)
	}
	return list, nil
}

// coverage is the share of true effects that lie within the intervals, and
// their mean width ÷ won revenue. A name without an interval is said to have no
// effect. Both are NaN without intervals.
func coverage(intervals []interval, truth split, won float64) (covered, width float64) {
	if len(intervals) == 0 {
		return math.NaN(), math.NaN()
	}
	said := split{named: map[string]float64{}}
	byID := map[string]interval{}
	for _, i := range intervals {
		said.named[i.id], byID[i.id] = 0, i
	}
	ids := names(said, truth)
	for _, id := range ids {
		if i, effect := byID[id], truth.named[id]; i.low <= effect && effect <= i.high {
			covered++
		}
		width += byID[id].high - byID[id].low
	}
	n := float64(len(ids))
	return covered / n, width / n / won
}
