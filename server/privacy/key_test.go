package privacy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"credence/server/privacy"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// A key that did not make the marks of the erased recognises nobody: it is refused
// with what to do, also where an earlier program made them.
func TestAnotherKeyIsNoticed(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "credence.db")
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	open := func() *warehouse.Warehouse {
		t.Helper()
		engine, err := duckdb.OpenMemory()
		if err != nil {
			t.Fatal(err)
		}
		w, err := warehouse.Open(t.Context(), engine)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
		return w
	}
	attach := func(w *warehouse.Warehouse) string {
		t.Helper()
		if _, err := privacy.Attach(t.Context(), w, database, now); err != nil {
			return err.Error()
		}
		return ""
	}
	key := func(text string) {
		t.Helper()
		if err := os.WriteFile(privacy.KeyFile(database), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := strings.Repeat("ab", 32)

	knows, fresh := open(), open()
	if said := attach(knows); said != "" {
		t.Fatalf("a new database: %s", said)
	}
	own, err := os.ReadFile(privacy.KeyFile(database))
	if err != nil {
		t.Fatal(err)
	}
	if key(other); attach(knows) != "" {
		t.Error("another key is refused although nobody was erased")
	}
	key(string(own))
	old := warehouse.Tombstone{Kind: "email", Mark: "0123", Stub: "~somebody", ErasedAt: now} // as earlier programs left them
	if _, err = knows.ReapplyTombstones(t.Context(), []warehouse.Tombstone{old}, now); err != nil {
		t.Fatal(err)
	}
	if said := attach(knows); said != "" {
		t.Fatalf("a database of an earlier program: %s", said)
	}
	tests := []struct {
		name, key string
		w         *warehouse.Warehouse
		want      string // a part; "" is no error
	}{
		{"the database knows another key", other, knows, "people were erased from this database with another key than that of " + privacy.KeyFile(database)},
		{"the list knows another key", other, fresh, privacy.ListFile(database) + " lists people who were erased with another key"},
		{"a new database and the key of the list", string(own), fresh, ""},
		{"the database and its key", string(own), knows, ""},
	}
	for _, tt := range tests {
		key(tt.key)
		if said := attach(tt.w); tt.want == "" && said != "" || !strings.Contains(said, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, said, tt.want)
		}
	}
}
