package main

import (
	"math"
	"reflect"
	"testing"

	sampledata "credence/sample-data"
)

func TestEveryEuroOfALedgerIsOnceInEachSplit(t *testing.T) {
	t.Parallel()
	got := ledgersOf([]creditRow{
		{"linear", false, "E-mail", "c1", "", 1000},
		{"linear", false, "Sales", "", "r1", 700},
		{"linear", false, "Rep Social", "", "r1", 300},
		{"linear", true, "", "", "", 500},
		{"first", false, "E-mail", "c1", "", 2500},
	})
	want := &ledger{model: "linear", won: 2500, splits: map[dimension]split{
		byChannel:  {named: map[string]float64{"E-mail": 1000, "Sales": 700, "Rep Social": 300}, unattributed: 500},
		byCampaign: {named: map[string]float64{"c1": 1000}, none: 1000, unattributed: 500},
		byRep:      {named: map[string]float64{"r1": 1000}, none: 1000, unattributed: 500},
	}}
	if !reflect.DeepEqual(got["linear"], want) {
		t.Errorf("got %+v, want %+v", got["linear"], want)
	}
	if len(got) != 2 || got["first"].won != 2500 {
		t.Errorf("got %d ledgers, the first with %v; want 2 with 2500 each", len(got), got["first"].won)
	}
	if err := want.comparable(2500.0001); err != nil {
		t.Errorf("a rounding difference is refused: %v", err)
	}
	if err := want.comparable(2600); err == nil {
		t.Error("a ledger of 25.00 is held against a truth of 26.00")
	}
}

func TestTruthIsSplitLikeALedger(t *testing.T) {
	t.Parallel()
	got, err := truthOf(sampledata.Truth{
		Base: sampledata.Base{Currency: "EUR", Won: 100, Revenue: 40},
		Effects: sampledata.Effects{
			Channel:  map[string]sampledata.Effect{"E-mail": {Direct: 25, Total: 90}, "Sales": {Direct: 30}},
			Campaign: map[string]sampledata.Effect{"c1": {Direct: 20.005}},
			Rep:      map[string]sampledata.RepEffect{"r1": {Direct: 70, Touches: 30, Behaviours: 45}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := truth{won: 10_000, splits: []split{
		{named: map[string]float64{"E-mail": 2500, "Sales": 3000}, unattributed: 4000}, // no touch is without a channel
		{named: map[string]float64{"c1": 2001}, none: 3999, unattributed: 4000},
		{named: map[string]float64{"r1": 3000}, none: 3000, unattributed: 4000},
		{named: map[string]float64{"r1": 7000}, none: -1000, unattributed: 4000},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if _, err := truthOf(sampledata.Truth{}); err == nil {
		t.Error("a truth without a currency is accepted")
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	effects := split{named: map[string]float64{"ads": 20, "mail": 0, "fair": 10}}
	for _, c := range []struct {
		name           string
		said           []interval
		covered, width float64
	}{
		{"ends belong to an interval", []interval{{"ads", 20, 30}, {"mail", -5, 0}, {"fair", 0, 5}}, 2 / 3.0, 20 / 3.0 / 100},
		{"a name without an interval is said to have no effect", []interval{{"ads", 10, 30}}, 2 / 3.0, 20 / 3.0 / 100},
		{"a name that truth does not know has none", []interval{{"ads", 10, 30}, {"other", 1, 2}}, 2 / 4.0, 21 / 4.0 / 100},
		{"without intervals there is nothing to hold against the truth", nil, math.NaN(), math.NaN()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			covered, width := coverage(c.said, effects, 100)
			if !near(covered, c.covered) || !near(width, c.width) {
				t.Errorf("covers %v at width %v, want %v at %v", covered, width, c.covered, c.width)
			}
		})
	}
}
