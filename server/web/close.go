package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/performance"
	"credence/server/audit"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// pageClose says what closing a quarter does and asks for it.
func (s *Server) pageClose(c *fiber.Ctx) error {
	return s.showClose(c, closeForm{})
}

// closeForm is what somebody wrote into the form, and why it was refused.
type closeForm struct {
	status  int // of a refusal; 0 shows the page as it is
	note    string
	reason  string // what is wrong with the note
	problem string
}

func (s *Server) showClose(c *fiber.Ctx, form closeForm) error {
	period, err := s.quarter(c)
	if err != nil {
		return err
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		view, err := s.closeView(ctx, v, period, form)
		if err != nil {
			return err
		}
		v.Layout.Period, v.Layout.Compare, v.Layout.Model = nil, nil, nil
		name := periodWords(period.Name)
		v.Layout.Crumbs = []ui.Link{{Text: "Reports", Href: "/reports"}, {Text: name}, {Text: "Close"}}
		v.Layout.Finding = ui.Say("Close " + name + ": its credits are kept as reported, whatever changes later.")
		if len(view.Closings) > 0 {
			v.Layout.Finding = ui.Say("Close " + name + " again: what is kept now becomes as reported, and the version before stays.")
		}
		if form.status != 0 {
			c.Status(form.status)
		}
		return s.page(c, v, "close-period", view)
	})
}

func (s *Server) closeView(ctx context.Context, v *Visit, period calendar.Period, form closeForm) (ui.ClosePeriod, error) {
	f, company := ui.NewFormat(v.Layout.Lang, v.Layout.Zone), s.Config.Calendar()
	all, err := attribution.Closings(ctx, v)
	if err != nil {
		return ui.ClosePeriod{}, err
	}
	var before []attribution.Closing
	for _, c := range all {
		if c.Period.Name == period.Name {
			before = append(before, c)
		}
	}
	view := ui.ClosePeriod{
		Action: "/reports/" + period.Name + "/close", Version: fmt.Sprint(len(before)), Button: "Close " + periodWords(period.Name),
		Before: ui.Section{Finding: ui.Say("Closed before"), Measure: ui.Say("Every version stays; the newest is as reported")}, Closings: closingLines(f, before),
		Reason: ui.Field{Kind: "area", Name: "reason", Label: "Note", Max: fmt.Sprint(attribution.MaxReason), Hint: "Optional; everybody who reads the restatement sees it", Value: form.note, Error: form.reason},
		Does: []string{
			"Every deal of the quarter with its touches and its credits under every model is kept, with the settings of today.",
			"Nothing on other pages changes: they go on showing today's figures. The reports of the quarter show both, and why they differ.",
			"It cannot be undone. The quarter can be closed again, with a reason; both versions stay.",
			"When a person is erased, the kept rows lose the person and keep the money.",
		},
	}
	if len(before) > 0 {
		view.Button += " again"
		view.Reason.Label, view.Reason.Min = "Why again", fmt.Sprint(attribution.MinReason)
		view.Reason.Hint = fmt.Sprintf("%d to %d characters; everybody who reads the restatement sees it", attribution.MinReason, attribution.MaxReason)
	}
	if form.problem != "" {
		view.Problem = &ui.Message{Kind: "bad", Text: ui.Say(form.problem)}
	}
	if why := attribution.Closable(company, period, v.Now, v.RefreshedAt); why != nil || v.Stale {
		view.Blocked = blocked(f, period, v.Stale, why)
		return view, nil
	}
	won, err := performance.Of(ctx, v, "won_revenue", performance.NewAsk(v.Reader.ID, company, period, v.Now))
	if err != nil {
		return view, err
	}
	built, _, err := attribution.BuiltWith(ctx, v)
	if err != nil {
		return view, err
	}
	view.Section = ui.Section{ID: "close", Finding: ui.Say(fmt.Sprintf("%s in %s would be kept", f.Whole(won.Minor, s.Config.Company.Currency), f.Plural(won.N, "deal", "deals"))), Measure: ui.Say(f.Date(period.From) + " – " + f.Date(period.To.Add(-time.Second)) + ", by the figures of " + f.Stamp(v.RefreshedAt))}
	view.Facts = []ui.Fact{
		{Name: "Models", Value: f.Count(int64(len(attribution.Models)))}, {Name: "Settings", Value: built.Line()},
	}
	return view, nil
}

// blocked says why a quarter cannot be closed now.
func blocked(f ui.Format, period calendar.Period, stale bool, why error) *ui.State {
	state := ui.State{Kind: "few", Title: "Not yet", Action: ui.Link{Text: "Back to reports", Href: "/reports"}}
	switch {
	case errors.Is(why, attribution.ErrNoQuarter):
		state.Title, state.Text = "Not a quarter", "Only a quarter of the fiscal year can be closed, not "+periodWords(period.Name)+"."
	case errors.Is(why, attribution.ErrNotEnded):
		state.Text = "The quarter runs until " + f.Date(period.To.Add(-time.Second)) + "; it can be closed when it has ended."
	case errors.Is(why, attribution.ErrNotRefreshed), stale:
		state.Text = "The figures are older than the end of the quarter. Refresh them first: credence refresh."
	}
	return &state
}

// closeQuarter is the button of the page.
func (s *Server) closeQuarter(c *fiber.Ctx) error {
	period, err := s.quarter(c)
	if err != nil {
		return err
	}
	given, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return badRequest("form", err)
	}
	version, err := strconv.ParseInt(given.Get("version"), 10, 64)
	if err != nil {
		return badRequest("version", errors.New("it is no number; load the page again and repeat it"))
	}
	reader, form := s.reader(c), closeForm{note: given.Get("reason")}
	err = s.write(c, func(ctx context.Context, tx *warehouse.Tx) error {
		_, cerr := attribution.Close(ctx, tx, s.Config.Calendar(), version, attribution.Closing{
			Period: period, At: s.Now(), UserID: reader.ID, Name: reader.Name, Email: reader.Email, Reason: form.note,
		})
		if cerr != nil {
			return cerr
		}
		return audit.Record(ctx, tx, s.event(c, audit.CloseQuarter, period.Name, "version", strconv.FormatInt(version+1, 10)))
	})
	switch {
	case err == nil:
		return c.Redirect("/reports/"+period.Name+"/restatement", fiber.StatusSeeOther)
	case errors.Is(err, attribution.ErrOtherClosed):
		form.status, form.problem = fiber.StatusConflict, "Somebody closed "+periodWords(period.Name)+" meanwhile; it was not closed again. What was kept stands at the right."
	case errors.Is(err, attribution.ErrReason):
		form.status, form.reason, form.problem = fiber.StatusBadRequest, upper(attribution.ErrReason.Error()), "It was not closed: the reason is missing or too long."
	case errors.Is(err, attribution.ErrLongNote):
		form.status, form.reason, form.problem = fiber.StatusBadRequest, upper(attribution.ErrLongNote.Error()), "It was not closed: the note is too long."
	case errors.Is(err, attribution.ErrNoQuarter), errors.Is(err, attribution.ErrNotEnded), errors.Is(err, attribution.ErrNotRefreshed):
		form.status = fiber.StatusConflict
	default:
		return err
	}
	return s.showClose(c, form)
}
