package jobs

import (
	"context"
	"database/sql"
	"embed"

	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var files embed.FS

var questions = sqlfile.MustLoad(files, "sql")

// LastRuns is the latest run of every source that was ever read.
func LastRuns(ctx context.Context, q sqlfile.Querier) ([]warehouse.Run, error) {
	return sqlfile.All(ctx, q, questions.Get("last_runs"), func(scan func(...any) error) (warehouse.Run, error) {
		var r warehouse.Run
		var at sql.NullTime
		err := scan(&r.Source, &r.Status, &at, &r.Read, &r.Kept, &r.Rejected, &r.Changed, &r.Message)
		r.FinishedAt = at.Time
		return r, err
	})
}
