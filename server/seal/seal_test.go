package seal_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"credence/server/seal"
)

// What is sealed comes back to the byte, with the own key and with any age; the
// sealed file holds no word of it and is its owner's alone.
func TestASealedFileComesBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "credence.db")
	key, err := seal.OwnKey(database)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, text string }{
		{"nothing", ""},
		{"less than a chunk", "anna@kunde.example"},
		{"a chunk to the byte", strings.Repeat("anna@kunde.example, ", 4096)[:64<<10]},
		{"many chunks", strings.Repeat("anna@kunde.example, ", 20000)},
	} {
		from, to, back := filepath.Join(dir, tt.name), filepath.Join(dir, tt.name+".age"), filepath.Join(dir, tt.name+".back")
		if err := os.WriteFile(from, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := key.Seal(t.Context(), from, to); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		again, err := seal.OwnKey(database) // of the file that is there now
		if err == nil {
			err = again.Open(to, back)
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		for path, sealed := range map[string]bool{from: false, to: true, back: false} {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if is, err := seal.IsSealed(path); is != sealed || err != nil {
				t.Errorf("%s: %s is sealed: %v, %v", tt.name, path, is, err)
			}
			if !sealed && string(text) != tt.text {
				t.Errorf("%s: %s differs from what was sealed", tt.name, path)
			}
			if sealed && bytes.Contains(text, []byte("kunde")) {
				t.Errorf("%s: the sealed file can be read", tt.name)
			}
		}
		if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: the sealed file is %v, %v; want mode 0600", tt.name, info, err)
		}
	}
}

// A key file of two keys seals with the first and opens what either sealed; one
// that a kept key would replace stays; one that others read is refused.
func TestKeysAreTurned(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to, back := filepath.Join(dir, "from"), filepath.Join(dir, "to"), filepath.Join(dir, "back")
	if err := os.WriteFile(from, []byte("rows"), 0o600); err != nil {
		t.Fatal(err)
	}
	old, err := seal.OwnKey(filepath.Join(dir, "old.db"))
	if err == nil {
		err = old.Seal(t.Context(), from, to)
	}
	if err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile(seal.KeyFile(filepath.Join(dir, "old.db")))
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := age.GenerateHybridIdentity() // as the operator likes it
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(dir, "new.db")
	if err = os.WriteFile(seal.KeyFile(database), append([]byte(fresh.String()+"\n"), was...), 0o600); err != nil {
		t.Fatal(err)
	}
	both, err := seal.OwnKey(database)
	if err != nil {
		t.Fatal(err)
	}
	if err := both.Open(to, back); err != nil {
		t.Errorf("a file of the key before: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := both.Seal(over, from, to+".over"); !errors.Is(err, context.Canceled) {
		t.Errorf("sealed when it was over: %v", err)
	}
	if err := both.Seal(t.Context(), from, to); err != nil {
		t.Error(err)
	}
	if err := old.Open(to, back); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Errorf("the key before opens what the first one sealed: %v", err)
	}
	if kept, err := old.KeepBeside(database); kept != "" || err != nil {
		t.Errorf("a key was put in the place of another: %q, %v", kept, err)
	}
	if err := os.Chmod(seal.KeyFile(database), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OwnKey(database); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others read: %v", err)
	}
}

// A key with which backups were made and that is gone is not replaced without a word,
// nor is one that is another than before.
func TestAKeyThatIsGone(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "credence.db")
	note := func(want bool) {
		t.Helper()
		key, err := seal.OwnKey(database)
		if err != nil {
			t.Fatal(err)
		}
		if turned, err := key.Note(database); turned != want || err != nil {
			t.Errorf("it is another than before: %v, %v; want %v", turned, err, want)
		}
	}
	note(false)
	note(false)
	if err := os.Remove(seal.KeyFile(database)); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OwnKey(database); err == nil || !strings.Contains(err.Error(), "put it back; when it is lost, delete "+seal.KeyFile(database)+".pub") {
		t.Errorf("a key that is gone: %v", err)
	}
	if _, err := os.Stat(seal.KeyFile(database)); err == nil {
		t.Error("another one was made")
	}
	other, err := age.GenerateX25519Identity()
	if err == nil {
		err = os.WriteFile(seal.KeyFile(database), []byte(other.String()), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	note(true)
	note(false)
}
