package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestTheDescriptionIsValidAndComplete(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	a := s.ask(t, http.MethodGet, "/api/v1/openapi.json", nil)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if err = doc.Validate(t.Context()); err != nil {
		t.Errorf("the description is not valid: %v", err)
	}
	described := map[string]bool{}
	for _, d := range apiDocs() {
		described[d.method+" "+d.path] = true
	}
	for _, r := range s.routes() {
		if strings.HasPrefix(r.path, "/api/") {
			if !described[r.method+" "+r.path] {
				t.Errorf("%s %s is not described in api_docs.go", r.method, r.path)
			}
			delete(described, r.method+" "+r.path)
		}
	}
	for key := range described {
		t.Errorf("%s is described and not in the table", key)
	}
}

// TestAnswersHaveTheDescribedFields asks the sample world and compares the
// fields of each answer with its description.
func TestAnswersHaveTheDescribedFields(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	bearer := wd.cmo(t, s)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(s.ask(t, http.MethodGet, "/api/v1/openapi.json", nil).body))
	if err != nil {
		t.Fatal(err)
	}
	deal := wd.owners[wd.someOwners()[1]][0]
	for _, d := range apiDocs() {
		if d.method != http.MethodGet || strings.HasSuffix(d.path, ".json") || strings.Contains(d.path, "/reps/") || strings.Contains(d.path, "/sources") {
			continue
		}
		target := strings.NewReplacer(":id", deal, ":name", "win_rate", ":view", "campaign").Replace(d.path)
		a := s.ask(t, http.MethodGet, target+knownQuery(route{method: d.method, path: d.path}, "period=2026&q=a"), nil, "Authorization", bearer)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d: %s", target, a.StatusCode, a.body)
			continue
		}
		var value any
		if err = json.Unmarshal([]byte(a.body), &value); err != nil {
			t.Fatal(err)
		}
		operation := doc.Paths.Find(pathParameter.ReplaceAllString(d.path, "{$1}")).Get
		if err = operation.Responses.Value("200").Value.Content.Get("application/json").Schema.Value.VisitJSON(value); err != nil {
			t.Errorf("%s is not as described: %v", target, err)
		}
	}
}
