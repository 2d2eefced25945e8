package privacy

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// FuzzReadList reads any file as the list of erased people: it is refused, or
// comes back the same.
func FuzzReadList(f *testing.F) {
	for _, text := range []string{"", `{"kind":"email","mark":"m","stub":"s"}` + "\n", `{"Kind":"email","Mark":"m","Stub":"s","At":"2026-11-22T12:00:00Z"}`, "{}\n", "\n", "{", `{"kind":1}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "erased")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		list, err := readList(file)
		if err != nil {
			return
		}
		if err = writeList(file, list); err != nil {
			t.Fatal(err)
		}
		again, err := readList(file)
		if err != nil || !slices.Equal(again, list) {
			t.Errorf("%q is %v, and %v when it was written: %v", text, list, again, err)
		}
	})
}
