package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzCallback comes back from the directory with any query, in which STATE and CODE
// stand for what it gave: nobody is signed in without both and their own cookie, and
// whoever is not is told so on a page that holds nothing of the query.
func FuzzCallback(f *testing.F) {
	p := newProvider(f)
	s := ssoServer(f, p, nil)
	honest := "code=CODE&state=STATE"
	for _, query := range []string{honest, "", "state=STATE", "code=CODE", "code=xCODE&state=STATE", "code=CODE&state=STATEx", "code=CODE&state=STATE&error=access_denied", "state=x&state=STATE&code=CODE", "code=CODE&code=x&state=STATE", "code=CODE&state=STATE&error=", "code=CODE&state=%53TATE", "code=%00&state=STATE", "state=STATE&error=<script>alert(1)</script>", "state=STATE&code=" + strings.Repeat("a", 8000), "code=CODE;state=STATE", "state=STATE&code=CODE&next=//evil.example", "%zz&state=STATE", "state=STATE&error=%ff%0d%0aSet-Cookie:%20evil=1"} {
		f.Add(query, true)
		f.Add(query, false)
	}
	f.Fuzz(func(t *testing.T, query string, own bool) {
		if strings.ContainsAny(query, " \r\n\t\x00#") || len(query) > 12<<10 {
			return
		}
		s.limits = newLimits()
		callback, cookie := s.goToDirectory(t)
		given, err := url.Parse(callback)
		if err != nil {
			t.Fatal(err)
		}
		if !own {
			cookie = "cred-oidc=x"
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		req.RequestURI = "" // what is asked is the URL
		req.URL = &url.URL{Opaque: given.Path, RawQuery: strings.NewReplacer("STATE", given.Query().Get("state"), "CODE", given.Query().Get("code")).Replace(query)}
		req.Header.Set("Cookie", cookie)
		before := len(s.Sessions.Of("", testNow))
		res, err := s.app.Test(req, -1)
		if err != nil {
			return // not a request
		}
		defer res.Body.Close() //nolint:errcheck // a buffer
		body, in := bodyOf(t, res), len(s.Sessions.Of("", testNow))-before
		switch {
		case in == 0 && own && query == honest:
			t.Errorf("the way back itself answers %d", res.StatusCode)
		case in > 0 && (!own || !strings.Contains(query, "STATE") || !strings.Contains(query, "CODE") || res.Header.Get("Location") != "/account"):
			t.Errorf("%q with its own cookie %v is signed in and sent to %q", query, own, res.Header.Get("Location"))
		case in == 0 && (res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusRequestHeaderFieldsTooLarge && (res.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "ask an administrator")) || res.Header.Get("Location") != ""):
			t.Errorf("%q answers %d and leads to %q", query, res.StatusCode, res.Header.Get("Location"))
		case strings.Contains(body, "<script>alert") || strings.Contains(strings.Join(res.Header.Values("Set-Cookie"), " "), "evil") || res.Header.Get("Content-Security-Policy") != contentPolicy:
			t.Errorf("%q stands in the answer, or nothing protects it", query)
		}
	})
}
