package web

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"credence/attribution"
	"credence/server/auth"
	"credence/warehouse/money"
)

// creditsAnswer is what the API says of a view or of its rows.
type creditsAnswer struct {
	Items []struct {
		Kind   string `json:"kind"`
		ID     string `json:"id"`
		Credit string `json:"credit"`
		Amount string `json:"amount"`
		RepID  string `json:"rep_id"`
	} `json:"items"`
	Next  *string `json:"next"`
	Total string  `json:"total"`
}

func (s *testServer) credits(t *testing.T, bearer, target string) (all creditsAnswer) {
	t.Helper()
	for at := ""; ; {
		a := s.ask(t, http.MethodGet, target+at, nil, "Authorization", bearer)
		var page creditsAnswer
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d: %.300s", target, a.StatusCode, a.body)
		}
		all.Items, all.Total = append(all.Items, page.Items...), page.Total
		if page.Next == nil {
			return all
		}
		at = "&cursor=" + url.QueryEscape(*page.Next)
	}
}

func minorOf(t *testing.T, text string) int64 {
	t.Helper()
	minor, err := money.ParseMinor(text, "EUR")
	if err != nil {
		t.Fatalf("%q is no amount: %v", text, err)
	}
	return minor
}

// TestEveryGroupOpensToItsRows asks each view as a rep, a manager and a cmo who
// may not name reps: its groups sum to the total, and the rows of each group to
// the group.
func TestEveryGroupOpensToItsRows(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	const period = "&period=2026&limit=1000"
	done := map[string]bool{}
	for _, u := range wd.principals() {
		role := auth.JoinRoles(u.Roles)
		if done[role] || !slices.Contains([]string{"rep", "manager", "cmo"}, role) {
			continue
		}
		done[role] = true
		bearer := "Bearer " + s.token(t, u.Email, u.Password)
		for _, basis := range attribution.Bases {
			for _, by := range attribution.Dimensions {
				at := "/api/v1/credits/" + string(by) + "?model=position&basis=" + string(basis) + period
				if by == attribution.Rep && role == "cmo" {
					if got := s.ask(t, http.MethodGet, at, nil, "Authorization", bearer).StatusCode; got != http.StatusNotFound {
						t.Errorf("%s answers a cmo %d, want 404", at, got)
					}
					continue
				}
				view, sum := s.credits(t, bearer, at), int64(0)
				for i, g := range view.Items {
					credit := minorOf(t, g.Credit)
					if sum += credit; g.Kind == "" && i >= 2 && g.ID != smallTeams {
						continue // the first few stand for all
					}
					rows := s.credits(t, bearer, "/api/v1/credits?model=position&basis="+string(basis)+"&view="+string(by)+"&kind="+g.Kind+"&id="+url.QueryEscape(g.ID)+period)
					got := int64(0)
					for _, r := range rows.Items {
						got += minorOf(t, r.Amount)
						if role == "cmo" && r.RepID != "" {
							t.Errorf("%s: a row of %q names a rep", at, g.ID)
						}
					}
					if got != credit {
						t.Errorf("%s as %s: %s %q holds %s, its %d rows %d", at, role, g.Kind, g.ID, g.Credit, len(rows.Items), got)
					}
				}
				if sum != minorOf(t, view.Total) {
					t.Errorf("%s as %s: groups sum to %d, the total is %s", at, role, sum, view.Total)
				}
			}
		}
	}
	if len(done) != 3 {
		t.Errorf("only %v were asked", done)
	}
}

// TestSmallTeamsOpenTogetherOnly asks the rows of teams as a cmo who may not name
// reps.
func TestSmallTeamsOpenTogetherOnly(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	bearer := wd.cmo(t, s)
	counts := map[string]int64{}
	for _, r := range wd.reps {
		counts[r.team]++
	}
	var sizes []repTeam
	for id, n := range counts {
		sizes = append(sizes, repTeam{id, n})
	}
	small, large := tooSmall(sizes), 0
	if len(small) < 2 {
		t.Fatalf("the world has %d small teams: the test asks nothing", len(small))
	}
	for id := range counts {
		want := http.StatusOK
		if small[id] {
			want = http.StatusNotFound
		} else {
			large++
		}
		for _, at := range []string{"/attribution/rows?by=team", "/api/v1/credits?view=team"} {
			if got := s.ask(t, http.MethodGet, at+"&period=2026&id="+url.QueryEscape(id), nil, "Authorization", bearer).StatusCode; got != want {
				t.Errorf("%s of team %s answers %d, want %d", at, id, got, want)
			}
		}
		for rep, r := range wd.reps {
			if r.team == id {
				if got := s.ask(t, http.MethodGet, "/attribution/rows?by=rep&period=2026&id="+url.QueryEscape(rep), nil, "Authorization", bearer).StatusCode; got != http.StatusNotFound {
					t.Errorf("the rows of rep %s answer a cmo %d", rep, got)
				}
				break
			}
		}
	}
	if large == 0 {
		t.Error("no team stands alone: the test asks half of it")
	}
}

var creditCell = regexp.MustCompile(`<td class="num val"><b><a href="([^"]+)" title="The rows behind it">([^<]+)</a>`)

// TestEveryAmountOfThePageIsALinkToRowsThatSayIt follows the amounts of the main
// table of each view by either basis.
func TestEveryAmountOfThePageIsALinkToRowsThatSayIt(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	bearer := wd.cmo(t, s)
	for _, query := range []string{"by=channel", "by=campaign&basis=accrual&model=last", "by=content", "by=team"} {
		page := s.ask(t, http.MethodGet, "/attribution?period=2026&"+query, nil, "Authorization", bearer)
		cells := creditCell.FindAllStringSubmatch(page.body, -1)
		if len(cells) < 3 {
			t.Fatalf("%s has %d amounts with rows", query, len(cells))
		}
		for i, cell := range cells {
			if i%3 != 0 {
				continue // some of them
			}
			rows := s.ask(t, http.MethodGet, html.UnescapeString(cell[1]), nil, "Authorization", bearer)
			if rows.StatusCode != http.StatusOK || !strings.Contains(rows.body, cell[2]) {
				t.Errorf("%s: %s opens %s, which answers %d without it", query, cell[2], cell[1], rows.StatusCode)
			}
		}
	}
}

// TestOpenPipelineSumsByAnyView asks the API for every view: the groups sum to
// one total, weighted too.
func TestOpenPipelineSumsByAnyView(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	bearer := wd.cmo(t, s)
	var totals []string
	for _, by := range attribution.Dimensions {
		if by == attribution.Rep {
			continue
		}
		a := s.ask(t, http.MethodGet, "/api/v1/pipeline?limit=1000&model=time_decay&view="+string(by), nil, "Authorization", bearer)
		var p struct {
			Items []struct {
				Amount   string `json:"amount"`
				Weighted string `json:"weighted"`
			} `json:"items"`
			Total    string `json:"total"`
			Weighted string `json:"weighted"`
			Deals    int    `json:"deals"`
		}
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d: %.300s", by, a.StatusCode, a.body)
		}
		amount, weighted := int64(0), int64(0)
		for _, g := range p.Items {
			amount, weighted = amount+minorOf(t, g.Amount), weighted+minorOf(t, g.Weighted)
		}
		if amount != minorOf(t, p.Total) || weighted != minorOf(t, p.Weighted) || p.Deals == 0 || weighted == 0 {
			t.Errorf("by %s: groups sum to %d and %d, the totals are %s and %s of %d deals", by, amount, weighted, p.Total, p.Weighted, p.Deals)
		}
		totals = append(totals, p.Total+" "+p.Weighted+" "+strconv.Itoa(p.Deals))
	}
	if slices.Sort(totals); totals[0] != totals[len(totals)-1] {
		t.Errorf("views have different totals: %v", totals)
	}
}
