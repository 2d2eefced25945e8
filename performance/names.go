package performance

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"credence/warehouse/sqlfile"
)

// Choice is something the deals list can be filtered by.
type Choice struct{ ID, Name string }

// Choices lists the reps, teams, managers or products (a.By) that the reader may
// filter by, by name.
func Choices(ctx context.Context, q sqlfile.Querier, a Ask) ([]Choice, error) {
	g, err := groupNames(ctx, q, a)
	if err != nil {
		return nil, err
	}
	out := make([]Choice, 0, len(g.names))
	for id, name := range g.names {
		if name == "" {
			name = id
		}
		out = append(out, Choice{ID: id, Name: name})
	}
	slices.SortFunc(out, func(x, y Choice) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) })
	return out, nil
}

// TeamSizes is the number of active reps of each team and the teams below it.
func TeamSizes(ctx context.Context, q sqlfile.Querier, a Ask) (map[string]int64, error) {
	type size struct {
		team string
		reps int64
	}
	sizes, err := rows(ctx, q, "team_sizes", a, func(scan func(...any) error) (size, error) {
		var s size
		return s, scan(&s.team, &s.reps)
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]int64, len(sizes))
	for _, s := range sizes {
		out[s.team] = s.reps
	}
	return out, nil
}

// AccountName is the name of an account with a deal the reader may see; "" of
// any other.
func AccountName(ctx context.Context, q sqlfile.Querier, a Ask, accountID string) (string, error) {
	found, err := rows(ctx, q, "account_name", a, func(scan func(...any) error) (string, error) {
		var name string
		return name, scan(&name)
	}, sql.Named("id", accountID))
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
