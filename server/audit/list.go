package audit

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"credence/warehouse/sqlfile"
)

// Filter narrows List. A zero field does not.
type Filter struct {
	Actor  string
	Action string
	Object string // a part of the object, or of a value of the detail
	Of     string // the object
	From   time.Time
	To     time.Time // not included
	Before int64     // only rows older than this seq
	Limit  int       // 0 is all
}

// List answers rows, the newest first.
func List(ctx context.Context, q sqlfile.Querier, f Filter) ([]Entry, error) {
	if f.Limit == 0 {
		f.Limit = 1 << 40
	}
	if f.To.IsZero() {
		f.To = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if f.Before == 0 {
		f.Before = 1 << 62
	}
	entries, err := sqlfile.All(ctx, q, questions.Get("list"), scanEntry, sql.Named("actor", f.Actor), sql.Named("action", f.Action),
		sql.Named("object", f.Object), sql.Named("of", f.Of), sql.Named("from", f.From.UTC()), sql.Named("to", f.To.UTC()), sql.Named("before", f.Before), sql.Named("limit", f.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the audit log: %w", err)
	}
	return entries, nil
}

// Count is how many rows a filter finds, Before and Limit aside.
func Count(ctx context.Context, q sqlfile.Querier, f Filter) (n int64, err error) {
	if f.To.IsZero() {
		f.To = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	err = questions.Get("count").One(ctx, q, []sql.NamedArg{
		sql.Named("actor", f.Actor), sql.Named("action", f.Action), sql.Named("object", f.Object), sql.Named("of", f.Of), sql.Named("from", f.From.UTC()), sql.Named("to", f.To.UTC()),
	}, &n)
	if err != nil {
		return 0, fmt.Errorf("count the audit log: %w", err)
	}
	return n, nil
}

// Words lists what occurs: the actions and the actors, each in order.
func Words(ctx context.Context, q sqlfile.Querier) (actions, actors []string, err error) {
	text := func(scan func(...any) error) (s string, err error) { return s, scan(&s) }
	if actions, err = sqlfile.All(ctx, q, questions.Get("actions"), text); err != nil {
		return nil, nil, fmt.Errorf("list what the audit log knows: %w", err)
	}
	if actors, err = sqlfile.All(ctx, q, questions.Get("actors"), text); err != nil {
		return nil, nil, fmt.Errorf("list who the audit log knows: %w", err)
	}
	return actions, actors, nil
}
