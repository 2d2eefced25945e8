package web

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
)

// list reads a list of the API whole.
func (s *matrixServer) list(t *testing.T, p principal, target string, into any) {
	t.Helper()
	a := s.as(t, p, http.MethodGet, target, "")
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s %d: %.200s", target, p.name, a.StatusCode, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), into); err != nil {
		t.Fatalf("%s: %v", target, err)
	}
}

// dealsOf are the ids of the deals that somebody lists, page by page.
func (s *matrixServer) dealsOf(t *testing.T, p principal) []string {
	t.Helper()
	var out []string
	for cursor := ""; ; {
		var page struct {
			Items []apiDeal `json:"items"`
			Next  *string   `json:"next"`
		}
		s.list(t, p, "/api/v1/deals?limit=37&cursor="+url.QueryEscape(cursor), &page)
		for _, d := range page.Items {
			out = append(out, d.DealID)
		}
		if page.Next == nil {
			slices.Sort(out)
			return out
		}
		cursor = *page.Next
	}
}

// deals are the deals of the files with their owner, "" being nobody.
func (m *matrixWorld) deals() map[string]string {
	out := map[string]string{"D-u": "", "D-ab": "b", "D-bc1": "b", "D-bc2": "c"}
	for r := range strings.SplitSeq(matrixReps, "") {
		for n := range 5 {
			out[fmt.Sprintf("D-%s%d", r, n+1)] = r
		}
	}
	out["D-m1"], out["D-m4"], out["D-m5"] = "M", "M", "M"
	for r := range strings.SplitSeq(matrixBeside, "") {
		out["D-"+r+"6"], out["D-"+r+"7"], out["D-"+r+"8"], out["D-"+r+"9"] = r, r, r, r
	}
	return out
}

// TestMatrixOfLists compares the deals that everybody lists with the rule, and a
// rep's with the manager's with the root manager's.
func TestMatrixOfLists(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	got := map[string][]string{}
	for _, p := range s.principals(t) {
		if !p.has("rep", "manager", "cmo") {
			continue
		}
		var want []string
		for deal, owner := range m.deals() {
			if p.seesDeals(owner) {
				want = append(want, deal)
			}
		}
		slices.Sort(want)
		got[p.name] = s.dealsOf(t, p)
		if !slices.Equal(got[p.name], want) {
			t.Errorf("%s lists %d deals, want the %d in scope:\n%v\n%v", p.name, len(got[p.name]), len(want), got[p.name], want)
		}
	}
	for _, pair := range [][2]string{{"rep A", "manager T1"}, {"rep B", "manager T1"}, {"rep C", "manager T2"}, {"manager T1", "root manager"}, {"manager T2", "root manager"}, {"root manager", "cmo"}} {
		for _, deal := range got[pair[0]] {
			if !slices.Contains(got[pair[1]], deal) {
				t.Errorf("%s lists %s, %s does not", pair[0], deal, pair[1])
			}
		}
	}
}

// figure is one amount that an answer told, in minor units.
type figure struct {
	from  string
	minor int64
}

// metric asks for a metric of money by a breakdown.
func (s *matrixServer) metric(t *testing.T, p principal, name, query string) []figure {
	t.Helper()
	var answer apiMetricAnswer
	s.list(t, p, "/api/v1/metrics/"+name+"?period=2026Q4"+query, &answer)
	var out []figure
	for _, item := range answer.Items {
		if item.Amount != nil {
			out = append(out, figure{name + query + " " + item.Key, minorOf(t, *item.Amount)})
		}
	}
	return out
}

func sumOf(figures []figure) (sum int64) {
	for _, f := range figures {
		sum += f.minor
	}
	return sum
}

// TestMatrixOfWhatIfs counts the deals of a what-if: they are the won ones that its
// reader sees, and no more.
func TestMatrixOfWhatIfs(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	told := regexp.MustCompile(`\d+ of (\d+) won deals?`)
	for _, p := range s.principals(t) {
		if !p.has("rep", "manager", "cmo") {
			continue
		}
		var page struct {
			Items []apiDeal `json:"items"`
		}
		s.list(t, p, "/api/v1/deals?limit=200&status=won", &page)
		want := 0
		for _, d := range page.Items {
			if d.ReportingAmount != nil && d.ClosedOn != nil && *d.ClosedOn >= "2026-10-01" && *d.ClosedOn <= "2026-12-31" {
				want++
			}
		}
		a := s.as(t, p, http.MethodGet, "/attribution?whatif=open&lookback_days=30&period=2026Q4", "")
		got := told.FindStringSubmatch(a.body)
		if a.StatusCode != http.StatusOK || got == nil || got[1] != fmt.Sprint(want) {
			t.Errorf("the what-if of %s tells %q, %d; want %d won deals", p.name, got, a.StatusCode, want)
		}
	}
}

// TestMatrixOfSums adds what a manager is told by rep: it is what the manager is
// told of the whole, and each part what that rep is told.
func TestMatrixOfSums(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	byName := map[string]principal{}
	for _, p := range s.principals(t) {
		byName[p.name] = p
	}
	for _, name := range []string{"won_revenue", "open_pipeline"} {
		for _, who := range []string{"manager T1", "manager T2", "root manager"} {
			p := byName[who]
			whole, parts := sumOf(s.metric(t, p, name, "")), s.metric(t, p, name, "&by=rep")
			nobody := int64(0)
			if who == "root manager" {
				nobody = sumOf(s.metric(t, byName["cmo"], name, "")) - sumOf(parts) // the deal that nobody owns
			}
			if got := sumOf(parts); whole == 0 || got+nobody != whole {
				t.Errorf("%s of %s: the reps sum to %d and nobody's is %d, the whole is %d", name, who, got, nobody, whole)
			}
			for _, rep := range []string{"rep A", "rep B", "rep C"} {
				key := name + "&by=rep R-" + byName[rep].rep
				i := slices.IndexFunc(parts, func(f figure) bool { return f.from == key })
				if p.leads(teamOfRep(byName[rep].rep)) != (i >= 0) {
					t.Errorf("%s of %s by rep: %s is told: %v", name, who, rep, i >= 0)
				}
				if own := sumOf(s.metric(t, byName[rep], name, "")); i >= 0 && parts[i].minor != own {
					t.Errorf("%s of %s: %s is %d, to themselves %d", name, who, rep, parts[i].minor, own)
				}
			}
		}
	}
}

// TestMatrixOfWhatIsBesideTheSums reads how many won and how many open
// deals are in no sum: to everybody those in scope.
func TestMatrixOfWhatIsBesideTheSums(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	said := regexp.MustCompile(`Beside these sums: (\d+) (?:won|open) deals? without amount, (\d+) in a currency without rate`)
	for _, p := range s.principals(t) {
		if !slices.Contains([]string{"rep A", "rep C", "manager T1", "manager T2", "cmo"}, p.name) {
			continue
		}
		var want []string
		if n := len(slices.DeleteFunc(strings.Split(matrixBeside, ""), func(r string) bool { return !p.seesDeals(r) })); n > 0 {
			want = []string{fmt.Sprint(n), fmt.Sprint(n)}
		}
		for _, target := range []string{"/attribution?period=2026Q4", "/attribution/pipeline"} {
			got := said.FindStringSubmatch(s.as(t, p, http.MethodGet, target, "").body)
			if len(got) > 0 {
				got = got[1:]
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s tells %s that %v deals are without amount and without rate, want %v", target, p.name, got, want)
			}
		}
	}
}

// TestMatrixOfWhoMoved adds what both managers are told of m, who held a meeting in
// T1 and won, and then in T2: each was told what happened in the own team, and
// together it is what m is told.
func TestMatrixOfWhoMoved(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	sums := map[string][]float64{}
	for _, p := range s.principals(t) {
		if !slices.Contains([]string{"moved rep", "manager T1", "manager T2", "root manager"}, p.name) {
			continue
		}
		for _, name := range []string{"won_revenue", "meetings_held", "quota"} {
			var answer apiMetricAnswer
			s.list(t, p, "/api/v1/metrics/"+name+"?period=2026&rep_id=R-m", &answer)
			one := 0.0
			for _, item := range answer.Items {
				if item.Amount != nil {
					one = float64(minorOf(t, *item.Amount))
				} else if item.Value != nil {
					one = *item.Value
				}
			}
			sums[name] = append(sums[name], one)
			if one <= 0 {
				t.Errorf("%s of the rep who moved is %v to %s", name, one, p.name)
			}
		}
		team := "T2"
		if p.name == "manager T1" { // where m was last among theirs
			team = "T1"
		}
		var reps struct{ Items []apiRep }
		s.list(t, p, "/api/v1/reps", &reps)
		if !slices.ContainsFunc(reps.Items, func(r apiRep) bool { return r.RepID == "R-m" && r.TeamID == team }) {
			t.Errorf("%s is told of the reps %+v, want the one who moved in %s", p.name, reps.Items, team)
		}
	}
	for name, told := range sums { // the rep, T1, T2, the root
		if len(told) != 4 || told[1]+told[2] != told[0] || told[3] != told[0] {
			t.Errorf("%s of the rep who moved: the rep, the managers of then and now and the root manager are told %v", name, told)
		}
	}
}

// TestMatrixOfColleagues asks for the journey of a deal whose account a rep of another
// team met: to the manager and to the owner of the deal they have a first name.
func TestMatrixOfColleagues(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	first := m.marks[slices.IndexFunc(m.marks, func(k mark) bool { return k.kind == "first" && k.owners == "c" })].text
	const target = "/api/v1/deals/D-bc1/journey"
	for _, p := range s.principals(t) {
		if !slices.Contains([]string{"manager T1", "rep B"}, p.name) {
			continue
		}
		a := s.as(t, p, http.MethodGet, target, "")
		s.holdsNoMark(t, p, target, a, nil)
		if !strings.Contains(a.body, first) {
			t.Errorf("%s does not tell %s by the first name who met the account: %s", target, p.name, a.body)
		}
	}
}

// TestMatrixOfNoDeals asks the database whose deals users see: who is disabled, or a
// rep who signs in as an administrator only, sees nobody's there either, whatever
// stands before it.
func TestMatrixOfNoDeals(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	for name, want := range map[string]bool{"rep A": true, "rep C": true, "disabled user": false, "admin": false} {
		var n int
		err := m.w.Read(t.Context(), func(q *warehouse.Snapshot) error {
			return q.QueryRowContext(t.Context(), "select count(*) from visible_rep v where v.user_id = $user_id", sql.Named("user_id", m.users[name].ID)).Scan(&n)
		})
		if err != nil || (n > 0) != want {
			t.Errorf("%s sees the deals of %d, %v", name, n, err)
		}
	}
}

// TestMatrixOfTwoRoots takes the team above all others away: with two of them nobody
// leads the company, and what nobody owns is the cmo's alone.
func TestMatrixOfTwoRoots(t *testing.T) {
	t.Parallel()
	m := matrixCopy(t)
	s := m.server(t)
	seen := func() (who []string) {
		for _, p := range s.principals(t) {
			if p.has("rep", "manager", "cmo") && slices.Contains(s.dealsOf(t, p), "D-u") {
				who = append(who, p.name)
			}
		}
		return who
	}
	cmos := []string{"cmo", "rep and cmo", "manager and cmo"}
	if got, want := seen(), append([]string{"root manager"}, cmos...); !slices.Equal(got, want) {
		t.Errorf("nobody's deal is told %q, want %q", got, want)
	}
	file := filepath.Join(m.dir, "crm", "teams.csv")
	teams, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	teams = regexp.MustCompile("(?m)^(T3,.*),T0,").ReplaceAll(teams, []byte("$1,,"))
	if err = os.WriteFile(file, teams, 0o600); err != nil {
		t.Fatal(err)
	}
	m.synced(t)
	s.clock.forward(5 * time.Second)
	if got := seen(); !slices.Equal(got, cmos) {
		t.Errorf("with two teams above all others, nobody's deal is told %q, want %q", got, cmos)
	}
}

// TestMatrixOfUsualDays reads how long a stage usually lasts: that is told of the won
// deals that the reader sees.
func TestMatrixOfUsualDays(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	for _, p := range s.principals(t) {
		want, ok := map[string]string{"rep A": "median 10", "manager T1": "median 10", "root manager": "median 55", "cmo": "median 55"}[p.name]
		if !ok {
			continue
		}
		if body := s.as(t, p, http.MethodGet, "/deals/D-a1", "").body; !strings.Contains(body, want) {
			t.Errorf("the page of D-a1 tells %s no %q: %s", p.name, want, regexp.MustCompile(`median \d+`).FindString(body))
		}
	}
}

// TestMatrixOfPartsOfTeams asks for figures by team, of deals and of what reps did:
// nobody is told of a team that opens not to them, be it of the part they see.
func TestMatrixOfPartsOfTeams(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	for _, p := range s.principals(t) {
		if !p.has("rep", "manager", "cmo") {
			continue
		}
		for _, name := range []string{"won_revenue", "meetings_held"} {
			var answer apiMetricAnswer
			s.list(t, p, "/api/v1/metrics/"+name+"?by=team&period=2026", &answer)
			told := map[string]bool{}
			for _, item := range answer.Items {
				told[item.Key] = true
			}
			delete(told, "") // deals that nobody owns
			want := map[string]bool{}
			for _, team := range matrixTeams {
				if p.opensTeam(team.id) {
					want[team.id] = true
				}
			}
			if !maps.Equal(told, want) {
				t.Errorf("%s is told %s of the teams %v, want %v", p.name, name, told, want)
			}
		}
	}
}

// TestMatrixOfTeamQuotas asks for the quotas of teams, all alike in a quarter: of each
// team that opens to a leader, and of the whole that of the topmost of them once. In
// the year the reps' own quotas are in those of their teams and not counted beside
// them. Who leads nobody is told the own.
func TestMatrixOfTeamQuotas(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	for _, p := range s.principals(t) {
		if !p.has("rep", "manager", "cmo") {
			continue
		}
		told := func(query string) map[string]string {
			out := map[string]string{}
			var answer apiMetricAnswer
			s.list(t, p, "/api/v1/metrics/quota?"+query, &answer)
			for _, item := range answer.Items {
				if item.Amount != nil {
					out[item.Key] = *item.Amount
				}
			}
			return out
		}
		teams, whole, top, year := map[string]string{}, map[string]string{}, "", m.text("quota", p.rep)+".00"
		for _, team := range matrixTeams {
			if !p.opensTeam(team.id) {
				continue
			}
			teams[team.id], whole[""] = "20000000.00", "20000000.00"
			if top == "" {
				top = team.id
				year = told("period=2026&by=team")[top]
			}
		}
		if got := told("period=2026Q3&by=team"); !maps.Equal(got, teams) {
			t.Errorf("%s is told the quotas of teams %v, want %v", p.name, got, teams)
		}
		if got := told("period=2026Q3"); !maps.Equal(got, whole) {
			t.Errorf("%s is told the quota %v of all, want %v", p.name, got, whole)
		}
		if got := told("period=2026"); !maps.Equal(got, map[string]string{"": year}) {
			t.Errorf("%s is told the quota %v of the year, want %s, that of %q", p.name, got, year, top)
		}
	}
}

// TestMatrixOfDifferences takes 200 random pairs of figures that a cmo is told,
// with and without a team, by every breakdown and filter, and each alone: none is
// what one rep won or earned, nor what a team too small is.
func TestMatrixOfDifferences(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	byName := map[string]principal{}
	for _, p := range s.principals(t) {
		byName[p.name] = p
	}
	models := []string{"linear"}
	if long || mutated != "" {
		models = append(models, "last")
	}
	root := byName["root manager"]
	secret := map[int64]string{}
	for _, name := range []string{"won_revenue", "quota", "open_pipeline"} {
		for _, f := range s.metric(t, root, name, "&by=rep") {
			if !strings.HasSuffix(f.from, " ") { // what nobody owns is nobody's secret
				secret[f.minor] = f.from
			}
		}
		for _, team := range []string{"T1", "T11"} {
			if n := sumOf(s.metric(t, root, name, "&team_id="+team)); n != 0 {
				secret[n] = name + " of " + team
			}
		}
	}
	for _, model := range models {
		for _, f := range s.credit(t, root, "rep", model) {
			secret[f.minor] = f.from
		}
	}
	for _, who := range []string{"cmo", "rep and cmo", "manager and cmo"} {
		p, told := byName[who], []figure{{"nothing", 0}}
		for _, name := range []string{"won_revenue", "quota", "open_pipeline"} {
			told = append(told, s.metric(t, p, name, "")...)
			told = append(told, s.metric(t, p, name, "&by=team")...)
			for _, team := range []string{"T0", "T1", "T11", "T2", "T3"} {
				if a := s.as(t, p, http.MethodGet, "/api/v1/metrics/"+name+"?period=2026Q4&team_id="+team, ""); a.StatusCode == http.StatusOK {
					told = append(told, s.metric(t, p, name, "&team_id="+team)...)
				} else if p.opensTeam(team) {
					t.Errorf("%s of %s is refused to %s: %d", name, team, who, a.StatusCode)
				}
			}
		}
		for _, model := range models {
			told = append(told, s.credit(t, p, "team", model)...)
			told = append(told, s.credit(t, p, "channel", model)...)
		}
		told = append(told, s.listed(t, p)...)
		own := p.rep // what is one's own is no secret
		pairs := 0
		check := func(a, b figure) {
			diff := a.minor - b.minor
			if of, ok := secret[max(diff, -diff)]; ok && diff != 0 && (own == "" || !strings.HasSuffix(of, " R-"+own)) && (!p.has("manager") || !p.leads(teamOfRep(strings.TrimPrefix(of[strings.LastIndex(of, " ")+1:], "R-")))) {
				t.Errorf("%s is told %s and %s, which differ by %s", who, a.from, b.from, of)
			}
			pairs++
		}
		dice := rand.New(rand.NewPCG(1, 2))
		for _, f := range told {
			check(f, told[0])
		}
		for range 200 {
			check(told[dice.IntN(len(told))], told[dice.IntN(len(told))])
		}
		if long {
			for i, a := range told {
				for _, b := range told[:i] {
					check(a, b)
				}
			}
		}
		t.Logf("%s: %d figures, %d pairs", who, len(told), pairs)
	}
}

// credit asks for a view of the ledger.
func (s *matrixServer) credit(t *testing.T, p principal, by, model string) (out []figure) {
	t.Helper()
	var answer struct {
		Items []struct{ Kind, ID, Credit string } `json:"items"`
	}
	s.list(t, p, "/api/v1/credits/"+by+"?period=2026Q4&limit=1000&model="+model, &answer)
	for _, g := range answer.Items {
		if g.Kind == "" {
			out = append(out, figure{"credit of " + model + " by " + by + " " + g.ID, minorOf(t, g.Credit)})
		}
	}
	return out
}

// listed sums the deals that somebody lists, by the team that each tells and by
// every filter of a team.
func (s *matrixServer) listed(t *testing.T, p principal) (out []figure) {
	t.Helper()
	for _, query := range []string{"", "&team_id=T0", "&team_id=T1", "&team_id=T11", "&team_id=T2", "&team_id=T3", "&rep_id=R-n", "&rep_id=R-a"} {
		var page struct {
			Items []apiDeal `json:"items"`
		}
		target := "/api/v1/deals?limit=1000&status=won&period=2026Q4" + query
		if a := s.as(t, p, http.MethodGet, target, ""); a.StatusCode != http.StatusOK {
			continue
		}
		s.list(t, p, target, &page)
		sums := map[string]int64{}
		for _, d := range page.Items {
			if d.ReportingAmount != nil {
				sums["all"] += minorOf(t, *d.ReportingAmount)
				sums["team "+d.TeamID] += minorOf(t, *d.ReportingAmount)
			}
		}
		for name, sum := range sums {
			out = append(out, figure{"deals" + query + " " + name, sum})
		}
	}
	slices.SortFunc(out, func(a, b figure) int { return strings.Compare(a.from, b.from) })
	return out
}
