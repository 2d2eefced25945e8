package web

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/performance"
	"credence/server/export"
	"credence/server/jobs"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// reportQuarters and reportYears are how many periods the page offers.
const (
	reportQuarters = 8
	reportYears    = 2
)

// pageReports lists the periods whose report can be downloaded.
func (s *Server) pageReports(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		view, err := s.reportList(ctx, v)
		if err != nil {
			return err
		}
		v.Layout.Compare = nil
		v.Layout.Crumbs = []ui.Link{{Text: "Reports"}, {Text: s.Config.Company.Name}}
		v.Layout.Finding = ui.Say("One report for each period: revenue, efficiency and credit under the model " + strings.ToLower(modelTitle(v.Model)) + ".")
		v.Layout.Notes = []string{"Figures of two sheets are never added", "The model of a report is the one at the top of this page", "The command line writes the same: credence report --period " + v.Period.Name + " --format xlsx --out FILE"}
		return s.page(c, v, "reports", view)
	})
}

func (s *Server) reportList(ctx context.Context, v *Visit) (ui.Reports, error) {
	f, company := ui.NewFormat(v.Layout.Lang, v.Layout.Zone), s.Config.Calendar()
	newest, year := company.QuarterOf(v.Now), company.YearOf(v.Now)
	if company.Shift(newest, -reportQuarters).To.After(v.Period.To) { // an older company: begin at the period asked for
		newest, year = company.QuarterOf(v.Period.From), company.YearOf(v.Period.From)
	}
	var periods []calendar.Period
	for n := range reportQuarters {
		periods = append(periods, company.Shift(newest, -n))
	}
	last, err := company.Parse(fmt.Sprint(year))
	if err != nil {
		return ui.Reports{}, err
	}
	for n := range reportYears {
		periods = append(periods, company.Shift(last, -n))
	}
	view := ui.Reports{
		Section: ui.Section{ID: "periods", Finding: ui.Say("Two years, by quarter and year"), Measure: ui.Say("Won revenue by close date, " + s.Config.Company.Currency)},
		Parts:   ui.Section{ID: "parts", Finding: ui.Say("What a report holds"), Measure: ui.Say("One sheet each, with the settings it rests on")},
		Sheets: []ui.Fact{
			{Name: "Revenue", Value: "won, quota, pipeline, win rate, cycle"},
			{Name: "Efficiency", Value: "MER with its identity, by channel"},
			{Name: "Credit", Value: "by channel, campaign, content, rep and team, each with its unattributed row"},
			{Name: "Credit by touch date", Value: "by channel and campaign: what the touches of the period have earned by now"},
			{Name: "Coverage", Value: "what no touch explains, and why"},
			{Name: "Settings", Value: "model, window, people, time zone, rates"},
			{Name: "Restatement", Value: "of a closed quarter: as reported, today, and the difference by cause"},
		},
	}
	closings, err := attribution.Closings(ctx, v)
	if err != nil {
		return view, err
	}
	for _, p := range periods {
		ask := performance.NewAsk(v.Reader.ID, company, p, v.Now)
		won, err := performance.Of(ctx, v, "won_revenue", ask)
		if err != nil {
			return view, err
		}
		row := ui.ReportRow{Period: periodWords(p.Name), Days: f.Date(p.From) + " – " + f.Date(p.To.Add(-time.Second)), State: "ended", Won: f.Whole(won.Minor, s.Config.Company.Currency), Deals: f.Count(won.N), Current: p.Name == v.Period.Name}
		s.closedState(&row, f, v, p, closings)
		if won.N == 0 && p.Name != v.Period.Name {
			continue
		}
		for i, format := range []string{"xlsx", "csv", "json"} {
			row.Files = append(row.Files, ui.Button{Text: strings.ToUpper(format), Href: "/reports/" + p.Name + "." + format + "?model=" + v.Model, Primary: i == 0 && row.Current})
		}
		view.Rows = append(view.Rows, row)
	}
	if len(view.Rows) == 0 {
		view.Empty = &ui.State{Kind: "empty", Title: "Nothing to report yet", Text: "No deal was won in these two years. Connect a source of deals, or choose another period at the top."}
	}
	return view, nil
}

// closedState says whether a period runs, has ended or is closed, and leads to
// what can be done about it.
func (s *Server) closedState(row *ui.ReportRow, f ui.Format, v *Visit, p calendar.Period, closings []attribution.Closing) {
	if p.Contains(v.Now) {
		row.State = "running"
	}
	closable := attribution.Closable(s.Config.Calendar(), p, v.Now, v.RefreshedAt) == nil
	for _, c := range closings { // the newest version first
		if c.Period.Name == p.Name {
			row.State = "closed " + f.Date(c.At)
			if c.Version > 1 {
				row.State += fmt.Sprintf(", version %d", c.Version)
			}
			row.Since = ui.Link{Text: "What changed", Href: "/reports/" + p.Name + "/restatement?model=" + v.Model}
			if closable {
				row.Close = ui.Link{Text: "Close again…", Href: "/reports/" + p.Name + "/close"}
			}
			return
		}
	}
	if closable {
		row.Close = ui.Link{Text: "Close…", Href: "/reports/" + p.Name + "/close"}
	}
}

func modelTitle(id string) string {
	m, _ := attribution.ModelByID(id)
	return m.Title
}

// reportFile answers with the report of a period: /reports/2026Q3.xlsx.
func (s *Server) reportFile(c *fiber.Ctx) error {
	file := c.Params("file")
	dot := max(0, strings.LastIndexByte(file, '.')) // a period of days has dots of its own
	name, format := file[:dot], strings.TrimPrefix(file[dot:], ".")
	kind, ok := export.Formats[format]
	if !ok {
		return warehouse.ErrNotFound
	}
	period, err := s.Config.Calendar().Parse(name)
	if err != nil {
		return badRequest("period", err)
	}
	r := s.reader(c)
	var body bytes.Buffer
	err = s.readFile(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		model, rerr := s.model(ctx, c, snap)
		if rerr != nil {
			return rerr
		}
		request := jobs.ReportRequest(s.Config, r.ID, model, period, s.namesReps(r), s.Now())
		if !request.NameReps {
			request.FoldTeams = foldTeams
		}
		report, rerr := export.Build(ctx, snap, request)
		if rerr != nil {
			return fmt.Errorf("report %s: %w", period.Name, rerr)
		}
		c.Locals(rowsLocal, report.Rows())
		return report.Write(&body, format)
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="credence-`+fileName(period.Name)+"."+format+`"`)
	return c.Send(body.Bytes())
}
