package chaos

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// how long the program takes undisturbed, from which the moments are drawn. It
// follows the machine's load.
type pace struct{ took time.Duration }

func (p *pace) next(r interface{ Float64() float64 }) time.Duration {
	return time.Duration(r.Float64() * 1.1 * float64(p.took))
}

func (p *pace) measure(begun time.Time) {
	if p.took == 0 {
		p.took = time.Since(begun)
	}
	p.took = (p.took + time.Since(begun)) / 2
}

// K1 and K3: a sync is killed at random moments. What it acknowledged is there,
// no source is half there, and the next one writes all of it; every second time
// doctor opens the database before anybody writes.
func TestKilledInASync(t *testing.T) {
	t.Parallel()
	c, r := newCompany(t, t.TempDir()), chance(t)
	begun := time.Now()
	if code := c.start(t, nil, "sync").wait(); code != 0 {
		t.Fatalf("sync: exit %d", code)
	}
	tempo := pace{time.Since(begun)}
	c.refresh(t)
	rounds, done, killed, acknowledged, doctors, erasures := times(1, 200), 0, 0, 0, 0, 0
	before := c.look(t, records)
	for round := 1; round <= rounds && !late(t, round-1, rounds); round++ {
		c.write(t, round)
		p := c.start(t, nil, "sync")
		begun := time.Now()
		if p.killAfter(tempo.next(r)) {
			killed++
		} else {
			tempo.measure(begun)
		}
		after := c.look(t, round%10 == 0)
		for _, s := range sources {
			told := false
			for _, l := range p.lines() {
				told = told || strings.HasPrefix(l, s+": ") && strings.Contains(l, " rows read, ")
			}
			if told {
				acknowledged++
			}
			switch got := after.rounds[s]; {
			case len(got) != 1 || after.rows[s] != before.rows[s]:
				t.Errorf("round %d: %s is half there: rounds %v, %d rows of %d", round, s, got, after.rows[s], before.rows[s])
			case told && got[0] != int64(round):
				t.Errorf("round %d: %s was acknowledged and is lost", round, s)
			case got[0] != int64(round) && got[0] != before.rounds[s][0]:
				t.Errorf("round %d: %s is of round %d", round, s, got[0])
			case (got[0] == int64(round)) != (after.runs[s] == before.runs[s]+1):
				t.Errorf("round %d: the run of %s and its rows were not stored together", round, s)
			}
		}
		if after.generation != before.generation {
			t.Errorf("round %d: generation %d after a sync, it was %d", round, after.generation, before.generation)
		}
		if round%2 == 1 {
			c.must(t, "doctor")
			doctors++
		}
		if round%10 == 0 {
			c.erase(t, round)
			erasures++
		}
		c.must(t, "sync")
		c.refresh(t)
		if t.Failed() {
			t.Fatalf("stopped after round %d", round)
		}
		done, before = round, c.look(t, records)
	}
	last := c.look(t, figures)
	clean := newCompany(t, t.TempDir())
	clean.write(t, done)
	clean.must(t, "sync")
	clean.refresh(t)
	if want := clean.look(t, figures); last.records() != want.records() || last.ledger() != want.ledger() {
		t.Errorf("after %d kills\n%s%s\na clean run\n%s%s", killed, last.records(), last.ledger(), want.records(), want.ledger())
	}
	t.Logf("%d syncs, %d killed in the middle; %d sources were acknowledged, 0 lost, 0 half there; %d doctors first; after each a sync and a refresh, after %d an erasure",
		done, killed, acknowledged, doctors, erasures)
}

// refresh makes the figures in the long form; the short one has no time for it.
func (c *company) refresh(t *testing.T) {
	t.Helper()
	if long {
		c.must(t, "refresh")
	}
}

// erase erases somebody in a copy of the database, as it was left.
func (c *company) erase(t *testing.T, round int) {
	t.Helper()
	scratch := filepath.Join(t.TempDir(), "erased.db")
	copyDatabase(t, c.database, scratch)
	c.must(t, "--db", scratch, "erase", "--email", fmt.Sprintf("p@a%d.example", round%dealRows))
}

// K2 and K3: a refresh is killed at random moments. The figures are the old or
// the new ones, wholly, and the next refresh makes the new ones.
func TestKilledInARefresh(t *testing.T) {
	t.Parallel()
	c, r := newCompany(t, t.TempDir()), chance(t)
	c.must(t, "sync")
	settings := [2][]string{{"CREDENCE_ATTRIBUTION_LOOKBACK_DAYS=90"}, {"CREDENCE_ATTRIBUTION_LOOKBACK_DAYS=10"}}
	ledgers := [2]string{}
	var tempo pace
	make := func(i int) {
		begun := time.Now()
		if code := c.start(t, settings[i], "refresh").wait(); code != 0 {
			t.Fatalf("refresh: exit %d", code)
		}
		tempo.measure(begun)
		now := c.look(t, figures).ledger()
		if ledgers[i] != "" && ledgers[i] != now {
			t.Fatal("the same refresh made other figures")
		}
		ledgers[i] = now
	}
	have := 0
	make(0)
	if long {
		make(1)
		have = 1
	}
	if ledgers[0] == ledgers[1] {
		t.Fatal("the two settings make the same figures: nothing would be seen")
	}
	rounds, done, killed, old := times(1, 100), 0, 0, 0
	for round := 1; round <= rounds && !late(t, round-1, rounds); round++ {
		want := 1 - have
		before := c.look(t, records).generation
		p := c.start(t, settings[want], "refresh")
		begun := time.Now()
		if p.killAfter(tempo.next(r)) {
			killed++
		} else {
			tempo.measure(begun)
		}
		after := c.look(t, figures)
		switch {
		case after.generation == before && after.ledger() == ledgers[have]:
			old++
		case after.generation == before+1 && (ledgers[want] == "" || after.ledger() == ledgers[want]):
			have = want
		default:
			t.Errorf("round %d: generation %d (it was %d) with figures that are neither the old nor the new ones", round, after.generation, before)
		}
		if round%2 == 0 {
			c.must(t, "doctor")
		}
		c.must(t, "sync", "--full")
		if long {
			have = want
			make(want)
		}
		if done = round; t.Failed() {
			t.Fatalf("stopped after round %d", round)
		}
	}
	t.Logf("%d refreshes, %d killed in the middle: %d times the old figures, %d the new ones, never a mix; %d doctors first; after each a full sync and a refresh to the same figures",
		done, killed, old, done-old, done/2)
}
