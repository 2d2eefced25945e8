package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/money"
)

// Most rows that the page shows; the tables behind it and the report have all.
const (
	restatedGroups = 40
	restatedDeals  = 100
)

// pageRestatement is a closed quarter as reported, as it is today, and why the
// two differ.
func (s *Server) pageRestatement(c *fiber.Ctx) error {
	period, err := s.quarter(c)
	if err != nil {
		return err
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		p := &restatementPage{s: s, v: v, period: period, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone), here: func(name, value string) string { return href(c, name, value) }}
		if err := p.ask(ctx, c); err != nil {
			return err
		}
		if c.Query("format") == "csv" {
			return p.download(c)
		}
		v.Layout.Period, v.Layout.Compare = nil, nil
		v.Layout.Crumbs = []ui.Link{{Text: "Reports", Href: "/reports"}, {Text: periodWords(period.Name)}, {Text: "Restatement"}}
		v.Layout.Finding = p.finding()
		v.Layout.Notes = p.notes()
		return s.page(c, v, "restatement", p.view())
	})
}

// quarter reads the period of a path; what is no period does not exist.
func (s *Server) quarter(c *fiber.Ctx) (calendar.Period, error) {
	p, err := s.Config.Calendar().Parse(c.Params("period"))
	if err != nil {
		return p, warehouse.ErrNotFound
	}
	return p, nil
}

// namesReps says whether reports may name reps to r.
func (s *Server) namesReps(r Reader) bool {
	return r.Root || r.Has(auth.CMO) && s.Config.Privacy.CMOSeesReps
}

type restatementPage struct {
	s      *Server
	v      *Visit
	f      ui.Format
	period calendar.Period
	here   func(name, value string) string

	by       attribution.Dimension
	cause    attribution.Cause // whose deals are listed; empty: all
	deal     string
	closings []attribution.Closing // of the period, the newest first
	attribution.Restatement
	not error // why there is nothing to compare
}

// ask reads the URL and compares.
func (p *restatementPage) ask(ctx context.Context, c *fiber.Ctx) error {
	p.by, p.deal, p.cause = attribution.Dimension(c.Query("by", string(attribution.Channel))), c.Query("deal"), attribution.Cause(c.Query("cause"))
	if !slices.Contains(p.dimensions(), p.by) {
		return badRequest("by", fmt.Errorf("%q is no view of a restatement", c.Query("by")))
	}
	if p.cause != "" && !slices.ContainsFunc(attribution.Causes, func(t attribution.CauseTerm) bool { return t.Cause == p.cause }) {
		return badRequest("cause", fmt.Errorf("%q is no cause", p.cause))
	}
	all, err := attribution.Closings(ctx, p.v)
	if err != nil {
		return err
	}
	version := c.Query("version")
	at := -1
	for _, one := range all {
		if one.Period.Name != p.period.Name {
			continue
		}
		p.closings = append(p.closings, one)
		if at < 0 && (version == "" || version == fmt.Sprint(one.Version)) {
			at = len(p.closings) - 1
		}
	}
	if at < 0 {
		return warehouse.ErrNotFound
	}
	p.Restatement, err = attribution.Restate(ctx, p.v.Snapshot, p.v.Reader.ID, p.v.Model, p.closings[at], p.deal)
	if errors.Is(err, attribution.ErrNotReported) || errors.Is(err, attribution.ErrOtherCurrency) {
		p.not, err = err, nil
	}
	if err == nil && p.deal != "" && len(p.Touches) == 0 {
		return warehouse.ErrNotFound
	}
	return err
}

// dimensions are the views that this reader may see.
func (p *restatementPage) dimensions() []attribution.Dimension {
	if p.s.namesReps(p.v.Reader) {
		return attribution.RestatedDimensions
	}
	return slices.DeleteFunc(slices.Clone(attribution.RestatedDimensions), func(d attribution.Dimension) bool { return d == attribution.Rep })
}

func (p *restatementPage) code() string { return p.Closing.Currency }

func (p *restatementPage) whole(minor int64) string { return p.f.Whole(minor, p.code()) }

// signed is a change with its sign; nothing is a dash.
func (p *restatementPage) signed(minor int64) string { return signed(minor, p.whole) }

func signed(minor int64, text func(int64) string) string {
	switch {
	case minor == 0:
		return ui.None
	case minor > 0:
		return "+" + text(minor)
	}
	return text(minor)
}

// exact is a change to the last minor unit.
func (p *restatementPage) exact(minor int64) string { return p.f.Money(minor, p.code()) }

// moved is the credit that stands elsewhere than reported, over all causes.
func (p *restatementPage) moved() (sum int64) {
	for _, c := range p.Causes {
		sum += c.Moved
	}
	return sum
}

// most is the cause that moved most; its title is empty when none did.
func (p *restatementPage) most() attribution.MovedCause {
	return slices.MaxFunc(append([]attribution.MovedCause{{}}, p.Causes...), func(a, b attribution.MovedCause) int { return int(sign(a.Moved - b.Moved)) })
}

func (p *restatementPage) finding() ui.Words {
	name := periodWords(p.period.Name)
	if p.not != nil {
		return ui.Say(name + " cannot be compared: " + p.not.Error() + ".")
	}
	if len(p.Deals) == 0 {
		return ui.Say(name + " still says what was reported, " + p.whole(p.Total.Then) + ", exactly.")
	}
	w := ui.Say(name + " was reported at " + p.whole(p.Total.Then))
	if p.Total.Now == p.Total.Then {
		w = w.And(" and still is, but ")
	} else {
		w = w.And(" and is " + p.whole(p.Total.Now) + " today; ")
	}
	most, moved := p.most(), p.moved()
	w = w.Link(p.whole(moved), "#deals").And(" of credit moved")
	switch {
	case most.Moved == moved:
		return w.And(", all by " + most.By + ".")
	case most.Moved*2 > moved:
		return w.And(", most of it by " + most.By + ".")
	}
	return w.And(", first of all by " + most.By + ".")
}

func (p *restatementPage) notes() []string {
	c := p.Closing
	notes := []string{
		fmt.Sprintf("Version %d, closed %s by %s", c.Version, p.f.Stamp(c.At), c.Name),
		"Reported with: " + c.Settings.Line(),
	}
	if p.not == nil {
		notes = append(notes, "Under "+p.Model.Title+"; then plus the causes is today, in every row", "Of several causes that apply to a deal, the first listed has it; a changed rule is worked out by itself")
	}
	return notes
}

func (p *restatementPage) view() ui.Restatement {
	view := ui.Restatement{None: "The settings are those of the closing.", Closings: p.versions()}
	view.Rule = ui.Section{ID: "rule", Finding: ui.Say("The settings are the same"), Measure: ui.Say("Settings then and today; every version stays")}
	if p.not != nil {
		view.Empty = &ui.State{Kind: "few", Title: "Nothing to compare", Text: upper(p.not.Error()) + ". Choose another model at the top, or another version below."}
		view.Rule.Finding, view.None = ui.Say("What was closed"), ""
		return view
	}
	if len(p.Change) > 0 {
		view.Rule.Finding = ui.Say(upper(p.f.Plural(int64(len(p.Change)), "setting changed", "settings changed")))
		for _, d := range p.Change {
			view.Changes = append(view.Changes, d.String())
		}
	}
	view.Facts = []ui.Fact{
		{Name: "As reported", Value: p.exact(p.Total.Then)},
		{Name: "Today", Value: p.exact(p.Total.Now)},
		{Name: "Difference", Value: signed(p.Total.Now-p.Total.Then, p.exact)},
		{Name: "Credit moved", Value: p.exact(p.moved())},
		{Name: "Deals with other credits", Value: p.f.Count(int64(len(p.Deals)))},
	}
	if len(p.Deals) == 0 {
		view.Empty = &ui.State{Kind: "empty", Title: "Nothing changed", Text: "Every credit of the quarter is what it was when it was closed. What changes later shows here, by its cause."}
		return view
	}
	p.causes(&view)
	view.Table = p.table()
	view.Deals = p.list()
	if p.deal != "" {
		view.Deal = p.opened()
	}
	return view
}

// versions are all closings of the period; the one compared with has no link.
func (p *restatementPage) versions() []ui.ClosingLine {
	lines := closingLines(p.f, p.closings)
	for i, c := range p.closings {
		if c.ID != p.Closing.ID {
			lines[i].Href = p.here("version", fmt.Sprint(c.Version))
		}
	}
	return lines
}

func closingLines(f ui.Format, closings []attribution.Closing) []ui.ClosingLine {
	lines := make([]ui.ClosingLine, len(closings))
	for i, c := range closings {
		lines[i] = ui.ClosingLine{Version: fmt.Sprintf("Version %d", c.Version), When: f.Stamp(c.At), Who: c.Name, Email: c.Email, Reason: c.Reason}
	}
	return lines
}

// causes is what each cause that applies did.
func (p *restatementPage) causes(view *ui.Restatement) {
	var values []float64
	for _, c := range p.Causes {
		values = append(values, p.major(c.Moved))
	}
	view.Axis = ui.NewAxis(values, p.f.Compact).Thin(3)
	table := &ui.Table{Caption: "Causes, " + p.code(), Head: []string{"Cause", "Credit moved", "Change of the total", "Deals"}}
	for _, c := range p.Causes {
		table.Rows = append(table.Rows, []string{c.Title, p.exact(c.Moved), signed(c.Net, p.exact), p.f.Count(int64(c.Deals))})
		if c.Deals == 0 {
			continue
		}
		view.Causes = append(view.Causes, ui.RestatedCause{
			Name: c.Title, Means: upper(c.Means), Href: p.here("cause", string(c.Cause)) + "#deals", Moved: p.whole(c.Moved), Net: p.signed(c.Net), Deals: p.f.Count(int64(c.Deals)),
			Bar: ui.Delta{Axis: view.Axis, To: p.major(c.Moved), Kind: "part", Label: c.Title + " moved " + p.whole(c.Moved)},
		})
	}
	table.Foot = []string{"All", p.exact(p.moved()), signed(p.Total.Now-p.Total.Then, p.exact), p.f.Count(int64(len(p.Deals)))}
	most := p.most()
	view.Section = ui.Section{
		ID: "causes", Finding: ui.Say(fmt.Sprintf("%s moved %s in %s", most.Title, p.whole(most.Moved), p.f.Plural(int64(most.Deals), "deal", "deals"))),
		Measure: ui.Say("Credit that stands elsewhere than reported, " + p.code() + ", and what that does to the total"), Table: table,
	}
}

func (p *restatementPage) major(minor int64) float64 {
	digits, err := money.Exponent(p.code())
	if err != nil {
		digits = 2
	}
	return float64(minor) / math.Pow10(digits)
}

// shownCauses are the causes that have a column.
func (p *restatementPage) shownCauses() (shown []attribution.MovedCause) {
	for _, c := range p.Causes {
		if c.Deals > 0 {
			shown = append(shown, c)
		}
	}
	return shown
}

// table is one view, then and now, by cause. Groups that stayed stand in one row.
func (p *restatementPage) table() ui.RestatedTable {
	shown := p.shownCauses()
	t := ui.RestatedTable{Head: viewTitles[p.by], Total: ui.RestatedRow{Name: "Won revenue"}}
	exact := &ui.Table{Caption: viewTitles[p.by] + " as reported and today, " + p.code(), Head: []string{viewTitles[p.by], "As reported", "Today", "Change"}}
	for _, c := range shown {
		t.Causes, exact.Head = append(t.Causes, c.Title), append(exact.Head, c.Title)
	}
	var values []float64
	for _, g := range p.Groups[p.by] {
		values = append(values, p.major(g.Now-g.Then))
	}
	t.Axis = ui.NewAxis(values, p.f.Compact).Thin(3)
	line := func(name string, m attribution.Moved) (ui.RestatedRow, []string) {
		row := ui.RestatedRow{Name: name, Then: p.whole(m.Then), Now: p.whole(m.Now), Change: p.signed(m.Now - m.Then)}
		cells := []string{name, p.exact(m.Then), p.exact(m.Now), signed(m.Now-m.Then, p.exact)}
		for _, c := range shown {
			row.By, cells = append(row.By, p.signed(m.By[c.Cause])), append(cells, signed(m.By[c.Cause], p.exact))
		}
		return row, cells
	}
	rest, others := attribution.Moved{By: map[attribution.Cause]int64{}}, 0
	up, down, changed := "", "", 0
	for _, g := range p.Groups[p.by] {
		row, cells := line(p.groupName(g), g.Moved)
		exact.Rows = append(exact.Rows, cells)
		still := g.Now == g.Then && !slices.ContainsFunc(shown, func(c attribution.MovedCause) bool { return g.By[c.Cause] != 0 })
		if still || len(t.Rows) == restatedGroups {
			others++
			rest.Then, rest.Now = rest.Then+g.Then, rest.Now+g.Now
			for c, minor := range g.By {
				rest.By[c] += minor
			}
			continue
		}
		changed++
		if g.Now > g.Then && up == "" {
			up = row.Name + " rose by " + p.whole(g.Now-g.Then)
		}
		if g.Now < g.Then && down == "" {
			down = row.Name + " fell by " + p.whole(g.Then-g.Now)
		}
		row.Channel, row.Quiet = p.channel(g), g.Kind != attribution.Named
		kind := "part"
		if g.Now < g.Then {
			kind = "loss"
		}
		row.Bar = &ui.Delta{Axis: t.Axis, To: p.major(g.Now - g.Then), Kind: kind, Label: row.Name + " " + row.Change}
		t.Rows = append(t.Rows, row)
	}
	if others > 0 {
		row, _ := line(p.f.Plural(int64(others), "other", "others"), rest)
		row.Quiet = true
		t.Rows = append(t.Rows, row)
	}
	var foot []string
	t.Total, foot = line("Won revenue", p.Total)
	exact.Foot = foot
	finding := strings.Join(slices.DeleteFunc([]string{up, down}, func(s string) bool { return s == "" }), ", ")
	if finding == "" {
		finding = "Every " + strings.ToLower(viewTitles[p.by]) + " comes to what was reported"
	}
	t.Section = ui.Section{
		ID: "groups", Finding: ui.Say(finding), Measure: ui.Say("Credit as reported, today, and the change by cause, " + p.code() + "; each row adds up"), Table: exact,
		Download: p.here("format", "csv"), Switches: []ui.Segments{{Label: "By"}},
	}
	for _, d := range p.dimensions() {
		by := string(d)
		if d == attribution.Channel {
			by = ""
		}
		t.Section.Switches[0].Options = append(t.Section.Switches[0].Options, ui.Option{Text: viewTitles[d], Href: p.here("by", by) + "#groups", Current: d == p.by})
	}
	return t
}

func (p *restatementPage) groupName(g attribution.MovedGroup) string {
	if g.Kind != attribution.Named {
		return groupName(string(p.by), g.Kind)
	}
	return g.Name
}

// channel is what a row is coloured by.
func (p *restatementPage) channel(g attribution.MovedGroup) string {
	switch {
	case g.Kind == attribution.Withheld || g.Kind == attribution.Unattributed:
		return ui.Unattributed
	case p.by == attribution.Channel:
		return g.ID
	}
	return ""
}

// list is the deals whose credits changed, of one cause when it is chosen.
func (p *restatementPage) list() ui.RestatedDeals {
	var out ui.RestatedDeals
	table := &ui.Table{Caption: "Deals with other credits, " + p.code(), Head: []string{"Deal", "Account", "Causes", "What changed", "As reported", "Today", "Moved"}}
	n := 0
	for _, d := range p.Deals {
		if p.cause != "" && d.Shifted[p.cause] == 0 {
			continue
		}
		n++
		var moved int64
		for _, minor := range d.Shifted {
			moved += minor
		}
		line := ui.RestatedLine{
			Name: d.Name, Sub: d.Account, Href: p.here("deal", d.DealID) + "#deal", Causes: causeWords(d.Applies), What: p.what(d),
			Then: p.whole(d.Then), Now: p.whole(d.Now), Moved: p.whole(moved), Current: d.DealID == p.deal,
		}
		if line.Name == "" {
			line.Name = d.DealID
		}
		table.Rows = append(table.Rows, []string{line.Name, line.Sub, line.Causes, line.What, p.exact(d.Then), p.exact(d.Now), p.exact(moved)})
		if len(out.Rows) < restatedDeals {
			out.Rows = append(out.Rows, line)
		}
	}
	if n > restatedDeals {
		out.More = fmt.Sprintf("%s more in the table behind this list and in the report.", p.f.Count(int64(n-restatedDeals)))
	}
	seg := ui.Segments{Label: "Cause", Options: []ui.Option{{Text: "All", Href: p.here("cause", "") + "#deals", Current: p.cause == ""}}}
	for _, c := range p.shownCauses() {
		seg.Options = append(seg.Options, ui.Option{Text: c.Title, Note: upper(c.Means), Href: p.here("cause", string(c.Cause)) + "#deals", Current: c.Cause == p.cause})
	}
	out.Section = ui.Section{
		ID: "deals", Finding: ui.Say(upper(p.f.Plural(int64(n), "deal has", "deals have")) + " other credits than reported"),
		Measure: ui.Say("Most moved credit first, " + p.code() + "; a deal opens to its touches then and today"), Switches: []ui.Segments{seg}, Table: table,
	}
	return out
}

func causeWords(causes []attribution.Cause) string {
	var words []string
	for _, c := range causes {
		for _, term := range attribution.Causes {
			if term.Cause == c {
				words = append(words, strings.ToLower(term.Title))
			}
		}
	}
	return upper(strings.Join(words, ", "))
}

// what says in words what became of a deal.
func (p *restatementPage) what(d attribution.MovedDeal) string {
	var parts []string
	say := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	amount := func(minor *int64, currency string) string {
		if minor == nil {
			return "none"
		}
		return p.f.Money(*minor, currency)
	}
	switch {
	case !d.Was:
		say("came into the quarter")
	case !d.Is && d.Status == "":
		say("is gone")
	case !d.Is && d.Status == "won" && !d.NowClosed.IsZero():
		say("closed %s, not %s", p.f.Date(d.NowClosed), p.f.Date(d.ThenClosed))
	case !d.Is:
		say("is %s", d.Status)
	default:
		if was, is := amount(d.ThenAmount, d.ThenCurrency), amount(d.NowAmount, d.NowCurrency); was != is {
			say("amount %s → %s", was, is)
		}
		if !d.ThenClosed.Equal(d.NowClosed) {
			say("closed %s → %s", p.f.Day(d.ThenClosed), p.f.Day(d.NowClosed))
		}
	}
	if d.Was && d.Is {
		for _, n := range []struct {
			count int
			word  string
		}{{d.Came, "came"}, {d.Went, "went"}, {d.Altered, "changed"}} {
			if n.count > 0 {
				say("%s %s", p.f.Plural(int64(n.count), "touch", "touches"), n.word)
			}
		}
	}
	if slices.Contains(d.Applies, attribution.ChangedRate) {
		say("another rate")
	}
	if len(parts) == 0 && slices.Contains(d.Applies, attribution.ChangedRule) {
		say("the same deal, another rule")
	}
	return upper(strings.Join(parts, "; "))
}

// opened is the touches of the deal asked for.
func (p *restatementPage) opened() *ui.RestatedDeal {
	out := &ui.RestatedDeal{Close: p.here("deal", "") + "#deals"}
	name, said := p.deal, "nothing changed"
	var causes []attribution.CauseTerm // that moved credit
	for _, d := range p.Deals {
		if d.DealID != p.deal {
			continue
		}
		said = strings.ToLower(causeWords(d.Applies))
		if d.Name != "" {
			name = d.Name
		}
		for _, term := range attribution.Causes {
			if d.Shifted[term.Cause] > 0 {
				causes, out.Causes = append(causes, term), append(out.Causes, term.Title)
			}
		}
	}
	var sum attribution.MovedTouch
	line := func(t attribution.MovedTouch) ui.RestatedTouch {
		row := ui.RestatedTouch{Then: p.exact(t.Then), Now: p.exact(t.Now), Change: signed(t.Now-t.Then, p.exact)}
		for i := range causes {
			minor := t.Rest
			switch {
			case len(causes) == 1:
				minor += t.Rule
			case i == 0: // a changed rule comes first
				minor = t.Rule
			}
			row.By = append(row.By, signed(minor, p.exact))
		}
		return row
	}
	for _, t := range p.Touches {
		row := line(t)
		row.Channel, row.Name, row.Note = t.Channel, t.Channel, became(t)
		sum.Then, sum.Now, sum.Rule, sum.Rest = sum.Then+t.Then, sum.Now+t.Now, sum.Rule+t.Rule, sum.Rest+t.Rest
		if t.Kind != attribution.Named {
			row.Name, row.Channel = groupName("touch", t.Kind), ui.Unattributed
		} else {
			row.Sub = touchKind(attribution.JourneyTouch{Kind: t.Act, Channel: t.Channel}) + ", " + p.f.Date(t.OccurredAt)
			if t.Campaign != "" {
				row.Sub += ", " + t.Campaign
			}
			row.Position = journeyPlace(t.Was) + " → " + journeyPlace(t.Is)
			if t.Was == t.Is {
				row.Position = journeyPlace(t.Is)
			}
		}
		out.Rows = append(out.Rows, row)
	}
	out.Total = line(sum)
	out.Total.Name = "The deal"
	out.Section = ui.Section{
		ID: "deal", Finding: ui.Say("").Link(name, "/deals/"+pathSegment(p.deal)+"?model="+p.Model.ID).And(", touch by touch: " + said),
		Measure: ui.Say("Credit as reported and today under " + strings.ToLower(p.Model.Title) + ", " + p.code() + "; place in the journey then → today"),
	}
	return out
}

func journeyPlace(n int) string {
	if n == 0 {
		return ui.None
	}
	return fmt.Sprint(n)
}

// became says what happened to a touch.
func became(t attribution.MovedTouch) string {
	var parts []string
	switch {
	case t.Kind != attribution.Named:
	case t.Was == 0 && t.Then == 0:
		parts = append(parts, "not in the journey then")
	case t.Is == 0:
		parts = append(parts, "not in the journey today")
	}
	if t.Erased {
		parts = append(parts, "its person was erased")
	}
	return upper(strings.Join(parts, "; "))
}

// download is the table of groups as a file, with exact amounts.
func (p *restatementPage) download(c *fiber.Ctx) error {
	if p.not != nil {
		return badRequest("model", p.not)
	}
	head := []string{string(p.by), "as_reported", "today"}
	for _, term := range attribution.Causes {
		head = append(head, string(term.Cause))
	}
	rows := [][]string{append(head, "currency")}
	for _, g := range p.Groups[p.by] {
		row := []string{p.groupName(g), money.Format(g.Then, p.code()), money.Format(g.Now, p.code())}
		for _, term := range attribution.Causes {
			row = append(row, money.Format(g.By[term.Cause], p.code()))
		}
		rows = append(rows, append(row, p.code()))
	}
	return sendCSV(c, fmt.Sprintf("restatement-%s-v%d-by-%s-%s", p.period.Name, p.Closing.Version, p.by, p.Model.ID), rows)
}
