package attribution_test

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// The sentences that incremental explains a share with.
var (
	leftOf     = regexp.MustCompile(`([0-9.]*[0-9]) × 2\^\(−(\d+) / 28\)(?: / (\d+))? = ([0-9.]*[0-9]) is left`)
	madeOf     = regexp.MustCompile(`e\^−([0-9.]*[0-9]) = ([0-9.]*[0-9]) of what it was`)
	moveOf     = regexp.MustCompile(`σ\((-?[0-9.]*[0-9]) − ([0-9.]*[0-9])\) / σ\((-?[0-9.]*[0-9])\) = ([0-9.]*[0-9])`)
	aloneOf    = regexp.MustCompile(`it loses 1 − ([0-9.]*[0-9]) = ([0-9.]*[0-9])\. What it loses without each touch alone sums to ([0-9.]*[0-9]) over all touches\.$`)
	withoutAny = regexp.MustCompile(`p0/p = ([0-9.]*[0-9]) of what it was: that part of the amount is unattributed`)
	oneReason  = regexp.MustCompile(`^(Being made: nothing, for [^.]*\. Moving on: nothing, for [^.]*\.|No effect of Event .*|Direct is how .*|It followed .*) ?.*[Tt]ouch \d+ weighs 0\.$`)
)

// workIncremental works the credits of a deal again from nothing but the words,
// and answers how many touches earned something.
func workIncremental(t *testing.T, j attribution.DealJourney) (earned int) {
	t.Helper()
	at := slices.IndexFunc(attribution.Models, func(m attribution.Model) bool { return m.ID == "incremental" })
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-8 {
			t.Errorf("%s: %s is %v, the words before it say %v", j.DealID, what, got, want)
		}
	}
	sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	rest, losses, sum, amount := 1.0, 0.0, 0.0, float64(*j.AmountMinor)
	lost := make([]float64, len(j.Eligible))
	for i := range j.Eligible {
		why, ok := j.Why("incremental", i+1)
		words := strings.Join(why.Steps, " ")
		if !ok || len(why.Steps) == 0 {
			t.Fatalf("%s: nothing explains touch %d", j.DealID, i+1)
		}
		if why.WeightE12 == 0 {
			if !oneReason.MatchString(strings.TrimSuffix(words, " No touch of this deal weighs anything: all of it is unattributed, and this touch weighs 0.")) {
				t.Errorf("%s: touch %d earned nothing because %q", j.DealID, i+1, words)
			}
			continue
		}
		earned++
		kept := 1.0
		for _, m := range leftOf.FindAllStringSubmatch(words, -1) {
			times := 1.0
			if m[3] != "" {
				times = number(t, m[3])
			}
			near("what is left", number(t, m[4]), number(t, m[1])*math.Exp2(-number(t, m[2])/28)/times)
		}
		if m := madeOf.FindStringSubmatch(words); m != nil {
			near("the chance of being made", number(t, m[2]), math.Exp(-number(t, m[1])))
			kept *= number(t, m[2])
		}
		for _, m := range moveOf.FindAllStringSubmatch(words, -1) {
			near("a move", number(t, m[4]), sigma(number(t, m[1])-number(t, m[2]))/sigma(number(t, m[3])))
			kept *= number(t, m[4])
		}
		alone, none := aloneOf.FindStringSubmatch(why.Steps[2]), withoutAny.FindStringSubmatch(why.Steps[3])
		if alone == nil || none == nil {
			t.Fatalf("%s: touch %d is explained by %q", j.DealID, i+1, why.Steps)
		}
		near("p_i/p", number(t, alone[1]), kept)
		lost[i], sum, rest = number(t, alone[2]), number(t, alone[3]), number(t, none[1])
		losses += lost[i]
	}
	if earned == 0 {
		return 0
	}
	near("the sum of losses", sum, losses)
	if off := float64(j.Residues[at].UnattributedMinor) - amount*rest; off < -.6 || off > .6 {
		t.Errorf("%s: %d is unattributed, R·p0/p is %v", j.DealID, j.Residues[at].UnattributedMinor, amount*rest)
	}
	paid, running := int64(0), 0.0
	for i, x := range j.Eligible {
		running += amount * (1 - rest) * lost[i] / sum
		paid += x.Credits[at].AmountMinor
		if off := float64(paid) - running; off < -.6 || off > .6 {
			t.Errorf("%s: touches to %d have %d, by hand it is %v", j.DealID, i+1, paid, running)
		}
	}
	return earned
}

// explainsIncremental works every deal of w again from its words, and holds
// what-ifs of all deals, of one and of a period against the stored ledger.
func explainsIncremental(t *testing.T, w *warehouse.Warehouse, company world) {
	t.Helper()
	earned := 0
	var deals []string
	for _, d := range company.Deals {
		if d.Status == "won" && len(deals) < 12 {
			deals = append(deals, d.ID)
			earned += workIncremental(t, journeyOf(t, w, d.ID))
		}
	}
	if earned < 8 {
		t.Errorf("only %d touches of %d deals earned", earned, len(deals))
	}
	half := calendar.Period{From: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	same := attribution.Trial{Settings: attribution.Default(), NoPosts: true, Models: []string{"incremental"}}
	short := same
	short.Settings.LookbackDays = 20
	for name, trial := range map[string]attribution.Trial{"the stored settings": same, "a shorter window": short} {
		all := ledgerUnder(w, trial)
		if name == "the stored settings" {
			if want := ledgerUnder(w, attribution.Trial{}); !reflect.DeepEqual(all, want) {
				t.Errorf("under the stored settings a what-if has %d rows, the ledger %d", len(all), len(want))
			}
		}
		one := trial
		one.DealID = deals[1]
		if got, want := ledgerUnder(w, one), slices.DeleteFunc(slices.Clone(all), func(r string) bool { return !strings.HasPrefix(r, deals[1]+" ") }); len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s, one deal: %q, of all deals: %q", name, got, want)
		}
		part := trial
		part.Period = half
		got := ledgerUnder(w, part)
		if len(got) == 0 || len(got) >= len(all) {
			t.Errorf("%s, half a year: %d of %d rows", name, len(got), len(all))
		}
		for _, r := range got {
			if !slices.Contains(all, r) {
				t.Fatalf("%s, half a year: %q is not in the ledger of all deals", name, r)
			}
		}
	}
}

// ledgerUnder is the rows of incremental as text, those of the stored ledger when
// trial has no settings.
func ledgerUnder(w *warehouse.Warehouse, trial attribution.Trial) (out []string) {
	ctx := context.Background()
	read := func(q *warehouse.Snapshot) error {
		return attribution.Ledger(ctx, q, "*", "incremental", calendar.Period{}, func(r attribution.LedgerRow) error {
			out = append(out, fmt.Sprint(r.DealID, " ", r.TouchID, " ", r.Bucket, " ", r.AmountMinor, " ", *r.Weight))
			return nil
		})
	}
	err := w.Read(ctx, func(q *warehouse.Snapshot) error {
		if trial.Settings.Model == "" {
			return read(q)
		}
		return attribution.WhatIf(ctx, q, trial, read)
	})
	if err != nil {
		return []string{err.Error()}
	}
	slices.Sort(out)
	return out
}
