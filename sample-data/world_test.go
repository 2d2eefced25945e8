package sampledata

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// write makes a small sample company and returns its folder.
func write(t *testing.T, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	if o.Deals == 0 {
		o.Deals = 120
	}
	if err := Write(context.Background(), dir, o, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// lived is a world of a process that was lived through, without its files.
func lived(t *testing.T, process string, seed uint64, deals int) *world {
	t.Helper()
	proc, known := processByName(process)
	if !known {
		t.Fatalf("no process is called %q", process)
	}
	w := newWorld(Options{Seed: seed, Deals: deals, Until: time.Date(2026, 11, 15, 0, 0, 0, 0, time.UTC)}, proc)
	if err := w.run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return w
}

// digest is a hash of every file of a folder, with names.
func digest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		h.Write([]byte(rel))
		h.Write(data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestTheSameSeedWritesTheSameBytes does not run beside others: it changes the
// number of processors.
func TestTheSameSeedWritesTheSameBytes(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	written := map[string]string{}
	for _, name := range Processes() {
		runtime.GOMAXPROCS(1)
		one := digest(t, write(t, Options{Seed: 7, Process: name}))
		runtime.GOMAXPROCS(5)
		five := digest(t, write(t, Options{Seed: 7, Process: name}))
		runtime.GOMAXPROCS(before)
		if one != five {
			t.Errorf("%s: seed 7 on one processor writes %s, on five %s; want the same bytes", name, one[:12], five[:12])
		}
		if other, known := written[one]; known {
			t.Errorf("%s writes the bytes of %s", name, other)
		}
		written[one] = name
	}
	if other := written[digest(t, write(t, Options{Seed: 8}))]; other != "" {
		t.Errorf("seed 8 writes the bytes of seed 7 of %s", other)
	}
}

func TestWriteRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	occupied := t.TempDir()
	if err := os.WriteFile(filepath.Join(occupied, "thesis.txt"), []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, dir string
		o         Options
		want      string
	}{
		{"an unknown process names the known ones", t.TempDir(), Options{Process: "magic"}, "known are hazard, threshold, segments, confounded, null"},
		{"a folder with something else in it is left alone", occupied, Options{}, "holds no sample company"},
		{"a handful of deals is no company", t.TempDir(), Options{Deals: 3}, "50 to 200,000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := Write(context.Background(), c.dir, c.o, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, want one with %q", err, c.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(occupied, "thesis.txt")); err != nil {
		t.Errorf("the folder that is not ours was changed: %v", err)
	}
}

func TestASampleCompanyIsReplacedButADatabaseBesideItStays(t *testing.T) {
	t.Parallel()
	dir := write(t, Options{Seed: 1, Deals: 60})
	first := digest(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "credence.db"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), dir, Options{Seed: 1, Deals: 60}, nil); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "credence.db")); err != nil || string(data) != "mine" {
		t.Errorf("the database beside the sample company is %q, %v; want it untouched", data, err)
	}
	if err := os.Remove(filepath.Join(dir, "credence.db")); err != nil {
		t.Fatal(err)
	}
	if again := digest(t, dir); again != first {
		t.Error("writing over a sample company gives other bytes than writing it anew")
	}
}

func TestCancellingEndsTheWriting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, t.TempDir(), Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cancellation", err)
	}
}

// TestTheFullCompanyIsPlausible checks the size and the shape of the company
// that `make run` shows. It leaves the truth out, which takes the longest.
func TestTheFullCompanyIsPlausible(t *testing.T) {
	t.Parallel()
	for _, name := range Processes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := lived(t, name, 1, fullDeals)
			b := newBook(w)
			between := func(what string, got, lo, hi float64) {
				t.Helper()
				if got < lo || got > hi {
					t.Errorf("%s: got %.3g, want %g to %g", what, got, lo, hi)
				}
			}
			var won, lost float64
			var cycles, amounts []float64
			byRep, currencies := map[int]float64{}, map[string]int{}
			chats, meetings, calls := 0, 0, 0
			for _, d := range b.deals {
				currencies[d.price.currency]++
				if d.rated {
					amounts = append(amounts, float64(d.euros)/100)
				}
				for _, x := range d.touches {
					switch x.kind {
					case chatting:
						chats++
					case meeting, missing:
						meetings++
					default:
						calls++
					}
				}
				if d.open() {
					continue
				}
				if d.won() {
					won++
					byRep[d.rep]++
					cycles = append(cycles, float64(d.closed-d.created))
				} else {
					lost++
				}
			}
			slices.Sort(cycles)
			slices.Sort(amounts)
			between("deals", float64(len(b.deals)), 2200, 2600)
			between("win rate", won/(won+lost), .25, .37)
			between("median days to win", cycles[len(cycles)/2], 50, 95)
			between("median amount in euros", amounts[len(amounts)/2], 18_000, 32_000)
			between("mails", float64(len(b.mails)), 34_000, 42_000)
			between("mails, chats of about four messages and meetings", float64(len(b.mails)+4*chats+meetings), 45_000, 70_000)
			between("posts", float64(len(w.posts)), 880, 920)
			between("campaigns", float64(len(w.campaigns)), 30, 30)
			between("currencies", float64(len(currencies)), 4, 4)
			between("accounts", float64(len(w.accounts)), 900, 900)
			between("reps who won", float64(len(byRep)), 31, 33)
		})
	}
}

func truthOf(t *testing.T, dir string) Truth {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		t.Fatal(err)
	}
	want := []string{"base", "behaviours", "duplicates", "effects", "next_steps", "process", "spend_response", "version"}
	if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, want) {
		t.Errorf("truth.json has the keys %v, want %v", got, want)
	}
	var x Truth
	if err := json.Unmarshal(data, &x); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestTheTruthNamesWhatWorks(t *testing.T) {
	t.Parallel()
	x := truthOf(t, write(t, Options{Seed: 3, Deals: 240}))
	if x.Version != 1 || x.Process != "hazard" {
		t.Errorf("got version %d of process %q, want 1 of hazard", x.Version, x.Process)
	}
	if len(x.Effects.Channel) != int(channelCount) || len(x.Effects.Campaign) != 30 || len(x.Effects.Rep) != repCount || len(x.Effects.Post) < 60 {
		t.Errorf("effects of %d channels, %d campaigns, %d reps, %d posts; want 12, 30, 36 and 60 or more",
			len(x.Effects.Channel), len(x.Effects.Campaign), len(x.Effects.Rep), len(x.Effects.Post))
	}
	if x.Effects.Channel["Direct"].Direct != 0 {
		t.Errorf("direct visits earn %v by themselves, want 0: they follow intent", x.Effects.Channel["Direct"].Direct)
	}
	sum := 0.0
	for _, e := range x.Effects.Channel {
		sum += e.Direct
	}
	if sum <= 0 || x.Base.Revenue <= 0 || x.Base.Revenue >= x.Base.Won {
		t.Errorf("channels earn %v and the base is %v of %v; want both to be part of what was won", sum, x.Base.Revenue, x.Base.Won)
	}
	matters := 0
	for name, b := range x.Behaviours {
		if b.Matters {
			matters++
		} else if b.Direct != 0 {
			t.Errorf("%s does not matter and earns %v", name, b.Direct)
		}
	}
	if matters != 4 || len(x.Behaviours) != 7 {
		t.Errorf("%d of %d behaviours matter, want 4 of 7", matters, len(x.Behaviours))
	}
	for id, n := range x.NextSteps {
		if _, ok := n.Chance[n.Best]; !ok {
			t.Errorf("the best next step of %s is %q, which has no chance", id, n.Best)
		}
	}
	if len(x.NextSteps) == 0 || len(x.Duplicates) == 0 || len(x.SpendResponse.Campaign) != 30 {
		t.Errorf("%d next steps, %d duplicates, %d spend responses; want some, some and 30", len(x.NextSteps), len(x.Duplicates), len(x.SpendResponse.Campaign))
	}
}

func TestNothingWorksInTheNullWorld(t *testing.T) {
	t.Parallel()
	x := truthOf(t, write(t, Options{Seed: 3, Process: "null"}))
	if x.Base.Revenue != x.Base.Won || x.Base.Won <= 0 {
		t.Errorf("the base is %v of %v won, want all of it", x.Base.Revenue, x.Base.Won)
	}
	for kind, effects := range map[string]map[string]Effect{"channel": x.Effects.Channel, "campaign": x.Effects.Campaign, "post": x.Effects.Post} {
		for id, e := range effects {
			if e != (Effect{}) {
				t.Errorf("%s %s earns %v, want nothing", kind, id, e)
			}
		}
	}
	for id, e := range x.Effects.Rep {
		if e != (RepEffect{}) {
			t.Errorf("rep %s earns %v, want nothing", id, e)
		}
	}
	for name, b := range x.Behaviours {
		if b.Matters || b.Direct != 0 {
			t.Errorf("%s: matters %v, earns %v; want nothing", name, b.Matters, b.Direct)
		}
	}
}

// TestADirectReplayChangesNoTouch is what makes effects comparable: with the
// touches given and nothing removed, the world is the one that happened.
func TestADirectReplayChangesNoTouch(t *testing.T) {
	t.Parallel()
	for _, name := range Processes() {
		w := lived(t, name, 5, 120)
		for i := range w.accounts {
			want := w.value(w.histories[i].deals)
			if got := w.value(w.simulate(&w.accounts[i], removing(), w.histories[i].touches).deals); got != want {
				t.Errorf("%s: account %d wins %d when replayed with its touches, %d as it was", name, i, got, want)
			}
			nothing := removing()
			nothing.cascade = true
			if got := w.value(w.simulate(&w.accounts[i], nothing, nil).deals); got != want {
				t.Errorf("%s: account %d wins %d when replayed from the start, %d as it was", name, i, got, want)
			}
		}
	}
}

// TestAReplayFromAKeptStateIsTheWholeReplay holds replays that begin where the
// removed touches do against replays of the whole window.
func TestAReplayFromAKeptStateIsTheWholeReplay(t *testing.T) {
	t.Parallel()
	for _, name := range Processes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keptStatesReplayAsTheWhole(t, lived(t, name, 9, 120))
		})
	}
}

func keptStatesReplayAsTheWhole(t *testing.T, w *world) {
	t.Helper()
	r := newReplays(w)
	for i := range w.accounts {
		a, h := &w.accounts[i], &w.histories[i]
		states := w.states(a, h)
		for what, since := range r.touching(h) {
			if what.of != ofPost && what.of != ofChannel {
				continue
			}
			for _, cascade := range []bool{false, true} {
				x := removing()
				x.cascade = cascade
				var given []touch
				if !cascade {
					given = h.touches
				}
				if what.of == ofPost {
					x.post = what.index
				} else {
					x.channel = what.index
				}
				got, want := w.value(states[since/keepEvery].leavingOut(x).deals), w.value(w.simulate(a, x, given).deals)
				if got != want {
					t.Errorf("account %d without %v (cascade %v) wins %d from the kept state, %d from the start", i, what, cascade, got, want)
				}
			}
		}
	}
}
