package duckdb

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
)

// errDied says that a process that only read the database ended over it.
var errDied = errors.New("the engine ends its process when it reads this")

// Replay reads the log of the database file at path as Open would, in memory
// alone: not a byte of either is changed. It is for the child that Options.Replay
// names, whose parent holds the lock.
func Replay(path string, o Options) error {
	e, err := open(path+"?access_mode=read_only", o, settings(o, nil, ""))
	if err != nil {
		return err
	}
	return e.db.Close()
}

// openRehearsed opens the database at path in a mode, after a child when it has a log.
func openRehearsed(path, mode string, o Options, settings []string) (*Engine, error) {
	left := slices.ContainsFunc(logNames, func(ending string) bool {
		_, err := os.Stat(path + ending)
		return !errors.Is(err, fs.ErrNotExist)
	})
	if left && len(o.Replay) > 0 {
		if err := rehearse(path, o.Replay); err != nil {
			return nil, err
		}
	}
	return open(path+mode, o, settings)
}

// rehearse runs the command on the database at path. Its error is errDied; what
// the child could say in words the opening itself says better.
func rehearse(path string, command []string) error {
	child := exec.Command(command[0], append(slices.Clone(command[1:]), path)...) //nolint:gosec,noctx // this program; opening is not cut short
	said := &bytes.Buffer{}
	child.Stderr = said
	err := child.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !died(exit, said.String()) {
		return nil
	}
	line, _, _ := strings.Cut(said.String(), "\n")
	return fmt.Errorf("%w: %w: %s", errDied, err, line)
}

// died says whether a fault of the engine ended the child: by its signal, or told
// by the runtime, which takes signals of foreign code for its own and exits with 2.
// Who was stopped or killed from outside, for want of memory say, found no fault.
func died(exit *exec.ExitError, said string) bool {
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return slices.Contains([]syscall.Signal{syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL}, status.Signal())
	}
	return exit.ExitCode() == 2 && strings.Contains(said, "SIG") // SIGABRT: abort
}
