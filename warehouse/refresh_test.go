package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/duckdb"
)

func berlin(tb testing.TB) calendar.Company {
	tb.Helper()
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		tb.Fatalf("load location: %v", err)
	}
	return calendar.Company{Location: loc}
}

func settings(tb testing.TB) warehouse.Settings {
	tb.Helper()
	return warehouse.Settings{Company: berlin(tb), Currency: "EUR", Domains: []string{"own.example"}, Margin: 0.6, Sources: []string{"crm", "mail", "web"}}
}

func refresh(tb testing.TB, w *warehouse.Warehouse) warehouse.Generation {
	tb.Helper()
	g, err := w.Refresh(context.Background(), settings(tb), syncTime)
	if err != nil {
		tb.Fatalf("refresh: %v", err)
	}
	return g
}

func TestRefreshOfNothingMakesEmptyTables(t *testing.T) {
	t.Parallel()
	w := open(t)
	if g := refresh(t, w); g.Number != 1 || !g.RefreshedAt.Equal(syncTime) {
		t.Errorf("generation = %+v", g)
	}
	for _, table := range []string{"team", "team_closure", "rep", "account", "person", "contact", "person_merge", "deal", "deal_person", "stage_change", "product", "line_item", "campaign", "post", "spend", "quota", "act", "act_person"} {
		if got := ask(t, w, "select count(*) from "+table); got != "0" {
			t.Errorf("%s has %s rows, want 0", table, got)
		}
	}
	if g := refresh(t, w); g.Number != 2 {
		t.Errorf("second generation = %d", g.Number)
	}
}

func TestRefreshThatFailsKeepsTheOldGeneration(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "open"})
	refresh(t, w)
	load(t, w, "crm", syncTime, warehouse.Deal{DealID: "D2", Status: "open"})
	boom := errors.New("no")
	_, err := w.Refresh(context.Background(), settings(t), syncTime, func(context.Context, *warehouse.Tx) error { return boom })
	if !errors.Is(err, boom) {
		t.Fatalf("error = %v, want %v", err, boom)
	}
	if got := ask(t, w, "select d.deal_id, g.generation from deal d cross join generation g"); got != "D1|1" {
		t.Errorf("deals = %s, want those of generation 1", got)
	}
}

func TestRefreshJoinsContactsIntoPersons(t *testing.T) {
	t.Parallel()
	contact := func(id, name, email, phone, handle string) warehouse.Contact {
		return warehouse.Contact{ContactID: id, Name: name, Email: email, Phone: phone, Handle: handle}
	}
	tests := []struct {
		name string
		crm  []warehouse.Contact
		web  []warehouse.Contact
		want string // contact, person
	}{
		{
			"one address written in two ways is one person",
			[]warehouse.Contact{contact("C1", "Ann", "Ann.Bee+news@GMail.com", "", "")},
			[]warehouse.Contact{contact("W1", "", "annbee@googlemail.com ", "", "")},
			"C1|C1\nW1|C1",
		},
		{
			"dots matter outside Gmail",
			[]warehouse.Contact{contact("C1", "Ann", "ann.bee@acme.example", "", "")},
			[]warehouse.Contact{contact("W1", "", "annbee@acme.example", "", "")},
			"C1|C1\nW1|W1",
		},
		{
			"a chain of different keys is one person",
			[]warehouse.Contact{contact("C1", "", "a@x.example", "", ""), contact("C2", "", "a@x.example", "+49 30 123456", ""), contact("C3", "", "", "+4930123456", "@Ann"), contact("C4", "", "", "", "ann")},
			nil,
			"C1|C1\nC2|C1\nC3|C1\nC4|C1",
		},
		{
			"the number of a switchboard joins nobody",
			[]warehouse.Contact{contact("C1", "", "a@x.example", "+4930123456", ""), contact("C2", "", "b@x.example", "+4930123456", "")},
			nil,
			"C1|C1\nC2|C2",
		},
		{
			"nor does it join other names",
			[]warehouse.Contact{contact("C1", "Ann", "a@x.example", "+4930123456", ""), contact("C2", "Bob", "", "+4930123456", "")},
			nil,
			"C1|C1\nC2|C2",
		},
		{
			"one name at a switchboard is one person",
			[]warehouse.Contact{contact("C1", "Ann", "a@x.example", "+4930123456", ""), contact("C2", "Bob", "b@x.example", "+4930123456", ""), contact("C3", "ann ", "ann@gmx.net", "+49 30 123456", "")},
			[]warehouse.Contact{contact("W1", "Bob", "", "+49-30-123456", "")},
			"C1|C1\nC2|C2\nC3|C1\nW1|C2",
		},
		{
			"one id with one name in two sources is one person",
			[]warehouse.Contact{contact("7", "Ann Bee", "a@x.example", "", "")},
			[]warehouse.Contact{contact("7", "ann bee ", "", "", "")},
			"7|7\nweb:7|7",
		},
		{
			"one id with two names is two persons",
			[]warehouse.Contact{contact("7", "Ann Bee", "", "", "")},
			[]warehouse.Contact{contact("7", "Bob Cee", "", "", "")},
			"7|7\nweb:7|web:7",
		},
		{
			"our own people are no persons",
			[]warehouse.Contact{contact("C1", "Rep", "rep@own.example", "", "")},
			nil,
			"C1|",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			for _, c := range tt.crm {
				load(t, w, "crm", syncTime, c)
			}
			for _, c := range tt.web {
				load(t, w, "web", syncTime, c)
			}
			refresh(t, w)
			if got := ask(t, w, "select contact_id, person_id from contact order by 1"); got != tt.want {
				t.Errorf("contacts:\n%s\nwant\n%s", got, tt.want)
			}
			persons := map[string]bool{}
			for line := range strings.Lines(tt.want) {
				if _, p, _ := strings.Cut(strings.TrimSpace(line), "|"); p != "" {
					persons[p] = true
				}
			}
			if got := ask(t, w, "select count(*) from person"); got != fmt.Sprint(len(persons)) {
				t.Errorf("persons = %s, want %d", got, len(persons))
			}
		})
	}
}

func TestRefreshSaysWhyRecordsAreOnePerson(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime,
		warehouse.Contact{ContactID: "C1", Name: "Ann", Email: "ann@x.example"},
		warehouse.Contact{ContactID: "C2", Name: "Ann B.", Email: "ANN@x.example", Title: "CTO", LeadCreatedAt: at("2026-01-02T00:00:00Z")})
	refresh(t, w)
	if got, want := ask(t, w, "select person_id, source_id, key_kind, key_value from person_merge order by 2"), "C1|C1|email|ann@x.example\nC1|C2|email|ann@x.example"; got != want {
		t.Errorf("merges:\n%s\nwant\n%s", got, want)
	}
	if got, want := ask(t, w, "select name, title, lead_created_at, opted_out from person"), "Ann|CTO|2026-01-02|false"; got != want {
		t.Errorf("person = %s, want %s", got, want)
	}
}

func TestAnOptOutAnywhereTakesTheNameAway(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime,
		warehouse.Contact{ContactID: "C1", Name: "Ann", Email: "ann@x.example", OptedOut: warehouse.Known(true)},
		warehouse.Contact{ContactID: "C2", Name: "Ann B.", Email: "ANN@x.example", Title: "CTO", LeadCreatedAt: at("2026-01-02T00:00:00Z")})
	refresh(t, w)
	if got, want := ask(t, w, "select person_id, source_id, key_kind, key_value from person_merge order by 2"), "C1|C1|email|\nC1|C2|email|"; got != want {
		t.Errorf("merges:\n%s\nwant\n%s", got, want)
	}
	if got, want := ask(t, w, "select name, email, title, lead_created_at, opted_out from person"), "|||2026-01-02|true"; got != want {
		t.Errorf("person = %s, want %s", got, want)
	}
	if got := ask(t, w, "select count(*) from said.person") + ask(t, w, "select count(*) from said.contact"); got != "00" {
		t.Errorf("query sees %s of the person, want 00", got)
	}
}

func TestRefreshFindsPeopleOfAccountsInMail(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime,
		warehouse.Account{AccountID: "A1", Name: "Acme", Domain: "https://www.Acme.example/home"},
		warehouse.Account{AccountID: "A2", Name: "Bolt"},
		warehouse.Account{AccountID: "A3", Name: "Free", Domain: "gmail.com"},
		warehouse.Contact{ContactID: "C1", AccountID: "A2", Email: "x@bolt.example"},
		warehouse.Rep{RepID: "R1", Name: "Rep", Email: "rep@own.example"})
	mail := func(id, rep, email string) warehouse.Activity {
		return warehouse.Activity{ActivityID: id, Kind: "email", Direction: "inbound", OccurredAt: syncTime, RepID: rep, Email: email}
	}
	load(t, w, "mail", syncTime,
		mail("M1", "rep@own.example", "New@acme.example"), mail("M2", "", "y@bolt.example"), mail("M3", "", "someone@gmail.com"),
		mail("M4", "", "nobody@elsewhere.example"), mail("M5", "", "colleague@own.example"), mail("M6", "", "x@bolt.example"),
		warehouse.Activity{ActivityID: "M7", Kind: "meeting", OccurredAt: syncTime},
		warehouse.ActivityPerson{ActivityID: "M7", Email: "rep@own.example", Role: "organiser"},
		warehouse.ActivityPerson{ActivityID: "M7", Email: "x@bolt.example", Role: "attendee"},
		warehouse.ActivityPerson{ActivityID: "M7", Email: "new@acme.example", Role: "cc"})
	refresh(t, w)
	if got, want := ask(t, w, "select source_id, rep_id, person_id, account_id, channel_hint from act order by 1"), strings.Join([]string{
		"M1|R1|new@acme.example|A1|Sales", "M2||y@bolt.example|A2|Sales", "M3||||Sales", "M4||||Sales", "M5||||Sales", "M6||C1|A2|Sales", "M7|R1|C1|A2|Sales",
	}, "\n"); got != want {
		t.Errorf("acts:\n%s\nwant\n%s", got, want)
	}
	if got, want := ask(t, w, "select person_id from act_person where source_id = 'M7' order by 1"), "C1\nnew@acme.example"; got != want {
		t.Errorf("people of the meeting:\n%s\nwant\n%s", got, want)
	}
	if got, want := ask(t, w, "select account_id, domain from account order by 1"), "A1|acme.example\nA2|\nA3|"; got != want {
		t.Errorf("accounts:\n%s\nwant\n%s", got, want)
	}
}

func TestRefreshTiesVisits(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime,
		warehouse.Rep{RepID: "R1", Name: "Ann Rep", Email: "ann@own.example"},
		warehouse.Contact{ContactID: "C1", Email: "c1@x.example"}, warehouse.Contact{ContactID: "C2", Email: "c2@x.example"},
		warehouse.Campaign{CampaignID: "K1", Name: "Spring Sale ", Channel: "paid_social"},
		warehouse.Post{PostID: "P1", Network: "linkedin", AuthorRepID: "R1", URL: "https://li.example/p1"},
		warehouse.Post{PostID: "P2", Network: "blog", Author: "Nobody", URL: "https://own.example/blog/a", CampaignID: "spring sale"})
	visit := func(id, when string, v warehouse.Visit) warehouse.Visit {
		v.VisitID, v.OccurredAt = id, at("2026-03-"+when+":00Z")
		return v
	}
	load(t, w, "web", syncTime,
		visit("V01", "01T10:00", warehouse.Visit{VisitorID: "v", UTMSource: "LinkedIn", UTMMedium: "cpc", UTMCampaign: "SPRING sale"}),
		visit("V02", "02T10:00", warehouse.Visit{VisitorID: "v", Email: "C1@x.example", Referrer: "https://www.google.com/"}),
		visit("V03", "03T10:00", warehouse.Visit{VisitorID: "v", UTMSource: "linkedin", UTMMedium: "social", UTMContent: "post:P1"}),
		visit("V04", "04T10:00", warehouse.Visit{VisitorID: "v", ContactID: "C2"}),
		visit("V05", "05T10:00", warehouse.Visit{VisitorID: "v", UTMContent: "rep:R1", UTMSource: "linkedin"}),
		visit("V06", "06T10:00", warehouse.Visit{LandingURL: "https://own.example/blog/a?x=1", Referrer: "https://partner.example/page"}),
		visit("V07", "07T10:00", warehouse.Visit{LandingURL: "https://own.example/?utm_source=newsletter&utm_medium=email&utm_campaign=K1"}),
		visit("V08", "08T10:00", warehouse.Visit{LandingURL: "https://own.example/?gclid=1"}),
		visit("V09", "09T10:00", warehouse.Visit{Referrer: "https://shop.own.example/x"}),
		visit("V10", "10T10:00", warehouse.Visit{UTMSource: "odd", UTMMedium: "strange"}))
	refresh(t, w)
	want := strings.Join([]string{
		"V01|C1||K1||Paid Social", "V02|C1||||Organic Search", "V03|C2|P1||R1|Rep Social", "V04|C2||||Direct", "V05|C2|||R1|Rep Social",
		"V06||P2|K1||Referral", "V07|||K1||E-mail", "V08|||||Paid Search", "V09|||||Direct", "V10|||||Other",
	}, "\n")
	if got := ask(t, w, "select source_id, person_id, post_id, campaign_id, rep_id, channel_hint from act order by 1"); got != want {
		t.Errorf("acts:\n%s\nwant\n%s", got, want)
	}
}

func TestRefreshFlagsTheScannersOfMail(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime, warehouse.Contact{ContactID: "C1", Email: "c1@x.example"}, warehouse.Contact{ContactID: "C2", Email: "c2@x.example"})
	click := func(id, contact, when, url string) warehouse.Engagement {
		return warehouse.Engagement{EngagementID: id, Kind: "click", ContactID: contact, OccurredAt: at("2026-03-01T10:00:" + when + "Z"), URL: url, ClickID: "k" + id}
	}
	load(t, w, "web", syncTime,
		click("E1", "C1", "00", "https://a.example/1"), click("E2", "C1", "01", "https://a.example/2"), click("E3", "C1", "03", "https://a.example/3"),
		click("E4", "C2", "00", "https://a.example/1"), click("E5", "C2", "05", "https://a.example/1"), click("E6", "C2", "06", "https://a.example/2"), click("E7", "C2", "50", "https://a.example/3"),
		warehouse.Visit{VisitID: "V1", OccurredAt: at("2026-03-01T10:00:30Z"), ClickID: "kE2", LandingURL: "https://a.example/2"})
	refresh(t, w)
	if got, want := ask(t, w, "select source_id from act where bot order by 1"), "E1\nE2\nE3\nV1"; got != want {
		t.Errorf("bots:\n%s\nwant\n%s", got, want)
	}
}

func TestRefreshConvertsMoneyOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	rate := func(day_, currency string, e12 int64) warehouse.CurrencyRate {
		return warehouse.CurrencyRate{Day: day(day_), Currency: currency, Rate: warehouse.Known(e12)}
	}
	deal := func(id string, minor int64, currency, status, closed string) warehouse.Deal {
		d := warehouse.Deal{DealID: id, Status: status, Amount: warehouse.Known(minor), Currency: currency, OwnerRepID: "R1"}
		if closed != "" {
			d.ClosedAt = at(closed)
		}
		return d
	}
	load(t, w, "crm", syncTime,
		rate("2026-01-01", "USD", 900_000_000_000), rate("2026-02-01", "USD", 925_500_000_000), rate("2026-01-01", "JPY", 6_250_000_000), rate("2026-01-01", "KWD", 3_000_000_000_000),
		deal("D1", 100_01, "USD", "won", "2026-01-31T23:30:00Z"), // 1 February in Berlin: 92.559255
		deal("D2", 100_05, "USD", "won", "2026-01-15T12:00:00Z"), // 90.045, half away from zero
		deal("D3", -100_05, "USD", "won", "2026-01-15T12:00:00Z"),
		deal("D4", 1001, "JPY", "won", "2026-01-15T12:00:00Z"),                     // 6.25625
		deal("D5", 1_005, "KWD", "won", "2026-01-15T12:00:00Z"),                    // 3.015 of 1.005 dinar
		deal("D6", 500, "USD", "won", "2025-12-31T12:00:00Z"),                      // before the first rate
		deal("D7", 500, "CHF", "won", "2026-01-15T12:00:00Z"),                      // no rate
		deal("D8", 700, "EUR", "won", "2026-01-15T12:00:00Z"),                      // the reporting currency
		deal("D9", 1000, "USD", "open", ""),                                        // today's rate
		deal("DA", 9_000_000_000_000_000_00, "EUR", "won", "2026-01-15T12:00:00Z"), // near the limit
		warehouse.Deal{DealID: "DB", Status: "won", ClosedAt: at("2026-01-15T12:00:00Z")})
	want := strings.Join([]string{
		"D1|9256|2026-02-01|2026-02-01", "D2|9005|2026-01-15|2026-01-01", "D3|-9005|2026-01-15|2026-01-01", "D4|626|2026-01-15|2026-01-01", "D5|302|2026-01-15|2026-01-01",
		"D6|-|2025-12-31|-", "D7|-|2026-01-15|-", "D8|700|2026-01-15|2026-01-15", "D9|926|-|2026-02-01", "DA|900000000000000000|2026-01-15|2026-01-15", "DB|-|2026-01-15|2026-01-15",
	}, "\n")
	const query = "select deal_id, reporting_minor, cast(closed_day as varchar), cast(rate_day as varchar) from deal order by 1"
	refresh(t, w)
	if got := ask(t, w, query); got != want {
		t.Errorf("deals:\n%s\nwant\n%s", got, want)
	}
	// A rate corrected later moves no closed deal.
	load(t, w, "crm", syncTime, rate("2026-01-01", "USD", 100_000_000_000))
	refresh(t, w)
	if got := ask(t, w, query); got != want {
		t.Errorf("deals after a rate moved:\n%s\nwant\n%s", got, want)
	}
}

func TestRefreshFindsTheCostOfADeal(t *testing.T) {
	t.Parallel()
	w := open(t)
	micro := func(units float64) int64 { return int64(units * 1e6) }
	deal := func(id, currency string) warehouse.Deal {
		return warehouse.Deal{DealID: id, Status: "won", Amount: warehouse.Known[int64](1000_00), Currency: currency, ClosedAt: at("2026-01-15T12:00:00Z")}
	}
	line := func(id, dealID, product string, quantity, cost float64) warehouse.LineItem {
		l := warehouse.LineItem{LineID: id, DealID: dealID, ProductID: product, Quantity: warehouse.Known(micro(quantity))}
		if cost > 0 {
			l.UnitCost = warehouse.Known(micro(cost))
		}
		return l
	}
	load(t, w, "crm", syncTime,
		warehouse.CurrencyRate{Day: day("2026-01-01"), Currency: "USD", Rate: warehouse.Known[int64](500_000_000_000)},
		warehouse.Product{ProductID: "P1", UnitCost: warehouse.Known[int64](10_00), Currency: "EUR"}, warehouse.Product{ProductID: "P2"},
		deal("D1", "USD"), line("L1", "D1", "P1", 3, 20), // 60 USD
		deal("D2", "USD"), line("L2", "D2", "P1", 3, 20), line("L3", "D2", "P1", 2, 0), // 60 USD and 20 EUR
		deal("D3", "EUR"), line("L4", "D3", "P1", 1, 0), line("L5", "D3", "P2", 1, 0), // one line has no cost
		deal("D4", "EUR"))
	refresh(t, w)
	if got, want := ask(t, w, "select deal_id, cost_minor, cost_basis from deal order by 1"), "D1|3000|line item\nD2|5000|product\nD3|40000|margin\nD4|40000|margin"; got != want {
		t.Errorf("costs:\n%s\nwant\n%s", got, want)
	}
}

func TestVisibleReps(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime,
		warehouse.Team{TeamID: "TOP", ManagerRepID: "BOSS"}, warehouse.Team{TeamID: "T1", ParentTeamID: "TOP", ManagerRepID: "M1"}, warehouse.Team{TeamID: "T2", ParentTeamID: "TOP"},
		warehouse.Team{TeamID: "T11", ParentTeamID: "T1"},
		warehouse.Rep{RepID: "BOSS", Email: "Boss@own.example", TeamID: "TOP"}, warehouse.Rep{RepID: "M1", Email: "m1@own.example", TeamID: "T1"},
		warehouse.Rep{RepID: "R1", Email: "r1@own.example", TeamID: "T1"}, warehouse.Rep{RepID: "R2", Email: "r2@own.example", TeamID: "T2"}, warehouse.Rep{RepID: "R3", Email: "r3@own.example", TeamID: "T11"})
	refresh(t, w)
	ctx := context.Background()
	err := w.Write(ctx, func(tx *warehouse.Tx) error {
		for _, u := range [][2]string{{"boss", "manager;cmo"}, {"m1", "manager"}, {"r1", "rep"}, {"r2", "rep;admin"}, {"r3", "admin"}} {
			_, err := tx.ExecContext(ctx, "insert into users (user_id, email, name, password_hash, roles, disabled, session_version, created_at) values (?, ?, 'x', 'x', ?, false, 0, ?)", "u-"+u[0], u[0]+"@own.example", u[1], syncTime)
			if err != nil {
				return err
			}
		}
		// Said to be M1, whatever the e-mail.
		_, err := tx.ExecContext(ctx, "insert into users (user_id, email, name, password_hash, roles, disabled, session_version, created_at, rep_id) values ('u-said', 'r2+x@own.example', 'x', 'x', 'manager', false, 0, ?, 'M1')", syncTime)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "insert into users (user_id, email, name, password_hash, roles, disabled, session_version, created_at) values ('u-off', 'm1+x@own.example', 'x', 'x', 'cmo', true, 0, ?)", syncTime)
		return err
	})
	if err != nil {
		t.Fatalf("add users: %v", err)
	}
	if err := w.UpdateVisibility(ctx); err != nil {
		t.Fatalf("update visibility: %v", err)
	}
	want := strings.Join([]string{"*|,BOSS,M1,R1,R2,R3", "u-boss|,BOSS,M1,R1,R2,R3", "u-m1|M1,R1,R3", "u-r1|R1", "u-r2|R2", "u-said|M1,R1,R3"}, "\n")
	if got := ask(t, w, "select user_id, string_agg(rep_id, ',' order by rep_id) from visible_rep group by 1 order by 1"); got != want {
		t.Errorf("visible:\n%s\nwant\n%s", got, want)
	}
}

func BenchmarkRefresh(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := open(b)
			loadCompany(b, w)
			loadActivities(b, w, n)
			b.ResetTimer()
			for range b.N {
				refresh(b, w)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "acts/s")
		})
	}
}

// loadCompany loads the reps, accounts and contacts that loadActivities writes to.
func loadCompany(tb testing.TB, w *warehouse.Warehouse) {
	tb.Helper()
	var records []any
	for i := range 36 {
		records = append(records, warehouse.Rep{RepID: fmt.Sprintf("R%02d", i), Name: fmt.Sprint("Rep ", i), Email: fmt.Sprintf("rep%d@own.example", i)})
	}
	for i := range 500 {
		records = append(records, warehouse.Account{AccountID: fmt.Sprint("A", i), Name: fmt.Sprint("Company ", i), Domain: fmt.Sprintf("company%d.example", i)})
	}
	for i := range 1500 { // a quarter of the people is seen only in mail
		records = append(records, warehouse.Contact{ContactID: fmt.Sprint("C", i), AccountID: fmt.Sprint("A", i%500), Email: fmt.Sprintf("person%d@company%d.example", i, i%500)})
	}
	for i := range 2400 {
		records = append(records, warehouse.Deal{
			DealID: fmt.Sprint("D", i), Status: []string{"open", "won", "lost"}[i%3], AccountID: fmt.Sprint("A", i%500), OwnerRepID: fmt.Sprintf("R%02d", i%36),
			Amount: warehouse.Known(int64(i) * 1000), Currency: "EUR", CreatedAt: syncTime.AddDate(0, 0, -i%700-30), ClosedAt: syncTime.AddDate(0, 0, -i%700),
		})
	}
	load(tb, w, "crm", syncTime, records...)
}

func TestRefreshJoinsAccountsThatWereMerged(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		crm, web []any
		want     string // contact's account
	}{
		{
			"a record whose parent has its domain was merged into it",
			[]any{
				warehouse.Account{AccountID: "A1", Name: "Acme", Domain: "acme.example"},
				warehouse.Account{AccountID: "A2", Name: "Acme (merged)", Domain: "www.acme.example", ParentAccountID: "A1"},
				warehouse.Contact{ContactID: "C1", AccountID: "A2"},
			},
			nil, "C1|A1|1",
		},
		{
			"a daughter with her own domain is an account",
			[]any{
				warehouse.Account{AccountID: "A1", Domain: "acme.example"},
				warehouse.Account{AccountID: "A2", Domain: "acme-labs.example", ParentAccountID: "A1"},
				warehouse.Contact{ContactID: "C1", AccountID: "A2"},
			},
			nil, "C1|A2|2",
		},
		{
			"two records of one source with one domain stay two",
			[]any{
				warehouse.Account{AccountID: "A1", Domain: "acme.example"},
				warehouse.Account{AccountID: "A2", Domain: "acme.example"},
				warehouse.Contact{ContactID: "C1", AccountID: "A2"},
			},
			nil, "C1|A2|2",
		},
		{
			"records of two sources with one domain are one account",
			[]any{warehouse.Account{AccountID: "A1", Domain: "acme.example"}},
			[]any{warehouse.Account{AccountID: "W7", Domain: "https://acme.example", Industry: "Tools"}, warehouse.Contact{ContactID: "C1", AccountID: "W7"}},
			"C1|A1|1",
		},
		{
			"free mail makes no account one",
			[]any{warehouse.Account{AccountID: "A1", Domain: "gmail.com"}},
			[]any{warehouse.Account{AccountID: "W7", Domain: "gmail.com"}, warehouse.Contact{ContactID: "C1", AccountID: "W7"}},
			"C1|W7|2",
		},
		{
			"a circle of parents keeps its records",
			[]any{
				warehouse.Account{AccountID: "A1", Domain: "acme.example", ParentAccountID: "A2"},
				warehouse.Account{AccountID: "A2", Domain: "acme.example", ParentAccountID: "A1"},
				warehouse.Contact{ContactID: "C1", AccountID: "A2"},
			},
			nil, "C1|A2|2",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			load(t, w, "crm", syncTime, tt.crm...)
			load(t, w, "web", syncTime, tt.web...)
			refresh(t, w)
			if got := ask(t, w, "select c.contact_id, c.account_id, (select count(*) from account) from contact c"); got != tt.want {
				t.Errorf("contact, account, accounts = %s, want %s", got, tt.want)
			}
			if broken := check(t, w).Broken; len(broken) > 0 {
				t.Errorf("broken: %v", broken)
			}
		})
	}
}

func TestSuggestName(t *testing.T) {
	t.Parallel()
	names := []string{"2024-q4-search-brand", "2025-q4-search-brand", "Spring Launch", "Spring Lunch", "Summer Fair"}
	for text, want := range map[string]string{
		"2024_q4_search_brand": "2024-q4-search-brand", "2025-q4-serach-brand": "2025-q4-search-brand", "2026-q4-search-brand": "",
		"summer_fairs": "Summer Fair", "spring-lanch": "", "winter": "", "": "",
	} {
		if got := warehouse.SuggestName(text, names); got != want {
			t.Errorf("SuggestName(%q) = %q, want %q", text, got, want)
		}
	}
}

// Readers never wait for a refresh and never see half of one: while
// generations follow each other every snapshot holds the deals of its own.
func TestReadersSeeWholeGenerations(t *testing.T) {
	t.Parallel()
	engine, err := duckdb.Open(filepath.Join(t.TempDir(), "c.db"), duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatalf("open engine: %v", err)
	}
	ctx := context.Background()
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		t.Fatalf("open warehouse: %v", err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	refresh(t, w)
	stop, done := make(chan struct{}), make(chan error, 2)
	for range 2 {
		go func() {
			for {
				select {
				case <-stop:
					done <- nil
					return
				default:
				}
				err := w.Read(ctx, func(s *warehouse.Snapshot) error {
					for range 3 { // the same within one snapshot
						var deals, reps, visible int64
						if err := s.QueryRowContext(ctx, "select (select count(*) from deal), (select count(*) from rep), (select count(*) from visible_rep where user_id = '*')").Scan(&deals, &reps, &visible); err != nil {
							return err
						}
						if want := s.Generation - 1; deals != want || reps != want || visible != want+1 {
							return fmt.Errorf("generation %d shows %d deals, %d reps, %d visible", s.Generation, deals, reps, visible)
						}
					}
					return nil
				})
				if err != nil {
					done <- err
					return
				}
			}
		}()
	}
	for i := range 4 {
		load(t, w, "crm", syncTime, warehouse.Deal{DealID: fmt.Sprint("D", i), Status: "open"}, warehouse.Rep{RepID: fmt.Sprint("R", i)})
		refresh(t, w)
	}
	close(stop)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
