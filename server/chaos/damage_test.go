package chaos

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// K7: a damaged log or file gives the right records or none: the program refuses
// it, or sets the log aside and reads every source again.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	c, _ := readyCompany(t)
	r := chance(t)
	c.write(t, 1)
	left := filepath.Join(t.TempDir(), "left.db")
	c.leaveLog(t, left)
	want := c.look(t, records).records()
	if long {
		c.must(t, "sync", "--full")
		c.must(t, "refresh")
		c.clean(t, 1)
	}

	flip := func(text []byte, r *rand.Rand) []byte {
		text[r.IntN(len(text))] ^= 1 << r.IntN(8)
		return text
	}
	cut := func(text []byte, r *rand.Rand) []byte { return text[:r.IntN(len(text))] }
	tests := []struct {
		name, ending string
		runs         int
		damage       func([]byte, *rand.Rand) []byte
		figures      bool // what was derived must still be sound
	}{
		{"log cut", ".wal", times(0, 100), cut, true},
		{"log flipped", ".wal", times(1, 100), flip, true},
		{"log missing", ".wal", times(0, 1), nil, true},
		{"file flipped", "", times(1, 100), flip, false},
		{"file cut", "", times(0, 20), cut, false},
	}
	for _, tt := range tests {
		aside, refused, right, done := 0, 0, 0, 0
		for n := range tt.runs {
			if late(t, n, tt.runs) {
				break
			}
			copyDatabase(t, left, c.database)
			if old, err := filepath.Glob(c.database + ".set-aside-*"); err == nil {
				for _, name := range old {
					os.Remove(name) //nolint:errcheck // of the run before
				}
			}
			damage(t, c.database+tt.ending, tt.damage, r)
			done++
			sync := c.run(t, "sync")
			setAside := strings.Contains(sync.stderr, "set aside")
			if tt.ending == "" && sync.exit == 0 { // what no sync reads is found by who reads it
				sync = c.run(t, "check")
			}
			if sync.exit != 0 { // told, and nothing is shown
				refused++
				if !strings.Contains(sync.stderr, "credence: ") && !strings.Contains(sync.stderr, "not finished") {
					t.Errorf("%s %d: exit %d without a word: %s", tt.name, n, sync.exit, sync.stderr)
				}
				if strings.Contains(sync.stderr, "broken:") {
					t.Errorf("%s %d: read without an error, and wrong: %s", tt.name, n, sync.stderr)
				}
				continue
			}
			if got := c.look(t, tt.figures && n%10 == 0).records(); got != want {
				t.Errorf("%s %d: the next sync ends with\n%s\nwant\n%s", tt.name, n, got, want)
			}
			if setAside {
				aside++
			} else {
				right++
			}
		}
		if done == 0 {
			continue
		}
		t.Logf("%s: %d runs: %d refused, %d set aside and read again, %d right at once or after the next sync; never wrong", tt.name, done, refused, aside, right)
	}
}

// leaveLog syncs and copies the database as a process that is killed right then
// leaves it: all of the sync is in the log alone.
func (c *company) leaveLog(t *testing.T, to string) {
	t.Helper()
	p := c.start(t, nil, "serve", "--addr", "127.0.0.1:0")
	p.until(t, "Credence serves ")
	c.must(t, "sync")
	if !p.kill() {
		t.Fatal("the server ended by itself")
	}
	copyDatabase(t, c.database, to)
	if info, err := os.Stat(to + ".wal"); err != nil || info.Size() < 10000 {
		t.Fatalf("the log is %v, %v", info, err)
	}
}

func damage(t *testing.T, path string, how func([]byte, *rand.Rand) []byte, r *rand.Rand) {
	t.Helper()
	if how == nil {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, how(text, r), 0o600); err != nil {
		t.Fatal(err)
	}
}
