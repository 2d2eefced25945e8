package web

import (
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
	"credence/warehouse/sqlfile"
)

// pageDeal is the page of one deal: its journey, who earned what under each
// model, and why exactly that amount.
func (s *Server) pageDeal(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		id, err := url.PathUnescape(c.Params("id"))
		if err != nil {
			return warehouse.ErrNotFound
		}
		d, err := s.askDeal(ctx, v, id)
		if err != nil {
			return err
		}
		w, err := s.readWhatIf(ctx, c, v)
		if err != nil {
			return err
		}
		if to := w.plain(); to != "" {
			return c.Redirect(to, fiber.StatusSeeOther)
		}
		panel, err := w.ofDeal(ctx, d.journey)
		if err != nil {
			return err
		}
		w.status(c)
		if w.alone(c) {
			return s.part(c, v, "deal", "what-if-part", panel)
		}
		if err = s.viewed(c, "deal "+id, peopleOf(d.journey)...); err != nil {
			return err
		}
		d.here = func(name, value string) string { return href(c, name, value) }
		if d.touch, err = chosenTouch(c.Query("touch"), len(d.journey.Eligible)); err != nil {
			return err
		}
		switch d.group = c.Query("credit", "touches"); d.group {
		case "touches", "channels", "reps":
		default:
			return badRequest("credit", fmt.Errorf("%q is no way to group credit; write touches, channels or reps", d.group))
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Deals", Href: "/deals" + kept(c)}, {Text: d.journey.Account}, {Text: d.card.name}}
		v.Layout.Badge = strings.ToUpper(d.journey.Status[:1]) + d.journey.Status[1:]
		v.Layout.Finding = d.finding()
		v.Layout.Notes = d.notes()
		view := d.view()
		view.WhatIf = panel
		return s.page(c, v, "deal", view)
	})
}

// chosenTouch is the position in ?touch=, 0 for none.
func chosenTouch(text string, touches int) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > touches {
		return 0, badRequest("touch", fmt.Errorf("%q is no touch of this deal; they are numbered from 1 to %d", text, touches))
	}
	return n, nil
}

// dealPage is everything the page of a deal is made from.
type dealPage struct {
	journey attribution.DealJourney
	card    dealCard
	stages  []dealStage
	consent map[string]lawfulBasis // by person
	model   attribution.Model
	touch   int    // position whose amount is explained; 0 for none
	group   string // touches, channels or reps
	names   namer
	f       ui.Format
	now     time.Time
	here    func(name, value string) string // this address with one parameter changed
}

// dealCard is what stands in the strip below the title.
type dealCard struct {
	name, ownerID, owner, teamID, team, stage, status, kind, source, products, lost string
	people                                                                          int64
	created, closed, expected                                                       sql.Null[time.Time]
}

type dealStage struct {
	name string
	from time.Time
	to   sql.Null[time.Time]
	days sql.Null[float64] // median of won deals
}

func (s *Server) askDeal(ctx context.Context, v *Visit, id string) (*dealPage, error) {
	d := &dealPage{f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), now: v.Now}
	var err error
	if d.journey, err = attribution.Journey(ctx, v, v.Reader.ID, id); err != nil {
		return nil, err
	}
	d.journey.Zone = d.f.Zone()
	args := []sql.NamedArg{sql.Named("user_id", v.Reader.ID), sql.Named("deal_id", id)}
	k := &d.card
	err = questions.Get("deal_card").One(ctx, v, args, &k.name, &k.ownerID, &k.owner, &k.teamID, &k.team, &k.stage, &k.status, &k.kind,
		&k.source, &k.products, &k.people, &k.created, &k.closed, &k.expected, &k.lost)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, warehouse.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read deal %s: %w", id, err)
	}
	if d.consent, err = dealConsent(ctx, v, id); err != nil {
		return nil, err
	}
	d.stages, err = sqlfile.All(ctx, v, questions.Get("deal_stages"), func(scan func(...any) error) (dealStage, error) {
		var st dealStage
		return st, scan(&st.name, &st.from, &st.to, &st.days)
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read stages of deal %s: %w", id, err)
	}
	if d.names, err = s.namer(ctx, v); err != nil {
		return nil, err
	}
	hidden, err := s.hiddenTeams(ctx, v, d.names)
	if err != nil {
		return nil, err
	}
	if hidden.alone[k.teamID] {
		k.teamID, k.team = "", ""
	}
	d.model, _ = attribution.ModelByID(v.Model)
	return d, nil
}

// paid reports whether the deal has a ledger: won, with an amount.
func (d *dealPage) paid() bool {
	return d.journey.Status == "won" && d.journey.AmountMinor != nil && len(d.journey.Residues) > 0
}

func (d *dealPage) modelAt() int {
	for i, m := range attribution.Models {
		if m.ID == d.model.ID {
			return i
		}
	}
	return 0
}

// days is how long the deal took, or has been open.
func (d *dealPage) days() int64 {
	end := d.journey.ClosedAt
	if end.IsZero() {
		end = d.now
	}
	if d.journey.CreatedAt.IsZero() || end.Before(d.journey.CreatedAt) {
		return 0
	}
	return int64(end.Sub(d.journey.CreatedAt).Hours() / 24)
}

func (d *dealPage) amount() string {
	if d.journey.AmountMinor == nil {
		return ""
	}
	return d.f.Whole(*d.journey.AmountMinor, d.journey.Currency)
}

// finding says what happened in one or two sentences with at most three numbers.
func (d *dealPage) finding() ui.Words {
	j, n := d.journey, int64(len(d.journey.Eligible))
	who := j.Account
	if who == "" {
		who = d.card.name
	}
	after := " after " + d.f.Plural(d.days(), "day", "days")
	var w ui.Words
	switch j.Status {
	case "won":
		w = ui.Say(who + " signed")
		if a := d.amount(); a != "" {
			w = w.And(" for ").Link(a, "#credit")
		}
		w = w.And(after + ". ")
	case "lost":
		w = ui.Say(who + " was lost" + after)
		if d.card.lost != "" {
			w = w.And(": " + strings.ToLower(d.card.lost[:1]) + d.card.lost[1:])
		}
		w = w.And(". ")
	default:
		w = ui.Say(who + " has been open for " + d.f.Plural(d.days(), "day", "days"))
		if a := d.amount(); a != "" {
			w = w.And(", worth ").Link(a, "#facts")
		}
		w = w.And(". ")
	}
	switch {
	case n == 0 && d.paid():
		w = w.And("No touch earned it, so all of it is unattributed.")
	case n == 0:
		w = w.And("No touch on it counts so far.")
	case d.paid() && n == 1:
		w = w.Link("One touch", "#journey").And(" has all the credit: " + d.touchWords(j.Eligible[0]) + ".")
	case d.paid():
		w = w.Link(upper(small(n))+"\u00a0touches", "#journey").And(" share the credit; " + d.firstWords() + ".")
	default:
		w = w.Link(upper(small(n))+plural(n, "\u00a0touch counts", "\u00a0touches count"), "#journey").And(" so far; " + d.firstWords() + ".")
	}
	return w
}

// firstWords says which touch came first and how long before the deal.
func (d *dealPage) firstWords() string {
	t := d.journey.Eligible[0]
	words := d.touchWords(t) + " came first"
	if days := int64(d.journey.CreatedAt.Sub(t.OccurredAt).Hours() / 24); days > 0 {
		words += ", " + d.f.Plural(days, "day", "days") + " before the deal"
	}
	return words
}

// touchWords is a touch in the middle of a sentence: a post click, a meeting.
func (d *dealPage) touchWords(t attribution.JourneyTouch) string {
	noun := touchNoun(t)
	words := "a " + noun
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		words = "an " + noun
	}
	by := d.names.call(t.RepID, t.Rep)
	switch {
	case t.PostID != "" && by != "" && noun == "post click":
		return "a click on a post by " + by
	case t.Campaign != "":
		return words + " through " + t.Campaign
	}
	return words
}

func (d *dealPage) notes() []string {
	return []string{d.model.Title + ": " + d.model.Formula, d.journey.Settings.Line(), "D is shown and never paid", "Times in " + d.f.Zone().String()}
}

func (d *dealPage) facts() []ui.Fact {
	k := d.card
	day := func(t sql.Null[time.Time]) string {
		if !t.Valid {
			return ui.None
		}
		return t.V.Format("2 Jan 2006")
	}
	amount := ui.None
	if d.journey.AmountMinor != nil {
		amount = d.f.Money(*d.journey.AmountMinor, d.journey.Currency)
	}
	owner := d.names.call(k.ownerID, k.owner)
	if owner == "" {
		owner = "nobody"
	}
	if k.team != "" {
		owner += ", " + k.team
	}
	facts := []ui.Fact{{Name: "Amount", Value: amount}}
	if k.products != "" {
		facts = append(facts, ui.Fact{Name: "Product", Value: k.products})
	}
	facts = append(facts, ui.Fact{Name: "Owner", Value: owner}, ui.Fact{Name: "Created", Value: day(k.created)})
	if d.journey.Status == "open" {
		facts = append(facts, ui.Fact{Name: "Expected close", Value: day(k.expected)}, ui.Fact{Name: "Stage", Value: k.stage}, ui.Fact{Name: "Open for", Value: d.f.Plural(d.days(), "day", "days")})
	} else {
		facts = append(facts, ui.Fact{Name: "Closed", Value: day(k.closed)}, ui.Fact{Name: "Cycle", Value: d.f.Plural(d.days(), "day", "days")})
	}
	people := d.f.Count(k.people) + " on the deal"
	return append(facts, ui.Fact{Name: "People", Value: people}, ui.Fact{Name: "Source", Value: k.source})
}

func (d *dealPage) view() ui.Deal {
	view := ui.Deal{Facts: d.facts(), Journey: d.journeySection(), Nothing: d.nothingSection(), Models: d.modelsSection(), Weighs: d.weighs()}
	if len(d.journey.Eligible)+len(d.journey.Ineligible) == 0 {
		view.Missing = &ui.State{
			Kind: "empty", Title: "No touch is known",
			Text: "Nobody of this account was seen in mail, chat, meetings, posts or on the site. Quality lists accounts without contacts.",
		}
	} else {
		view.Timeline = d.timeline()
		view.Milestones = d.milestones()
		if people := d.people(); len(people) > 0 {
			view.Known = d.peopleSection(people)
			view.People = people[:min(len(people), peopleShown)]
			view.MorePeople = len(people) - len(view.People)
		}
	}
	if d.paid() {
		matrix := d.matrix()
		view.Matrix = &matrix
		view.Why = d.why()
	} else {
		view.Open = d.unpaid()
	}
	view.Silent, view.More = d.silent()
	return view
}

// unpaid says why there is no credit.
func (d *dealPage) unpaid() *ui.State {
	switch d.journey.Status {
	case "won":
		return &ui.State{Kind: "few", Title: "Won without an amount", Text: "The deal has no amount, so there is nothing to share. It is counted beside the totals and listed under Quality."}
	case "lost":
		return &ui.State{Kind: "few", Title: "Lost deals earn no credit", Text: "The journey is shown; credit is shared among the touches of won deals only."}
	}
	return &ui.State{Kind: "few", Title: "Not decided yet", Text: "Credit is shared when the deal is won. Until then the numbers on the touches are their places on the path so far."}
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
