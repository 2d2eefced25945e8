package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"credence/connectors"
	"credence/warehouse"
)

func TestTheListIsSound(t *testing.T) {
	t.Parallel()
	if err := Check(All()); err != nil {
		t.Error(err)
	}
	for _, c := range All() {
		for _, s := range c.Streams {
			if warehouse.StreamByName(s) == nil {
				t.Errorf("%s delivers %q, which is no stream", c.Kind, s)
			}
		}
	}
	twice := append(All(), All()[0])
	if err := Check(twice); err == nil {
		t.Error("a kind listed twice is not refused")
	}
	if err := Check([]connectors.Connector{{Kind: "x"}}); err == nil {
		t.Error("a connector without title and settings is not refused")
	}
}

func TestAnUnknownKindSuggestsTheNearest(t *testing.T) {
	t.Parallel()
	_, err := Get("csvfiles")
	if err == nil || !strings.Contains(err.Error(), `did you mean "csvfile"?`) {
		t.Errorf("got %v", err)
	}
	if c, err := Get("csvfile"); err != nil || c.Kind != "csvfile" {
		t.Errorf("got %q, %v", c.Kind, err)
	}
}

// TestEveryFolderIsListed walks the folders beside this one: a package that
// defines a connector must be in All.
func TestEveryFolderIsListed(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, c := range All() {
		listed[c.Kind] = true
	}
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "connectortest") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			kind, ok := defined(n)
			if ok {
				found++
				if !listed[kind] {
					t.Errorf("%s defines the kind %q, which catalog.All does not list: add %s.Connector() there", name, kind, f.Name.Name)
				}
			}
			return true
		})
	}
	if found != len(listed) {
		t.Errorf("%d connectors are defined in the folders and %d are listed", found, len(listed))
	}
}

// defined is the kind that a call of connectors.Define names.
func defined(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Define" {
		return "", false
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	kind, err := strconv.Unquote(lit.Value)
	return kind, err == nil
}
