package cli

import (
	"context"
	"log/slog"

	"credence/server/config"
	"credence/server/jobs"
)

// nights runs the nightly work until ctx is over. A night that fails is logged
// and tried again the next; broken is told when the database cannot go on.
func (o *owner) nights(ctx context.Context, cfg config.Config, broken func(error)) {
	jobs.Nightly(ctx, jobs.MachineClock(), cfg.Company.Location(), func(ctx context.Context) bool {
		switch err := o.jobs(cfg).Retain(ctx); {
		case err == nil:
			o.log.InfoContext(ctx, "forgot what is older than privacy.retention_days")
		case jobs.Broken(err):
			broken(err)
			return false
		case ctx.Err() == nil:
			o.log.ErrorContext(ctx, "the nightly work did not finish", slog.Any("error", err))
		}
		return true
	})
}
