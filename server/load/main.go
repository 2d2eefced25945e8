// Command load asks a server 50 times a second what its readers ask all day, while
// nothing else happens and through a whole sync and refresh, and prints how long
// they waited. `make load` runs it.
//
// The company is the sample company grown to a million touches, by the number of
// its deals: it goes through sync and refresh like any company's, so that nothing
// about it is made up but its size. Readers are the sample company's own users, one
// session each, of every role.
//
// Requests are due at a constant rate, whether or not those before were answered,
// and waiting is counted from when a request was due: a server that stands still
// for a second is charged with every request of that second. wrk and hey, which
// send the next request after the last answer, would not see it; with -wrk the same
// addresses are asked by wrk too, as a second opinion.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the command's flags.
type options struct {
	binary string
	dir    string
	addr   string
	deals  int
	rate   int
	lasts  time.Duration
	parts  []string
	wrk    bool
}

// allParts are the parts of a run in their order.
var allParts = []string{"cold", "idle", "refresh", "burst", "exports"}

func main() {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the client would tell of every idle connection that the server closes
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	exit := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(exit)
}

// run does one run of the command and returns its exit code: 2 for unusable
// arguments, 1 when it did not finish.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err == flag.ErrHelp { //nolint:errorlint // never wrapped
		return 0
	}
	if err == nil {
		err = o.measure(ctx, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintf(stderr, "load: %v\n", err) //nolint:errcheck // nobody to tell when stderr is gone
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.binary, "binary", "bin/credence", "the program to measure")
	flags.StringVar(&o.dir, "dir", "load", "folder of the grown company; made when it is not there")
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8099", "where the measured server listens")
	flags.IntVar(&o.deals, "deals", 23700, "deals of the company; 42 touches each")
	flags.IntVar(&o.rate, "rate", 50, "requests a second")
	flags.DurationVar(&o.lasts, "for", time.Minute, "how long the idle part lasts")
	flags.BoolVar(&o.wrk, "wrk", false, "ask wrk too")
	parts := flags.String("parts", "cold,idle,refresh", "what to measure, of "+strings.Join(allParts, ", "))
	if err = flags.Parse(args); err != nil {
		return o, err
	}
	o.parts = strings.Split(*parts, ",")
	for _, p := range o.parts {
		if !slices.Contains(allParts, p) {
			return o, fmt.Errorf("there is no part %q; write some of %s", p, strings.Join(allParts, ","))
		}
	}
	if o.rate < 1 || o.deals < 1 {
		return o, fmt.Errorf("-rate and -deals are at least 1")
	}
	return o, nil
}

// measure makes the company if need be, serves it and goes through the parts.
func (o options) measure(ctx context.Context, stdout, stderr io.Writer) (err error) {
	if err = o.makeCompany(ctx, stderr); err != nil {
		return err
	}
	s, err := o.serve(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if serr := s.stop(); err == nil {
			err = serr
		}
	}()
	asks, err := o.readers(ctx)
	if err != nil {
		return err
	}
	page := &report{out: stdout, server: s}
	if err := page.head(ctx, o, len(asks.readers)); err != nil {
		return err
	}
	do := map[string]func(context.Context, *mix, *report) error{
		"cold": o.cold, "idle": o.idle, "refresh": o.refresh, "burst": o.burst, "exports": o.exports,
	}
	for _, part := range allParts {
		if slices.Contains(o.parts, part) {
			if err := do[part](ctx, asks, page); err != nil {
				return fmt.Errorf("measure %s: %w", part, err)
			}
		}
	}
	return page.err
}
