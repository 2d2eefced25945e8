package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"credence/performance"
	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
)

// bearer signs a user of the world in.
func (wd *world) bearer(t *testing.T, s *testServer, roles string) (auth.NewUser, string) {
	t.Helper()
	for _, u := range wd.principals() {
		if auth.JoinRoles(u.Roles) == roles {
			return u, "Bearer " + s.token(t, u.Email, u.Password)
		}
	}
	t.Fatalf("the world has no %s", roles)
	return auth.NewUser{}, ""
}

// repID is the rep with the user's address.
func (wd *world) repID(u auth.NewUser) string {
	for id, r := range wd.reps {
		if r.email == auth.NormalEmail(u.Email) {
			return id
		}
	}
	return ""
}

func TestEveryReaderReachesTheirFirstPage(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	for _, tt := range []struct {
		roles, to string // to: where "/" leads; "" stays
		page      string // what the page says
	}{
		{"rep", "/me", "You have won"},
		{"manager", "/teams/", "Team median"},
		{"cmo", "", "cumulative by working day"},
		{"admin", "/sources", ""},
	} {
		t.Run(tt.roles, func(t *testing.T) {
			t.Parallel()
			_, bearer := wd.bearer(t, s, tt.roles)
			a := s.ask(t, http.MethodGet, "/?period=2026Q3", nil, "Authorization", bearer)
			if at := a.Header.Get("Location"); tt.to != "" && (a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, tt.to)) {
				t.Fatalf("/ answers %d to %q, want a way to %s", a.StatusCode, at, tt.to)
			} else if tt.to != "" {
				a = s.ask(t, http.MethodGet, at, nil, "Authorization", bearer)
			}
			if a.StatusCode != http.StatusOK || !strings.Contains(a.body, tt.page) {
				t.Errorf("the first page answers %d without %q", a.StatusCode, tt.page)
			}
		})
	}
}

var hrefs = regexp.MustCompile(`(?:href|action)="(/[^"]*)"`)

// TestEveryLinkOfTheSalesPagesLeadsSomewhere follows each link of each page as
// the reader who was given it: a figure whose rows are not there is a lie.
func TestEveryLinkOfTheSalesPagesLeadsSomewhere(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	for _, roles := range []string{"rep", "manager", "cmo"} {
		t.Run(roles, func(t *testing.T) {
			t.Parallel()
			u, bearer := wd.bearer(t, s, roles)
			pages := []string{"/deals?period=2026Q3&status=won"}
			switch roles {
			case "rep":
				pages = append(pages, "/me?period=2026Q3")
			case "manager":
				pages = append(pages, "/teams/"+wd.reps[wd.repID(u)].team+"?period=2026Q3&compare=previous")
			default:
				pages = append(pages, "/?period=2026Q3&model=first")
			}
			links := map[string]bool{}
			for _, page := range pages {
				a := s.ask(t, http.MethodGet, page, nil, "Authorization", bearer)
				if a.StatusCode != http.StatusOK {
					t.Fatalf("%s answers %d", page, a.StatusCode)
				}
				kinds := map[string]int{}
				for _, m := range hrefs.FindAllStringSubmatch(a.body, -1) {
					link := html.UnescapeString(m[1])
					kind := regexp.MustCompile(`[0-9]+`).ReplaceAllString(link, "#")
					// One of a kind is followed: rows differ in their ids only.
					if kinds[kind]++; kinds[kind] == 1 && !strings.HasPrefix(link, "/static/") && !strings.Contains(link, "sign-out") && !strings.Contains(link, "theme") {
						links[link] = true
					}
				}
			}
			if len(links) < 10 {
				t.Errorf("only %d links were found", len(links))
			}
			for link := range links {
				a := s.ask(t, http.MethodGet, link, nil, "Authorization", bearer)
				if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusSeeOther {
					t.Errorf("%s answers %d", link, a.StatusCode)
				}
			}
		})
	}
}

// TestFiguresEqualACountOfTheRows holds the win rate of the overview against a
// count over the records themselves.
func TestFiguresEqualACountOfTheRows(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	var won, decided int64
	err := wd.w.Read(t.Context(), func(q *warehouse.Snapshot) error {
		return q.QueryRowContext(t.Context(), `select count(*) filter (where status = 'won'), count(*) from deals
			where status in ('won', 'lost') and not deleted
			  and closed_at >= timestamp '2025-12-31 23:00:00' and closed_at < timestamp '2026-12-31 23:00:00'`).Scan(&won, &decided)
	})
	if err != nil {
		t.Fatal(err)
	}
	format := ui.NewFormat("", nil)
	_, bearer := wd.bearer(t, s, "cmo")
	a := s.ask(t, http.MethodGet, "/?period=2026", nil, "Authorization", bearer)
	want := format.Count(won) + " of " + format.Count(decided) + " decided"
	if !strings.Contains(a.body, want) {
		t.Errorf("the overview does not say %q", want)
	}
	list := s.ask(t, http.MethodGet, "/deals?status=won&closed=2026", nil, "Authorization", bearer)
	if want := format.Count(won) + " deals won"; !strings.Contains(list.body, want) {
		t.Errorf("the list behind it does not say %q", want)
	}
}

func TestDealFiltersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	_, bearer := wd.bearer(t, s, "rep")
	for _, query := range []string{"status=maybe", "sort=password", "closed=soon", "due=2026Q9", "after=zzz", "period=tomorrow", "owner=no-such-rep"} {
		a := s.ask(t, http.MethodGet, "/deals?"+query, nil, "Authorization", bearer)
		if a.StatusCode != http.StatusBadRequest {
			t.Errorf("/deals?%s answers %d, want 400", query, a.StatusCode)
		}
	}
}

func TestSalesPagesBeforeThereIsData(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, tt := range []struct{ user, path, says string }{
		{"cmo", "/", "No deals yet"},
		{"manager", "/", "No deals yet"},
		{"rep", "/me", "Your deals are not here yet"},
		{"rep", "/deals", "No deals yet"},
	} {
		a := s.ask(t, http.MethodGet, tt.path, nil, "Authorization", "Bearer "+s.token(t, tt.user+"@halden.example", testPassword))
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, tt.says) {
			t.Errorf("%s asks %s: %d without %q", tt.user, tt.path, a.StatusCode, tt.says)
		}
	}
}

func TestSmallGroupsAreNotReadOffADifference(t *testing.T) {
	t.Parallel()
	team := func(id, parent string) performance.Team { return performance.Team{ID: id, ParentID: parent} }
	teams := []performance.Team{team("all", ""), team("eu", "all"), team("us", "all"), team("dach", "eu"), team("nordics", "eu"), team("east", "us"), team("west", "us")}
	tests := []struct {
		name  string
		sizes map[string]int64
		want  string
	}{
		{"large teams are all shown", map[string]int64{"all": 24, "eu": 12, "us": 12, "dach": 6, "nordics": 6, "east": 6, "west": 6}, "all eu us dach nordics east west"},
		{"a small team takes its neighbour along", map[string]int64{"all": 22, "eu": 12, "us": 10, "dach": 6, "nordics": 6, "east": 4, "west": 6}, "all eu us dach nordics"},
		{"what is left out is large enough", map[string]int64{"all": 18, "eu": 12, "us": 6, "dach": 6, "nordics": 6, "east": 3, "west": 3}, "all eu us dach nordics"},
		{"a manager beside the only team below is not the difference", map[string]int64{"all": 13, "eu": 7, "us": 6, "dach": 6, "nordics": 0, "east": 6, "west": 0}, "all eu us east"},
		{"a hidden team hides those below it", map[string]int64{"all": 10, "eu": 7, "us": 3, "dach": 6, "nordics": 1, "east": 2, "west": 1}, "all"},
	}
	for _, tt := range tests {
		var got []string
		for _, shown := range largeGroups(teams, tt.sizes) {
			got = append(got, shown.ID)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: shown %v, want %s", tt.name, got, tt.want)
		}
	}
}
