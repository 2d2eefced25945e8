package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"credence/server/audit"
	"credence/server/auth"
	"credence/warehouse"
)

// noted are the events of an action, the newest first.
func (s *testServer) noted(t *testing.T, f audit.Filter) (entries []audit.Entry) {
	t.Helper()
	if err := s.Audit.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := s.Warehouse.Read(t.Context(), func(snap *warehouse.Snapshot) (err error) {
		entries, err = audit.List(t.Context(), snap, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestSignInsAreNotedWithoutPasswordOrUnknownAddress(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, try := range [][2]string{{"stranger@halden.example", "hunter2hunter2"}, {" Stranger@HALDEN.example", "hunter3hunter3"}, {"rep@halden.example", "hunter4hunter4"}} {
		s.ask(t, http.MethodPost, "/api/v1/session", jsonBody(t, sessionRequest{Email: try[0], Password: try[1]}), "Content-Type", "application/json")
	}
	token := s.token(t, "rep@halden.example", testPassword)
	s.ask(t, http.MethodDelete, "/api/v1/session", nil, "Authorization", "Bearer "+token)
	all := s.noted(t, audit.Filter{})
	refused := s.noted(t, audit.Filter{Action: audit.SignInRefused})
	if len(refused) != 3 || refused[2].Object != refused[1].Object || !strings.HasPrefix(refused[2].Object, "address ") || !strings.HasPrefix(refused[0].Object, "user ") {
		t.Errorf("refused attempts are noted as %+v, want twice the mark of one address, then a user", refused)
	}
	in, out := s.noted(t, audit.Filter{Action: audit.SignIn}), s.noted(t, audit.Filter{Action: audit.SignOut})
	if len(in) != 1 || len(out) != 1 || in[0].Actor != out[0].Actor || "user "+in[0].Actor != refused[0].Object {
		t.Errorf("signing in and out is noted as %+v and %+v, want one each by the user", in, out)
	}
	for _, e := range all {
		text := e.Actor + e.Object
		for name, value := range e.Detail {
			text += name + value
		}
		if strings.Contains(text, "@") || strings.Contains(text, "hunter") {
			t.Errorf("an address or a password stands in the log: %+v", e)
		}
	}
}

// TestEveryFileIsNoted asks every address that answers with a file.
func TestEveryFileIsNoted(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	files := 0
	for role, bearer := range map[auth.Role]string{auth.CMO: wd.cmo(t, s), auth.Admin: "Bearer " + s.token(t, "admin@halden.example", testPassword)} {
		for _, target := range []string{
			"/reports/2026Q3.csv", "/attribution?by=channel&period=2026&format=csv", "/attribution/rows?by=channel&period=2026&format=csv&q=somebody",
			"/efficiency?period=2026&format=csv", "/attribution/pipeline?by=channel&format=csv", "/quality/rejected_rows/rows.csv", "/sources/crm/rejected.csv",
		} {
			a := s.ask(t, http.MethodGet, target, nil, "Authorization", bearer)
			if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
				continue
			}
			files++
			path, query, _ := strings.Cut(target, "?")
			got := s.noted(t, audit.Filter{Action: audit.Export, Object: path})
			if len(got) == 0 {
				t.Errorf("%s as %s is not noted", target, role)
				continue
			}
			want := strings.ReplaceAll(query, "somebody", "given")
			if values, err := url.ParseQuery(want); err != nil || got[0].Detail["filter"] != values.Encode() || got[0].Detail["rows"] == "" {
				t.Errorf("%s is noted with %v, want the filter %q and a number of rows", target, got[0].Detail, want)
			}
		}
	}
	if files < 6 {
		t.Errorf("only %d addresses answered with a file", files)
	}
}

// No list of the API is read without a note, by bearer or by cookie.
func TestEveryListOfTheAPIIsNoted(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	cmo, admin := wd.cmo(t, s), "Bearer "+s.token(t, "admin@halden.example", testPassword)
	lists := 0
	for _, r := range s.routes() {
		if r.method != http.MethodGet || !strings.HasPrefix(r.path, "/api/v1/") {
			continue
		}
		path := strings.NewReplacer(":view", "channel", ":name", "win_rate", ":id", "none").Replace(r.path)
		header := []string{"Authorization", cmo}
		if slices.Contains(r.policy.roles, auth.Admin) && !slices.Contains(r.policy.roles, auth.CMO) {
			header[1] = admin
		}
		if path == "/api/v1/deals" { // as a link that somebody opens in the browser
			header = []string{"Cookie", s.cookies(t, "cmo@halden.example")}
		}
		a := s.ask(t, http.MethodGet, path+"?limit=3&q=somebody", nil, header...)
		if a.StatusCode != http.StatusOK { // most know only some of these
			a = s.ask(t, http.MethodGet, path, nil, header...)
		}
		rows, list := itemsIn([]byte(a.body))
		if a.StatusCode != http.StatusOK || !list {
			continue
		}
		lists++
		got := s.noted(t, audit.Filter{Action: audit.Export, Object: path})
		if len(got) == 0 || got[0].Detail["rows"] != strconv.Itoa(rows) || strings.Contains(got[0].Detail["filter"], "somebody") {
			t.Errorf("%s, %d rows, is noted as %+v", path, rows, got)
		}
	}
	if lists < 10 {
		t.Errorf("only %d addresses answered with a list", lists)
	}
}

func TestViewsOfPeopleAreNoted(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	cmo := wd.cmo(t, s)
	seen := 0
	for _, deals := range wd.owners {
		before := len(s.noted(t, audit.Filter{Action: audit.ViewPerson, Object: "deal " + deals[0]}))
		for i, path := range []string{"/deals/", "/api/v1/deals/"} {
			target := path + deals[0]
			if i == 1 {
				target += "/journey"
			}
			a := s.ask(t, http.MethodGet, target, nil, "Authorization", cmo)
			if a.StatusCode != http.StatusOK {
				t.Fatalf("%s answers %d", target, a.StatusCode)
			}
		}
		got := s.noted(t, audit.Filter{Action: audit.ViewPerson, Object: "deal " + deals[0]})
		if n := len(got) - before; n != 0 && n != 2 {
			t.Errorf("two views of deal %s are noted %d times", deals[0], n)
		} else if n == 2 {
			seen++
			if got[0].Detail["people"] == "" || got[0].Detail["count"] == "" {
				t.Errorf("the view of deal %s tells no people: %v", deals[0], got[0].Detail)
			}
		}
		if seen == 3 {
			break
		}
	}
	if seen == 0 {
		t.Error("no deal with people was seen: the test looks at the wrong ones")
	}
}
