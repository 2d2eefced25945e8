package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"credence/attribution"
	"credence/connectors/sync"
	sampledata "credence/sample-data"
	"credence/server/config"
	"credence/server/jobs"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// world names one sample company.
type world struct {
	Process string
	Seed    uint64
	Deals   int
}

func (w world) String() string { return fmt.Sprintf("%s-%d-%d", w.Process, w.Deals, w.Seed) }

func (w world) compare(other world) int {
	return cmp.Or(cmp.Compare(w.Process, other.Process), cmp.Compare(w.Deals, other.Deals), cmp.Compare(w.Seed, other.Seed))
}

// until is the last day of every world, and now the time at which its deals are
// credited: the clock decides nothing.
var (
	until = time.Date(2026, 11, 15, 0, 0, 0, 0, time.UTC)
	now   = until.AddDate(0, 0, 1)
)

// The parts of a world's folder that measuring needs once its files are read.
const (
	databaseFile = "credence.db"
	configFile   = "credence.yaml"
	truthFile    = "truth.json"
)

// bench measures worlds.
type bench struct {
	keep    string // folder of worlds whose files were read before; "" keeps none
	threads int    // of the engine, a world
}

// took is how long the parts of a measurement took.
type took struct{ write, read, derive time.Duration }

// measure makes a world, has Credence read its files and credit its deals, and
// scores every model.
func (b *bench) measure(ctx context.Context, w world) (scores []score, t took, err error) {
	dir, engine, err := b.prepare(ctx, w, &t)
	if err != nil {
		return nil, t, fmt.Errorf("measure %s: %w", w, err)
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if b.keep == "" {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }() //nolint:gosec // the folder made for this world
	}
	begun := time.Now()
	scores, err = b.score(ctx, dir, engine)
	t.derive = time.Since(begun)
	if err != nil {
		return nil, t, fmt.Errorf("measure %s: %w", w, err)
	}
	return scores, t, nil
}

// prepare returns the folder of a world and the warehouse that has read its
// files: as kept by an earlier run, else from the beginning.
func (b *bench) prepare(ctx context.Context, w world, t *took) (dir string, open *warehouse.Warehouse, err error) {
	if b.keep == "" {
		if dir, err = os.MkdirTemp("", "credence-accuracy-"); err != nil {
			return "", nil, fmt.Errorf("make a folder for the world: %w", err)
		}
		open, err = b.make(ctx, dir, "", w, t)
		if err != nil {
			return "", nil, errors.Join(err, os.RemoveAll(dir))
		}
		return dir, open, nil
	}
	dir = filepath.Join(b.keep, w.String())
	if _, err = os.Stat(dir); errors.Is(err, fs.ErrNotExist) { //nolint:gosec // below the folder that was asked for
		err = b.store(ctx, dir, w, t)
	}
	if err != nil {
		return "", nil, err
	}
	open, err = b.open(ctx, filepath.Join(dir, databaseFile))
	return dir, open, err
}

// store makes a world under another name and moves it to dir when it is whole:
// an interrupted one is never taken for it.
func (b *bench) store(ctx context.Context, dir string, w world, t *took) (err error) {
	if err = os.MkdirAll(b.keep, 0o750); err != nil {
		return fmt.Errorf("make the folder of kept worlds: %w", err)
	}
	part, err := os.MkdirTemp(b.keep, ".part-")
	if err != nil {
		return fmt.Errorf("make a folder for the world: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }()
	files, whole := filepath.Join(part, "files"), filepath.Join(part, "whole")
	open, err := b.make(ctx, files, filepath.Join(whole, databaseFile), w, t)
	if err != nil {
		return err
	}
	if err = open.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	for _, name := range []string{configFile, truthFile} {
		if err = os.Rename(filepath.Join(files, name), filepath.Join(whole, name)); err != nil {
			return fmt.Errorf("keep the world: %w", err)
		}
	}
	if err = os.Rename(whole, dir); err != nil { //nolint:gosec // below the folder that was asked for
		return fmt.Errorf("keep the world: %w", err)
	}
	return nil
}

// make writes a world's files to dir and reads them, through the connectors that
// read anybody's, into a database at path, or in memory when path is empty.
func (b *bench) make(ctx context.Context, dir, path string, w world, t *took) (open *warehouse.Warehouse, err error) {
	begun := time.Now()
	err = sampledata.Write(ctx, dir, sampledata.Options{Seed: w.Seed, Process: w.Process, Deals: w.Deals, Until: until}, nil)
	if err != nil {
		return nil, err
	}
	t.write = time.Since(begun)
	begun = time.Now()
	cfg, err := config.Read(filepath.Join(dir, configFile), nil)
	if err != nil {
		return nil, err
	}
	if open, err = b.open(ctx, path); err != nil {
		return nil, err
	}
	_, err = sync.Run(ctx, open, jobs.Configured(cfg), jobs.Env(cfg, now), sync.Options{}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sync: %w", err), open.Close())
	}
	t.read = time.Since(begun)
	return open, nil
}

// open opens the database at path, or one in memory when path is empty.
func (b *bench) open(ctx context.Context, path string) (*warehouse.Warehouse, error) {
	var (
		engine  *duckdb.Engine
		err     error
		options = duckdb.Options{MemoryLimit: "1GB", Threads: b.threads}
	)
	if path == "" {
		engine, err = duckdb.OpenMemoryWith(options) //nolint:contextcheck // opening is not cut short
	} else {
		engine, err = duckdb.Open(path, options) //nolint:contextcheck // opening is not cut short
	}
	if err != nil {
		return nil, err
	}
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return w, nil
}

// score derives the ledger and holds it against the truth.
func (b *bench) score(ctx context.Context, dir string, open *warehouse.Warehouse) (scores []score, err error) {
	cfg, err := config.Read(filepath.Join(dir, configFile), nil)
	if err != nil {
		return nil, err
	}
	t, err := readTruth(filepath.Join(dir, truthFile))
	if err != nil {
		return nil, err
	}
	_, err = open.Refresh(ctx, jobs.WarehouseSettings(cfg), now, func(ctx context.Context, tx *warehouse.Tx) error {
		return attribution.Build(ctx, tx, cfg.Attribution, now)
	})
	if err != nil {
		return nil, err
	}
	err = open.Read(ctx, func(q *warehouse.Snapshot) error {
		ledgers, rerr := readLedgers(ctx, q)
		if rerr != nil {
			return rerr
		}
		for _, l := range ledgers {
			if rerr = l.comparable(t.won); rerr != nil {
				return rerr
			}
		}
		if rerr = readAggregates(ctx, q, t.won, ledgers); rerr != nil {
			return rerr
		}
		intervals := map[dimension][]interval{}
		for _, lv := range levels {
			if intervals[lv.by], rerr = readIntervals(ctx, q, lv.by); rerr != nil {
				return rerr
			}
		}
		scores = scoresOf(t, ledgers, intervals)
		return nil
	})
	return scores, err
}
