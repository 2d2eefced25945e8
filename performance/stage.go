package performance

import (
	"context"
	"database/sql"
	"strings"

	"credence/warehouse/sqlfile"
)

// Stage is how the deals that entered a stage of work went on.
type Stage struct {
	Pipeline, Stage string
	Entered         int64 // deals that entered it in the window
	Onward          int64 // of those, reached a later stage or were won
	Lost            int64 // of those, lost from here
	Still           int64 // of those, still here or gone back
	Won             int64 // of those, won in the end
	MedianDays      sql.Null[float64]
}

// Conversion is Onward ÷ (Onward + Lost); false when no deal has left the stage.
func (s Stage) Conversion() (share float64, ok bool) {
	if s.Onward+s.Lost == 0 {
		return 0, false
	}
	return float64(s.Onward) / float64(s.Onward+s.Lost), true
}

// Stages lists the stages of work in their order for the deals that entered
// them in a's period.
func Stages(ctx context.Context, q sqlfile.Querier, a Ask) ([]Stage, error) {
	all, err := StagesOf(ctx, q, a)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// StagesOf is Stages of each of asks, in their order, from one question. The
// asks differ in nothing but their period; there is at least one.
func StagesOf(ctx context.Context, q sqlfile.Querier, asks ...Ask) ([][]Stage, error) {
	spans, periods := spansOf(asks)
	st := sqlfile.Parse("stages", strings.Replace(questions.Get("stages").Source, mustRead("metrics/with/span.sql"), spans, 1))
	type row struct {
		span string
		Stage
	}
	all, err := sqlfile.All(ctx, q, st, func(scan func(...any) error) (row, error) {
		var r row
		return r, scan(&r.span, &r.Pipeline, &r.Stage.Stage, &r.Entered, &r.Onward, &r.Lost, &r.Still, &r.Won, &r.MedianDays)
	}, asks[0].args(st, periods...)...)
	if err != nil {
		return nil, err
	}
	out := make([][]Stage, len(asks))
	for _, r := range all {
		for i := range asks {
			if r.span == spanName(i) {
				out[i] = append(out[i], r.Stage)
			}
		}
	}
	return out, nil
}
