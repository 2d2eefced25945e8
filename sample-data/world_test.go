package sampledata

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// write makes a small sample company and returns its folder.
func write(t *testing.T, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	if o.Deals == 0 {
		o.Deals = 200
	}
	if err := Write(context.Background(), dir, o, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestWriteFillsTheFolder(t *testing.T) {
	t.Parallel()
	dir := write(t, Options{Seed: 1})
	for _, part := range parts {
		if _, err := os.Stat(filepath.Join(dir, part)); err != nil {
			t.Errorf("the sample company lacks %s: %v", part, err)
		}
	}
}
