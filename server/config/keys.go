package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Key is one key of the configuration with its value in words.
type Key struct {
	Name  string // company.time_zone
	Value string
}

// Keys lists what the configuration says outside of attribution, in its order,
// defaults filled in. A secret says only whether it is given.
func (c *Config) Keys() []Key {
	var out []Key
	add(&out, "", reflect.ValueOf(*c))
	return out
}

// secretKeys hold what nobody is shown.
var secretKeys = []string{"signing_key", "metrics_token", "sign_in.oidc.client_secret"}

func add(out *[]Key, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("yaml")
		if name == "" || name == "-" || name == "attribution" {
			continue
		}
		key, field := prefix+name, v.Field(i)
		if field.Kind() == reflect.Struct {
			add(out, key+".", field)
			continue
		}
		*out = append(*out, Key{key, valueWords(key, field)})
	}
}

func valueWords(key string, v reflect.Value) string {
	if v.IsZero() {
		switch {
		case v.Kind() == reflect.Bool:
			return "no"
		case key == "signing_key":
			return "made at the first start"
		case v.Kind() == reflect.Int:
			return "half of the machine's for a question"
		}
		return "not given"
	}
	if slices.Contains(secretKeys, key) {
		return "given"
	}
	switch value := v.Interface().(type) {
	case bool:
		return "yes"
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case []string:
		return strings.Join(value, ", ")
	case []Source:
		names := make([]string, len(value))
		for i, s := range value {
			names[i] = s.Name + " (" + s.Kind + ")"
		}
		return strings.Join(names, ", ")
	}
	return fmt.Sprint(v.Interface())
}
