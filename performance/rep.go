package performance

import (
	"context"
	"database/sql"
	"fmt"

	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// Rep is one of our sellers.
type Rep struct {
	ID, Name, Title, Email string
	TeamID, TeamName       string
}

// FindRep returns the rep if the reader may see them, else
// warehouse.ErrNotFound.
func FindRep(ctx context.Context, q sqlfile.Querier, user, repID string) (Rep, error) {
	return oneRep(ctx, q, "rep", Ask{UserID: user}, sql.Named("id", repID))
}

// RepOf returns the rep who signs in with email, else warehouse.ErrNotFound.
func RepOf(ctx context.Context, q sqlfile.Querier, user, email string) (Rep, error) {
	return oneRep(ctx, q, "rep_of", Ask{UserID: user}, sql.Named("email", email))
}

func oneRep(ctx context.Context, q sqlfile.Querier, question string, a Ask, arg sql.NamedArg) (Rep, error) {
	found, err := rows(ctx, q, question, a, func(scan func(...any) error) (Rep, error) {
		var r Rep
		return r, scan(&r.ID, &r.Name, &r.Title, &r.Email, &r.TeamID, &r.TeamName)
	}, arg)
	if err != nil {
		return Rep{}, err
	}
	if len(found) == 0 {
		return Rep{}, fmt.Errorf("rep %s: %w", arg.Value, warehouse.ErrNotFound)
	}
	return found[0], nil
}

// FindTeam returns the team if the reader sees every rep of it, else
// warehouse.ErrNotFound.
func FindTeam(ctx context.Context, q sqlfile.Querier, user, teamID string) (Team, error) {
	teams, err := Teams(ctx, q, Ask{UserID: user})
	if err != nil {
		return Team{}, err
	}
	for _, t := range teams {
		if t.ID == teamID {
			return t, nil
		}
	}
	return Team{}, fmt.Errorf("team %s: %w", teamID, warehouse.ErrNotFound)
}
