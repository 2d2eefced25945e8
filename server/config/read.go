package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"

	"credence/attribution"
	"credence/connectors"
)

// Names of the file and of the environment.
const (
	FileName  = "credence.yaml"
	envPrefix = "CREDENCE_"
)

// Read reads the configuration in path and the variables of environ ("K=V").
// An empty path reads credence.yaml of the working directory when there is
// one, else the defaults.
func Read(path string, environ []string) (Config, error) {
	dir, err := os.Getwd()
	if err != nil {
		return Config{}, fmt.Errorf("find the working folder: %w", err)
	}
	return ReadIn(dir, path, environ)
}

// ReadIn is Read with dir for the working directory.
func ReadIn(dir, path string, environ []string) (Config, error) {
	c := Default()
	c.dir = dir
	if path == "" {
		if _, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
			path = FileName
		} else if !errors.Is(err, fs.ErrNotExist) {
			return c, fmt.Errorf("look for %s: %w", FileName, err)
		}
	}
	tree := map[string]any{}
	if path != "" {
		c.File = path
		if !filepath.IsAbs(path) {
			c.File = filepath.Join(dir, path)
		}
		text, rerr := os.ReadFile(c.File)
		if errors.Is(rerr, fs.ErrNotExist) {
			return c, fmt.Errorf("there is no configuration %s: write one, or name another with --config", path)
		}
		if rerr != nil {
			return c, fmt.Errorf("read configuration: %w", rerr)
		}
		if tree, rerr = yaml.Parser().Unmarshal(text); rerr != nil {
			return c, fmt.Errorf("%s is not valid YAML: %w", path, rerr)
		}
		if tree == nil { // an empty file
			tree = map[string]any{}
		}
		if rerr = checkKeys(path, "", tree, reflect.TypeFor[Config]()); rerr != nil {
			return c, rerr
		}
	}
	sources, err := sourcesOf(path, tree)
	if err != nil {
		return c, err
	}
	delete(tree, "sources")
	if err = readEnvironment(dir, tree, sources, environ); err != nil {
		return c, err
	}
	_, c.baseURLGiven = tree["base_url"]
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: &c, TagName: "yaml", WeaklyTypedInput: true,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(mapstructure.StringToSliceHookFunc(","), lookbacksFromText),
	})
	if err != nil {
		return c, fmt.Errorf("prepare configuration: %w", err)
	}
	if err := d.Decode(tree); err != nil {
		if wrong := wrongType(path, tree, environ, err); wrong != nil {
			return c, wrong
		}
		return c, fmt.Errorf("%s: %w", orEnvironment(path), plainDecodeError(err))
	}
	c.Sources = sources
	c.resolvePaths()
	if err := c.check(); err != nil {
		return c, fmt.Errorf("%s: %w", orEnvironment(path), err)
	}
	return c, nil
}

// lookbacksFromText lets a variable of the environment hold days by channel.
func lookbacksFromText(from, to reflect.Type, value any) (any, error) {
	text, ok := value.(string)
	if !ok || from.Kind() != reflect.String || to != reflect.TypeFor[map[string]int]() {
		return value, nil
	}
	return attribution.ParseLookbacks(text) //nolint:wrapcheck // the decoder adds the key
}

func orEnvironment(path string) string {
	if path == "" {
		return "configuration"
	}
	return path
}

// wrongType is the sentence for a value of a wrong type: its key, where it
// stands and what to write; nil when err is about something else.
func wrongType(file string, tree map[string]any, environ []string, err error) error {
	bad, ok := errors.AsType[*mapstructure.DecodeError](err)
	if !ok {
		return nil
	}
	keys := strings.Split(bad.Name(), ".")
	var value any = tree
	example := reflect.ValueOf(Default())
	for _, k := range keys {
		group, isGroup := value.(map[string]any)
		if !isGroup || example.Kind() != reflect.Struct {
			return nil
		}
		value = group[k]
		field, found := example.Type().FieldByNameFunc(func(name string) bool {
			f, _ := example.Type().FieldByName(name)
			return f.Tag.Get("yaml") == k
		})
		if !found {
			return nil
		}
		example = example.FieldByIndex(field.Index)
	}
	want := "a text"
	switch example.Kind() {
	case reflect.Int, reflect.Float64:
		want = fmt.Sprintf("a number such as %v", example.Interface())
		if example.IsZero() {
			want = "a number such as 4"
		}
	case reflect.Bool:
		want = "true or false"
	case reflect.Slice:
		want = "a list"
	case reflect.Map:
		want = "a group of numbers such as Event: 180"
	default:
	}
	where := bad.Name() + " in " + orEnvironment(file)
	variable := envPrefix + strings.ToUpper(strings.Join(keys, "_"))
	if slices.ContainsFunc(environ, func(e string) bool {
		return strings.HasPrefix(e, variable+"=") || strings.HasPrefix(e, variable+"_FILE=")
	}) {
		where = variable
	}
	shown := fmt.Sprint(value)
	if text, isText := value.(string); isText {
		shown = fmt.Sprintf("%q", text)
	}
	if example.Kind() == reflect.String { // it may be a secret
		return fmt.Errorf("%s must be %s, not a list or group", where, want)
	}
	return fmt.Errorf("%s must be %s, not %s", where, want, shown)
}

// plainDecodeError keeps the sentence of a decoding error and drops its layout.
func plainDecodeError(err error) error {
	text := strings.TrimSpace(err.Error())
	if _, after, ok := strings.Cut(text, "\n\n"); ok {
		text = after
	}
	text = strings.TrimPrefix(strings.TrimSpace(text), "* ")
	return errors.New(strings.ReplaceAll(text, "\n", " "))
}

// checkKeys refuses a key of tree that t has no field for. prefix is the path
// to tree with a trailing dot.
func checkKeys(file, prefix string, tree map[string]any, t reflect.Type) error {
	fields := fieldsOf(t)
	known := make([]string, 0, len(fields))
	for name := range fields {
		known = append(known, name)
	}
	slices.Sort(known)
	names := make([]string, 0, len(tree))
	for name := range tree {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		ft, ok := fields[name]
		if !ok {
			return fmt.Errorf("%s: unknown key %q%s", file, prefix+name, connectors.Suggest(name, known))
		}
		if ft.Kind() != reflect.Struct {
			continue
		}
		switch sub := tree[name].(type) {
		case map[string]any:
			if err := checkKeys(file, prefix+name+".", sub, ft); err != nil {
				return err
			}
		case nil:
			delete(tree, name)
		default:
			return fmt.Errorf("%s: %q must be a group of keys (%s), not %v", file, prefix+name, strings.Join(keysOf(ft), ", "), sub)
		}
	}
	return nil
}

func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for f := range t.Fields() {
		if name := f.Tag.Get("yaml"); name != "" && name != "-" {
			out[name] = f.Type
		}
	}
	return out
}

func keysOf(t reflect.Type) []string {
	var out []string
	for f := range t.Fields() {
		if name := f.Tag.Get("yaml"); name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

// sourcesOf takes the list of sources apart; what belongs to a kind is checked
// by its connector when the source is opened.
func sourcesOf(file string, tree map[string]any) ([]Source, error) {
	raw, ok := tree["sources"]
	if !ok || raw == nil {
		return nil, nil
	}
	list, ok := raw.([]any)
	if !ok {
		return nil, fmt.Errorf("%s: \"sources\" must be a list, each with name and kind", file)
	}
	var out []Source
	for i, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: source %d must be a group of keys with name and kind", file, i+1)
		}
		s := Source{Settings: map[string]any{}}
		for key, value := range m {
			switch key {
			case "name":
				s.Name = strings.TrimSpace(fmt.Sprint(value))
			case "kind":
				s.Kind = strings.TrimSpace(fmt.Sprint(value))
			case "also_deals":
				yes, ok := value.(bool)
				if !ok {
					return nil, fmt.Errorf("%s: also_deals of source %d is %v; write true or false", file, i+1, value)
				}
				s.AlsoDeals = yes
			default:
				s.Settings[key] = value
			}
		}
		switch {
		case s.Name == "":
			return nil, fmt.Errorf("%s: source %d has no name: give it one, for example name: %s", file, i+1, orElse(s.Kind, "files"))
		case strings.ContainsAny(s.Name, " \t\n:/\\"):
			return nil, fmt.Errorf("%s: the source name %q must have no blanks, colons or slashes", file, s.Name)
		case s.Kind == "":
			return nil, fmt.Errorf("%s: source %q has no kind: `credence sources --kinds` lists them", file, s.Name)
		case slices.ContainsFunc(out, func(o Source) bool { return o.Name == s.Name }):
			return nil, fmt.Errorf("%s: two sources are called %q: names must differ", file, s.Name)
		}
		out = append(out, s)
	}
	return out, nil
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
