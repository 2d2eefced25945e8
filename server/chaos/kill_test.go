package chaos

import (
	"errors"
	"os"
	"slices"
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
// no source is half there, and the next full sync, an erasure and a refresh write
// all of it; every second time doctor opens the database before anybody writes.
// In the end it holds what a clean run holds from which the same people were
// erased.
func TestKilledInASync(t *testing.T) {
	t.Parallel()
	c, before := readyCompany(t)
	r, tempo := chance(t), pace{prepared.synced}
	rounds, done, killed, acknowledged, doctors := times(1, 200), 0, 0, 0, 0
	for round := 1; round <= rounds && !late(t, round-1, rounds); round++ {
		if round > 1 {
			before = c.look(t, records)
		}
		c.write(t, round)
		p := c.start(t, nil, "sync")
		begun := time.Now()
		if p.killAfter(tempo.next(r)) {
			killed++
		} else {
			tempo.measure(begun)
		}
		after := c.look(t, round%10 == 1)
		acknowledged += whole(t, round, p.lines(), before, after)
		if round%2 == 1 {
			c.must(t, "doctor")
			doctors++
		}
		c.must(t, "sync", "--full")
		c.must(t, "erase", "--email", person(round))
		if long { // an erasure refreshes too
			c.must(t, "refresh")
		}
		if done = round; t.Failed() {
			t.Fatalf("stopped after round %d", round)
		}
	}
	c.clean(t, done)
	t.Logf("%d syncs, %d killed in the middle; %d sources were acknowledged, 0 lost, 0 half there; %d doctors first; after each a full sync, an erasure and a refresh, and in the end what a clean run holds",
		done, killed, acknowledged, doctors)
}

// whole wants every source wholly of this round or of the one before, those that
// were told of this one, and the figures as they were. It counts what was told.
func whole(t *testing.T, round int, said []string, before, after state) (acknowledged int) {
	t.Helper()
	for _, s := range sources {
		told := slices.ContainsFunc(said, func(l string) bool { return strings.HasPrefix(l, s+": ") && strings.Contains(l, " rows read, ") })
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
	return acknowledged
}

// clean wants the company, which was refreshed last, to hold what one holds that read
// the sources of this round once, was refreshed once and never disturbed: the records
// and the figures. So what refreshes made of what changed is what a full one makes.
// That one has the list of the erased from the beginning, and with it the same
// stand-ins.
func (c *company) clean(t *testing.T, round int) {
	t.Helper()
	got := c.look(t, figures)
	other := newCompany(t, t.TempDir())
	other.write(t, round)
	for _, ending := range []string{".erased", ".erasure-key"} {
		text, err := os.ReadFile(c.database + ending)
		if errors.Is(err, os.ErrNotExist) { // nobody was
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		write(t, other.database+ending, string(text))
	}
	other.must(t, "sync")
	other.must(t, "refresh")
	want := other.look(t, figures)
	if got.records() != want.records() {
		t.Errorf("it holds the records\n%s\na clean run\n%s", got.records(), want.records())
	}
	if got.ledger() != want.ledger() {
		t.Errorf("it holds the figures\n%s\na clean run\n%s", got.ledger(), want.ledger())
	}
}

// K2 and K3: a refresh is killed at random moments. The figures are the old or
// the new ones, wholly, and the next refresh makes the new ones.
func TestKilledInARefresh(t *testing.T) {
	t.Parallel()
	c, was := readyCompany(t)
	r, tempo := chance(t), pace{prepared.refreshed}
	settings := [2][]string{{"CREDENCE_ATTRIBUTION_LOOKBACK_DAYS=90"}, {"CREDENCE_ATTRIBUTION_LOOKBACK_DAYS=10"}}
	ledgers := [2]string{was.ledger()} // that of the other is not known before it was made
	derive := func(i int) {
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
	have, generation := 0, was.generation
	rounds, done, killed, old := times(1, 100), 0, 0, 0
	for round := 1; round <= rounds && !late(t, round-1, rounds); round++ {
		want := 1 - have
		p := c.start(t, settings[want], "refresh")
		begun := time.Now()
		if p.killAfter(tempo.next(r)) {
			killed++
		} else {
			tempo.measure(begun)
		}
		after := c.look(t, figures)
		switch now := after.ledger(); {
		case after.generation == generation && now == ledgers[have]:
			old++
		case after.generation == generation+1 && (ledgers[want] == "" && now != ledgers[have] || now == ledgers[want]):
			have = want
		default:
			t.Errorf("round %d: generation %d (it was %d) with figures that are neither the old nor the new ones", round, after.generation, generation)
		}
		if round%2 == 0 {
			c.must(t, "doctor")
		}
		if long {
			c.must(t, "sync", "--full")
			have = want
			derive(want)
			generation = c.look(t, records).generation
		} else {
			c.must(t, "sync")
		}
		if done = round; t.Failed() {
			t.Fatalf("stopped after round %d", round)
		}
	}
	if long && ledgers[0] == ledgers[1] {
		t.Error("the two settings make the same figures: nothing would be seen")
	}
	t.Logf("%d refreshes, %d killed in the middle: %d times the old figures, %d the new ones, never a mix; %d doctors first; after each a full sync and a refresh to the same figures",
		done, killed, old, done-old, done/2)
}
