package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/server/audit"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// pageSettings is how the company attributes, who changed it and why, and what
// else the configuration says. A link that names settings proposes them.
func (s *Server) pageSettings(c *fiber.Ctx) error {
	given, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return badRequest("query", err)
	}
	return s.showSettings(c, settingsForm{given: given, proposed: true})
}

// settingsForm is what somebody wrote into the form, or a link proposed.
type settingsForm struct {
	given    url.Values
	proposed bool   // by a link
	back     bool   // to the file's settings
	status   int    // of a refusal; 0 shows the page as it is
	reason   string // what is wrong with the reason
	problem  string // what is wrong with the whole
}

func (s *Server) showSettings(c *fiber.Ctx, form settingsForm) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		view, err := d.settings(ctx, form)
		if err != nil {
			return err
		}
		if form.status != 0 {
			c.Status(form.status)
		}
		return s.page(c, v, "settings", view)
	})
}

// settings fills the page.
func (d *desk) settings(ctx context.Context, form settingsForm) (ui.SettingsPage, error) {
	v, cfg := d.v, d.s.Config
	inForce, err := attribution.SettingsInForce(ctx, v, cfg.Attribution)
	if err != nil {
		return ui.SettingsPage{}, err
	}
	changes, err := attribution.Changes(ctx, v)
	if err != nil {
		return ui.SettingsPage{}, err
	}
	suggest, err := d.suggestRules(ctx)
	if err != nil {
		return ui.SettingsPage{}, err
	}
	shown, wrong := readSettings(inForce.Settings, form.given)
	view := ui.SettingsPage{
		Sync: d.s.syncs.box(d.f, v.Now), Version: fmt.Sprint(inForce.Version()), File: fileWords(cfg.File),
		Fields: settingFields(inForce.Settings, shown, form.given, wrong, suggest),
		Reason: reasonField(form, false),
		Others: ui.Section{ID: "others", Finding: ui.Say("What else the configuration says"), Measure: ui.Say("Read when credence starts; change it there. Secrets are never shown")},
	}
	if form.problem != "" {
		view.Problem = &ui.Message{Kind: "bad", Text: ui.Say(form.problem)}
	}
	if inForce.Saved {
		back := reasonField(form, true)
		view.Back = &back
	}
	if form.proposed {
		for _, diff := range inForce.Settings.Differences(shown) {
			if view.Proposal == nil {
				view.Proposal = &ui.Proposal{Drop: "/settings"}
			}
			view.Proposal.Changes = append(view.Proposal.Changes, diff.String())
		}
	}
	if view.Notice, err = d.settingsNotice(ctx, inForce); err != nil {
		return view, err
	}
	view.Edit = ui.Section{ID: "attribution", Finding: ui.Say("How revenue is attributed"), Measure: ui.Say("Holds for everybody once it is saved and the figures are worked out anew; until then nothing moves")}
	view.Changes = ui.Section{Finding: ui.Say("No change was saved yet"), Measure: ui.Say("Who, when, why, and what from → to")}
	view.None = "The settings are those of " + view.File + "."
	if len(changes) > 0 {
		view.Changes.Finding = ui.Say(upper(d.f.Plural(int64(len(changes)), "change was saved", "changes were saved")))
	}
	for _, change := range changes {
		view.Lines = append(view.Lines, d.changeLine(change))
	}
	for _, key := range cfg.Keys() {
		line := ui.KeyLine{Key: key.Name, Value: key.Value}
		if key.Name == "sources" {
			line.Href = "/sources"
		}
		view.Keys = append(view.Keys, line)
	}
	v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Settings"}}
	v.Layout.Finding = d.settingsFinding(inForce)
	v.Layout.Notes = []string{"In force: " + inForce.Settings.Line(), "A change is kept for good, with its reason", "Figures change with the refresh after it, all at once"}
	return view, nil
}

func fileWords(path string) string {
	if path == "" {
		return "the configuration"
	}
	return filepath.Base(path)
}

func reasonField(form settingsForm, back bool) ui.Field {
	f := ui.Field{
		Kind: "area", Name: "reason", Label: "Why", Min: fmt.Sprint(attribution.MinReason), Max: fmt.Sprint(attribution.MaxReason),
		Hint: fmt.Sprintf("%d to %d characters; everybody who reads the figures sees it", attribution.MinReason, attribution.MaxReason),
	}
	if back {
		f.ID = "f-reason-back"
	}
	if form.back == back {
		f.Value, f.Error = form.given.Get("reason"), form.reason
	}
	return f
}

// settingsFinding says by what the company attributes, and since when.
func (d *desk) settingsFinding(f attribution.InForce) ui.Words {
	m, _ := attribution.ModelByID(f.Settings.Model)
	w := ui.Say(fmt.Sprintf("The company attributes by %s, %d days before %s. ", lowerFirst(m.Title), f.Settings.LookbackDays, attribution.AnchorWords(f.Settings.Anchor)))
	switch {
	case f.Saved:
		return w.And(f.Last.Name+" saved it ").Link(d.when(f.Last.At), "#changes").And(".")
	case f.Last != nil:
		return w.And("As ").And(fileWords(d.s.Config.File)+" says, again since ").Link(d.since(f.Last.At), "#changes").And(".")
	}
	return w.And("So says " + fileWords(d.s.Config.File) + ".")
}

// when is a time today as clock, else its day, with the word before it.
func (d *desk) when(at time.Time) string {
	if d.f.Date(at) == d.f.Date(d.v.Now) {
		return "at " + d.f.Clock(at)
	}
	return "on " + d.f.Date(at)
}

// settingsNotice says what is not plain: that the file was edited and does not
// hold, or that the figures stand on other settings than those in force.
func (d *desk) settingsNotice(ctx context.Context, f attribution.InForce) (*ui.Notice, error) {
	if f.FileEdited {
		file := fileWords(d.s.Config.File)
		return &ui.Notice{Text: ui.Say(fmt.Sprintf("What %s says was edited after %s saved these settings, and does not hold: what was saved does. To follow the file, go back to it below.", file, f.Last.Name))}, nil
	}
	if d.v.Generation == 0 || d.s.syncs.running() {
		return nil, nil //nolint:nilnil // no notice is no fault
	}
	built, at, err := attribution.BuiltWith(ctx, d.v)
	if err != nil || built.Equal(f.Settings) {
		return nil, err
	}
	return &ui.Notice{Text: ui.Say("The figures of "+d.near(at)+" stand on other settings; they change with the next refresh: credence refresh, or ").Link("read a source", "/sources").And(".")}, nil
}

func (d *desk) changeLine(change attribution.Change) ui.ChangeLine {
	line := ui.ChangeLine{When: d.f.Stamp(change.At), Who: change.Name, Email: change.Email, Reason: change.Reason, ToFile: change.ToFile}
	for _, diff := range change.Differences() {
		line.Changes = append(line.Changes, diff.String())
	}
	if len(line.Changes) == 0 {
		line.Changes = []string{"the same settings"}
	}
	return line
}

// saveSettings is the button of the page: it keeps the change and begins to work
// out the figures anew.
func (s *Server) saveSettings(c *fiber.Ctx) error {
	given, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return badRequest("form", err)
	}
	form := settingsForm{given: given, back: given.Get("to_file") == "true"}
	version, err := strconv.ParseInt(given.Get("version"), 10, 64)
	if err != nil {
		return badRequest("version", errors.New("it is no number; load the page again and repeat it"))
	}
	if s.syncs.running() { // it holds the database until it ends
		form.status, form.problem = fiber.StatusConflict, "Nothing was saved: the figures are being worked out just now. Save again when that has ended."
		return s.showSettings(c, form)
	}
	reader := s.reader(c)
	change := attribution.Change{
		At: s.Now(), UserID: reader.ID, Name: reader.Name, Email: reader.Email, Reason: given.Get("reason"), File: s.Config.Attribution, ToFile: form.back,
	}
	var wrong problems
	err = s.write(c, func(ctx context.Context, tx *warehouse.Tx) error {
		inForce, ferr := attribution.SettingsInForce(ctx, tx, s.Config.Attribution)
		if ferr != nil {
			return ferr
		}
		if change.After, wrong = readSettings(inForce.Settings, given); len(wrong) > 0 {
			return wrong.first()
		}
		if _, ferr = attribution.SaveChange(ctx, tx, version, change); ferr != nil {
			return ferr
		}
		return audit.Record(ctx, tx, s.event(c, audit.Setting, "attribution", "change", strconv.FormatInt(version+1, 10)))
	})
	switch {
	case err == nil:
		s.syncs.start(s.jobs(reader), resettling(), reader.Name)
		return c.Redirect("/settings", fiber.StatusSeeOther)
	case errors.Is(err, attribution.ErrOtherSaved):
		form.status, form.problem = fiber.StatusConflict, "Somebody saved other settings meanwhile; yours are not saved. What was saved stands at the right; look at it, and save yours again if they still hold."
	case errors.Is(err, attribution.ErrReason):
		form.status, form.reason, form.problem = fiber.StatusBadRequest, upper(attribution.ErrReason.Error()), "Nothing was saved: the reason is missing or too long."
	case errors.Is(err, attribution.ErrNoChange):
		form.status, form.problem = fiber.StatusBadRequest, "Nothing was saved: "+attribution.ErrNoChange.Error()+"."
	case len(wrong) > 0:
		form.status, form.problem = fiber.StatusBadRequest, "Nothing was saved: "+err.Error()+"."
	default:
		return err
	}
	return s.showSettings(c, form)
}

// suggestRules are exclusion rules over what there is.
func (d *desk) suggestRules(ctx context.Context) ([]ui.Suggestion, error) {
	out := channelRules()
	for _, src := range d.s.Config.Sources {
		out = append(out, ui.Suggestion{Value: "source=" + src.Name, Text: "what " + src.Name + " alone tells"})
	}
	if d.v.Generation == 0 {
		return out, nil
	}
	named, err := sqlfile.All(ctx, d.v, questions.Get("rule_suggestions"), func(scan func(...any) error) (s ui.Suggestion, err error) {
		err = scan(&s.Value, &s.Text)
		return s, err
	})
	return append(out, named...), err
}

// channelRules leave out one channel each.
func channelRules() []ui.Suggestion {
	var out []ui.Suggestion
	for _, channel := range warehouse.Channels {
		out = append(out, ui.Suggestion{Value: "channel=" + channel, Text: "every touch of " + channel})
	}
	return out
}
