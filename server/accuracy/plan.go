package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	sampledata "credence/sample-data"
)

// plan is what one run measures and where it writes.
type plan struct {
	processes []string
	seeds     []uint64
	deals     int
	jobs      int
	out, keep string
}

// parse reads the command's flags.
func parse(args []string, stderr io.Writer) (plan, error) {
	p := plan{}
	processes, seeds := "", ""
	flags := flag.NewFlagSet("accuracy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&processes, "process", strings.Join(sampledata.Processes(), ","), "laws that the worlds follow, joined by commas or blanks")
	flags.StringVar(&seeds, "seeds", "101-120", "seeds of each process: 101-120 or 7,9; models are designed on 1001 and above")
	flags.IntVar(&p.deals, "deals", 600, "about how many deals a world has")
	flags.IntVar(&p.jobs, "jobs", min(2, runtime.GOMAXPROCS(0)), "worlds at a time")
	flags.StringVar(&p.out, "out", "", "folder for ACCURACY.md and accuracy.csv (default: the report goes to standard output alone)")
	flags.StringVar(&p.keep, "keep", "", "folder that keeps what was read from each world, so that the next run only credits anew")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	if flags.NArg() > 0 {
		return p, fmt.Errorf("%q is not a flag; see -help", flags.Arg(0))
	}
	p.processes = strings.FieldsFunc(processes, func(r rune) bool { return r == ',' || r == ' ' })
	for _, name := range p.processes {
		if !slices.Contains(sampledata.Processes(), name) {
			return p, fmt.Errorf("-process: no process is called %q; known are %s", name, strings.Join(sampledata.Processes(), ", "))
		}
	}
	var err error
	if p.seeds, err = parseSeeds(seeds); err != nil {
		return p, err
	}
	if p.jobs < 1 || len(p.processes) == 0 {
		return p, errors.New("-jobs must be at least 1 and -process name a process")
	}
	return p, nil
}

// parseSeeds reads "1001-1020" or "7,9,20-22".
func parseSeeds(text string) ([]uint64, error) {
	var out []uint64
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		a, err := strconv.ParseUint(from, 10, 32)
		b, err2 := strconv.ParseUint(to, 10, 32)
		if err != nil || err2 != nil || b < a || b-a > 9999 {
			return nil, fmt.Errorf("-seeds %q is not a list such as 1001-1020 or 7,9", text)
		}
		for s := a; s <= b; s++ {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// do measures every world of the plan and writes the report.
func (p plan) do(ctx context.Context, stdout io.Writer, say func(string, ...any)) error {
	results, err := openResults()
	if err != nil {
		return err
	}
	b := &bench{threads: max(1, runtime.GOMAXPROCS(0)/p.jobs)}
	if p.keep != "" {
		if b.keep, err = keptFolder(p.keep); err != nil {
			return err
		}
	}
	if err = p.measure(ctx, b, results, say); err != nil {
		return err
	}
	r := newReport(p, results.scores)
	if err = r.write(p.out, stdout, say); err != nil {
		return err
	}
	return results.forget()
}

func (p plan) worlds() []world {
	var out []world
	for _, seed := range p.seeds { // every process early, so that a mistake in one shows early
		for _, process := range p.processes {
			out = append(out, world{Process: process, Seed: seed, Deals: p.deals})
		}
	}
	return out
}

// measure measures the worlds that have no result yet, p.jobs at a time.
func (p plan) measure(ctx context.Context, b *bench, results *results, say func(string, ...any)) error {
	worlds := p.worlds()
	begun, all := time.Now(), len(worlds)
	worlds = slices.DeleteFunc(worlds, results.load)
	done := all - len(worlds)
	if done > 0 {
		say("%d of %d worlds were measured before", done, all)
	}
	var mu sync.Mutex
	first := done
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(p.jobs)
	for _, w := range worlds {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			scores, took, err := b.measure(ctx, w)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			each := time.Since(begun) / time.Duration(done-first)
			say("[%d/%d] %s: written in %.1f s, read in %.1f s, credited in %.1f s; about %s left", done, all, w,
				took.write.Seconds(), took.read.Seconds(), took.derive.Seconds(), (each * time.Duration(all-done)).Round(time.Second))
			return results.save(w, scores)
		})
	}
	return g.Wait()
}
