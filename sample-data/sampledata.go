// Package sampledata makes the sample company: "Halden Instruments", which
// sells measuring devices, with its accounts, reps, deals, mail, chats, posts,
// visits, campaigns and spend over 24 months, and the truth about what caused
// its revenue.
//
// The world is a seeded daily simulation with common random numbers: every
// draw is a function of (seed, purpose, entity, day), so the same seed writes
// the same bytes on any number of processors, and a world can be replayed with
// one thing left out while all else is drawn as before. The law it follows is a
// process (process.go).
//
// The files are those that real tools export: canonical CSV, mbox, a Slack
// export folder, Facebook Insights, Twitter Analytics and Ads Manager
// downloads, with the dirt real ones have (dirt.go). The package knows neither
// the warehouse nor attribution, and nothing outside accuracy reports reads
// the truth it writes.
package sampledata

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrOccupied says that the folder holds something that is not a sample company.
var ErrOccupied = errors.New("the folder is not empty and holds no sample company")

// Options says which sample company to write. The zero value of a field is its
// default.
type Options struct {
	Seed    uint64
	Process string    // one of Processes; "hazard"
	Deals   int       // about how many deals; 2,400. Accounts and spend scale with it
	Until   time.Time // last day of the 24 months; 2026-11-15
}

// Progress is told what is being written; it may be nil.
type Progress func(what string)

// marker begins the configuration that makes a folder a sample company. It is
// written first, so that an interrupted one can be written again.
const marker = "# The sample company"

// Write makes the sample company of o in dir. A sample company that is there is
// replaced; a folder with anything else is refused with ErrOccupied.
func Write(ctx context.Context, dir string, o Options, progress Progress) error {
	if progress == nil {
		progress = func(string) {}
	}
	if o.Process == "" {
		o.Process = "hazard"
	}
	proc, known := processByName(o.Process)
	if !known {
		return fmt.Errorf("no process is called %q; known are %s", o.Process, strings.Join(Processes(), ", "))
	}
	if o.Deals == 0 {
		o.Deals = fullDeals
	}
	if o.Deals < 50 || o.Deals > 200_000 {
		return fmt.Errorf("a sample company has 50 to 200,000 deals, not %d", o.Deals)
	}
	if o.Until.IsZero() {
		o.Until = time.Date(2026, 11, 15, 0, 0, 0, 0, time.UTC)
	}
	if err := makeRoom(dir); err != nil {
		return err
	}

	progress("living through 24 months")
	w := newWorld(o, proc)
	if err := w.run(ctx); err != nil {
		return fmt.Errorf("simulate the sample company: %w", err)
	}
	b := newBook(w)
	progress("writing the files")
	if err := b.write(ctx, dir); err != nil {
		return fmt.Errorf("write the sample company to %s: %w", dir, err)
	}
	progress("replaying the world without each touch")
	truth, err := w.truth(ctx, b)
	if err != nil {
		return fmt.Errorf("work out the truth: %w", err)
	}
	if err := writeJSON(filepath.Join(dir, "truth.json"), truth); err != nil {
		return fmt.Errorf("write the truth: %w", err)
	}
	return nil
}

// parts are the entries of a sample company; makeRoom removes no others.
var parts = []string{"files", "events", "mail", "slack", "social", "ads", "credence.yaml", "users.csv", "truth.json"}

// makeRoom makes dir an empty folder, but refuses to touch one that is not ours.
func makeRoom(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return os.MkdirAll(dir, 0o755) //nolint:gosec // files for everyone to look at
	}
	if err != nil {
		return fmt.Errorf("look into %s: %w", dir, err)
	}
	if len(entries) == 0 {
		return nil
	}
	config, err := os.ReadFile(filepath.Join(dir, "credence.yaml")) //nolint:gosec // below the folder that was asked for
	if err != nil || !strings.HasPrefix(string(config), marker) {
		return fmt.Errorf("%w: %s; name an empty or new folder", ErrOccupied, dir)
	}
	for _, name := range parts {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("remove the old sample company: %w", err)
		}
	}
	return nil
}
