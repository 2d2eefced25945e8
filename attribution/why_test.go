package attribution_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

func journeyOf(t *testing.T, w *warehouse.Warehouse, id string) (j attribution.DealJourney) {
	t.Helper()
	asked(t, w, func(q sqlfile.Querier) (err error) {
		j, err = attribution.Journey(context.Background(), q, "*", id)
		return err
	})
	return j
}

// whySaysEachStepOfAWeight is part of TestDealsAreWorkedByHand.
func whySaysEachStepOfAWeight(t *testing.T, w *warehouse.Warehouse, deals []worked, set []int) {
	t.Helper()
	tests := []struct {
		deal, position int
		model          string
		want           string
	}{
		{0, 1, "first", "Touch 1 is the first touch: it weighs 1, all others 0."},
		{0, 2, "first", "Touch 1 is the first touch and weighs 1; touch 2 weighs 0."},
		{0, 7, "last_non_direct", "Touch 6 is the last touch that is not Direct and weighs 1; touch 7 weighs 0."},
		{5, 1, "last_non_direct", "Touch 1 is the last touch, and all are Direct: it weighs 1, all others 0."},
		{0, 4, "linear", "Each of the 7 touches weighs 1/7 = 0.142857143."},
		{0, 4, "position", "Touch 4 is one of the 5 touches between the first and the last: 0.2 / 5 = 0.04."},
		{
			0, 3, "w_shaped", "Milestones: FT 0.3 on touch 1, LC 0.3 on touch 2, OC 0.3 on touch 5, 0.1 for the others. " +
				"The others are 4 touches: 0.1 / 4 = 0.025 each. Touch 3 weighs 0.025.",
		},
		{
			2, 2, "w_shaped", "Milestones: FT 0.3 on touch 1, LC 0.3 missing (nobody of the account is known to have become a lead), OC 0.3 on touch 2, 0.1 for the others. " +
				"Without what is missing 0.7 is left of 1. The others are 1 touch: 0.1 / 1 = 0.1 each. Touch 2 weighs 0.3. " +
				"The weights of all touches sum to 0.7: 0.3 / 0.7 = 0.428571429.",
		},
		{
			1, 2, "custom", "Milestones: FT 0.2 on touch 1, LC 0.3 missing (nobody of the account is known to have become a lead), OC 0.4 on touch 2, 0.1 for the others. " +
				"Without what is missing 0.7 is left of 1. There are no others: their 0.1 is spread over the 2 milestone touches, 0.05 each. Touch 2 weighs 0.4 + 0.05 = 0.45. " +
				"The weights of all touches sum to 0.7: 0.45 / 0.7 = 0.642857143.",
		},
		{
			3, 1, "u_shaped", "Milestones: FT 0.4 on touch 1, LC 0.4 on touch 1, 0.2 for the others. The others are 1 touch: 0.2 / 1 = 0.2 each. Touch 1 weighs 0.4 + 0.4 = 0.8.",
		},
		{0, 3, "custom", "Milestones: FT 0.5 on touch 1, LC 0.5 on touch 2, 0 for the others. Touch 3 is none of the milestones and weighs 0."},
		{
			4, 2, "j_shaped", "Milestones: FT 0.2 on touch 1, OC 0.6 missing (no touch lies at or before 26 Jan 2026 00:00 UTC, when the deal was created), 0.2 for the others. " +
				"Without what is missing 0.4 is left of 1. The others are 1 touch: 0.2 / 1 = 0.2 each. Touch 2 weighs 0.2. The weights of all touches sum to 0.4: 0.2 / 0.4 = 0.5.",
		},
		{
			6, 2, "time_decay", "Touch 2 lies Δt = 14 days before touch 4, the last one. With a half-life of 7 days it weighs 2^(−14 / 7) = 0.25. " +
				"The weights of all touches sum to 1.875: 0.25 / 1.875 = 0.133333333.",
		},
		{0, 4, "shapley", "The path has 6 channels: each gets 1/6 of the deal. Event stands on 2 touches: 1 / (6 × 2) = 0.083333333 each."},
		{
			// Of the six journeys of its settings five begin with Event, from which E-mail
			// wins 4 times of 6 and Event follows once: without Direct 5/6 · 4/5 are won.
			6, 3, "markov", "Without Direct the chain of all closed journeys (order 1) wins 33.3333 % less often: this removal effect, 0.333333333, is the weight of each of its touches. " +
				"The weights of all touches sum to 2.333333333: 0.333333333 / 2.333333333 = 0.142857143.",
		},
	}
	for _, tt := range tests {
		if !slices.Contains(set, tt.deal) {
			continue
		}
		j := journeyOf(t, w, fmt.Sprint("d", tt.deal))
		why, ok := j.Why(tt.model, tt.position)
		if got := strings.Join(why.Steps, " "); !ok || got != tt.want {
			t.Errorf("%s: touch %d under %s\n got %s\nwant %s", deals[tt.deal].name, tt.position, tt.model, got, tt.want)
		}
	}
}

// TestEveryCreditCanBeWorkedFromItsWords takes the share that the words end with
// and the rounded running sums, and works each credit of random deals again under
// every model.
func TestEveryCreditCanBeWorkedFromItsWords(t *testing.T) {
	t.Parallel()
	random := manyWorlds(11, 40)
	w := open(t, 2)
	random.fill(t, w)
	s := attribution.Default()
	s.Path, s.Custom = attribution.PathExposure, attribution.Milestones{First: .2, Lead: .3, Creation: .4, Others: .1}
	build(t, w, s)
	// "… = 0.25.", "… = 0.1 each.", "… weighs 0."; the effect of a channel is named earlier.
	last := regexp.MustCompile(`(?:= |weighs )([0-9.]*[0-9])(?: each|, all others 0)?\.$|effect, ([0-9.]*[0-9]), is the weight of each of its touches\.$`)
	credits := 0
	for n, d := range random.Deals {
		if d.Status != "won" || d.Amount == nil || n%2 > 0 {
			continue
		}
		j := journeyOf(t, w, d.ID)
		for at, m := range attribution.Models {
			for i, x := range j.Eligible {
				why, ok := j.Why(m.ID, i+1)
				if !ok || len(why.Steps) == 0 {
					t.Fatalf("%s: touch %d under %s: %q", d.ID, i+1, m.ID, why.Steps)
				}
				said := last.FindStringSubmatch(why.Steps[len(why.Steps)-1])
				if said == nil || math.Abs(number(t, said[1]+said[2])-x.Credits[at].Weight) > 1e-9 {
					t.Errorf("%s: touch %d under %s weighs %v, the words say %q", d.ID, i+1, m.ID, x.Credits[at].Weight, why.Steps)
				}
				if off := number(t, why.Before) - number(t, why.PaidBefore); off > 0.51 || off < -0.51 {
					t.Errorf("%s: touch %d under %s: %s is not %s rounded", d.ID, i+1, m.ID, why.PaidBefore, why.Before)
				}
				before, err := money.ParseMinor(why.PaidBefore, why.Currency)
				if err != nil {
					t.Fatal(err)
				}
				after, err := money.ParseMinor(why.PaidAfter, why.Currency)
				if err != nil {
					t.Fatal(err)
				}
				if after-before != x.Credits[at].AmountMinor {
					t.Errorf("%s: touch %d under %s: %s − %s is not %d", d.ID, i+1, m.ID, why.PaidAfter, why.PaidBefore, x.Credits[at].AmountMinor)
				}
				credits++
			}
		}
	}
	if credits < 30*len(attribution.Models) {
		t.Errorf("only %d credits", credits)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	f, _ := r.Float64()
	return f
}

// TestWhatEarnsNothingSaysWhy is one deal, created on 1 June and won on 1 July
// 2026, and acts that earn nothing, each for another reason.
func TestWhatEarnsNothingSaysWhy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*attribution.Settings)
		want   []string // id: words
	}{
		{
			"by default", func(*attribution.Settings) {},
			[]string{
				"engagements:web:event: 30 days too early: the window opens 90 days before the deal's creation, on 3 Mar 2026 12:00 UTC",
				"engagements:web:open: merely opened: machines open mail too (setting opened_mail)",
				"engagements:web:open-bot: a machine: scanner or crawler",
				"activities:crm:sent: merely sent: no reply, no click (setting sent_mail)",
				"activities:crm:sent-bounced: it bounced: nobody received it",
				"activities:crm:sent-bulk: a machine wrote it, or it went to many at once",
				"activities:crm:internal: among ourselves: nobody of the account took part",
			},
		},
		{
			"mail that was sent earns", func(s *attribution.Settings) { s.SentMail = true },
			[]string{"activities:crm:sent-no-rep: sent, but not by a rep of ours to a person we know"},
		},
		{
			"events look back further", func(s *attribution.Settings) { s.LookbackByChannel = map[string]int{"Event": 120} },
			[]string{"engagements:web:event-late: 1 day too early: the window of Event opens 120 days before the deal's creation, on 1 Feb 2026 12:00 UTC"},
		},
		{
			"sales alone", func(s *attribution.Settings) { s.Touches = attribution.TouchesSales },
			[]string{"engagements:web:reaction: a marketing touch: the setting touches lets only those of sales earn"},
		},
		{
			"a rule", func(s *attribution.Settings) { s.Exclude = []string{"channel=Display & kind=click"} },
			[]string{"engagements:web:click: left out by the rule channel=Display & kind=click"},
		},
		{
			"neighbours are one", func(s *attribution.Settings) { s.Path = attribution.PathExposure },
			[]string{"engagements:web:click: same channel, campaign, post and rep as touch 1 just before it (setting path: exposure)"},
		},
		{
			"only people with a role", func(s *attribution.Settings) { s.People = attribution.PeopleDeal },
			[]string{"engagements:web:reaction: nobody with a role on the deal took part: the setting people counts nobody else"},
		},
		{
			"only the primary contact", func(s *attribution.Settings) { s.People = attribution.PeoplePrimary },
			[]string{"engagements:web:reaction: the primary contact took no part: the setting people counts nobody else"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t, 1)
			judgedWorld().fill(t, w)
			s := attribution.Default()
			tt.change(&s)
			build(t, w, s)
			j := journeyOf(t, w, "d1")
			var got []string
			for _, x := range j.Ineligible {
				got = append(got, x.TouchID+": "+j.Explain(x))
			}
			for _, want := range tt.want {
				if !slices.Contains(got, want) {
					t.Errorf("it does not say\n%s\nbut\n%s", want, strings.Join(got, "\n"))
				}
			}
		})
	}
}

func TestTimesInSentencesAreInTheReadersZone(t *testing.T) {
	t.Parallel()
	w := open(t, 1)
	judgedWorld().fill(t, w)
	build(t, w, attribution.Default())
	j := journeyOf(t, w, "d1")
	j.Zone = time.FixedZone("UTC+2", 2*3600)
	for _, x := range j.Ineligible {
		if x.Reason == "before the window" && !strings.HasSuffix(j.Explain(x), "3 Mar 2026 14:00") {
			t.Errorf("it says %s", j.Explain(x))
		}
	}
}

// TestMergedRowsAreListedWithTheirTouch: a click and its landing visit are one
// touch, which speaks by the source named first.
func TestMergedRowsAreListedWithTheirTouch(t *testing.T) {
	t.Parallel()
	j := journeyOf(t, builtCompany(t), "D1")
	first := j.Eligible[0]
	if len(first.Merged) != 1 || first.Merged[0].Source != "web" || first.Merged[0].SourceID != "v1" || first.SameAct() != "by its click id" || len(j.Eligible[1].Merged) != 0 {
		t.Errorf("touch 1 merged %+v %s", first.Merged, first.SameAct())
	}
}
