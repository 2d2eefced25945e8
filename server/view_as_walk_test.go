package main_test

import (
	"fmt"
	"strings"
	"testing"

	"credence/ui/browsertest"
)

// walkViewAs sees a rep's pages as an administrator, is told so on each, and
// stops by the button.
func (w *world) walkViewAs(t *testing.T, browser *browsertest.Browser, pictures string) {
	t.Helper()
	s := w.signIn(t, browser, "admin")
	s.Go("/users")
	s.Go(browsertest.Ask[string](s, fmt.Sprintf(`[...document.querySelectorAll('table.users tbody tr')].find(r => r.textContent.includes(%q)).querySelector('a').getAttribute('href')`, w.users["rep"][0])))
	s.Picture(pictures, "user-view-as")
	fill(s, map[string]string{"#f-why": "they miss a deal of theirs"})
	s.Click(".view-as .button")
	if at := s.Text(".viewing"); !strings.Contains(at, "You view as") {
		t.Fatalf("the banner says %q", at)
	}
	s.Picture(pictures, "view-as")
	s.Click(`.rail a[href^="/deals"]`)
	if !s.Has(".viewing") {
		t.Error("the list of deals does not say that it is viewed")
	}
	s.Picture(pictures, "view-as-deals")
	s.Click(".viewing .button")
	if s.Has(".viewing") || !strings.Contains(s.Where(), "/users/") {
		t.Errorf("after stopping the browser is at %s", s.Where())
	}
	w.leave(t, s)
}
