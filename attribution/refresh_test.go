package attribution_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/duckdb"
	"credence/warehouse/sqlfile"
)

// records are what the sources crm, mail and web hold of random companies: acts
// that two sources saw, visitors who say later who they are, meetings of several.
func records(seed uint64, companies int) map[string][]any {
	r := rand.New(rand.NewPCG(seed, 1))
	out := map[string][]any{}
	put := func(source string, record any) { out[source] = append(out[source], record) }
	day := func(n int) time.Time { return start.AddDate(0, 0, n).Add(time.Duration(r.IntN(20*60)) * time.Minute) }
	put("crm", warehouse.Rep{RepID: "r1", Name: "Lena", Email: "lena@halden.example"})
	put("crm", warehouse.Campaign{CampaignID: "c1", Name: "Calibration series", Channel: "Paid Social"})
	put("crm", warehouse.Post{PostID: "p1", Network: "linkedin", AuthorRepID: "r1", PublishedAt: day(3), URL: "https://li.example/p1", Title: "Four lots"})
	for i := range companies {
		id := func(kind string, n int) string { return fmt.Sprintf("%s%d-%d", kind, i, n) }
		put("crm", warehouse.Account{AccountID: id("a", 0), Name: fmt.Sprintf("Company %d", i), Domain: fmt.Sprintf("co%d.example", i)})
		people := 1 + r.IntN(3)
		mail := func() string { return fmt.Sprintf("p%d@co%d.example", r.IntN(people), i) }
		for n := range people {
			c := warehouse.Contact{ContactID: id("n", n), AccountID: id("a", 0), Name: id("Person ", n), Email: fmt.Sprintf("p%d@co%d.example", n, i)}
			if r.IntN(2) == 0 {
				c.LeadCreatedAt = day(r.IntN(60))
			}
			put("crm", c)
		}
		for n := range 1 + r.IntN(2) {
			put("crm", warehouse.Deal{
				DealID: id("d", n), AccountID: id("a", 0), PrimaryContactID: id("n", 0), OwnerRepID: "r1", Status: []string{"won", "won", "lost"}[r.IntN(3)],
				Amount: warehouse.Known(int64(1 + r.IntN(9_999_999))), Currency: "EUR", CreatedAt: day(40 + r.IntN(20)), ClosedAt: day(80 + r.IntN(40)),
			})
		}
		for n := range r.IntN(8) {
			at, who := day(r.IntN(100)), mail()
			switch r.IntN(4) {
			case 0: // a mail in the mailbox and in the CRM
				put("mail", warehouse.Activity{ActivityID: id("m", n), Kind: "email", Direction: "inbound", OccurredAt: at, RepID: "lena@halden.example", Email: who, UID: id("u", n)})
				put("crm", warehouse.Activity{ActivityID: id("e", n), Kind: "email", Direction: "inbound", OccurredAt: at.Add(3 * time.Second), RepID: "r1", Email: who, UID: id("u", n)})
			case 1:
				put("crm", warehouse.Activity{ActivityID: id("h", n), Kind: "meeting", Direction: "outbound", OccurredAt: at, RepID: "r1", Email: who, Outcome: "held"})
			case 2: // a click and its landing visit, by a cookie
				put("web", warehouse.Engagement{EngagementID: id("k", n), Kind: "click", OccurredAt: at, VisitorID: id("v", 0), CampaignID: "c1", ClickID: id("g", n)})
				put("web", warehouse.Visit{VisitID: id("l", n), OccurredAt: at.Add(time.Second), VisitorID: id("v", 0), ClickID: id("g", n), UTMCampaign: "Calibration series"})
			case 3: // the cookie says who it is
				put("web", warehouse.Visit{VisitID: id("w", n), OccurredAt: at, VisitorID: id("v", 0), Email: who, UTMContent: "post:p1", UTMSource: "linkedin", UTMMedium: "social"})
			}
		}
	}
	return out
}

// TestRefreshesOfRandomCompanies reads half of the input, refreshes, reads the rest
// and refreshes again: the ledger is that of one reading. Then people are erased: it
// stays that ledger to the last field, without them.
func TestRefreshesOfRandomCompanies(t *testing.T) {
	t.Parallel()
	all := records(3, worlds)
	half, rest := map[string][]any{}, map[string][]any{}
	r := rand.New(rand.NewPCG(4, 1))
	for source, rs := range all {
		for _, record := range rs {
			if r.IntN(2) == 0 {
				half[source] = append(half[source], record)
			} else {
				rest[source] = append(rest[source], record)
			}
		}
	}
	var ledgers []string
	var w *warehouse.Warehouse
	for _, parts := range [][]map[string][]any{{all}, {half, rest}} {
		w = program(t, 0)
		for _, part := range parts {
			for _, source := range []string{"crm", "mail", "web"} {
				loadAt(t, w, now, source, part[source]...)
			}
			refreshAt(t, w, now, attribution.Default())
		}
		rows := stored(t, w)
		earned := 0
		for _, r := range rows {
			if r.TouchID != "" {
				earned++
			}
		}
		if earned < 10*len(attribution.Models) {
			t.Fatalf("only %d credits of %d rows", earned, len(rows))
		}
		ledgers = append(ledgers, fingerprint(rows))
	}
	if ledgers[1] != ledgers[0] {
		t.Error("half the input, then the rest, made another ledger than all at once")
	}

	if err := w.RecogniseBy(bytes.Repeat([]byte{7}, warehouse.MinKey)); err != nil {
		t.Fatal(err)
	}
	erased := many(5)
	refreshAfter(t, w, now, attribution.Default(), func(ctx context.Context, tx *warehouse.Tx) error {
		for i := range erased {
			if _, err := w.Erase(ctx, tx, warehouse.Someone{Email: fmt.Sprintf("p0@co%d.example", i)}, now); err != nil {
				return err
			}
		}
		return nil
	})
	if fingerprint(stored(t, w)) != ledgers[0] {
		t.Error("an erasure changed the ledger")
	}
	asked(t, w, func(q sqlfile.Querier) error {
		var left int
		err := q.QueryRowContext(t.Context(), "select count(*) from contact c where c.email like 'p0@%'").Scan(&left)
		if left != worlds-erased {
			t.Errorf("%d people of %d are left, %d were erased", left, worlds, erased)
		}
		return err
	})
	report, err := w.Check(t.Context())
	if err != nil || len(report.Broken) > 0 {
		t.Errorf("after all that %v, %v", report.Broken, err)
	}
	broken(t, w)
}

// program is a warehouse as the program opens it, of so many threads; 0 is one
// per processor.
func program(tb testing.TB, threads int) *warehouse.Warehouse {
	tb.Helper()
	engine, err := duckdb.OpenMemoryWith(duckdb.Options{MemoryLimit: "4GB", Threads: threads})
	if err != nil {
		tb.Fatalf("open engine: %v", err)
	}
	w, err := warehouse.Open(context.Background(), engine)
	if err != nil {
		tb.Fatalf("open warehouse: %v", err)
	}
	tb.Cleanup(func() {
		if cerr := w.Close(); cerr != nil {
			tb.Errorf("close warehouse: %v", cerr)
		}
	})
	return w
}

// TestRecordsBecomeTheLedger goes the whole way: records of three sources that
// saw the same acts, one refresh, one ledger.
func TestRecordsBecomeTheLedger(t *testing.T) {
	t.Parallel()
	w := program(t, 0)
	at := func(s string) time.Time {
		x, perr := time.Parse(time.DateTime, s)
		if perr != nil {
			t.Fatal(perr)
		}
		return x
	}
	loadAt(t, w, now, "crm",
		warehouse.Rep{RepID: "r1", Name: "Lena", Email: "lena@halden.example"},
		warehouse.Account{AccountID: "a1", Name: "Kessler", Domain: "kessler.example"},
		warehouse.Contact{ContactID: "n1", AccountID: "a1", Name: "Miriam", Email: "miriam@kessler.example", LeadCreatedAt: at("2026-06-02 00:00:00")},
		warehouse.Campaign{CampaignID: "c1", Name: "Calibration series", Channel: "Paid Social"},
		warehouse.Campaign{CampaignID: "c2", Name: "Nurture", Channel: "E-mail"},
		warehouse.Post{PostID: "p1", Network: "linkedin", AuthorRepID: "r1", PublishedAt: at("2026-06-09 08:00:00"), URL: "https://li.example/p1", Title: "Four lots"},
		warehouse.Deal{
			DealID: "D-1", AccountID: "a1", PrimaryContactID: "n1", OwnerRepID: "r1", Status: "won", Amount: warehouse.Known[int64](4_860_001), Currency: "EUR",
			CreatedAt: at("2026-07-08 10:00:00"), ClosedAt: at("2026-09-02 10:00:00"),
		},
		// The same mail as the mailbox saw, under the same Message-ID.
		warehouse.Activity{ActivityID: "m1", Kind: "email", Direction: "inbound", OccurredAt: at("2026-07-20 10:00:04"), RepID: "r1", ContactID: "n1", UID: "7f3a"},
		warehouse.Activity{ActivityID: "m2", Kind: "meeting", Direction: "outbound", OccurredAt: at("2026-07-08 09:00:00"), RepID: "r1", ContactID: "n1", DealID: "D-1", Outcome: "held"},
		warehouse.Activity{ActivityID: "m3", Kind: "email", Direction: "outbound", OccurredAt: at("2026-07-09 09:00:00"), RepID: "r1", ContactID: "n1"},
	)
	loadAt(t, w, now, "mail",
		warehouse.Activity{ActivityID: "x1", Kind: "email", Direction: "inbound", OccurredAt: at("2026-07-20 10:00:00"), RepID: "lena@halden.example", Email: "Miriam@Kessler.example", UID: "7f3a"},
	)
	loadAt(t, w, now, "web",
		warehouse.Visit{
			VisitID: "v1", OccurredAt: at("2026-06-01 12:00:00"), VisitorID: "cookie", LandingURL: "https://halden.example/a",
			UTMSource: "linkedin", UTMMedium: "paid-social", UTMCampaign: "Calibration series", ClickID: "k1",
		},
		warehouse.Engagement{EngagementID: "e1", Kind: "click", OccurredAt: at("2026-06-01 11:59:59"), VisitorID: "cookie", CampaignID: "c1", ClickID: "k1"},
		warehouse.Engagement{EngagementID: "e2", Kind: "form", OccurredAt: at("2026-06-02 12:00:00"), VisitorID: "cookie", Email: "miriam@kessler.example", CampaignID: "c1"},
		// The campaign tool counted that mail as a reply: a tag makes it grade A.
		warehouse.Engagement{EngagementID: "e3", Kind: "reply", OccurredAt: at("2026-07-20 10:01:00"), Email: "miriam@kessler.example", CampaignID: "c2"},
		warehouse.Visit{
			VisitID: "v2", OccurredAt: at("2026-06-10 12:00:00"), VisitorID: "cookie", Email: "miriam@kessler.example",
			LandingURL: "https://halden.example/b", UTMContent: "post:p1", UTMSource: "linkedin", UTMMedium: "social",
		},
	)
	refreshAt(t, w, now, attribution.Default())
	first := stored(t, w)
	var got []string
	for _, r := range first {
		if r.Model == "linear" {
			got = append(got, fmt.Sprintf("%s %d %s %s %s %s %s %s %d", r.TouchID, r.Position, r.Channel, r.CampaignID, r.PostID, r.RepID, r.Evidence, r.Bucket, r.AmountMinor))
		}
	}
	want := []string{
		"click:k1 1 Paid Social c1   A  972000",
		"engagements:web:e2 2 Paid Social c1   A  972000",
		"visits:web:v2 3 Rep Social  p1 r1 A sourced 972001",
		"activities:crm:m2 4 Sales   r1 B sourced 972000",
		"uid:7f3a 5 E-mail c2  r1 A assisted 972000",
		" 6      unattributed 0",
	}
	for i := range got {
		got[i] = strings.TrimRight(got[i], " ")
	}
	if !slices.Equal(got, want) {
		t.Errorf("ledger is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	refreshAt(t, w, now, attribution.Default())
	if fingerprint(stored(t, w)) != fingerprint(first) {
		t.Error("a second refresh changed the ledger")
	}
	err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
		broken, cerr := attribution.Check(context.Background(), q)
		for _, b := range broken {
			t.Error(b)
		}
		return cerr
	})
	if err != nil {
		t.Fatal(err)
	}
}
