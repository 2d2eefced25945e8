package performance

import (
	"context"
	"time"

	"credence/warehouse/sqlfile"
)

// DayWon is what had been won by the end of a working day of the period.
type DayWon struct {
	Day   int       // working day, from 1
	Date  time.Time // its date, midnight UTC
	Minor int64     // won from the beginning of the period up to this day
}

// Progress is won revenue, summed up over the working days of a's period up to
// Until. What closed on a weekend stands with the working day before it, or
// with the first when there is none.
func Progress(ctx context.Context, q sqlfile.Querier, a Ask) ([]DayWon, error) {
	type won struct {
		day   time.Time
		minor int64
	}
	perDay, err := rows(ctx, q, "won_by_day", a, func(scan func(...any) error) (won, error) {
		var w won
		return w, scan(&w.day, &w.minor)
	})
	if err != nil {
		return nil, err
	}
	days := workingDays(a.Company, a.Period)
	gone := min(a.DaysGone(), len(days))
	out := make([]DayWon, gone)
	next, sum := 0, int64(0)
	for i := range out {
		for next < len(perDay) && (i+1 == gone || perDay[next].day.Before(days[i+1])) {
			sum += perDay[next].minor
			next++
		}
		out[i] = DayWon{Day: i + 1, Date: days[i], Minor: sum}
	}
	return out, nil
}
