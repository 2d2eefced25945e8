package connectors

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"
	"github.com/go-viper/mapstructure/v2"
)

// Define declares a connector whose settings are the struct S. Each field of S
// carries `yaml:"key" doc:"…"` and may carry `default:"…"`, `required:"true"`
// and `secret:"true"`; nested structs, slices and maps are allowed. open gets
// the decoded settings with defaults filled in.
func Define[S any](kind, title, doc string, streams []string, open func(settings S, env Env) (Source, error)) Connector {
	return Connector{
		Kind: kind, Title: title, Doc: doc, Streams: streams,
		Settings: settingsOf(reflect.TypeFor[S]()),
		open: func(raw map[string]any, env Env) (Source, error) {
			var s S
			if err := decode(raw, &s); err != nil {
				return nil, err
			}
			return open(s, env)
		},
	}
}

func settingsOf(t reflect.Type) []Setting {
	var out []Setting
	for i := range t.NumField() {
		f := t.Field(i)
		out = append(out, Setting{
			Name: f.Tag.Get("yaml"), Type: typeName(f.Type), Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default"),
			Required: f.Tag.Get("required") == "true", Secret: f.Tag.Get("secret") == "true",
		})
	}
	return out
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "yes/no"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list"
	case reflect.Map, reflect.Struct:
		return "map"
	default:
		return "text"
	}
}

// decode fills dst (a pointer to a settings struct) from raw.
func decode(raw map[string]any, dst any) error {
	v := reflect.ValueOf(dst).Elem()
	known := make([]string, 0, v.NumField())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		known = append(known, f.Tag.Get("yaml"))
		if d := f.Tag.Get("default"); d != "" {
			if _, given := raw[f.Tag.Get("yaml")]; !given {
				raw = withKey(raw, f.Tag.Get("yaml"), d)
			}
		}
		if f.Tag.Get("required") == "true" {
			if got, given := raw[f.Tag.Get("yaml")]; !given || got == "" || got == nil {
				return fmt.Errorf("the key %q is missing; it is %s", f.Tag.Get("yaml"), f.Tag.Get("doc"))
			}
		}
	}
	for key := range raw {
		if !slices.Contains(known, key) {
			return fmt.Errorf("unknown key %q%s", key, Suggest(key, known))
		}
	}
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{Result: dst, TagName: "yaml", WeaklyTypedInput: true, ErrorUnused: true})
	if err != nil {
		return fmt.Errorf("prepare settings: %w", err)
	}
	if err := d.Decode(raw); err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	return nil
}

func withKey(m map[string]any, key string, value any) map[string]any {
	out := make(map[string]any, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	out[key] = value
	return out
}

// Suggest is ", did you mean …?" for the nearest of known, or the list of them
// when none is near. It is the one wording of every unknown key and column.
func Suggest(name string, known []string) string {
	best, score := "", 0.0
	for _, k := range known {
		if s := strutil.Similarity(strings.ToLower(name), strings.ToLower(k), metrics.NewJaroWinkler()); s > score {
			best, score = k, s
		}
	}
	if score >= 0.75 {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return "; known are " + strings.Join(known, ", ")
}
