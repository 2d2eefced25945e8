package main_test

import (
	"fmt"
	"strings"
	"testing"

	"credence/ui/browsertest"
)

// walkUsers invites somebody as an administrator, follows the link in another
// browser, makes an API token there, and reads all of it in the log.
func (w *world) walkUsers(t *testing.T, browser *browsertest.Browser, pictures string) {
	t.Helper()
	admin := w.signIn(t, browser, "admin")
	admin.Go("/users")
	fill(admin, map[string]string{"#f-name": "Nadia Neumann", "#f-email": "nadia@halden.example", "#f-rep": ""})
	tick(admin, "input[name=role][value=cmo]")
	admin.Click(".user-form .primary")
	link := browsertest.Ask[string](admin, `document.querySelector('#secret').value`)
	if !strings.HasPrefix(link, w.base+"/invitation#") {
		t.Fatalf("the invitation is %q", link)
	}
	admin.Picture(pictures, "users")

	nadia := browser.Open(t, w.base)
	nadia.Go(strings.TrimPrefix(link, w.base))
	if code := browsertest.Ask[string](nadia, `document.querySelector('[name=code]').value + ' ' + location.hash`); code != link[strings.Index(link, "#")+1:]+" " {
		t.Errorf("the form holds %q of the link %q", code, link)
	}
	nadia.Picture(pictures, "invitation")
	fill(nadia, map[string]string{"[name=password]": "nadia chooses this"})
	nadia.Click(".form .primary")
	nadia.Go("/account")
	fill(nadia, map[string]string{"#f-token": "nightly figures"})
	tick(nadia, "input[name=scope][value=figures]")
	nadia.Click(".token-form .primary")
	if token := browsertest.Ask[string](nadia, `document.querySelector('#secret').value`); !strings.HasPrefix(token, "cred_") {
		t.Errorf("the token is %q", token)
	}
	nadia.Picture(pictures, "account")
	w.leave(t, nadia)

	admin.Go("/users")
	admin.Click(`table.users a[href^="/users/"]`)
	admin.Picture(pictures, "user")
	admin.Go("/audit")
	rows := admin.Text("table.audit tbody")
	for _, want := range []string{"Nadia Neumann", "sign-in", "token", "added"} {
		if !strings.Contains(rows, want) {
			t.Errorf("the log tells nothing of %q: %s", want, rows)
		}
	}
	admin.Picture(pictures, "audit")
	w.leave(t, admin)
}

func fill(s *browsertest.Session, values map[string]string) {
	for selector, value := range values {
		browsertest.Ask[bool](s, fmt.Sprintf(`(() => { document.querySelector(%q).value = %q; return true })()`, selector, value))
	}
}

func tick(s *browsertest.Session, selector string) {
	browsertest.Ask[bool](s, fmt.Sprintf(`(() => { document.querySelector(%q).checked = true; return true })()`, selector))
}
