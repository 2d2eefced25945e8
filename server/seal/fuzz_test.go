package seal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"credence/server/seal"
)

// FuzzReadKey reads any text as a key file: it is refused with the name of the file
// and none of what stands in it, or it opens what it seals.
func FuzzReadKey(f *testing.F) {
	for range 2 {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			f.Fatal(err)
		}
		key := id.String()
		for _, text := range []string{key, "# public key: " + id.Recipient().String() + "\n" + key + "\n", key + "\n" + key, strings.ToLower(key), key[:len(key)-1], key + "x", "x" + key, key + "\r\n\r\n", "\n\n# " + key, "AGE-SECRET-KEY-PQ-1" + key[16:], "AGE-PLUGIN-X-1" + key[16:]} {
			f.Add(text)
		}
	}
	both, err := age.GenerateHybridIdentity()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(both.String())
	f.Add("")
	f.Add("#")
	dir := f.TempDir()
	path, plain, sealed, back := filepath.Join(dir, "backup-key"), filepath.Join(dir, "plain"), filepath.Join(dir, "sealed"), filepath.Join(dir, "back")
	if err = os.WriteFile(plain, []byte("rows"), 0o600); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		key, err := seal.ReadKey(path)
		if err != nil {
			if !strings.Contains(err.Error(), path) {
				t.Errorf("%q is refused without its file: %v", text, err)
			}
			said := strings.ReplaceAll(err.Error(), "AGE-SECRET-KEY-1", "") // how a key begins is no secret
			for line := range strings.SplitSeq(text, "\n") {
				if at := strings.LastIndex(line, "1") + 1; len(line[at:]) > 24 && strings.Contains(said, line[at:]) {
					t.Errorf("%q is told: %v", text, err)
				}
			}
			return
		}
		if err = key.Seal(t.Context(), plain, sealed); err == nil {
			err = key.Open(sealed, back)
		}
		if got, rerr := os.ReadFile(back); err != nil || rerr != nil || string(got) != "rows" {
			t.Errorf("%q is a key, and of what it sealed comes back %q: %v, %v", text, got, err, rerr)
		}
	})
}

// FuzzOpen opens a sealed file after anything was done to it: it is refused, or
// holds what was sealed.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	key, err := seal.OwnKey(filepath.Join(dir, "credence.db"))
	if err != nil {
		f.Fatal(err)
	}
	plain, path, back := filepath.Join(dir, "plain"), filepath.Join(dir, "sealed"), filepath.Join(dir, "back")
	rows := bytes.Repeat([]byte("anna@kunde.example, "), 4000) // more than a chunk
	if err = os.WriteFile(plain, rows, 0o600); err == nil {
		err = key.Seal(f.Context(), plain, path)
	}
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	// A piece of the file, from and to there, gives way to another one.
	f.Add(0, 0, []byte{})
	f.Add(0, len(sealed), []byte("SQLite format 3\x00"))
	f.Add(len(sealed)-1, len(sealed), []byte{})
	f.Add(len(sealed), len(sealed), []byte{0})
	f.Add(10<<10, 10<<10+1, []byte{'x'})
	f.Add(20, 21, []byte("2"))
	f.Add(22, 23, []byte("\r\n"))
	f.Add(22, 22, []byte("-> X25519 AAAA\nAAAA\n"))
	f.Add(len(sealed)-1000, len(sealed), sealed[len(sealed)-1000:])
	f.Add(0, 0, sealed[:200])
	f.Fuzz(func(t *testing.T, from, to int, piece []byte) {
		if from < 0 || to < from || to > len(sealed) {
			return
		}
		changed := bytes.Join([][]byte{sealed[:from], piece, sealed[to:]}, nil)
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		is, err := seal.IsSealed(path)
		if err != nil || is != bytes.HasPrefix(changed, []byte("age-encryption.org/")) {
			t.Errorf("is it sealed: %v, %v", is, err)
		}
		err = key.Open(path, back)
		switch got, rerr := os.ReadFile(back); {
		case err != nil && bytes.Equal(changed, sealed):
			t.Errorf("the file itself is refused: %v", err)
		case err != nil && !strings.Contains(err.Error(), path):
			t.Errorf("%d to %d is %q: refused without its file: %v", from, to, piece, err)
		case err == nil && (rerr != nil || !bytes.Equal(got, rows)):
			t.Errorf("%d to %d is %q: it opens as %d bytes that were never sealed, %v", from, to, piece, len(got), rerr)
		}
	})
}
