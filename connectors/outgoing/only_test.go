package outgoing

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// waysOut are what makes a connection, by import path.
var waysOut = map[string][]string{
	"net/http":                    {"Client", "Transport", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm"},
	"net/http/httputil":           {"ReverseProxy", "NewSingleHostReverseProxy", "NewClientConn", "NewProxyClientConn"},
	"net":                         {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer"},
	"crypto/tls":                  {"Dial", "DialWithDialer", "Dialer"},
	"net/smtp":                    {"Dial", "SendMail"},
	"net/rpc":                     {"Dial", "DialHTTP"},
	"github.com/valyala/fasthttp": {"Client", "HostClient", "PipelineClient", "LBClient", "Get", "Post", "Do", "Dial", "DialTimeout", "TCPDialer"},
	"github.com/gofiber/fiber/v2": {"Get", "Head", "Post", "Put", "Patch", "Delete", "Client", "AcquireClient", "AcquireAgent"},
}

// mayDial are the folders with a way of their own: this one, the unix socket over
// which the command asks the server on the same machine, and the program that
// puts a server under load, which is no part of the command.
var mayDial = []string{"connectors/outgoing", "server/door", "server/load"}

// TestNothingElseLeavesTheMachine reads every file of the program.
func TestNothingElseLeavesTheMachine(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	files, own := 0, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "demo") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(rel, "ui/browsertest") {
			return nil
		}
		files++
		found := dials(t, path)
		if slices.Contains(mayDial, filepath.ToSlash(filepath.Dir(rel))) {
			own += len(found)
			return nil
		}
		for _, one := range found {
			t.Errorf("%s: only connectors/outgoing asks other machines", one)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 || own == 0 {
		t.Errorf("%d files were read and %d ways out found where they are; the test looks in the wrong place", files, own)
	}
}

// dials are the places of a file that make connections.
func dials(t *testing.T, path string) (found []string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for _, imported := range file.Imports {
		at, err := strconv.Unquote(imported.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		ways, ok := waysOut[at]
		if !ok {
			continue
		}
		name := strings.TrimSuffix(at, "/v2")
		name = name[strings.LastIndex(name, "/")+1:]
		if imported.Name != nil {
			name = imported.Name.Name
		}
		if name == "." || name == "_" {
			found = append(found, set.Position(imported.Pos()).String()+" imports "+at+" without its name")
		}
		names[name] = ways
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if star, ok := n.(*ast.StarExpr); ok { // a pointer to a client that was given opens nothing
			if s, ok := star.X.(*ast.SelectorExpr); ok && s.Sel.Name == "Client" {
				return false
			}
		}
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := s.X.(*ast.Ident)
		if ok && slices.Contains(names[pkg.Name], s.Sel.Name) {
			found = append(found, set.Position(s.Pos()).String()+" uses "+pkg.Name+"."+s.Sel.Name)
		}
		return true
	})
	return found
}
