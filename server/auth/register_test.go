package auth

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"credence/server/audit"
	"credence/warehouse"
)

// hold keeps the one writer of the database busy until the end it answers.
func hold(t *testing.T, w *warehouse.Warehouse) (free func()) {
	t.Helper()
	inside, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- w.Write(t.Context(), func(*warehouse.Tx) error {
			close(inside)
			<-end
			return nil
		})
	}()
	<-inside
	return func() {
		close(end)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func openRegister(t *testing.T, w *warehouse.Warehouse, path string) *Register {
	t.Helper()
	r, err := OpenRegister(t.Context(), w, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.patience = 0
	return r
}

func TestADecisionHoldsWhileTheWriterIsBusy(t *testing.T) {
	t.Parallel()
	w, h := openWarehouse(t), testHasher(t)
	path := filepath.Join(t.TempDir(), "credence.db.users")
	ann := NewUser{Email: "ann@halden.example", Password: "correct horse", Roles: []Role{CMO}}
	boss := NewUser{Email: "boss@halden.example", Password: "correct horse", Roles: []Role{Admin}}
	if _, err := InMemory(w).Add(t.Context(), h, start, ann, boss); err != nil {
		t.Fatal(err)
	}
	user, err := find(t, w, ann.Email)
	if err != nil {
		t.Fatal(err)
	}
	text, err := InMemory(w).MakeToken(t.Context(), start, user, "nightly", []Scope{ScopeAll}, 30)
	if err != nil {
		t.Fatal(err)
	}

	free := hold(t, w)
	r := openRegister(t, w, path)
	as := func(r *Register) (u User, k APIToken) {
		t.Helper()
		view := r.View()
		rerr := w.Read(t.Context(), func(s *warehouse.Snapshot) (err error) {
			if u, err = view.ByEmail(t.Context(), s, ann.Email); err != nil {
				return err
			}
			k, err = view.Token(t.Context(), s, TokenID(text))
			return err
		})
		if rerr != nil {
			t.Fatal(rerr)
		}
		return u, k
	}
	version := r.View().Version
	demote := func(u User) Change { return Change{Name: u.Name, Roles: []Role{Rep}} }
	if _, err = r.Change(t.Context(), start, "boss", user.ID, demote); err != nil {
		t.Fatalf("demote while the writer is busy: %v", err)
	}
	if u, k := as(r); !u.Unsettled || !slices.Equal(u.Roles, []Role{Rep}) || u.SessionVersion != 2 || !k.Live(start) || r.View().Version == version {
		t.Errorf("after the demotion: %+v, token %+v", u, k)
	}
	if err = r.RevokeToken(t.Context(), start, "boss", user.ID, TokenID(text)); err != nil {
		t.Fatal(err)
	}
	if _, k := as(r); k.Live(start) || !k.Matches(text) {
		t.Errorf("after revoking: %+v", k)
	}
	if err = r.Disable(t.Context(), start, ann.Email); err != nil {
		t.Fatal(err)
	}
	if u, _ := as(r); !u.Disabled || u.SessionVersion != 3 {
		t.Errorf("after disabling: %+v", u)
	}
	last := func(u User) Change { return Change{Name: u.Name, Roles: []Role{CMO}} }
	if admin, ferr := find(t, w, boss.Email); ferr != nil {
		t.Fatal(ferr)
	} else if _, err = r.Change(t.Context(), start, "boss", admin.ID, last); !errors.Is(err, ErrLastAdmin) {
		t.Errorf("the last administrator gives the role up: %v", err)
	}
	if u, ferr := find(t, w, ann.Email); ferr != nil || u.Disabled {
		t.Fatalf("the database has it already (%+v, %v): the test shows nothing", u, ferr)
	}

	// A crash in this moment: another process finds what waits, and half a line.
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	free()
	if err = r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err = os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is left when nothing waits: %v", err)
	}
	for range 2 { // the second time the database has it all
		if err = os.WriteFile(path, append(slices.Clip(kept), `{"users":[{"ID":"x`...), 0o600); err != nil {
			t.Fatal(err)
		}
		again, oerr := OpenRegister(t.Context(), w, path, slog.New(slog.DiscardHandler))
		if oerr != nil {
			t.Fatal(oerr)
		}
		if u, k := as(again); !u.Disabled || u.Unsettled || u.SessionVersion != 3 || k.Live(start) {
			t.Errorf("the database has %+v, token %+v", u, k)
		}
		if _, err = os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file is left after it was taken up: %v", err)
		}
	}
	err = w.Read(t.Context(), func(s *warehouse.Snapshot) error {
		chain, verr := audit.Verify(t.Context(), s)
		if verr == nil && (chain.Rows != 6 || len(chain.Bad) > 0) { // two added, a token made, demoted, revoked, disabled
			t.Errorf("the log is %+v, want six rows", chain)
		}
		return verr
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhatWaitsOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	w, h := openWarehouse(t), testHasher(t)
	path := filepath.Join(t.TempDir(), "credence.db.users")
	if err := os.WriteFile(path, []byte(`{"users":[{"i`), 0o600); err != nil { // another process was killed while it wrote
		t.Fatal(err)
	}
	free := hold(t, w)
	killed := openRegister(t, w, path)
	added, err := killed.Add(t.Context(), h, start, NewUser{Email: "new@halden.example", Password: "correct horse", Roles: []Role{Admin}})
	if err != nil || len(added) != 1 {
		t.Fatalf("add while the writer is busy: %v %v", added, err)
	}
	if again, aerr := killed.Add(t.Context(), h, start, NewUser{Email: "NEW@halden.example", Password: "correct horse", Roles: []Role{Rep}}); aerr != nil || len(again) != 0 {
		t.Errorf("added twice: %v %v", again, aerr)
	}
	killed.stop() // as a kill does: it never reaches the database
	<-func() chan struct{} { killed.mu.Lock(); defer killed.mu.Unlock(); return moved(killed.moving) }()
	free()
	if _, err = find(t, w, "new@halden.example"); !errors.Is(err, warehouse.ErrNotFound) {
		t.Fatalf("the database has the user: %v", err)
	}
	openRegister(t, w, path)
	if u, err := find(t, w, "new@halden.example"); err != nil || !u.Has(Admin) {
		t.Errorf("after the restart: %+v, %v", u, err)
	}
}

func moved(c chan struct{}) chan struct{} {
	if c != nil {
		return c
	}
	c = make(chan struct{})
	close(c)
	return c
}

func TestTheOnlyAdministratorComesBackAtTheMachine(t *testing.T) {
	t.Parallel()
	w := openWarehouse(t)
	r := InMemory(w)
	if _, err := r.Add(t.Context(), testHasher(t), start, NewUser{Email: "boss@halden.example", Password: "correct horse", Roles: []Role{Admin}}); err != nil {
		t.Fatal(err)
	}
	for _, do := range []error{r.Disable(t.Context(), start, "boss@halden.example"), r.Enable(t.Context(), start, "Boss@halden.example")} {
		if do != nil {
			t.Fatal(do)
		}
	}
	if u, err := find(t, w, "boss@halden.example"); err != nil || u.Disabled || u.SessionVersion != 2 {
		t.Errorf("%+v, %v; want enabled, sessions of before ended", u, err)
	}
	if err := r.Enable(t.Context(), start, "nobody@halden.example"); !errors.Is(err, ErrNoUser) {
		t.Errorf("enabling nobody: %v", err)
	}
}

func TestAResetRevokesTokens(t *testing.T) {
	t.Parallel()
	w, h := openWarehouse(t), testHasher(t)
	r := InMemory(w)
	if _, err := r.Add(t.Context(), h, start, NewUser{Email: "ann@halden.example", Password: "correct horse", Roles: []Role{Rep}}); err != nil {
		t.Fatal(err)
	}
	live := func() (n int) {
		t.Helper()
		u, err := find(t, w, "ann@halden.example")
		if err != nil {
			t.Fatal(err)
		}
		err = w.Read(t.Context(), func(s *warehouse.Snapshot) error {
			tokens, lerr := TokensOf(t.Context(), s, u.ID)
			for _, k := range tokens {
				if k.Live(start) {
					n++
				}
			}
			return lerr
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	u, err := find(t, w, "ann@halden.example")
	if err != nil {
		t.Fatal(err)
	}
	password := "correct horse"
	tests := []struct {
		name string
		do   func(User) error
		want int
	}{
		{"a new password that leaves them", func(u User) error {
			defer func() { password = "battery staple" }()
			return r.ChangePassword(t.Context(), h, start, u, password, "battery staple", false)
		}, 1},
		{"a new password", func(u User) error { return r.ChangePassword(t.Context(), h, start, u, password, "correct horse", true) }, 0},
		{"a reset", func(u User) error { _, _, rerr := r.Reset(t.Context(), start, "boss", u.ID); return rerr }, 0},
	}
	for _, tt := range tests {
		if live() == 0 {
			if _, err = r.MakeToken(t.Context(), start, u, "nightly", []Scope{ScopeAll}, 30); err != nil {
				t.Fatal(err)
			}
		}
		now, err := find(t, w, "ann@halden.example")
		if err != nil {
			t.Fatal(err)
		}
		if err = tt.do(now); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got := live(); got != tt.want {
			t.Errorf("%s leaves %d tokens, want %d", tt.name, got, tt.want)
		}
	}
}
