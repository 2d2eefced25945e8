package web

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/server/auth"
)

// TestMatrixAfterChanges asks with sessions and tokens that are open while rights
// change, by an administrator's page, at the machine and in the CRM: five seconds
// later everything is answered by the new ones, also what was asked before.
func TestMatrixAfterChanges(t *testing.T) {
	t.Parallel()
	m := matrixCopy(t)
	s := m.server(t)
	who := map[string]principal{}
	for _, p := range s.principals(t) {
		who[p.name] = p
	}
	status := func(name, target string) int {
		t.Helper()
		return s.as(t, who[name], http.MethodGet, target, "").StatusCode
	}
	expect := func(when string, want map[string]int) {
		t.Helper()
		for key, status1 := range want {
			name, target, _ := strings.Cut(key, " at ")
			if got := status(name, target); got != status1 {
				t.Errorf("%s %s is answered %d at %s, want %d", when, name, got, target, status1)
			}
		}
	}
	script, err := auth.InMemory(m.w).MakeToken(t.Context(), testNow, m.users["manager T2"], "nightly", []auth.Scope{auth.ScopeAll}, 30)
	if err != nil {
		t.Fatal(err)
	}
	who["token of manager T2"] = principal{name: "token of manager T2", rep: "q", roles: []string{"manager"}, bearer: "Bearer " + script}
	expect("before", map[string]int{
		"manager T1 at /deals/D-b1": 200, "manager T2 at /deals/D-b1": 404, "manager T2 at /teams/T2": 200, "token of manager T2 at /api/v1/deals/D-c1": 200,
		"rep C at /deals/D-c1": 200, "manager T1 at /api/v1/deals/D-n1": 200,
	})

	// In the CRM rep B goes to the other team.
	file := filepath.Join(m.dir, "crm", "reps.csv")
	reps, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reps = regexp.MustCompile("(?m)^(R-b,.*),T1$").ReplaceAll(reps, []byte("$1,T2"))
	if err = os.WriteFile(file, append(reps, "R-w,Wanda,wanda@own.example,\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	// What rep A won in the closed quarter is said to be of a rep in no team, whom the
	// head of the company does not lead.
	file = filepath.Join(m.dir, "crm", "deals.csv")
	deals, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^D-a5,A-a1,K-a1,R-a,(Deal zq[a-z]+),won,won,\d+,`).FindSubmatch(deals)
	if line == nil {
		t.Fatal("the deal that is to change its owner is not in the files")
	}
	if err = os.WriteFile(file, bytes.Replace(deals, line[0], []byte("D-a5,A-a1,K-a1,R-w,"+string(line[1])+",won,won,1234,"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	m.synced(t)
	s.clock.forward(5 * time.Second)
	expect("after a rep moved", map[string]int{
		"manager T1 at /deals/D-b3": 404, "manager T2 at /deals/D-b3": 200, "token of manager T2 at /api/v1/deals/D-b3": 200, "rep B at /deals/D-b3": 200, // open
		"manager T1 at /deals/D-b1": 200, "manager T2 at /deals/D-b1": 404, "token of manager T2 at /api/v1/deals/D-b1": 404, "rep B at /deals/D-b1": 200, // won before
		"manager T1 at /reps/R-b": 200, "manager T2 at /reps/R-b": 200,
	})
	for name, want := range map[string]bool{"manager T1": false, "manager T2": true} {
		listed := s.dealsOf(t, who[name])
		if got := slices.Contains(listed, "D-b3"); got != want {
			t.Errorf("after a rep moved %s lists the rep's open deal: %v", name, got)
		}
		if got := slices.Contains(listed, "D-b1"); got == want {
			t.Errorf("after a rep moved %s lists what the rep won before: %v", name, got)
		}
	}

	for name, want := range map[string]bool{"root manager": false, "cmo": true} {
		a := s.as(t, who[name], http.MethodGet, "/reports/2026Q3/restatement", "")
		if got := strings.Contains(a.body, string(line[1])); a.StatusCode != http.StatusOK || got != want {
			t.Errorf("what a rep in no team won is in the restatement that %s sees (%d): %v", name, a.StatusCode, got)
		}
	}

	// An administrator's page makes the manager of T2 a rep, and disables rep C.
	form := url.Values{"name": {"User"}, "role": {"rep"}}
	if a := s.as(t, who["admin"], http.MethodPost, "/users/"+m.users["manager T2"].ID, form.Encode()); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("demoting answers %d: %.200s", a.StatusCode, a.body)
	}
	if a := s.as(t, who["admin"], http.MethodPost, "/users/"+m.users["rep C"].ID+"/disable", "x=1"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("disabling answers %d: %.200s", a.StatusCode, a.body)
	}
	expect("after a demotion by an administrator", map[string]int{
		"manager T2 at /api/v1/deals/D-c1": 401, "token of manager T2 at /api/v1/deals/D-c1": 404, "token of manager T2 at /api/v1/deals/D-q1": 200, "rep C at /api/v1/deals/D-c1": 401,
	})

	// At the machine, behind the server's back, the manager of T1 is disabled.
	if err := auth.InMemory(m.w).Disable(t.Context(), testNow, m.users["manager T1"].Email); err != nil {
		t.Fatal(err)
	}
	s.clock.forward(5 * time.Second)
	expect("after disabling at the machine", map[string]int{"manager T1 at /api/v1/deals/D-a1": 401, "rep A at /api/v1/deals/D-a1": 200})
}

// TestMatrixOfCaches asks the same addresses as A, then as B with everything a
// cache could have kept of A's answer: B's answer is B's own.
func TestMatrixOfCaches(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	who := map[string]principal{}
	for _, p := range s.principals(t) {
		who[p.name] = p
	}
	for _, target := range []string{"/me", "/deals", "/attribution", "/campaigns", "/api/v1/deals", "/api/v1/credits", "/api/v1/accounts", "/api/v1/metrics/won_revenue", "/attribution?by=campaign&format=csv"} {
		first := s.as(t, who["rep A"], http.MethodGet, target, "")
		if tag := first.Header.Get("Etag"); tag != "" || !strings.Contains(first.Header.Get("Cache-Control"), "no-store") || !strings.Contains(first.Header.Get("Vary"), "Authorization") {
			t.Errorf("%s may be kept by a cache: ETag %q, Cache-Control %q, Vary %q", target, tag, first.Header.Get("Cache-Control"), first.Header.Get("Vary"))
		}
		second := s.as(t, who["rep B"], http.MethodGet, target, "", "If-None-Match", "*", "If-Modified-Since", testNow.Add(time.Hour).Format(http.TimeFormat), "Range", "bytes=0-20")
		if second.StatusCode != http.StatusOK {
			t.Errorf("%s answers B %d after A, want their own answer", target, second.StatusCode)
		}
		s.holdsNoMark(t, who["rep B"], target, second, nil)
		s.holdsNoMark(t, who["rep A"], target, s.as(t, who["rep A"], http.MethodGet, target, ""), nil)
	}
}
