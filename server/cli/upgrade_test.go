package cli

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A database that an earlier program wrote of the sample company goes on after its
// upgrade: synced and refreshed it is sound, and has the figures of one that this
// program made. Later ones hold stand-ins of old acts, and their keys were not kept.
func TestUpgradedDatabasesGoOn(t *testing.T) {
	t.Parallel()
	if os.Getenv("UPGRADES") != "long" {
		t.Skip("tried by make upgrades")
	}
	figures := func(t *testing.T, golden string) string {
		t.Helper()
		dir := t.TempDir()
		config := filepath.Join(dir, "credence.yaml")
		must(t, "demo", "--dir", dir, "--seed", "1", "--deals", "50")
		text, rerr := os.ReadFile(config)
		if rerr != nil {
			t.Fatal(rerr)
		}
		// What time takes away gets stand-ins that are drawn.
		write(t, config, string(text)+"\nprivacy: {retention_days: {activities: 36500}}\n")
		if golden != "" {
			write(t, filepath.Join(dir, "credence.db"), unzipped(t, golden))
		}
		must(t, "--config", config, "sync", "--full")
		must(t, "--config", config, "refresh")
		var out strings.Builder
		for line := range strings.Lines(must(t, "--config", config, "check").stdout) {
			if name, _, _ := strings.Cut(line, " "); slices.Contains([]string{"account", "person", "deal", "touch", "journey", "credit"}, name) {
				out.WriteString(line)
			}
		}
		return out.String()
	}
	want := figures(t, "")
	for _, schema := range []string{"0005", "0010", "0012-without-0011"} {
		t.Run(schema, func(t *testing.T) {
			t.Parallel()
			if got := figures(t, filepath.Join("..", "..", "warehouse", "testdata", "schema", schema+".db.gz")); got != want {
				t.Errorf("after the upgrade, a sync and a refresh it holds\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func unzipped(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
