package web

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// filterPools are what a random address is put together from: for every place
// its filters, for every filter its values. Ids are of everybody's objects.
var filterPools = map[string][]string{
	"/api/v1/deals":                     {"status", "q", "rep_id", "team_id", "account_id", "stage", "sort", "limit", "period"},
	"/deals":                            {"status", "q", "owner", "team", "account", "stage", "sort", "closed", "due", "period"},
	"/api/v1/credits":                   {"view=campaign", "id", "period", "model", "basis", "limit"},
	"/api/v1/credits?view=rep":          {"id", "kind", "period", "model", "basis"},
	"/api/v1/credits?view=team":         {"id", "period", "model", "basis"},
	"/api/v1/credits?view=post":         {"id", "period", "model", "basis"},
	"/api/v1/credits/rep":               {"period", "model", "basis", "lookback_days"},
	"/api/v1/credits/team":              {"period", "model", "basis"},
	"/api/v1/credits/post":              {"period", "model", "basis"},
	"/api/v1/pipeline":                  {"view", "model", "limit"},
	"/api/v1/metrics/won_revenue":       {"by", "team_id", "rep_id", "period", "compare"},
	"/api/v1/metrics/quota_attainment":  {"by", "team_id", "rep_id", "period"},
	"/api/v1/metrics/open_pipeline":     {"by", "team_id", "rep_id", "period"},
	"/api/v1/metrics/meetings_held":     {"by", "team_id", "rep_id", "period"},
	"/api/v1/search":                    {"q", "limit"},
	"/api/v1/accounts":                  {"q", "limit"},
	"/api/v1/reps":                      {"limit"},
	"/attribution":                      {"by", "basis", "period", "model", "channel", "format", "exclude", "whatif"},
	"/attribution/rows":                 {"by", "id", "kind", "period", "model", "basis", "format"},
	"/attribution/pipeline":             {"by", "id", "kind", "model", "format"},
	"/campaigns":                        {"basis", "period", "model", "format"},
	"/campaigns/C-a":                    {"basis", "period", "model", "format"},
	"/campaigns/C-c":                    {"basis", "period", "model", "format"},
	"/teams/T1":                         {"period", "compare", "model"},
	"/teams/T3":                         {"period", "compare", "model"},
	"/reps/R-a":                         {"period", "compare", "model"},
	"/reps/R-n":                         {"period", "compare", "model"},
	"/deals/D-ab":                       {"model", "by", "group", "lookback_days", "whatif"},
	"/api/v1/deals/D-ab/journey":        {},
	"/api/v1/deals/D-bc2/journey":       {},
	"/me":                               {"period", "compare", "rep_id", "user_id"},
	"/":                                 {"period", "compare", "team", "rep_id", "user_id"},
	"/efficiency":                       {"period", "model", "format"},
	"/reports/2026Q3/restatement":       {"by", "model", "format", "deal"},
	"/reports/2026Q4.csv":               {"model"},
	"/quality/deals_without_amount":     {"after"},
	"/quality/contacts_without_account": {"after"},
	"/attribution/models/shapley":       {"period"},
	"/attribution/models/incremental":   {"period"},
}

var filterValues = map[string][]string{
	"status": {"open", "won", "lost", "decided"}, "q": {"zq", "Deal", "Account", "D-b1", "example"}, "sort": {"amount", "-closed", "name", "stage"},
	"limit": {"1", "7", "1000"}, "stage": {"won", "Offer"}, "period": {"2026", "2026Q3", "2026Q4", "2026-10", "2026-10-01..2026-10-12"}, "closed": {"2026Q4", "2026Q3"}, "due": {"2026Q4"},
	"model": {"linear", "first", "last", "markov", "position"}, "basis": {"cash", "accrual"}, "kind": {"none", "unattributed", "withheld"}, "compare": {"year", "previous", "none"},
	"format": {"csv"}, "channel": {"Sales", "Event", "Rep Social"}, "whatif": {"open"}, "lookback_days": {"30", "400"}, "exclude": {"channel=Event", "rep=R-n", "rep=R-a"}, "group": {"reps", "channels"},
	"after": {"1"}, "deal": {"D-a5", "D-c5"}, "user_id": {"*"}, "view=campaign": {""},
}

// filterValue is a random value of a filter.
func filterValue(dice *rand.Rand, name string) string {
	pick := func(from []string) string { return from[dice.IntN(len(from))] }
	owner := pick([]string{"a", "b", "c", "n", "z", "k"})
	switch name {
	case "rep_id", "owner":
		return "R-" + owner
	case "team_id", "team":
		return pick([]string{"T0", "T1", "T11", "T2", "T3"})
	case "account_id", "account":
		return "A-" + owner + "1"
	case "by", "view":
		return pick([]string{"channel", "campaign", "post", "content", "rep", "team", "company", "manager", "product"})
	case "id":
		return pick([]string{"R-" + owner, "C-" + owner, "P-" + owner, "T11", "T1", "T3", "Sales", smallTeams, "post:P-" + owner})
	}
	return pick(filterValues[name])
}

// TestMatrixOfRandomFilters asks addresses with random filters as everybody who
// may read deals: no byte holds a mark of somebody out of scope, and nobody is
// answered with a fault of ours.
func TestMatrixOfRandomFilters(t *testing.T) {
	t.Parallel()
	n := 60
	switch {
	case long:
		n = 2000
	case mutated != "":
		n = 150
	}
	m := matrixCompany(t)
	s := m.server(t)
	var readers []principal
	for _, p := range s.principals(t) {
		if !p.out {
			readers = append(readers, p)
		}
	}
	places := make([]string, 0, len(filterPools))
	for place := range filterPools {
		places = append(places, place)
	}
	slices.Sort(places)
	dice := rand.New(rand.NewPCG(3, 5))
	answered := 0
	for i := range n {
		p, place := readers[dice.IntN(len(readers))], places[i%len(places)]
		q := url.Values{}
		for _, name := range filterPools[place] {
			if fixed, value, ok := strings.Cut(name, "="); ok {
				if dice.IntN(2) == 0 {
					q.Set(fixed, value)
				}
			} else if dice.IntN(5) < 2 {
				q.Set(name, filterValue(dice, name))
			}
		}
		target := place
		if len(q) > 0 && strings.Contains(place, "?") {
			target += "&" + q.Encode()
		} else if len(q) > 0 {
			target += "?" + q.Encode()
		}
		a := s.as(t, p, http.MethodGet, target, "")
		if a.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s answers %s %d", target, p.name, a.StatusCode)
		}
		if a.StatusCode == http.StatusOK {
			answered++
		}
		s.holdsNoMark(t, p, target, a, nil)
	}
	if answered < n/3 {
		t.Errorf("only %d of %d random addresses showed anything: the filters are wrong", answered, n)
	}
	t.Logf("%d random filters, %d of them showed a page", n, answered)
	s.logsNoMark(t)
}

// TestMatrixOfNamedFilters asks every address that takes the name of a thing for the
// things of others: none says more of them than what was asked.
func TestMatrixOfNamedFilters(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	for _, p := range s.principals(t) {
		if !slices.Contains([]string{"rep A", "rep C", "manager T1", "cmo"}, p.name) {
			continue
		}
		for _, by := range []string{"rep", "manager", "team"} {
			target := "/api/v1/metrics/won_revenue?period=2026Q4&by=" + by
			s.holdsNoMark(t, p, target, s.as(t, p, http.MethodGet, target, ""), nil)
		}
		for _, place := range []string{
			"/deals?account=A-%s1", "/deals?owner=R-%s", "/api/v1/deals?account_id=A-%s1", "/api/v1/deals?rep_id=R-%s", "/attribution/rows?by=campaign&id=C-%s",
			"/attribution/rows?by=post&id=P-%s", "/attribution/rows?by=rep&id=R-%s", "/api/v1/metrics/won_revenue?rep_id=R-%s", "/api/v1/search?q=A-%s1", "/api/v1/search?q=D-%s1",
			"/api/v1/credits?view=campaign&id=C-%s", "/api/v1/credits?view=post&id=P-%s",
		} {
			for owner := range strings.SplitSeq("abcnk", "") {
				target := strings.ReplaceAll(place, "%s", owner)
				a := s.as(t, p, http.MethodGet, target, "")
				if a.StatusCode >= http.StatusInternalServerError {
					t.Errorf("%s answers %s %d", target, p.name, a.StatusCode)
				}
				s.holdsNoMark(t, p, target, a, nil)
			}
		}
	}
}

// TestMatrixOfRepsAsTeams asks for views by rep as those who may not name reps: they
// are told of teams.
func TestMatrixOfRepsAsTeams(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	for _, p := range s.principals(t) {
		if !p.has("cmo") {
			continue
		}
		for _, place := range []string{"/attribution?period=2026Q4&format=csv&by=", "/attribution/pipeline?format=csv&by="} {
			reps, teams := s.as(t, p, http.MethodGet, place+"rep", ""), s.as(t, p, http.MethodGet, place+"team", "")
			if reps.StatusCode != http.StatusOK || reps.body != teams.body || !strings.Contains(reps.body, m.text("team", "T2")) {
				t.Errorf("%srep answers %s %d\n%s, want what stands by team\n%s", place, p.name, reps.StatusCode, reps.body, teams.body)
			}
			s.holdsNoMark(t, p, place+"team", teams, nil)
		}
		for _, target := range []string{"/attribution/rows?by=rep&id=R-a", "/attribution/rows?by=team&id=T11", "/api/v1/credits?view=rep&id=R-a", "/api/v1/credits?view=team&id=T11"} {
			if a := s.as(t, p, http.MethodGet, target, ""); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %s %d, want 404", target, p.name, a.StatusCode)
			}
		}
		if body := s.as(t, p, http.MethodGet, "/attribution?whatif=open&exclude=rep%3DR-a", "").body; !strings.Contains(body, "your role does not see reps one by one") {
			t.Errorf("%s may ask what if a rep were left out", p.name)
		}
		for _, id := range []string{"Sales", "Event"} {
			target := "/attribution/rows?by=channel&period=2026Q4&format=csv&id=" + id
			a := s.as(t, p, http.MethodGet, target, "")
			if a.StatusCode != http.StatusOK || strings.Contains(a.body, ",R-") || strings.Count(a.body, "\n") < 3 {
				t.Errorf("%s tells %s of reps, or nothing (%d): %.600s", target, p.name, a.StatusCode, a.body)
			}
		}
	}
}

// TestMatrixOfPathsAndOverrides asks for what is B's and C's in every disguise
// that routers were ever fooled by: it is never answered.
func TestMatrixOfPathsAndOverrides(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	byName := map[string]principal{}
	for _, p := range s.principals(t) {
		byName[p.name] = p
	}
	variants := []func(path, id string) string{
		func(path, id string) string { return path + id + "/" },
		func(path, id string) string { return path + "/" + id },
		func(path, id string) string { return "/" + path + id },
		func(path, id string) string { return strings.ToUpper(path) + id },
		func(path, id string) string { return path + strings.ToLower(id) },
		func(path, id string) string { return path + "%" + "44" + id[1:] },
		func(path, id string) string { return path + "%25" + "44" + id[1:] },
		func(path, id string) string { return path + "x/%2e%2e/" + id },
		func(path, id string) string { return path + "x/../" + id },
		func(path, id string) string { return path + "%252e%252e%252f" + id },
		func(path, id string) string { return path + "..%2f" + id },
		func(path, id string) string { return path + id + "%00" },
		func(path, id string) string { return path + id + "%20" },
		func(path, id string) string { return path + id + ";x=1" },
		func(path, id string) string { return path + id + ".json" },
		func(path, id string) string { return path + id + "?user_id=*&role=admin&owner_id=R-a" },
		func(path, id string) string { return path + id + "?id=D-a1&deal_id=D-a1" },
		func(path, id string) string { return path + "D-a1?id=" + id + "&deal_id=" + id },
		func(path, _ string) string { return path + ":id" },
		func(path, _ string) string { return path + "%3Aid" },
		func(path, _ string) string { return path + "*" },
	}
	things := map[string][]string{
		"/deals/": {"D-b1", "D-c1"}, "/api/v1/deals/": {"D-b1", "D-c1"}, "/reps/": {"R-b", "R-c"}, "/api/v1/reps/": {"R-b", "R-c"}, "/teams/": {"T1", "T2"},
		"/campaigns/": {"C-b", "C-c"}, "/users/": {m.users["rep B"].ID}, "/sources/": {"crm"}, "/reports/": {"2026Q3.csv"}, "/quality/": {"rejected_rows"},
	}
	cells := 0
	for _, p := range s.principals(t) {
		if !long && !slices.Contains([]string{"rep A", "anonymous", "disabled user", "expired token", "token from before a demotion", "manager T1", "cmo"}, p.name) {
			continue
		}
		for path, ids := range things {
			for _, id := range ids {
				opens := s.as(t, p, http.MethodGet, path+id, "").StatusCode == http.StatusOK // as the matrix says it may
				for _, variant := range variants {
					target := variant(path, id)
					cells++
					a := s.as(t, p, http.MethodGet, target, "")
					own := strings.HasPrefix(target, path+"D-a1") && p.seesDeals("a") // a deal in scope, whatever the query says
					if a.StatusCode >= http.StatusInternalServerError || a.StatusCode == http.StatusOK && !own && !opens {
						t.Errorf("%s answers %s %d", target, p.name, a.StatusCode)
					}
					s.holdsNoMark(t, p, target, a, nil)
				}
				if opens {
					continue
				}
				for _, method := range []string{http.MethodOptions, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, "PROPFIND"} {
					cells++
					a := s.as(t, p, method, path+id, "", "X-HTTP-Method-Override", "GET", "X-HTTP-Method", "GET", "X-Method-Override", "GET", "X-Original-URL", "/deals/D-a1", "X-Rewrite-URL", "/deals/D-a1")
					if a.StatusCode < http.StatusMultipleChoices || a.StatusCode >= http.StatusInternalServerError && a.StatusCode != http.StatusNotImplemented {
						t.Errorf("%s %s answers %s %d", method, path+id, p.name, a.StatusCode)
					}
					s.holdsNoMark(t, p, path+id, a, nil)
				}
			}
		}
	}
	// Nothing in a GET makes it another method, and no form names another user.
	before := s.state(t)
	for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		cells++
		s.as(t, byName["rep A"], http.MethodGet, "/api/v1/me?_method=DELETE", "", header, http.MethodDelete)
		s.as(t, byName["admin"], http.MethodGet, "/users/"+m.users["rep B"].ID+"?_method=POST", "", header, http.MethodPost)
	}
	other := m.users["rep B"].ID
	for path, form := range map[string]string{
		"/account/password": "present=x&next=long enough to count&role=admin&roles=admin&user_id=" + other,
		"/account/sessions": "session=all&user=" + other + "&user_id=" + other + "&id=" + other,
		"/account/tokens":   "name=&scope=all&days=90&user_id=" + other + "&team_id=T0&owner_id=R-z",
		"/theme":            "theme=dark&back=/&role=admin&team_id=T0",
	} {
		one := byName["rep A"]
		one.bearer = s.session(t, m.users["rep A"], m.users["rep A"].SessionVersion)
		cells++
		if a := s.as(t, one, http.MethodPost, path, form); a.StatusCode >= http.StatusInternalServerError {
			t.Errorf("POST %s answers %d", path, a.StatusCode)
		}
		if len(s.Sessions.Of(other, s.clock.now())) == 0 {
			t.Errorf("POST %s ended the sessions of another", path)
		}
	}
	cells++
	s.as(t, byName["admin"], http.MethodPost, "/users/no-such-one", "role=admin&name=x&user_id="+other+"&id="+other)
	s.as(t, byName["admin"], http.MethodPost, "/users/no-such-one/disable", "user_id="+other+"&id="+other)
	if after := tablesOf(s.state(t)); after != tablesOf(before) {
		t.Errorf("a disguised change changed something:\n%s\nbefore\n%s", after, before)
	}
	t.Logf("%d variants of paths, methods and forms", cells)
}

// tablesOf is a state without who is signed in.
func tablesOf(state string) string { return state[strings.Index(state, "\n"):] }
