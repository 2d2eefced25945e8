package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func (o options) config() string { return filepath.Join(o.dir, "credence.yaml") }

// makeCompany writes, syncs and refreshes the grown company, unless it is there.
func (o options) makeCompany(ctx context.Context, stderr io.Writer) error {
	done := filepath.Join(o.dir, "made")
	if _, err := os.Stat(done); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	steps := [][]string{
		{"demo", "--dir", o.dir, "--seed", "1", "--deals", strconv.Itoa(o.deals)},
		{"--config", o.config(), "sync"},
		{"--config", o.config(), "refresh"},
	}
	for _, args := range steps {
		cmd := exec.CommandContext(ctx, o.binary, args...) //nolint:gosec // the program to measure
		cmd.Stdout, cmd.Stderr = stderr, stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("make the company: %s: %w", strings.Join(args, " "), err)
		}
	}
	return os.WriteFile(done, nil, 0o600)
}

// served is a running server.
type served struct {
	cmd  *exec.Cmd
	base string
	log  *os.File
}

// serve starts the server and waits until it is ready.
func (o options) serve(ctx context.Context) (*served, error) {
	if taken, err := (&net.Dialer{}).DialContext(ctx, "tcp", o.addr); err == nil {
		return nil, errors.Join(fmt.Errorf("something listens on %s already; name another with -addr", o.addr), taken.Close())
	}
	log, err := os.Create(filepath.Join(o.dir, "serve.log"))
	if err != nil {
		return nil, err
	}
	s := &served{cmd: exec.Command(o.binary, "--config", o.config(), "serve", "--addr", o.addr), base: "http://" + o.addr, log: log} //nolint:noctx,gosec // the program to measure; it is stopped by a signal
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start the server: %w", err), log.Close())
	}
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.NewTimer(10 * time.Minute) // a file may be written anew first
	defer deadline.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/readyz", nil)
		if err != nil {
			return nil, errors.Join(err, s.stop())
		}
		if answer, err := http.DefaultClient.Do(request); err == nil {
			if err = answer.Body.Close(); err == nil && answer.StatusCode == http.StatusOK {
				return s, nil
			}
		}
		select {
		case <-ticker.C:
		case <-deadline.C:
			return nil, errors.Join(fmt.Errorf("the server is not ready; read %s", log.Name()), s.stop())
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), s.stop())
		}
	}
}

func (s *served) stop() error {
	err := s.cmd.Process.Signal(syscall.SIGTERM)
	if err == nil {
		err = s.cmd.Wait()
	}
	return errors.Join(err, s.log.Close())
}

// usage is what the server's process took so far.
type usage struct {
	cpu  time.Duration
	peak int64 // bytes of memory
}

func (s *served) usage() (u usage, err error) {
	dir := filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid))
	text, err := os.ReadFile(filepath.Join(dir, "stat")) //nolint:gosec // of the kernel
	if err != nil {
		return u, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	for _, at := range []int{11, 12} { // user and system time, in hundredths of a second
		ticks, perr := strconv.ParseInt(fields[at], 10, 64)
		if perr != nil {
			return u, perr
		}
		u.cpu += time.Duration(ticks) * 10 * time.Millisecond
	}
	status, err := os.ReadFile(filepath.Join(dir, "status")) //nolint:gosec // of the kernel
	if err != nil {
		return u, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	u.peak = kb << 10
	return u, err
}

// verb asks the running server to do a verb and says how long it took.
func (o options) verb(ctx context.Context, args ...string) (time.Duration, error) {
	began := time.Now()
	cmd := exec.CommandContext(ctx, o.binary, append([]string{"--config", o.config()}, args...)...) //nolint:gosec // the program to measure
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
	}
	return time.Since(began), nil
}
