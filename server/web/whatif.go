package web

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// whatIfOpen is the parameter that shows the panel; any setting in the address
// but the model, which every page takes, shows it too.
const whatIfOpen = "whatif"

// whatIfPanel is the id of the panel, which htmx swaps alone.
const whatIfPanel = "what-if"

// whatIf is what an address asks for under other settings than the company's.
type whatIf struct {
	s     *Server
	v     *Visit
	f     ui.Format
	path  string
	given url.Values
	base  attribution.Settings // the stored ledger's, and the company's model
	want  attribution.Settings
	wrong problems
	open  bool
	names namer
}

// readWhatIf reads the settings that an address names.
func (s *Server) readWhatIf(ctx context.Context, c *fiber.Ctx, v *Visit) (*whatIf, error) {
	w := &whatIf{s: s, v: v, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), path: c.Path()}
	var err error
	if w.given, err = url.ParseQuery(string(c.Request().URI().QueryString())); err != nil {
		return nil, badRequest("query", err)
	}
	w.open = w.given.Has(whatIfOpen)
	for name := range w.given {
		w.open = w.open || name != "model" && namesSetting(name)
	}
	if !w.open || v.Generation == 0 {
		w.open = false
		return w, nil
	}
	if w.base, _, err = attribution.BuiltWith(ctx, v); err != nil {
		return nil, err
	}
	inForce, err := attribution.SettingsInForce(ctx, v, s.Config.Attribution)
	if err != nil {
		return nil, err
	}
	w.base.Model = inForce.Settings.Model
	w.want, w.wrong = readSettings(w.base, w.given)
	w.want.Model = v.Model
	if w.names, err = s.namer(ctx, v); err != nil {
		return nil, err
	}
	w.refuseReps()
	return w, nil
}

// refuseReps keeps who may not tell reps apart from doing so by leaving one out.
func (w *whatIf) refuseReps() {
	if w.names.named() || w.wrong[keyExclude] != nil {
		return
	}
	for _, rule := range w.want.Exclude {
		if e, err := attribution.ParseExclusion(rule); err == nil && e.Rep != "" && !slices.Contains(w.base.Exclude, rule) {
			w.wrong[keyExclude] = errors.New("exclude names a rep; your role does not see reps one by one, leave out a channel or campaign instead")
		}
	}
}

// changed reports whether the address asks for other settings than the
// company's.
func (w *whatIf) changed() bool { return len(w.wrong) == 0 && !w.want.Equal(w.base) }

// computes reports whether the stored ledger does not hold the answer: more than
// the model changed.
func (w *whatIf) computes() bool {
	same := w.want
	same.Model = w.base.Model
	return w.changed() && !same.Equal(w.base)
}

// plain is the address that says the same in as few words, when the form sent
// more than it had to; "" when the address is plain.
func (w *whatIf) plain() string {
	if !w.open || len(w.wrong) > 0 {
		return ""
	}
	q := w.address(w.want)
	if maps.EqualFunc(w.given, q, slices.Equal) {
		return ""
	}
	return w.path + "?" + q.Encode()
}

// address is the parameters of this page under the settings s.
func (w *whatIf) address(s attribution.Settings) url.Values {
	q := url.Values{whatIfOpen: {"open"}}
	for name, values := range w.given {
		if !namesSetting(name) && name != whatIfOpen && name != "after" {
			q[name] = values
		}
	}
	same := s
	same.Model = w.base.Model
	maps.Copy(q, settingQuery(w.base, same))
	if w.given.Has("model") {
		q.Set("model", s.Model)
	}
	return q
}

// ask runs do on the ledger of the what-if: the stored one when nothing but the
// model changed. Of the learned models only the chosen one has a ledger.
func (w *whatIf) ask(ctx context.Context, t attribution.Trial, do func(*warehouse.Snapshot) error) error {
	if !w.computes() {
		return do(w.v.Snapshot)
	}
	t.Settings = w.want
	if m, _ := attribution.ModelByID(w.want.Model); m.Learned() {
		t.Models = append(attribution.RuleIDs(), m.ID)
	}
	return attribution.WhatIf(ctx, w.v.Snapshot, t, do)
}

// span is a group's lowest and highest credit over the models that have a ledger:
// in a what-if that is all but the learned models which were not asked for.
func (w *whatIf) span(g attribution.Group) (low, high int64) {
	if !w.computes() {
		return g.Min, g.Max
	}
	low, high = g.Credit, g.Credit
	for i, m := range attribution.Models {
		if !m.Learned() {
			low, high = min(low, g.ByModel[i]), max(high, g.ByModel[i])
		}
	}
	return low, high
}

// panel is the part of the page. answer is asked for when something changed.
func (w *whatIf) panel(ctx context.Context, answer func(context.Context) (*ui.WhatIfResult, error)) (*ui.WhatIf, error) {
	if !w.open {
		q := w.address(attribution.Settings{})
		for name := range q {
			if namesSetting(name) && name != "model" {
				q.Del(name)
			}
		}
		if w.given.Has("model") {
			q.Set("model", w.given.Get("model"))
		}
		return &ui.WhatIf{Open: w.path + "?" + q.Encode()}, nil
	}
	m, _ := attribution.ModelByID(w.want.Model)
	p := &ui.WhatIf{Closed: w.closed(), Action: w.path, Note: m.Title + ": the model is chosen on the page", Fields: w.fields()}
	for _, name := range slices.Sorted(maps.Keys(w.given)) {
		if !namesSetting(name) && name != whatIfOpen || name == "model" {
			for _, value := range w.given[name] {
				p.Keep = append(p.Keep, ui.Param{Name: name, Value: value})
			}
		}
	}
	p.Keep = append(p.Keep, ui.Param{Name: whatIfOpen, Value: "open"})
	if err := w.wrong.first(); err != nil {
		p.Problem = upper(err.Error())
	}
	if !w.changed() {
		if p.Problem != "" {
			p.Reset = w.reset()
		}
		return p, nil
	}
	p.Reset = w.reset()
	for _, d := range w.base.Differences(w.want) {
		p.Changes = append(p.Changes, d.String())
	}
	var err error
	if p.Result, err = answer(ctx); err != nil {
		return nil, err
	}
	return p, w.handOn(ctx, p)
}

// handOn adds what can be done with a what-if: hand it on, propose it, save it.
func (w *whatIf) handOn(ctx context.Context, p *ui.WhatIf) error {
	inForce, err := attribution.SettingsInForce(ctx, w.v, w.s.Config.Attribution)
	if err != nil {
		return err
	}
	host := w.s.Config.BaseURL
	p.Shares = []ui.Share{{ID: "what-if-link", Label: "Link to this what-if", Link: host + w.path + "?" + w.address(w.want).Encode()}}
	change := settingQuery(inForce.Settings, w.want)
	if len(change) == 0 { // it is in force already and waits for the refresh
		return nil
	}
	if !w.v.Reader.Has(auth.Admin) {
		p.Shares = append(p.Shares, ui.Share{ID: "what-if-proposal", Label: "Propose it: an administrator opens this link", Link: host + "/settings?" + change.Encode()})
		return nil
	}
	p.Save = &ui.WhatIfSave{CSRF: w.v.Layout.CSRF, Version: fmt.Sprint(inForce.Version()), Reason: reasonField(settingsForm{}, false)}
	for _, name := range slices.Sorted(maps.Keys(change)) {
		for _, value := range change[name] {
			p.Save.Keep = append(p.Save.Keep, ui.Param{Name: name, Value: value})
		}
	}
	return nil
}

// closed is the address of the page without the panel.
func (w *whatIf) closed() string {
	q := w.address(w.base)
	q.Del(whatIfOpen)
	if w.given.Has("model") {
		q.Set("model", w.given.Get("model"))
	}
	if len(q) == 0 {
		return w.path
	}
	return w.path + "?" + q.Encode()
}

// reset is the address of the panel with the company's settings.
func (w *whatIf) reset() string {
	q := w.address(w.base)
	q.Del("model")
	return w.path + "?" + q.Encode()
}

// fields are the settings but the model. Rules are suggested from what everybody
// may know.
func (w *whatIf) fields() []ui.Field {
	suggest := channelRules()
	for _, kind := range []string{"visit", "click", "form", "registration", "reply", "comment", "reaction", "email", "chat", "call", "meeting"} {
		suggest = append(suggest, ui.Suggestion{Value: "kind=" + kind, Text: "touches of the kind " + kind})
	}
	for _, src := range w.s.Config.Sources {
		suggest = append(suggest, ui.Suggestion{Value: "source=" + src.Name, Text: "what " + src.Name + " alone tells"})
	}
	return settingFields(w.base, w.want, w.given, w.wrong, suggest)[1:]
}

// status is what a page with a what-if answers: that a value cannot be is told on
// the page, and to programs.
func (w *whatIf) status(c *fiber.Ctx) {
	if len(w.wrong) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
}

// alone reports whether htmx asks for the panel and nothing else.
func (w *whatIf) alone(c *fiber.Ctx) bool { return c.Get("HX-Target") == whatIfPanel }

// closes is the period of a trial: by accrual a touch may belong to a deal that
// closed at another time.
func (w *whatIf) closes(basis attribution.Basis) calendar.Period {
	if basis == attribution.Accrual {
		return calendar.Period{}
	}
	return w.v.Period
}

// whatIfShown is how many groups a what-if lists.
const whatIfShown = 12

// moved is one group under the stored settings and under the others.
type moved struct {
	name, channel string
	quiet         bool
	before, after int64
}

func (m moved) change() int64 { return m.after - m.before }

// views compares two views of one dimension, the largest move first; what no
// touch earned comes last.
func (w *whatIf) movedGroups(before, after attribution.View) []moved {
	var out []moved
	place := map[string]int{}
	take := func(v attribution.View, put func(*moved, int64)) {
		for _, g := range v.Groups {
			key := string(g.Kind) + "\x00" + g.ID
			at, ok := place[key]
			if !ok {
				at, place[key] = len(out), len(out)
				out = append(out, w.nameGroup(v.Dimension, g))
			}
			put(&out[at], g.Credit)
		}
	}
	take(before, func(m *moved, credit int64) { m.before = credit })
	take(after, func(m *moved, credit int64) { m.after = credit })
	slices.SortStableFunc(out, func(a, b moved) int {
		if a.quiet != b.quiet {
			return map[bool]int{true: 1, false: -1}[a.quiet]
		}
		return int(sign(distance(b.change()) - distance(a.change())))
	})
	return out
}

func (w *whatIf) nameGroup(by attribution.Dimension, g attribution.Group) moved {
	m := moved{name: g.Name, channel: g.Channel}
	switch {
	case g.Kind != attribution.Named:
		m.name, m.quiet = groupName(string(by), g.Kind), true
		if m.channel = ui.Unattributed; g.Kind == attribution.None {
			m.channel = ""
		}
	case by == attribution.Channel:
		m.channel = g.ID
	case by == attribution.Rep && g.ID != "":
		m.name = w.names.call(g.ID, g.Name)
	}
	return m
}

func distance(v int64) int64 { return max(v, -v) }

// result is the comparison in words and glyphs.
func (w *whatIf) result(head string, rows []moved, total int64, code string) *ui.WhatIfResult {
	r := &ui.WhatIfResult{Head: head, Table: &ui.Table{Caption: "Stored and what if, by " + strings.ToLower(head), Head: []string{head, "Stored", "What if", "Change"}}}
	var changes []float64
	for _, m := range rows {
		changes = append(changes, float64(m.change()))
		r.Table.Rows = append(r.Table.Rows, []string{m.name, w.f.Money(m.before, code), w.f.Money(m.after, code), w.f.Money(m.change(), code)})
	}
	r.Axis = ui.NewAxis(changes, func(v float64) string {
		if v == 0 {
			return "0"
		}
		return w.f.SignedShort(int64(v), code)
	}).Thin(4)
	rest, hidden := int64(0), 0
	for i, m := range rows {
		if i >= whatIfShown && !m.quiet {
			hidden, rest = hidden+1, rest+m.change()
			continue
		}
		row := ui.WhatIfRow{Name: m.name, Channel: m.channel, Quiet: m.quiet, Before: w.f.Whole(m.before, code), After: w.f.Whole(m.after, code), Change: "–"}
		if m.change() != 0 {
			row.Change = w.f.SignedShort(m.change(), code)
			row.Bar = &ui.Delta{Axis: r.Axis, To: float64(m.change()), Kind: "part", Label: m.name + " " + row.Change}
		}
		if total != 0 {
			row.Share = w.f.Points(float64(m.change()) / float64(total))
		}
		r.Rows = append(r.Rows, row)
	}
	if hidden > 0 {
		r.More = fmt.Sprintf("%d more move by %s together; the table has them all.", hidden, w.f.SignedShort(rest, code))
	}
	r.Foot = "Stored: the company’s settings (" + w.base.Model + "). What if: " + w.want.Model + "; " + w.want.Line() + "." + w.fixed()
	return r
}

// fixed is what a what-if of a learned model holds as it is.
func (w *whatIf) fixed() string {
	switch {
	case w.want.Model == "markov":
		return " Removal effects are learned again, from all closed deals."
	case w.want.Model != "incremental":
		return ""
	case w.base.JudgesLike(w.want):
		return " Effects stay as learned at the last refresh; these settings do not touch what they are learned from."
	}
	return " Effects stay as learned at the last refresh. Which mail counts and which touches are left out also changes what they are learned from: a refresh under these settings learns them anew."
}

// arrow is a figure before and after.
func arrow(before, after string) string {
	if before == after {
		return before + ", as stored"
	}
	return before + " → " + after
}
