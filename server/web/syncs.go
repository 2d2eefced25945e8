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

// syncs runs what people start on the sources page: a sync, then a refresh, in
// the background, one at a time. The zero value is ready.
type syncs struct {
	mu     sync.Mutex
	latest *syncRun // running or ended; nil before the first
	done   chan struct{}
	cancel context.CancelFunc
	closed bool
}

// syncRun is how far a sync is, or how it ended.
type syncRun struct {
	what    string // "mail", or "every source"
	by      string
	started time.Time
	ended   time.Time // zero while it runs
	exit    int
	now     jobs.Progress
	said    lines
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

// start begins a sync of the named source, or of all when name is empty, unless
// one is running. The goroutine is owned by syncs; stop waits for it.
func (y *syncs) start(j *jobs.Jobs, name, by string) bool {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.closed || y.latest != nil && y.latest.ended.IsZero() {
		return false
	}
	run := &syncRun{what: "every source", by: by, started: j.Now()}
	call := jobs.Call{Verb: "sync"}
	if name != "" {
		run.what, call.Sources = name, []string{name}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	y.latest, y.done, y.cancel = run, done, cancel
	go func() {
		defer close(done)
		defer cancel()
		out := jobs.Out{Stdout: io.Discard, Stderr: &run.said, Progress: func(p jobs.Progress) {
			y.mu.Lock()
			defer y.mu.Unlock()
			run.now = p
		}}
		exit := j.Do(ctx, call, out)
		if exit != jobs.CannotGo && ctx.Err() == nil { // what the others brought is shown even when one failed
			exit = max(exit, j.Do(ctx, jobs.Call{Verb: "refresh"}, out))
		}
		y.mu.Lock()
		defer y.mu.Unlock()
		run.exit, run.ended = exit, j.Now()
	}()
	return true
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
		box.Title = fmt.Sprintf("Reading %s, started %s by %s", r.what, f.Clock(r.started), r.by)
		switch {
		case strings.HasPrefix(r.now.Label, "sync ") && r.now.Done > 0:
			box.Lines = append(box.Lines, fmt.Sprintf("%s: %s rows so far", strings.TrimPrefix(r.now.Label, "sync "), f.Count(r.now.Done)))
		case r.now.Label == "refresh":
			box.Lines = append(box.Lines, "working out people, journeys and credits anew")
		}
		return box
	}
	box.State = "ok"
	box.Title = fmt.Sprintf("%s was read at %s, and every figure is new", strings.ToUpper(r.what[:1])+r.what[1:], f.Clock(r.ended))
	if r.exit != jobs.Done {
		box.State = "down"
		box.Title = fmt.Sprintf("Reading %s did not finish at %s", r.what, f.Clock(r.ended))
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
	j := &jobs.Jobs{Warehouse: s.Warehouse, Config: s.Config, Hasher: s.Hasher, Now: s.Now, Log: s.Log}
	s.syncs.start(j, name, s.reader(c).Name) // one that is running goes on, and the page shows it
	to := "/sources"
	if c.FormValue("back") == "source" {
		to = sourcePath(name)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
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
