package warehouse

import (
	"context"
	"fmt"
)

// RewriteDue reports whether bytes of erased rows may still stand in the file.
func (w *Warehouse) RewriteDue(ctx context.Context) (due bool, err error) {
	err = w.Read(ctx, func(s *Snapshot) error {
		return s.QueryRowContext(ctx, "select count(*) > 0 from rewrite_due").Scan(&due)
	})
	if err != nil {
		return false, fmt.Errorf("look whether a rewrite is due: %w", err)
	}
	return due, nil
}

// Rewritten notes that the file was written anew. Call it after Rewrite: a
// process killed between the two writes the file once more.
func (w *Warehouse) Rewritten(ctx context.Context) error {
	return w.Write(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, "delete from rewrite_due")
		return err
	})
}
