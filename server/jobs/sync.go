package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/connectors"
	"credence/connectors/sync"
	"credence/server/audit"
	"credence/server/config"
	"credence/warehouse"
)

// sync reads the named sources, or all, one after the other. A source that
// fails keeps what it had and the others go on; the exit code then is 1.
func (j *Jobs) sync(ctx context.Context, call Call, out Out) error {
	sources := Configured(j.Config)
	if err := known(sources, call.Sources); err != nil {
		return Misuse(err)
	}
	if err := CheckSources(j.Config); err != nil {
		return err
	}
	if err := CheckSpace(j.Config.Database); err != nil {
		return err
	}
	if err := j.addMissingUsers(ctx, out); err != nil {
		return err
	}
	if len(sources) == 0 {
		out.Say("no sources are configured: add some under sources: (credence sources --kinds lists the kinds)")
		return nil
	}
	if err := j.noteSync(ctx, call); err != nil {
		return err
	}
	var failed, synced []string
	for _, src := range sources {
		if len(call.Sources) > 0 && !slices.Contains(call.Sources, src.Name) {
			continue
		}
		synced = append(synced, src.Name)
		run, err := j.syncOne(ctx, src, call.Full, out)
		switch {
		case err != nil && (Broken(err) || ctx.Err() != nil):
			return err
		case err != nil:
			failed = append(failed, src.Name)
			out.Say("%s: not finished, what it had is unchanged: %s", src.Name, oneLine(err))
		case run.Read == 0 && run.Changed == 0:
			out.Say("%s: nothing new", src.Name)
		default:
			out.Say("%s: %d rows read, %d kept, %d rejected, %d records changed", src.Name, run.Read, run.Kept, run.Rejected, run.Changed)
		}
	}
	if len(failed) > 0 {
		out.Say("not finished: %s", strings.Join(failed, ", "))
		return ErrPart
	}
	if !call.Strict {
		return nil
	}
	rejected, err := j.rejectedRows(ctx, synced)
	if err != nil {
		return err
	}
	if rejected > 0 {
		out.Say("%d rows are rejected and --strict is set", rejected)
		return ErrPart
	}
	return nil
}

// noteSync tells the audit log who began to read what.
func (j *Jobs) noteSync(ctx context.Context, call Call) error {
	what := "every source"
	if len(call.Sources) > 0 {
		what = strings.Join(call.Sources, " ")
	}
	detail := map[string]string{}
	if call.Full {
		detail["full"] = "yes"
	}
	return j.Warehouse.Write(ctx, func(tx *warehouse.Tx) error {
		return audit.Record(ctx, tx, audit.Event{At: j.Now(), Actor: j.actor(), Action: audit.Sync, Object: what, Detail: detail})
	})
}

// rejectedRows counts the rows of the sources that could not be kept when
// their files were last read, be that now or earlier.
func (j *Jobs) rejectedRows(ctx context.Context, sources []string) (sum int64, err error) {
	err = j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		for _, name := range sources {
			var n int64
			if cerr := questions.Get("rejected_count").One(ctx, s, []sql.NamedArg{sql.Named("source", name)}, &n); cerr != nil {
				return fmt.Errorf("count the rejected rows of %s: %w", name, cerr)
			}
			sum += n
		}
		return nil
	})
	return sum, err
}

// known refuses a name that no configured source has.
func known(sources []sync.Configured, names []string) error {
	have := make([]string, len(sources))
	for i, s := range sources {
		have[i] = s.Name
	}
	for _, n := range names {
		if !slices.Contains(have, n) {
			return fmt.Errorf("no source is called %q%s", n, connectors.Suggest(n, have))
		}
	}
	return nil
}

// syncOne reads one source; its run is told even when it failed.
func (j *Jobs) syncOne(ctx context.Context, src sync.Configured, full bool, out Out) (run warehouse.Run, err error) {
	label := "sync " + src.Name
	out.progress(Progress{Label: label})
	runs, err := sync.Run(ctx, j.Warehouse, []sync.Configured{src}, Env(j.Config, j.Now()), sync.Options{Full: full}, j.Log,
		func(_, _ string, rows int64) { out.progress(Progress{Label: label, Done: rows}) })
	if len(runs) > 0 {
		run = runs[0]
		j.Metrics.Synced(&run)
	}
	return run, err
}

// Configured is the sources of a configuration.
func Configured(c config.Config) []sync.Configured {
	out := make([]sync.Configured, len(c.Sources))
	for i, s := range c.Sources {
		out[i] = sync.Configured{Name: s.Name, Kind: s.Kind, Priority: i, AlsoDeals: s.AlsoDeals, Settings: s.Settings}
	}
	return out
}

// Env is what a source may know about the company of a configuration.
func Env(c config.Config, now time.Time) connectors.Env {
	return connectors.Env{
		BaseDir: c.BaseDir(), Currency: c.Company.Currency, Location: c.Company.Location(), Domains: c.Company.Domains, Now: now.UTC(),
	}
}

// CheckSources opens every configured source without reading it and tells the
// first wrong setting, which is a fault of the configuration. Files that are
// not there are none: their source says so when it is read.
func CheckSources(c config.Config) error {
	if err := sync.Check(Configured(c), Env(c, time.Now())); err != nil {
		return Misuse(err)
	}
	return nil
}
