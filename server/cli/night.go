package cli

import (
	"context"
	"log/slog"
	"time"

	"credence/server/config"
	"credence/server/jobs"
)

// nightHour is when the server forgets what is old, by the company's clock.
const nightHour = 3

// nextNight is the first nightHour after now, on a day that has one.
func nextNight(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), nightHour, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, nightHour, 0, 0, 0, zone)
	}
	return at
}

// nights runs the nightly work until ctx is over. A night that fails is logged
// and tried again the next; broken is told when the database cannot go on.
func (o *owner) nights(ctx context.Context, cfg config.Config, broken func(error)) {
	for {
		wait := time.NewTimer(time.Until(nextNight(time.Now(), cfg.Company.Location())))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-wait.C:
		}
		switch err := o.jobs(cfg).Retain(ctx); {
		case err == nil:
			o.log.InfoContext(ctx, "forgot what is older than privacy.retention_days")
		case jobs.Broken(err):
			broken(err)
			return
		case ctx.Err() == nil:
			o.log.ErrorContext(ctx, "the nightly work did not finish", slog.Any("error", err))
		}
	}
}
