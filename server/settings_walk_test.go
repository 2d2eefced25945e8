package main_test

import (
	"strings"
	"testing"

	"credence/ui/browsertest"
)

// askWhatIf changes a field of the what-if and waits for its answer, which it
// returns.
const askWhatIf = `(async () => {
	const answered = new Promise((done) => document.addEventListener('htmx:afterSettle', done, {once: true}))
	const field = document.querySelector('#f-lookback_days')
	field.value = '20'
	field.dispatchEvent(new Event('change', {bubbles: true}))
	await answered
	return document.querySelector('.what-if-result').textContent
})()`

// walkWhatIf changes the lookback on a page and sees the figures beside the
// stored ones, which stay.
func (w *world) walkWhatIf(t *testing.T, s *browsertest.Session, pictures, name string) {
	t.Helper()
	s.Click(`.what-if-open a`)
	stored := s.Text(".credit-table tbody, .matrix tbody")
	answer := browsertest.Ask[string](s, askWhatIf)
	if !strings.Contains(answer, "would move") || s.Text(".what-if h2") != "What if: not the company’s setting" {
		t.Errorf("20 days of lookback answer %q under the title %q", answer, s.Text(".what-if h2"))
	}
	if at := s.Where(); !strings.Contains(at, "lookback_days=20") || strings.Contains(at, "half_life_days") {
		t.Errorf("the what-if is at %s, want the changed setting alone in the address", at)
	}
	if now := s.Text(".credit-table tbody, .matrix tbody"); now != stored {
		t.Errorf("the stored figures became %q", now)
	}
	s.Picture(pictures, name)
	at := s.Where()
	s.Go(at) // as somebody opens the link that was handed on
	if again := s.Text(".what-if-result"); again == "" {
		t.Errorf("%s shows no answer", at)
	}
	s.Click(`.what-if .head-tools a.button`)
	if at := s.Where(); s.Has(".what-if-result") || strings.Contains(at, "lookback_days") {
		t.Errorf("reset leads to %s with an answer: %v", at, s.Has(".what-if-result"))
	}
}

// walkSettings saves other settings as an administrator and waits until the
// figures stand on them.
func (w *world) walkSettings(t *testing.T, s *browsertest.Session, pictures string) {
	t.Helper()
	s.Click(`.rail a[href^="/settings"]`)
	s.Picture(pictures, "settings")
	browsertest.Ask[bool](s, `(() => {
		document.querySelector('#f-lookback_days').value = '60'
		document.querySelector('#f-reason').value = 'Two months are how long our buyers take'
		return true
	})()`)
	s.Click(`.settings-form .button.primary`)
	ended := false
	for range 500 {
		if ended = s.Has(".sync .state-ok, .sync .state-down"); ended {
			break
		}
		s.Go("/settings")
	}
	if title := s.Text(".sync h2"); !ended || !strings.Contains(title, "Every figure stands on the new settings") {
		t.Errorf("after saving, the page says %q", title)
	}
	if list := s.Text(".changes"); !strings.Contains(list, "Lookback: 90 days → 60 days") || !strings.Contains(list, "how long our buyers take") {
		t.Errorf("the list of changes is %q", list)
	}
	if finding := s.Text("h1"); !strings.Contains(finding, "60 days before") {
		t.Errorf("the page's title is %q", finding)
	}
	s.Picture(pictures, "settings-saved")
}
