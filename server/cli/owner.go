package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
	"credence/server/jobs"
	"credence/server/metrics"
	"credence/server/privacy"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// owner is this process while it has the database open.
type owner struct {
	warehouse *warehouse.Warehouse
	users     *auth.Register
	trail     *audit.Log
	hasher    *auth.Hasher
	log       *slog.Logger
	metrics   *metrics.Metrics
	aside     *duckdb.AsideLog // the log that could not be replayed: every source is to be read whole
}

// open opens the database; log is nil for verbs, which tell in words what the
// server logs.
func (c *command) open(ctx context.Context, cfg config.Config, log *slog.Logger) (*owner, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	hasher, err := auth.NewHasher()
	if err != nil {
		return nil, err
	}
	engine, err := duckdb.Open(cfg.Database, c.engine(cfg)) //nolint:contextcheck // opening is not cut short
	if err != nil {
		return nil, err
	}
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	o := &owner{warehouse: w, hasher: hasher, log: log, aside: engine.SetAside(), metrics: metrics.New(Version)}
	if aside := o.aside; aside != nil {
		log.ErrorContext(ctx, "the write-ahead log could not be replayed and was set aside; what it held is lost until every source is synced again, and users and settings changed since the last checkpoint are as they were",
			slog.String("file", aside.File), slog.Int64("bytes", aside.Bytes), slog.Any("error", aside.Why))
		if err = o.jobs(cfg).RecordSetAside(ctx, aside.File, aside.Bytes); err != nil {
			return nil, errors.Join(err, w.Close())
		}
	}
	if o.users, err = auth.OpenRegister(ctx, w, auth.WaitingFile(cfg.Database), log); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if o.trail, err = audit.Open(ctx, w, audit.WaitingFile(cfg.Database), log); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err = o.recogniseErased(ctx, cfg); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return o, nil
}

// recogniseErased sees to it that nobody who was erased is in the database, nor
// their bytes in its file: after a restore, or when an erasure was cut short.
func (o *owner) recogniseErased(ctx context.Context, cfg config.Config) error {
	stale, err := privacy.Attach(ctx, o.warehouse, cfg.Database, time.Now())
	if err != nil {
		return err
	}
	if stale {
		o.log.InfoContext(ctx, "erased people were in the database, as after a restore: taking them out")
		if _, err := o.jobs(cfg).Refresh(ctx); err != nil {
			return err
		}
	}
	return o.jobs(cfg).FinishErasures(ctx)
}

func (o *owner) jobs(cfg config.Config) *jobs.Jobs {
	return &jobs.Jobs{Warehouse: o.warehouse, Users: o.users, Audit: o.trail, Config: cfg, Hasher: o.hasher, Now: time.Now, Log: o.log, Metrics: o.metrics}
}

func (o *owner) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := errors.Join(o.trail.Close(ctx), o.users.Close(ctx), o.warehouse.Close()); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}
