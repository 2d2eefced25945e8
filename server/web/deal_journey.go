package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"credence/attribution"
	"credence/ui"
)

// lanesShown is how many people have a lane of their own; the others share one.
const lanesShown = 6

// seenBefore is how far before the look-back window the picture begins: older
// touches stand in the list below only.
const seenBefore = 21 * 24 * time.Hour

// touchKind is what a touch was, in words.
func touchKind(t attribution.JourneyTouch) string {
	inbound := t.Direction == "inbound"
	switch t.Kind {
	case "email":
		if inbound {
			return "Reply"
		}
		return "E-mail sent"
	case "chat":
		if inbound {
			return "Chat message"
		}
		return "Chat sent"
	case "meeting", "call":
		words := upper(t.Kind)
		if minutes := t.DurationS / 60; minutes > 0 {
			words += ", " + strconv.FormatInt(minutes, 10) + " min"
		}
		return words
	case "click":
		if t.PostID != "" {
			return "Post click"
		}
		return "Click"
	case "visit":
		if t.PostID != "" {
			return "Post click"
		}
		return "Visit"
	case "form":
		return "Form answered"
	case "registration":
		return "Registered"
	case "open":
		return "E-mail opened"
	case "post":
		return "Reach of a post"
	case "":
		return "Touch"
	}
	return upper(t.Kind)
}

// touchNoun is what a touch was, as a noun inside a sentence.
func touchNoun(t attribution.JourneyTouch) string {
	kind, _, _ := strings.Cut(strings.ToLower(touchKind(t)), ",")
	switch kind {
	case "e-mail sent":
		return "sent e-mail"
	case "e-mail opened":
		return "opened e-mail"
	case "chat sent":
		return "sent chat message"
	case "form answered":
		return "answered form"
	case "registered":
		return "registration"
	case "reach of a post":
		return "post"
	}
	return kind
}

func (d *dealPage) personName(t attribution.JourneyTouch) string {
	if t.Person == "" {
		return "Person unknown"
	}
	return t.Person
}

func (d *dealPage) journeySection() ui.Section {
	sec := ui.Section{ID: "journey", Finding: d.journeyFinding(), Measure: ui.Say("Numbered = on the path, coloured by channel, letter = evidence grade; crossed = seen, earns nothing")}
	if d.touch > 0 {
		sec.Measure = sec.Measure.And(fmt.Sprintf(". Touch %d selected", d.touch))
	}
	if len(d.journey.Eligible)+len(d.journey.Ineligible) == 0 {
		sec.Measure = nil
		return sec
	}
	table := &ui.Table{Caption: "Journey of the deal", Head: []string{"When", "No.", "Touch", "Channel", "Who", "Grade", "Milestones", "About"}}
	for _, t := range d.journey.Eligible {
		table.Rows = append(table.Rows, []string{
			d.f.Stamp(t.OccurredAt), strconv.Itoa(t.Position), touchKind(t), t.Channel, d.personName(t), t.Evidence, strings.Join(t.Milestone, " "), t.Title,
		})
	}
	for _, t := range d.journey.Ineligible {
		table.Rows = append(table.Rows, []string{d.f.Stamp(t.OccurredAt), "", touchKind(t), t.Channel, d.personName(t), t.Evidence, "", d.journey.Explain(t)})
	}
	sec.Table = table
	return sec
}

// journeyFinding says from what to what the path led and what it was made of.
func (d *dealPage) journeyFinding() ui.Words {
	e := d.journey.Eligible
	if len(e) == 0 {
		return ui.Say("Nothing on the path")
	}
	counts := map[string]int64{}
	var kinds []string
	for _, t := range e {
		kind := touchNoun(t)
		if counts[kind] == 0 {
			kinds = append(kinds, kind)
		}
		counts[kind]++
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return int(counts[b] - counts[a]) })
	var parts []string
	for i, k := range kinds {
		if i == 4 {
			parts = append(parts, "and more")
			break
		}
		n := counts[k]
		name := k
		if n > 1 {
			name = pluralKind(k)
		}
		parts = append(parts, small(n)+" "+name)
	}
	first, last := e[0].OccurredAt, d.journey.ClosedAt
	end := "a signature"
	switch d.journey.Status {
	case "open":
		last, end = d.now, "today"
	case "lost":
		end = "a no"
	}
	when := func(t time.Time) string { return t.In(d.f.Zone()).Format("January") }
	words := "From " + d.touchWords(e[0]) + " in " + when(first) + " to " + end
	if d.journey.Status != "open" {
		words += " in " + when(last)
	}
	return ui.Say(words + ": " + strings.Join(parts, ", "))
}

// pluralKind is several touches of one kind.
func pluralKind(kind string) string {
	switch kind {
	case "reply":
		return "replies"
	case "touch":
		return "touches"
	}
	return kind + "s"
}

func (d *dealPage) timeline() ui.Timeline {
	j := d.journey
	t := ui.Timeline{
		Label: d.journeyFinding().String(), WindowFrom: j.WindowFrom, WindowTo: j.WindowTo, Zone: d.f.Zone(),
		WindowText: fmt.Sprintf("look-back window, %d days before %s", j.Settings.LookbackDays, j.Settings.Anchor),
	}
	t.From, t.To = j.WindowFrom.Add(-seenBefore), j.WindowTo
	if !j.ClosedAt.IsZero() && j.ClosedAt.After(t.To) {
		t.To = j.ClosedAt
	}
	first := t.To
	for _, x := range append(slices.Clone(j.Eligible), j.Ineligible...) {
		if x.OccurredAt.Before(first) {
			first = x.OccurredAt
		}
		if x.OccurredAt.After(t.To) && x.OccurredAt.Before(t.To.Add(seenBefore)) {
			t.To = x.OccurredAt
		}
	}
	if first.After(t.From) {
		t.From = later(j.WindowFrom, t.From)
		if first.Before(j.WindowFrom) {
			t.From = first
		}
	}
	pad := t.To.Sub(t.From) / 40
	t.From, t.To = t.From.Add(-pad), t.To.Add(pad)
	t.Lanes = d.lanes(t.From, t.To)
	t.Anchors = d.anchors()
	for _, st := range d.stages {
		to := d.now
		if st.to.Valid {
			to = st.to.V
		}
		days := int64(to.Sub(st.from).Hours()/24 + .5)
		note := fmt.Sprintf("%d d", days)
		if st.days.Valid {
			note += ", median " + d.f.Number(st.days.V, 0)
		}
		t.Stages = append(t.Stages, ui.StageSpan{Name: st.name, From: st.from, To: to, Note: note})
	}
	return t
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// lanes puts the touches on a lane for each person, those with most credit-worthy
// touches first, the unknown last.
func (d *dealPage) lanes(from, to time.Time) []ui.Lane {
	type person struct {
		key, name, role string
		paid, all       int
		first           time.Time
	}
	people := map[string]*person{}
	var order []string
	add := func(t attribution.JourneyTouch, paid bool) {
		if t.OccurredAt.Before(from) || t.OccurredAt.After(to) {
			return
		}
		p := people[t.PersonID]
		if p == nil {
			p = &person{key: t.PersonID, name: d.personName(t), role: t.PersonRole, first: t.OccurredAt}
			people[t.PersonID] = p
			order = append(order, t.PersonID)
		}
		p.all++
		if paid {
			p.paid++
		}
	}
	for _, t := range d.journey.Eligible {
		add(t, true)
	}
	for _, t := range d.journey.Ineligible {
		add(t, false)
	}
	slices.SortStableFunc(order, func(a, b string) int {
		switch {
		case a == "" || b == "":
			return strings.Compare(b, a)
		case people[a].paid != people[b].paid:
			return people[b].paid - people[a].paid
		}
		return people[b].all - people[a].all
	})
	lane := map[string]int{}
	var lanes []ui.Lane
	for i, key := range order {
		p := people[key]
		switch {
		case key == "":
			lanes = append(lanes, ui.Lane{Name: "Person unknown", Role: "seen at the account", Unknown: true})
			lane[key] = len(lanes) - 1
		case i < lanesShown || len(order) == lanesShown+1:
			lanes = append(lanes, ui.Lane{Name: shorten(p.name, 24), Role: shorten(p.role, 27)})
			lane[key] = len(lanes) - 1
		default:
			if i == lanesShown {
				lanes = append(lanes, ui.Lane{Name: "Others"})
			}
			lane[key] = lanesShown
			lanes[lanesShown].Role = d.f.Plural(int64(i-lanesShown+1), "person", "people")
		}
	}
	for _, t := range d.journey.Eligible {
		if i, ok := lane[t.PersonID]; ok && i < len(lanes) {
			lanes[i].Marks = append(lanes[i].Marks, d.mark(t))
		}
	}
	for _, t := range d.journey.Ineligible {
		if i, ok := lane[t.PersonID]; ok && i < len(lanes) && !t.OccurredAt.Before(from) && !t.OccurredAt.After(to) {
			lanes[i].Marks = append(lanes[i].Marks, d.mark(t))
		}
	}
	return lanes
}

func (d *dealPage) mark(t attribution.JourneyTouch) ui.Mark {
	kind := touchKind(t)
	m := ui.Mark{
		At: t.OccurredAt, Number: t.Position, Channel: t.Channel, Grade: t.Evidence, Title: kind, Under: t.Channel,
		Describe: d.f.Stamp(t.OccurredAt) + ": " + kind + ", " + d.personName(t) + ", " + t.Channel + ", evidence " + t.Evidence,
	}
	if t.Title != "" {
		m.Describe += ", " + t.Title
	}
	if t.Position == 0 {
		m.Under = t.Reason
		m.Describe += "; earns nothing: " + t.Reason
		return m
	}
	m.Selected = t.Position == d.touch
	if d.paid() {
		m.Href = d.here("touch", strconv.Itoa(t.Position)) + "#why"
	}
	return m
}

func (d *dealPage) anchors() []ui.Anchor {
	var out []ui.Anchor
	for _, t := range d.journey.Eligible {
		if slices.Contains(t.Milestone, "FT") {
			out = append(out, ui.Anchor{Code: "FT", Text: "first touch", At: t.OccurredAt})
		}
		if slices.Contains(t.Milestone, "LC") {
			out = append(out, ui.Anchor{Code: "LC", Text: "lead", At: t.OccurredAt})
		}
	}
	if !d.journey.CreatedAt.IsZero() {
		out = append(out, ui.Anchor{Code: "OC", Text: "deal created", At: d.journey.CreatedAt})
	}
	switch {
	case d.journey.Status == "won" && !d.journey.ClosedAt.IsZero():
		out = append(out, ui.Anchor{Code: "CW", Text: "closed won", At: d.journey.ClosedAt, End: true})
	case d.journey.Status == "lost" && !d.journey.ClosedAt.IsZero():
		out = append(out, ui.Anchor{Code: "CL", Text: "closed lost", At: d.journey.ClosedAt, End: true})
	}
	return out
}

// silentShown is how many touches that earn nothing are listed; the table
// behind has them all.
const silentShown = 12

func (d *dealPage) nothingSection() ui.Section {
	n := int64(len(d.journey.Ineligible))
	sec := ui.Section{ID: "nothing", Measure: ui.Say("Shown so that the sum can be checked")}
	if m := int64(len(d.merged())); m > 0 {
		sec.Measure = sec.Measure.And("; " + small(m) + " more " + plural(m, "row of a source was merged", "rows of sources were merged") + " into touches on the path")
	}
	switch n {
	case 0:
		sec.Finding = ui.Say("Every known touch is on the path")
		if len(d.journey.Eligible) == 0 {
			sec.Finding = ui.Say("No other touch was seen either")
		}
		sec.Measure = nil
		return sec
	case 1:
		sec.Finding = ui.Say("One touch earned nothing, for a stated reason")
	default:
		sec.Finding = ui.Say(upper(small(n)) + " touches earned nothing, each for a stated reason")
	}
	table := &ui.Table{Caption: "Touches that earn nothing", Head: []string{"When", "Touch", "Who", "Why it earns nothing", "Grade"}}
	for _, t := range d.journey.Ineligible {
		table.Rows = append(table.Rows, []string{d.f.Date(t.OccurredAt), silentTouch(t), d.personName(t), d.journey.Explain(t), t.Evidence})
	}
	for _, m := range d.merged() {
		table.Rows = append(table.Rows, []string{m.When, m.Touch, m.Who, m.Reason, m.Grade})
	}
	sec.Table = table
	return sec
}

// silent lists the touches that earn nothing, nearest to the path first: those
// of the window before older ones.
func (d *dealPage) silent() (rows []ui.Silent, more int) {
	list := slices.Clone(d.journey.Ineligible)
	if len(list) > silentShown {
		inside := func(t attribution.JourneyTouch) int {
			if t.OccurredAt.Before(d.journey.WindowFrom) {
				return 1
			}
			return 0
		}
		slices.SortStableFunc(list, func(a, b attribution.JourneyTouch) int { return inside(a) - inside(b) })
		more, list = len(list)-silentShown, list[:silentShown]
		slices.SortStableFunc(list, func(a, b attribution.JourneyTouch) int { return a.OccurredAt.Compare(b.OccurredAt) })
	}
	for _, t := range list {
		rows = append(rows, ui.Silent{When: d.f.Date(t.OccurredAt), Touch: silentTouch(t), Who: d.personName(t), Reason: d.journey.Explain(t), Grade: t.Evidence})
	}
	merged := d.merged()
	if shown := max(0, silentShown-len(rows)); len(merged) > shown {
		more, merged = more+len(merged)-shown, merged[:shown]
	}
	return append(rows, merged...), more
}

// merged lists the rows of sources that saw an act on the path besides the row
// its touch speaks by.
func (d *dealPage) merged() (rows []ui.Silent) {
	for _, t := range d.journey.Eligible {
		for _, m := range t.Merged {
			rows = append(rows, ui.Silent{
				When: d.f.Date(m.OccurredAt), Touch: touchKind(attribution.JourneyTouch{Kind: m.Kind, Direction: t.Direction, PostID: t.PostID}) + ", " + m.Source, Who: d.personName(t),
				Reason: fmt.Sprintf("the same act as touch %d, %s: counted once", t.Position, t.SameAct()),
			})
		}
	}
	return rows
}

// milestones says where each milestone stands, or why it is missing.
func (d *dealPage) milestones() (out []ui.WhyAnchor) {
	names := map[string]string{"FT": "First touch", "LC": "Lead creation", "OC": "Deal creation", "CW": "Close"}
	for _, m := range d.journey.Milestones() {
		a := ui.WhyAnchor{Code: m.Code, Text: names[m.Code] + fmt.Sprintf(": touch %d", m.Position)}
		if m.Position == 0 {
			a.Text, a.Missing = names[m.Code]+" is missing: "+m.Missing+". Models that pay it scale the rest to 1", true
		}
		out = append(out, a)
	}
	return out
}

func silentTouch(t attribution.JourneyTouch) string {
	if t.Title != "" {
		return touchKind(t) + ", " + t.Title
	}
	return touchKind(t)
}

func (d *dealPage) modelsSection() ui.Section {
	return ui.Section{ID: "models", Finding: ui.Say("How each model weighs"), Measure: ui.Say("n touches on the path; FT LC OC CW anchors")}
}

func (d *dealPage) weighs() []ui.Weigh {
	var out []ui.Weigh
	for _, m := range attribution.Models {
		out = append(out, ui.Weigh{Name: m.Title, Formula: m.Formula, Anchors: m.Anchors, Href: d.here("model", m.ID), Chosen: m.ID == d.model.ID})
	}
	return out
}

// shorten cuts a name to n letters.
func shorten(text string, n int) string {
	letters := []rune(text)
	if len(letters) <= n {
		return text
	}
	return strings.TrimSpace(string(letters[:n-1])) + "…"
}
