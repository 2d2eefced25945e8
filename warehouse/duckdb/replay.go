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

// rehearseAlone is rehearse of the database at path without its log, which stays
// where it is: the file has another name for so long, beside which no log lies.
func rehearseAlone(path string, command []string) (err error) {
	if err = os.Link(path, path+alone); err != nil {
		return fmt.Errorf("read the database without its log: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(path+alone)) }()
	return rehearse(path+alone, command)
}

// alone is the ending of a database file that is read without its log.
const alone = ".alone"

// rehearse runs the command on the database at path. Its error is errDied, or that
// the machine lacked what the child needed; what the child could say in words the
// opening itself says better.
func rehearse(path string, command []string) error {
	child := exec.Command(command[0], append(slices.Clone(command[1:]), path)...) //nolint:gosec,noctx // this program; opening is not cut short
	said := &bytes.Buffer{}
	child.Stderr = said
	err := child.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return nil
	}
	for line := range strings.Lines(said.String()) {
		if lacked(line) {
			return fmt.Errorf("the machine lacked what reading the log of %s needs, and nothing was changed: %s, then start again: %s", path, remedy(line), strings.TrimSpace(line))
		}
	}
	if !died(exit, said.String()) {
		return nil
	}
	line, _, _ := strings.Cut(said.String(), "\n")
	return fmt.Errorf("%w: %w: %s", errDied, err, line)
}

// lacks are words of what a machine can lack, lower case, and what to do.
var lacks = []struct{ remedy, words string }{
	{"free space on its disk", "no space left"},
	{"free memory or raise its limits", "out of memory|cannot allocate|bad_alloc|pthread_create|newosproc|resource temporarily unavailable"},
	{"raise the limit of open files", "too many open files"},
	{"give the program's user the right to its files and folder", "permission denied"},
	{"look at its disk", "input/output error"},
}

// remedy is what to do about a text that says what the machine lacked; "" when it says
// nothing of the kind.
func remedy(text string) string {
	text = strings.ToLower(text)
	for _, l := range lacks {
		for words := range strings.SplitSeq(l.words, "|") {
			if strings.Contains(text, words) {
				return l.remedy
			}
		}
	}
	return ""
}

// lacked says whether a text is of what the machine lacked: that damages nothing and
// is to be tried again.
func lacked(text string) bool { return remedy(text) != "" }

// died says whether a fault of the engine ended the child: by its signal, or told
// by the runtime, which takes signals of foreign code for its own and exits with 2.
// Who was stopped or killed from outside, for want of memory say, found no fault.
func died(exit *exec.ExitError, said string) bool {
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return slices.Contains([]syscall.Signal{syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL}, status.Signal())
	}
	return exit.ExitCode() == 2 && strings.Contains(said, "SIG") // SIGABRT: abort
}
