package attribution

import (
	"context"
	"fmt"

	"credence/warehouse/sqlfile"
)

// Broken is an invariant of the ledger that does not hold.
type Broken struct {
	Invariant string // what should be true, as a sentence
	Model     string // empty when it is about no model
	Rows      int    // how many rows break it
	Example   string // the id of one of them
}

// String says what is broken.
func (b Broken) String() string {
	of := ""
	if b.Model != "" {
		of = " under " + b.Model
	}
	return fmt.Sprintf("%s%s: broken by %d rows, for example %s", b.Invariant, of, b.Rows, b.Example)
}

// Check verifies the stored ledger: every won deal's credits and its
// unattributed part sum to its amount in both currencies, credits point at
// eligible touches, nothing else has credit, no touch is paid twice, and what
// closings kept sums to its deals too. It answers what is broken; nothing when
// all holds.
func Check(ctx context.Context, q sqlfile.Querier) ([]Broken, error) {
	scan := func(scan func(...any) error) (Broken, error) {
		var b Broken
		err := scan(&b.Invariant, &b.Model, &b.Rows, &b.Example)
		return b, err
	}
	broken, err := sqlfile.All(ctx, q, questions.Get("check_journey"), scan)
	if err != nil {
		return nil, fmt.Errorf("check journeys: %w", err)
	}
	for _, m := range Models {
		more, merr := sqlfile.All(ctx, q, forModel("check_credit", m), scan)
		if merr != nil {
			return nil, fmt.Errorf("check ledger of %s: %w", m.ID, merr)
		}
		broken = append(broken, more...)
	}
	reported, err := sqlfile.All(ctx, q, questions.Get("check_reported"), scan)
	if err != nil {
		return nil, fmt.Errorf("check closed quarters: %w", err)
	}
	return append(broken, reported...), nil
}
