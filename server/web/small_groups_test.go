package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"credence/attribution"
	"credence/performance"
)

func TestSmallTeamsStandTogether(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		sizes map[string]int64
		want  []string
	}{
		{"teams of five and more stand alone", map[string]int64{"a": 5, "b": 9}, nil},
		{"one small team takes the next smallest with it, or subtraction would show it", map[string]int64{"a": 3, "b": 6, "c": 9}, []string{"a", "b"}},
		{"two small teams of five together are enough", map[string]int64{"a": 2, "b": 3, "c": 9}, []string{"a", "b"}},
		{"a company of one small team shows one row", map[string]int64{"a": 2}, []string{"a"}},
		{"a single rep is never alone", map[string]int64{"a": 1, "b": 5, "c": 5}, []string{"a", "b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var sizes []repTeam
			for id, n := range test.sizes {
				sizes = append(sizes, repTeam{id, n})
			}
			got := tooSmall(sizes)
			if len(got) != len(test.want) {
				t.Fatalf("together = %v, want %v", got, test.want)
			}
			for _, id := range test.want {
				if !got[id] {
					t.Errorf("together = %v, want %v", got, test.want)
				}
			}
		})
	}
}

func TestSmallTogetherKeepsTheSum(t *testing.T) {
	t.Parallel()
	models := make([]int64, len(attribution.Models))
	for i := range models {
		models[i] = int64(i)
	}
	teams := []repTeam{{"a", 5}, {"b", 2}, {"c", 6}}
	groups := []attribution.Group{
		{ID: "a", Name: "North", Credit: 30, ByModel: models, RankMin: 1, RankMax: 2},
		{ID: "c", Name: "West", Credit: 7, ByModel: models, RankMin: 1, RankMax: 2},
		{ID: "b", Name: "South", Credit: 5, ByModel: models, RankMin: 3, RankMax: 3},
		{Kind: attribution.None, Credit: 3, ByModel: models},
		{Kind: attribution.Unattributed, Credit: 1, ByModel: models},
	}
	var got []string
	for _, g := range smallTogether(groups, teams) {
		got = append(got, fmt.Sprintf("%s|%s|%s %d %d rank %d", g.Kind, g.ID, g.Name, g.Credit, g.ByModel[1], g.RankMax))
	}
	// South has two reps; North, the next smallest, hides which part is South's.
	want := []string{"|~small|Smaller teams together 35 2 rank 0", "|c|West 7 1 rank 0", "none|| 3 1 rank 0", "unattributed|| 1 1 rank 0"}
	if !slices.Equal(got, want) {
		t.Errorf("rows are %q, want %q", got, want)
	}
}

// TestMatrixOfTeamsLeftOut says which teams a reader may be told of who may not name
// reps: none smaller than five, and none so that what is left of the one above is.
func TestMatrixOfTeamsLeftOut(t *testing.T) {
	t.Parallel()
	teams := []performance.Team{{ID: "all"}, {ID: "a", ParentID: "all"}, {ID: "b", ParentID: "all"}, {ID: "c", ParentID: "all"}}
	for name, c := range map[string]struct {
		sizes map[string]int64
		want  string
	}{
		"large":                         {map[string]int64{"all": 15, "a": 5, "b": 5, "c": 5}, "all a b c"},
		"a small one takes another":     {map[string]int64{"all": 15, "a": 3, "b": 6, "c": 6}, "all c"},
		"two small ones are five":       {map[string]int64{"all": 15, "a": 3, "b": 2, "c": 10}, "all c"},
		"who leads all alone takes one": {map[string]int64{"all": 16, "a": 5, "b": 5, "c": 5}, "all b c"},
		"enough lead all":               {map[string]int64{"all": 20, "a": 5, "b": 5, "c": 5}, "all a b c"},
	} {
		var got []string
		for _, team := range largeGroups(teams, c.sizes) {
			got = append(got, team.ID)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: teams %v are told, want %s", name, got, c.want)
		}
	}
}
