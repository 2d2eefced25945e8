package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
)

// TestLawfulBasisIsShown asks the page and the API of a deal by what right its
// people are known.
func TestLawfulBasisIsShown(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	at := time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)
	s.load(t,
		warehouse.Contact{ContactID: "n1", AccountID: "a1", Name: "Ada", Email: "ada@arden.example", LawfulBasis: "consent"},
		warehouse.Contact{ContactID: "n3", AccountID: "a2", Name: "Cy", Email: "cy@birk.example", LawfulBasis: "zqcontract"},
		warehouse.Contact{ContactID: "n4", AccountID: "a2", Name: "Dot", Email: "dot@birk.example", LawfulBasis: "zqhidden", OptedOut: warehouse.Known(true)},
		warehouse.Visit{VisitID: "v5", OccurredAt: at, VisitorID: "x5", Email: "cy@birk.example", UTMCampaign: "Fair"},
		warehouse.Visit{VisitID: "v6", OccurredAt: at, VisitorID: "x6", Email: "dot@birk.example", UTMCampaign: "Fair"},
		warehouse.Deal{DealID: "D2", Name: "Probes", AccountID: "a2", OwnerRepID: "r0", Status: "won", Amount: warehouse.Known[int64](20000), Currency: "EUR", CreatedAt: at, ClosedAt: at.AddDate(0, 0, 20)},
	)
	for _, tt := range []struct {
		who, target string
		status      int
		says        []string
		never       []string
	}{
		{"rep", "/deals/D1", 200, []string{"People on this deal", ">Ada<", "Consent granted", ">crm<"}, []string{"zqcontract"}},
		{"rep", "/api/v1/deals/D1/journey", 200, []string{`"lawful_basis":"consent"`, `"lawful_basis_source":"crm"`}, []string{"zqcontract"}},
		{"manager", "/deals/D2", 200, []string{">Cy<", "Zqcontract", ">crm<", ">Bo<", "no source tells"}, []string{"qhidden", "Dot"}},
		{"manager", "/api/v1/deals/D2/journey", 200, []string{`"lawful_basis":"zqcontract"`, `"lawful_basis":""`}, []string{"qhidden", "Dot"}},
		{"rep", "/deals/D2", 404, nil, []string{"qcontract", "Cy<"}},
		{"rep", "/api/v1/deals/D2/journey", 404, nil, []string{"qcontract"}},
	} {
		a := s.ask(t, http.MethodGet, tt.target, nil, "Authorization", "Bearer "+s.token(t, tt.who+"@halden.example", testPassword))
		if a.StatusCode != tt.status {
			t.Errorf("%s asks %s: %d, want %d", tt.who, tt.target, a.StatusCode, tt.status)
		}
		for _, words := range tt.says {
			if !strings.Contains(a.body, words) {
				t.Errorf("%s asks %s: %q is missing", tt.who, tt.target, words)
			}
		}
		for _, words := range tt.never {
			if strings.Contains(a.body, words) {
				t.Errorf("%s asks %s: %q must not be told", tt.who, tt.target, words)
			}
		}
	}
}
