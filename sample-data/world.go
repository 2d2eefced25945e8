package sampledata

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"
)

// world is a company, its market and the law they follow; what happens in it
// comes from simulate.
type world struct {
	seed      uint64
	proc      process
	from      time.Time // midnight UTC of day 0
	days      int
	season    []float64
	reps      []rep
	accounts  []account
	campaigns []campaign
	posts     []post
	live      [][]int // posts that are still seen, by day
	articles  []int   // blog posts by day
	rates     rateTable

	histories []history // what happened, by account
}

// history is what happened at one account.
type history struct {
	touches []touch // of the account, by day
	deals   []deal
}

const (
	windowDays  = 730
	fullDeals   = 2400
	fullAccount = 900
	fullPosts   = 900
)

// newWorld founds the company and its market. It draws nothing that a touch
// could change.
func newWorld(o Options, proc process) *world {
	scale := float64(o.Deals) / fullDeals
	until := o.Until.UTC().Truncate(24 * time.Hour)
	w := &world{seed: o.Seed, proc: proc, days: windowDays, from: until.AddDate(0, 0, 1-windowDays)}
	w.season = make([]float64, w.days)
	for t := range w.season {
		w.season[t] = seasonOf(w.date(t))
	}
	w.rates = newRates(w)
	w.reps = newReps(w.seed, w.days)
	w.accounts = newAccounts(w.seed, max(12, int(math.Round(fullAccount*scale))), w.days, w.reps)
	w.campaigns = newCampaigns(w, scale)
	w.posts = newPosts(w, max(60, int(math.Round(fullPosts*math.Min(1, math.Sqrt(scale))))))
	for i := range w.accounts {
		a := &w.accounts[i]
		for j := range w.campaigns {
			if w.campaigns[j].targets(a) {
				a.campaigns = append(a.campaigns, j)
			}
		}
	}
	w.live = make([][]int, w.days)
	for i, p := range w.posts {
		if p.network == blog {
			w.articles = append(w.articles, i)
			continue
		}
		for t := p.day; t < min(p.day+postLife, w.days); t++ {
			w.live[t] = append(w.live[t], i)
		}
	}
	return w
}

// seasonOf is the season in log chances: strong ends of quarters, a summer dip,
// the days between the years.
func seasonOf(at time.Time) float64 {
	s := .10 * math.Cos(2*math.Pi*(float64(at.YearDay())-310)/365)
	switch {
	case at.Month() == time.July || at.Month() == time.August && at.Day() < 20:
		s -= .22
	case at.Month() == time.December && at.Day() > 20 || at.Month() == time.January && at.Day() < 6:
		s -= .7
	case at.Month() == time.September || at.Month() == time.October:
		s += .12
	}
	return s
}

// date is midnight UTC of a day.
func (w *world) date(day int) time.Time { return w.from.AddDate(0, 0, day) }

// at is an instant of a day.
func (w *world) at(day, second int) time.Time {
	return w.from.AddDate(0, 0, day).Add(time.Duration(second) * time.Second)
}

// end is the first instant after the window.
func (w *world) end() time.Time { return w.date(w.days) }

func (w *world) weekend(day int) bool {
	wd := (int(w.from.Weekday()) + day) % 7
	return wd == 0 || wd == 6
}

func quarterEnd(at time.Time) bool {
	return at.Month()%3 == 0 && at.Day() >= 12
}

// live runs the world as it is and keeps the histories.
func (w *world) run(ctx context.Context) error {
	w.histories = make([]history, len(w.accounts))
	return parallel(ctx, len(w.accounts), func(i int) {
		w.histories[i] = w.simulate(&w.accounts[i], nil, nil)
	})
}

// parallel calls do(0…n-1) on all processors; the result must not depend on
// the order.
func parallel(ctx context.Context, n int, do func(i int)) error {
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), n)
	for k := range workers {
		wg.Go(func() {
			for i := k; i < n && ctx.Err() == nil; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// sortBy sorts list by a key, keeping the order of equals.
func sortBy[T any, K cmp.Ordered](list []T, key func(T) K) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}
