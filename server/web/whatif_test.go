package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"credence/attribution"
	"credence/server/auth"
	"credence/warehouse"
)

// toldChannels is what the API tells of channels, without spend.
type toldChannels struct {
	Items []struct {
		Kind, Channel, Credit, Lowest, Highest string
		Share                                  float64
		Deals, Touches                         int
	}
	Total    string
	WhatIf   bool `json:"what_if"`
	Settings attribution.Settings
}

// channels asks the API for channels and fails unless it answers.
func (s *testServer) channels(t *testing.T, bearer, query string) (got toldChannels) {
	t.Helper()
	a := s.ask(t, http.MethodGet, "/api/v1/channels?limit=1000&"+query, nil, "Authorization", bearer)
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("channels?%s: %d, %v: %s", query, a.StatusCode, err, a.body)
	}
	return got
}

func TestTheAPIAnswersWhatIf(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	cmo := wd.cmo(t, s)
	before := wd.fingerprint(t)
	stored := s.channels(t, cmo, "period=2026&model=linear")
	if stored.WhatIf || !stored.Settings.Equal(wd.cfg.Attribution) {
		t.Errorf("without a parameter what_if is %v under %s", stored.WhatIf, stored.Settings)
	}
	// What does not concern the model changes nothing, and what is the company's
	// is no what-if at all.
	same := s.channels(t, cmo, "period=2026&model=linear&half_life_days=3&markov_order=2")
	if !same.WhatIf || same.Settings.HalfLifeDays != 3 || same.Total != stored.Total || len(same.Items) != len(stored.Items) {
		t.Errorf("another half-life under linear answers %v, %s, %s in %d items", same.WhatIf, same.Settings, same.Total, len(same.Items))
	}
	for i, item := range same.Items {
		want := stored.Items[i]
		item.Lowest, item.Highest, want.Lowest, want.Highest = "", "", "", "" // decay moves them
		if !reflect.DeepEqual(item, want) {
			t.Errorf("another half-life under linear: %+v, want %+v", item, want)
		}
	}
	if s.channels(t, cmo, "period=2026&lookback_days=90&people=account").WhatIf {
		t.Error("the company's own settings are told as a what-if")
	}
	// Other settings move credit and not the total.
	for _, query := range []string{
		"lookback_days=5", "anchor=close&lookback_days=20", "people=primary", "touches=marketing", "path=first", "sent_mail=true", "exclude=channel%3DE-mail&exclude=kind%3Dvisit",
		"lookback_by_channel=Event%3D1,Direct%3D2", "model=time_decay&half_life_days=1", "model=custom&custom.first=1&custom.lead=0&custom.creation=0&custom.close=0&custom.others=0",
	} {
		got, base := s.channels(t, cmo, "period=2026&"+query), stored
		if strings.HasPrefix(query, "model=") {
			model, _, _ := strings.Cut(query, "&")
			base = s.channels(t, cmo, "period=2026&"+model)
		}
		if !got.WhatIf || got.Total != base.Total || reflect.DeepEqual(got.Items, base.Items) {
			t.Errorf("%s: what_if %v, total %s of %s, the same items: %v", query, got.WhatIf, got.Total, base.Total, reflect.DeepEqual(got.Items, base.Items))
		}
	}
	for _, item := range s.channels(t, cmo, "period=2026&exclude=channel%3DE-mail").Items {
		if item.Channel == "E-mail" {
			t.Errorf("the channel that is left out is told: %+v", item)
		}
	}
	if after := wd.fingerprint(t); !slices.Equal(before, after) {
		t.Errorf("a what-if changed what is stored:\n%v\n%v", before, after)
	}
}

// fingerprint is the content of every stored table but those of users, whom
// other tests add.
func (wd *world) fingerprint(t *testing.T) []warehouse.TableSum {
	t.Helper()
	report, err := wd.w.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(report.Tables, func(s warehouse.TableSum) bool { return s.Name == "users" || s.Name == "visible_rep" })
}

func TestABadWhatIfIsToldAndNothingElse(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	cmo := wd.cmo(t, s)
	deal := wd.aWonDeal(t)
	tests := []struct{ query, words string }{
		{"lookback_days=4000", "lookback_days is 4000; write 0 to 3660"},
		{"lookback_days=30&lookback_days=40", "lookback_days is given 2 times; write it once"},
		{"half_life_days=soon", "write a number such as 2.5"},
		{"people=everybody", "choose one of account, deal, primary"},
		{"exclude=channel%3DTelex", "choose from Paid Social"},
		{"exclude=rep%3Dr-1", "your role does not see reps one by one"},
		{"custom.first=0.9", "must sum to 1"},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			t.Parallel()
			for _, target := range []string{"/api/v1/channels", "/api/v1/campaigns", "/deals/" + deal, "/attribution"} {
				a := s.ask(t, http.MethodGet, target+"?"+tt.query, nil, "Authorization", cmo)
				words := strings.NewReplacer("&#39;", "'", "&#34;", `"`).Replace(a.body)
				if a.StatusCode != http.StatusBadRequest || !strings.Contains(words, tt.words) {
					t.Errorf("%s?%s: got %d, want 400 with %q: %s", target, tt.query, a.StatusCode, tt.words, a.body)
				}
			}
		})
	}
}

// aWonDeal is the id of a won deal with several touches that count.
func (wd *world) aWonDeal(t *testing.T) (id string) {
	t.Helper()
	err := wd.w.Read(t.Context(), func(q *warehouse.Snapshot) error {
		return q.QueryRowContext(t.Context(), `select d.deal_id from journey_deal d where d.status = 'won' and d.amount_minor > 0 and d.eligible > 4
			order by d.eligible desc, d.deal_id limit 1`).Scan(&id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestPagesAnswerWhatIf(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	both := auth.NewUser{Email: "both@halden.example", Name: "Both", Password: testPassword, Roles: []auth.Role{auth.CMO, auth.Admin}}
	if _, err := auth.InMemory(wd.w).Add(t.Context(), s.Hasher, testNow, both); err != nil {
		t.Fatal(err)
	}
	if err := wd.w.UpdateVisibility(t.Context()); err != nil {
		t.Fatal(err)
	}
	cmo, admin := wd.cmo(t, s), "Bearer "+s.token(t, both.Email, testPassword)
	for _, path := range []string{"/deals/" + wd.aWonDeal(t), "/attribution"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			get := func(bearer, query string, header ...string) answer {
				t.Helper()
				return s.ask(t, http.MethodGet, path+query, nil, append([]string{"Authorization", bearer}, header...)...)
			}
			has := func(a answer, parts ...string) {
				t.Helper()
				for _, p := range parts {
					if !strings.Contains(a.body, p) {
						t.Errorf("%d lacks %q: %s", a.StatusCode, p, a.body)
					}
				}
			}
			has(get(cmo, "?period=2026"), "What if…</a>")
			has(get(cmo, "?period=2026&whatif=open"), "What if other settings held?", `name="lookback_days"`, `name="period" value="2026"`)

			// The form says more than it must; the address does not.
			a := get(cmo, "?period=2026&whatif=open&lookback_days=5&people=account&exclude=&custom.first=0.3&lookback_by_channel.Event=")
			if to := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || to != path+"?lookback_days=5&period=2026&whatif=open" {
				t.Errorf("the form leads to %d %s", a.StatusCode, to)
			}
			whole := get(cmo, "?lookback_days=5&period=2026&whatif=open")
			has(whole, "<!doctype html>", "not the company’s setting", "Lookback: 90 days → 5 days", "would move", "in force: 90 days", "Reset",
				s.Config.BaseURL+path+"?lookback_days=5&amp;period=2026&amp;whatif=open", s.Config.BaseURL+"/settings?lookback_days=5")
			if strings.Contains(whole.body, `action="/settings"`) {
				t.Error("a cmo may save")
			}
			part := get(cmo, "?lookback_days=5&period=2026&whatif=open", "HX-Request", "true", "HX-Target", whatIfPanel)
			if has(part, `<div id="what-if">`, "would move"); strings.Contains(part.body, "<html") {
				t.Error("htmx gets the whole page")
			}
			saves := get(admin, "?lookback_days=5&period=2026&whatif=open")
			has(saves, `action="/settings"`, `name="lookback_days" value="5"`, "Save as the company’s setting")

			// Another model alone is compared with the company's; a learned one learns again.
			has(get(cmo, "?model=last&period=2026&whatif=open"), "Model: Linear → Last touch")
			for _, m := range attribution.Models {
				if m.Learned() {
					has(get(cmo, fmt.Sprintf("?lookback_days=5&model=%s&period=2026&whatif=open", m.ID)), "would move")
				}
			}
		})
	}
	// Who sees reps by name may leave one out.
	for _, u := range wd.principals() {
		if slices.Equal(u.Roles, []auth.Role{auth.Manager}) {
			a := s.ask(t, http.MethodGet, "/attribution?exclude="+url.QueryEscape("rep=r-1")+"&whatif=open", nil, "Authorization", "Bearer "+s.token(t, u.Email, u.Password))
			if a.StatusCode != http.StatusOK {
				t.Errorf("a manager who leaves a rep out gets %d: %s", a.StatusCode, a.body)
			}
		}
	}
}
