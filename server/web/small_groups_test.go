package web

import (
	"testing"

	"credence/attribution"
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
			sizes := map[string]repTeam{}
			for id, n := range test.sizes {
				sizes[id] = repTeam{id: id, name: id, reps: n}
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

func TestByTeamKeepsTheSum(t *testing.T) {
	t.Parallel()
	models := make([]int64, len(attribution.Models))
	for i := range models {
		models[i] = int64(i)
	}
	teams := map[string]repTeam{"r1": {"a", "North", 5}, "r2": {"a", "North", 5}, "r3": {"b", "South", 2}, "r4": {"c", "West", 6}}
	groups := []attribution.Group{
		{ID: "r1", Name: "Ada Lang", Credit: 10, ByModel: models},
		{ID: "r2", Name: "Ben Ott", Credit: 20, ByModel: models},
		{ID: "r3", Name: "Cy Roth", Credit: 5, ByModel: models},
		{ID: "r4", Name: "Di Voss", Credit: 7, ByModel: models},
		{Kind: attribution.None, Credit: 3},
		{Kind: attribution.Unattributed, Credit: 1},
	}
	sum, last := int64(0), ""
	for _, g := range byTeam(groups, teams) {
		sum += g.Credit
		last = string(g.Kind)
		if g.Name == "South" || g.Name == "North" && g.Credit != 42-7 && g.Credit != 30 {
			t.Errorf("row %q has %d", g.Name, g.Credit)
		}
		for _, rep := range []string{"Ada Lang", "Ben Ott", "Cy Roth", "Di Voss"} {
			if g.Name == rep {
				t.Errorf("a rep is named: %s", rep)
			}
		}
	}
	if sum != 46 || last != string(attribution.Unattributed) {
		t.Errorf("rows sum to %d and end with %q, want 46 and unattributed", sum, last)
	}
}
