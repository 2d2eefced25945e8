package attribution

import (
	"context"
	"time"

	"credence/warehouse"
)

// StoreLedger is the part of Build that begins with the touches, which a
// benchmark measures apart from the rest.
func StoreLedger(ctx context.Context, tx *warehouse.Tx, s Settings, models []Model, now time.Time) error {
	if err := questions.Get("dialect_duckdb").Exec(ctx, tx); err != nil {
		return err
	}
	if err := settle(ctx, tx, s, now, ""); err != nil {
		return err
	}
	return storeLedger(ctx, tx, s, models, now)
}

// Large is t, computed as if its journeys had more than fewTouches.
func (t Trial) Large() Trial {
	t.large = true
	return t
}
