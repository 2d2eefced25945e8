// Command accuracy holds every attribution model against the truth of the sample
// company: it makes worlds of each process, has Credence read their files and
// credit their deals, and writes how far each model is from what really caused
// the revenue, as a report for people (ACCURACY.md) and a table for programs
// (accuracy.csv). `make accuracy` runs it over all processes and 20 seeds.
//
// It stands below server because only server may know the sample company and
// the models at once; the models never see the truth. The same tree writes the
// same bytes. An interrupted run goes on where it was.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	exit := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(exit)
}

// run does one run of the command and returns its exit code: 2 for unusable
// arguments, 1 when it did not finish.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	say := func(format string, args ...any) {
		fmt.Fprintf(stderr, format+"\n", args...) //nolint:errcheck // nobody to tell when stderr is gone
	}
	plan, err := parse(args, stderr)
	if err == flag.ErrHelp { //nolint:errorlint // never wrapped
		return 0
	}
	if err != nil {
		say("accuracy: %v", err)
		return 2
	}
	if err := plan.do(ctx, stdout, say); err != nil {
		if ctx.Err() != nil {
			say("accuracy: interrupted; the same command goes on where it was")
			return 1
		}
		say("accuracy: %v", err)
		return 1
	}
	return 0
}
