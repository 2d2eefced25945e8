package attribution_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// The quarter that tests close, when they close it and when later data comes.
var (
	company0  = calendar.Company{}
	summer, _ = company0.Parse("2026Q3")
	closeDay  = time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)
	laterDay  = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
)

// loadAt reads records of one source into w at a time.
func loadAt(t *testing.T, w *warehouse.Warehouse, at time.Time, source string, records ...any) {
	t.Helper()
	_, err := w.Load(context.Background(), warehouse.LoadSource{Name: source, Kind: "test", At: at}, func(l *warehouse.Loader) error {
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

// refreshAt derives everything in w at a time, under s.
func refreshAt(t *testing.T, w *warehouse.Warehouse, at time.Time, s attribution.Settings) {
	t.Helper()
	refreshAfter(t, w, at, s, nil)
}

// refreshAfter is refreshAt after first, in its transaction.
func refreshAfter(t *testing.T, w *warehouse.Warehouse, at time.Time, s attribution.Settings, first func(context.Context, *warehouse.Tx) error) {
	t.Helper()
	settings := warehouse.Settings{Currency: "EUR", Domains: []string{"halden.example"}, Margin: 0.6, Sources: []string{"crm", "mail", "web"}, First: first}
	_, err := w.Refresh(context.Background(), settings, at, func(ctx context.Context, tx *warehouse.Tx) error {
		return attribution.Build(ctx, tx, s, at)
	})
	if err != nil {
		t.Fatalf("refresh: %v", err)
	}
}

func closeAt(t *testing.T, w *warehouse.Warehouse, at time.Time, seen int64, reason string) (c attribution.Closing, err error) {
	t.Helper()
	err = w.Write(t.Context(), func(tx *warehouse.Tx) (err error) {
		c, err = attribution.Close(t.Context(), tx, company0, seen, attribution.Closing{Period: summer, At: at, UserID: "u1", Name: "Robin", Email: "robin@halden.example", Reason: reason})
		return err
	})
	return c, err
}

// day is noon of a day of 2026.
func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 12, 0, 0, 0, time.UTC) }

// quarter is a small company with a quarter to close. Ada (n1) of account a1
// brought deal D1 (100.00 EUR) by an ad, a post of r2 and a meeting with r1; Bo
// (n2) of a2 brought D2 (90.00 USD, no rate) by an ad and an event; Cy (n3) of a3
// has D3 (60.00 EUR) after an event and a reply; Di (n4) of a4 looked twice and
// bought nothing.
func quarter(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	w := program(t, 0)
	loadAt(t, w, closeDay, "crm",
		warehouse.Rep{RepID: "r1", Name: "Lena", Email: "lena@halden.example"}, warehouse.Rep{RepID: "r2", Name: "Tom", Email: "tom@halden.example"},
		warehouse.Campaign{CampaignID: "c1", Name: "Summer", Channel: "Paid Social"}, warehouse.Campaign{CampaignID: "c2", Name: "Fair", Channel: "Event"},
		warehouse.Post{PostID: "p1", Network: "linkedin", AuthorRepID: "r2", PublishedAt: day(6, 1), URL: "https://li.example/p1", Title: "Four lots"},
		warehouse.Account{AccountID: "a1", Name: "Arden", Domain: "arden.example"}, warehouse.Account{AccountID: "a2", Name: "Birk", Domain: "birk.example"},
		warehouse.Account{AccountID: "a3", Name: "Corvo", Domain: "corvo.example"}, warehouse.Account{AccountID: "a4", Name: "Dorn", Domain: "dorn.example"},
		ada(""), warehouse.Contact{ContactID: "n2", AccountID: "a2", Name: "Bo", Email: "bo@birk.example"},
		warehouse.Contact{ContactID: "n3", AccountID: "a3", Name: "Cy", Email: "cy@corvo.example"}, di(""),
		warehouse.Deal{DealID: "D1", Name: "Gauges", AccountID: "a1", PrimaryContactID: "n1", OwnerRepID: "r1", Status: "won", Amount: warehouse.Known[int64](10000), Currency: "EUR", CreatedAt: day(7, 1), ClosedAt: day(8, 10)},
		warehouse.Deal{DealID: "D2", Name: "Probes", AccountID: "a2", PrimaryContactID: "n2", OwnerRepID: "r2", Status: "won", Amount: warehouse.Known[int64](9000), Currency: "USD", CreatedAt: day(7, 2), ClosedAt: day(8, 11)},
		cysDeal(6000),
		warehouse.Activity{ActivityID: "m1", Kind: "meeting", Direction: "outbound", OccurredAt: day(7, 20), RepID: "r1", Email: "ada@arden.example", Outcome: "held"},
		warehouse.Activity{ActivityID: "m2", Kind: "email", Direction: "inbound", OccurredAt: day(7, 21), RepID: "r2", Email: "cy@corvo.example"},
	)
	loadAt(t, w, closeDay, "web",
		visit("v1", day(6, 10), "ada@arden.example", "Summer"), visit("v2", day(6, 25), "ada@arden.example", "post:p1"),
		visit("v3", day(6, 11), "bo@birk.example", "Summer"), visit("v4", day(7, 5), "bo@birk.example", "Fair"),
		visit("v5", day(6, 12), "cy@corvo.example", "Fair"),
		visit("v6", day(6, 13), "di@dorn.example", "Summer"), visit("v7", day(7, 14), "di@dorn.example", "Fair"),
	)
	refreshAt(t, w, closeDay, attribution.Default())
	return w
}

// ada and di are records of two people; one handle makes them one.
func ada(handle string) warehouse.Contact {
	return warehouse.Contact{ContactID: "n1", AccountID: "a1", Name: "Ada", Email: "ada@arden.example", Handle: handle}
}

func di(handle string) warehouse.Contact {
	return warehouse.Contact{ContactID: "n4", AccountID: "a4", Name: "Di", Email: "di@dorn.example", Handle: handle}
}

func cysDeal(amount int64) warehouse.Deal {
	return warehouse.Deal{DealID: "D3", Name: "Scales", AccountID: "a3", PrimaryContactID: "n3", OwnerRepID: "r2", Status: "won", Amount: warehouse.Known(amount), Currency: "EUR", CreatedAt: day(7, 3), ClosedAt: day(8, 12)}
}

func visit(id string, at time.Time, who, by string) warehouse.Visit {
	v := warehouse.Visit{VisitID: id, OccurredAt: at, VisitorID: "cookie " + who, Email: who, UTMCampaign: by}
	if strings.HasPrefix(by, "post:") {
		v.UTMCampaign, v.UTMContent, v.UTMSource, v.UTMMedium = "", by, "linkedin", "social"
	}
	return v
}

func TestAClosingIsRefused(t *testing.T) {
	t.Parallel()
	w := quarter(t)
	tests := []struct {
		name, period string
		at           time.Time
		want         error
	}{
		{"before its end", "2026Q3", summer.To.Add(-time.Second), attribution.ErrNotEnded},
		{"a quarter that runs", "2026Q4", closeDay, attribution.ErrNotEnded},
		{"with figures from before its end", "2026Q4", day(12, 31).AddDate(0, 0, 2), attribution.ErrNotRefreshed},
		{"a year", "2025", closeDay, attribution.ErrNoQuarter},
		{"a month", "2026-07", closeDay, attribution.ErrNoQuarter},
	}
	for _, tt := range tests {
		p, err := company0.Parse(tt.period)
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(t.Context(), func(tx *warehouse.Tx) error {
			_, cerr := attribution.Close(t.Context(), tx, company0, 0, attribution.Closing{Period: p, At: tt.at})
			return cerr
		})
		if !errors.Is(err, tt.want) {
			t.Errorf("closing %s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := closeAt(t, w, closeDay, 0, strings.Repeat("x", attribution.MaxReason+1)); !errors.Is(err, attribution.ErrLongNote) {
		t.Errorf("a note that is too long: got %v", err)
	}
	if all := closings(t, w); len(all) != 0 {
		t.Errorf("a refused closing was kept: %+v", all)
	}
}

func closings(t *testing.T, w *warehouse.Warehouse) (all []attribution.Closing) {
	t.Helper()
	err := w.Read(t.Context(), func(q *warehouse.Snapshot) (err error) {
		all, err = attribution.Closings(t.Context(), q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAQuarterClosedAgainKeepsBothVersions(t *testing.T) {
	t.Parallel()
	w := quarter(t)
	first, err := closeAt(t, w, closeDay, 0, " the board's figures ")
	if err != nil || first.ID != 1 || first.Version != 1 || first.Reason != "the board's figures" || first.Currency != "EUR" || !first.Settings.Equal(attribution.Default()) {
		t.Fatalf("closed as %+v, %v", first, err)
	}
	for _, tt := range []struct {
		seen   int64
		reason string
		want   error
	}{{0, "somebody else was there first", attribution.ErrOtherClosed}, {1, "short", attribution.ErrReason}} {
		if _, cerr := closeAt(t, w, laterDay, tt.seen, tt.reason); !errors.Is(cerr, tt.want) {
			t.Errorf("closing again upon %d because %q: got %v, want %v", tt.seen, tt.reason, cerr, tt.want)
		}
	}
	loadAt(t, w, laterDay, "web", visit("v8", day(7, 1), "ada@arden.example", "Fair"))
	refreshAt(t, w, laterDay, attribution.Default())
	second, err := closeAt(t, w, laterDay, 1, "the fair's visits came in late")
	if err != nil || second.ID != 2 || second.Version != 2 {
		t.Fatalf("closed again as %+v, %v", second, err)
	}
	all := closings(t, w)
	if len(all) != 2 || all[0].ID != 2 || all[1].ID != 1 || all[1].Reason != "the board's figures" || !all[0].RefreshedAt.Equal(laterDay) {
		t.Errorf("closings are %+v, want both, the newest first", all)
	}
	if r := restated(t, w, "linear", all[0], ""); len(r.Deals) != 0 || r.Total.Then != r.Total.Now {
		t.Errorf("against the second version %+v changed, want nothing", r.Deals)
	}
	if r := restated(t, w, "linear", all[1], ""); len(r.Deals) != 1 || r.Deals[0].DealID != "D1" {
		t.Errorf("against the first version %+v changed, want D1", r.Deals)
	}
	broken(t, w)
}

// broken fails when an invariant of the ledger, or of what closings kept, is.
func broken(t *testing.T, w *warehouse.Warehouse) {
	t.Helper()
	err := w.Read(t.Context(), func(q *warehouse.Snapshot) error {
		found, err := attribution.Check(t.Context(), q)
		for _, b := range found {
			t.Errorf("broken: %s", b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
