package web

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

// campaignFacts is a campaign as its sources planned it.
type campaignFacts struct {
	id, name, channel string
	started, ended    sql.Null[time.Time]
	budget            sql.Null[int64]
	currency          string
}

// campaignPost is a post of a campaign.
type campaignPost struct {
	id, title, channel, network, repID, author string
	published                                  sql.Null[time.Time]
}

// pageCampaign is one campaign: what it earned under every model, what it cost,
// the journeys it stands in and its posts.
func (s *Server) pageCampaign(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		p := &campaignPage{attributionPage: s.newAttributionPage(c, v), c: c}
		if err := p.load(ctx); err != nil {
			return err
		}
		if c.Query("format") == "csv" {
			return p.download(c)
		}
		v.Layout.Compare = nil
		v.Layout.Crumbs = []ui.Link{{Text: "Campaigns", Href: hrefAt(c, "/campaigns", "", "")}, {Text: p.facts.name}, {Text: periodWords(v.Period.Name)}}
		v.Layout.Finding = p.finding()
		v.Layout.Notes = p.notes()
		return s.page(c, v, "campaign", p.view())
	})
}

// campaignPage is everything the page of a campaign is made from.
type campaignPage struct {
	*attributionPage
	c        *fiber.Ctx
	facts    campaignFacts
	group    attribution.Group
	journeys []attribution.CampaignJourney
	deals    int
	skip     int
	posts    []campaignPost
	credit   map[string]attribution.Group // by post
}

func (p *campaignPage) load(ctx context.Context) error {
	id, err := url.PathUnescape(p.c.Params("id"))
	if err != nil {
		return warehouse.ErrNotFound
	}
	f := &p.facts
	err = questions.Get("campaign").One(ctx, p.v, []sql.NamedArg{sql.Named("user_id", p.v.Reader.ID), sql.Named("campaign_id", id)}, &f.id, &f.name, &f.channel, &f.started, &f.ended, &f.budget, &f.currency)
	if errors.Is(err, sql.ErrNoRows) {
		return warehouse.ErrNotFound
	}
	if err != nil {
		return err
	}
	if p.ask.Basis, err = basisOf(p.c); err != nil {
		return err
	}
	if p.names, err = p.s.namer(ctx, p.v); err != nil {
		return err
	}
	views, err := attribution.Views(ctx, p.v, p.v.Reader.ID, p.ask, attribution.Campaign, attribution.Post)
	if err != nil {
		return err
	}
	p.by = attribution.Campaign
	p.views[attribution.Campaign], p.views[attribution.Channel] = views[0], views[0]
	p.group = attribution.Group{ID: id, Name: f.name, Channel: f.channel, ByModel: make([]int64, len(attribution.Models))}
	for _, g := range views[0].Groups {
		if g.Kind == attribution.Named && g.ID == id {
			p.group = g
		}
	}
	p.credit = map[string]attribution.Group{}
	for _, g := range views[1].Groups {
		if g.Kind == attribution.Named {
			p.credit[g.ID] = g
		}
	}
	if p.skip, err = skipOf(p.c); err != nil {
		return err
	}
	size := rowsOfPage
	if p.c.Query("format") == "csv" {
		p.skip, size = 0, 0
	}
	if p.journeys, p.deals, err = attribution.CampaignJourneys(ctx, p.v, p.v.Reader.ID, p.v.Model, id, p.v.Period, p.skip, size); err != nil {
		return err
	}
	if p.posts, err = askCampaignPosts(ctx, p.v, p.v.Reader.ID, id); err != nil {
		return err
	}
	if p.settings, _, err = attribution.BuiltWith(ctx, p.v); err != nil {
		return err
	}
	if p.ask.Basis == attribution.Accrual {
		if p.lag, _, err = attribution.MedianLag(ctx, p.v, p.v.Reader.ID); err != nil {
			return err
		}
	}
	if !p.v.Reader.SeesSpend() {
		return nil
	}
	return p.askPays(ctx, p.v)
}

func askCampaignPosts(ctx context.Context, q sqlfile.Querier, userID, id string) ([]campaignPost, error) {
	posts, err := sqlfile.All(ctx, q, questions.Get("campaign_posts"), func(scan func(...any) error) (campaignPost, error) {
		var p campaignPost
		return p, scan(&p.id, &p.title, &p.channel, &p.network, &p.repID, &p.author, &p.published)
	}, sql.Named("user_id", userID), sql.Named("campaign_id", id))
	if err != nil {
		return nil, fmt.Errorf("list posts of a campaign: %w", err)
	}
	return posts, nil
}

func (p *campaignPage) finding() ui.Words {
	period := periodTitle(p.v.Period.Name)
	if p.group.Max == 0 && p.group.Min == 0 {
		return ui.Say(p.facts.name + " earned nothing in " + period + " under any model.")
	}
	w := ui.Say(p.facts.name+" earned ").Link(p.whole(p.group.Credit), p.rows(attribution.Campaign, p.group)).And(" in " + period)
	if p.group.Min == p.group.Max {
		w = w.And(", the same under every model.")
	} else {
		w = w.And(", ").Link(p.span(p.group.Min, p.group.Max), "#models").And(" across models.")
	}
	pays := p.pays["campaign"+p.facts.id]
	switch n := len(attribution.Models); {
	case !p.hasSpend() || !pays.spend:
		return w
	case pays.models == n:
		return w.And(" It earns its spend under every one.")
	case pays.models == 0:
		return w.And(" It earns its spend under none.")
	default:
		return w.And(fmt.Sprintf(" It earns its spend under %d of %d.", pays.models, n))
	}
}

func (p *campaignPage) view() ui.Campaign {
	view := ui.Campaign{Models: modelChoice(p.v.Model, p.here), Basis: p.basisChoice(), Immature: p.immature(), Facts: p.strip()}
	var values []float64
	for _, credit := range p.group.ByModel {
		values = append(values, float64(credit))
	}
	axis := ui.NewAxis(values, func(v float64) string {
		if v == 0 {
			return "0"
		}
		return p.short(int64(v))
	}).Thin(4)
	view.Range = ui.Section{ID: "models", Finding: ui.Say("Credit under each model"), Measure: ui.Say("The chosen one in the channel’s colour; " + p.whatMoney() + ", " + p.code())}
	view.Axis = axis
	for i, m := range attribution.Models {
		kind := "mid"
		if m.ID == p.v.Model {
			kind = cmp.Or(p.facts.channel, "sum")
		}
		view.ByModel = append(view.ByModel, ui.CampaignModel{
			Title: m.Title, Href: p.here("model", m.ID), Chosen: m.ID == p.v.Model, Credit: p.whole(p.group.ByModel[i]),
			Bar: ui.Delta{Axis: axis, To: float64(p.group.ByModel[i]), Kind: kind, Label: m.Title + " " + p.whole(p.group.ByModel[i])},
		})
	}
	p.journeySection(&view)
	p.postSection(&view)
	return view
}

// strip is the campaign in figures: its plan, its spend and what came back.
func (p *campaignPage) strip() []ui.Fact {
	f := p.facts
	day := func(d sql.Null[time.Time]) string {
		if !d.Valid {
			return ui.None
		}
		return ui.NewFormat(p.v.Layout.Lang, time.UTC).Date(d.V)
	}
	facts := []ui.Fact{
		{Name: "Channel", Value: cmp.Or(f.channel, ui.None), Href: p.at("/attribution", "channel", f.channel) + "&by=campaign"},
		{Name: "Ran", Value: day(f.started) + " – " + day(f.ended)},
	}
	if f.channel == "" {
		facts[0].Href = ""
	}
	if p.v.Reader.SeesSpend() {
		budget := ui.None
		if f.budget.Valid {
			budget = p.f.Whole(f.budget.V, f.currency)
		}
		facts = append(facts, ui.Fact{Name: "Budget", Value: budget})
		pays, cac := p.pays["campaign"+f.id], "n/a"
		if pays.cac != nil {
			cac = p.whole(*pays.cac)
		}
		facts = append(facts, ui.Fact{Name: "Spend in the period", Value: p.whole(pays.minor)},
			ui.Fact{Name: fmt.Sprintf("MER, break-even %s", p.f.Number(p.company.BreakEven, 0)), Value: p.ratio(pays.mer)}, ui.Fact{Name: "Cost per won deal", Value: cac})
	}
	facts = append(facts,
		ui.Fact{Name: "Credit", Value: p.whole(p.group.Credit), Href: p.rows(attribution.Campaign, p.group)},
		ui.Fact{Name: "Reach, does not sum", Value: p.whole(p.group.Reach)},
		ui.Fact{Name: "Won deals touched", Value: p.f.Count(int64(p.group.Deals))})
	if p.group.RankMax > 0 {
		place := strconv.Itoa(p.group.RankMin)
		if p.group.RankMax != p.group.RankMin {
			place += "–" + strconv.Itoa(p.group.RankMax)
		}
		facts = append(facts, ui.Fact{Name: "Place over the models", Value: place})
	}
	return facts
}

func (p *campaignPage) journeySection(view *ui.Campaign) {
	view.Journeys = ui.Section{
		ID: "journeys", Finding: ui.Say("It stands in " + p.f.Plural(int64(p.deals), "journey", "journeys")),
		Measure: ui.Say("Deals decided in the period and all open ones; credit is " + strings.ToLower(p.views[attribution.Campaign].Model.Title) + ", by cash"), Download: p.here("format", "csv"),
	}
	for _, j := range p.journeys {
		row := ui.CampaignJourney{
			Deal: cmp.Or(j.Deal, j.DealID), Account: j.Account, Href: p.at("/deals/"+pathSegment(j.DealID), "", ""), Status: j.Status, Stage: j.Stage, Closed: ui.None,
			Place: fmt.Sprintf("%d of %d", j.Position, j.OfTouches), Touches: p.f.Count(int64(j.Touches)), Amount: ui.None, Credit: ui.None,
		}
		if strings.EqualFold(j.Stage, j.Status) {
			row.Stage = ""
		}
		if j.ClosedAt.Valid {
			row.Closed = p.f.Date(j.ClosedAt.Time)
		}
		if j.Minor.Valid {
			row.Amount = p.whole(j.Minor.V)
		}
		if j.Credit.Valid {
			row.Credit = p.f.Money(j.Credit.V, p.code())
		}
		view.Rows = append(view.Rows, row)
	}
	view.Pager = pagerOf(p.c, p.skip, len(p.journeys), p.deals)
}

func (p *campaignPage) postSection(view *ui.Campaign) {
	view.PostHead = ui.Section{ID: "posts", Finding: ui.Say(p.f.Plural(int64(len(p.posts)), "post", "posts") + " in this campaign"), Measure: ui.Say("Credit of the post in the period, in any campaign")}
	for _, post := range p.posts {
		row := ui.CampaignPost{Title: brief(post.title), Channel: post.channel, By: post.network, Published: ui.None, Credit: p.whole(0)}
		switch author := p.names.call(post.repID, post.author); {
		case post.repID != "" && author != "":
			row.By = author + ", " + post.network
		case post.repID == "" && post.author != "":
			row.By = post.author + ", " + post.network
		}
		if post.published.Valid {
			row.Published = p.f.Date(post.published.V)
		}
		if g, ok := p.credit[post.id]; ok {
			row.Credit, row.Rows = p.whole(g.Credit), p.rows(attribution.Post, g)
		}
		view.Posts = append(view.Posts, row)
	}
}

// download is the campaign's journeys as a file.
func (p *campaignPage) download(c *fiber.Ctx) error {
	rows := [][]string{{"deal_id", "deal", "account", "status", "stage", "closed_at", "first_position", "touches", "of_touches", "deal_amount", "credit", "currency", "model", "period"}}
	for _, j := range p.journeys {
		minor := func(v sql.Null[int64]) string {
			if !v.Valid {
				return ""
			}
			return money.Format(v.V, p.code())
		}
		closed := ""
		if j.ClosedAt.Valid {
			closed = j.ClosedAt.Time.UTC().Format(time.RFC3339)
		}
		rows = append(rows, []string{
			j.DealID, j.Deal, j.Account, j.Status, j.Stage, closed, strconv.Itoa(j.Position), strconv.Itoa(j.Touches), strconv.Itoa(j.OfTouches),
			minor(j.Minor), minor(j.Credit), p.code(), p.v.Model, p.v.Period.Name,
		})
	}
	return sendCSV(c, "journeys-of-"+p.facts.id+"-"+p.v.Period.Name+"-"+p.v.Model, rows)
}
