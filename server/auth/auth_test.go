package auth

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

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
	added, err := Add(t.Context(), w, h, start, ann)
	if err != nil || !slices.Equal(added, []string{"ann@halden.example"}) {
		t.Fatalf("added %v, %v; want ann once", added, err)
	}
	ann.Password = "another password"
	if added, err = Add(t.Context(), w, h, start, ann); err != nil || len(added) != 0 {
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
	if err = Disable(t.Context(), w, start, "ann@halden.example"); err != nil {
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
			if _, err := Add(t.Context(), w, h, start, tt.user); err == nil {
				t.Error("was added, want it refused")
			}
		})
	}
	if _, err := ParseRoles("rep;boss"); err == nil {
		t.Error("the role boss was accepted")
	}
	if err := Disable(t.Context(), w, start, "nobody@halden.example"); err == nil {
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

func TestTenFailuresCloseTheDoorForFifteenMinutes(t *testing.T) {
	t.Parallel()
	l := NewLimiter()
	for i := range MaxFailures {
		if !l.Allow("ann", "10.0.0.1", start) {
			t.Fatalf("attempt %d is refused, want ten", i+1)
		}
		l.Fail("Ann ", "10.0.0.1", start.Add(time.Duration(i)*time.Second))
	}
	late := start.Add(time.Minute)
	if l.Allow("ann", "10.0.0.2", late) {
		t.Error("the account is open to another address, want it closed")
	}
	if l.Allow("bob", "10.0.0.1", late) {
		t.Error("the address may try another account, want it closed")
	}
	if !l.Allow("bob", "10.0.0.2", late) {
		t.Error("an unrelated account and address is closed")
	}
	if !l.Allow("ann", "10.0.0.1", start.Add(FailureWindow+time.Second)) {
		t.Error("still closed after fifteen minutes")
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

func TestASignOutOutlivesARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "revoked")
	r, err := OpenRevoked(path, start)
	if err != nil {
		t.Fatal(err)
	}
	if err = r.Add(Session{ID: "s1", StartedAt: start}); err != nil {
		t.Fatal(err)
	}
	again, err := OpenRevoked(path, start.Add(time.Hour))
	if err != nil || !again.Has("s1") || again.Has("s2") {
		t.Errorf("after a restart s1 is revoked: %v, s2: %v (%v); want true, false", again.Has("s1"), again.Has("s2"), err)
	}
	later, err := OpenRevoked(path, start.Add(SessionLife+time.Second))
	if err != nil || later.Has("s1") {
		t.Errorf("s1 is still remembered after its tokens are over (%v)", err)
	}
}
