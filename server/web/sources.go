package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/connectors/catalog"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// pageSources is the list of sources: is everything in step?
func (s *Server) pageSources(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		known, err := s.sources(ctx, v)
		if err != nil {
			return err
		}
		view, err := d.list(ctx, known)
		if err != nil {
			return err
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Sources"}}
		v.Layout.Notes = []string{
			"Mail and chat: counts, times and headers, no text", "A run is visible complete or not at all", "What a failed run had is unchanged",
		}
		return s.page(c, v, "sources", view)
	})
}

// desk puts what an administrator asks into words.
type desk struct {
	s *Server
	v *Visit
	f ui.Format
}

func (s *Server) desk(v *Visit) *desk {
	l := &v.Layout
	l.Period, l.Compare, l.Model = nil, nil, nil // nothing here depends on them
	return &desk{s: s, v: v, f: ui.NewFormat(l.Lang, l.Zone)}
}

// sourceState is a source as configured and as it was last read; either may be
// missing.
type sourceState struct {
	warehouse.SourceState
	name, kind, title string
	configured        bool
	read              bool
}

// stands says how the source is: ok, late (never read) or down.
func (s sourceState) stands() string {
	switch {
	case !s.read:
		return "late"
	case s.Last.Status != "done":
		return "down"
	}
	return "ok"
}

// sources lists the configured sources in their order, then those that are
// configured no more and whose records are still here.
func (s *Server) sources(ctx context.Context, q sqlfile.Querier) ([]sourceState, error) {
	states, err := warehouse.Sources(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	titles := map[string]string{}
	for _, k := range catalog.All() {
		titles[k.Kind] = k.Title
	}
	var out []sourceState
	for _, c := range s.Config.Sources {
		one := sourceState{name: c.Name, kind: c.Kind, title: titles[c.Kind], configured: true}
		if i := slices.IndexFunc(states, func(x warehouse.SourceState) bool { return x.Source == c.Name }); i >= 0 {
			one.SourceState, one.read = states[i], true
		}
		out = append(out, one)
	}
	for _, x := range states {
		if !slices.ContainsFunc(out, func(o sourceState) bool { return o.name == x.Source }) {
			out = append(out, sourceState{SourceState: x, name: x.Source, kind: x.Kind, title: titles[x.Kind], read: true})
		}
	}
	return out, nil
}

func (d *desk) list(ctx context.Context, known []sourceState) (ui.SourcesPage, error) {
	view := ui.SourcesPage{Sync: d.s.syncs.box(d.f, d.v.Now), CanSync: len(d.s.Config.Sources) > 0}
	for _, k := range catalog.All() {
		view.Kinds = append(view.Kinds, ui.SourceKind{Title: k.Title, Kind: k.Kind, Doc: firstSentence(k.Doc)})
	}
	if len(known) == 0 {
		d.v.Layout.Finding = ui.Say("No source is connected yet")
		view.Empty = &ui.State{Kind: "empty", Title: "Nothing to read", Text: "Add the files or exports your company has under sources: in credence.yaml, then start credence again. Until then every page is empty."}
		view.Snippet = snippet
		return view, nil
	}
	d.v.Layout.Finding = d.standing(known)
	strips, err := d.strips(ctx)
	if err != nil {
		return view, err
	}
	var records int64
	for _, one := range known {
		view.Lines = append(view.Lines, d.line(one, strips[one.name]))
		records += one.Records
	}
	view.List = ui.Section{ID: "sources", Finding: ui.Say(d.f.Count(records) + " records are here"), Measure: ui.Say("Records of every source, and the rows its last reading could not keep; times in " + d.f.Zone().String())}
	view.Checks, view.Found, err = d.checks(ctx, 6)
	return view, err
}

// snippet adds a source, in the configuration's own words.
const snippet = `sources:
  - {name: crm,  kind: csvfile,     path: files}
  - {name: mail, kind: mailbox,     path: mail}
  - {name: chat, kind: slackexport, path: slack.zip}`

// standing is the page's finding: who stands still, and how many rows wait.
func (d *desk) standing(known []sourceState) ui.Words {
	var down, never []sourceState
	ok, rejected := 0, int64(0)
	for _, one := range known {
		rejected += one.Rejected
		switch {
		case !one.configured:
		case one.stands() == "down":
			down = append(down, one)
		case one.stands() == "late":
			never = append(never, one)
		default:
			ok++
		}
	}
	var say ui.Words
	switch {
	case len(down) == 1:
		one := down[0]
		since := " was never read completely"
		if !one.SyncedAt.IsZero() {
			since = " has stood still since " + d.since(one.SyncedAt)
		}
		others := fmt.Sprintf("%d of %d other sources are in step", ok, ok+len(never))
		switch {
		case ok+len(never) == 0:
			others = "there is no other source"
		case len(never) == 0 && ok == 1:
			others = "the other source is in step"
		case len(never) == 0:
			others = fmt.Sprintf("the %d other sources are in step", ok)
		}
		say = say.Link(one.name, sourcePath(one.name)).And(since + "; " + others)
	case len(down) > 1:
		names := make([]string, len(down))
		for i, one := range down {
			names[i] = one.name
		}
		say = ui.Say(fmt.Sprintf("%d sources stand still: %s; %d %s in step", len(down), strings.Join(names, ", "), ok, isAre(ok)))
	case len(never) > 0 && ok == 0:
		say = ui.Say(fmt.Sprintf("None of %d sources was read yet", len(never)))
	case len(never) > 0:
		say = ui.Say(fmt.Sprintf("%d %s in step, %d %s never read", ok, isAre(ok), len(never), wasWere(len(never))))
	case ok == 1:
		say = ui.Say("The one source is in step")
	default:
		say = ui.Say(fmt.Sprintf("All %d sources are in step", ok))
	}
	if rejected > 0 {
		say = say.And("; ").Link(d.f.Plural(rejected, "row", "rows"), "/quality/rejected_rows").And(" could not be kept")
	}
	return say.And(".")
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// strips are the newest runs of every source.
func (d *desk) strips(ctx context.Context) (map[string]ui.RunStrip, error) {
	type run struct {
		source, status string
		id             int64
		at             time.Time
		read, rejected int64
	}
	out := map[string]ui.RunStrip{}
	runs, err := sqlfile.All(ctx, d.v, questions.Get("run_strips"), func(scan func(...any) error) (r run, err error) {
		err = scan(&r.source, &r.id, &r.status, &r.at, &r.read, &r.rejected)
		return r, err
	}, sql.Named("runs", int64(ui.RunSlots)))
	if err != nil {
		return nil, err
	}
	count := map[string][3]int{}
	for _, r := range runs {
		mark := ui.RunMark{Kind: "done", Href: runPath(r.source, r.id), Title: fmt.Sprintf("%s: %s rows read", d.f.Stamp(r.at), d.f.Count(r.read))}
		n := count[r.source]
		n[0]++
		switch {
		case r.status != "done":
			mark.Kind, mark.Title = "failed", d.f.Stamp(r.at)+": failed"
			n[2]++
		case r.rejected > 0:
			mark.Kind = "rejected"
			mark.Title += fmt.Sprintf(", %s rejected", d.f.Count(r.rejected))
			n[1]++
		}
		count[r.source] = n
		s := out[r.source]
		s.Runs = append(s.Runs, mark)
		out[r.source] = s
	}
	for source, s := range out {
		n := count[source]
		s.Label = fmt.Sprintf("last %s: %d with rejected rows, %d failed", d.f.Plural(int64(n[0]), "run", "runs"), n[1], n[2])
		out[source] = s
	}
	return out, nil
}

func (d *desk) line(one sourceState, strip ui.RunStrip) ui.SourceLine {
	line := ui.SourceLine{
		Name: one.name, Href: sourcePath(one.name), What: one.title, Strip: strip, LastRun: "–", Records: "–", Rejected: "–",
		State: one.stands(), StateText: "in step",
	}
	if line.Strip.Label == "" {
		line.Strip.Label = "no runs"
	}
	if one.configured {
		line.SyncName = one.name
	}
	if one.read {
		line.LastRun, line.LastHref = d.near(one.Last.StartedAt), runPath(one.name, one.Last.ID)
		line.Records, line.Rejected = d.f.Count(one.Records), d.f.Count(one.Rejected)
		if one.Rejected > 0 {
			line.RejectedHref = sourcePath(one.name) + "/rejected"
		}
	}
	switch {
	case !one.configured:
		line.State, line.StateText = "late", "not configured"
		line.Why = "its records stay until the database is made anew"
	case line.State == "late":
		line.StateText = "never read"
	case line.State == "down":
		line.StateText, line.Why = "failed", why(one.Last)
	}
	return line
}

// since is a time today as clock, else its day.
func (d *desk) since(at time.Time) string {
	if d.f.Date(at) == d.f.Date(d.v.Now) {
		return d.f.Clock(at)
	}
	return d.f.Day(at)
}

// why is the sentence of a failed run, without the deed that is known here.
func why(r warehouse.Run) string { return strings.TrimPrefix(r.Message, "load "+r.Source+": ") }

// near is a time today as clock, else with its day.
func (d *desk) near(at time.Time) string {
	if at.IsZero() {
		return "–"
	}
	if d.f.Date(at) == d.f.Date(d.v.Now) {
		return d.f.Clock(at)
	}
	return d.f.Day(at) + " " + d.f.Clock(at)
}

func sourcePath(name string) string { return "/sources/" + url.PathEscape(name) }

func runPath(source string, id int64) string {
	return fmt.Sprintf("%s/runs/%d", sourcePath(source), id)
}

func firstSentence(text string) string {
	sentence, _, found := strings.Cut(text, ". ")
	if found {
		sentence += "."
	}
	return sentence
}
