package auth

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"credence/warehouse"
	"credence/warehouse/duckdb"
)

func openWarehouse(t *testing.T) *warehouse.Warehouse {
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

func testHasher(t *testing.T) *Hasher {
	t.Helper()
	h, err := NewTestHasher()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func find(t *testing.T, w *warehouse.Warehouse, email string) (u User, err error) {
	t.Helper()
	err = w.Read(t.Context(), func(s *warehouse.Snapshot) error {
		var ferr error
		u, ferr = UserByEmail(t.Context(), s, email)
		return ferr
	})
	return u, err
}

func TestUsersAreAddedOnceAndDisabled(t *testing.T) {
	t.Parallel()
	w, h := openWarehouse(t), testHasher(t)
	ann := NewUser{Email: " Ann@Halden.Example ", Name: "Ann Voss", Password: "correct horse", Roles: []Role{Manager, CMO}}
	added, err := InMemory(w).Add(t.Context(), h, start, ann)
	if err != nil || !slices.Equal(added, []string{"ann@halden.example"}) {
		t.Fatalf("added %v, %v; want ann once", added, err)
	}
	ann.Password = "another password"
	if added, err = InMemory(w).Add(t.Context(), h, start, ann); err != nil || len(added) != 0 {
		t.Fatalf("added %v again, %v; want nobody", added, err)
	}
	u, err := find(t, w, "ANN@halden.example")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(u.Roles, ann.Roles) || u.Disabled || u.SessionVersion != 1 {
		t.Errorf("stored %+v, want both roles, enabled, version 1", u)
	}
	if ok, merr := h.Match(t.Context(), "correct horse", u.PasswordHash); !ok || merr != nil {
		t.Errorf("the first password does not match: %v", merr)
	}
	if err = InMemory(w).Disable(t.Context(), start, "ann@halden.example"); err != nil {
		t.Fatal(err)
	}
	if u, err = find(t, w, "ann@halden.example"); err != nil || !u.Disabled || u.SessionVersion != 2 {
		t.Errorf("after disable: %+v, %v; want disabled and version 2", u, err)
	}
	if _, err := find(t, w, "nobody@halden.example"); !errors.Is(err, warehouse.ErrNotFound) {
		t.Errorf("looking for nobody: %v, want ErrNotFound", err)
	}
}

func TestUnusableUsersAreRefused(t *testing.T) {
	t.Parallel()
	w, h := openWarehouse(t), testHasher(t)
	tests := []struct {
		name string
		user NewUser
	}{
		{"no address", NewUser{Email: "ann", Password: "correct horse", Roles: []Role{Rep}}},
		{"a name in the address", NewUser{Email: "Ann <ann@halden.example>", Password: "correct horse", Roles: []Role{Rep}}},
		{"a short password", NewUser{Email: "ann@halden.example", Password: "short", Roles: []Role{Rep}}},
		{"no role", NewUser{Email: "ann@halden.example", Password: "correct horse"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := InMemory(w).Add(t.Context(), h, start, tt.user); err == nil {
				t.Error("was added, want it refused")
			}
		})
	}
	if _, err := ParseRoles("rep;boss"); err == nil {
		t.Error("the role boss was accepted")
	}
	if err := InMemory(w).Disable(t.Context(), start, "nobody@halden.example"); err == nil {
		t.Error("disabling nobody succeeded")
	}
}

func TestAnUnknownUserNeverMatches(t *testing.T) {
	t.Parallel()
	h := testHasher(t)
	if ok, err := h.Match(t.Context(), "nobody has this password", ""); ok || err != nil {
		t.Errorf("the decoy matched (%v, %v), want a quiet no", ok, err)
	}
}

// The cost of a guess: OWASP asks for 19 MiB and two passes at least.
func TestPasswordsAreHashedAtFullCost(t *testing.T) {
	t.Parallel()
	h, err := NewHasher()
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=65536,t=2,p=2$"; !strings.HasPrefix(h.decoy, want) {
		t.Errorf("passwords are hashed as %s, want %s", h.decoy, want)
	}
	known, err := h.Hash(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if known[:31] != h.decoy[:31] {
		t.Errorf("a known user costs %s and an unknown one %s: the time would tell them apart", known[:31], h.decoy[:31])
	}
	again, err := h.Hash(t.Context(), "correct horse battery")
	if err != nil || again == known {
		t.Errorf("one password has one hash (%v): there is no salt", err)
	}
}

func TestKeyFileIsMadeOnceAndOnlyForUs(t *testing.T) {
	t.Parallel()
	db := filepath.Join(t.TempDir(), "credence.db")
	first, err := Key("", db)
	if err != nil || len(first) < 32 {
		t.Fatalf("made a key of %d bytes, %v", len(first), err)
	}
	info, err := os.Stat(KeyFile(db))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key file has mode %v, %v; want 0600", info.Mode().Perm(), err)
	}
	again, err := Key("", db)
	if err != nil || string(again) != string(first) {
		t.Errorf("the second start got another key (%v)", err)
	}
	if err := os.Chmod(KeyFile(db), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Key("", db); err == nil {
		t.Error("a key file that everybody can read was accepted")
	}
}
