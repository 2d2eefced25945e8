package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/audit"
	"credence/server/jobs"
	"credence/server/privacy"
	"credence/ui"
	"credence/warehouse"
)

// pagePrivacy is what is kept about people, and what can be done for one who
// asks.
func (s *Server) pagePrivacy(c *fiber.Ctx) error { return s.showPrivacy(c, privacyForm{}) }

// privacyForm is whom somebody asked for, and what is wrong with it.
type privacyForm struct {
	who     warehouse.Someone
	typed   string
	status  int    // of a refusal; 0 shows the page as it is
	find    string // what is wrong with whom to find
	confirm string // what is wrong with the confirmation
	problem string // what is wrong with the whole
}

func (f privacyForm) asked() bool { return f.who != warehouse.Someone{} }

func (s *Server) showPrivacy(c *fiber.Ctx, form privacyForm) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		view, err := d.privacy(ctx, &form)
		if err != nil {
			return err
		}
		if view.Person != nil {
			if err := s.viewed(c, "privacy", view.Person.ID); err != nil {
				return err
			}
		}
		if form.status != 0 {
			c.Status(form.status)
		}
		c.Set(fiber.HeaderCacheControl, "no-store")
		return s.page(c, v, "privacy", view)
	})
}

// privacy fills the page.
func (d *desk) privacy(ctx context.Context, form *privacyForm) (ui.PrivacyPage, error) {
	v := d.v
	view := ui.PrivacyPage{
		Sync: d.s.syncs.box(d.f, v.Now),
		Find: ui.Section{ID: "person", Finding: ui.Say("Somebody asks about their data"), Measure: ui.Say("Found over every source by address, phone number, handle and record. Who looks is kept in the ").Link("audit log", "/audit").And(".")},
		Who:  ui.Field{Kind: "text", Name: "who", Label: "E-mail address, or id of a person", Value: form.typed, Error: form.find},
		Keep: ui.Section{ID: "kept", Finding: ui.Say("How long what is kept"), Measure: ui.Say("privacy.retention_days of the configuration; looked after at every refresh")},
		Kept: d.kept(),
	}
	if form.problem != "" {
		view.Problem = &ui.Message{Kind: "bad", Text: ui.Say(form.problem)}
	}
	if form.asked() {
		card, err := d.privacyCard(ctx, form)
		if err != nil {
			return view, err
		}
		view.Person, view.Who.Error = card, form.find
	}
	if err := d.optOuts(ctx, &view); err != nil {
		return view, err
	}
	var n warehouse.PrivacyCounts
	if v.Generation > 0 {
		var err error
		if n, err = warehouse.CountPrivacy(ctx, v); err != nil {
			return view, err
		}
	}
	view.Tiles = []ui.Tile{
		{Name: "People by name", Value: d.f.Count(n.People), Define: "Persons whose name may stand on pages, of the figures shown now."},
		{Name: "Without a lawful basis", Value: d.f.Count(n.NoBasis), Define: "Of these, how many have no lawful basis in any record. It is the field lawful_basis of a contact, which the source says."},
		{Name: "Opted out", Value: d.f.Count(n.OptedOut), Define: "In no statistic, export or page; what their acts would earn is withheld, paid to nobody."},
		{Name: "Erased", Value: d.f.Count(n.Erased), Define: "Taken out for good. Their touches keep their credit, without the person."},
	}
	v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Privacy"}}
	v.Layout.Finding = ui.Say(fmt.Sprintf("%s known by name; %s opted out, %s erased.", upper(d.f.Plural(n.People, "person is", "people are")), d.f.Count(n.OptedOut), d.f.Count(n.Erased)))
	v.Layout.Notes = []string{"The words of messages are never stored", "Nobody who was erased comes back with a sync or a backup"}
	return view, nil
}

// privacyCard is the person who was asked for; nil when nobody is known.
func (d *desk) privacyCard(ctx context.Context, form *privacyForm) (*ui.PrivacyCard, error) {
	who, err := warehouse.FindSubject(ctx, d.v, form.who)
	switch {
	case errors.Is(err, warehouse.ErrNotFound):
		form.status, form.find = fiber.StatusNotFound, "Nobody is known by that; nothing is held on them"
		return nil, nil //nolint:nilnil // nobody is no fault
	case errors.Is(err, warehouse.ErrOwn):
		form.status, form.find = fiber.StatusConflict, "That is one of our own people: opt the rep out at the right, or disable the user"
		return nil, nil //nolint:nilnil // as above
	case err != nil:
		return nil, err
	}
	name := who.Name
	if name == "" {
		name = "Somebody without a name in any source"
	}
	state := "may be named"
	if who.OptedOut {
		state = "opted out"
	}
	card := &ui.PrivacyCard{
		Head:  ui.Section{Finding: ui.Say(name), Measure: ui.Say(strings.Join(who.Emails, ", "))},
		Facts: []ui.Fact{{Name: "State", Value: state}, {Name: "Records", Value: d.f.Count(int64(len(who.Records)))}},
		Email: form.who.Email, ID: who.PersonID, Busy: d.s.syncs.running(),
		Undo: who.ByAdmin, CanOut: !who.OptedOut,
		Confirm: ui.Field{Kind: "text", Name: "confirm", Label: "To erase, type " + confirmation(form.who), Error: form.confirm},
	}
	if len(who.Phones) > 0 {
		card.Facts = append(card.Facts, ui.Fact{Name: "Phone", Value: strings.Join(who.Phones, ", ")})
	}
	for _, r := range who.Records {
		line := ui.ConsentLine{Source: r.Source, Record: r.ID, Basis: r.LawfulBasis, State: "no objection"}
		if line.Basis == "" {
			line.Basis = "none told"
		}
		if r.OptedOut {
			line.State = "opted out, says the source"
		}
		card.Records = append(card.Records, line)
	}
	return card, nil
}

// confirmation is what must be typed before somebody is erased.
func confirmation(who warehouse.Someone) string {
	if who.Email != "" {
		return who.Email
	}
	return who.PersonID
}

func (d *desk) optOuts(ctx context.Context, view *ui.PrivacyPage) error {
	list, err := warehouse.OptOuts(ctx, d.v)
	if err != nil {
		return err
	}
	names, err := userNames(ctx, d.v)
	if err != nil {
		return err
	}
	view.Out = ui.Section{ID: "out", Finding: ui.Say("Nobody was opted out here"), Measure: ui.Say("Beside those whose source says so. It holds from the next refresh on")}
	if len(list) > 0 {
		view.Out.Finding = ui.Say(upper(d.f.Plural(int64(len(list)), "opt-out was set here", "opt-outs were set here")))
	}
	out := map[string]bool{}
	for _, o := range list {
		line := ui.OptOutLine{What: "contact", Name: o.ID, When: d.f.Date(o.At), Who: actorName(o.UserID, names), Kind: o.Kind, ID: o.ID}
		if o.Kind == "rep" {
			out[o.ID] = true
			line.What = "rep"
			if o.Name != "" {
				line.Name = o.Name
			}
		}
		view.Outs = append(view.Outs, line)
	}
	if d.v.Generation == 0 {
		return nil
	}
	reps, err := warehouse.Reps(ctx, d.v)
	if err != nil {
		return err
	}
	for _, r := range reps {
		if !out[r[0]] {
			view.Reps = append(view.Reps, ui.Pick{Value: r[0], Text: r[1]})
		}
	}
	return nil
}

// kept is how long each kind of data keeps its person.
func (d *desk) kept() []ui.KeptLine {
	r := d.s.Config.Privacy.RetentionDays
	days := func(n int) string { return d.f.Plural(int64(n), "day", "days") }
	return []ui.KeptLine{
		{What: "Who took part in activities, visits and engagements", Limit: days(r.Activities), Then: "The person is dropped; the touch and its credit stay"},
		{What: "Files left beside the database by imports and exports", Limit: days(r.Exports), Then: "They are deleted"},
		{What: "API tokens that are over", Limit: days(r.Sessions), Then: "They are deleted"},
		{What: "The audit log", Limit: days(r.Audit), Then: "Its old end is cut off; the chain of the rest stays whole"},
		{What: "Rejected rows", Limit: "until their file is read again", Then: "They are replaced"},
		{What: "The words of messages", Limit: "never", Then: "Only when, how long and who is kept"},
	}
}

// doPrivacy is every button of the page.
func (s *Server) doPrivacy(c *fiber.Ctx) error {
	form := privacyForm{who: warehouse.Someone{Email: strings.TrimSpace(c.FormValue("email"))}}
	if form.who.Email == "" {
		form.who.PersonID = strings.TrimSpace(c.FormValue("person"))
	}
	deed := c.FormValue("do")
	if deed != "find" && deed != "export" && s.syncs.running() { // it holds the database until it ends
		form.status, form.problem = fiber.StatusConflict, "Nothing was done: the database is being worked on just now. Try again when that has ended."
		return s.showPrivacy(c, form)
	}
	switch deed {
	case "find":
		form.typed = strings.TrimSpace(c.FormValue("who"))
		form.who = someone(form.typed)
		if !form.asked() {
			form.status, form.find = fiber.StatusBadRequest, "Write an address or an id"
		}
		return s.showPrivacy(c, form)
	case "export":
		return s.fileAccess(c, form.who)
	case "opt-out", "opt-in":
		return s.optOut(c, form.who, deed == "opt-out")
	case "back":
		return s.takeBack(c, c.FormValue("kind"), c.FormValue("id"))
	case "rep-out":
		return s.changeOptOut(c, "rep "+c.FormValue("id"), true, func(ctx context.Context, tx *warehouse.Tx) error {
			return warehouse.OptOutRep(ctx, tx, c.FormValue("id"), true, s.reader(c).ID, s.Now())
		})
	case "erase":
		if strings.TrimSpace(c.FormValue("confirm")) != confirmation(form.who) {
			form.status, form.confirm = fiber.StatusBadRequest, "Nothing was erased: this is not what stands above"
			return s.showPrivacy(c, form)
		}
		return s.startErasure(c, form)
	}
	return badRequest("do", errors.New("there is no such deed; load the page again"))
}

func someone(typed string) warehouse.Someone {
	if strings.Contains(typed, "@") {
		return warehouse.Someone{Email: typed}
	}
	return warehouse.Someone{PersonID: typed}
}

// startErasure begins an erasure in the background; the page tells how it ends.
func (s *Server) startErasure(c *fiber.Ctx, form privacyForm) error {
	err := s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		_, err := warehouse.FindSubject(ctx, snap, form.who)
		return err
	})
	if errors.Is(err, warehouse.ErrNotFound) || errors.Is(err, warehouse.ErrOwn) {
		return s.showPrivacy(c, form) // it says which
	}
	if err != nil {
		return err
	}
	task := task{
		calls: []jobs.Call{{Verb: "erase", Email: form.who.Email, Person: form.who.PersonID}}, doing: "Erasing a person and writing the database anew",
		done: "The person was erased at %s", failed: "The person was not erased: it did not finish at %s",
	}
	if !s.syncs.start(s.jobs(s.reader(c)), task, s.reader(c).Name) {
		form.status, form.problem = fiber.StatusConflict, "Nothing was erased: the database is being worked on just now. Try again when that has ended."
		return s.showPrivacy(c, form)
	}
	return c.Redirect("/privacy", fiber.StatusSeeOther)
}

// optOut opts a person out, or back in.
func (s *Server) optOut(c *fiber.Ctx, who warehouse.Someone, out bool) error {
	return s.changeOptOut(c, "contact", out, func(ctx context.Context, tx *warehouse.Tx) error {
		subject, err := warehouse.FindSubject(ctx, tx, who)
		if err != nil {
			return err
		}
		return warehouse.OptOut(ctx, tx, subject, out, s.reader(c).ID, s.Now())
	})
}

func (s *Server) takeBack(c *fiber.Ctx, kind, id string) error {
	object := kind
	if kind == "rep" {
		object += " " + id
	}
	return s.changeOptOut(c, object, false, func(ctx context.Context, tx *warehouse.Tx) error {
		return warehouse.TakeBack(ctx, tx, kind, id)
	})
}

// changeOptOut keeps an opt-out with its line in the audit log and begins to
// work out every figure with it.
func (s *Server) changeOptOut(c *fiber.Ctx, object string, out bool, change func(context.Context, *warehouse.Tx) error) error {
	state := "out"
	if !out {
		state = "back in"
	}
	err := s.write(c, func(ctx context.Context, tx *warehouse.Tx) error {
		if err := change(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.event(c, jobs.ActionOptOut, object, "state", state))
	})
	if err != nil {
		return err
	}
	s.syncs.start(s.jobs(s.reader(c)), task{
		calls: []jobs.Call{{Verb: "refresh"}}, waits: true, doing: "Working out every figure with the opt-out",
		done: "The opt-out holds in every figure since %s", failed: "The opt-out is kept but not yet in the figures: working them out did not finish at %s",
	}, s.reader(c).Name)
	return c.Redirect("/privacy", fiber.StatusSeeOther)
}

// fileAccess is everything that is held on a person, as a zip.
func (s *Server) fileAccess(c *fiber.Ctx, who warehouse.Someone) error {
	return s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		subject, err := warehouse.AccessReport(ctx, snap, who)
		if err != nil {
			return err
		}
		if err := s.viewed(c, "privacy", subject.PersonID); err != nil {
			return err
		}
		rows := 0
		for _, t := range subject.Tables {
			rows += len(t.Rows)
		}
		var body bytes.Buffer
		if err := privacy.WriteAccess(&body, subject, s.Config.Company.Name, s.Now()); err != nil {
			return err
		}
		c.Locals(rowsLocal, rows)
		c.Set(fiber.HeaderContentType, "application/zip")
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="held.zip"`)
		return c.Send(body.Bytes())
	})
}
