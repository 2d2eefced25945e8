// Package browsertest drives a real Chromium through the pages: it signs in,
// follows links, collects console errors and takes the pictures that are looked
// at beside the design. It starts no server; whoever has one passes its address.
//
// A machine without a browser fails, it does not skip: a page nobody opened is
// not tested. CHROMIUM names the program, else /usr/bin/chromium is it.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// ErrNoBrowser reports that Chromium is not installed.
var ErrNoBrowser = errors.New("no Chromium: install it (apt-get install chromium) or name it in CHROMIUM")

// patience is how long one page may take on a busy machine.
const patience = 90 * time.Second

// Browser is one running Chromium.
type Browser struct {
	ctx context.Context //nolint:containedctx // chromedp's browser is its context
}

// Start runs a browser until the test ends. Its absence fails the test.
func Start(t *testing.T) *Browser {
	t.Helper()
	program, err := find()
	if err != nil {
		t.Fatal(err)
	}
	// The sandbox and the background services need what a container lacks.
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true),
	))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	return &Browser{ctx}
}

func find() (string, error) {
	program := os.Getenv("CHROMIUM")
	if program == "" {
		program = "/usr/bin/chromium"
	}
	if _, err := os.Stat(program); err != nil { //nolint:gosec // whoever runs the tests names the browser
		return "", fmt.Errorf("%w (looked for %s)", ErrNoBrowser, program)
	}
	return program, nil
}

// Session is one signed-in reader: a tab with its own cookies.
type Session struct {
	t    *testing.T
	ctx  context.Context //nolint:containedctx // chromedp's tab is its context
	base string

	mu       sync.Mutex
	problems []string
}

// Open is a tab with its own cookies on the server at base.
func (b *Browser) Open(t *testing.T, base string) *Session {
	t.Helper()
	s := &Session{t: t, base: base}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	s.ctx = ctx
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	listen, stop := context.WithCancel(ctx)
	t.Cleanup(stop)
	go func() {
		for m, err := range chromedp.Console(listen) {
			if err != nil {
				return
			}

			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || strings.Contains(m.Text, "Content Security Policy") {
				s.mu.Lock()
				s.problems = append(s.problems, fmt.Sprintf("%s: %s (%s:%d)", m.Type, m.Text, m.URL, m.Line))
				s.mu.Unlock()
			}
		}
	}()
	s.Size(1440, 900)
	return s
}

// Problems are the console errors and content-policy violations so far.
func (s *Session) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.problems...)
}

func (s *Session) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		s.t.Fatalf("%s: %v\npage: %s", what, err, s.Where())
	}
}

// Ask evaluates an expression that gives a T.
func Ask[T any](s *Session, expression string) T {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		s.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// Where is the path and query of the page.
func (s *Session) Where() string {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(at, s.base)
}

// Go opens a path and waits until the page and its charts stand.
func (s *Session) Go(path string) {
	s.t.Helper()
	s.do("open "+path, chromedp.Navigate(s.base+path), chromedp.WaitReady("main"))
	s.settle()
}

// settle waits for fonts and charts.
func (s *Session) settle() {
	s.t.Helper()
	Ask[bool](s, `(async () => {
		await document.fonts.ready
		for (let i = 0; i < 200; i++) {
			const open = [...document.querySelectorAll('[data-chart]')].filter(f => !f.querySelector('svg') && !f.dataset.failed)
			if (!open.length) break
			await new Promise(r => setTimeout(r, 50))
		}
		const failed = document.querySelector('[data-chart][data-failed]')
		if (failed) console.error('chart failed: ' + failed.dataset.failed)
		await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))
		return true
	})()`)
}

// SignIn fills the form.
func (s *Session) SignIn(email, password string) {
	s.t.Helper()
	s.Go("/sign-in")
	s.do("type the sign-in",
		chromedp.SendKeys(`input[name=email]`, email), chromedp.SendKeys(`input[name=password]`, password),
	)
	s.follow("submit the sign-in", `form[action="/sign-in"] button`)
	if at := s.Where(); strings.HasPrefix(at, "/sign-in") {
		s.t.Fatalf("sign in as %s: still at %s: %s", email, at, s.Text("main"))
	}
}

// Click follows the first visible match of a selector to its page.
func (s *Session) Click(selector string) {
	s.t.Helper()
	s.follow("click "+selector, selector)
}

// follow clicks and waits for the next document: the old one is marked, so that
// it cannot be taken for the new one.
func (s *Session) follow(what, selector string) {
	s.t.Helper()
	if !Ask[bool](s, fmt.Sprintf(`(() => { window.before = true; const e = document.querySelector(%q); if (!e) return false; e.scrollIntoView({block: 'center'}); return true })()`, selector)) {
		s.t.Fatalf("%s: nothing matches on %s: %s", what, s.Where(), s.Text("main"))
	}
	Ask[bool](s, fmt.Sprintf(`(() => { document.querySelector(%q).dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, view: window})); return true })()`, selector))
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	for ctx.Err() == nil { // between two documents an evaluation may fail
		ready, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!window.before && document.readyState === 'complete'`))
		if err == nil && ready {
			s.settle()
			return
		}
	}
	s.t.Fatalf("%s: no new page after %v, still on %s", what, patience, s.Where())
}

// Has reports whether a selector matches.
func (s *Session) Has(selector string) bool {
	s.t.Helper()
	return Ask[bool](s, fmt.Sprintf(`!!document.querySelector(%q)`, selector))
}

// Text is the text of the first match; "" when nothing matches.
func (s *Session) Text(selector string) string {
	s.t.Helper()
	return Ask[string](s, fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText || ''`, selector))
}

// Size sets the window.
func (s *Session) Size(width, height int64) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 768,
	}); err != nil {
		s.t.Fatalf("size the window: %v", err)
	}
}

// Theme makes the system light or dark.
func (s *Session) Theme(theme string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
	}); err != nil {
		s.t.Fatalf("set the theme: %v", err)
	}
}

// Picture saves the page whole, at 1440 and 390 px, light and dark, as
// dir/name-<width>-<theme>.png. Without a dir it saves nothing.
func (s *Session) Picture(dir, name string) {
	s.t.Helper()
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		s.t.Fatalf("make %s: %v", dir, err)
	}
	for _, width := range []int64{1440, 390} {
		for _, theme := range []string{"light", "dark"} {
			s.Theme(theme)
			s.Size(width, 900)
			s.settle()
			s.Size(width, max(700, Ask[int64](s, `document.documentElement.scrollHeight`)))
			s.settle()
			ctx, cancel := context.WithTimeout(s.ctx, patience)
			png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			cancel()
			if err != nil {
				s.t.Fatalf("picture of %s: %v", name, err)
			}
			file := filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme))
			if err := os.WriteFile(file, png, 0o600); err != nil {
				s.t.Fatalf("save %s: %v", file, err)
			}
		}
	}
	s.Theme("light")
	s.Size(1440, 900)
}

// Wide is by how many px the page is wider than the window: 0 is right.
func (s *Session) Wide() int64 {
	s.t.Helper()
	return Ask[int64](s, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
}
