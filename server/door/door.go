// Package door lets the command's verbs work while the server owns the
// database: a unix socket beside the database, open to its owner only, takes a
// jobs.Call and streams back what the job writes.
//
// The stream is one JSON frame a line; the last one carries the exit code. Who
// can connect can read the database file anyway, so the door asks for no
// password; it refuses connections of other users by the file's mode.
package door

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"credence/server/config"
	"credence/server/jobs"
)

// maxCall is the longest call that is read.
const maxCall = 1 << 20

// SocketFile is where the socket of a database lies.
func SocketFile(database string) string {
	if target, err := filepath.EvalSymlinks(database); err == nil {
		database = target // one file has one socket, by whatever name it is reached
	}
	return database + ".sock"
}

// request is a call with the configuration it was made under.
type request struct {
	Call    jobs.Call `json:"call"`
	Config  string    `json:"config"` // path of the file; empty is none
	Dir     string    `json:"dir"`    // of the caller: relative paths start there
	Environ []string  `json:"environ"`
}

// frame is one line of the answer.
type frame struct {
	Out      []byte         `json:"out,omitempty"`
	Err      []byte         `json:"err,omitempty"`
	Progress *jobs.Progress `json:"progress,omitempty"`
	Exit     *int           `json:"exit,omitempty"`
}

// Door is an open socket. Open is its only constructor.
type Door struct {
	listener net.Listener
	server   *http.Server
	done     chan error
}

// Open listens beside the database and answers calls with do, which is given
// the configuration that the caller sees.
func Open(database string, do func(context.Context, config.Config, jobs.Call, jobs.Out) int) (*Door, error) {
	path, release, err := shortPath(SocketFile(database))
	if err != nil {
		return nil, err
	}
	defer release()
	// Whoever holds the database's lock owns the socket: an old one is a leftover.
	if err = os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("clear the old socket: %w", err)
	}
	listener, err := net.Listen("unix", path) //nolint:noctx // opened once at start
	if err != nil {
		return nil, fmt.Errorf("open the socket for other commands: %w", err)
	}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false) // its path may be gone by then; Close removes the file
	}
	if err = os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("close the socket to others: %w", err), listener.Close())
	}
	d := &Door{listener: listener, done: make(chan error, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /call", func(w http.ResponseWriter, r *http.Request) { answer(w, r, do) })
	d.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { d.done <- d.server.Serve(listener) }()
	return d, nil
}

// Close waits for running calls until ctx is over and removes the socket.
func (d *Door) Close(ctx context.Context, database string) error {
	err := d.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, d.server.Close())
	}
	if serr := <-d.done; !errors.Is(serr, http.ErrServerClosed) {
		err = errors.Join(err, serr)
	}
	if rerr := os.Remove(SocketFile(database)); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("remove socket: %w", rerr))
	}
	return err
}

func answer(w http.ResponseWriter, r *http.Request, do func(context.Context, config.Config, jobs.Call, jobs.Out) int) {
	var req request
	if err := json.NewDecoder(io.LimitReader(r.Body, maxCall)).Decode(&req); err != nil {
		http.Error(w, "not a call: "+err.Error(), http.StatusBadRequest)
		return
	}
	s := &stream{enc: json.NewEncoder(w), flush: http.NewResponseController(w).Flush}
	out := jobs.Out{Stdout: s.writer(false), Stderr: s.writer(true), Progress: func(p jobs.Progress) { s.sendLast(frame{Progress: &p}) }}
	cfg, err := config.ReadIn(req.Dir, req.Config, req.Environ)
	exit := jobs.Misused
	if err != nil {
		exit = jobs.Exit(jobs.Misuse(err), out.Stderr)
	} else {
		exit = do(r.Context(), cfg, req.Call, out)
	}
	s.sendLast(frame{Exit: &exit})
}

// stream writes frames, one at a time.
type stream struct {
	mu    sync.Mutex
	enc   *json.Encoder
	flush func() error
}

func (s *stream) send(f frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enc.Encode(f); err != nil {
		return err
	}
	return s.flush()
}

// sendLast sends what may be lost: a caller that is gone ends the job by its
// context, and has nobody to tell.
func (s *stream) sendLast(f frame) {
	if err := s.send(f); err != nil {
		return
	}
}

func (s *stream) writer(stderr bool) io.Writer {
	return writerFunc(func(p []byte) (int, error) {
		f := frame{Out: p}
		if stderr {
			f = frame{Err: p}
		}
		if err := s.send(f); err != nil {
			return 0, err
		}
		return len(p), nil
	})
}

type writerFunc func([]byte) (int, error)

// Write implements io.Writer.
func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// shortPath is another name of path that fits into a socket address, which
// holds about 100 bytes, however deep the database lies.
func shortPath(path string) (string, func(), error) {
	if len(path) < 100 {
		return path, func() {}, nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, fmt.Errorf("open the database's folder: %w", err)
	}
	short := fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path))
	return short, func() { dir.Close() }, nil //nolint:errcheck,gosec // opened for reading
}

// callVariables keeps the CREDENCE_… variables: nothing else of a caller's
// environment concerns the server.
func callVariables(environ []string) []string {
	var out []string
	for _, e := range environ {
		if strings.HasPrefix(e, "CREDENCE_") {
			out = append(out, e)
		}
	}
	return out
}
