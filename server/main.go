// Command credence answers which touches earned a company's revenue, and shows
// it to reps, managers and marketing. See `credence --help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"credence/server/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	program, err := os.Executable()
	if err != nil {
		program = "" // a log of a killed process is then read without a child
	}
	code := cli.Run(ctx, os.Args[1:], cli.Process{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Program: program})
	stop()
	os.Exit(code)
}
