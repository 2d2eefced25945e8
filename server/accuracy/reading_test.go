package main

import (
	"slices"
	"strings"
	"testing"
)

// said is a report of one process over 20 worlds: by model, what it leaves
// unattributed and its money error by channel and by rep, each ± .05.
func said(figures map[string][3]float64) report {
	r := report{processes: []string{"hazard"}, seeds: []uint64{1}, estimates: map[key]estimate{}}
	for _, id := range []string{"first", "last", "linear", incremental, nothing, inTruth} {
		f, ok := figures[id]
		if !ok {
			continue
		}
		r.models = append(r.models, id)
		around := func(x float64) estimate { return estimate{mean: x, low: x - .05, high: x + .05, n: 20} }
		r.estimates[key{"hazard", everyLevel, id, figUnattributed}] = around(f[0])
		r.estimates[key{"hazard", "channel", id, figMoney}] = around(f[1])
		r.estimates[key{"hazard", "rep", id, figMoney}] = around(f[2])
	}
	return r
}

func TestTheReadingFollowsFromTheFigures(t *testing.T) {
	t.Parallel()
	yardsticks := func(more map[string][3]float64) map[string][3]float64 {
		more[nothing], more[inTruth] = [3]float64{1, .9, .9}, [3]float64{.52, 0, 0}
		return more
	}
	for _, c := range []struct {
		name    string
		figures map[string][3]float64
		want    []string
		never   []string
	}{
		{
			"one model is the best by more than its interval",
			yardsticks(map[string][3]float64{"first": {0, 1.2, 1.1}, "last": {.01, 1.5, 1.2}, incremental: {.5, .4, .6}}),
			[]string{
				"incremental has the lowest money error by channel, 0.40 ± 0.05; the next is First touch with 1.20 ± 0.05.",
				"No other model is nearer in money than incremental at any level.",
				"Further from the truth by channel than crediting nothing at all (0.90): First touch and Last touch.",
				"In truth 52 ± 5 % of won revenue comes without any touch; incremental leaves 50 ± 5 % unattributed; the other models leave 0 to 1 %.",
			},
			[]string{"is not the nearest"},
		},
		{
			"another model is better than incremental, and it is said where",
			yardsticks(map[string][3]float64{"first": {0, 1.2, .5}, "linear": {0, .43, .55}, incremental: {.5, .4, .6}}),
			[]string{
				"incremental has the lowest money error by channel, 0.40 ± 0.05; Linear is within its interval.",
				"incremental is not the nearest in money by rep, where First touch (0.50) and Linear (0.55) are nearer than its 0.60.",
				"the other models leave 0 %.",
			},
			[]string{"No other model"},
		},
		{
			"without incremental nothing is said of it",
			yardsticks(map[string][3]float64{"first": {0, 1.2, 1.1}, "last": {0, 1.5, 1.2}}),
			[]string{"Every model is further from the truth by channel than crediting nothing at all (0.90)", "the models leave 0 %."},
			[]string{"incremental"},
		},
		{
			"every model is better than the yardstick",
			yardsticks(map[string][3]float64{"first": {0, .2, .1}}),
			[]string{"First touch has the lowest money error by channel, 0.20 ± 0.05.", "Every model is nearer to the truth by channel than crediting nothing (0.90)."},
			nil,
		},
		{
			"no order is right where none can be compared",
			yardsticks(map[string][3]float64{"first": {0, .2, .1}}),
			[]string{"Nothing works in these worlds"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			// The model under test need not be in this build.
			text := strings.ReplaceAll(strings.Join(said(c.figures).reading("hazard"), "\n"), titleOf(incremental), incremental)
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("the reading does not say %q:\n%s", want, text)
				}
			}
			for _, never := range c.never {
				if strings.Contains(text, never) {
					t.Errorf("the reading says %q:\n%s", never, text)
				}
			}
		})
	}
}

func TestTheReadingNamesNoOrderThatChanceExplains(t *testing.T) {
	t.Parallel()
	r := said(map[string][3]float64{"first": {0, 1.2, .5}, "last": {0, .43, .55}})
	r.estimates[key{"hazard", "channel", "first", figRank}] = estimate{mean: .5, low: .4, high: .6, n: 20}
	r.estimates[key{"hazard", "channel", "last", figRank}] = estimate{mean: .3, low: .2, high: .4, n: 20}
	r.estimates[key{"hazard", "campaign", "last", figRank}] = estimate{mean: -.04, low: -.2, high: .12, n: 20}
	want := "The order of names is best by channel First touch (0.50). By campaign no model's order is surely better than chance."
	if got := r.readOrder("hazard"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheReadingTellsOfIntervals(t *testing.T) {
	t.Parallel()
	r := said(map[string][3]float64{incremental: {.5, .4, .6}, nothing: {1, .9, .9}, inTruth: {.5, 0, 0}})
	r.estimates[key{"hazard", "channel", incremental, figCovered}] = estimate{mean: .86, low: .84, high: .88, n: 20}
	r.estimates[key{"hazard", "channel", incremental, figWidth}] = estimate{mean: .11, low: .10, high: .12, n: 20}
	if text := strings.Join(r.reading("hazard"), "\n"); !strings.Contains(text, "hold the true effect of a channel in 86 ± 2 % of cases.") {
		t.Errorf("the reading does not tell the coverage:\n%s", text)
	}
	if text := r.markdown(); !strings.Contains(text, "| hazard | channel | 86 ± 2 % | 11 ± 1 % |") {
		t.Errorf("the report has no row of the intervals:\n%s", text)
	}
}

func TestALongListNamesFourAndIncrementalFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ids  []string
		want string
	}{
		{"five are few enough", []string{"a", "b", "c", "d", "e"}, "a, b, c, d and e"},
		{"six are not", []string{"a", "b", "c", "d", "e", "f"}, "a, b, c, d and 2 others"},
		{"incremental is never among the others", []string{"a", "b", "c", "d", "e", incremental}, titleOf(incremental) + ", a, b, c and 2 others"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := several(c.ids); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTablesMarkTheBestAndWhoIsAsGood(t *testing.T) {
	t.Parallel()
	r := said(map[string][3]float64{"first": {0, 1.2, .5}, "last": {0, .43, .55}, "linear": {0, .4, .6}, nothing: {1, .9, .9}, inTruth: {.5, 0, 0}})
	var got []string
	for line := range strings.Lines(r.table("hazard")) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		got = append(got, strings.TrimPrefix(strings.Join(cells[:3], ", "), "| "))
	}
	want := []string{
		"model, unattributed, money error: channel", "---, --:, --:",
		"Linear, 0 ± 5 %, **0.40 ± 0.05**",
		"Last touch, 0 ± 5 %, ≈ 0.43 ± 0.05",
		"First touch, 0 ± 5 %, 1.20 ± 0.05",
		"*nothing credited*, 100 ± 5 %, 0.90 ± 0.05",
		"*truth, least possible error*, 50 ± 5 %, 0.00 ± 0.05",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
