package door

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"credence/server/config"
	"credence/server/jobs"
)

// ErrNobody says that no server owns the database: open it yourself.
var ErrNobody = errors.New("no server runs on this database")

// Ask has the server that owns cfg's database run call and copies what it
// writes to out. It returns ErrNobody when there is none.
func Ask(ctx context.Context, cfg config.Config, environ []string, call jobs.Call, out jobs.Out) (exit int, err error) {
	path, release, err := shortPath(SocketFile(cfg.Database))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, ErrNobody
	}
	if err != nil {
		return 0, err
	}
	defer release()
	dir, err := os.Getwd()
	if err != nil {
		return 0, fmt.Errorf("find the working folder: %w", err)
	}
	file := cfg.File
	if file != "" {
		if file, err = filepath.Abs(file); err != nil {
			return 0, fmt.Errorf("find the configuration: %w", err)
		}
	}
	body, err := json.Marshal(request{Call: call, Config: file, Dir: dir, Environ: callVariables(environ)})
	if err != nil {
		return 0, fmt.Errorf("write call: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "unix", path)
		},
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://credence/call", bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("ask server: %w", err)
	}
	res, err := client.Do(req)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return 0, ErrNobody
	}
	if err != nil {
		return 0, fmt.Errorf("ask the server that runs on %s: %w", cfg.Database, err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the server on %s does not understand this command (%s): is it of another version?", cfg.Database, res.Status)
	}
	return follow(res, out)
}

// follow copies frames until the exit code comes.
func follow(res *http.Response, out jobs.Out) (int, error) {
	frames := json.NewDecoder(bufio.NewReaderSize(res.Body, 64<<10))
	for {
		var f frame
		if err := frames.Decode(&f); err != nil {
			return 0, fmt.Errorf("the server stopped before it was done: %w", err)
		}
		var err error
		switch {
		case f.Exit != nil:
			return *f.Exit, nil
		case f.Progress != nil:
			if out.Progress != nil {
				out.Progress(*f.Progress)
			}
		case f.Err != nil:
			_, err = out.Stderr.Write(f.Err)
		default:
			_, err = out.Stdout.Write(f.Out)
		}
		if err != nil {
			return 0, fmt.Errorf("pass on the server's answer: %w", err)
		}
	}
}
