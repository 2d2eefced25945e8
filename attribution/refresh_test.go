package attribution_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// load reads records of one source into w.
func load(t *testing.T, w *warehouse.Warehouse, source string, records ...any) {
	t.Helper()
	_, err := w.Load(context.Background(), warehouse.LoadSource{Name: source, Kind: "test", At: now}, func(l *warehouse.Loader) error {
		for _, r := range records {
			l.Read(1)
			if err := l.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("load %s: %v", source, err)
	}
}

// refresh derives everything in w.
func refresh(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	settings := warehouse.Settings{Currency: "EUR", Domains: []string{"halden.example"}, Margin: 0.6, Sources: []string{"crm", "mail", "web"}}
	_, err := w.Refresh(context.Background(), settings, now, func(ctx context.Context, tx *warehouse.Tx) error {
		return attribution.Build(ctx, tx, attribution.Default(), now)
	})
	if err != nil {
		t.Fatalf("refresh: %v", err)
	}
}

// TestRecordsBecomeTheLedger goes the whole way: records of three sources that
// saw the same acts, one refresh, one ledger.
func TestRecordsBecomeTheLedger(t *testing.T) {
	t.Parallel()
	engine, err := duckdb.OpenMemoryWith(duckdb.Options{MemoryLimit: "2GB"})
	if err != nil {
		t.Fatalf("open engine: %v", err)
	}
	w, err := warehouse.Open(context.Background(), engine)
	if err != nil {
		t.Fatalf("open warehouse: %v", err)
	}
	t.Cleanup(func() {
		if cerr := w.Close(); cerr != nil {
			t.Errorf("close warehouse: %v", cerr)
		}
	})
	at := func(s string) time.Time {
		x, perr := time.Parse(time.DateTime, s)
		if perr != nil {
			t.Fatal(perr)
		}
		return x
	}
	load(t, w, "crm",
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
	load(t, w, "mail",
		warehouse.Activity{ActivityID: "x1", Kind: "email", Direction: "inbound", OccurredAt: at("2026-07-20 10:00:00"), RepID: "lena@halden.example", Email: "Miriam@Kessler.example", UID: "7f3a"},
	)
	load(t, w, "web",
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
	refresh(t, w)
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
	refresh(t, w)
	if fingerprint(stored(t, w)) != fingerprint(first) {
		t.Error("a second refresh changed the ledger")
	}
	err = w.Read(context.Background(), func(q *warehouse.Snapshot) error {
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
