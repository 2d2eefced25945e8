package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
)

// Rows of a check on a page and in a download.
const (
	qualityShown = 100
	qualityFile  = 100_000
)

// pageQuality counts what may be wrong with the data; every count opens to its
// rows.
func (s *Server) pageQuality(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Quality"}}
		var view ui.QualityPage
		if v.Generation == 0 {
			v.Layout.Finding = ui.Say("Nothing to check yet")
			view.Empty = &ui.State{Kind: "empty", Title: "Nothing was read yet", Text: "Checks run over what sources delivered. Connect one and read it, then the counts stand here."}
			if v.Reader.Has(auth.Admin) {
				view.Empty.Action = ui.Link{Text: "Connect a source", Href: "/sources"}
			}
			return s.page(c, v, "quality", view)
		}
		counts, err := warehouse.Quality(ctx, v)
		if err != nil {
			return fmt.Errorf("check the data: %w", err)
		}
		found := d.found(counts)
		view.Lines = found
		for _, q := range counts {
			if q.Rows == 0 {
				view.Clean = append(view.Clean, q.Title)
			}
		}
		view.CleanTitle = d.f.Plural(int64(len(view.Clean)), "check", "checks") + " found nothing"
		v.Layout.Finding = d.quality(counts)
		view.Found = ui.Section{ID: "checks", Finding: ui.Say(d.f.Plural(int64(len(found)), "check", "checks") + " found something"), Measure: ui.Say("Counts open to their rows; checked over the figures of " + d.f.Stamp(v.RefreshedAt))}
		if len(found) == 0 {
			view.Found.Measure = ui.Say("Checked over the figures of " + d.f.Stamp(v.RefreshedAt))
		}
		return s.page(c, v, "quality", view)
	})
}

// quality is the page's finding: how many checks found something, and the
// first of them.
func (d *desk) quality(counts []warehouse.QualityCount) ui.Words {
	found := d.found(counts)
	if len(found) == 0 {
		return ui.Say(fmt.Sprintf("All %d checks found nothing wrong.", len(counts)))
	}
	return ui.Say(fmt.Sprintf("%d of %d checks found something: ", len(found), len(counts))).
		Link(found[0].Rows, found[0].Href).And(" " + lowerFirst(found[0].Title) + ".")
}

func lowerFirst(text string) string {
	return strings.ToLower(text[:1]) + text[1:]
}

func (d *desk) found(counts []warehouse.QualityCount) []ui.CheckLine {
	var out []ui.CheckLine
	for _, q := range counts {
		if q.Rows > 0 {
			out = append(out, ui.CheckLine{Title: q.Title, Href: "/quality/" + q.ID, Rows: d.f.Count(q.Rows), Why: q.Why})
		}
	}
	return out
}

// checks are the first checks that found something, for the sources page.
func (d *desk) checks(ctx context.Context, most int) (ui.Section, []ui.CheckLine, error) {
	head := ui.Section{ID: "checks", Finding: ui.Say("Checks run after the first refresh")}
	if d.v.Generation == 0 {
		return head, nil, nil
	}
	counts, err := warehouse.Quality(ctx, d.v)
	if err != nil {
		return head, nil, fmt.Errorf("check the data: %w", err)
	}
	found := d.found(counts)
	head.Finding = ui.Say("Every check found nothing wrong")
	if len(found) > 0 {
		head.Finding = ui.Say(d.f.Plural(int64(len(found)), "check", "checks") + " found something")
		head.Measure = ui.Say("Counts open to their rows; ").Link("all checks", "/quality")
	}
	return head, found[:min(most, len(found))], nil
}

// pageQualityRows is the rows behind one check.
func (s *Server) pageQualityRows(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		if v.Generation == 0 {
			return warehouse.ErrNotFound
		}
		skip, err := offset(c)
		if err != nil {
			return err
		}
		count, rows, err := warehouse.RowsOfQuality(ctx, v, c.Params("check"), qualityShown+1, skip)
		if err != nil {
			return err
		}
		view := d.rows(v.Reader, count, rows)
		if skip > 0 {
			view.First = href(c, "after", "")
		}
		if len(view.Rows) > qualityShown {
			view.Rows = view.Rows[:qualityShown]
			view.Next = href(c, "after", strconv.Itoa(skip+qualityShown))
		}
		if err = s.viewedRows(c, "quality "+count.ID, len(view.Rows)); err != nil {
			return err
		}
		v.Layout.Finding = ui.Say(fmt.Sprintf("%s: %s.", count.Title, d.f.Count(count.Rows)))
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Quality", Href: "/quality"}, {Text: count.Title}}
		return s.page(c, v, "quality-rows", view)
	})
}

// fileQualityRows is the rows behind one check as CSV.
func (s *Server) fileQualityRows(c *fiber.Ctx) error {
	return s.readFile(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		if snap.Generation == 0 {
			return warehouse.ErrNotFound
		}
		id := c.Params("check")
		_, rows, err := warehouse.RowsOfQuality(ctx, snap, id, qualityFile, 0)
		if err != nil {
			return err
		}
		rows = s.told(s.reader(c), rows)
		return sendCSV(c, "quality "+id, append([][]string{rows.Columns}, rows.Rows...))
	})
}

// rows puts the rows behind a check into the reader's format: money with its
// currency, deals as links for those who may open them.
func (d *desk) rows(r Reader, count warehouse.QualityCount, rows warehouse.QualityRows) ui.QualityRowsPage {
	view := ui.QualityRowsPage{Table: ui.Section{ID: "rows", Finding: ui.Say(d.f.Plural(count.Rows, "row", "rows")), Measure: ui.Say(count.Why), Download: "/quality/" + url.PathEscape(count.ID) + "/rows.csv"}}
	if len(rows.Rows) == 0 {
		view.None = &ui.State{Kind: "empty", Title: "Nothing found", Text: "No row has this fault."}
		view.Table.Download = ""
		return view
	}
	rows = d.s.told(r, rows)
	currency := slices.Index(rows.Columns, "currency")
	for _, name := range rows.Columns {
		view.Heads = append(view.Heads, ui.Column{Text: strings.ReplaceAll(strings.TrimSuffix(name, "_minor"), "_", " "), Num: isNumber(name)})
	}
	opens := r.Has(auth.CMO, auth.Manager, auth.Rep)
	for _, row := range rows.Rows {
		cells := make([]ui.QualityCell, 0, len(row))
		for i, name := range rows.Columns {
			cell := ui.QualityCell{Text: row[i], Num: isNumber(name)}
			switch n, err := strconv.ParseInt(row[i], 10, 64); {
			case row[i] == "":
				cell.Text = "–"
			case err == nil && strings.HasSuffix(name, "_minor") && currency >= 0:
				cell.Text = d.f.Money(n, row[currency])
			case err == nil && cell.Num:
				cell.Text = d.f.Count(n)
			case name == "deal_id" && opens:
				cell.Href = "/deals/" + url.PathEscape(row[i])
			}
			cells = append(cells, cell)
		}
		view.Rows = append(view.Rows, cells)
	}
	return view
}

// isNumber says whether a column holds amounts or counts.
func isNumber(name string) bool {
	return strings.HasSuffix(name, "_minor") || strings.HasSuffix(name, "_seconds") || slices.Contains([]string{"line", "acts", "rows", "touches", "visits", "deals", "contacts"}, name)
}
