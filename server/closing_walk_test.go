package main_test

import (
	"strings"
	"testing"

	"credence/ui/browsertest"
)

// walkClosing closes the newest quarter that has ended, and finds that nothing
// changed since.
func (w *world) walkClosing(t *testing.T, s *browsertest.Session, pictures string) {
	t.Helper()
	s.Go("/reports")
	s.Click(`.state-cell a[href$="/close"]`)
	s.Picture(pictures, "close-quarter")
	s.Click(`.settings-form .button.primary`)
	if at, title := s.Where(), s.Text("h1"); !strings.HasSuffix(at, "/restatement") || !strings.Contains(title, "still says what was reported") {
		t.Errorf("after closing, %s says %q", at, title)
	}
	s.Go("/reports")
	if state := s.Text(".state-cell:has(br)"); !strings.Contains(state, "closed ") || !strings.Contains(state, "What changed") {
		t.Errorf("the list of reports says of the closed quarter %q", state)
	}
	s.Picture(pictures, "reports")
}

// walkRestatement goes from a closed quarter to a deal that another lookback
// credits otherwise, touch by touch.
func (w *world) walkRestatement(t *testing.T, s *browsertest.Session, pictures string) {
	t.Helper()
	s.Go("/reports")
	s.Click(`.state-cell a[href*="/restatement"]`)
	if title := s.Text("h1"); !strings.Contains(title, "all by a changed rule") {
		t.Errorf("the restatement says %q", title)
	}
	if rule := s.Text(".restated-rule"); !strings.Contains(rule, "Lookback: 90 days → 60 days") {
		t.Errorf("the restatement says the rule changed by %q", rule)
	}
	s.Picture(pictures, "restatement")
	s.Click(`.restated-deals tbody th a`)
	if !s.Has(".restated-touches tbody tr") {
		t.Errorf("a restated deal shows no touches at %s", s.Where())
	}
	s.Picture(pictures, "restated-deal")
}
