package web

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"credence/server/config"
)

// sourcesServer is a server with a folder of CSV files, of which some rows are
// bad, and a second source that cannot be read.
func sourcesServer(t *testing.T) *testServer {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var deals strings.Builder
	deals.WriteString("deal_id,name,status,amount,currency,created_at,closed_at\n")
	for i := range 60 {
		fmt.Fprintf(&deals, "D%d,Deal %d,won,10.00,EUR,2026-10-01,2026-11-02\n", i, i)
	}
	for i := range 70 {
		fmt.Fprintf(&deals, "X%d,\"<script>alert(%d)</script>\",won,10.00,EUR,yesterday,2026-11-02\n", i, i)
	}
	put("files/deals.csv", deals.String())
	put("mail/noise.mbox", "\x00\x01 no mail")
	return newTestServer(t, func(c *config.Config) {
		c.Company.Domains = []string{"halden.example"}
		c.Sources = []config.Source{
			{Name: "crm", Kind: "csvfile", Settings: map[string]any{"path": filepath.Join(dir, "files")}},
			{Name: "mail <&>", Kind: "mailbox", Settings: map[string]any{"path": filepath.Join(dir, "mail")}},
		}
	})
}

// sync posts the button of the page and waits for the end of the sync.
func (s *testServer) syncNow(t *testing.T, cookies, source string) answer {
	t.Helper()
	page := s.ask(t, http.MethodGet, "/sources", nil, "Cookie", cookies)
	token := regexp.MustCompile(`name="_csrf" value="([^"]+)"`).FindStringSubmatch(page.body)
	if token == nil {
		t.Fatalf("the page has no form token: %s", page.body)
	}
	form := url.Values{"_csrf": {token[1]}, "source": {source}}
	a := s.ask(t, http.MethodPost, "/sync", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookies, "Origin", s.Config.BaseURL)
	s.syncs.mu.Lock()
	done := s.syncs.done
	s.syncs.mu.Unlock()
	if done != nil {
		<-done
	}
	return a
}

func TestSourcesFromEmptyToRejectedRows(t *testing.T) {
	t.Parallel()
	s := sourcesServer(t)
	admin := s.cookies(t, "admin@halden.example")
	get := func(target string) string {
		t.Helper()
		a := s.ask(t, http.MethodGet, target, nil, "Cookie", admin)
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%s: got %d: %s", target, a.StatusCode, a.body)
		}
		if !strings.HasSuffix(target, ".csv") && strings.Contains(a.body, "<script>alert") {
			t.Errorf("%s runs what a row holds", target)
		}
		return a.body
	}
	want := func(target string, parts ...string) string {
		t.Helper()
		body := get(target)
		for _, p := range parts {
			if !strings.Contains(body, p) {
				t.Errorf("%s lacks %q: %s", target, p, body)
			}
		}
		return body
	}

	// Before the first run.
	want("/sources", "None of 2 sources was read yet", "never read", "Sync all", "slackexport")
	want("/sources/crm", "Nothing was read yet", "Sync now")
	want("/quality", "Nothing was read yet")

	// One good source with bad rows, one that fails.
	if a := s.syncNow(t, admin, ""); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/sources" {
		t.Fatalf("sync: got %d to %s: %s", a.StatusCode, a.Header.Get("Location"), a.body)
	}
	want("/sources", "mail &lt;&amp;&gt;", "was never read completely", "the other source is in step", ">70 rows</a>", "noise.mbox", "did not finish",
		`href="/sources/crm/rejected"`, `class="rejected"`, `class="failed"`)
	want("/sources/mail%20%3C&%3E", "failed and changed nothing", "noise.mbox")
	page := want("/sources/crm", "60 records", "70 rows", "/sources/crm/rejected.csv")
	run := regexp.MustCompile(`href="(/sources/crm/runs/\d+)"`).FindStringSubmatch(page)
	if run == nil {
		t.Fatal("the source has no run")
	}
	first := want(run[1], "deals.csv", "read 130 rows", "yesterday", "created_at", "after=50")
	if n := strings.Count(first, `class="row-text"`) + strings.Count(first, `row-text"`); n < rejectedShown {
		t.Errorf("the first page shows %d rejected rows, want %d", n, rejectedShown)
	}
	second := want(run[1]+"?after=50", "First page")
	if strings.Contains(second, "Next page") || !strings.Contains(second, "X69") {
		t.Errorf("the second page is not the last: %s", second)
	}
	want("/sources/crm/rejected", "70 rows of crm could not be kept", "/sources/crm/rejected.csv")
	want("/sources/crm/rejected.csv", "file,line,field,reason,row\ndeals.csv,62,created_at,")

	// Checks open to their rows.
	want("/quality", "checks found something", "Deals without an owner", "found nothing")
	want("/quality/deals_without_owner", "Deals without an owner: 60.", "deal id", "€10.00")
	want("/quality/deals_without_owner/rows.csv", "deal_id,", "D0,")

	// A run that finds nothing new.
	s.syncNow(t, admin, "crm")
	want("/sources/crm", "nothing new")
	api := s.ask(t, http.MethodGet, "/api/v1/sources", nil, "Cookie", admin).body
	for _, part := range []string{`"source":"crm","kind":"csvfile","records_held":60,"rejected_held":70,"status":"done"`, `"rows_read":0`, `"source":"mail \u003c\u0026\u003e"`} {
		if !strings.Contains(api, part) {
			t.Errorf("/api/v1/sources lacks %s: %s", part, api)
		}
	}
	want("/sources", "times in ")
	if a := s.ask(t, http.MethodGet, "/sync", nil, "Cookie", admin); a.StatusCode != http.StatusOK || a.Header.Get("HX-Refresh") != "true" || strings.Contains(a.body, "hx-get") {
		t.Errorf("the box of an ended sync: got %d, refresh %q: %s", a.StatusCode, a.Header.Get("HX-Refresh"), a.body)
	}
}

func TestSourcesRefuse(t *testing.T) {
	t.Parallel()
	s := sourcesServer(t)
	admin := s.cookies(t, "admin@halden.example")
	s.syncNow(t, admin, "crm")
	tests := []struct {
		name, email, target string
		want                int
	}{
		{"a source that does not exist", "admin", "/sources/nothing", 404},
		{"a source that does not exist as file", "admin", "/sources/nothing/rejected", 404},
		{"a run that does not exist", "admin", "/sources/crm/runs/99", 404},
		{"a run of another source", "admin", "/sources/mail%20%3C&%3E/runs/1", 404},
		{"a run that is no number", "admin", "/sources/crm/runs/x", 404},
		{"a check that does not exist", "admin", "/quality/nothing", 404},
		{"a place that is no number", "admin", "/sources/crm/rejected?after=x", 400},
		{"a place before the list", "admin", "/quality/deals_without_owner?after=-1", 400},
		{"sources for a rep", "rep", "/sources", 403},
		{"rejected rows for a manager", "manager", "/sources/crm/rejected.csv", 403},
		{"a run for a cmo", "cmo", "/sources/crm/runs/1", 403},
		{"quality for a rep", "rep", "/quality", 403},
		{"quality for a cmo", "cmo", "/quality", 200},
		{"rows of a check for a cmo", "cmo", "/quality/deals_without_account", 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := s.ask(t, http.MethodGet, tt.target, nil, "Cookie", s.cookies(t, tt.email+"@halden.example"))
			if a.StatusCode != tt.want {
				t.Errorf("%s %s: got %d, want %d", tt.email, tt.target, a.StatusCode, tt.want)
			}
			if tt.email == "cmo" && strings.Contains(a.body, "owner rep id") {
				t.Errorf("%s tells a cmo the reps", tt.target)
			}
		})
	}
	form := strings.NewReader(url.Values{"source": {"crm"}}.Encode())
	if a := s.ask(t, http.MethodPost, "/sync", form, "Content-Type", "application/x-www-form-urlencoded", "Cookie", admin, "Origin", s.Config.BaseURL); a.StatusCode != http.StatusForbidden {
		t.Errorf("a sync without form token: got %d, want 403", a.StatusCode)
	}
	if a := s.syncNow(t, admin, "crn"); a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, "crm") {
		t.Errorf("a sync of a misspelt source: got %d: %s", a.StatusCode, a.body)
	}
}

// TestASyncIsStoppedWithTheServer waits for the running sync and starts no
// other.
func TestASyncIsStoppedWithTheServer(t *testing.T) {
	t.Parallel()
	s := sourcesServer(t)
	s.syncNow(t, s.cookies(t, "admin@halden.example"), "crm")
	s.syncs.stop()
	if s.syncs.start(nil, reading("crm"), "x") || s.syncs.running() {
		t.Error("a sync was started after the end")
	}
}
