package web

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// everywhere are what the layout of every page reads.
var everywhere = []string{"period", "compare", "model", "q"}

// pageParameters are what each page reads besides; those of the API stand in its
// description. What follows + are the settings of a what-if.
var pageParameters = map[string]string{
	"GET /sign-in":                     "next",
	"GET /sign-in/oidc":                "next",
	"GET /sign-in/oidc/callback":       "state code error",
	"POST /sign-in":                    "email password next",
	"POST /theme":                      "theme back",
	"POST /set-up":                     "email name code password",
	"POST /invitation":                 "code password",
	"POST /account/password":           "present next tokens",
	"POST /account/sessions":           "session",
	"POST /account/tokens":             "name scope days",
	"POST /account/tokens/revoke":      "token",
	"GET /":                            "reps",
	"GET /teams/:id":                   "reps by",
	"GET /reps/:id":                    "by",
	"GET /me":                          "by",
	"GET /deals":                       "status owner team product stage account closed due sort after",
	"GET /deals/:id":                   "touch credit +",
	"GET /attribution":                 "by basis channel format +",
	"GET /attribution/rows":            "by basis kind id reason after format",
	"GET /attribution/pipeline":        "by kind id format after",
	"GET /campaigns":                   "format basis +",
	"GET /campaigns/:id":               "format basis",
	"GET /efficiency":                  "format",
	"GET /reports/:period/restatement": "by deal cause version format",
	"POST /reports/:period/close":      "version reason",
	"GET /sources/:name":               "after",
	"GET /sources/:name/rejected":      "after",
	"GET /sources/:name/rejected.csv":  "after",
	"POST /sync":                       "source back",
	"POST /users":                      "email name role rep",
	"POST /users/:id":                  "name role rep",
	"POST /users/:id/sessions":         "session",
	"POST /users/:id/tokens":           "token",
	"GET /audit":                       "who action object from to before",
	"GET /audit.csv":                   "who action object from to before",
	"GET /settings":                    "+",
	"POST /settings":                   "version reason to_file +",
	"POST /privacy":                    "do who email person kind id confirm",
}

// parameters are the query or form parameters of a route.
func (r route) parameters() []string {
	key := r.method + " " + r.path
	if known, ok := apiParameters()[key]; ok {
		return known
	}
	out := strings.Fields(pageParameters[key])
	if at := slices.Index(out, "+"); at >= 0 {
		out = append(out[:at], "whatif", keyLookbacks+".Display")
		for _, p := range whatIfParams {
			out = append(out, p.name)
		}
	}
	if r.method == fiber.MethodGet && !r.policy.open {
		out = append(out, everywhere...)
	}
	return out
}

// Whoever makes a handler read another parameter enters it above, or it would be
// read untested.
func TestEveryParameterIsEntered(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	entered := map[string]bool{"_csrf": true}
	routes := map[string]bool{}
	for _, r := range s.routes() {
		routes[r.method+" "+r.path] = true
		for _, name := range r.parameters() {
			entered[name] = true
		}
	}
	for key := range maps.Keys(pageParameters) {
		if !routes[key] {
			t.Errorf("%s has parameters and is no route", key)
		}
	}
	reads := regexp.MustCompile(`(?:\.Query\(|\.FormValue\(|given\.Get\(|given\.Has\(|given\[)"([^"]+)"`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range reads.FindAllStringSubmatch(string(text), -1) {
			if found++; !entered[m[1]] {
				t.Errorf("%s reads %q, which no route is tested with; enter it in pageParameters", f.Name(), m[1])
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d reads were found", found)
	}
}

var anyParameter = regexp.MustCompile(`:\w+`)

// at is the address of the route with its path parameters in place.
func (r route) at(in map[string]string) string {
	return anyParameter.ReplaceAllStringFunc(r.path, func(name string) string {
		if v, ok := in[name]; ok {
			return v
		}
		return "1"
	})
}
