package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/ui"
	"credence/warehouse"
)

// Page sizes of what hangs on a source.
const (
	runsShown     = 30
	rejectedShown = 50
	rejectedFile  = 50_000 // rows of a download
)

// pageSource is one source with its newest runs.
func (s *Server) pageSource(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		one, err := d.source(ctx, c)
		if err != nil {
			return err
		}
		runs, err := warehouse.Runs(ctx, v, one.name, runsShown)
		if err != nil {
			return fmt.Errorf("list runs of %s: %w", one.name, err)
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Sources", Href: "/sources"}, {Text: one.name}}
		return s.page(c, v, "source", d.runsOf(one, runs))
	})
}

// source is the source that the address names; one that is neither configured
// nor was ever read does not exist.
func (d *desk) source(ctx context.Context, c *fiber.Ctx) (sourceState, error) {
	name, err := url.PathUnescape(c.Params("name"))
	if err != nil {
		return sourceState{}, warehouse.ErrNotFound
	}
	known, err := d.s.sources(ctx, d.v)
	if err != nil {
		return sourceState{}, err
	}
	i := slices.IndexFunc(known, func(x sourceState) bool { return x.name == name })
	if i < 0 {
		return sourceState{}, warehouse.ErrNotFound
	}
	return known[i], nil
}

func (d *desk) runsOf(one sourceState, runs []warehouse.Run) ui.SourcePage {
	view := ui.SourcePage{Sync: d.s.syncs.box(d.f, d.v.Now), Runs: ui.Section{ID: "runs"}}
	if one.configured {
		view.SyncName = one.name
	}
	if !one.read {
		d.v.Layout.Finding = ui.Say(one.name + " was never read.")
		view.Facts = []ui.Fact{{Name: "Kind", Value: one.title}}
		view.Runs.Finding = ui.Say("No runs yet")
		view.Empty = &ui.State{Kind: "empty", Title: "Nothing was read yet", Text: "The first run reads everything this source has. Start it here, or with credence sync " + one.name + "."}
		return view
	}
	say := ui.Say(fmt.Sprintf("%s has %s in the warehouse", one.name, d.f.Plural(one.Records, "record", "records")))
	switch {
	case one.stands() == "down" && one.SyncedAt.IsZero():
		say = ui.Say(one.name + " was never read completely")
	case one.stands() == "down":
		say = ui.Say(fmt.Sprintf("%s has stood still since %s", one.name, d.since(one.SyncedAt)))
	}
	if one.Rejected > 0 {
		say = say.And("; ").Link(d.f.Plural(one.Rejected, "row", "rows"), sourcePath(one.name)+"/rejected").And(" could not be kept")
		view.Runs.Download = sourcePath(one.name) + "/rejected.csv"
	}
	d.v.Layout.Finding = say.And(".")
	if one.stands() == "down" {
		view.Problem = &ui.Notice{Text: ui.Say("The last run failed and changed nothing: " + why(one.Last))}
	}
	last := "never"
	if !one.SyncedAt.IsZero() {
		last = d.f.Stamp(one.SyncedAt)
	}
	view.Facts = []ui.Fact{
		{Name: "Kind", Value: one.title},
		{Name: "Read completely", Value: last},
		{Name: "Records here", Value: d.f.Count(one.Records)},
		{Name: "Rejected rows", Value: d.f.Count(one.Rejected), Href: sourcePath(one.name) + "/rejected"},
		{Name: "Place among sources", Value: d.place(one)},
	}
	view.Runs.Finding = ui.Say("The newest " + d.f.Plural(int64(len(runs)), "run", "runs"))
	view.Runs.Measure = ui.Say("Rows of the files that were new or changed; a run that finds nothing new reads none")
	for _, r := range runs {
		view.Lines = append(view.Lines, d.runLine(r))
	}
	return view
}

// place says whose records win where two sources disagree.
func (d *desk) place(one sourceState) string {
	if !one.configured {
		return "not configured"
	}
	return fmt.Sprintf("%d of %d", one.Priority+1, len(d.s.Config.Sources))
}

func (d *desk) runLine(r warehouse.Run) ui.RunLine {
	line := ui.RunLine{
		Started: d.f.Stamp(r.StartedAt), Href: runPath(r.Source, r.ID), Took: took(r), Read: d.f.Count(r.Read), Kept: d.f.Count(r.Kept),
		Rejected: d.f.Count(r.Rejected), Changed: d.f.Count(r.Changed), State: "ok", StateText: "done",
	}
	switch {
	case r.Status != "done": // nothing of it was kept
		line.Kept, line.Rejected, line.Changed = "–", "–", "–"
		line.State, line.StateText, line.Why = "down", "failed", why(r)
	case r.Read == 0:
		line.StateText = "nothing new"
	}
	return line
}

// took is how long a run lasted.
func took(r warehouse.Run) string {
	if r.FinishedAt.IsZero() || r.FinishedAt.Before(r.StartedAt) {
		return "–"
	}
	d := r.FinishedAt.Sub(r.StartedAt)
	switch seconds := int(d.Round(time.Second).Seconds()); {
	case d < time.Second:
		return "under 1 s"
	case seconds < 60:
		return fmt.Sprintf("%d s", seconds)
	case seconds < 3600:
		return fmt.Sprintf("%d min %d s", seconds/60, seconds%60)
	default:
		return fmt.Sprintf("%d h %d min", seconds/3600, seconds/60%60)
	}
}

// pageRun is one run: the files it read and the rows it could not keep.
func (s *Server) pageRun(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		one, err := d.source(ctx, c)
		if err != nil {
			return err
		}
		id, err := strconv.ParseInt(c.Params("run"), 10, 64)
		if err != nil || id <= 0 {
			return warehouse.ErrNotFound
		}
		run, err := warehouse.RunByID(ctx, v, id)
		if err != nil || run.Source != one.name {
			return errOr(err, warehouse.ErrNotFound)
		}
		view := d.run(run)
		if err := d.rejected(ctx, c, &view, one.name, run.ID); err != nil {
			return err
		}
		if view.None != nil && run.Rejected > 0 {
			view.None = &ui.State{
				Kind: "few", Title: "These rows were read again since", Text: "Rejected rows are kept of the newest reading of each file.",
				Action: ui.Link{Text: "Rows of the newest reading", Href: sourcePath(one.name) + "/rejected"},
			}
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Sources", Href: "/sources"}, {Text: one.name, Href: sourcePath(one.name)}, {Text: "Run of " + d.f.Stamp(run.StartedAt)}}
		return s.page(c, v, "source-run", view)
	})
}

// pageRejected is every row of a source that the newest reading of its file did
// not keep.
func (s *Server) pageRejected(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		one, err := d.source(ctx, c)
		if err != nil {
			return err
		}
		view := ui.RunPage{}
		if err := d.rejected(ctx, c, &view, one.name, 0); err != nil {
			return err
		}
		v.Layout.Finding = ui.Say(fmt.Sprintf("%s of %s could not be kept.", d.f.Plural(one.Rejected, "row", "rows"), one.name))
		if one.Rejected == 0 {
			v.Layout.Finding = ui.Say("Every row of " + one.name + " was kept.")
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Sources", Href: "/sources"}, {Text: one.name, Href: sourcePath(one.name)}, {Text: "Rejected rows"}}
		return s.page(c, v, "source-run", view)
	})
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (d *desk) run(r warehouse.Run) ui.RunPage {
	say := ui.Say(fmt.Sprintf("%s read %s", r.Source, d.f.Plural(r.Read, "row", "rows")))
	switch {
	case r.Status != "done":
		say = ui.Say("This run of " + r.Source + " failed and changed nothing")
	case r.Read == 0:
		say = ui.Say("This run of " + r.Source + " found nothing new")
	case r.Rejected > 0:
		say = say.And(" and could not keep ").Link(d.f.Count(r.Rejected), "#rejected")
	default:
		say = say.And(" and kept them all")
	}
	d.v.Layout.Finding = say.And(".")
	view := ui.RunPage{Facts: []ui.Fact{
		{Name: "Started", Value: d.f.Stamp(r.StartedAt)},
		{Name: "Took", Value: took(r)},
		{Name: "Rows read", Value: d.f.Count(r.Read)},
		{Name: "Kept", Value: d.f.Count(r.Kept)},
		{Name: "Rejected", Value: d.f.Count(r.Rejected)},
		{Name: "Records changed", Value: d.f.Count(r.Changed)},
	}}
	if r.Status != "done" {
		view.Facts[3].Value, view.Facts[5].Value = "–", "–" // nothing of it was kept
		view.Problem = &ui.Notice{Text: ui.Say("What the source had is unchanged: " + why(r))}
	}
	view.Files = ui.Section{ID: "files", Finding: ui.Say(d.f.Plural(int64(len(r.Files)), "file", "files") + " read")}
	for _, f := range r.Files {
		view.Lines = append(view.Lines, ui.FileLine{Name: f.File, Read: d.f.Count(f.Read), Kept: d.f.Count(f.Kept), Rejected: d.f.Count(f.Rejected), Bad: f.Rejected > 0})
	}
	return view
}

// rejected fills in one page of rejected rows; a run of 0 is the newest reading
// of each file.
func (d *desk) rejected(ctx context.Context, c *fiber.Ctx, view *ui.RunPage, source string, run int64) error {
	skip, err := offset(c)
	if err != nil {
		return err
	}
	rows, err := warehouse.RejectedRows(ctx, d.v, source, run, rejectedShown+1, skip)
	if err != nil {
		return fmt.Errorf("list rejected rows of %s: %w", source, err)
	}
	view.Rejected = ui.Section{ID: "rejected", Finding: ui.Say("Rejected rows"), Measure: ui.Say("File and line to correct at the source; the next sync reads a corrected file again")}
	if len(rows) == 0 {
		view.None = &ui.State{Kind: "empty", Title: "No rejected rows", Text: "Every row that was read could be kept."}
		return nil
	}
	if run == 0 {
		view.Rejected.Download = sourcePath(source) + "/rejected.csv"
	}
	if skip > 0 {
		view.First = href(c, "after", "") + "#rejected"
	}
	if len(rows) > rejectedShown {
		rows = rows[:rejectedShown]
		view.Next = href(c, "after", strconv.Itoa(skip+rejectedShown)) + "#rejected"
	}
	if err := d.s.viewedRows(c, "rejected rows of "+source, len(rows)); err != nil {
		return err
	}
	for _, r := range rows {
		line := ui.RejectedLine{File: r.File, Field: r.Field, Reason: r.Reason, Row: r.Row}
		if r.Line > 0 {
			line.Line = d.f.Count(int64(r.Line))
		}
		view.Rows = append(view.Rows, line)
	}
	return nil
}

// maxOffset is how far a list can be paged through; beyond it, download it.
const maxOffset = 1_000_000

// offset reads ?after= of lists that are paged by number.
func offset(c *fiber.Ctx) (int, error) {
	text := c.Query("after")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxOffset {
		return 0, badRequest("after", fmt.Errorf("%.20q is no place in the list; take it from a page's link", text))
	}
	return n, nil
}

// fileRejected is the rejected rows of a source as CSV.
func (s *Server) fileRejected(c *fiber.Ctx) error {
	return s.readFile(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		name, err := url.PathUnescape(c.Params("name"))
		if err != nil {
			return warehouse.ErrNotFound
		}
		known, err := s.sources(ctx, snap)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(known, func(x sourceState) bool { return x.name == name }) {
			return warehouse.ErrNotFound
		}
		rows, err := warehouse.RejectedRows(ctx, snap, name, 0, rejectedFile, 0)
		if err != nil {
			return fmt.Errorf("list rejected rows of %s: %w", name, err)
		}
		table := [][]string{{"file", "line", "field", "reason", "row"}}
		for _, r := range rows {
			table = append(table, []string{r.File, strconv.Itoa(r.Line), r.Field, r.Reason, r.Row})
		}
		return sendCSV(c, "rejected "+name, table)
	})
}
