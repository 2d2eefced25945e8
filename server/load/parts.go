package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// within drives for a while.
func (m *mix) within(ctx context.Context, rate int, lasts time.Duration) []outcome {
	ctx, cancel := context.WithTimeout(ctx, lasts)
	defer cancel()
	return m.drive(ctx, rate)
}

// cold is a server that has answered nothing yet: every reader's every address is
// asked once, two at a time.
func (o options) cold(ctx context.Context, m *mix, r *report) error {
	return r.part("every address for the first time, two at a time", func() ([]outcome, error) {
		all := make(chan ask)
		var mu sync.Mutex
		var outcomes []outcome
		var asking sync.WaitGroup
		for range 2 {
			asking.Go(func() {
				for a := range all {
					got := a.send(ctx, m.base, time.Now())
					mu.Lock()
					outcomes = append(outcomes, got)
					mu.Unlock()
				}
			})
		}
		for _, reader := range m.readers {
			seen := map[string]bool{}
			for _, a := range reader.asks {
				if !seen[a.path] && ctx.Err() == nil {
					seen[a.path] = true
					all <- a
				}
			}
		}
		close(all)
		asking.Wait()
		return outcomes, ctx.Err()
	})
}

// idle is a server with nothing else to do.
func (o options) idle(ctx context.Context, m *mix, r *report) error {
	err := r.part(fmt.Sprintf("idle, %d req/s", o.rate), func() ([]outcome, error) {
		return m.within(ctx, o.rate, o.lasts), ctx.Err()
	})
	if err == nil && o.wrk {
		err = o.askWrk(ctx, m, r)
	}
	return err
}

// refresh is the whole of a sync and a refresh, and then the same without readers.
func (o options) refresh(ctx context.Context, m *mix, r *report) error {
	both := func(ctx context.Context) (took [2]time.Duration, err error) {
		if took[0], err = o.verb(ctx, "sync", "--full"); err == nil {
			took[1], err = o.verb(ctx, "refresh")
		}
		return took, err
	}
	var loaded [2]time.Duration
	err := r.part(fmt.Sprintf("sync and refresh, %d req/s", o.rate), func() ([]outcome, error) {
		until, cancel := context.WithCancel(ctx)
		var outcomes []outcome
		var driving sync.WaitGroup
		driving.Go(func() { outcomes = m.drive(until, o.rate) })
		var verr error
		loaded, verr = both(ctx)
		cancel()
		driving.Wait()
		return outcomes, verr
	})
	if err == nil {
		err = r.part("the half minute after the refresh", func() ([]outcome, error) {
			return m.within(ctx, o.rate, 30*time.Second), ctx.Err()
		})
	}
	if err != nil {
		return err
	}
	alone, err := both(ctx)
	r.say("sync %s and refresh %s under that load, %s and %s without it: %.1f and %.1f times as long\n", round(loaded[0]), round(loaded[1]),
		round(alone[0]), round(alone[1]), loaded[0].Seconds()/alone[0].Seconds(), loaded[1].Seconds()/alone[1].Seconds())
	return err
}

// burst is six times the rate for half a minute, and how soon all is well again.
func (o options) burst(ctx context.Context, m *mix, r *report) error {
	const lasts = 30 * time.Second
	err := r.part(fmt.Sprintf("burst, %d req/s", 6*o.rate), func() ([]outcome, error) {
		return m.within(ctx, 6*o.rate, lasts), ctx.Err()
	})
	if err != nil {
		return err
	}
	var after []outcome
	err = r.part(fmt.Sprintf("after the burst, %d req/s", o.rate), func() ([]outcome, error) {
		after = m.within(ctx, o.rate, lasts)
		return after, ctx.Err()
	})
	if len(after) == 0 {
		return err
	}
	began, calm := after[0].due, time.Duration(0)
	for _, got := range after {
		if got.due.Before(began) {
			began = got.due
		}
	}
	for _, got := range after {
		if at := got.due.Sub(began); (got.bad() || got.waited > 400*time.Millisecond) && at > calm {
			calm = at
		}
	}
	r.say("the last request over 400 ms or refused was due %s after the burst\n", round(calm))
	return err
}

// heavyExports is how many people ask for a file at once.
const heavyExports = 20

// exports is the usual load while files are asked for.
func (o options) exports(ctx context.Context, m *mix, r *report) error {
	var files []outcome
	err := r.part(fmt.Sprintf("%d exports at once, %d req/s beside them", heavyExports, o.rate), func() ([]outcome, error) {
		until, cancel := context.WithCancel(ctx)
		var mu sync.Mutex
		var exporting, driving sync.WaitGroup
		for i := range heavyExports {
			a := ask{"export", []string{"/reports/2026Q3.xlsx", "/reports/2026Q2.csv", "/reports/2025.xlsx", "/attribution?format=csv&period=2026"}[i%4], m.role("cmo", i)}
			exporting.Go(func() {
				got := a.send(ctx, m.base, time.Now())
				mu.Lock()
				defer mu.Unlock()
				files = append(files, got)
			})
		}
		var outcomes []outcome
		driving.Go(func() { outcomes = m.drive(until, o.rate) })
		exporting.Wait()
		cancel()
		driving.Wait()
		return outcomes, ctx.Err()
	})
	refused, other := 0, 0
	for _, f := range files {
		switch {
		case f.status == http.StatusServiceUnavailable:
			refused++
		case f.bad():
			other++
		}
	}
	sorted := waits(files)
	r.say("the exports: p50 %s, longest %s, %d told to come back, %d failed\n", round(quantile(sorted, .5)), round(quantile(sorted, 1)), refused, other)
	return err
}

// role is one of the readers of a role.
func (m *mix) role(role string, n int) *reader {
	var of []*reader
	for _, r := range m.readers {
		if r.role == role {
			of = append(of, r)
		}
	}
	return of[n%len(of)]
}

func round(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}
