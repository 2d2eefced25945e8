package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSecurityCommands wants a command for every promise of SECURITY.md, and that each
// runs something: its packages are there, every alternative of its -run is a test in
// one of them, and its target stands in the Makefile.
func TestSecurityCommands(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	promises, commands := 0, 0
	for promise := range strings.SplitSeq(string(text), "\n- ") {
		head, shown, ok := strings.Cut(promise, "\n  Shown by ")
		if !ok {
			continue
		}
		promises++
		shown, _, _ = strings.Cut(shown, "\n")
		found := regexp.MustCompile("`((?:go test|make) [^`]+)`").FindAllStringSubmatch(shown, -1)
		if len(found) == 0 {
			t.Errorf("%q is shown by no command: %s", head, shown)
		}
		for _, f := range found {
			commands++
			args := strings.Fields(f[1])
			if args[0] == "make" {
				if !strings.Contains(string(makefile), "\n"+args[1]+":") {
					t.Errorf("%s: the Makefile has no such target", f[1])
				}
				continue
			}
			tests := testsOf(t, args[2:])
			if len(tests) == 0 {
				t.Errorf("%s: there are no tests", f[1])
			}
			if at := slices.Index(args, "-run"); at > 0 {
				for _, part := range alternatives(strings.Trim(args[at+1], "'")) {
					if !slices.ContainsFunc(tests, regexp.MustCompile(part).MatchString) {
						t.Errorf("%s: no test matches %s", f[1], part)
					}
				}
			}
		}
	}
	if promises < 40 || commands < promises {
		t.Errorf("%d promises are shown by %d commands: they are read in the wrong way", promises, commands)
	}
}

// testsOf are the names of the tests in packages written as for go test.
func testsOf(t *testing.T, packages []string) (names []string) {
	t.Helper()
	for _, pkg := range packages {
		if !strings.HasPrefix(pkg, "./") {
			break
		}
		dir, below := strings.CutSuffix(pkg, "/...")
		root := filepath.Join("..", dir)
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != root && !below:
				return filepath.SkipDir
			case !strings.HasSuffix(path, "_test.go"):
				return nil
			}
			text, err := os.ReadFile(path)
			for _, f := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllStringSubmatch(string(text), -1) {
				names = append(names, f[1])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// alternatives are those of a pattern such as A|B or A(B|C).
func alternatives(pattern string) (out []string) {
	head, rest, ok := strings.Cut(pattern, "(")
	if !ok {
		return strings.Split(pattern, "|")
	}
	inner, tail, _ := strings.Cut(rest, ")")
	for part := range strings.SplitSeq(inner, "|") {
		out = append(out, head+part+tail)
	}
	return out
}
