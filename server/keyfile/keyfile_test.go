package keyfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"credence/server/keyfile"
)

// A key is made once, readable by its owner only, and from then on it is what
// stands in its file.
func TestAKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "credence.db.key")
	if _, err := keyfile.Read(path, "signing key"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key that is not there: %v", err)
	}
	first, err := keyfile.ReadOrMake(path, "signing key", keyfile.Random)
	if err != nil || len(first) != 64 {
		t.Fatalf("made %q, %v; want 32 bytes in hexadecimal", first, err)
	}
	if info, serr := os.Stat(path); serr != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v; want mode 0600", info, serr)
	}
	if again, aerr := keyfile.ReadOrMake(path, "signing key", keyfile.Random); aerr != nil || !slices.Equal(again, first) {
		t.Errorf("the second time it is %q, %v; want %q", again, aerr, first)
	}
	if err = keyfile.Keep(path, "signing key", []byte("another")); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), "keep the signing key") {
		t.Errorf("kept over another: %v", err)
	}
	if have, rerr := keyfile.Read(path, "signing key"); rerr != nil || !slices.Equal(have, first) {
		t.Errorf("after that it is %q, %v; want %q", have, rerr, first)
	}
	raced := path + "-raced"
	text, err := keyfile.ReadOrMake(raced, "signing key", func() ([]byte, error) {
		return []byte("second"), keyfile.Keep(raced, "signing key", []byte("first")) // by another process
	})
	if err != nil || string(text) != "first" {
		t.Errorf("of two first callers the second has %q, %v; want what the first made", text, err)
	}
	if other, rerr := keyfile.Random(); rerr != nil || slices.Equal(other, first) {
		t.Errorf("a second random key is %q, %v", other, rerr)
	}
}

// What cannot be a key in its place is told, and nothing is left of it.
func TestNoHalfKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := filepath.Join(dir, "open")
	if err := os.WriteFile(open, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o640); err != nil {
		t.Fatal(err)
	}
	failing := func() ([]byte, error) { return nil, errors.New("no more randomness") }
	tests := []struct {
		name, path string
		want       string
	}{
		{"others may read it", open, "the signing key " + open + " can be read by others (mode 0640): chmod 600 it"},
		{"none can be made", filepath.Join(dir, "none"), "make the signing key: no more randomness"},
	}
	for _, tt := range tests {
		if text, err := keyfile.ReadOrMake(tt.path, "signing key", failing); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %q, %v; want %q", tt.name, text, err, tt.want)
		}
	}
	if err := keyfile.Keep(filepath.Join(dir, "away", "key"), "signing key", []byte("secret")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("kept in a folder that is not there: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || !slices.Equal(left, []string{open}) {
		t.Errorf("left behind are %q, %v", left, err)
	}
}
