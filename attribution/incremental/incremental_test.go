package incremental_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"credence/attribution/incremental"
)

// paid is the share of the won money that each channel earned; "" what would have
// come anyway.
func paid(t *testing.T, m made) (*incremental.Fit, map[string]float64) {
	t.Helper()
	f, err := incremental.Learn(context.Background(), m.panel)
	if err != nil {
		t.Fatal(err)
	}
	if f.Reason != "" {
		t.Fatalf("nothing was learned: %s", f.Reason)
	}
	total, out := 0.0, map[string]float64{}
	for i := range m.won {
		d := &m.won[i]
		s := f.Explain(&d.Deal, d.Touches)
		sum := s.Base
		for k, x := range s.Touches {
			if x < 0 {
				t.Fatalf("touch %d of a deal earns %d", k, x)
			}
			sum += x
			out[d.Groups[k][0]] += d.Money * float64(x) / incremental.Scale
		}
		if sum != incremental.Scale || s.Base < 0 {
			t.Fatalf("shares of a deal sum to %d with base %d", sum, s.Base)
		}
		out[""] += d.Money * float64(s.Base) / incremental.Scale
		total += d.Money
	}
	for k := range out {
		out[k] /= total
	}
	return f, out
}

func TestPlantedEffectsAreFound(t *testing.T) {
	t.Parallel()
	fairs := law{intent: .55}
	fairs.create[fair], fairs.forward[sales] = .7, .5
	for seed := range uint64(2) {
		_, got := paid(t, makeWorld(seed, 300, fairs))
		if got["Fair"] < .12 || got["Sales"] < .05 {
			t.Errorf("world %d: fairs earn %.2f and meetings %.2f of the money: %v", seed, got["Fair"], got["Sales"], got)
		}
		if got["Fair"] < 2*got["Mail"] || got["Fair"] < 2*got["Retargeting"] {
			t.Errorf("world %d: only fairs make deals: %v", seed, got)
		}
	}
}

func TestWhereNothingWorksMostIsUnattributed(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]law{
		"interest makes deals":                        {intent: .55},
		"interest makes deals and moves, reps see it": {intent: .9, moves: .5, seen: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const n = 4
			mean := 0.0
			for seed := range uint64(n) {
				_, got := paid(t, makeWorld(100+seed, 200, l))
				t.Logf("world %d: %v", seed, got)
				mean += got[""] / n
			}
			if mean < .8 {
				t.Errorf("where no touch does anything %.2f of the money is left unattributed, want at least 0.80", mean)
			}
		})
	}
}

func TestSamePanelSameBits(t *testing.T) {
	t.Parallel()
	m := makeWorld(3, 200, law{create: [4]float64{.5, .2, 0, 0}, intent: .5})
	first, shares := paid(t, m)
	again, more := paid(t, m)
	if !reflect.DeepEqual(shares, more) || !reflect.DeepEqual(first.Intervals(m.won, 1), again.Intervals(m.won, 1)) {
		t.Error("two fits of the same panel differ")
	}
}

func TestIntervalsHoldTheCredit(t *testing.T) {
	t.Parallel()
	m := makeWorld(4, 200, law{create: [4]float64{.5, .2, 0, 0}, intent: .5})
	f, _ := paid(t, m)
	levels := f.Intervals(m.won, 1)
	if len(levels) != 1 || len(levels[0]) != len(cells) {
		t.Fatalf("intervals of %v, want one level of %d channels", levels, len(cells))
	}
	for _, i := range levels[0] {
		if i.Low > i.Money || i.Money > i.High || i.Touches == 0 {
			t.Errorf("%+v does not hold its credit", i)
		}
	}
}

func TestTooLittleDataSaysSo(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, want string }{{"no account", "0 deals were made"}, {"few accounts", "deals were made"}}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := makeWorld(9, 10*i, law{})
			f, err := incremental.Learn(context.Background(), m.panel)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(f.Reason, tt.want) {
				t.Errorf("the reason is %q, want one about %q", f.Reason, tt.want)
			}
			s := f.Explain(&incremental.Deal{Created: 50}, []incremental.Touch{{Day: 40}})
			if s.Base != incremental.Scale || s.Touches[0] != 0 {
				t.Errorf("shares without a fit are %+v, want all unattributed", s)
			}
			if f.Intervals(m.won, 3)[2] != nil {
				t.Error("intervals without a fit")
			}
		})
	}
}

func TestUnsortedPanelIsRefused(t *testing.T) {
	t.Parallel()
	p := &incremental.Panel{Days: 10, Cells: cells, Accounts: []incremental.Account{{Acts: []incremental.Act{{Day: 3}, {Day: 2}}}}}
	if _, err := incremental.Learn(context.Background(), p); err == nil {
		t.Error("acts out of order were taken")
	}
}
