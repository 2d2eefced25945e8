package attribution_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse/sqlfile"
)

// fairs is a company of n accounts to whom fairs happen, which make and win deals,
// and direct visits, which do neither. Its money is whole units of one currency.
func fairs(n int, currency string) world {
	unit := int64(math.Pow10(map[string]int{"JPY": 0, "EUR": 2, "KWD": 3}[currency]))
	dice := rand.New(rand.NewPCG(2026, uint64(n)))
	var w world
	from := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	for i := range n {
		account, buyer := fmt.Sprint("a", i), fmt.Sprint("n", i)
		w.Persons = append(w.Persons, person{ID: buyer, Account: account})
		stock, busy := 0.0, 0
		for day := range 600 {
			stock *= math.Exp2(-1. / 28)
			at := from.AddDate(0, 0, day)
			if busy--; busy < 0 && dice.Float64() < .004*math.Exp(1.1*stock) {
				busy = 20 + dice.IntN(20)
				amount, status := unit*int64(1000+dice.IntN(9000)), "lost"
				if dice.Float64() < .1+.5*stock {
					status = "won"
				}
				w.Deals = append(w.Deals, deal{
					ID: fmt.Sprintf("D%d-%d", i, day), Account: account, Owner: "r1", Status: status,
					Amount: &amount, Reporting: &amount, Currency: currency, CreatedAt: at.Add(2 * time.Hour), ClosedAt: at.AddDate(0, 0, busy),
				})
			}
			for _, channel := range []string{"Event", "Direct"} {
				if dice.Float64() < .02 {
					w.Acts = append(w.Acts, act{
						Source: "web", Stream: "visits", ID: fmt.Sprintf("v%d-%d-%s", i, day, channel), Priority: 2, Kind: "visit", At: at,
						Person: buyer, Account: account, ChannelHint: channel,
					})
					if channel == "Event" {
						stock++
					}
				}
			}
		}
	}
	return w
}

func TestIncrementalPaysWhatWorksAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	company := fairs(120, "EUR")
	var first string
	for threads := range 2 {
		w := open(t, threads+1)
		shuffle(rand.New(rand.NewPCG(1, uint64(threads))), company.Acts)
		company.fillBy(t, w, 400)
		build(t, w, attribution.Default())
		rows, sums := stored(t, w), map[string]int64{}
		total := int64(0)
		for _, r := range rows {
			if r.Model == "incremental" {
				sums[r.Channel] += r.AmountMinor
				total += r.AmountMinor
			}
		}
		if share := float64(sums["Event"]) / float64(total); share < .15 || share > .9 {
			t.Errorf("fairs earn %.2f of the money, want most of what they made and not all: %v", share, sums)
		}
		if sums["Direct"] != 0 {
			t.Errorf("direct visits earn %d, want nothing", sums["Direct"])
		}
		if f := fingerprint(rows); first == "" {
			first = f
		} else if f != first {
			t.Error("in another order, with another number of threads, the ledger differs")
		}
		asked(t, w, func(q sqlfile.Querier) error {
			broken, err := attribution.Check(context.Background(), q)
			for _, b := range broken {
				t.Error(b)
			}
			var reason string
			var won, low, credit, high int64
			if ferr := q.QueryRowContext(context.Background(), "select reason, won from incremental_fit").Scan(&reason, &won); ferr != nil || reason != "" || won == 0 {
				t.Errorf("the fit says %q of %d won deals (%v)", reason, won, ferr)
			}
			row := q.QueryRowContext(context.Background(), "select credit_low, credit_minor, credit_high from incremental_effect where level = 'channel' and id = 'Event'")
			if rerr := row.Scan(&low, &credit, &high); rerr != nil || low > credit || credit > high || low <= 0 {
				t.Errorf("fairs earned %d, between %d and %d (%v)", credit, low, high, rerr)
			}
			if d := credit - sums["Event"]; d < -10 || d > 10 {
				t.Errorf("the effect of fairs is %d, the ledger says %d", credit, sums["Event"])
			}
			return err
		})
		if threads == 0 {
			explainsIncremental(t, w, company)
		}
	}
}

func TestIncrementalLearnsTheSameInEveryCurrency(t *testing.T) {
	t.Parallel()
	type share struct {
		deal, touch string
		weight      float64
	}
	var want []share
	for _, currency := range []string{"EUR", "JPY", "KWD"} {
		w := open(t, 2)
		run(t, w, "update reporting set currency = '"+currency+"'")
		fairs(60, currency).fill(t, w)
		build(t, w, attribution.Default())
		var got []share
		earned := false
		for _, r := range stored(t, w) {
			if r.Model == "incremental" {
				got = append(got, share{r.DealID, r.TouchID, *r.Weight})
				earned = earned || r.TouchID != ""
			}
		}
		if want == nil {
			want = got
		}
		if !earned || !slices.Equal(got, want) {
			t.Errorf("in %s %d rows have other weights than the %d in EUR, or none earned", currency, len(got), len(want))
		}
	}
}

func TestIncrementalOfTooLittleDataLeavesAll(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	fairs(10, "EUR").fill(t, w)
	build(t, w, attribution.Default())
	for _, r := range stored(t, w) {
		if r.Model == "incremental" && r.TouchID != "" {
			t.Fatalf("a touch earns %d where nothing can be learned", r.AmountMinor)
		}
	}
	asked(t, w, func(q sqlfile.Querier) error {
		var reason string
		err := q.QueryRowContext(context.Background(), "select reason from incremental_fit").Scan(&reason)
		if reason == "" {
			t.Error("nothing says why")
		}
		return err
	})
}
