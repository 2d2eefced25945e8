package door

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"credence/server/config"
	"credence/server/jobs"
)

func openDoor(t *testing.T, do func(context.Context, config.Config, jobs.Call, jobs.Out) int) config.Config {
	t.Helper()
	cfg := config.Default()
	cfg.Database = filepath.Join(t.TempDir(), "credence.db")
	d, err := Open(cfg.Database, do)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background(), cfg.Database); err != nil {
			t.Error(err)
		}
	})
	return cfg
}

func TestWhatAJobWritesArrives(t *testing.T) {
	t.Parallel()
	cfg := openDoor(t, func(_ context.Context, theirs config.Config, call jobs.Call, out jobs.Out) int {
		out.Progress(jobs.Progress{Label: "sync crm", Done: 3, Total: 9})
		fmt.Fprintf(out.Stdout, "%s of %s\x00\xff", call.Verb, theirs.Company.Name) //nolint:errcheck // a test's buffer
		out.Say("%d sources", len(call.Sources))
		return jobs.Failed
	})
	var stdout, stderr bytes.Buffer
	var told []jobs.Progress
	exit, err := Ask(t.Context(), cfg, []string{"CREDENCE_COMPANY_NAME=Halden", "SECRET=x"}, jobs.Call{Verb: "sync", Sources: []string{"a", "b"}},
		jobs.Out{Stdout: &stdout, Stderr: &stderr, Progress: func(p jobs.Progress) { told = append(told, p) }})
	if err != nil || exit != jobs.Failed {
		t.Fatalf("exit %d, %v; want 1", exit, err)
	}
	if stdout.String() != "sync of Halden\x00\xff" || stderr.String() != "2 sources\n" {
		t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
	}
	if len(told) != 1 || told[0].Done != 3 || told[0].Total != 9 {
		t.Errorf("progress %v, want 3 of 9", told)
	}
}

func TestACallersMistakeIsTold(t *testing.T) {
	t.Parallel()
	cfg := openDoor(t, func(context.Context, config.Config, jobs.Call, jobs.Out) int { return jobs.Done })
	var stderr bytes.Buffer
	exit, err := Ask(t.Context(), cfg, []string{"CREDENCE_COMPANY_CURRENCY=EURO"}, jobs.Call{Verb: "sync"}, jobs.Out{Stdout: &stderr, Stderr: &stderr})
	if err != nil || exit != jobs.Misused || !bytes.Contains(stderr.Bytes(), []byte("company.currency")) {
		t.Errorf("exit %d, %v, said %q; want 2 and the key", exit, err, stderr.String())
	}
}

func TestNobodyIsThere(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.Database = filepath.Join(t.TempDir(), "credence.db")
	if _, err := Ask(t.Context(), cfg, nil, jobs.Call{}, jobs.Out{}); !errors.Is(err, ErrNobody) {
		t.Errorf("without a socket: %v, want ErrNobody", err)
	}
	// A killed server leaves its socket behind.
	listener, err := net.Listen("unix", SocketFile(cfg.Database)) //nolint:noctx // a test's socket
	if err != nil {
		t.Fatal(err)
	}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	if err = listener.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err = Ask(t.Context(), cfg, nil, jobs.Call{}, jobs.Out{}); !errors.Is(err, ErrNobody) {
		t.Errorf("with a leftover socket: %v, want ErrNobody", err)
	}
	d, err := Open(cfg.Database, func(context.Context, config.Config, jobs.Call, jobs.Out) int { return 0 })
	if err != nil {
		t.Fatalf("open over a leftover socket: %v", err)
	}
	if info, serr := os.Stat(SocketFile(cfg.Database)); serr != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is %v, %v; want mode 0600", info, serr)
	}
	if err := d.Close(t.Context(), cfg.Database); err != nil {
		t.Error(err)
	}
}

func TestALostCallerEndsTheJob(t *testing.T) {
	t.Parallel()
	begun, ended := make(chan struct{}), make(chan struct{})
	cfg := openDoor(t, func(ctx context.Context, _ config.Config, _ jobs.Call, _ jobs.Out) int {
		close(begun)
		<-ctx.Done()
		close(ended)
		return jobs.Failed
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-begun
		cancel()
	}()
	if _, err := Ask(ctx, cfg, nil, jobs.Call{}, jobs.Out{}); err == nil {
		t.Error("the call was answered, want it ended")
	}
	<-ended
}
