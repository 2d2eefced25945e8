package web

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

func TestEveryRouteStatesWhoMayUseIt(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	table := map[string]bool{}
	for _, r := range s.routes() {
		if r.policy.name == "" || !r.policy.open && len(r.policy.roles) == 0 {
			t.Errorf("%s %s says not who may use it", r.method, r.path)
		}
		key := r.method + " " + r.path
		if table[key] {
			t.Errorf("%s is in the table twice", key)
		}
		table[key] = false
	}
	for _, r := range s.app.GetRoutes(true) {
		if r.Method == fiber.MethodHead {
			continue // the twin of a GET
		}
		key := r.Method + " " + r.Path
		if _, ok := table[key]; !ok {
			t.Errorf("%s is registered without a line in the table", key)
		}
		table[key] = true
	}
	for key, seen := range table {
		if !seen {
			t.Errorf("%s is in the table and not registered", key)
		}
	}
}

func TestARouteWithoutPolicyCannotBeRegistered(t *testing.T) {
	s := newTestServer(t, nil)
	for name, p := range map[string]policy{"no policy": {}, "a name and no roles": {name: "somebody"}} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if got, ok := recover().(string); !ok || !strings.Contains(got, "says not who may use it") {
					t.Errorf("register panicked with %q, want the route's missing policy", got)
				}
			}()
			s.register(route{fiber.MethodGet, "/forgotten", p, s.healthz})
		})
	}
}
