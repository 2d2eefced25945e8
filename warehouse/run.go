package warehouse

import (
	"context"
	"database/sql"
	"time"

	"credence/warehouse/sqlfile"
)

// SourceState is a source that was read at least once.
type SourceState struct {
	Source   string
	Kind     string
	Priority int
	SyncedAt time.Time // of the last successful run; zero before it
	Records  int64     // it has in the warehouse
	Rejected int64     // rows of the last reading of each of its files
	Last     Run       // its newest run, done or failed
}

// RejectedRow is a row that the last reading of its file did not keep.
type RejectedRow struct {
	RunID  int64
	Source string
	File   string
	Rejection
}

// Sources lists every source that was ever read, in the order of the
// configuration of its last run.
func Sources(ctx context.Context, q sqlfile.Querier) ([]SourceState, error) {
	last, err := sqlfile.All(ctx, q, questions.Get("last_run"), scanRun)
	if err != nil {
		return nil, err
	}
	states, err := sqlfile.All(ctx, q, questions.Get("source_state"), func(scan func(...any) error) (s SourceState, err error) {
		var at sql.NullTime
		err = scan(&s.Source, &s.Kind, &s.Priority, &at, &s.Records, &s.Rejected)
		s.SyncedAt = at.Time
		return s, err
	})
	if err != nil {
		return nil, err
	}
	for i := range states {
		for _, r := range last {
			if r.Source == states[i].Source {
				states[i].Last = r
			}
		}
	}
	return states, nil
}

// Runs lists the newest runs, of one source or, with an empty name, of all, at
// most limit, with the files each has read.
func Runs(ctx context.Context, q sqlfile.Querier, source string, limit int) ([]Run, error) {
	return runs(ctx, q, "runs", named("source", source), named("limit", limit))
}

// RunByID is one run with its files; ErrNotFound when there is none.
func RunByID(ctx context.Context, q sqlfile.Querier, id int64) (Run, error) {
	found, err := runs(ctx, q, "run_by_id", named("run_id", id))
	if err != nil {
		return Run{}, err
	}
	if len(found) == 0 {
		return Run{}, ErrNotFound
	}
	return found[0], nil
}

func runs(ctx context.Context, q sqlfile.Querier, name string, args ...sql.NamedArg) ([]Run, error) {
	list, err := sqlfile.All(ctx, q, questions.Get(name), scanRun, args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Files, err = sqlfile.All(ctx, q, questions.Get("run_files"), func(scan func(...any) error) (f RunFile, err error) {
			err = scan(&f.File, &f.Read, &f.Kept, &f.Rejected)
			return f, err
		}, named("run_id", list[i].ID))
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func scanRun(scan func(...any) error) (r Run, err error) {
	var finished sql.NullTime
	err = scan(&r.ID, &r.Source, &r.Kind, &r.Status, &r.Message, &r.StartedAt, &finished, &r.Read, &r.Kept, &r.Rejected, &r.Changed)
	r.FinishedAt = finished.Time
	return r, err
}

// RejectedRows lists the rejected rows that are kept of a source, at most limit
// after skipping offset, by file and line. A run of 0 means whichever run read
// each file last.
func RejectedRows(ctx context.Context, q sqlfile.Querier, source string, run int64, limit, offset int) ([]RejectedRow, error) {
	return sqlfile.All(ctx, q, questions.Get("rejected_rows"), func(scan func(...any) error) (r RejectedRow, err error) {
		err = scan(&r.RunID, &r.Source, &r.File, &r.Line, &r.Field, &r.Reason, &r.Row)
		return r, err
	}, named("source", source), named("run_id", run), named("limit", limit), named("offset", offset))
}
