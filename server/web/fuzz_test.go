package web

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"credence/attribution"
	"credence/server/auth"
)

// fuzzed is a company, its users and the routes of some methods.
type fuzzed struct {
	*testServer
	bearers map[auth.Role]string
	routes  []route
}

func startFuzz(f *testing.F, method string) *fuzzed {
	f.Helper()
	s := &fuzzed{testServer: closedCompany(f), bearers: map[auth.Role]string{}}
	for _, role := range auth.Roles {
		s.bearers[role] = "Bearer " + s.token(f, string(role)+"@halden.example", testPassword)
	}
	s.syncs.stop() // what forms begin would outlast them, and the ten seconds that an input has
	for _, r := range s.testServer.routes() {
		if r.method == method && r.path != "/sign-out" {
			s.routes = append(s.routes, r)
		}
	}
	return s
}

// judge sends a request that HTTP carries and fails for what no answer may be.
func (s *fuzzed) judge(t *testing.T, req *http.Request) {
	t.Helper()
	req.RequestURI = "" // what is asked is the URL
	res, err := s.app.Test(req, -1)
	if err != nil {
		return // not a request
	}
	defer res.Body.Close() //nolint:errcheck // a buffer
	a := answer{Response: res, body: bodyOf(t, res)}
	if a.StatusCode == http.StatusUnauthorized {
		return
	}
	if wrong := badAnswer(a); wrong != "" {
		t.Errorf("%s %q: %d, %s: %.400s", req.Method, req.URL.Opaque+req.URL.RawQuery, a.StatusCode, wrong, a.body)
	}
}

// FuzzAddress decodes paths: whatever stands in one, it is answered.
func FuzzAddress(f *testing.F) {
	s := startFuzz(f, http.MethodGet)
	for _, r := range s.routes {
		f.Add(r.path)
		f.Add(r.at(map[string]string{":id": "D1", ":name": "crm"}))
	}
	for _, path := range []string{"/static/../headers.go", "/static/%2e%2e%2fapp.js", "/deals/%252e%252e", "/deals/%00", "/deals/%ff", "/deals/%", "//evil.example/", "/deals//", "/./deals", "/API/v1/deals", "/deals/%C0%AE", "/reports/2026Q3.xlsx/", "/sources/%2f", "/a;b=c/deals"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, " \r\n\t\x00?#") || len(path) > 12<<10 {
			return
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		req.URL = &url.URL{Opaque: path}
		req.Header.Set("Authorization", s.bearers[auth.CMO])
		s.judge(t, req)
	})
}

// FuzzQuery gives one of the addresses that are read any query.
func FuzzQuery(f *testing.F) {
	s := startFuzz(f, http.MethodGet)
	for i, r := range s.routes {
		var parts []string
		for j, name := range r.parameters() {
			parts = append(parts, url.QueryEscape(name)+"="+url.QueryEscape(badValues[(i+j)%len(badValues)].value))
			if len(parts) == 3 {
				break
			}
		}
		f.Add(uint8(i), strings.Join(parts, "&"))
	}
	f.Add(uint8(0), "%zz&&==&a=%00;b")
	f.Fuzz(func(t *testing.T, nth uint8, query string) {
		r := s.routes[int(nth)%len(s.routes)]
		if strings.ContainsAny(query, " \r\n\t\x00#") || len(query) > 12<<10 {
			return
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		req.URL = &url.URL{Opaque: r.at(map[string]string{":id": "D1", ":name": "crm", ":period": "2026Q3", ":view": "channel", ":check": personalChecks[0]}), RawQuery: query}
		req.Header.Set("Authorization", s.bearers[opener(r)])
		s.judge(t, req)
	})
}

// FuzzForm sends any body as one of the forms.
func FuzzForm(f *testing.F) {
	s := startFuzz(f, http.MethodPost)
	for i, r := range s.routes {
		form := url.Values{}
		for _, name := range r.parameters() {
			form.Set(name, goodValues[name])
		}
		f.Add(uint8(i), form.Encode())
	}
	f.Add(uint8(0), "a=%f&=&&;")
	n := 0
	f.Fuzz(func(t *testing.T, nth uint8, body string) {
		r := s.routes[int(nth)%len(s.routes)]
		s.limits = newLimits()
		if n++; n%200 == 0 { // sessions end by what is posted and by time
			s.bearers[auth.Admin] = "Bearer " + s.token(t, "admin@halden.example", testPassword)
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, r.at(map[string]string{":id": "x", ":period": "2026Q3"}), strings.NewReader(body))
		req.Header.Set("Content-Type", formType)
		if !r.policy.open {
			req.Header.Set("Authorization", s.bearers[opener(r)])
		}
		s.judge(t, req)
	})
}

// FuzzSessionBody signs in with any JSON.
func FuzzSessionBody(f *testing.F) {
	s := startFuzz(f, http.MethodPost)
	for _, body := range []string{`{"email":"rep@halden.example","password":"x"}`, `{"renewal":"a.b"}`, `{"email":"\u0000"}`, `[]`, `null`, `1e309`, strings.Repeat(`{"a":`, 5000), `{"email":"a","email":"b"}`, `{"email":"\ud800"}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s.limits = newLimits()
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/session", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		s.judge(t, req)
	})
}

// FuzzPolicyReport takes the report of any browser.
func FuzzPolicyReport(f *testing.F) {
	s := startFuzz(f, http.MethodPost)
	for _, body := range []string{`{"csp-report":{"violated-directive":"script-src","blocked-uri":"inline","line-number":3}}`, `{"csp-report":{"line-number":1e99}}`, `{}`, `[`, `{"csp-report":{"blocked-uri":"https://a:b@c/d?e#f"}}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, reportPath, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/csp-report")
		s.judge(t, req)
	})
}

// FuzzSettings reads settings from any address: they can be worked with, or it is
// told what is wrong; and they come back from the address that says them.
func FuzzSettings(f *testing.F) {
	for _, q := range []string{
		"lookback_days=60", "lookback_days=-1", "lookback_by_channel=Event%3D180,Display%3D30", "lookback_by_channel.Event=9", "exclude=channel%3DDisplay&exclude=", "half_life_days=NaN", "half_life_days=1e309",
		"custom.first=1&custom.lead=0&custom.creation=0&custom.close=0&custom.others=0", "custom.first=0.1", "markov_order=9", "anchor=close&people=deal&path=first&touches=sales&sent_mail=true&opened_mail=yes", "lookback_days=1&lookback_days=2", "model=markov",
		"exclude=" + strings.Repeat("kind%3Dclick%0A", 300),
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		base := attribution.Default()
		s, wrong := readSettings(base, q)
		if len(wrong) > 0 {
			if wrong.first() == nil {
				t.Errorf("%q is wrong and nothing is", query)
			}
			return
		}
		if err = s.Validate(); err != nil {
			t.Fatalf("%q is read as settings that cannot be: %v", query, err)
		}
		back, err := url.ParseQuery(settingQuery(base, s).Encode())
		if err != nil {
			t.Fatal(err)
		}
		if again, wrong := readSettings(base, back); len(wrong) > 0 || !again.Equal(s) {
			t.Errorf("%q is %s, which comes back from %q as %s, %v", query, s, back.Encode(), again, wrong)
		}
	})
}

// FuzzLocalPath follows the way back after signing in as browsers do: they leave
// out tabs and line ends, and take \ for /.
func FuzzLocalPath(f *testing.F) {
	for _, next := range []string{"/deals?period=2026Q3", "//evil.example", "/\t/evil.example", `/\evil.example`, "/\r\n/evil.example", "javascript:alert(1)", " //evil.example", "/%09/evil.example", "///evil.example", "/.//evil.example", "http:evil.example", "/deals#//evil.example"} {
		f.Add(next)
	}
	outside := regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*:|//)`)
	f.Fuzz(func(t *testing.T, next string) {
		to := localPath(next)
		seen := strings.Trim(strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(to), "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x1f ")
		if outside.MatchString(seen) || !strings.HasPrefix(seen, "/") {
			t.Errorf("%q leads to %q, elsewhere", next, to)
		}
	})
}

// FuzzCursor takes any cursor: it is one that a list gave, or refused.
func FuzzCursor(f *testing.F) {
	app := fiber.New()
	f.Add(cursorOf("D1"))
	f.Add(cursorOf("7:120"))
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"i":"D1","n":12,"t":"a"}`)))
	f.Add("!")
	f.Fuzz(func(t *testing.T, text string) {
		c := app.AcquireCtx(&fasthttp.RequestCtx{})
		defer app.ReleaseCtx(c)
		c.Request().URI().QueryArgs().Set("cursor", text)
		key, err := after(c)
		if err == nil && key != "" && strings.TrimRight(cursorOf(key), "=") == "" {
			t.Errorf("%q is %q, which has no cursor", text, key)
		}
		if err == nil && text != "" && key == "" {
			t.Errorf("%q begins the list anew", text)
		}
	})
}
