package main

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// outcome is one request.
type outcome struct {
	kind   string
	due    time.Time
	waited time.Duration // from when it was due to the last byte
	status int           // 0: no answer
	after  int           // seconds of Retry-After; 0 without
}

// bad says whether the reader did not get what was asked for.
func (o outcome) bad() bool { return o.status == 0 || o.status >= http.StatusBadRequest }

// drive sends rate requests a second until ctx is over, each when it is due, and
// returns when all are answered.
func (m *mix) drive(ctx context.Context, rate int) []outcome {
	var mu sync.Mutex
	var all []outcome
	var running sync.WaitGroup
	began := time.Now()
	for i := 0; ; i++ {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		timer := time.NewTimer(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			running.Wait()
			return all
		}
		a := m.next()
		running.Go(func() {
			got := a.send(context.WithoutCancel(ctx), m.base, due)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, got)
		})
	}
}

// send asks once.
func (a ask) send(ctx context.Context, base string, due time.Time) outcome {
	got := outcome{kind: a.kind, due: due}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+a.path, nil) //nolint:gosec // the measured server is given by who measures
	if err == nil {
		request.Header.Set("Accept-Encoding", "gzip")
		var answer *http.Response
		if answer, err = a.to.client.Do(request); err == nil { //nolint:gosec // as above
			_, err = io.Copy(io.Discard, answer.Body)
			if cerr := answer.Body.Close(); err == nil {
				err = cerr
			}
			got.status = answer.StatusCode
			got.after, _ = strconv.Atoi(answer.Header.Get("Retry-After"))
		}
	}
	if err != nil {
		got.status = 0
	}
	got.waited = time.Since(due)
	return got
}

// quantile is the value that a share of sorted values does not exceed: the least
// of them with at least that share at or below it; 0 of none.
func quantile(sorted []time.Duration, share float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	at := int(share * float64(len(sorted)))
	if float64(at) == share*float64(len(sorted)) {
		at--
	}
	return sorted[min(max(at, 0), len(sorted)-1)]
}

func waits(outcomes []outcome) []time.Duration {
	out := make([]time.Duration, len(outcomes))
	for i, o := range outcomes {
		out[i] = o.waited
	}
	slices.Sort(out)
	return out
}
