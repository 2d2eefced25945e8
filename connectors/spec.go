package connectors

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"
	"github.com/go-viper/mapstructure/v2"
)

// Define declares a connector whose settings are the struct S. Each field of S
// carries `yaml:"key" doc:"…"` and may carry `default:"…"`, `required:"true"`
// and `secret:"true"`; nested structs, slices and maps are allowed, at every
// depth with the same rules. open gets
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

// Shorthand is a settings struct that may also be written as one text, which
// SetText then spreads over its fields: `amount: close_value` for
// `amount: {column: close_value}`.
type Shorthand interface{ SetText(text string) }

// key is one configuration key of a settings struct.
type key struct {
	name  string
	field reflect.StructField
}

// keysOf lists the keys of a settings struct; embedded structs tagged
// `yaml:",squash"` lend theirs.
func keysOf(t reflect.Type) []key {
	var out []key
	for f := range t.Fields() {
		name := f.Tag.Get("yaml")
		switch {
		case name == ",squash":
			out = append(out, keysOf(f.Type)...)
		case name != "":
			out = append(out, key{name, f})
		}
	}
	return out
}

func settingsOf(t reflect.Type) []Setting {
	var out []Setting
	for _, k := range keysOf(t) {
		tag := k.field.Tag
		out = append(out, Setting{
			Name: k.name, Type: typeName(k.field.Type), Doc: tag.Get("doc"), Default: tag.Get("default"),
			Required: tag.Get("required") == "true", Secret: tag.Get("secret") == "true",
		})
	}
	return out
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
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
	full, err := complete("", raw, reflect.TypeOf(dst).Elem())
	if err != nil {
		return err
	}
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: dst, TagName: "yaml", WeaklyTypedInput: true, ErrorUnused: true, DecodeHook: spread,
		MatchName: func(key, field string) bool { return key == field },
	})
	if err != nil {
		return fmt.Errorf("prepare settings: %w", err)
	}
	err = d.Decode(full)
	if bad, ok := errors.AsType[*mapstructure.DecodeError](err); ok {
		return fmt.Errorf("the key %q is wrong: %w", bad.Name(), bad.Unwrap())
	}
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	return nil
}

// complete returns raw with defaults filled in and every map keyed by text, or
// an error that names the first unknown or missing key by its path.
func complete(path string, raw any, t reflect.Type) (any, error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	raw = textKeys(raw)
	switch t.Kind() {
	case reflect.Struct:
		m, ok := raw.(map[string]any)
		if !ok {
			if reflect.PointerTo(t).Implements(reflect.TypeFor[Shorthand]()) && isScalar(raw) {
				return raw, nil
			}
			return nil, fmt.Errorf("the key %q must be a map of settings, it is %s", path, describe(raw))
		}
		return completeStruct(path, m, t)
	case reflect.Slice:
		list, ok := raw.([]any)
		if !ok { // one value stands for a list of one
			if raw == nil {
				return nil, nil
			}
			list = []any{raw}
		}
		out := make([]any, len(list))
		for i := range list {
			v, err := complete(fmt.Sprintf("%s[%d]", path, i), list[i], t.Elem())
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case reflect.Map:
		m, ok := raw.(map[string]any)
		if !ok {
			if raw == nil {
				return nil, nil
			}
			return nil, fmt.Errorf("the key %q must be a map, it is %s", path, describe(raw))
		}
		out := make(map[string]any, len(m))
		for k, v := range m {
			c, err := complete(join(path, k), v, t.Elem())
			if err != nil {
				return nil, err
			}
			out[k] = c
		}
		return out, nil
	case reflect.String:
		return asText(raw), nil
	case reflect.Bool:
		switch strings.ToLower(fmt.Sprint(raw)) {
		case "yes", "on", "true", "1":
			return true, nil
		case "no", "off", "false", "0":
			return false, nil
		}
		return nil, fmt.Errorf("the key %q must be yes or no, it is %s", path, describe(raw))
	default:
		return raw, nil
	}
}

// asText turns a scalar that YAML took for a date, number or yes/no back into
// the text that was meant: `value: 2026-01-31`.
func asText(raw any) any {
	switch v := raw.(type) {
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339)
	case bool, int, int64, uint64:
		return fmt.Sprint(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return raw
	}
}

func completeStruct(path string, m map[string]any, t reflect.Type) (any, error) {
	keys := keysOf(t)
	known := make([]string, len(keys))
	out := make(map[string]any, len(m))
	for i, k := range keys {
		known[i] = k.name
	}
	for _, name := range slices.Sorted(maps.Keys(m)) { // first, for a misspelt key is also missing
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown key %q%s", join(path, name), Suggest(name, known))
		}
	}
	for _, k := range keys {
		given, ok := m[k.name]
		if d := k.field.Tag.Get("default"); !ok && d != "" {
			given, ok = d, true
		}
		if k.field.Tag.Get("required") == "true" && (!ok || given == nil || given == "") {
			return nil, fmt.Errorf("the key %q is missing; it is %s", join(path, k.name), k.field.Tag.Get("doc"))
		}
		if !ok {
			continue
		}
		v, err := complete(join(path, k.name), given, k.field.Type)
		if err != nil {
			return nil, err
		}
		out[k.name] = v
	}
	return out, nil
}

// textKeys turns a map with keys of any scalar type, as YAML delivers
// `{1: won, 2: lost}`, into one keyed by text.
func textKeys(raw any) any {
	m, ok := raw.(map[any]any)
	if !ok {
		return raw
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[fmt.Sprint(k)] = v
	}
	return out
}

// spread lets a Shorthand be written as one text.
func spread(_, to reflect.Type, data any) (any, error) {
	v := reflect.New(to)
	short, ok := reflect.TypeAssert[Shorthand](v)
	if !ok || !isScalar(data) {
		return data, nil
	}
	short.SetText(fmt.Sprint(asText(data)))
	return v.Elem().Interface(), nil
}

func isScalar(v any) bool {
	switch reflect.ValueOf(v).Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Uint64, reflect.Float64:
		return true
	default:
		return false
	}
}

func describe(v any) string {
	switch v.(type) {
	case nil:
		return "empty"
	case []any:
		return "a list"
	case map[string]any:
		return "a map"
	default:
		return fmt.Sprintf("%q", fmt.Sprint(v))
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
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
