package main_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"credence/server/cli"
	"credence/ui/browsertest"
)

// picturesEnv names a folder to keep the pictures of every page in, for a look
// beside the design; without it none are taken.
const picturesEnv = "CREDENCE_PICTURES"

// sampleDeals keeps the world of the browser test small: its pages are the same
// as those of the full one.
const sampleDeals = "400"

// TestInABrowser walks the whole program as its readers do: the sample company
// is written, synced, refreshed and served, and rep, manager, cmo and admin sign
// in and go from the first page to the rows.
func TestInABrowser(t *testing.T) {
	world := startWorld(t, sampleDeals, nil)
	browser := browsertest.Start(t)
	pictures := os.Getenv(picturesEnv)

	t.Run("rep", func(t *testing.T) {
		s := world.signIn(t, browser, "rep")
		s.Picture(pictures, "rep")
		s.Click(`.rail a[href^="/deals"]`)
		s.Picture(pictures, "rep-deals")
		world.walkDeal(t, s, pictures, "rep-deal")
		s.Go("/attribution")
		if s.Has(".pays") {
			t.Error("a rep is shown whether spend pays back")
		}
		world.leave(t, s)
	})
	t.Run("manager", func(t *testing.T) {
		s := world.signIn(t, browser, "manager")
		s.Picture(pictures, "manager")
		world.walkTitle(t, s)
		world.walkDeal(t, s, pictures, "manager-deal")
		world.leave(t, s)
	})
	t.Run("cmo", func(t *testing.T) {
		s := world.signIn(t, browser, "cmo")
		s.Picture(pictures, "cmo")
		world.walkTitle(t, s)
		world.walkDeal(t, s, pictures, "cmo-deal")
		s.Click(`.rail a[href^="/attribution"]`)
		s.Picture(pictures, "attribution")
		if at := s.Where(); !strings.Contains(at, "model=first") {
			t.Errorf("the model chosen on the deal is lost on the way to attribution: %s", at)
		}
		first := s.Text(".credit-table tbody")
		s.Click(`.segments a[href*="model=linear"]`)
		if now := s.Text(".credit-table tbody"); now == first {
			t.Errorf("credit is the same under another model: %q", now)
		}
		s.Click(`.segments a[href*="by=campaign"]`)
		if s.Text(".credit-table thead th") != "Campaign" {
			t.Errorf("attribution by campaign has the head %q", s.Text(".credit-table thead th"))
		}
		if at := s.Where(); !strings.Contains(at, "model=linear") {
			t.Errorf("the model is lost on the way to campaigns: %s", at)
		}
		s.Picture(pictures, "attribution-campaign")
		s.Click(`[data-selector="period"] a[href*="period=2026Q2"]`)
		if at := s.Where(); !strings.Contains(at, "period=2026Q2") || !strings.Contains(at, "by=campaign") {
			t.Errorf("switching the period leads to %s, want 2026Q2 by campaign", at)
		}
		world.walkLedger(t, s, pictures)
		for _, page := range []string{"efficiency", "quality"} {
			s.Go("/" + page)
			s.Picture(pictures, page)
		}
		world.walkClosing(t, s, pictures)
		world.leave(t, s)
	})
	t.Run("admin", func(t *testing.T) {
		s := world.signIn(t, browser, "admin")
		s.Go("/sources")
		s.Picture(pictures, "sources")
		s.Click(`table.sources tbody a[href*="/runs/"]`)
		s.Picture(pictures, "source-run")
		if !strings.Contains(s.Where(), "/runs/") {
			t.Errorf("a run is at %s", s.Where())
		}
		// The sample CRM holds notes, which are no activity between two people.
		s.Go("/sources")
		s.Click(`table.sources tbody a[href^="/sources/crm"]`)
		s.Click(`table tbody a[href*="/runs/"]`)
		if rows := s.Text("table.rejected tbody"); !strings.Contains(rows, "activities.csv") || !strings.Contains(rows, "kind") {
			t.Errorf("the run's rejected rows are %q, want the CRM's notes by file and field", rows)
		}
		s.Picture(pictures, "rejected-rows")
		world.leave(t, s)
		s.Go("/deals") // refused, which the console reports
		if s.Has("table.deals") {
			t.Error("an admin is shown deals")
		}
	})
	t.Run("keys and errors", func(t *testing.T) {
		s := world.signIn(t, browser, "cmo")
		s.Go("/attribution")
		if open := browsertest.Ask[bool](s, `(() => { document.dispatchEvent(new KeyboardEvent('keydown', {key: 't', bubbles: true})); return [...document.querySelectorAll('details.behind')].every(d => d.open) })()`); !open {
			t.Error("the key t opens no table")
		}
		if focus := browsertest.Ask[string](s, `(() => { document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true})); return document.activeElement.name })()`); focus != "q" {
			t.Errorf("the key / goes to %q, want the search", focus)
		}
		browsertest.Ask[bool](s, `(() => { document.querySelector('form.theme button[value=dark]').click(); return true })()`)
		if theme := browsertest.Ask[string](s, `document.documentElement.dataset.theme`); theme != "dark" {
			t.Errorf("the theme is %q, want dark", theme)
		}
		s.Go("/deals/no-such-deal")
		s.Picture(pictures, "not-found")
		if !strings.Contains(s.Text("h1"), "Nothing here") {
			t.Errorf("an unknown deal says %q", s.Text("h1"))
		}
	})
	t.Run("what if", func(t *testing.T) {
		s := world.signIn(t, browser, "cmo")
		s.Go("/attribution")
		world.walkWhatIf(t, s, pictures, "attribution-what-if")
		s.Go("/deals?status=won")
		s.Click(`table.deals tbody th a`)
		world.walkWhatIf(t, s, pictures, "deal-what-if")
		world.leave(t, s)
	})
	t.Run("users", func(t *testing.T) { world.walkUsers(t, browser, pictures) })
	t.Run("view as", func(t *testing.T) { world.walkViewAs(t, browser, pictures) })
	t.Run("settings", func(t *testing.T) { // last: it moves every figure
		s := world.signIn(t, browser, "admin")
		world.walkSettings(t, s, pictures)
		world.leave(t, s)
	})
	t.Run("cmo after other settings", func(t *testing.T) {
		s := world.signIn(t, browser, "cmo")
		world.walkRestatement(t, s, pictures)
		world.leave(t, s)
	})
	if reports := world.log.matching("content policy report"); len(reports) > 0 {
		t.Errorf("%d content policy reports, first: %s", len(reports), reports[0])
	}
	if broken := world.log.matching("request failed"); len(broken) > 0 {
		t.Errorf("%d requests failed, first: %s", len(broken), broken[0])
	}
}

// walkTitle follows the first number of the overview's title to its rows.
func (w *world) walkTitle(t *testing.T, s *browsertest.Session) {
	t.Helper()
	s.Click(`.finding a`)
	if at := s.Where(); !strings.HasPrefix(at, "/deals?") {
		t.Errorf("the title's number opens %s, want its deals", at)
	}
}

// walkDeal goes from the won deals to one of them and on to a touch.
func (w *world) walkDeal(t *testing.T, s *browsertest.Session, pictures, name string) {
	t.Helper()
	s.Go("/deals?status=won")
	s.Click(`table.deals tbody th a`)
	if !s.Has(".timeline .touch") {
		t.Fatalf("the deal at %s shows no touch: %s", s.Where(), s.Text("main"))
	}
	s.Picture(pictures, name)
	s.Click(`.matrix td.chosen a`)
	if !s.Has("#why") || !strings.Contains(s.Where(), "touch=1") {
		t.Errorf("the amount of touch 1 is not explained at %s", s.Where())
	}
	before := s.Text(".why-box .total")
	s.Click(`.matrix thead a[href*="model=first"]`)
	if after := s.Text(".why-box .total"); after == before {
		t.Errorf("touch 1 earns %q under two models", after)
	}
	s.Picture(pictures, name+"-why")
}

// walkLedger goes from a channel's credit to its rows, on to the open pipeline,
// and from the campaigns to one of them and a journey it stands in.
func (w *world) walkLedger(t *testing.T, s *browsertest.Session, pictures string) {
	t.Helper()
	s.Go("/attribution")
	amount := s.Text(".credit-table tbody td.val a")
	s.Click(".credit-table tbody td.val a")
	if finding := s.Text("h1"); !strings.Contains(finding, amount) {
		t.Errorf("the amount %s opens rows under %q", amount, finding)
	}
	s.Picture(pictures, "ledger-rows")
	for _, by := range []string{"team", "content"} {
		s.Go("/attribution?by=" + by)
		s.Picture(pictures, "attribution-"+by)
	}
	s.Go("/attribution")
	s.Click(`.segments a[href*="basis=accrual"]`)
	s.Picture(pictures, "attribution-accrual")
	s.Click(`.segments a[href^="/attribution/pipeline"]`)
	if at := s.Where(); !strings.Contains(at, "basis=accrual") {
		t.Errorf("the basis is lost on the way to the open pipeline: %s", at)
	}
	s.Picture(pictures, "open-pipeline")
	s.Click(".credit-table tbody td.val a")
	if !s.Has("table.ledger-rows tbody tr") {
		t.Errorf("an amount of the open pipeline opens no deals at %s", s.Where())
	}
	s.Go("/attribution")
	if focus := browsertest.Ask[string](s, `(() => { document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'm', bubbles: true})); const a = document.activeElement; a.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true})); return a.textContent + ' > ' + document.activeElement.textContent })()`); focus != "Linear > Position" {
		t.Errorf("the keys m and → go along %q, want from Linear to Position", focus)
	}
	s.Click(`.rail a[href^="/campaigns"]`)
	s.Picture(pictures, "campaigns")
	s.Click(".credit-table tbody th a")
	s.Picture(pictures, "campaign")
	s.Click("table.journeys tbody th a")
	if !strings.HasPrefix(s.Where(), "/deals/") {
		t.Errorf("a journey of a campaign opens %s", s.Where())
	}
}

// leave fails for what the browser complained about.
func (w *world) leave(t *testing.T, s *browsertest.Session) {
	t.Helper()
	for _, problem := range s.Problems() {
		t.Error(problem)
	}
}

// world is a served sample company.
type world struct {
	base  string
	users map[string][2]string // first e-mail and password of each role
	log   *serverLog
}

func (w *world) signIn(t *testing.T, b *browsertest.Browser, role string) *browsertest.Session {
	t.Helper()
	user, ok := w.users[role]
	if !ok {
		t.Fatalf("the sample company has no %s", role)
	}
	s := b.Open(t, w.base)
	s.SignIn(user[0], user[1])
	return s
}

// startWorld writes, syncs, refreshes and serves a small sample company with
// the program's own verbs until the test ends. With a change of its files it is
// not refreshed yet.
func startWorld(t *testing.T, deals string, change func(*testing.T, string)) *world {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	file := filepath.Join(dir, "credence.yaml")
	run := func(args ...string) {
		var said strings.Builder
		if code := cli.Run(t.Context(), args, cli.Process{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &said}); code != 0 {
			t.Fatalf("credence %s ended with %d:\n%s", strings.Join(args, " "), code, said.String())
		}
	}
	run("demo", "--dir", dir, "--seed", "7", "--deals", deals)
	if change != nil {
		change(t, dir)
	}
	if run("--config", file, "sync"); change == nil {
		run("--config", file, "refresh")
	}
	w := &world{users: readUsers(t, filepath.Join(dir, "users.csv")), log: &serverLog{}}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, []string{"--config", file, "serve", "--addr", "127.0.0.1:0"}, cli.Process{Stdin: strings.NewReader(""), Stdout: in, Stderr: w.log})
		in.Close() //nolint:errcheck // a pipe's end
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("serve ended with %d:\n%s", code, w.log.text())
		}
	})
	lines := bufio.NewScanner(out)
	address := regexp.MustCompile(`http://\S+`)
	for w.base == "" && lines.Scan() {
		w.base = address.FindString(lines.Text())
	}
	if w.base == "" {
		t.Fatalf("serve told no address:\n%s", w.log.text())
	}
	go io.Copy(io.Discard, out) //nolint:errcheck // ends with the pipe
	return w
}

// readUsers is the first user of each single role.
func readUsers(t *testing.T, file string) map[string][2]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	users := map[string][2]string{}
	for _, row := range rows[1:] {
		if _, ok := users[row[2]]; !ok {
			users[row[2]] = [2]string{row[0], row[1]}
		}
	}
	return users
}

// serverLog keeps what the server says.
type serverLog struct {
	mu    sync.Mutex
	lines strings.Builder
}

// Write implements io.Writer.
func (l *serverLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(p)
}

func (l *serverLog) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

func (l *serverLog) matching(words string) (found []string) {
	for line := range strings.Lines(l.text()) {
		if strings.Contains(line, words) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}
