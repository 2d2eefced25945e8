// Package pathdata hands the public table of paths in ../shared/data to tests,
// which between them say what the models give on it. Only tests import it; it
// refuses to pass silently where the data must be.
package pathdata

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// Totals of the table: what every model's credits sum to.
const (
	Conversions = 19785
	Value       = 74802.971587
)

// Table is the text of the table, a CSV with the columns path, total_conversions,
// total_conversion_value and total_null, as a test two folders below the root of
// the repository finds it. Without the data the test is skipped; in CI it fails.
func Table(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../shared/data/paths/pathdata.csv")
	const absent = "../shared/data is absent: the real paths are not tested (see sample-data/real/README.md for where they come from)"
	switch {
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") == "true":
		t.Fatal(absent)
	case errors.Is(err, fs.ErrNotExist):
		t.Skip(absent)
	case err != nil:
		t.Fatal(err)
	}
	return string(text)
}
