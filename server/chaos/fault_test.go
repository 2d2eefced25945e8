package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// faultShim is what stands between the engine and the kernel.
func faultShim(t *testing.T) string {
	t.Helper()
	shim := filepath.Join(t.TempDir(), "fault.so")
	if out, err := exec.CommandContext(t.Context(), "cc", "-shared", "-fPIC", "-O1", "-o", shim, filepath.Join("testdata", "fault.c"), "-ldl").CombinedOutput(); err != nil {
		t.Fatalf("compile the shim, which needs the C compiler that the build needs too: %v\n%s", err, out)
	}
	return shim
}

// K6 in short: a refresh is in the log, and there is no room to fold that into the
// file. The server says so and exits with 75; the next start has the refresh.
func TestNoRoomToFoldTheLogIn(t *testing.T) {
	t.Parallel()
	c, was := readyCompany(t)
	full := filepath.Join(c.dir, "full")
	dir, err := filepath.EvalSymlinks(c.dir)
	if err != nil {
		t.Fatal(err)
	}
	server := c.start(t, []string{"LD_PRELOAD=" + faultShim(t), "FAULT_DIR=" + dir, "FAULT_AT=0", "FAULT_WHILE=" + full, fmt.Sprint("FAULT_ERRNO=", int(syscall.ENOSPC))},
		"serve", "--addr", "127.0.0.1:0")
	server.until(t, "Credence serves ")
	write(t, full, "")
	refresh := c.run(t, "refresh")
	if refresh.exit != 75 {
		t.Errorf("refresh: exit %d, said %s; want 75", refresh.exit, refresh.stderr)
	}
	if code, said := server.wait(), strings.Join(server.lines(), "\n"); code != 75 || !strings.Contains(said, "is the disk full?") || !strings.Contains(said, "fault: ") {
		t.Errorf("the server ended with %d and said\n%s\nwant 75 and why", code, said)
	}
	if got := c.look(t, figures); got.generation != was.generation+1 || got.records() != was.records() || got.ledger() != was.ledger() {
		t.Errorf("after the fault: generation %d with\n%s%s\nwant generation %d with\n%s%s", got.generation, got.records(), got.ledger(), was.generation+1, was.records(), was.ledger())
	}
	c.must(t, "sync")
}

// K6: the n-th write, flush or rename that the engine asks of the kernel fails,
// for want of room or with a broken disk. Who asked is told in a sentence, no
// source is half there, and the next run writes all of it. The steps that the
// program itself takes with files are killed one by one in K4.
func TestFailedWrites(t *testing.T) {
	if !long {
		t.Skip("tried by make chaos")
	}
	t.Parallel()
	shim := faultShim(t)
	verbs := [][]string{{"sync"}, {"refresh"}, {"erase", "--email", person(1)}, {"backup", "FILE"}}
	most, tried, told, unseen := 200, 0, 0, 0
	if text := os.Getenv("CHAOS_CALLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("CHAOS_CALLS: %v", err)
		}
		most = n
	}
	for i, verb := range verbs {
		share := (most - tried) / (len(verbs) - i) // what one verb does not need the next ones take
		for n := 1; n <= share; n++ {
			if late(t, tried, most) {
				return
			}
			c, was := readyCompany(t)
			c.write(t, 1)
			errno := []syscall.Errno{syscall.EIO, syscall.ENOSPC}[n%2]
			args := strings.Split(strings.ReplaceAll(strings.Join(verb, "\n"), "FILE", filepath.Join(c.dir, "backup.db")), "\n")
			dir, err := filepath.EvalSymlinks(c.dir)
			if err != nil {
				t.Fatal(err)
			}
			p := c.start(t, []string{"LD_PRELOAD=" + shim, "FAULT_DIR=" + dir, fmt.Sprint("FAULT_AT=", n), fmt.Sprint("FAULT_ERRNO=", int(errno))}, args...)
			exit, said := p.wait(), strings.Join(p.lines(), "\n")
			if !strings.Contains(said, "fault: ") { // it asked for fewer
				if n == 1 {
					t.Fatalf("%s never came to call %d: is the shim at work?\n%s", verb[0], n, said)
				}
				break
			}
			tried++
			what := fmt.Sprintf("%s, call %d, %v", verb[0], n, errno)
			switch {
			case exit == 0: // what failed was to be done again anyway
				unseen++
			case (exit == 1 || exit == 75) && (strings.Contains(said, "credence: ") || strings.Contains(said, "not finished: ")):
				told++
			default:
				t.Errorf("%s: exit %d, said\n%s", what, exit, said)
			}
			after := c.look(t, figures)
			for _, s := range sources {
				if got := after.rounds[s]; len(got) != 1 || after.rows[s] != was.rows[s] || exit == 0 && verb[0] == "sync" && got[0] != 1 {
					t.Errorf("%s: %s is half there: rounds %v, %d rows of %d", what, s, got, after.rows[s], was.rows[s])
				}
			}
			c.must(t, "sync", "--full")
			c.must(t, "refresh")
			c.clean(t, 1)
			if t.Failed() {
				t.Fatalf("%s: it had said\n%s", what, said)
			}
		}
	}
	t.Logf("%d calls failed: %d times it was told, %d times nothing was lost by it; the next run ended with what a clean run holds", tried, told, unseen)
}
