package performance

import (
	"context"
	"database/sql"

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
	return rows(ctx, q, "stages", a, func(scan func(...any) error) (Stage, error) {
		var s Stage
		return s, scan(&s.Pipeline, &s.Stage, &s.Entered, &s.Onward, &s.Lost, &s.Still, &s.Won, &s.MedianDays)
	})
}
