package chaos

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"credence/server/seal"
	"credence/warehouse/duckdb"
)

// operation is something that is done to the files of a database.
type operation struct {
	name  string
	child string   // what the child process is
	args  []string // of the child; DB and FILE stand for the database and a file beside it
	make  func(t *testing.T, c *company)
}

// K4: what is done to files is killed at every step. Whatever is left opens, has
// all rows, and the same done again ends well.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	template, want := readyCompany(t)
	backup := filepath.Join(t.TempDir(), "old.db")
	if long {
		template.must(t, "backup", backup)
	}
	tests := []operation{
		{"migration", "program", []string{"--config", "CONFIG", "check"}, func(t *testing.T, c *company) { t.Helper(); older(t, c.database) }},
		{"backup", "program", []string{"--config", "CONFIG", "backup", "FILE"}, nil},
		{"restore", "program", []string{"--config", "CONFIG", "restore", backup, "--key", seal.KeyFile(template.database)}, func(t *testing.T, c *company) { t.Helper(); behead(t, c.database) }},
		{"rewrite", "rewrite", []string{"DB"}, nil},
	}
	if !long {
		tests = tests[3:]
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			steps := 0
			if !long {
				steps = 4 // of one of them, a step in its middle
			}
			for ended := false; !ended; {
				steps++
				dir := filepath.Join(t.TempDir(), strconv.Itoa(steps))
				c := &company{dir: dir, config: filepath.Join(dir, "credence.yaml"), database: filepath.Join(dir, "credence.db")}
				text, err := os.ReadFile(template.config)
				if err != nil {
					t.Fatal(err)
				}
				write(t, c.config, string(text))
				copyDatabase(t, template.database, c.database)
				if tt.make != nil {
					tt.make(t, c)
				}
				file := filepath.Join(dir, "new.db")
				args := strings.Split(strings.NewReplacer("CONFIG", c.config, "DB", c.database, "FILE", file).Replace(strings.Join(tt.args, "\n")), "\n")
				code := start(t, []string{childVariable + "=" + tt.child, fmt.Sprint(stepVariable, "=", steps)}, args...).wait()
				if code != 0 && code != -1 {
					t.Fatalf("step %d: exit %d", steps, code)
				}
				ended = code == 0
				what := fmt.Sprintf("step %d", steps)
				if _, err := os.Stat(c.database); err != nil {
					t.Fatalf("%s: there is no database: %v", what, err)
				}
				c.holds(t, what, want, tt.name == "restore" && !ended)
				if _, err := os.Stat(file); err == nil { // a backup with its name is whole
					(&company{database: unsealed(t, seal.KeyFile(c.database), file)}).holds(t, what+", the backup", want, false)
				} else if !errors.Is(err, fs.ErrNotExist) || tt.name == "backup" && ended {
					t.Errorf("%s: the backup: %v", what, err)
				}
				if ended {
					break
				}
				if !long {
					if code != -1 {
						t.Errorf("%s: it ended with %d before it could be killed", what, code)
					}
					return
				}
				if steps%2 == 0 {
					c.must(t, "doctor")
				}
				if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
				if code := start(t, []string{childVariable + "=" + tt.child}, args...).wait(); code != 0 {
					t.Errorf("%s: done again: exit %d", what, code)
				}
				c.holds(t, what+", done again", want, false)
				if t.Failed() {
					t.FailNow()
				}
			}
			if steps < 5 {
				t.Fatalf("%s has %d steps: are they still marked?", tt.name, steps-1)
			}
			t.Logf("%s: killed at each of %d steps; the database was whole each time and the same done again ended well", tt.name, steps-1)
		})
	}
}

// holds wants the database to have all records and figures of want, or, while a
// restore was not done, none of the deals.
func (c *company) holds(t *testing.T, what string, want state, orBeheaded bool) {
	t.Helper()
	got := c.look(t, figures)
	if orBeheaded && got.rows["crm"] == 0 {
		return
	}
	if got.records() != want.records() || got.ledger() != want.ledger() {
		t.Errorf("%s: the database holds\n%s%s\nwant\n%s%s", what, got.records(), got.ledger(), want.records(), want.ledger())
	}
}

// unsealed is what a backup holds.
func unsealed(t *testing.T, key, backup string) string {
	t.Helper()
	plain := filepath.Join(t.TempDir(), "plain.db")
	k, err := seal.ReadKey(key)
	if err == nil {
		err = k.Open(backup, plain)
	}
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// older takes the newest migration of the control tables back.
func older(t *testing.T, database string) {
	t.Helper()
	change(t, database, "drop table upkeep", "delete from schema_version where version = 12")
}

// behead deletes what a restore brings back.
func behead(t *testing.T, database string) {
	t.Helper()
	change(t, database, "delete from deals", "update generation set generation = 0")
}

func change(t *testing.T, database string, statements ...string) {
	t.Helper()
	e, err := duckdb.Open(database, duckdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := e.DB().ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}
