package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvs counts the requirements of levels 1 and 2 by section of ASVS 5.0.0; those
// of level 3 stand behind them. 1.2 has a tenth, of level 3, that is wanted too.
var asvs = map[string]int{
	"1.1": 2, "1.2": 10, "1.3": 11, "1.4": 3, "1.5": 2, "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
	"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "14.1": 2, "14.2": 4, "14.3": 3,
}

// TestASVS wants every requirement in ASVS.md, with a test that is there, words
// that a document says, or why it does not apply or is not met.
func TestASVS(t *testing.T) {
	t.Parallel()
	missing := map[string]bool{}
	for section, n := range asvs {
		for i := range n {
			missing[fmt.Sprint(section, ".", i+1)] = true
		}
	}
	text, err := os.ReadFile("ASVS.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ([\d.]+) \| ([^|]+) \| ([^|]+) \|$`)
	shown := regexp.MustCompile("`([\\w/.]+)(?: (Test\\w+)`|` ([^`,]+))")
	for _, r := range row.FindAllStringSubmatch(string(text), -1) {
		id, by := r[1], r[3]
		if !missing[id] {
			t.Errorf("%s is listed twice, or is none of levels 1 and 2", id)
		}
		delete(missing, id)
		if reason, ok := strings.CutPrefix(by, "does not apply: "); ok && reason != "" {
			continue
		}
		if reason, ok := strings.CutPrefix(by, "not met: "); ok && reason != "" {
			continue
		}
		found := shown.FindAllStringSubmatch(by, -1)
		if len(found) != strings.Count(by, "`")/2 || len(found) == 0 {
			t.Errorf("%s: %q names neither tests nor words of a file", id, by)
		}
		for _, f := range found {
			if where, test, words := f[1], f[2], strings.TrimSpace(f[3]); test != "" && !hasTest(t, where, test) {
				t.Errorf("%s: there is no %s in %s", id, test, where)
			} else if test == "" && !says(t, where, strings.Trim(words, `"`), words) {
				t.Errorf("%s: %s does not say %s", id, where, words)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("ASVS.md lacks %v", slices.Sorted(maps.Keys(missing)))
	}
}

// hasTest reports whether the package has the test.
func hasTest(t *testing.T, pkg, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		return strings.HasPrefix(filepath.Dir(file), "..") && says(t, strings.TrimPrefix(filepath.ToSlash(file), "../"), "func "+test+"(")
	})
}

// says reports whether the file holds any of the words.
func says(t *testing.T, file string, words ...string) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", file))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(string(text), w) })
}
