package warehouse

import (
	"context"
	"database/sql"

	"credence/warehouse/sqlfile"
)

type namedArg = sql.NamedArg

// contactRowsOf collects contact records with what says who they are.
func contactRowsOf(ctx context.Context, q sqlfile.Querier, st *sqlfile.Statement) ([]contactRow, error) {
	return sqlfile.All(ctx, q, st, func(scan func(...any) error) (r contactRow, err error) {
		err = scan(&r.source, &r.id, &r.email, &r.phone, &r.handle, &r.name)
		return r, err
	})
}

// personRecord is a contact of the last refresh with the record behind it;
// source is empty when it is an address without one.
type personRecord struct{ id, person, email, source, record string }

func personRecords(ctx context.Context, q sqlfile.Querier, st *sqlfile.Statement) ([]personRecord, error) {
	return sqlfile.All(ctx, q, st, func(scan func(...any) error) (p personRecord, err error) {
		err = scan(&p.id, &p.person, &p.email, &p.source, &p.record)
		return p, err
	})
}
