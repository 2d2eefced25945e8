package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/server/auth"
)

// badValues are what should be no parameter of anybody.
var badValues = []struct{ name, value string }{
	{"nothing", ""},
	{"null", "null"},
	{"another type", "twelve"},
	{"a list", `["a","b"]`},
	{"an object", `{"$gt":""}`},
	{"a long text", strings.Repeat("x", maxValue+1)},
	{"a text just not too long", strings.Repeat("x", maxValue)},
	{"NUL", "a\x00b"},
	{"no UTF-8", "a\xff\xfeb"},
	{"right to left, of no width", "\u202eabc\u200b\u2066\ufeff"},
	{"SQL", `'";-- drop table users`},
	{"more SQL", `x' or '1'='1`},
	{"a template", "{{7*7}}${7*7}"},
	{"a tag", evilTag},
	{"an attribute", `"onmouseover=window.__xss=1 x="`},
	{"a way out of the folder", "../../../../etc/passwd"},
	{"a header", "x\r\nSet-Cookie: evil=1"},
	{"a formula", "=cmd|' /C calc'!A1"},
	{"a format", "%s%n%x%d"},
	{"-1", "-1"},
	{"2^63", "9223372036854775808"},
	{"much", "99999999999999999999999999999999999999"},
	{"no number", "NaN"},
	{"infinite", "1e309"},
	{"less than nothing", "-Inf"},
	{"day 0", "0000-00-00"},
	{"days of other times", "0001-01-01..9999-12-31"},
	{"300 years", "1900-01-01..2200-12-31"},
	{"50 years", fiftyYears},
	{"the last day", "9999-12-31"},
	{"from after to", "2026-12-31..2026-01-01"},
	{"year 0", "0000"},
	{"a cursor", "YWZ0ZXIg"},
}

// fiftyYears is as long as a period may be.
const fiftyYears = "1977-01-01..2026-12-31"

// evilTag must stand in no page as it is written.
const evilTag = `<img src=x onerror=window.__xss=1>`

// leaked are words that tell how the program is made.
var leaked = regexp.MustCompile(`goroutine \d|\.go:\d|runtime error|panic:|(?:Binder|Catalog|Parser|Conversion|Invalid Input|Out of Range|Constraint|TransactionContext|INTERNAL) Error|duckdb|\bLINE 1\b|(?i:select .{1,200} from )`)

// badAnswer says what is wrong with an answer to bad input; "" when nothing is.
func badAnswer(a answer) string {
	switch {
	case a.StatusCode >= 500:
		return "it is a fault of the server"
	case a.StatusCode < 200 || a.StatusCode == http.StatusUnauthorized:
		return "the request did not get so far"
	case a.Header.Get("Content-Security-Policy") != contentPolicy || a.Header.Get("X-Content-Type-Options") != "nosniff":
		return "it lacks the headers that protect pages"
	case len(a.Header.Values("Set-Cookie")) > 0 && strings.Contains(strings.Join(a.Header.Values("Set-Cookie"), " "), "evil"):
		return "the input became a header"
	case strings.Contains(a.body, evilTag) && !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv"):
		return "the input stands in it as it was sent"
	case strings.Contains(a.body, `"onmouseover=`) && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html"):
		return "the input ends an attribute"
	case len(a.body) > 2<<20:
		return "it is very long"
	}
	if m := leaked.FindString(a.body); m != "" {
		return fmt.Sprintf("it tells %q", m)
	}
	return ""
}

// goodValues are what parameters of forms usually hold, so that the bad one is
// what is looked at.
var goodValues = map[string]string{
	"email": "nadia@halden.example", "name": "Nadia", "role": "cmo", "password": "nadia chooses this", "present": "not the password", "next": "another password", "days": "90", "scope": "figures",
	"version": "0", "reason": "because", "do": "find", "who": "nadia@halden.example", "theme": "dark", "back": "/", "lookback_days": "60", "source": "", "code": "x", "session": "x", "token": "x",
}

// everyN thins the table out for the everyday test: each parameter meets every
// nth value, another share of them than the parameter before.
func everyN() int {
	if os.Getenv("HOSTILE") == "long" {
		return 1
	}
	return 40
}

// opener is a role that sees what there is to see at a route.
func opener(r route) auth.Role {
	switch {
	case slices.Contains(r.policy.roles, auth.CMO):
		return auth.CMO
	case slices.Contains(r.policy.roles, auth.Manager):
		return auth.Manager
	}
	return auth.Admin
}

// chosen are the parameters of which the program knows every value, or every form of
// one. The others are searched for, and find nothing.
var chosen = []string{
	"period", "compare", "model", "limit", "cursor", "sort", "status", "basis", "before", "closed", "due", "from", "to", "view", "kind", "cause", "touch", "credit", "owner", "rep_id",
}

// refuses reports whether a route must refuse a value of badValues for a parameter.
func refuses(r route, name, value string) bool {
	switch {
	case value == "", value == fiftyYears && slices.Contains([]string{"period", "closed", "due"}, name):
		return false
	case strings.HasSuffix(r.path, ".csv"), r.path == "/sync", r.path == "/reports/:file": // they have no period of their own
		return !slices.Contains([]string{"period", "compare", "model"}, name) && slices.Contains(chosen, name)
	}
	return slices.Contains(chosen, name)
}

// TestBadInputIsRefusedAndNothingTold sends every value of badValues as every
// parameter of every route.
func TestBadInputIsRefusedAndNothingTold(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	bearers := map[auth.Role]string{}
	for _, role := range auth.Roles {
		bearers[role] = "Bearer " + s.token(t, string(role)+"@halden.example", testPassword)
	}
	if a := s.close(t, bearers[auth.CMO], "2026Q3", "0", "the quarter has ended"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("closing the quarter answers %d", a.StatusCode)
	}
	path := map[string]string{":id": "D1", ":name": "crm", ":period": "2026Q3", ":check": personalChecks[0], ":view": "channel", ":run": "1", ":file": "2026Q3.csv"}
	asked, nth := 0, 0
	ask := func(r route, target, what string, refused bool) {
		asked++
		a := s.ask(t, r.method, target, nil, "Authorization", bearers[opener(r)])
		wrong := badAnswer(a)
		if wrong == "" && refused && a.StatusCode < http.StatusBadRequest {
			wrong = "it is not refused"
		}
		if wrong != "" {
			t.Errorf("%s %s with %s: %d, %s: %.300s", r.method, r.path, what, a.StatusCode, wrong, a.body)
		}
	}
	routes := 0
	for _, r := range s.routes() {
		if r.method != http.MethodGet || r.path == "/readyz" {
			continue
		}
		routes++
		in := map[string]string{}
		maps.Copy(in, path)
		switch {
		case strings.Contains(r.path, "/reps/:id"):
			in[":id"] = "r1"
		case strings.Contains(r.path, "/teams/:id"):
			in[":id"] = "t1"
		case strings.Contains(r.path, "/campaigns/:id"):
			in[":id"] = "c1"
		case strings.Contains(r.path, "/models/:id"):
			in[":id"] = "linear"
		case strings.Contains(r.path, "/metrics/:name"):
			in[":name"] = "won_revenue"
		}
		for _, name := range r.parameters() {
			nth++
			for i, bad := range badValues {
				if (i+nth)%everyN() == 0 {
					ask(r, r.at(in)+"?"+url.QueryEscape(name)+"="+url.QueryEscape(bad.value), name+" = "+bad.name, refuses(r, name, bad.value))
				}
			}
			if nth%everyN() == 0 {
				ask(r, r.at(in)+"?"+name+"=a&"+name+"=b&"+name+"[]=c", name+" three times", false)
			}
		}
		for _, part := range anyParameter.FindAllString(r.path, -1) {
			good := in[part]
			nth++
			for i, bad := range badValues {
				if in[part] = url.PathEscape(bad.value); in[part] == "" || (i+nth)%min(8, everyN()) != 0 {
					continue
				}
				ask(r, r.at(in), part+" = "+bad.name, !strings.Contains(part, "period") || bad.value != fiftyYears)
			}
			for _, raw := range []string{"%zz", "%", "%2e%2e%2f", "%252e%252e%252f", "..%5c..", "%00", "%ff", ":id", "*", "%0d%0aX:%20y"} {
				in[part] = raw
				req, err := http.NewRequestWithContext(t.Context(), r.method, "http://127.0.0.1:8080/", nil)
				if err != nil {
					t.Fatal(err)
				}
				req.URL.Opaque = "//127.0.0.1:8080" + r.at(in)
				req.Header.Set("Authorization", bearers[opener(r)])
				asked++
				a := s.send(t, req)
				if a.StatusCode == http.StatusUnauthorized {
					continue
				}
				if wrong := badAnswer(a); wrong != "" {
					t.Errorf("%s %s: %d, %s: %.300s", r.method, r.at(in), a.StatusCode, wrong, a.body)
				}
			}
			in[part] = good
		}
		asked++
		if a := s.ask(t, r.method, r.at(in), strings.NewReader("a=b"), "Authorization", bearers[opener(r)], "Content-Type", formType); a.StatusCode < 400 || a.StatusCode >= 500 {
			t.Errorf("%s %s with a body: %d, want it refused", r.method, r.path, a.StatusCode)
		}
	}
	t.Logf("%d requests to %d addresses that are read", asked, routes)
}

// send is ask for a request that is made by hand.
func (s *testServer) send(t *testing.T, req *http.Request) answer {
	t.Helper()
	res, err := s.app.Test(req, -1)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	defer res.Body.Close() //nolint:errcheck // a buffer
	return answer{res, bodyOf(t, res)}
}

func bodyOf(t *testing.T, res *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestBadFormsAreRefusedAndNothingTold sends them as every field of every form,
// as other bodies, and packed.
func TestBadFormsAreRefusedAndNothingTold(t *testing.T) {
	t.Parallel()
	s := closedCompany(t)
	asked := 0
	post := func(r route, path, contentType string, body string, header ...string) answer {
		s.limits = newLimits()
		s.clock.forward(time.Second)
		if !r.policy.open || r.path == "/api/v1/session" {
			header = append(header, "Authorization", "Bearer "+s.token(t, "admin@halden.example", testPassword))
		}
		asked++
		return s.ask(t, r.method, path, strings.NewReader(body), append(header, "Content-Type", contentType)...)
	}
	routes, nth, bodies := 0, 0, 0
	for _, r := range s.routes() {
		if r.method == http.MethodGet {
			continue
		}
		routes++
		path := r.at(map[string]string{":period": "2026Q3", ":id": "01JBADBADBADBADBADBADBADBA"})
		bodyType := formType
		switch {
		case strings.HasPrefix(r.path, "/api/"):
			bodyType = "application/json"
		case r.path == reportPath:
			bodyType = "application/csp-report"
		}
		good := url.Values{}
		for _, name := range r.parameters() {
			if v, ok := goodValues[name]; ok {
				good.Set(name, v)
			}
		}
		for _, name := range r.parameters() {
			nth++
			for i, bad := range badValues {
				if (i+nth)%everyN() != 0 {
					continue
				}
				form := url.Values{}
				maps.Copy(form, good)
				form[name] = []string{bad.value, bad.value}
				a := post(r, path, bodyType, form.Encode())
				if r.policy.open && a.StatusCode == http.StatusUnauthorized { // a wrong password
					continue
				}
				if wrong := badAnswer(a); wrong != "" {
					t.Errorf("%s %s with %s = %s: %d, %s: %.300s", r.method, r.path, name, bad.name, a.StatusCode, wrong, a.body)
				}
			}
		}
		for _, part := range anyParameter.FindAllString(r.path, -1) {
			nth++
			for i, bad := range badValues {
				if bad.value == "" || (i+nth)%min(8, everyN()) != 0 {
					continue
				}
				a := post(r, r.at(map[string]string{part: url.PathEscape(bad.value)}), bodyType, good.Encode())
				if wrong := badAnswer(a); wrong != "" {
					t.Errorf("%s %s with %s = %s: %d, %s: %.300s", r.method, r.path, part, bad.name, a.StatusCode, wrong, a.body)
				}
			}
		}
		for name, one := range map[string]struct {
			contentType, body string
			header            []string
			refused           bool
		}{
			"nearly all it may be":      {bodyType, "a=" + strings.Repeat("x", bodyLimit-10), nil, false},
			"a body without a type":     {"", "a=b", nil, true},
			"another type":              {"application/xml", "<a/>", nil, true},
			"text":                      {"text/plain", "a=b", nil, true},
			"files":                     {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na\r\n--x--\r\n", nil, true},
			"a packed body":             {bodyType, "\x1f\x8b\x08", []string{"Content-Encoding", "gzip"}, true},
			"another packing":           {bodyType, "x", []string{"Content-Encoding", "br"}, true},
			"packed twice":              {bodyType, "x", []string{"Content-Encoding", "gzip, deflate"}, true},
			"a form cut off":            {bodyType, "a=%f", nil, false},
			"a form of no text":         {bodyType, "a=%00%ff", nil, false},
			"10,000 fields":             {bodyType, strings.Repeat("a=b&", 10_000), nil, false},
			"10,000 levels":             {bodyType, strings.Repeat(`{"a":`, 10_000), nil, false},
			"a number":                  {bodyType, "1e309", nil, false},
			"null":                      {bodyType, "null", nil, false},
			"the same key twice":        {bodyType, `{"email":"a","email":["b"],"password":{}}`, nil, false},
			"a JSON object with NUL":    {bodyType, `{"email":"\u0000","password":"\ud800"}`, nil, false},
			"a JSON object not of text": {bodyType, "{\"email\":\"\xff\",\"password\":\"b\"}", nil, true},
		} {
			if bodies++; bodies%min(3, everyN()) != 0 {
				continue
			}
			a := post(r, path, one.contentType, one.body, one.header...)
			if one.refused && (a.StatusCode < 400 || a.StatusCode >= 500) {
				t.Errorf("%s %s with %s: %d, want it refused", r.method, r.path, name, a.StatusCode)
			}
			if r.policy.open && a.StatusCode == http.StatusUnauthorized {
				continue
			}
			if wrong := badAnswer(a); wrong != "" {
				t.Errorf("%s %s with %s: %d, %s: %.300s", r.method, r.path, name, a.StatusCode, wrong, a.body)
			}
		}
	}
	t.Logf("%d requests to %d addresses that change something", asked, routes)
}

// TestTooMuchIsRefused sends more than a request may be over a connection of its
// own, sized and in chunks, and to an address that is none.
func TestTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test on loopback
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	chunked := "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("80000\r\n"+strings.Repeat("x", 0x80000)+"\r\n", 4) + "0\r\n\r\n"
	for _, tt := range []struct {
		name, request string
		want          int
	}{
		{"an address of 20 KiB", "GET /healthz?" + strings.Repeat("x", 20<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n", http.StatusRequestHeaderFieldsTooLarge},
		{"a header of 20 KiB", "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 20<<10) + "\r\n\r\n", http.StatusRequestHeaderFieldsTooLarge},
		{"a body of 2 MiB", "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: " + formType + "\r\nContent-Length: 2097152\r\n\r\n" + strings.Repeat("x", 2<<20), http.StatusRequestEntityTooLarge},
		{"2 MiB in chunks", "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: " + formType + "\r\n" + chunked, http.StatusRequestEntityTooLarge},
		{"a length below nothing", "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", http.StatusBadRequest},
		{"two lengths", "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\nx", http.StatusBadRequest},
		{"a length and chunks, of which the chunks count", "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n3\r\na=b\r\n0\r\n\r\n", http.StatusUnsupportedMediaType},
		{"no request", "\x16\x03\x01 HTTP/1.1\r\n\r\n", http.StatusBadRequest},
	} {
		a := wire(t, ln.Addr().String(), tt.request)
		if a.StatusCode != tt.want {
			t.Errorf("%s: %d %.200s, want %d", tt.name, a.StatusCode, a.body, tt.want)
		}
		if wrong := badAnswer(a); wrong != "" {
			t.Errorf("%s: %d, %s: %.300s", tt.name, a.StatusCode, wrong, a.body)
		}
	}
}

// wire sends bytes as they are and reads what is answered. The server may hang up
// on what is too much before all of it was sent.
func wire(t *testing.T, addr, request string) answer {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()               //nolint:errcheck // a test's connection
	go io.WriteString(conn, request) //nolint:errcheck // cut off where it is too much
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.40q is answered by %v", request, err)
	}
	defer res.Body.Close() //nolint:errcheck // read as far as it goes
	text, _ := io.ReadAll(res.Body)
	return answer{res, string(text)}
}
