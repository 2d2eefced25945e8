package performance

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// mustCompose reads the questions of a folder and puts the common parts their
// headers name ("-- with: decided, pipeline", files of metrics/with) in front
// as common table expressions, each once and after what it needs itself. So a
// rule such as who sees which deal is written down once.
func mustCompose(dir string) sqlfile.Set {
	paths, err := fs.Glob(files, dir+"/*.sql")
	if err != nil {
		panic("performance: list " + dir + ": " + err.Error())
	}
	set := sqlfile.Set{}
	for _, path := range paths {
		name := strings.TrimSuffix(strings.TrimPrefix(path, dir+"/"), ".sql")
		set[name] = sqlfile.Parse(name, compose(mustRead(path)))
	}
	return set
}

func compose(text string) string {
	var parts, done []string
	var add func(names string, path []string)
	add = func(names string, path []string) {
		for _, name := range strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' }) {
			if slices.Contains(path, name) {
				panic(fmt.Sprintf("performance: %s needs itself", name))
			}
			if slices.Contains(done, name) {
				continue
			}
			part := mustRead("metrics/with/" + name + ".sql")
			add(header(part)["with"], append(path, name))
			done = append(done, name)
			parts = append(parts, name+" as (\n"+part+"\n)")
		}
	}
	add(header(text)["with"], nil)
	if len(parts) == 0 {
		return text
	}
	body := text[bodyAt(text):]
	if rest, ok := strings.CutPrefix(body, "with "); ok {
		return "with " + strings.Join(parts, ",\n") + ",\n" + rest
	}
	return "with " + strings.Join(parts, ",\n") + "\n" + body
}

// header reads the "-- key: value" lines a file begins with.
func header(text string) map[string]string {
	h := map[string]string{}
	for line := range strings.Lines(text[:bodyAt(text)]) {
		key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "-- "), ": ")
		if ok && !strings.Contains(key, " ") {
			h[key] = strings.TrimSpace(value)
		}
	}
	return h
}

// bodyAt is where the leading comment lines end.
func bodyAt(text string) int {
	at := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "--") {
			return at
		}
		at += len(line)
	}
	return at
}

func mustRead(path string) string {
	text, err := fs.ReadFile(files, path)
	if err != nil {
		panic("performance: read " + path + ": " + err.Error())
	}
	return string(text)
}
