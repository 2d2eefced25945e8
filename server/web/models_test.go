package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"credence/attribution"
	"credence/warehouse"
)

// TestEffectsAreToldOnTheModelPageAsOnTheDeal: the removal effect that weighs a
// touch on the deal of a rep stands on the model's page for the rep too, and sums
// of money do on neither.
func TestEffectsAreToldOnTheModelPageAsOnTheDeal(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	u, bearer := wd.bearer(t, s, "rep")
	page := func(target string) string {
		a := s.ask(t, http.MethodGet, target, nil, "Authorization", bearer)
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d: %.300s", target, a.StatusCode, a.body)
		}
		return html.UnescapeString(a.body)
	}
	var deal string
	var learned attribution.Learned
	var kinds []attribution.IncrementalKind
	err := wd.w.Read(t.Context(), func(q *warehouse.Snapshot) (err error) {
		if learned, err = attribution.LearnedOf(t.Context(), q, "nobody", "channel"); err != nil {
			return err
		}
		if kinds, err = attribution.IncrementalKinds(t.Context(), q); err != nil {
			return err
		}
		return q.QueryRowContext(t.Context(), `select d.deal_id from journey_deal d where d.status = 'won' and d.amount_minor > 0 and d.membership_id = ?
			order by d.eligible desc, d.deal_id limit 1`, wd.repID(u)).Scan(&deal)
	})
	if err != nil || len(learned.Effects) == 0 {
		t.Fatalf("%d effects: %v", len(learned.Effects), err)
	}
	chain := page("/attribution/models/markov")
	told := map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)<th scope="row">(?:<[^>]*>)*([A-Z][A-Za-z -]*)</th><td class="num val">([0-9.]+)</td>`).FindAllStringSubmatch(chain, -1) {
		told[m[1]] = m[2]
	}
	for _, e := range learned.Effects {
		if told[e.ID] == "" {
			t.Errorf("the page of markov does not tell a rep the effect of %s: %v", e.ID, told)
		}
	}
	if strings.Contains(chain, ">Aggregate<") || strings.Contains(page("/attribution/models/shapley"), ">Aggregate<") {
		t.Error("a rep is told what channels earned over the whole company")
	}
	why := regexp.MustCompile(`Without ([A-Za-z -]+) the chain of all closed journeys \(order 1\) wins [0-9.]+ % less often: this removal effect, ([0-9.]+),`).FindStringSubmatch(page("/deals/" + deal + "?model=markov&touch=1"))
	if why == nil || !strings.HasPrefix(why[2], told[why[1]][:5]) {
		t.Errorf("the deal says %v, the page of markov %v", why, told)
	}

	caused := page("/attribution/models/incremental")
	if strings.Contains(caused, ">Caused<") {
		t.Error("a rep is told what channels caused over the whole company")
	}
	if len(kinds) > 0 != strings.Contains(caused, "What one fresh touch does") {
		t.Errorf("of %d kinds of touches the page of incremental does not tell a rep", len(kinds))
	}
}

// TestAccuracyIsReadInAFewSentences: the figures stand in one table, and what
// they say in at most three sentences.
func TestAccuracyIsReadInAFewSentences(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	bearer := wd.cmo(t, s)
	for _, m := range attribution.Models {
		body := s.ask(t, http.MethodGet, "/attribution/models/"+m.ID, nil, "Authorization", bearer).body
		_, measured, found := strings.Cut(body, `class="rows measured"`)
		if !found {
			t.Errorf("%s: no table of figures", m.ID)
			continue
		}
		table, after, _ := strings.Cut(measured, "</table>")
		heads, rows := strings.Count(table, `<th scope="col"`), strings.Count(table, "<tr class=\"two\">")
		if cells := strings.Count(table, "<td"); rows < 4 || cells != rows*(heads-1) {
			t.Errorf("%s: %d figures in %d rows under %d heads", m.ID, cells, rows, heads)
		}
		part, _, _ := strings.Cut(after, "</section>")
		if n := strings.Count(part, "<p"); n < 1 || n > 3 {
			t.Errorf("%s: %d sentences", m.ID, n)
		}
	}
}

func TestModelPagesStandBeforeTheFirstRefresh(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, role := range []string{"rep", "cmo"} {
		bearer := "Bearer " + s.token(t, role+"@halden.example", testPassword)
		for _, m := range attribution.Models {
			if a := s.ask(t, http.MethodGet, "/attribution/models/"+m.ID, nil, "Authorization", bearer); a.StatusCode != http.StatusOK {
				t.Errorf("the page of %s answers a %s %d: %.200s", m.ID, role, a.StatusCode, a.body)
			}
		}
	}
}
