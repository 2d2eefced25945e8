package attribution_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// stored is the ledger as the command line reads it.
func stored(tb testing.TB, w *warehouse.Warehouse) []attribution.LedgerRow {
	tb.Helper()
	var rows []attribution.LedgerRow
	err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
		return attribution.Ledger(context.Background(), q, "*", "", calendar.Period{}, func(r attribution.LedgerRow) error {
			rows = append(rows, r)
			return nil
		})
	})
	if err != nil {
		tb.Fatalf("read ledger: %v", err)
	}
	return rows
}

// fingerprint is a hash over every field of the ledger.
func fingerprint(rows []attribution.LedgerRow) string {
	h := sha256.New()
	for _, r := range rows {
		reporting := "null"
		if r.ReportingMinor != nil {
			reporting = fmt.Sprint(*r.ReportingMinor)
		}
		fmt.Fprintln(h, r.Model, r.DealID, r.TouchID, r.Position, r.Channel, r.CampaignID, r.PostID, r.RepID, r.Evidence, r.Bucket, //nolint:errcheck // a hash never fails
			math.Float64bits(*r.Weight), r.AmountMinor, r.Currency, reporting)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// seed and worlds are the random companies of the properties.
const (
	seed   = 20261122
	worlds = 1000
)

// many is how many companies a property takes that costs too much over all, which
// make worlds takes.
func many(inShort int) int {
	if os.Getenv("WORLDS") == "long" {
		return worlds
	}
	return inShort
}

// variants are settings that between them use every rule.
func variants() []attribution.Settings {
	var out []attribution.Settings
	for _, change := range []func(*attribution.Settings){
		func(*attribution.Settings) {},
		func(s *attribution.Settings) {
			s.Anchor, s.LookbackDays, s.Custom = attribution.AnchorClose, 30, attribution.Milestones{First: .2, Lead: .3, Creation: .4, Others: .1}
			s.LookbackByChannel = map[string]int{"Event": 120, "E-mail": 0, "Sales": 10, "Referral": 91}
		},
		func(s *attribution.Settings) {
			s.People, s.Path, s.Custom = attribution.PeopleDeal, attribution.PathExposure, attribution.Milestones{Lead: .5, Close: .5}
			s.SentMail = true
		},
		func(s *attribution.Settings) {
			s.People, s.Path, s.Custom = attribution.PeoplePrimary, attribution.PathFirst, attribution.Milestones{Others: 1}
			s.OpenedMail, s.LookbackByChannel = true, map[string]int{"Direct": 400}
		},
		func(s *attribution.Settings) {
			s.Path, s.HalfLifeDays, s.Custom = attribution.PathDropDirect, 0.5, attribution.Milestones{Creation: 1}
			s.Exclude = []string{"channel=Display", "kind=click & source=crm", "rep=r3"}
		},
		func(s *attribution.Settings) {
			s.Path, s.Touches, s.MarkovOrder = attribution.PathExposure, attribution.TouchesMarketing, 2
			s.Exclude = []string{"channel=E-mail & kind=reply", "source=web & channel=Paid Social", "campaign=c3-0", "post=p4-1"}
		},
		func(s *attribution.Settings) {
			s.Path, s.Touches, s.SentMail, s.OpenedMail = attribution.PathFirst, attribution.TouchesSales, true, true
		},
	} {
		s := attribution.Default()
		change(&s)
		out = append(out, s)
	}
	return out
}

func TestLedgerAgreesWithTheDefinitionsRowByRow(t *testing.T) {
	t.Parallel()
	w := open(t, 2)
	for n, s := range variants() {
		// All companies by the defaults, and others, a quarter as many, by each of
		// the other settings. The oracle works a company at a time: one deal at a
		// time is slow over many.
		seed, worlds := seed+uint64(n), worlds
		if n > 0 {
			worlds = many(worlds / 4)
		}
		companies := make([]world, worlds)
		for i := range companies {
			companies[i] = randomWorld(seed, i)
		}
		if n == 0 {
			assertEveryCase(t, companies)
		}
		manyWorlds(seed, worlds).fill(t, w)
		build(t, w, s)
		l := learnedFrom(t, w)
		var want []oracleCredit
		for _, c := range companies {
			want = append(want, c.ledger(s, l)...)
		}
		slices.SortFunc(want, func(a, b oracleCredit) int {
			return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.Deal, b.Deal), cmp.Compare(a.Position, b.Position))
		})
		got := stored(t, w)
		if len(got) != len(want) {
			t.Errorf("%s: ledger has %d rows, want %d", s.Line(), len(got), len(want))
		}
		for i := range min(len(got), len(want)) {
			if d := differ(got[i], want[i]); d != "" {
				t.Fatalf("%s: row %d: %s\n got %+v\nwant %+v", s.Line(), i, d, got[i], want[i])
			}
		}
		assertSums(t, s, companies, got)
		compareJourneys(t, w, s, companies)
		asked(t, w, func(q sqlfile.Querier) error {
			broken, err := attribution.Check(context.Background(), q)
			for _, b := range broken {
				t.Errorf("%s: %s", s.Line(), b)
			}
			return err
		})
	}
}

// assertEveryCase says which of the cases that the properties are about the
// random companies do not have.
func assertEveryCase(t *testing.T, companies []world) {
	t.Helper()
	seen := map[string]int{}
	count := func(name string, is bool) {
		if is {
			seen[name]++
		} else {
			seen[name] += 0
		}
	}
	s := attribution.Default()
	for _, c := range companies {
		touches := c.touches(s)
		for _, p := range c.Persons {
			count("people who opted out", p.OptedOut)
		}
		for _, d := range c.Deals {
			if d.Status != "won" {
				continue
			}
			count("deals without amount", d.Amount == nil)
			count("deals without rate", d.Amount != nil && d.Reporting == nil)
			if d.Amount == nil {
				continue
			}
			path, lead := c.journey(s, d, touches), c.leadAt(s, d)
			before := func(at time.Time) bool {
				return slices.ContainsFunc(path, func(x oracleTouch) bool { return !x.At.After(at) })
			}
			equal := false
			for i := range path {
				equal = equal || i > 0 && path[i].At.Equal(path[i-1].At)
			}
			count("deals of a currency with exponent 0", d.Currency == "JPY")
			count("deals of a currency with exponent 2", d.Currency == "EUR")
			count("deals of a currency with exponent 3", d.Currency == "KWD")
			count("negative deals", *d.Amount < 0)
			count("deals of zero", *d.Amount == 0)
			count("journeys with equal times", equal)
			count("journeys of no touch", len(path) == 0)
			count("journeys of one touch", len(path) == 1)
			count("journeys of five and more", len(path) >= 5)
			count("journeys all Direct", len(path) > 1 && !slices.ContainsFunc(path, func(x oracleTouch) bool { return x.Channel != "Direct" }))
			count("journeys with withheld touches", slices.ContainsFunc(path, func(x oracleTouch) bool { return x.Withheld }))
			count("journeys without a lead date", len(path) > 1 && lead.IsZero())
			count("journeys whose lead came before all touches", len(path) > 1 && !lead.IsZero() && !before(lead))
			count("journeys all after the deal's creation", len(path) > 1 && !before(d.CreatedAt))
		}
	}
	for name, n := range seen {
		if n == 0 {
			t.Errorf("the random companies have no %s", name)
		}
	}
}

// assertSums says where the credits of a deal are not its amount.
func assertSums(t *testing.T, s attribution.Settings, companies []world, rows []attribution.LedgerRow) {
	t.Helper()
	type key struct{ model, deal string }
	amounts, reporting := map[key]int64{}, map[key]int64{}
	for _, r := range rows {
		k := key{r.Model, r.DealID}
		amounts[k] += r.AmountMinor
		if r.ReportingMinor != nil {
			reporting[k] += *r.ReportingMinor
		}
	}
	for _, c := range companies {
		for _, d := range c.Deals {
			if d.Status != "won" || d.Amount == nil {
				continue
			}
			for _, m := range attribution.Models {
				if got, ok := amounts[key{m.ID, d.ID}]; !ok || got != *d.Amount {
					t.Fatalf("%s: under %s the credits of deal %s sum to %d, want %d", s.Line(), m.ID, d.ID, got, *d.Amount)
				}
				if got := reporting[key{m.ID, d.ID}]; d.Reporting != nil && got != *d.Reporting {
					t.Fatalf("%s: under %s the reporting credits of deal %s sum to %d, want %d", s.Line(), m.ID, d.ID, got, *d.Reporting)
				}
			}
		}
	}
}

// learnedFrom is what the learned models learned in the last build of w.
func learnedFrom(t *testing.T, w *warehouse.Warehouse) learned {
	t.Helper()
	l := learned{effects: map[string]int64{}, given: map[string]map[string][]int64{}}
	type row struct {
		id     string
		effect float64
		weight int64
		total  int64
	}
	ask := func(q sqlfile.Querier, text string, add func(row)) error {
		rows, err := sqlfile.All(context.Background(), q, sqlfile.Parse("learned", text), func(scan func(...any) error) (r row, err error) {
			err = scan(&r.id, &r.effect, &r.weight, &r.total)
			return r, err
		})
		for _, r := range rows {
			add(r)
		}
		return err
	}
	asked(t, w, func(q sqlfile.Querier) error {
		err := ask(q, "select id, effect, 0, 0 from learned_effect where level = 'channel'", func(r row) {
			l.effects[r.id] = int64(math.Round(1e12 * max(0, r.effect)))
		})
		if err != nil {
			return err
		}
		if _, ok := attribution.ModelByID("incremental"); !ok {
			return nil
		}
		given, last := map[string][]int64{}, map[string]int64{}
		l.given["incremental"] = given
		err = ask(q, `select d.deal_id, 0e0, j.w_incremental, j.t_incremental
			from journey_touch j join journey_deal d on d.deal_no = j.deal_no order by j.deal_no, j.position`, func(r row) {
			given[r.id], last[r.id] = append(given[r.id], r.weight), r.total
		})
		for id, weights := range given {
			base := last[id]
			for _, x := range weights {
				base -= x
			}
			given[id] = append(weights, base)
		}
		return err
	})
	return l
}

// compareJourneys compares every touch, and every step and milestone of the
// journeys of all deals, open and lost ones too.
func compareJourneys(t *testing.T, w *warehouse.Warehouse, s attribution.Settings, companies []world) {
	t.Helper()
	var want []string
	for _, c := range companies {
		touches := c.touches(s)
		for _, x := range touches {
			want = append(want, fmt.Sprint("touch ", x.ID, " ", x.Evidence, " ", x.Reason == "", " ", x.Withheld, " ", x.Records))
		}
		for _, d := range c.Deals {
			path, lead, creation := c.journey(s, d, touches), 0, 0
			leadAt := c.leadAt(s, d)
			for _, x := range path {
				if !leadAt.IsZero() && !x.At.After(leadAt) {
					lead++
				}
				if !x.At.After(d.CreatedAt) {
					creation++
				}
			}
			for i, x := range path {
				want = append(want, fmt.Sprint("step ", d.ID, " ", x.ID, " ", i+1, " ", len(path), " ", i == 0, " ", i+1 == lead, " ", i+1 == creation,
					" ", d.Status == "won" && i+1 == len(path)))
			}
		}
	}
	var got []string
	asked(t, w, func(q sqlfile.Querier) error {
		for _, text := range []string{
			`select concat_ws(' ', 'touch', touch_id, evidence, earns, withheld, records) from touch where evidence <> 'D' or kind <> 'post'`,
			`select concat_ws(' ', 'step', deal_id, touch_id, position, touches, is_first, is_lead, is_creation, is_close) from journey`,
		} {
			lines, err := sqlfile.All(context.Background(), q, sqlfile.Parse("lines", text), func(scan func(...any) error) (string, error) {
				var line string
				err := scan(&line)
				return line, err
			})
			if err != nil {
				return err
			}
			got = append(got, lines...)
		}
		return nil
	})
	slices.Sort(got)
	slices.Sort(want)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%s: line %d of %d and %d:\n got %s\nwant %s", s.Line(), i, len(got), len(want), got[min(i, len(got)-1)], want[min(i, len(want)-1)])
		}
	}
}

// differ names the first field in which a stored row is not the wanted one.
func differ(g attribution.LedgerRow, w oracleCredit) string {
	if alike(g, w) {
		return ""
	}
	for _, f := range []struct{ name, got, want string }{
		{"model", g.Model, w.Model},
		{"deal", g.DealID, w.Deal},
		{"touch", g.TouchID, w.Touch},
		{"channel", g.Channel, w.Channel},
		{"campaign", g.CampaignID, w.Campaign},
		{"post", g.PostID, w.Post},
		{"rep", g.RepID, w.Rep},
		{"evidence", g.Evidence, w.Evidence},
		{"bucket", g.Bucket, w.Bucket},
		{"position", fmt.Sprint(g.Position), fmt.Sprint(w.Position)},
		{"amount", fmt.Sprint(g.AmountMinor), fmt.Sprint(w.Amount)},
	} {
		if f.got != f.want {
			return fmt.Sprintf("%s is %q, want %q", f.name, f.got, f.want)
		}
	}
	return fmt.Sprintf("the weight is %v, want %v, or the reporting amount differs", *g.Weight, w.Weight)
}

func alike(g attribution.LedgerRow, w oracleCredit) bool {
	return g.Model == w.Model && g.DealID == w.Deal && g.TouchID == w.Touch && g.Channel == w.Channel && g.CampaignID == w.Campaign &&
		g.PostID == w.Post && g.RepID == w.Rep && g.Evidence == w.Evidence && g.Bucket == w.Bucket && g.Position == w.Position &&
		g.AmountMinor == w.Amount && math.Abs(*g.Weight-w.Weight) <= 1e-9 &&
		(g.ReportingMinor == nil) == (w.Reporting == nil) && (g.ReportingMinor == nil || *g.ReportingMinor == *w.Reporting)
}

func TestLedgerIsTheSameForAnyOrderBatchAndThreadCount(t *testing.T) {
	t.Parallel()
	random := manyWorlds(7, worlds)
	var first string
	for _, run := range []struct{ threads, batch int }{{1, 7000}, {2, 500}, {4, 20}} {
		w := open(t, run.threads)
		r := rand.New(rand.NewPCG(uint64(run.threads), 1))
		shuffle(r, random.Acts)
		shuffle(r, random.ActPersons)
		shuffle(r, random.Deals)
		shuffle(r, random.DealPersons)
		shuffle(r, random.Persons)
		random.fillBy(t, w, run.batch)
		build(t, w, attribution.Default())
		if first == "" { // building again changes nothing either
			first = fingerprint(stored(t, w))
			build(t, w, attribution.Default())
		}
		if fingerprint(stored(t, w)) != first {
			t.Fatalf("with %d threads and batches of %d rows the ledger differs", run.threads, run.batch)
		}
	}
}

func shuffle[T any](r *rand.Rand, items []T) {
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
}

// ofDeal are the models for which a deal's credits depend on that deal alone;
// the others learn from all deals.
func ofDeal(rows []attribution.LedgerRow) []attribution.LedgerRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r attribution.LedgerRow) bool { return r.Model == "markov" || r.Model == "incremental" })
}

//nolint:tparallel // the parts share one warehouse, one after the other
func TestWhatMustNotMoveMoneyDoesNot(t *testing.T) {
	t.Parallel()
	base := manyWorlds(99, worlds)
	for i, d := range base.Deals {
		if d.Status != "open" && d.ClosedAt.IsZero() { // such a deal is closed now, and nothing comes after
			base.Deals[i].ClosedAt = d.CreatedAt
		}
	}
	w := open(t, 2)
	base.fill(t, w)
	build(t, w, attribution.Default())
	before := stored(t, w)

	t.Run("a touch after the close and another name of a campaign change nothing", func(t *testing.T) {
		changed := base
		changed.Acts, changed.Campaigns = slices.Clone(base.Acts), slices.Clone(base.Campaigns)
		for i := range changed.Campaigns {
			changed.Campaigns[i].Name = "Renamed"
		}
		// A deal still open may gain the touch, and who learns from it learns another thing.
		open := map[string]bool{}
		for _, d := range base.Deals {
			open[d.Account] = open[d.Account] || d.Status == "open" || d.ClosedAt.After(now)
		}
		for i, d := range base.Deals {
			if d.Account != "" && !open[d.Account] {
				changed.Acts = append(changed.Acts, act{
					Source: "web", Stream: "visits", ID: fmt.Sprintf("late%d", i), Priority: 4, Kind: "visit",
					At: now.Add(-time.Minute), Account: d.Account, Campaign: "", ChannelHint: "Direct", Click: fmt.Sprintf("late%d", i),
				})
			}
		}
		changed.fill(t, w)
		build(t, w, attribution.Default())
		if fingerprint(stored(t, w)) != fingerprint(before) {
			t.Error("the ledger changed")
		}
	})
	t.Run("removing a deal changes only that deal", func(t *testing.T) {
		changed := base
		// One deal of every company.
		gone := func(id string) bool { return strings.HasSuffix(id, "-0") }
		changed.Deals = slices.DeleteFunc(slices.Clone(base.Deals), func(d deal) bool { return gone(d.ID) })
		changed.fill(t, w)
		build(t, w, attribution.Default())
		want := slices.DeleteFunc(slices.Clone(before), func(r attribution.LedgerRow) bool { return gone(r.DealID) })
		after := stored(t, w)
		if fingerprint(ofDeal(after)) != fingerprint(ofDeal(want)) {
			t.Error("another deal changed")
		}
		assertSums(t, attribution.Default(), []world{changed}, after)
	})
	t.Run("doubling amounts doubles each credit to within two minor units", func(t *testing.T) {
		changed := base
		changed.Deals = slices.Clone(base.Deals)
		for i := range changed.Deals {
			if v := changed.Deals[i].Amount; v != nil {
				double := 2 * *v
				changed.Deals[i].Amount = &double
			}
		}
		changed.fill(t, w)
		build(t, w, attribution.Default())
		after := stored(t, w)
		for i := range before {
			most := int64(2)
			if before[i].Bucket == "withheld" { // the sum of several touches
				most *= int64(before[i].Position)
			}
			if off := after[i].AmountMinor - 2*before[i].AmountMinor; off < -most || off > most {
				t.Fatalf("row %+v became %d", before[i], after[i].AmountMinor)
			}
			if after[i].TouchID != before[i].TouchID || *after[i].Weight != *before[i].Weight {
				t.Fatalf("row %+v became %+v", before[i], after[i])
			}
		}
	})
}
