package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"credence/attribution"
	"credence/warehouse/sqlfile"
)

// fewest is how many reps a group must have to be shown to who may not name
// reps (DESIGN §8).
const fewest = 5

// repTeam is the team of a rep and its size.
type repTeam struct {
	id, name string
	reps     int64
}

func askRepTeams(ctx context.Context, v *Visit) (map[string]repTeam, error) {
	type pair struct {
		rep string
		repTeam
	}
	pairs, err := sqlfile.All(ctx, v, questions.Get("rep_teams"), func(scan func(...any) error) (pair, error) {
		var p pair
		return p, scan(&p.rep, &p.id, &p.name, &p.reps)
	})
	if err != nil {
		return nil, fmt.Errorf("find the teams of reps: %w", err)
	}
	teams := make(map[string]repTeam, len(pairs))
	for _, p := range pairs {
		teams[p.rep] = p.repTeam
	}
	return teams, nil
}

// byTeam adds the reps' rows of a view up to their teams. Teams of fewer than
// five reps stand together in one row, with further teams, the smallest first,
// until that row has five too: else it could be told apart by subtraction.
func byTeam(groups []attribution.Group, teams map[string]repTeam) []attribution.Group {
	sizes := map[string]repTeam{}
	for _, t := range teams {
		sizes[t.id] = t
	}
	together := tooSmall(sizes)
	var out []attribution.Group
	index := map[string]int{}
	for _, g := range groups {
		if g.Kind != attribution.Named {
			out = append(out, g)
			continue
		}
		team, ok := teams[g.ID]
		key, name := team.id, team.name
		if !ok || name == "" {
			key, name = "", "No team"
		}
		if together[key] {
			key, name = "small", "Smaller teams together"
		}
		at, ok := index[key]
		if !ok {
			at = len(out)
			index[key] = at
			out = append(out, attribution.Group{Name: name, ByModel: make([]int64, len(attribution.Models))})
		}
		sum := &out[at]
		sum.Credit += g.Credit
		sum.Share += g.Share
		sum.Touches += g.Touches
		sum.Sourced += g.Sourced
		sum.Assisted += g.Assisted
		sum.Suspected += g.Suspected
		for i := range g.ByModel {
			sum.ByModel[i] += g.ByModel[i]
		}
		for i := range g.Evidence {
			sum.Evidence[i] += g.Evidence[i]
			sum.Counts[i] += g.Counts[i]
		}
	}
	for i := range out {
		if out[i].Kind == attribution.Named {
			out[i].Min, out[i].Max = slices.Min(out[i].ByModel), slices.Max(out[i].ByModel)
		}
	}
	slices.SortStableFunc(out, func(a, b attribution.Group) int {
		if named := boolOrder(a.Kind == attribution.Named, b.Kind == attribution.Named); named != 0 {
			return named
		}
		if a.Kind != attribution.Named {
			return 0
		}
		return int(sign(b.Credit - a.Credit))
	})
	return out
}

// tooSmall is the teams that are shown together only.
func tooSmall(sizes map[string]repTeam) map[string]bool {
	order := make([]repTeam, 0, len(sizes))
	for _, t := range sizes {
		order = append(order, t)
	}
	slices.SortFunc(order, func(a, b repTeam) int {
		if a.reps != b.reps {
			return int(a.reps - b.reps)
		}
		return strings.Compare(a.id, b.id)
	})
	together, reps := map[string]bool{}, int64(0)
	for _, t := range order {
		if t.reps < fewest || len(together) > 0 && reps < fewest {
			together[t.id] = true
			reps += t.reps
		}
	}
	return together
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
