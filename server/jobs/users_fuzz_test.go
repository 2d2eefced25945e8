package jobs

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzReadUsers reads any file of users: it is refused with a line, or everybody
// in it has an address and a role.
func FuzzReadUsers(f *testing.F) {
	for _, text := range []string{
		"email,password,role,name\nann@tiny.example,correct horse,rep,Ann\n", "email,password,role,name\n\"a\nb\",,,\n", "\ufeffemail,password,role,name\na@b.c,x,admin;cmo,\n", "email\n", "", "role,name,email,password\nroot,x,a@b.c,y\n", "email,password,role,name\na@b.c,x,rep\n", "email,email,password,role,name\n1,2,3,4,5\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "users.csv")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		users, err := ReadUsers(file)
		if err != nil {
			return
		}
		for _, u := range users {
			if len(u.Roles) == 0 {
				t.Errorf("%q has a user without a role: %+v", text, u)
			}
		}
	})
}
