package attribution_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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

// variants are settings that between them use every rule.
func variants() []attribution.Settings {
	base := attribution.Default()
	change := func(f func(*attribution.Settings)) attribution.Settings {
		s := base
		f(&s)
		return s
	}
	return []attribution.Settings{
		base,
		change(func(s *attribution.Settings) {
			s.Anchor, s.LookbackDays, s.Custom = attribution.AnchorClose, 30, attribution.Milestones{First: .2, Lead: .3, Creation: .4, Others: .1}
		}),
		change(func(s *attribution.Settings) {
			s.People, s.Path, s.Custom = attribution.PeopleDeal, attribution.PathExposure, attribution.Milestones{Lead: .5, Close: .5}
		}),
		change(func(s *attribution.Settings) {
			s.People, s.Path, s.Custom = attribution.PeoplePrimary, attribution.PathFirst, attribution.Milestones{Others: 1}
		}),
		change(func(s *attribution.Settings) { s.Path, s.HalfLifeDays = attribution.PathDropDirect, 0.5 }),
		change(func(s *attribution.Settings) {
			s.Path, s.Touches = attribution.PathExposure, attribution.TouchesMarketing
		}),
		change(func(s *attribution.Settings) { s.Path, s.Touches = attribution.PathFirst, attribution.TouchesSales }),
		change(func(s *attribution.Settings) {
			s.SentMail, s.LookbackByChannel = true, map[string]int{"Sales": 150, "Event": 0, "Referral": 91}
		}),
		change(func(s *attribution.Settings) {
			s.OpenedMail, s.Anchor, s.Exclude = true, attribution.AnchorClose, []string{"channel=Direct", "rep=r1 & kind=click", "source=mail & channel=Paid Social"}
		}),
		change(func(s *attribution.Settings) {
			s.SentMail, s.OpenedMail, s.Path, s.Exclude = true, true, attribution.PathDropDirect, []string{"kind=form", "campaign=c3-0", "post=p4-1"}
		}),
	}
}

func TestLedgerAgreesWithTheDefinitionsRowByRow(t *testing.T) {
	t.Parallel()
	const worlds = 400
	random := manyWorlds(20261122, worlds)
	// One deal at a time is slow over many: the oracle works a company at a time.
	companies := make([]world, worlds)
	for i := range companies {
		companies[i] = randomWorld(20261122, i)
	}
	w := open(t, 2)
	random.fill(t, w)
	for _, s := range variants() {
		build(t, w, s)
		effects := map[string]float64{}
		for _, e := range learnedOf(t, w, "*", "channel").Effects {
			effects[e.ID] = e.Effect
		}
		var want []oracleCredit
		for _, c := range companies {
			want = append(want, c.ledger(s, effects)...)
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
		compareJourneys(t, w, s, companies)
		if err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
			broken, err := attribution.Check(context.Background(), q)
			for _, b := range broken {
				t.Errorf("%s: %s", s.Line(), b)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
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
	if (g.ReportingMinor == nil) != (w.Reporting == nil) || g.ReportingMinor != nil && *g.ReportingMinor != *w.Reporting {
		return "reporting amount differs"
	}
	if math.Abs(*g.Weight-w.Weight) > 1e-9 {
		return fmt.Sprintf("weight is %v, want %v", *g.Weight, w.Weight)
	}
	return ""
}

func TestLedgerIsTheSameForAnyOrderAndThreadCount(t *testing.T) {
	t.Parallel()
	random := manyWorlds(7, 200)
	var first string
	for _, threads := range []int{1, 2, 4} {
		w := open(t, threads)
		r := rand.New(rand.NewPCG(uint64(threads), 1))
		r.Shuffle(len(random.Acts), func(i, j int) { random.Acts[i], random.Acts[j] = random.Acts[j], random.Acts[i] })
		r.Shuffle(len(random.Deals), func(i, j int) { random.Deals[i], random.Deals[j] = random.Deals[j], random.Deals[i] })
		random.fill(t, w)
		for range 2 {
			build(t, w, attribution.Default())
			got := fingerprint(stored(t, w))
			if first == "" {
				first = got
			}
			if got != first {
				t.Fatalf("with %d threads the ledger differs", threads)
			}
		}
	}
}

//nolint:tparallel // the parts share one warehouse, one after the other
func TestWhatMustNotMoveMoneyDoesNot(t *testing.T) {
	t.Parallel()
	base := manyWorlds(99, 150)
	for i, d := range base.Deals {
		if d.Status != "open" && d.ClosedAt.IsZero() { // such a deal is closed now, and nothing comes after
			base.Deals[i].ClosedAt = d.CreatedAt
		}
	}
	w := open(t, 2)
	base.fill(t, w)
	build(t, w, attribution.Default())
	before := stored(t, w)

	t.Run("a touch after the close changes nothing", func(t *testing.T) {
		changed := base
		changed.Acts = slices.Clone(base.Acts)
		for i, d := range base.Deals {
			if d.Account != "" {
				changed.Acts = append(changed.Acts, act{
					Source: "web", Stream: "visits", ID: fmt.Sprintf("late%d", i), Priority: 4, Kind: "visit",
					At: now.Add(-time.Minute), Account: d.Account, Campaign: "", ChannelHint: "Direct", Click: fmt.Sprintf("late%d", i),
				})
			}
		}
		// Deals still open may gain the touch: they have no ledger.
		changed.fill(t, w)
		build(t, w, attribution.Default())
		if fingerprint(stored(t, w)) != fingerprint(before) {
			t.Error("the ledger changed")
		}
	})
	t.Run("renaming a campaign moves no money", func(t *testing.T) {
		changed := base
		changed.Campaigns = slices.Clone(base.Campaigns)
		for i := range changed.Campaigns {
			changed.Campaigns[i].Name = "Renamed"
		}
		changed.fill(t, w)
		build(t, w, attribution.Default())
		if fingerprint(stored(t, w)) != fingerprint(before) {
			t.Error("the ledger changed")
		}
	})
	t.Run("removing a deal changes only that deal", func(t *testing.T) {
		changed := base
		gone := before[0].DealID
		changed.Deals = slices.DeleteFunc(slices.Clone(base.Deals), func(d deal) bool { return d.ID == gone })
		changed.fill(t, w)
		build(t, w, attribution.Default())
		// A model that learns from all deals learns less; each deal still sums.
		others := func(rows []attribution.LedgerRow) []attribution.LedgerRow {
			return slices.DeleteFunc(slices.Clone(rows), func(r attribution.LedgerRow) bool { return r.DealID == gone || r.Model == "markov" })
		}
		if fingerprint(others(stored(t, w))) != fingerprint(others(before)) {
			t.Error("another deal changed")
		}
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
		}
	})
}
