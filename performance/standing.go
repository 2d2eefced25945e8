package performance

import (
	"cmp"
	"context"
	"slices"

	"credence/warehouse/sqlfile"
)

// Standing is where a rep, a team or the company stands against its quota.
type Standing struct {
	Key, Name string
	TeamID    string // of a rep; "" otherwise
	TeamName  string
	Won       Value // won_revenue
	Quota     Value // unknown without quota
	Attained  Value // quota_attainment
	Pace      Value // pace
	WinRate   Value
	Due       Value // pipeline_due
}

// Standings lists the groups of the breakdown (rep or team), those with the
// highest attainment first, groups without quota after them by what they won. A
// rep who neither has a quota nor a deal in the period is left out.
func Standings(ctx context.Context, q sqlfile.Querier, a Ask) ([]Standing, error) {
	parts, err := a.Sheet(ctx, q, StandingMetrics()...)
	if err != nil {
		return nil, err
	}
	return StandingsOf(ctx, q, a, parts)
}

// StandingMetrics are the metrics a Standing is made of.
func StandingMetrics() []string {
	return []string{"won_revenue", "quota", "quota_attainment", "pace", "win_rate", "pipeline_due"}
}

// StandingsOf is Standings from a sheet of a that holds StandingMetrics.
func StandingsOf(ctx context.Context, q sqlfile.Querier, a Ask, parts Sheet) ([]Standing, error) {
	teams := map[string]Team{}
	if a.By == "rep" {
		var err error
		if teams, err = repTeams(ctx, q, a); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{}
	var out []Standing
	for _, name := range []string{"quota", "won_revenue", "pipeline_due", "win_rate"} {
		for key, v := range parts[name] {
			if seen[key] {
				continue
			}
			seen[key] = true
			s := Standing{
				Key: key, Name: v.Name, Won: parts.Of("won_revenue", key), Quota: parts.Of("quota", key), Attained: parts.Of("quota_attainment", key),
				Pace: parts.Of("pace", key), WinRate: parts.Of("win_rate", key), Due: parts.Of("pipeline_due", key),
			}
			if a.By == "rep" {
				s.TeamID, s.TeamName = teams[key].ID, teams[key].Name
			}
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(x, y Standing) int {
		return cmp.Or(
			-cmp.Compare(known(x.Attained), known(y.Attained)),
			-cmp.Compare(x.Attained.Number, y.Attained.Number),
			-cmp.Compare(x.Won.Minor, y.Won.Minor),
			cmp.Compare(x.Key, y.Key),
		)
	})
	return out, nil
}

func known(v Value) int {
	if v.Known {
		return 1
	}
	return 0
}

// Team is a team by id and name.
type Team struct{ ID, Name, ParentID, ManagerRepID string }

func repTeams(ctx context.Context, q sqlfile.Querier, a Ask) (map[string]Team, error) {
	type pair struct {
		rep string
		Team
	}
	pairs, err := rows(ctx, q, "rep_teams", a, func(scan func(...any) error) (pair, error) {
		var p pair
		return p, scan(&p.rep, &p.ID, &p.Name)
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]Team, len(pairs))
	for _, p := range pairs {
		out[p.rep] = p.Team
	}
	return out, nil
}

// Teams lists the teams of which the reader sees every rep, parents before
// their children and by name.
func Teams(ctx context.Context, q sqlfile.Querier, a Ask) ([]Team, error) {
	return rows(ctx, q, "teams", a, func(scan func(...any) error) (Team, error) {
		var t Team
		return t, scan(&t.ID, &t.Name, &t.ParentID, &t.ManagerRepID)
	})
}

// Front are the teams a page sets side by side: the teams directly below
// under; with under "" those at the top, or the ones below a single top team.
func Front(teams []Team, under string) []Team {
	below := func(parent string) []Team {
		var out []Team
		for _, t := range teams {
			top := t.ParentID == parent
			if parent == "" {
				top = !slices.ContainsFunc(teams, func(p Team) bool { return p.ID == t.ParentID })
			}
			if top && t.ID != parent {
				out = append(out, t)
			}
		}
		return out
	}
	front := below(under)
	if under == "" && len(front) == 1 {
		if inner := below(front[0].ID); len(inner) > 0 {
			return inner
		}
	}
	return front
}

// Leaves are the teams without a visible team below them, of all or of those
// below under.
func Leaves(teams []Team, under string) []Team {
	var out []Team
	for _, t := range Front(teams, under) {
		inner := Leaves(teams, t.ID)
		if len(inner) == 0 {
			inner = []Team{t}
		}
		out = append(out, inner...)
	}
	return out
}
