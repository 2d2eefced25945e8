package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"credence/attribution"
	"credence/performance"
	"credence/server/export"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// fewest is how many reps a group must have to be shown to who may not name
// reps (DESIGN §8).
const fewest = 5

// smallTeams stands in addresses for the teams that are shown together only.
const smallTeams = export.SmallTeams

// repTeam is a team that reps are or were in, and how many are today.
type repTeam struct {
	id   string
	reps int64
}

func askRepTeams(ctx context.Context, q sqlfile.Querier) ([]repTeam, error) {
	teams, err := sqlfile.All(ctx, q, questions.Get("rep_teams"), func(scan func(...any) error) (t repTeam, err error) {
		return t, scan(&t.id, &t.reps)
	})
	if err != nil {
		return nil, fmt.Errorf("find the teams of reps: %w", err)
	}
	return teams, nil
}

// smallTogether adds the rows of teams of fewer than five reps up to one row, with
// further teams, the smallest first, until that row has five too: else it could
// be told apart by subtraction. The rows are a view by team; its ranks go, since
// they are places among teams that are not shown.
func smallTogether(groups []attribution.Group, teams []repTeam) []attribution.Group {
	together := tooSmall(teams)
	sum := attribution.Group{ID: smallTeams, Name: "Smaller teams together", ByModel: make([]int64, len(attribution.Models))}
	var out []attribution.Group
	merged := 0
	for _, g := range groups {
		g.RankMin, g.RankMax = 0, 0
		if g.Kind != attribution.Named || !together[g.ID] {
			out = append(out, g)
			continue
		}
		merged++
		sum.Credit += g.Credit
		sum.Share += g.Share
		sum.Sourced += g.Sourced
		sum.Assisted += g.Assisted
		sum.Suspected += g.Suspected
		sum.Touches += g.Touches
		for i := range g.ByModel {
			sum.ByModel[i] += g.ByModel[i]
		}
		for i := range g.Evidence {
			sum.Evidence[i] += g.Evidence[i]
			sum.Counts[i] += g.Counts[i]
		}
	}
	if merged > 0 {
		sum.Min, sum.Max = slices.Min(sum.ByModel), slices.Max(sum.ByModel)
		out = append(out, sum)
	}
	slices.SortStableFunc(out, func(a, b attribution.Group) int {
		if named := boolOrder(a.Kind == attribution.Named, b.Kind == attribution.Named); named != 0 {
			return named
		}
		if a.Kind != attribution.Named {
			return 0
		}
		return cmp.Compare(b.Credit, a.Credit)
	})
	return out
}

// foldTeams is smallTogether for a report.
func foldTeams(ctx context.Context, q *warehouse.Snapshot, groups []attribution.Group) ([]attribution.Group, error) {
	teams, err := askRepTeams(ctx, q)
	return smallTogether(groups, teams), err
}

// tooSmall is the teams that are shown together only.
func tooSmall(teams []repTeam) map[string]bool {
	order := slices.Clone(teams)
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

// hiddenTeams are the teams too small to be told apart by a reader who may not
// name reps; the zero value hides none.
type hiddenTeams struct {
	nested map[string]bool // with the teams below them
	alone  map[string]bool // as the team of a deal's owner
}

// hiddenTeams works out which teams this reader may not tell apart. A deal tells
// its owner's team only where both sums, of the team alone and with those below
// it, are shown: else one could be taken from the other.
func (s *Server) hiddenTeams(ctx context.Context, v *Visit, names namer) (hiddenTeams, error) {
	if names.named() || v.Generation == 0 {
		return hiddenTeams{}, nil
	}
	ask := performance.NewAsk(v.Reader.ID, s.Config.Calendar(), v.Period, v.Now)
	sizes, err := performance.TeamSizes(ctx, v, ask)
	if err != nil {
		return hiddenTeams{}, err
	}
	teams, err := performance.Teams(ctx, v, ask)
	if err != nil {
		return hiddenTeams{}, err
	}
	direct, err := askRepTeams(ctx, v)
	if err != nil {
		return hiddenTeams{}, err
	}
	h := hiddenTeams{nested: map[string]bool{}, alone: tooSmall(direct)}
	for _, t := range teams {
		h.nested[t.ID] = true
	}
	for _, t := range largeGroups(teams, sizes) {
		h.nested[t.ID] = false
	}
	for id, hidden := range h.nested {
		h.alone[id] = h.alone[id] || hidden
	}
	return h, nil
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
