package jobs_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"credence/server/jobs"
)

// wall is a clock that somebody sets: it goes on by what is waited for, and when
// it has shown a time of steps it is set by that much.
type wall struct {
	now   time.Time
	steps map[string]time.Duration // by the time (UTC) at or after which the clock is set, once
	end   time.Time
	stop  context.CancelFunc
}

func (w *wall) clock() jobs.Clock {
	return jobs.Clock{
		Now: func() time.Time { return w.now },
		After: func(d time.Duration) <-chan time.Time {
			w.now = w.now.Add(d)
			for at, by := range w.steps {
				if when, err := time.Parse(time.RFC3339, at); err == nil && !w.now.Before(when) {
					delete(w.steps, at)
					w.now = w.now.Add(by)
				}
			}
			if w.now.After(w.end) {
				w.stop()
				return nil // waits for ever: only the end is left
			}
			passed := make(chan time.Time, 1)
			passed <- w.now
			return passed
		},
	}
}

// K13: whatever becomes of the clock, each night is done once.
func TestEachNightIsDoneOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, zone, from, to string
		steps                map[string]time.Duration
		want                 []string // UTC, to the minute
	}{
		{
			"an ordinary clock", "Europe/Berlin", "2026-07-20T00:59:59Z", "2026-07-22T12:00:00Z", nil,
			[]string{"2026-07-20 01:00", "2026-07-21 01:00", "2026-07-22 01:00"},
		},
		{
			"begun at the hour itself", "UTC", "2026-07-20T03:00:00Z", "2026-07-21T12:00:00Z", nil,
			[]string{"2026-07-21 03:00"},
		},
		{
			"set forward an hour before the night", "UTC", "2026-07-20T12:00:00Z", "2026-07-22T12:00:00Z",
			map[string]time.Duration{"2026-07-21T02:35:00Z": time.Hour},
			[]string{"2026-07-21 03:40", "2026-07-22 03:00"},
		},
		{
			"set back an hour after the night", "UTC", "2026-07-20T12:00:00Z", "2026-07-22T12:00:00Z",
			map[string]time.Duration{"2026-07-21T03:05:00Z": -time.Hour},
			[]string{"2026-07-21 03:00", "2026-07-22 03:00"},
		},
		{
			"set back an hour before the night", "UTC", "2026-07-20T12:00:00Z", "2026-07-22T12:00:00Z",
			map[string]time.Duration{"2026-07-21T02:35:00Z": -time.Hour},
			[]string{"2026-07-21 03:00", "2026-07-22 03:00"},
		},
		{
			"slept over a night", "UTC", "2026-07-20T12:00:00Z", "2026-07-23T12:00:00Z",
			map[string]time.Duration{"2026-07-20T20:00:00Z": 39 * time.Hour},
			[]string{"2026-07-22 11:00", "2026-07-23 03:00"},
		},
		{
			"the change to summer time", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", nil,
			[]string{"2026-03-29 01:00", "2026-03-30 01:00"},
		},
		{
			"the change to winter time", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", nil,
			[]string{"2026-10-25 02:00", "2026-10-26 02:00"},
		},
		{
			"a day without that hour", "Europe/Helsinki", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", nil,
			[]string{"2026-03-29 01:00", "2026-03-30 00:00"},
		},
		{
			"a day with that hour twice", "Europe/Helsinki", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", nil,
			[]string{"2026-10-25 01:00", "2026-10-26 01:00"},
		},
		{
			"a leap day", "America/New_York", "2028-02-28T12:00:00Z", "2028-03-01T12:00:00Z", nil,
			[]string{"2028-02-29 08:00", "2028-03-01 08:00"},
		},
		{
			"the end of a year", "UTC", "2026-12-31T12:00:00Z", "2027-01-01T12:00:00Z", nil,
			[]string{"2027-01-01 03:00"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			// The host's own zone must not matter: the clock tells the time in another.
			host := time.FixedZone("host", 13*3600)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			w := &wall{now: at(t, tt.from).In(host), end: at(t, tt.to), steps: tt.steps, stop: stop}
			var done []string
			jobs.Nightly(ctx, w.clock(), zone, func(context.Context) bool {
				done = append(done, w.now.UTC().Format("2006-01-02 15:04"))
				return true
			})
			if !slices.Equal(done, tt.want) {
				t.Errorf("done at %v, want %v", done, tt.want)
			}
		})
	}
}

func TestTheNightlyWorkEndsWhenItSaysSo(t *testing.T) {
	t.Parallel()
	w := &wall{now: at(t, "2026-07-20T00:00:00Z"), end: at(t, "2027-07-20T00:00:00Z"), stop: func() {}}
	n := 0
	jobs.Nightly(t.Context(), w.clock(), time.UTC, func(context.Context) bool { n++; return n < 3 })
	if n != 3 {
		t.Errorf("called %d times, want 3", n)
	}
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}
