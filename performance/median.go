package performance

import (
	"context"
	"slices"

	"credence/warehouse/sqlfile"
)

// smallestTeam is the number of reps from which a team's median is told: of two
// reps, each could read the other's number off it.
const smallestTeam = 3

// TeamMedian is a rep's number beside the median of the rep's team.
type TeamMedian struct {
	Metric Metric
	Rep    Value   // the rep's own
	Median float64 // of the reps of the team for whom the metric is known, the rep included; minor units when the metric is money
	Low    float64 // the smallest of them
	High   float64 // the largest of them
	Reps   int     // how many those are
	Told   bool    // false: fewer than three reps, the median is withheld
}

// AgainstTeam compares the rep of a with the rep's team by each of the named
// metrics. The median covers the whole team although the reader may see only
// one rep of it: it carries no names. The rep itself must be visible to the
// reader.
func AgainstTeam(ctx context.Context, q sqlfile.Querier, a Ask, names ...string) ([]TeamMedian, error) {
	rep, err := FindRep(ctx, q, a.UserID, a.RepID)
	if err != nil {
		return nil, err
	}
	a.By = "company"
	own, err := a.Sheet(ctx, q, names...)
	if err != nil {
		return nil, err
	}
	var all Sheet
	var members []Choice
	if rep.TeamID != "" {
		team := a
		team.UserID, team.TeamID, team.RepID, team.By = "*", rep.TeamID, "", "rep"
		if all, err = team.Sheet(ctx, q, names...); err != nil {
			return nil, err
		}
		if members, err = ActiveReps(ctx, q, team); err != nil {
			return nil, err
		}
	}
	out := make([]TeamMedian, 0, len(names))
	for _, name := range names {
		m, err := Find(name)
		if err != nil {
			return nil, err
		}
		row := TeamMedian{Metric: m, Rep: own.Of(name, "")}
		row.fill(all, members)
		out = append(out, row)
	}
	return out, nil
}

// fill takes the median over the members for whom the metric is known.
func (row *TeamMedian) fill(all Sheet, members []Choice) {
	numbers := make([]float64, 0, len(members))
	for _, member := range members {
		if v := all.Of(row.Metric.Name, member.ID); v.Known {
			numbers = append(numbers, v.amount(row.Metric))
		}
	}
	row.Reps = len(numbers)
	if row.Told = row.Reps >= smallestTeam; row.Told {
		slices.Sort(numbers)
		row.Median, row.Low, row.High = Median(numbers), numbers[0], numbers[len(numbers)-1]
	}
}

// amount is the value as one number: minor units for money.
func (v Value) amount(m Metric) float64 {
	if m.Money() {
		return float64(v.Minor)
	}
	return v.Number
}

// ActiveReps lists the reps a covers who sell and were with the company in the
// period, by name.
func ActiveReps(ctx context.Context, q sqlfile.Querier, a Ask) ([]Choice, error) {
	return rows(ctx, q, "active_reps", a, func(scan func(...any) error) (Choice, error) {
		var c Choice
		return c, scan(&c.ID, &c.Name)
	})
}

// Median is the middle of sorted numbers, or the mean of the two in the middle;
// 0 of none.
func Median(sorted []float64) float64 {
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	default:
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
}
