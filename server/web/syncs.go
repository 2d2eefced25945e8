package web

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/connectors"
	"credence/server/jobs"
	"credence/ui"
)

// syncs runs what people start on the sources and the settings page, a sync or
// a refresh, in the background, one at a time. The zero value is ready.
type syncs struct {
	mu     sync.Mutex
	latest *syncRun // running or ended; nil before the first
	next   *syncRun // waits for the end of the running one; nil for none
	done   chan struct{}
	cancel context.CancelFunc
	closed bool
	broken func() // called when the database cannot go on; may be nil
}

// syncRun is how far a sync is, or how it ended.
type syncRun struct {
	task
	by      string
	started time.Time
	ended   time.Time // zero while it runs
	exit    int
	now     jobs.Progress
	said    lines
}

// task is what somebody starts: the calls in their order, and how the page
// tells of it.
type task struct {
	calls  []jobs.Call
	waits  bool   // begins when the running one has ended; else it is dropped for that
	doing  string // Reading mail
	done   string // mail was read at %s
	failed string // reading mail did not finish at %s
}

// reading is the task that reads the named source, or all when name is empty,
// and then works out the figures.
func reading(name string) task {
	what, call := "every source", jobs.Call{Verb: "sync"}
	if name != "" {
		what, call.Sources = name, []string{name}
	}
	return task{
		calls: []jobs.Call{call, {Verb: "refresh"}}, doing: "Reading " + what,
		done: upper(what) + " was read at %s, and every figure is new", failed: "Reading " + what + " did not finish at %s",
	}
}

// resettling is the task that works out every figure with the settings that were
// saved. It waits, because what runs may have begun with the settings before.
func resettling() task {
	return task{
		calls: []jobs.Call{{Verb: "refresh"}}, waits: true, doing: "Working out every figure with the new settings",
		done: "Every figure stands on the new settings since %s", failed: "The figures still stand on the settings before: working them out did not finish at %s",
	}
}

// lines keeps what a job says to people, a line each.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.FieldsFunc(l.text.String(), func(r rune) bool { return r == '\n' })
}

// start begins a task. While another runs it waits for its end when it is one
// that waits, else it is dropped and start answers false. The goroutine is owned
// by syncs; stop waits for it.
func (y *syncs) start(j *jobs.Jobs, t task, by string) bool {
	y.mu.Lock()
	defer y.mu.Unlock()
	switch running := y.latest != nil && y.latest.ended.IsZero(); {
	case y.closed || running && !t.waits:
		return false
	case running:
		y.next = &syncRun{task: t, by: by}
		return true
	}
	first := &syncRun{task: t, by: by, started: j.Now()}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	y.latest, y.done, y.cancel = first, done, cancel
	go func() {
		defer close(done)
		defer cancel()
		for run := first; run != nil; {
			exit := y.run(ctx, j, run)
			run = y.end(ctx, run, exit, j.Now())
		}
	}()
	return true
}

// run does the calls of a task; what the earlier ones brought is shown even when
// they did not finish.
func (y *syncs) run(ctx context.Context, j *jobs.Jobs, run *syncRun) (exit int) {
	out := jobs.Out{Stdout: io.Discard, Stderr: &run.said, Progress: func(p jobs.Progress) {
		y.mu.Lock()
		defer y.mu.Unlock()
		run.now = p
	}}
	for _, call := range run.calls {
		if exit != jobs.CannotGo && ctx.Err() == nil {
			exit = max(exit, j.Do(ctx, call, out))
		}
	}
	if exit == jobs.CannotGo && y.broken != nil {
		y.broken()
	}
	return exit
}

// end keeps how a run ended and begins the one that waits for it, if one does.
func (y *syncs) end(ctx context.Context, run *syncRun, exit int, now time.Time) *syncRun {
	y.mu.Lock()
	defer y.mu.Unlock()
	run.exit, run.ended = exit, now
	next := y.next
	y.next = nil
	if next == nil || exit == jobs.CannotGo || ctx.Err() != nil {
		return nil
	}
	next.started = now
	y.latest = next
	return next
}

// running reports whether a sync is under way.
func (y *syncs) running() bool {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.latest != nil && y.latest.ended.IsZero()
}

// stop ends a running sync, which changes nothing then, and waits for it.
func (y *syncs) stop() {
	y.mu.Lock()
	y.closed = true
	cancel, done := y.cancel, y.done
	y.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}

// shownFor is how long the page says how a sync ended; the runs say it for good.
const shownFor = 10 * time.Minute

// box says how far the latest sync is; nil when nobody started one of late.
func (y *syncs) box(f ui.Format, now time.Time) *ui.SyncBox {
	y.mu.Lock()
	defer y.mu.Unlock()
	r := y.latest
	if r == nil || !r.ended.IsZero() && now.Sub(r.ended) > shownFor {
		return nil
	}
	box := &ui.SyncBox{Lines: r.said.all()}
	if r.ended.IsZero() {
		box.Running, box.Poll = true, "/sync"
		box.Title = fmt.Sprintf("%s, started %s by %s", r.doing, f.Clock(r.started), r.by)
		switch {
		case strings.HasPrefix(r.now.Label, "sync ") && r.now.Done > 0:
			box.Lines = append(box.Lines, fmt.Sprintf("%s: %s rows so far", strings.TrimPrefix(r.now.Label, "sync "), f.Count(r.now.Done)))
		case r.now.Label == "refresh":
			box.Lines = append(box.Lines, "working out people, journeys and credits anew")
		}
		if y.next != nil {
			box.Lines = append(box.Lines, "then: "+strings.ToLower(y.next.doing[:1])+y.next.doing[1:]+", asked for by "+y.next.by)
		}
		return box
	}
	box.State, box.Title = "ok", fmt.Sprintf(r.done, f.Clock(r.ended))
	if r.exit != jobs.Done {
		box.State, box.Title = "down", fmt.Sprintf(r.failed, f.Clock(r.ended))
	}
	return box
}

// startSync is the sync button.
func (s *Server) startSync(c *fiber.Ctx) error {
	name := c.FormValue("source")
	if name != "" && !s.hasSource(name) {
		var have []string
		for _, src := range s.Config.Sources {
			have = append(have, src.Name)
		}
		return badRequest("source", fmt.Errorf("no source is called %q%s", name, connectors.Suggest(name, have)))
	}
	s.syncs.start(s.jobs(s.reader(c)), reading(name), s.reader(c).Name) // one that is running goes on, and the page shows it
	to := "/sources"
	if c.FormValue("back") == "source" {
		to = sourcePath(name)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// ReadAll begins to read every source, as the button does.
func (s *Server) ReadAll() { s.syncs.start(s.jobs(Reader{}), reading(""), "Credence") }

// jobs runs what a reader starts from a page.
func (s *Server) jobs(r Reader) *jobs.Jobs {
	return &jobs.Jobs{Warehouse: s.Warehouse, Users: s.Users, Config: s.Config, Hasher: s.Hasher, Now: s.Now, Log: s.Log, Actor: r.ID, Metrics: s.Metrics}
}

func (s *Server) hasSource(name string) bool {
	for _, src := range s.Config.Sources {
		if src.Name == name {
			return true
		}
	}
	return false
}

// partSync is the box of the running sync alone, for the page that shows it.
// When it has ended the page is loaded anew.
func (s *Server) partSync(c *fiber.Ctx) error {
	f := ui.NewFormat(ui.MatchLanguage(c.Get(fiber.HeaderAcceptLanguage)), s.Config.Company.Location())
	if !s.syncs.running() {
		c.Set("HX-Refresh", "true")
	}
	box := s.syncs.box(f, s.Now())
	if box == nil {
		return c.SendStatus(fiber.StatusNoContent)
	}
	return s.part(c, &Visit{Layout: s.bareLayout(c)}, "sources", "sync-part", ui.SourcesPage{Sync: box})
}
