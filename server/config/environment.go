package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"credence/connectors"
)

// commandVariables are read by the command itself, not by the configuration.
var commandVariables = []string{"CREDENCE_CONFIG", "CREDENCE_DB"}

// readEnvironment lays the CREDENCE_… variables over tree and sources.
func readEnvironment(dir string, tree map[string]any, sources []Source, environ []string) error {
	paths := map[string][]string{}
	leaves(reflect.TypeFor[Config](), nil, func(path []string) {
		paths[envPrefix+strings.ToUpper(strings.Join(path, "_"))] = path
	})
	known := make([]string, 0, len(paths))
	for name := range paths {
		known = append(known, name)
	}
	slices.Sort(known)
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || slices.Contains(commandVariables, name) {
			continue
		}
		if done, err := sourceVariable(dir, sources, name, value); done || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		path, ok := paths[name]
		if !ok {
			if path, ok = paths[strings.TrimSuffix(name, "_FILE")]; !ok {
				return fmt.Errorf("unknown environment variable %s%s", name, connectors.Suggest(name, known))
			}
			text, err := secretFile(dir, name, value)
			if err != nil {
				return err
			}
			value = text
		}
		put(tree, path, value)
	}
	return nil
}

// leaves calls visit for each key of t that holds a value.
func leaves(t reflect.Type, prefix []string, visit func([]string)) {
	for name, ft := range fieldsOf(t) {
		path := append(slices.Clone(prefix), name)
		switch {
		case ft.Kind() == reflect.Struct:
			leaves(ft, path, visit)
		case name == "sources":
		default:
			visit(path)
		}
	}
}

func put(tree map[string]any, path []string, value string) {
	for _, p := range path[:len(path)-1] {
		sub, ok := tree[p].(map[string]any)
		if !ok {
			sub = map[string]any{}
			tree[p] = sub
		}
		tree = sub
	}
	tree[path[len(path)-1]] = value
}

// sourceVariable reads CREDENCE_SOURCES_<NAME>_<KEY>, the way to hand a source
// its secrets.
func sourceVariable(dir string, sources []Source, name, value string) (bool, error) {
	rest, ok := strings.CutPrefix(name, envPrefix+"SOURCES_")
	if !ok {
		return false, nil
	}
	var names []string
	for _, s := range sources {
		prefix := strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(s.Name)) + "_"
		names = append(names, envPrefix+"SOURCES_"+prefix+"…")
		key, ok := strings.CutPrefix(rest, prefix)
		if !ok || key == "" {
			continue
		}
		if base, isFile := strings.CutSuffix(key, "_FILE"); isFile && base != "" {
			text, err := secretFile(dir, name, value)
			if err != nil {
				return true, err
			}
			key, value = base, text
		}
		s.Settings[strings.ToLower(key)] = value
		return true, nil
	}
	return true, fmt.Errorf("%s names no configured source; known are %s", name, strings.Join(names, ", "))
}

func secretFile(dir, variable, path string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("read the file that %s names: %w", variable, err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
