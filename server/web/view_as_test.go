package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/server/audit"
	"credence/server/auth"
	"credence/warehouse"
)

// viewer is an administrator in a browser.
type viewer struct {
	s      *testServer
	cookie string
	csrf   string
}

func newViewer(t *testing.T, s *testServer, email string) viewer {
	t.Helper()
	v := viewer{s: s, cookie: s.cookies(t, email)}
	session, err := s.Tokens.Read(strings.TrimPrefix(strings.Split(v.cookie, "; ")[accessIndex(v.cookie)], "cred="))
	if err != nil {
		t.Fatal(err)
	}
	v.csrf = s.Tokens.FormToken(session.ID)
	return v
}

func (v viewer) get(t *testing.T, target string) answer {
	t.Helper()
	return v.s.ask(t, http.MethodGet, target, nil, "Cookie", v.cookie)
}

func (v viewer) post(t *testing.T, target string, pairs ...string) answer {
	t.Helper()
	form := url.Values{"_csrf": {v.csrf}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return v.s.ask(t, http.MethodPost, target, strings.NewReader(form.Encode()), "Cookie", v.cookie, "Origin", "http://127.0.0.1:8080", "Content-Type", formType)
}

// viewed are the entries of the log about viewing as somebody, the oldest first.
func viewedAs(t *testing.T, s *testServer) (out []audit.Entry) {
	t.Helper()
	if err := s.Audit.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := s.Warehouse.Read(t.Context(), func(snap *warehouse.Snapshot) (err error) {
		out, err = audit.List(t.Context(), snap, audit.Filter{Limit: 1000})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(out)
	return out
}

// TestAnAdministratorViewsAsAUser walks it from the button to the end: the pages
// are the user's and no more, every page says so, nothing can be changed, and the
// log tells who looked as whom and why.
func TestAnAdministratorViewsAsAUser(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	rep, admin := m.users["rep A"], m.users["admin"]
	v := newViewer(t, s.testServer, admin.Email)
	if a := v.get(t, "/deals"); a.StatusCode != http.StatusForbidden {
		t.Fatalf("before, an administrator gets /deals: %d", a.StatusCode)
	}
	page := v.get(t, "/users/"+rep.ID)
	if !strings.Contains(page.body, `action="/users/`+rep.ID+`/view-as"`) {
		t.Fatal("the page of a user has no button to view as them")
	}
	for _, tt := range []struct{ name, id, reason, says string }{
		{"without a reason", rep.ID, " ", "in 5 to 200 characters why"},
		{"as oneself", admin.ID, "to see it myself", "This is you"},
		{"as a disabled user", m.users["disabled user"].ID, "they asked me to", "A disabled user sees nothing"},
	} {
		if a := v.post(t, "/users/"+tt.id+"/view-as", "reason", tt.reason); a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, tt.says) {
			t.Errorf("%s: %d, want 400 and %q", tt.name, a.StatusCode, tt.says)
		}
	}
	if a := v.post(t, "/users/no-such-one/view-as", "reason", "they asked me to"); a.StatusCode != http.StatusNotFound {
		t.Errorf("as nobody: %d, want 404", a.StatusCode)
	}
	if a := v.post(t, "/users/"+rep.ID+"/view-as", "reason", "they miss a deal"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/" {
		t.Fatalf("the button answers %d to %s", a.StatusCode, a.Header.Get("Location"))
	}

	// The pages are A's: what A sees, with a banner, and nothing of an administrator's.
	as := principal{name: "admin as rep A", rep: "a", roles: []string{"rep"}}
	for _, target := range []string{"/me", "/deals", "/deals/D-a1", "/attribution", "/campaigns/C-a"} {
		a := v.get(t, target)
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "You view as <b>"+rep.Name+"</b>, Sales, until 10:00.") || !strings.Contains(a.body, `action="/view-as/stop"`) {
			t.Errorf("%s answers %d, and must say that it is viewed", target, a.StatusCode)
		}
		s.holdsNoMark(t, as, target, a, nil)
	}
	for target, want := range map[string]int{"/deals/D-b1": 404, "/deals/D-c1": 404, "/reps/R-b": 404, "/teams/T1": 404, "/users": 403, "/users/" + rep.ID: 403, "/audit": 403, "/settings": 403, "/sources": 403, "/efficiency": 404, "/api/v1/sources": 403} {
		a := v.get(t, target)
		if a.StatusCode != want {
			t.Errorf("%s answers %d, want %d", target, a.StatusCode, want)
		}
		if !strings.HasPrefix(target, "/api/") && !strings.Contains(a.body, "You view as") {
			t.Errorf("%s does not say that it is viewed", target)
		}
		s.holdsNoMark(t, as, target, a, nil)
	}
	a := v.get(t, "/api/v1/deals?limit=1000")
	s.holdsNoMark(t, as, "/api/v1/deals", a, nil)
	if !strings.Contains(a.body, "D-a1") || strings.Contains(a.body, "D-b1") {
		t.Errorf("the API lists other deals than A's: %.300s", a.body)
	}

	// Nothing can be changed, not by a form and not by the API.
	before := s.state(t)
	for _, r := range s.routes() {
		if r.method == http.MethodGet || r.policy.open || slices.Contains(whileViewing, r.method+" "+r.path) {
			continue
		}
		target := fill(r.path, rep.ID)
		if a := v.post(t, target, "theme", "dark", "session", "all", "name", "x", "role", "admin", "reason", "to go on"); a.StatusCode != http.StatusForbidden || !strings.Contains(a.body, "only read") {
			t.Errorf("%s answers %d, want 403: %.200s", target, a.StatusCode, a.body)
		}
	}
	if after := s.state(t); after != before {
		t.Errorf("while viewing something was changed:\n%s\nbefore\n%s", after, before)
	}

	// Another session of the same administrator views as nobody.
	if a := newViewer(t, s.testServer, admin.Email).get(t, "/deals"); a.StatusCode != http.StatusForbidden {
		t.Errorf("another session gets /deals: %d, want 403", a.StatusCode)
	}
	if a := v.post(t, "/view-as/stop"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/users/"+rep.ID {
		t.Fatalf("stopping answers %d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := v.get(t, "/deals"); a.StatusCode != http.StatusForbidden || strings.Contains(a.body, "You view as") {
		t.Errorf("afterwards /deals answers %d", a.StatusCode)
	}

	var told []string
	for _, e := range viewedAs(t, s.testServer) {
		if e.Actor != admin.ID {
			continue
		}
		if e.Action == audit.ViewAs {
			told = append(told, e.Detail["change"]+" "+e.Object+" "+e.Detail["reason"]+e.Detail["why"])
		}
		if e.Action == audit.ViewPerson {
			if e.Detail["viewing as"] != rep.ID {
				t.Errorf("a view of people has the detail %v, want whom the administrator viewed as", e.Detail)
			}
			told = append(told, "people")
		}
	}
	told = slices.Compact(told)
	want := []string{"started user " + rep.ID + " they miss a deal", "people", "stopped user " + rep.ID + " by the button"}
	if !slices.Equal(told, want) {
		t.Errorf("the log tells %q, want %q", told, want)
	}
}

// TestViewingEnds ends it in every way there is.
func TestViewingEnds(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	user := func(email string) (u auth.User) {
		err := s.Warehouse.Read(t.Context(), func(snap *warehouse.Snapshot) (err error) {
			u, err = auth.UserByEmail(t.Context(), snap, email)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	change := func(u auth.User, roles []auth.Role, disabled bool) {
		_, err := auth.InMemory(s.Warehouse).Change(t.Context(), testNow, "somebody", u.ID, func(auth.User) auth.Change {
			return auth.Change{Name: u.Name, Roles: roles, Disabled: disabled}
		})
		if err != nil {
			t.Fatal(err)
		}
		s.clock.forward(5 * time.Second)
	}
	me := func(v viewer) (name string) {
		var got meAnswer
		a := v.get(t, "/api/v1/me")
		if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.StatusCode != http.StatusOK {
			return a.Status
		}
		return got.Email
	}
	const admin, manager = "admin@halden.example", "manager@halden.example"
	start := func() viewer {
		v := newViewer(t, s, admin)
		if a := v.post(t, "/users/"+user(manager).ID+"/view-as", "reason", "to see their page"); a.StatusCode != http.StatusSeeOther || me(v) != manager {
			t.Fatalf("viewing answers %d and then I am %s", a.StatusCode, me(v))
		}
		return v
	}
	for _, tt := range []struct {
		name string
		ends func(v viewer)
		then string
	}{
		{"after an hour", func(viewer) { s.clock.forward(viewLife) }, admin},
		{"with other roles of the user the rights are theirs at once", func(viewer) { change(user(manager), []auth.Role{auth.Rep}, false) }, manager},
		{"when the user is left an administrator alone", func(viewer) { change(user(manager), []auth.Role{auth.Admin}, false) }, admin},
		{"when the user is disabled", func(viewer) { change(user(manager), []auth.Role{auth.Manager}, true) }, admin},
		{"with the session", func(v viewer) { v.post(t, "/sign-out") }, "401 Unauthorized"},
		{"when the administrator is none any more", func(viewer) {
			change(user("cmo@halden.example"), []auth.Role{auth.CMO, auth.Admin}, false)
			change(user(admin), []auth.Role{auth.Rep}, false)
		}, "401 Unauthorized"},
	} {
		v := start()
		tt.ends(v)
		if got := me(v); got != tt.then {
			t.Errorf("%s: the session is %s, want %s", tt.name, got, tt.then)
		}
		if u := user(manager); u.Disabled || !slices.Equal(u.Roles, []auth.Role{auth.Manager}) {
			change(u, []auth.Role{auth.Manager}, false)
		}
	}
	var stopped []string
	for _, e := range viewedAs(t, s) {
		if e.Action == audit.ViewAs && e.Detail["change"] == "stopped" {
			stopped = append(stopped, e.Detail["why"])
		}
	}
	if want := []string{"the hour is over", "the user may not be viewed any more", "the user may not be viewed any more", "signed out"}; !slices.Equal(stopped, want) {
		t.Errorf("the log tells the ends %q, want %q", stopped, want)
	}
}

// TestViewingAsAnotherAdministrator shows what they see beside that.
func TestViewingAsAnotherAdministrator(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	var manager auth.User
	err := s.Warehouse.Read(t.Context(), func(snap *warehouse.Snapshot) (err error) {
		manager, err = auth.UserByEmail(t.Context(), snap, "manager@halden.example")
		return err
	})
	if err == nil {
		_, err = auth.InMemory(s.Warehouse).Change(t.Context(), testNow, "somebody", manager.ID, func(u auth.User) auth.Change {
			return auth.Change{Name: u.Name, Roles: []auth.Role{auth.Manager, auth.Admin}}
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	v := newViewer(t, s, "admin@halden.example")
	if a := v.post(t, "/users/"+manager.ID+"/view-as", "reason", "they miss a deal"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the button answers %d", a.StatusCode)
	}
	for target, want := range map[string]int{"/me": 200, "/deals": 200, "/users": 403, "/audit": 403, "/settings": 403, "/sources": 403, "/privacy": 403} {
		if a := v.get(t, target); a.StatusCode != want {
			t.Errorf("%s answers %d, want %d", target, a.StatusCode, want)
		}
	}
}
