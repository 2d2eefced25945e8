package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"credence/warehouse/sqlfile"
)

// Splits is how each deal won in a period is shared among channels under a
// model, by deal id. Two ledgers of the same deals are compared by it.
type Splits map[string][]Part

// Part is what one channel earned of a deal; withheld and unattributed are parts
// too.
type Part struct {
	Channel string
	Credit  int64 // minor units of the reporting currency
}

// Moves counts the deals that two ledgers share differently.
type Moves struct {
	Deals   int // in either ledger with an amount other than 0
	Shared  int // of them, split otherwise among channels
	Changed int // of these, another channel earns most: the deal changes hands
}

// SplitsOf asks for the splits of the deals won in a's period, whatever its
// basis, as far as the reader may see them.
func SplitsOf(ctx context.Context, q sqlfile.Querier, user string, a Ask) (Splits, error) {
	m, err := modelNamed(a.Model)
	if err != nil {
		return nil, err
	}
	type row struct {
		deal string
		part Part
	}
	from, to := bounds(a.Period)
	rows, err := sqlfile.All(ctx, q, forModel("deal_split", m), func(scan func(...any) error) (r row, err error) {
		err = scan(&r.deal, &r.part.Channel, &r.part.Credit)
		return r, err
	}, sql.Named("user_id", user), sql.Named("from", from), sql.Named("to", to))
	if err != nil {
		return nil, fmt.Errorf("split deals among channels: %w", err)
	}
	out := Splits{}
	for _, r := range rows {
		out[r.deal] = append(out[r.deal], r.part)
	}
	return out, nil
}

// Moves compares the splits with those of another ledger.
func (s Splits) Moves(other Splits) Moves {
	m := Moves{Deals: len(s)}
	for deal, after := range other {
		before := s[deal]
		if before == nil {
			m.Deals++
		}
		if slices.Equal(before, after) {
			continue
		}
		m.Shared++
		if before == nil || before[0].Channel != after[0].Channel {
			m.Changed++
		}
	}
	return m
}
