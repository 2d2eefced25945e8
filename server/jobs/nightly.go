package jobs

import (
	"context"
	"time"
)

// NightHour is when the nightly work is done, by the company's clock.
const NightHour = 3

// lookAgain is how often the clock is looked at while the night is waited for:
// nobody tells when the machine's clock was set anew, or that it slept.
const lookAgain = 10 * time.Minute

// Clock is what a schedule knows of time.
type Clock struct {
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
}

// MachineClock is the clock of this machine.
func MachineClock() Clock { return Clock{Now: time.Now, After: time.After} }

// Nightly calls do once a night, at NightHour in zone, until ctx is over or do
// answers false. A clock that is set forward makes it late by no more than ten
// minutes; one that is set back has no night done twice. A night that was over
// before Nightly was called is not made up for.
func Nightly(ctx context.Context, clock Clock, zone *time.Location, do func(context.Context) bool) {
	due := NextNight(clock.Now(), zone)
	for {
		now := clock.Now().Round(0) // by the wall, not by the time that passed
		if !now.Before(due) {
			if !do(ctx) {
				return
			}
			due = NextNight(later(due, clock.Now()), zone)
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-clock.After(min(due.Sub(now), lookAgain)):
		}
	}
}

// NextNight is the first NightHour in zone after now. On a day whose clock skips
// that hour it is an hour beside it, and on a day that has it twice one of them.
func NextNight(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	for day := local.Day(); ; day++ {
		at := time.Date(local.Year(), local.Month(), day, NightHour, 0, 0, 0, zone)
		if at.After(now) {
			return at
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
