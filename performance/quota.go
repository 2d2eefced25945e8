package performance

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

// quotaRow is one quota as its source gave it, in the reporting currency.
type quotaRow struct {
	repID, teamID string // one of them; a row with both is the rep's
	period        calendar.Period
	minor         int64
}

// byDay is an amount per local day, the day as midnight UTC.
type byDay map[time.Time]int64

type teamRow struct{ id, parent string }

// repRow is a rep's stay in a team, from one day up to before another.
type repRow struct {
	id, team    string
	from, until time.Time
}

// fillQuotaDays reads the quotas and writes quota_day.
func fillQuotaDays(ctx context.Context, tx *warehouse.Tx, company calendar.Company) error {
	quotas, err := readQuotas(ctx, tx, company)
	if err != nil {
		return err
	}
	teams, err := sqlfile.All(ctx, tx, steps.Get("team_rows"), func(scan func(...any) error) (teamRow, error) {
		var t teamRow
		return t, scan(&t.id, &t.parent)
	})
	if err != nil {
		return err
	}
	reps, err := sqlfile.All(ctx, tx, steps.Get("rep_rows"), func(scan func(...any) error) (repRow, error) {
		var r repRow
		return r, scan(&r.id, &r.team, &r.from, &r.until)
	})
	if err != nil {
		return err
	}
	repDays, ownDays := spreadQuotas(quotas, company)
	teamDays := teamQuotas(teams, reps, repDays, ownDays)
	columns := []string{"grain", "key", "day", "reporting_minor"}
	for _, part := range []struct {
		grain string
		days  map[string]byDay
	}{{"rep", repDays}, {"team", teamDays}} {
		if err := tx.Append(ctx, "quota_day", columns, quotaDayRows(part.grain, part.days)); err != nil {
			return fmt.Errorf("append quota days of %ss: %w", part.grain, err)
		}
	}
	return nil
}

func readQuotas(ctx context.Context, q sqlfile.Querier, company calendar.Company) ([]quotaRow, error) {
	all, err := sqlfile.All(ctx, q, steps.Get("quota_rows"), func(scan func(...any) error) (quotaRow, error) {
		var (
			r    quotaRow
			name string
		)
		if err := scan(&r.repID, &r.teamID, &name, &r.minor); err != nil {
			return r, err
		}
		// A period nobody can read has no days; the row is left out.
		if p, err := company.Parse(name); err == nil {
			r.period = p
		}
		return r, nil
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r quotaRow) bool { return r.period.Name == "" }), nil
}

// spreadQuotas gives each owner's quota to the working days of its period in
// parts that differ by at most one minor unit and sum to it. Where several
// kinds of period cover a day the shortest wins (a July quota over the year's);
// of two rows for the same owner and period the larger counts.
func spreadQuotas(quotas []quotaRow, company calendar.Company) (reps, teams map[string]byDay) {
	reps, teams = map[string]byDay{}, map[string]byDay{}
	slices.SortStableFunc(quotas, func(x, y quotaRow) int {
		return cmp.Or(cmp.Compare(y.period.To.Sub(y.period.From), x.period.To.Sub(x.period.From)), cmp.Compare(x.minor, y.minor))
	})
	for _, row := range quotas {
		owners, key := reps, row.repID
		if key == "" {
			owners, key = teams, row.teamID
		}
		if key == "" {
			continue
		}
		if owners[key] == nil {
			owners[key] = byDay{}
		}
		days := workingDays(company, row.period)
		weights := make([]int64, len(days))
		for i := range weights {
			weights[i] = 1
		}
		for i, part := range money.Split(row.minor, weights) {
			owners[key][days[i]] = part
		}
	}
	return reps, teams
}

// teamQuotas is the quota of every team and day: its own, else the sum of the
// reps' who were in it and of the teams directly below it.
func teamQuotas(teams []teamRow, reps []repRow, repDays, own map[string]byDay) map[string]byDay {
	children, members := map[string][]string{}, map[string][]repRow{}
	for _, t := range teams {
		children[t.parent] = append(children[t.parent], t.id)
	}
	for _, r := range reps {
		members[r.team] = append(members[r.team], r)
	}
	out := map[string]byDay{}
	var sum func(team string) byDay
	sum = func(team string) byDay {
		if done, ok := out[team]; ok {
			return done
		}
		days := byDay{}
		out[team] = days // also ends a circle of parents
		for _, rep := range members[team] {
			addDays(days, rep.during(repDays[rep.id]))
		}
		for _, child := range children[team] {
			addDays(days, sum(child))
		}
		maps.Copy(days, own[team])
		return days
	}
	for _, t := range teams {
		sum(t.id)
	}
	return out
}

// during is the part of days in the stay.
func (r repRow) during(days byDay) byDay {
	out := byDay{}
	for day, minor := range days {
		if !day.Before(r.from) && day.Before(r.until) {
			out[day] = minor
		}
	}
	return out
}

func addDays(to, from byDay) {
	for day, minor := range from {
		to[day] += minor
	}
}

// workingDays lists the period's Mondays to Fridays; all its days when it has
// none.
func workingDays(company calendar.Company, p calendar.Period) []time.Time {
	var working, every []time.Time
	for day := localDay(company, p.From); day.Before(p.To); day = day.AddDate(0, 0, 1) {
		date := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
		every = append(every, date)
		if isWorkingDay(day) {
			working = append(working, date)
		}
	}
	if len(working) == 0 {
		return every
	}
	return working
}

func quotaDayRows(grain string, owners map[string]byDay) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, key := range slices.Sorted(maps.Keys(owners)) {
			days := owners[key]
			for _, day := range slices.SortedFunc(maps.Keys(days), time.Time.Compare) {
				if !yield([]any{grain, key, day, days[day]}) {
					return
				}
			}
		}
	}
}
