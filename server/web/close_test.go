package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
)

// closedCompany is a company of two deals won in 2026Q3, by two touches each,
// whose root team the manager leads.
func closedCompany(tb testing.TB) *testServer {
	tb.Helper()
	s := newTestServer(tb, nil)
	at := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 12, 0, 0, 0, time.UTC) }
	s.load(tb,
		warehouse.Team{TeamID: "t0", Name: "All", ManagerRepID: "r0"}, warehouse.Team{TeamID: "t1", Name: "North", ParentTeamID: "t0"},
		warehouse.Rep{RepID: "r0", Name: "Max", Email: "manager@halden.example", TeamID: "t0"}, warehouse.Rep{RepID: "r1", Name: "Lena Ort", Email: "rep@halden.example", TeamID: "t1"},
		warehouse.Campaign{CampaignID: "c1", Name: "Summer", Channel: "Paid Social"}, warehouse.Campaign{CampaignID: "c2", Name: "Fair", Channel: "Event"},
		warehouse.Account{AccountID: "a1", Name: "Arden", Domain: "arden.example"}, warehouse.Account{AccountID: "a2", Name: "Birk", Domain: "birk.example"},
		warehouse.Contact{ContactID: "n1", AccountID: "a1", Name: "Ada", Email: "ada@arden.example"}, warehouse.Contact{ContactID: "n2", AccountID: "a2", Name: "Bo", Email: "bo@birk.example"},
		warehouse.Deal{DealID: "D1", Name: "Gauges", AccountID: "a1", OwnerRepID: "r1", Status: "won", Amount: warehouse.Known[int64](10000), Currency: "EUR", CreatedAt: at(7, 1), ClosedAt: at(8, 10)},
		warehouse.Deal{DealID: "D2", Name: "Probes", AccountID: "a2", OwnerRepID: "r1", Status: "won", Amount: warehouse.Known[int64](20000), Currency: "EUR", CreatedAt: at(7, 2), ClosedAt: at(8, 11)},
		warehouse.Activity{ActivityID: "m1", Kind: "meeting", Direction: "outbound", OccurredAt: at(7, 20), RepID: "r1", Email: "ada@arden.example", Outcome: "held"},
		warehouse.Visit{VisitID: "v1", OccurredAt: at(6, 10), VisitorID: "x1", Email: "ada@arden.example", UTMCampaign: "Summer"},
		warehouse.Visit{VisitID: "v2", OccurredAt: at(6, 11), VisitorID: "x2", Email: "bo@birk.example", UTMCampaign: "Summer"},
		warehouse.Visit{VisitID: "v3", OccurredAt: at(7, 12), VisitorID: "x2", Email: "bo@birk.example", UTMCampaign: "Fair"},
	)
	return s
}

// load reads records of the CRM and derives everything anew.
func (s *testServer) load(tb testing.TB, records ...any) {
	tb.Helper()
	_, err := s.Warehouse.Load(tb.Context(), warehouse.LoadSource{Name: "crm", Kind: "test", At: s.clock.now()}, func(l *warehouse.Loader) error {
		for _, r := range records {
			l.Read(1)
			if err := l.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := s.jobs(Reader{}).Refresh(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}

func (s *testServer) close(t *testing.T, bearer, period, version, reason string) answer {
	t.Helper()
	form := url.Values{"version": {version}, "reason": {reason}}
	return s.ask(t, http.MethodPost, "/reports/"+period+"/close", strings.NewReader(form.Encode()), "Authorization", bearer, "Content-Type", "application/x-www-form-urlencoded")
}

func TestWhoSeesReportsClosesQuarters(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	for role, want := range map[string]int{"rep": 404, "admin": 404, "manager": 200, "cmo": 200} {
		bearer := "Bearer " + s.token(t, role+"@halden.example", testPassword)
		if a := s.ask(t, http.MethodGet, "/reports/2026Q3/close", nil, "Authorization", bearer); a.StatusCode != want {
			t.Errorf("a %s is answered %d, want %d: %s", role, a.StatusCode, want, a.body)
		}
		if want == 404 {
			if a := s.close(t, bearer, "2026Q3", "0", ""); a.StatusCode != want {
				t.Errorf("a %s who closes is answered %d, want %d", role, a.StatusCode, want)
			}
		}
		for _, target := range []string{"/reports/2026Q3/restatement", "/reports/never/close", "/reports/never/restatement"} {
			if a := s.ask(t, http.MethodGet, target, nil, "Authorization", bearer); a.StatusCode != 404 {
				t.Errorf("%s answers a %s %d, want 404", target, role, a.StatusCode)
			}
		}
	}
	cookie := s.cookies(t, "cmo@halden.example")
	a := s.ask(t, http.MethodPost, "/reports/2026Q3/close", strings.NewReader("version=0"), "Cookie", cookie, "Origin", "http://127.0.0.1:8080", "Content-Type", "application/x-www-form-urlencoded")
	if a.StatusCode != http.StatusForbidden {
		t.Errorf("a form without its token is answered %d, want 403", a.StatusCode)
	}
}

func TestAQuarterThatCannotBeClosedSaysWhy(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	bearer := "Bearer " + s.token(t, "cmo@halden.example", testPassword)
	for period, want := range map[string]string{
		"2026Q4": "can be closed when it has ended", "2026": "Only a quarter of the fiscal year can be closed", "2026-07": "Only a quarter of the fiscal year can be closed",
	} {
		if a := s.ask(t, http.MethodGet, "/reports/"+period+"/close", nil, "Authorization", bearer); a.StatusCode != 200 || !strings.Contains(a.body, want) || strings.Contains(a.body, "<textarea") {
			t.Errorf("%s: got %d, want %q and no form: %s", period, a.StatusCode, want, a.body)
		}
		if a := s.close(t, bearer, period, "0", ""); a.StatusCode != http.StatusConflict {
			t.Errorf("closing %s is answered %d, want 409", period, a.StatusCode)
		}
	}
	s.clock.forward(90 * 24 * time.Hour) // 2026Q4 is over, its figures are not in
	bearer = "Bearer " + s.token(t, "cmo@halden.example", testPassword)
	if a := s.close(t, bearer, "2026Q4", "0", ""); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "older than the end of the quarter") {
		t.Errorf("closing with old figures is answered %d: %s", a.StatusCode, a.body)
	}
}

func TestAClosedQuarterSaysWhatChangedSince(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	bearer := "Bearer " + s.token(t, "cmo@halden.example", testPassword)
	get := func(target string) answer { return s.ask(t, http.MethodGet, target, nil, "Authorization", bearer) }
	for _, tt := range []struct {
		version, reason string
		want            int
		words           string
	}{
		{"0", "for the board", 303, ""},
		{"0", "for the board", 409, "meanwhile"},
		{"1", "because", 400, ">because</textarea>"},
		{"1", strings.Repeat("x", 501), 400, "10 to 500"},
		{"x", "", 400, "version"},
	} {
		if a := s.close(t, bearer, "2026Q3", tt.version, tt.reason); a.StatusCode != tt.want || !strings.Contains(a.body, tt.words) {
			t.Errorf("closing upon %s because %q: got %d, want %d with %q: %s", tt.version, tt.reason, a.StatusCode, tt.want, tt.words, a.body)
		}
	}
	if body := get("/reports/2026Q3/restatement").body; !strings.Contains(body, "still says what was reported") || !strings.Contains(body, "for the board") {
		t.Errorf("nothing changed, and the page says %s", body)
	}

	s.clock.forward(time.Minute)
	s.load(t, warehouse.Visit{VisitID: "v4", OccurredAt: time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC), VisitorID: "x1", Email: "ada@arden.example", UTMCampaign: "Fair"})
	page := get("/reports/2026Q3/restatement?deal=D1")
	for _, want := range []string{"all by late data", "€33.33", "1 touch came", "Not in the journey then", "Event rose by €33"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the restatement says not %q: %s", want, page.body)
		}
	}
	file, err := csv.NewReader(strings.NewReader(get("/reports/2026Q3/restatement?format=csv").body)).ReadAll()
	if err != nil || len(file) != 5 || strings.Join(file[1], " ") != "Event 100.00 133.34 0.00 0.00 0.00 0.00 0.00 33.34 0.00 EUR" {
		t.Errorf("the file is %v, %v", file, err)
	}
	for target, want := range map[string]int{"?by=rep": 400, "?by=moon": 400, "?cause=moon": 400, "?version=9": 404, "?deal=none": 404, "?cause=late": 200, "?by=campaign": 200, "?model=markov": 200} {
		if got := get("/reports/2026Q3/restatement" + target).StatusCode; got != want {
			t.Errorf("%s answers %d, want %d", target, got, want)
		}
	}
	if body := get("/reports?period=2026Q3").body; !strings.Contains(body, "closed 16 Nov 2026") || !strings.Contains(body, "/reports/2026Q3/restatement") {
		t.Errorf("the list of reports says %s", body)
	}

	var report struct {
		Sections []struct {
			Section string
			Rows    [][]struct{ Value any }
		}
	}
	if err := json.Unmarshal([]byte(get("/reports/2026Q3.json").body), &report); err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, sec := range report.Sections {
		said[sec.Section] = len(sec.Rows)
		if sec.Section == "restated-deals" && (sec.Rows[0][0].Value != "D1" || sec.Rows[0][3].Value != "Late data") {
			t.Errorf("the report's deals are %v", sec.Rows)
		}
	}
	if said["restatement"] != 5 || said["restated-deals"] != 1 {
		t.Errorf("the report's sections have rows %v, want those of the restatement", said)
	}
	if strings.Contains(get("/reports/2026Q2.json").body, "restatement") {
		t.Error("the report of an open quarter has a restatement")
	}

	if a := s.close(t, bearer, "2026Q3", "1", "the visits of the fair are in now"); a.StatusCode != 303 {
		t.Errorf("closing again is answered %d: %s", a.StatusCode, a.body)
	}
	if body := get("/reports/2026Q3/restatement").body; !strings.Contains(body, "still says what was reported") || !strings.Contains(body, "version=1") {
		t.Errorf("after the second closing the page says %s", body)
	}
	if body := get("/reports/2026Q3/restatement?version=1").body; !strings.Contains(body, "all by late data") {
		t.Errorf("the first version is gone: %s", body)
	}
}

func TestTheRootManagerSeesCreditByRepRestated(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	bearer := "Bearer " + s.token(t, "manager@halden.example", testPassword)
	if a := s.close(t, bearer, "2026Q3", "0", ""); a.StatusCode != 303 {
		t.Fatalf("closing is answered %d: %s", a.StatusCode, a.body)
	}
	s.clock.forward(time.Minute)
	s.load(t, warehouse.Visit{VisitID: "v4", OccurredAt: time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC), VisitorID: "x1", Email: "ada@arden.example", UTMCampaign: "Fair"})
	if a := s.ask(t, http.MethodGet, "/reports/2026Q3/restatement?by=rep", nil, "Authorization", bearer); a.StatusCode != 200 || !strings.Contains(a.body, "Lena Ort fell by €17") {
		t.Errorf("by rep: %d %s", a.StatusCode, a.body)
	}
}
