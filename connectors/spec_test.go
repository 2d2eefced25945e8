package connectors

import (
	"strings"
	"testing"
	"time"
)

type place struct {
	City string `yaml:"city" required:"true" doc:"where"`
	Zip  string `yaml:"zip" doc:"code"`
}

func (p *place) SetText(text string) { *p = place{City: text} }

type base struct {
	Decimal string `yaml:"decimal" default:"point" doc:"mark"`
	Header  *bool  `yaml:"header" doc:"row"`
}

type example struct {
	base   `yaml:",squash"`
	Path   string           `yaml:"path" required:"true" doc:"the folder"`
	Token  string           `yaml:"token" secret:"true" doc:"the key"`
	Count  int              `yaml:"count" default:"3" doc:"how many"`
	Names  []string         `yaml:"names" doc:"who"`
	Places []place          `yaml:"places" doc:"where"`
	Ways   map[string]place `yaml:"ways" doc:"how"`
}

func TestSettingsAreDecodedWithDefaults(t *testing.T) {
	t.Parallel()
	var got example
	err := decode(map[string]any{
		"path": "x", "header": "no", "names": "one", "places": []any{"Ulm", map[any]any{"city": "Bonn", "zip": 53111}},
		"ways": map[string]any{"a": "Köln"}, "token": time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
	}, &got)
	if err != nil {
		t.Fatal(err)
	}
	if got.Decimal != "point" || got.Header == nil || *got.Header || got.Count != 3 || len(got.Names) != 1 || got.Names[0] != "one" ||
		len(got.Places) != 2 || got.Places[0].City != "Ulm" || got.Places[1].Zip != "53111" || got.Ways["a"].City != "Köln" || got.Token != "2026-01-31" {
		t.Errorf("got %+v", got)
	}
}

func TestWrongSettingsNameTheKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		raw  map[string]any
		want string
	}{
		{"missing", map[string]any{}, `the key "path" is missing; it is the folder`},
		{"unknown", map[string]any{"path": "x", "nmaes": 1}, `unknown key "nmaes"; did you mean "names"?`},
		{"unknown below a list", map[string]any{"path": "x", "places": []any{map[string]any{"city": "x", "zap": 1}}}, `unknown key "places[0].zap"; did you mean "zip"?`},
		{"missing below a map", map[string]any{"path": "x", "ways": map[string]any{"a": map[string]any{"zip": 1}}}, `the key "ways.a.city" is missing; it is where`},
		{"no map", map[string]any{"path": "x", "ways": []any{"a"}}, `the key "ways" must be a map, it is a list`},
		{"no yes or no", map[string]any{"path": "x", "header": "maybe"}, `the key "header" must be yes or no, it is "maybe"`},
		{"no number", map[string]any{"path": "x", "count": "many"}, `the key "count" is wrong`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got example
			err := decode(tt.raw, &got)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestSettingsDescribeThemselves(t *testing.T) {
	t.Parallel()
	c := Define("x", "X", "doc", nil, func(example, Env) (Source, error) { return nil, nil })
	byName := map[string]Setting{}
	for _, s := range c.Settings {
		byName[s.Name] = s
	}
	if len(byName) != 8 || !byName["token"].Secret || !byName["path"].Required || byName["count"].Default != "3" ||
		byName["header"].Type != "yes/no" || byName["places"].Type != "list" || byName["ways"].Type != "map" || byName["count"].Type != "number" {
		t.Errorf("got %+v", byName)
	}
}
