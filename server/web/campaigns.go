package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/ui"
)

// pageCampaigns lists what each campaign earned, with its range over the models
// and, to who may see it, its spend. ?format=csv is the table as a file.
func (s *Server) pageCampaigns(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		a := s.newAttributionPage(c, v)
		a.by = attribution.Campaign
		var err error
		if a.ask.Basis, err = basisOf(c); err != nil {
			return err
		}
		if a.names, err = s.namer(ctx, v); err != nil {
			return err
		}
		views, err := attribution.Views(ctx, v, v.Reader.ID, a.ask, attribution.Campaign)
		if err != nil {
			return err
		}
		a.views[attribution.Campaign], a.views[attribution.Channel] = views[0], views[0]
		if a.settings, _, err = attribution.BuiltWith(ctx, v); err != nil {
			return err
		}
		if a.ask.Basis == attribution.Accrual {
			if a.lag, _, err = attribution.MedianLag(ctx, v, v.Reader.ID); err != nil {
				return err
			}
		}
		if v.Reader.SeesSpend() {
			if err = a.askPays(ctx, v); err != nil {
				return err
			}
		}
		if c.Query("format") == "csv" {
			return a.download(c)
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Campaigns"}, {Text: s.Config.Company.Name}, {Text: periodWords(v.Period.Name)}}
		v.Layout.Finding = a.campaignsFinding()
		v.Layout.Notes = a.notes()
		return s.page(c, v, "campaigns", a.campaignsView())
	})
}

// campaignsFinding says which campaign earned most and whether that holds.
func (a *attributionPage) campaignsFinding() ui.Words {
	view, period := a.views[attribution.Campaign], periodTitle(a.v.Period.Name)
	named := namedGroups(view)
	if len(named) == 0 || view.Total == 0 {
		return ui.Say("No campaign earned anything in " + period + ".")
	}
	first := named[0]
	low, high := shareRange(view, first)
	w := ui.Say(first.Name+" leads with ").Link(a.whole(first.Credit), a.rows(attribution.Campaign, first)).And(" in " + period)
	if first.RankMax == 1 {
		return w.And(", first under every model.")
	}
	return w.And(fmt.Sprintf(", %s–%s of the whole across models: not first under all.", a.f.Number(low*100, 0), a.f.Percent(high, 0)))
}

func (a *attributionPage) campaignsView() ui.Campaigns {
	view := ui.Campaigns{Models: modelChoice(a.v.Model, a.here), Basis: a.basisChoice(), Immature: a.immature()}
	if a.views[attribution.Campaign].Deals == 0 {
		view.Empty = &ui.State{
			Kind: "empty", Title: "No deal was won in " + periodWords(a.v.Period.Name),
			Text: "Campaigns earn a part of won deals that they touched. Choose another period at the top.", Action: ui.Link{Text: "Open pipeline by campaign", Href: a.at("/attribution/pipeline", "by", string(attribution.Campaign))},
		}
		return view
	}
	view.Table = a.table(attribution.Campaign, false)
	view.Table.HasMoney = view.Table.HasSpend
	view.Table.Section.Switches = nil
	view.Table.Section.Measure = ui.Say("Credited revenue, " + strings.ToLower(a.views[attribution.Campaign].Model.Title) + " and range; a name opens the campaign, an amount its rows")
	return view
}
