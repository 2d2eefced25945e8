package ui_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"credence/ui"
)

// TestEveryIconIsInTheSprite finds the icons that templates and views name and
// looks for them in the list that build-assets.mjs copies.
func TestEveryIconIsInTheSprite(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("build-assets.mjs")
	if err != nil {
		t.Fatal(err)
	}
	list, _, ok := strings.Cut(string(script[strings.Index(string(script), "const icons"):]), "]")
	if !ok {
		t.Fatal("build-assets.mjs has no list of icons")
	}
	named := map[string]string{}
	inTemplate, inGo := regexp.MustCompile(`{{\s*icon "([^"]+)"`), regexp.MustCompile(`Icon:\s*"([^"]+)"`)
	err = fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (path == "node_modules" || path == "dist") {
			return fs.SkipDir
		}
		body := []byte(nil)
		if strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".go") {
			if body, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		for _, re := range []*regexp.Regexp{inTemplate, inGo} {
			for _, m := range re.FindAllStringSubmatch(string(body), -1) {
				named[m[1]] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"empty", "few", "error", "hidden"} {
		named[ui.State{Kind: kind}.Icon()] = "component.go"
	}
	for name, where := range named {
		if !strings.Contains(list, "'"+name+"'") {
			t.Errorf("%s names the icon %q: add it to the list in build-assets.mjs", where, name)
		}
	}
	if len(named) < 10 {
		t.Errorf("only %d icons found in templates", len(named))
	}
}
