package chaos

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// K5: the disk is full in the middle of a write. The server says so and exits
// with 75; what was acknowledged is there, it can be read while the disk is still
// full, nothing is read in until there is room, and then all goes on.
//
// The disk is a tmpfs, which only root can mount. Where that is not allowed the
// long form fails: who asks for it is not told that something passed that was not
// tried. The short form fills the disk once, before the refresh has written much.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m,mode=0700"); err != nil {
		if !long {
			t.Skipf("mount a small disk, which needs root: %v", err)
		}
		t.Fatalf("mount a small disk, which needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	c, want := readyCompany(t)
	r := chance(t)
	elsewhere := c.database
	c.database = filepath.Join(dir, "credence.db")
	// The write that a full disk stops decides what becomes of it: most are taken
	// back, and the engine cannot go on when only the last of a refresh has no room.
	// So the room that a refresh needs is looked for, and then what is just too little.
	fits, least := int64(times(1<<20, 36<<20)), int64(0)
	rounds, done, restarts := times(1, 20), 0, 0
	for round := 1; round <= rounds && !late(t, round-1, rounds); round++ {
		copyDatabase(t, elsewhere, c.database)
		ballast := filepath.Join(dir, "ballast")
		server := c.start(t, nil, "--db", c.database, "serve", "--addr", "127.0.0.1:0")
		server.until(t, "Credence serves ")
		if sync := c.run(t, "--db", c.database, "sync"); sync.exit != 1 || !strings.Contains(sync.stderr, "make room, then sync again") {
			t.Errorf("round %d: sync on a disk that is nearly full: exit %d, %s", round, sync.exit, sync.stderr)
		}
		free := (fits + least) / 2
		if fits-least < 512<<10 {
			free = max(0, fits-int64(r.IntN(3<<20)))
		}
		fill(t, dir, ballast, free)
		refresh := c.run(t, "--db", c.database, "refresh")
		if refresh.exit == 0 { // it fitted after all
			fits = min(fits, free)
			server.kill()
			remove(t, ballast)
			continue
		}
		least = max(least, min(free, fits))
		if refresh.exit == 75 {
			if code := server.wait(); code != 75 || !strings.Contains(strings.Join(server.lines(), "\n"), "is the disk full?") {
				t.Errorf("round %d: the server ended with %d and said %q; want 75 and why", round, code, server.lines())
			}
			restarts++
		} else if server.kill(); refresh.exit != 1 {
			t.Errorf("round %d: refresh on a full disk: exit %d, %s", round, refresh.exit, refresh.stderr)
		}
		if got := c.look(t, figures); got.records() != want.records() || got.ledger() != want.ledger() {
			t.Errorf("round %d: after the fault\n%s%s\nwant\n%s%s", round, got.records(), got.ledger(), want.records(), want.ledger())
		}
		// The disk is still full: what is there can be read.
		again, base := c.serve(t, "--db", c.database)
		res, err := (&http.Client{Timeout: time.Minute}).Get(base + "/readyz") //nolint:noctx // the client has a deadline
		if err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("round %d: not ready on a full disk: %v, %v", round, res, err)
		} else {
			res.Body.Close() //nolint:errcheck // only the status counts
		}
		again.kill()
		// There is room again.
		remove(t, ballast)
		c.must(t, "--db", c.database, "refresh")
		if got := c.look(t, figures); got.ledger() != want.ledger() {
			t.Errorf("round %d: figures after there was room\n%s\nwant\n%s", round, got.ledger(), want.ledger())
		}
		if done = round; t.Failed() {
			t.FailNow()
		}
	}
	if done == 0 {
		t.Error("the refresh had room each time: nothing was tried")
	}
	if long && restarts == 0 {
		t.Errorf("the engine could go on each time: that the server gives up with 75 was not tried")
	}
	t.Logf("%d times the disk was full: the server gave up with 75 %d times, nothing acknowledged was lost", done, restarts)
}

// fill leaves free bytes on the disk of dir.
func fill(t *testing.T, dir, ballast string, free int64) {
	t.Helper()
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		t.Fatal(err)
	}
	size := int64(fs.Bavail)*fs.Bsize - free
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	if size > 0 {
		err = syscall.Fallocate(int(f.Fd()), 0, 0, size)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
