package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"credence/warehouse/sqlfile"
)

// Chain is what Verify found of the log.
type Chain struct {
	Rows int64
	Last int64    // seq of the newest row
	Hash string   // its hash, to be noted elsewhere
	Bad  []string // one sentence for each break, at most maxBad
}

const maxBad = 5

// Verify walks the log from its beginning, or from where it was cut, and tells
// every place where a row does not follow from the one before.
func Verify(ctx context.Context, q sqlfile.Querier) (chain Chain, err error) {
	var last Entry
	if err = questions.Get("cut_at").One(ctx, q, nil, &last.Seq, &last.Hash); err != nil {
		return chain, fmt.Errorf("read where the audit log was cut: %w", err)
	}
	chain.Last, chain.Hash = last.Seq, last.Hash
	rows, err := questions.Get("all").Query(ctx, q)
	if err != nil {
		return chain, fmt.Errorf("read the audit log: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e, serr := scanEntry(rows.Scan)
		if serr != nil {
			chain.bad(serr.Error())
			last = e
			continue
		}
		chain.Rows++
		if why := e.follows(last); why != "" {
			chain.bad(why)
		}
		last, chain.Last, chain.Hash = e, e.Seq, e.Hash
	}
	if err = rows.Err(); err != nil {
		return chain, fmt.Errorf("read the audit log: %w", err)
	}
	return chain, nil
}

// follows says why e cannot stand after last; empty when it can.
func (e Entry) follows(last Entry) string {
	switch {
	case e.Seq > last.Seq+1:
		return fmt.Sprintf("audit rows %d to %d are missing", last.Seq+1, e.Seq-1)
	case e.Seq != last.Seq+1:
		return fmt.Sprintf("audit row %d stands after row %d", e.Seq, last.Seq)
	case e.Previous != last.Hash:
		return fmt.Sprintf("audit row %d does not name the row before it", e.Seq)
	}
	if want, err := e.hash(); err != nil || want != e.Hash {
		return fmt.Sprintf("audit row %d was changed after it was written", e.Seq)
	}
	return ""
}

func (c *Chain) bad(why string) {
	if len(c.Bad) < maxBad {
		c.Bad = append(c.Bad, why)
	}
}

// Cut removes the rows before the moment before, the oldest first and without
// gaps, and keeps the hash of the last one removed, from which the chain then
// begins. It answers how many rows went. q is a write transaction.
func Cut(ctx context.Context, q sqlfile.Querier, before, now time.Time) (int64, error) {
	var last Entry
	var n int64
	err := questions.Get("cut_until").One(ctx, q, []sql.NamedArg{sql.Named("before", before.UTC())}, &n, &last.Seq, &last.Hash)
	if err != nil {
		return 0, fmt.Errorf("find the old end of the audit log: %w", err)
	}
	if n == 0 {
		return 0, nil
	}
	if err = questions.Get("keep_cut").Exec(ctx, q, sql.Named("seq", last.Seq), sql.Named("hash", last.Hash), sql.Named("now", now.UTC())); err != nil {
		return 0, fmt.Errorf("keep where the audit log is cut: %w", err)
	}
	if err = questions.Get("cut").Exec(ctx, q, sql.Named("seq", last.Seq)); err != nil {
		return 0, fmt.Errorf("cut the audit log: %w", err)
	}
	return n, nil
}
