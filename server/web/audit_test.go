package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"credence/server/audit"
	"credence/warehouse"
)

func TestThePageOfTheLog(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	bearer := "Bearer " + s.token(t, "admin@halden.example", testPassword)
	admin := s.noted(t, audit.Filter{Action: audit.SignIn})[0].Actor
	err := s.Warehouse.Write(t.Context(), func(tx *warehouse.Tx) error {
		var events []audit.Event
		for n := range 150 {
			events = append(events, audit.Event{At: testNow.AddDate(0, 0, -n), Actor: audit.CommandLine, Action: audit.Sync, Object: "source-" + strconv.Itoa(n), Detail: map[string]string{"full": "<b>yes"}})
		}
		events = append(events, audit.Event{At: testNow.AddDate(-1, 0, 0), Actor: audit.CommandLine, Action: audit.Setting, Object: "configuration", Detail: map[string]string{
			"attribution.lookback_days": "30 days", "company.currency": "EUR", "changed": "attribution.lookback_days: 90 days → 30 days",
		}})
		return audit.Record(t.Context(), tx, events...)
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(target string) answer {
		return s.ask(t, http.MethodGet, target, nil, "Authorization", bearer)
	}
	tests := []struct {
		name, target string
		status       int
		has, hasNot  []string
	}{
		{"everything, a page of it", "/audit", 200, []string{"events are in the log", "source-149", "&lt;b&gt;yes"}, []string{"source-20<", "<b>yes"}},
		{"the next page", "/audit?before=56", 200, []string{"source-20<", "First page"}, []string{"source-149"}},
		{"who", "/audit?who=" + admin, 200, []string{"Test admin", "sign-in"}, []string{"source-"}},
		{"what and where", "/audit?action=sync&object=source-14", 200, []string{"source-14<", "source-149", "11 events"}, []string{"source-15<"}},
		{"days, both included", "/audit?from=2026-11-14&to=2026-11-15", 200, []string{"source-1<", "source-2<", "2 events"}, []string{"source-0<", "source-3<"}},
		{"what was changed, of all that holds", "/audit?object=configuration", 200, []string{"90 days → 30 days"}, []string{"company.currency"}},
		{"nothing", "/audit?object=nothing-like-it", 200, []string{"No event meets this filter"}, nil},
		{"no day", "/audit?from=yesterday", 400, []string{"2026-07-31"}, nil},
		{"no row", "/audit?before=x", 400, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := ask(tt.target)
			if a.StatusCode != tt.status {
				t.Errorf("answers %d, want %d", a.StatusCode, tt.status)
			}
			for _, text := range tt.has {
				if !strings.Contains(a.body, text) {
					t.Errorf("the page lacks %q", text)
				}
			}
			for _, text := range tt.hasNot {
				if strings.Contains(a.body, text) {
					t.Errorf("the page has %q", text)
				}
			}
		})
	}
	t.Run("as a file, which is noted itself", func(t *testing.T) {
		t.Parallel()
		a := ask("/audit.csv?action=sync")
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil || len(rows) != 151 || len(rows[1][8]) != 64 {
			t.Fatalf("the file has %d rows (%v), want 151 with hashes", len(rows), err)
		}
		if got := s.noted(t, audit.Filter{Action: audit.Export}); len(got) != 1 || got[0].Object != "/audit.csv" || got[0].Detail["rows"] != "150" {
			t.Errorf("the file is noted as %+v", got)
		}
	})
}
