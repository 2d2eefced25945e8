package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImportsFollowTheData walks the import graph: data flows from connectors
// to the warehouse, is asked by attribution and performance, and only server
// sees all of it.
func TestImportsFollowTheData(t *testing.T) {
	t.Parallel()
	// For each top-level folder: what of this module it may import.
	allowed := map[string][]string{
		"warehouse":   {"warehouse"},
		"connectors":  {"connectors", "warehouse"},
		"attribution": {"attribution", "warehouse"},
		"performance": {"performance", "warehouse"},
		"ui":          {"ui"},
		"sample-data": {"sample-data"},
		"server":      {"server", "ui", "sample-data", "performance", "attribution", "connectors", "warehouse"},
	}
	const driver = "github.com/duckdb/duckdb-go"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "credence/...").Output()
	if err != nil {
		t.Fatalf("list packages: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read package list: %v", err)
		}
		folder, _, _ := strings.Cut(strings.TrimPrefix(pkg.ImportPath, "credence/"), "/")
		mayImport, known := allowed[folder]
		if !known {
			t.Errorf("%s: the folder %q is not part of the layout; add it here and to CONTRIBUTING.md", pkg.ImportPath, folder)
			continue
		}
		for _, imported := range pkg.Imports {
			if strings.HasPrefix(imported, driver) && pkg.ImportPath != "credence/warehouse/duckdb" {
				t.Errorf("%s imports %s; only warehouse/duckdb knows the engine", pkg.ImportPath, imported)
			}
			if strings.HasPrefix(imported, "github.com/gofiber/") && folder != "server" {
				t.Errorf("%s imports %s; only server knows the web framework", pkg.ImportPath, imported)
			}
			rest, ours := strings.CutPrefix(imported, "credence/")
			if !ours {
				continue
			}
			target, _, _ := strings.Cut(rest, "/")
			if !slices.Contains(mayImport, target) {
				t.Errorf("%s imports %s: %s may import only %s", pkg.ImportPath, imported, folder, strings.Join(mayImport, ", "))
			}
		}
	}
}
