package cli

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"credence/server/config"
	"credence/server/jobs"
)

// nights watches the log of the database and runs the nightly work until ctx is
// over. A night that fails is logged and tried again the next; broken is told when
// the database cannot go on.
func (o *owner) nights(ctx context.Context, cfg config.Config, broken func(error)) {
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { jobs.WatchLog(watching, jobs.MachineClock(), cfg.Database, o.log) })
	defer watch.Wait()
	defer stop()
	jobs.Nightly(ctx, jobs.MachineClock(), cfg.Company.Location(), func(ctx context.Context) bool {
		j := o.jobs(cfg)
		err := j.Retain(ctx)
		if err == nil {
			o.log.InfoContext(ctx, "forgot what is older than privacy.retention_days")
		}
		if !jobs.Broken(err) && ctx.Err() == nil { // a night that forgot nothing is checked all the same
			err = errors.Join(err, j.CheckNight(ctx))
		}
		switch {
		case err == nil:
		case jobs.Broken(err):
			broken(err)
			return false
		case ctx.Err() == nil:
			o.log.ErrorContext(ctx, "the nightly work did not finish", slog.Any("error", err))
		}
		return true
	})
}
