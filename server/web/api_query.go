package web

import (
	"fmt"
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"

	"credence/connectors"
)

// apiParameters are the query parameters each address of the API takes, as
// api_docs.go describes them. A cursor may also be called next, as the answer
// calls it.
var apiParameters = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, d := range apiDocs() {
		names := []string{}
		for _, p := range d.query {
			names = append(names, p.name)
			if p == cursorParam {
				names = append(names, "next")
			}
		}
		out[d.method+" "+d.path] = names
	}
	return out
})

// refuseUnknown refuses a query parameter that an address of the API does not
// take, or twice what it takes once: a misspelt filter would else be answered
// with everything, and of two filters one would count. Pages are lenient.
func refuseUnknown(c *fiber.Ctx, r route) error {
	known, ok := apiParameters()[r.method+" "+r.path]
	if !ok {
		return nil
	}
	given := map[string]bool{}
	for key := range c.Context().QueryArgs().All() {
		name := string(key)
		switch {
		case given[name] && name != keyExclude:
			return badRequest("query", fmt.Errorf("%s is given %d times; write it once", name, len(c.Context().QueryArgs().PeekMulti(name))))
		case slices.Contains(known, name):
		case len(known) == 0:
			return badRequest("query", fmt.Errorf("unknown parameter %q; this address takes none", name))
		default:
			return badRequest("query", fmt.Errorf("unknown parameter %q%s", name, connectors.Suggest(name, known)))
		}
		given[name] = true
	}
	return nil
}
