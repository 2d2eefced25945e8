package web

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"credence/attribution"
	"credence/warehouse"
)

func TestAddressesHoldEverySetting(t *testing.T) {
	t.Parallel()
	base := attribution.Default()
	s := attribution.Settings{
		Model: "last", LookbackDays: 30, LookbackByChannel: map[string]int{"Event": 180, "Paid Social": 7}, Anchor: attribution.AnchorClose,
		People: attribution.PeopleDeal, Path: attribution.PathExposure, Touches: attribution.TouchesMarketing, SentMail: true, OpenedMail: true,
		Exclude: []string{"campaign=c, 17 & kind=click", "channel=Direct"}, HalfLifeDays: 2.5,
		Custom: attribution.Milestones{First: .5, Close: .5}, MarkovOrder: 3,
	}
	if n := reflect.TypeFor[attribution.Settings]().NumField(); n != len(base.Entries()) || n != len(base.Differences(s)) {
		t.Errorf("there are %d settings, %d in words, %d differ here: add the new one to Entries and to this test", n, len(base.Entries()), len(base.Differences(s)))
	}
	for _, pair := range [][2]attribution.Settings{{base, s}, {s, base}, {base, base}} {
		q, err := url.ParseQuery(settingQuery(pair[0], pair[1]).Encode())
		if err != nil {
			t.Fatal(err)
		}
		got, wrong := readSettings(pair[0], q)
		if len(wrong) > 0 || !got.Equal(pair[1]) {
			t.Errorf("%s came back as %s, %v", pair[1], got, wrong)
		}
		for name := range q {
			if !namesSetting(name) {
				t.Errorf("%s is in the address and no setting", name)
			}
		}
	}
	// The form says the same in its own fields.
	q := url.Values{}
	for _, f := range settingFields(base, s, url.Values{}, nil, nil) {
		switch f.Kind {
		case "group":
			for _, p := range f.Parts {
				q.Set(p.Name, p.Value)
			}
		case "rules":
			q[f.Name] = f.Rules
		default:
			q.Set(f.Name, f.Value)
		}
		if f.Was == "" {
			t.Errorf("%s does not say what is in force", f.Name)
		}
	}
	if got, wrong := readSettings(base, q); len(wrong) > 0 || !got.Equal(s) {
		t.Errorf("the form says %s, %v; want %s", got, wrong, s)
	}
}

func TestABadSettingIsToldAtItsField(t *testing.T) {
	t.Parallel()
	tests := []struct{ query, key, words string }{
		{"lookback_days=4000", "lookback_days", "lookback_days is 4000; write 0 to 3660"},
		{"lookback_days=30&lookback_days=40", "lookback_days", "lookback_days is given 2 times; write it once"},
		{"lookback_by_channel=Event%3D1&lookback_by_channel=Event%3D2", "lookback_by_channel", "given 2 times"},
		{"lookback_by_channel.Event=1&lookback_by_channel.Event=2", "lookback_by_channel", "given 2 times"},
		{"lookback_days=", "lookback_days", `lookback_days is ""; write a whole number`},
		{"lookback_days=9.5", "lookback_days", "write a whole number"},
		{"model=lineer", "model", `model is "lineer"; choose one of first, `},
		{"anchor=open", "anchor", "choose one of creation, close"},
		{"half_life_days=1e-300", "half_life_days", "from 0.1 to 3660"},
		{"half_life_days=NaN", "half_life_days", "from 0.1 to 3660"},
		{"half_life_days=x", "half_life_days", "a number such as 2.5"},
		{"custom.first=.9", "custom", "must sum to 1"},
		{"custom.first=x", "custom.first", "a number such as 2.5"},
		{"markov_order=5", "markov_order", "1 to 4"},
		{"sent_mail=perhaps", "sent_mail", "true or false"},
		{"exclude=channel%3DTelex", "exclude", "choose from Paid Social"},
		{"exclude=nothing", "exclude", "is no rule; write for example"},
		{"lookback_by_channel=Event", "lookback_by_channel", "Event=180,Display=30"},
		{"lookback_by_channel.Telex=3", "lookback_by_channel", "choose from Paid Social"},
		{"lookback_by_channel.Event=-3", "lookback_by_channel", "of Event is -3; write 0 to 3660"},
		{"lookback_by_channel.Event=soon", "lookback_by_channel", "a whole number of days"},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			t.Parallel()
			q, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			_, wrong := readSettings(attribution.Default(), q)
			if wrong[tt.key] == nil || !strings.Contains(wrong[tt.key].Error(), tt.words) {
				t.Errorf("got %v, want %q at %s", wrong, tt.words, tt.key)
			}
			if wrong.first() == nil {
				t.Error("no problem is the first")
			}
		})
	}
}

// saveSettings sends the form of the settings page as its reader filled it in.
func (s *testServer) saveSettings(t *testing.T, cookies, changes string) answer {
	t.Helper()
	page := s.ask(t, http.MethodGet, "/settings", nil, "Cookie", cookies)
	form := url.Values{}
	for _, name := range []string{"_csrf", "version"} {
		found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page.body)
		if found == nil {
			t.Fatalf("the page has no %s: %s", name, page.body)
		}
		form.Set(name, found[1])
	}
	given, err := url.ParseQuery(changes)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(form, given)
	a := s.ask(t, http.MethodPost, "/settings", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookies, "Origin", s.Config.BaseURL)
	s.syncs.mu.Lock()
	done := s.syncs.done
	s.syncs.mu.Unlock()
	if done != nil {
		<-done
	}
	return a
}

// stands is the settings that the ledger was built with.
func (s *testServer) stands(t *testing.T) attribution.Settings {
	t.Helper()
	var built attribution.Settings
	err := s.Warehouse.Read(t.Context(), func(q *warehouse.Snapshot) (err error) {
		built, _, err = attribution.BuiltWith(t.Context(), q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func TestAnAdminSavesTheCompanysSettings(t *testing.T) {
	t.Parallel()
	s := sourcesServer(t)
	admin := s.cookies(t, "admin@halden.example")
	page := func(query string, parts ...string) string {
		t.Helper()
		a := s.ask(t, http.MethodGet, "/settings"+query, nil, "Cookie", admin)
		if a.StatusCode != http.StatusOK {
			t.Fatalf("/settings%s: got %d: %s", query, a.StatusCode, a.body)
		}
		for _, p := range parts {
			if !strings.Contains(a.body, p) {
				t.Errorf("/settings%s lacks %q: %s", query, p, a.body)
			}
		}
		return a.body
	}
	page("", "attributes by linear, 90 days before", "No change was saved yet", "privacy.cmo_sees_reps", `value="channel=Display"`, "source=crm")
	s.syncNow(t, admin, "crm")

	// A link proposes; nothing is saved by it.
	page("?lookback_days=30&model=last", "Proposed, not saved", "Lookback: 90 days → 30 days", "Model: Linear → Last touch", "in force: 90 days")
	page("?lookback_days=x", "write a whole number")
	page("", "No change was saved yet")

	// Saving keeps who, when, why, from and to, and works out the figures anew.
	const why = "The board looks at a month & <b>no more</b>"
	a := s.saveSettings(t, admin, "lookback_days=30&model=last&exclude=channel%3DDirect&reason="+url.QueryEscape(why))
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/settings" {
		t.Fatalf("save: got %d: %s", a.StatusCode, a.body)
	}
	if got := s.stands(t); got.LookbackDays != 30 || got.Model != "last" || len(got.Exclude) != 1 || got.HalfLifeDays != 7 {
		t.Errorf("after the refresh the ledger stands on %s", got)
	}
	page("", "attributes by last touch, 30 days before", "Test admin", "16 Nov 2026", "The board looks at a month &amp; &lt;b&gt;no more&lt;/b&gt;",
		"Lookback: 90 days → 30 days", "Left out: nothing → channel=Direct", "Every figure stands on the new settings since", "Back to the settings of")
	cmo := s.cookies(t, "cmo@halden.example")
	if body := s.ask(t, http.MethodGet, "/attribution?period=2026Q4", nil, "Cookie", cmo).body; !strings.Contains(body, "30 days before creation") {
		t.Error("the attribution page does not print the settings in force")
	}
	if body := s.ask(t, http.MethodGet, "/api/v1/channels?period=2026Q4", nil, "Cookie", cmo).body; !strings.Contains(body, `"model":"last"`) {
		t.Errorf("the API answers under another model than the company's: %s", body)
	}
	report := s.ask(t, http.MethodGet, "/reports/2026Q4.json", nil, "Cookie", cmo).body
	for _, part := range []string{`"model": "last"`, "without channel=Direct", "by Test admin: The board looks"} {
		if !strings.Contains(report, part) {
			t.Errorf("the report lacks %q: %s", part, report)
		}
	}

	// The file is edited: what was saved holds, and the page says so.
	s.Config.Attribution.LookbackDays = 60
	page("", "was edited after Test admin saved these settings", "30 days before")
	s.syncNow(t, admin, "crm")
	if got := s.stands(t); got.LookbackDays != 30 {
		t.Errorf("the edited file's %d days hold, want the saved 30", got.LookbackDays)
	}

	// Back to the file.
	if a = s.saveSettings(t, admin, "to_file=true&reason=the+file+says+it+all"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("back to the file: got %d: %s", a.StatusCode, a.body)
	}
	if got := s.stands(t); !got.Equal(s.Config.Attribution) {
		t.Errorf("back to the file the ledger stands on %s", got)
	}
	if body := page("", "2 changes were saved", "again since", "the file says it all", "Lookback: 30 days → 60 days"); strings.Contains(body, `name="to_file"`) {
		t.Error("the page offers to go back to the file that holds")
	}
}

func TestSettingsAreNotSaved(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	admin := s.cookies(t, "admin@halden.example")
	const why = "&reason=the+board+asked+for+it"
	tests := []struct {
		name, form string
		want       int
		words      string
	}{
		{"without a reason", "lookback_days=30&reason=because", 400, "10 to 500 characters"},
		{"unchanged", "lookback_days=90" + why, 400, "in force already"},
		{"with a bad value", "lookback_days=-1" + why, 400, "lookback_days is -1; write 0 to 3660"},
		{"upon a state of long ago", "lookback_days=30&version=7" + why, 409, "Somebody saved other settings meanwhile"},
		{"upon no state", "lookback_days=30&version=x" + why, 400, "load the page again"},
		{"without a form token", "lookback_days=30&_csrf=x" + why, 403, ""},
	}
	for _, tt := range tests {
		a := s.saveSettings(t, admin, tt.form)
		if a.StatusCode != tt.want || !strings.Contains(a.body, tt.words) {
			t.Errorf("%s: got %d, want %d with %q: %s", tt.name, a.StatusCode, tt.want, tt.words, a.body)
		}
		if tt.want == 400 && strings.Contains(tt.form, "because") && (!strings.Contains(a.body, ">because</textarea>") || !strings.Contains(a.body, `value="30"`)) {
			t.Errorf("%s: what was written is lost", tt.name)
		}
	}
	s.syncs.mu.Lock()
	s.syncs.latest = &syncRun{task: reading("crm"), started: testNow}
	s.syncs.mu.Unlock()
	if a := s.saveSettings(t, admin, "lookback_days=30"+why); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "Save again when that has ended") {
		t.Errorf("while figures are worked out: got %d: %s", a.StatusCode, a.body)
	}
	for _, role := range []string{"rep", "manager", "cmo"} {
		bearer := "Bearer " + s.token(t, role+"@halden.example", testPassword)
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			var form io.Reader
			if method == http.MethodPost {
				form = strings.NewReader("lookback_days=30&version=0&reason=the+board+asked+for+it")
			}
			if got := s.ask(t, method, "/settings", form, "Authorization", bearer, "Content-Type", "application/x-www-form-urlencoded").StatusCode; got != http.StatusForbidden {
				t.Errorf("%s /settings answers a %s %d, want 403", method, role, got)
			}
		}
	}
	if body := s.ask(t, http.MethodGet, "/settings", nil, "Cookie", admin).body; !strings.Contains(body, "No change was saved yet") {
		t.Error("a refused change was kept")
	}
}

// TestTwoAdminsAtOnce has both open the page; the second is told.
func TestTwoAdminsAtOnce(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	admin := s.cookies(t, "admin@halden.example")
	for i, want := range []int{303, 409, 303} {
		form := fmt.Sprintf("lookback_days=%d&reason=the+board+asked+for+it", 30+i)
		if i < 2 {
			form += "&version=0"
		}
		a := s.saveSettings(t, admin, form)
		if a.StatusCode != want {
			t.Errorf("save %d: got %d, want %d: %s", i, a.StatusCode, want, a.body)
		}
		if want == 409 && (!strings.Contains(a.body, "Lookback: 90 days → 30 days") || !strings.Contains(a.body, `value="31"`)) {
			t.Errorf("the second admin is not told what the first saved, or loses what was written: %s", a.body)
		}
	}
}
