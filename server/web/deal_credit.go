package web

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"credence/attribution"
	"credence/ui"
)

// creditLine is a row of the matrix before it is drawn: one touch, or all
// touches of a channel or rep.
type creditLine struct {
	number  int
	channel string
	name    string
	sub     string
	flags   string  // milestones of a touch
	amounts []int64 // by model
}

func (d *dealPage) lines() []creditLine {
	var out []creditLine
	index := map[string]int{}
	for _, t := range d.journey.Eligible {
		if t.Bucket == "withheld" {
			continue
		}
		line := creditLine{number: t.Position, channel: t.Channel, name: t.Channel, sub: touchKind(t) + ", " + d.f.Day(t.OccurredAt), flags: strings.Join(t.Milestone, " ")}
		key := strconv.Itoa(t.Position)
		switch d.group {
		case "channels":
			key, line.number, line.sub, line.flags = t.Channel, 0, "", ""
		case "reps":
			key, line.number, line.sub, line.flags, line.channel = t.RepID, 0, "", "", "Other"
			if line.name = d.names.call(t.RepID, t.Rep); line.name == "" {
				line.name = "No rep"
			}
			if !d.names.named() && t.RepID != "" {
				key = "reps" // a cmo is told what reps earned together, not who
				line.name = "Reps"
			}
		}
		at, ok := index[key]
		if !ok {
			at = len(out)
			index[key] = at
			line.amounts = make([]int64, len(attribution.Models))
			out = append(out, line)
		}
		for i, c := range t.Credits {
			out[at].amounts[i] += c.AmountMinor
		}
		if d.group != "touches" {
			out[at].number++
		}
	}
	if d.group != "touches" {
		for i := range out {
			out[i].sub = d.f.Plural(int64(out[i].number), "touch", "touches")
			out[i].number = 0
		}
		at := d.modelAt()
		slices.SortStableFunc(out, func(a, b creditLine) int { return int(sign(b.amounts[at] - a.amounts[at])) })
	}
	return out
}

func sign(n int64) int64 {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// inThousands says whether amounts are written in thousands; small deals are not.
func (d *dealPage) inThousands() bool { return abs64(*d.journey.AmountMinor) >= 1_000_000 }

func (d *dealPage) cell(minor int64) string {
	if d.inThousands() {
		return d.f.Thousands(minor, d.journey.Currency)
	}
	if minor == 0 {
		return "0"
	}
	text := d.f.Whole(minor, d.journey.Currency)
	return strings.TrimFunc(text, func(r rune) bool { return r != '\u2212' && (r < '0' || r > '9') })
}

func (d *dealPage) matrix() ui.CreditMatrix {
	at, won := d.modelAt(), *d.journey.AmountMinor
	lines := d.lines()
	m := ui.CreditMatrix{Section: d.creditSection(lines)}
	for _, model := range attribution.Models {
		m.Columns = append(m.Columns, ui.MatrixColumn{Text: model.Short, Title: model.Title + ": " + model.Formula, Href: d.here("model", model.ID) + "#credit", Chosen: model.ID == d.model.ID})
		m.Sums = append(m.Sums, d.cell(won))
	}
	values := []float64{0}
	for _, l := range lines {
		for _, a := range l.amounts {
			values = append(values, float64(a))
		}
	}
	axis := ui.Axis{Min: slices.Min(values), Max: slices.Max(values)}
	for _, l := range lines {
		row := ui.MatrixRow{Number: l.number, Channel: l.channel, Name: l.name, Sub: l.sub, Flags: l.flags}
		for i, a := range l.amounts {
			cell := ui.Heat{Text: d.cell(a), Strength: strength(a, won), Chosen: i == at, Quiet: a == 0, Title: d.f.Money(a, d.journey.Currency)}
			if l.number > 0 {
				cell.Href = d.explain(l.number, attribution.Models[i].ID)
				cell.Selected = l.number == d.touch && i == at
			}
			row.Cells = append(row.Cells, cell)
		}
		low, high := slices.Min(l.amounts), slices.Max(l.amounts)
		row.Range = ui.Range{
			Axis: axis, Low: float64(low), High: float64(high), Value: float64(l.amounts[at]), Channel: l.channel,
			Label: fmt.Sprintf("%s under %s, %s to %s over the models", d.f.Money(l.amounts[at], d.journey.Currency), d.model.Title, d.f.Money(low, d.journey.Currency), d.f.Money(high, d.journey.Currency)),
		}
		if d.group == "reps" {
			row.Range.Channel = ""
		}
		m.Rows = append(m.Rows, row)
	}
	m.Rest = d.rest(at)
	m.Split, m.Parts, m.Legend = d.split(at)
	return m
}

// strength shades a cell by its share of the deal; the root keeps small shares
// visible.
func strength(a, won int64) float64 {
	if won == 0 || a == 0 {
		return 0
	}
	return math.Sqrt(math.Abs(float64(a) / float64(won)))
}

// explain is the address that explains a touch under a model.
func (d *dealPage) explain(touch int, model string) string {
	path, query, _ := strings.Cut(d.here("touch", strconv.Itoa(touch)), "?")
	parts := slices.DeleteFunc(strings.Split(query, "&"), func(p string) bool { return strings.HasPrefix(p, "model=") || p == "" })
	return path + "?" + strings.Join(append(parts, "model="+model), "&") + "#why"
}

// rest is what no touch earned, and what opted-out people's touches would have.
func (d *dealPage) rest(at int) []ui.MatrixRow {
	unattributed := ui.MatrixRow{Channel: ui.Unattributed, Name: "Unattributed"}
	withheld := ui.MatrixRow{Channel: ui.Unattributed, Name: "Withheld", Sub: "of people who opted out"}
	held := false
	for i, r := range d.journey.Residues {
		unattributed.Cells = append(unattributed.Cells, ui.Heat{Text: d.cell(r.UnattributedMinor), Chosen: i == at, Quiet: true})
		withheld.Cells = append(withheld.Cells, ui.Heat{Text: d.cell(r.WithheldMinor), Chosen: i == at, Quiet: true})
		held = held || r.WithheldMinor != 0
	}
	if held {
		return []ui.MatrixRow{unattributed, withheld}
	}
	return []ui.MatrixRow{unattributed}
}

func (d *dealPage) creditSection(lines []creditLine) ui.Section {
	unit := d.journey.Currency
	if d.inThousands() {
		unit += " thousand"
	}
	sec := ui.Section{
		ID: "credit", Finding: d.creditFinding(lines),
		Measure: ui.Say("Credit in " + unit + " per " + map[string]string{"touches": "touch", "channels": "channel", "reps": "rep"}[d.group] + " and model; each column sums to the won amount"),
	}
	options := []ui.Option{
		{Text: "Touches", Href: d.here("credit", "") + "#credit", Current: d.group == "touches"},
		{Text: "Channels", Href: d.here("credit", "channels") + "#credit", Current: d.group == "channels"},
		{Text: "Reps", Href: d.here("credit", "reps") + "#credit", Current: d.group == "reps"},
	}
	sec.Switches = []ui.Segments{{Options: options}}
	table := &ui.Table{Caption: "Credit by model, " + d.journey.Currency, Head: []string{"Touch"}}
	for _, m := range attribution.Models {
		table.Head = append(table.Head, m.Title)
	}
	row := func(name string, amounts []int64) {
		cells := []string{name}
		for _, a := range amounts {
			cells = append(cells, d.f.Money(a, d.journey.Currency))
		}
		table.Rows = append(table.Rows, cells)
	}
	for _, l := range lines {
		name := l.name
		if l.number > 0 {
			name = fmt.Sprintf("%d %s, %s", l.number, l.name, l.sub)
		}
		row(name, l.amounts)
	}
	var none, kept, won []int64
	for _, r := range d.journey.Residues {
		none, kept, won = append(none, r.UnattributedMinor), append(kept, r.WithheldMinor), append(won, *d.journey.AmountMinor)
	}
	row("Unattributed", none)
	row("Withheld", kept)
	row("Won amount", won)
	sec.Table = table
	return sec
}

// creditFinding says how far the models agree on the line with most at stake.
func (d *dealPage) creditFinding(lines []creditLine) ui.Words {
	if len(lines) == 0 {
		return ui.Say("Nothing earned: the whole amount is unattributed under every model")
	}
	wide := lines[0]
	for _, l := range lines {
		if slices.Max(l.amounts)-slices.Min(l.amounts) > slices.Max(wide.amounts)-slices.Min(wide.amounts) {
			wide = l
		}
	}
	low, high := slices.Min(wide.amounts), slices.Max(wide.amounts)
	name := wide.name
	if wide.number > 0 {
		name = fmt.Sprintf("touch %d, %s", wide.number, strings.ToLower(strings.SplitN(wide.sub, ",", 2)[0]))
	}
	if low == high {
		return ui.Say("All models give the same: " + d.f.Short(high, d.journey.Currency) + " to " + name)
	}
	return ui.Say(fmt.Sprintf("The models disagree most on %s: %s to %s", name, d.f.Short(low, d.journey.Currency), d.f.Short(high, d.journey.Currency)))
}

// holder is who holds credit: a rep, or marketing without one.
type holder struct {
	id, name string
	amount   int64
	touches  []string
	buckets  []string
}

// holders are the reps with credit under the model at, most first, and
// marketing without a rep last. Who may not name reps gets them as one.
func (d *dealPage) holders(at int) []*holder {
	var list []*holder
	for _, t := range d.journey.Eligible {
		if t.Bucket == "withheld" || len(t.Credits) <= at {
			continue
		}
		id, name := t.RepID, d.names.call(t.RepID, t.Rep)
		if id == "" {
			name = marketing
		} else if !d.names.named() {
			id, name = "reps", "Reps"
		}
		i := slices.IndexFunc(list, func(h *holder) bool { return h.id == id })
		if i < 0 {
			i = len(list)
			list = append(list, &holder{id: id, name: name})
		}
		h := list[i]
		h.amount += t.Credits[at].AmountMinor
		h.touches = append(h.touches, strconv.Itoa(t.Position))
		if t.Bucket != "" && !slices.Contains(h.buckets, t.Bucket) {
			h.buckets = append(h.buckets, t.Bucket)
		}
	}
	slices.SortStableFunc(list, func(a, b *holder) int {
		if (a.id == "") != (b.id == "") {
			return len(b.id) - len(a.id)
		}
		return int(sign(b.amount - a.amount))
	})
	return list
}

// marketing is what holds the credit of touches without a rep.
const marketing = "Marketing, no rep"

// split is who holds how much under the chosen model, by rep.
func (d *dealPage) split(at int) (ui.Section, ui.Whole, []ui.Fact) {
	list := d.holders(at)
	if len(list) == 0 {
		return ui.Section{}, ui.Whole{}, nil
	}
	whole := ui.Whole{Label: "Credit by rep under " + d.model.Title}
	var legend []ui.Fact
	for i, h := range list {
		kind := []string{"ink", "mid", "soft"}[min(i, 2)]
		if h.id == "" && i > 0 {
			kind = "soft"
		}
		amount := d.f.Money(h.amount, d.journey.Currency)
		whole.Parts = append(whole.Parts, ui.Part{Name: h.name, Kind: kind, Value: math.Max(0, float64(h.amount)), Text: amount})
		words := strings.Join(append([]string{h.name}, h.buckets...), ", ") + ", " + plural(int64(len(h.touches)), "touch ", "touches ") + strings.Join(h.touches, " ")
		legend = append(legend, ui.Fact{Name: words, Value: amount})
	}
	if r := d.journey.Residues[at]; r.UnattributedMinor+r.WithheldMinor != 0 {
		rest := r.UnattributedMinor + r.WithheldMinor
		whole.Parts = append(whole.Parts, ui.Part{Name: ui.Unattributed, Kind: ui.Unattributed, Value: math.Abs(float64(rest)), Text: d.f.Money(rest, d.journey.Currency)})
		legend = append(legend, ui.Fact{Name: "Unattributed", Value: d.f.Money(rest, d.journey.Currency)})
	}
	top, held := list[0], int64(len(list[0].touches))
	finding := fmt.Sprintf("%s of the %s touches %s %s: %s under %s", upper(small(held)), small(int64(len(d.journey.Eligible))),
		plural(held, "is", "are"), possessive(top.name), d.f.Money(top.amount, d.journey.Currency), strings.ToLower(d.model.Title))
	return ui.Section{Finding: ui.Say(finding)}, whole, legend
}

func possessive(name string) string {
	switch {
	case name == marketing:
		return "marketing’s"
	case name == "Reps":
		return "the reps’"
	case strings.HasSuffix(name, "s"):
		return name + "’"
	}
	return name + "’s"
}

// why is the arithmetic behind the chosen touch; nil when none is chosen.
func (d *dealPage) why() *ui.WhyAmount {
	if d.touch == 0 {
		return nil
	}
	w, ok := d.journey.Why(d.model.ID, d.touch)
	if !ok {
		return nil
	}
	t, j := d.journey.Eligible[d.touch-1], d.journey
	credit, before := t.Credits[d.modelAt()].AmountMinor, int64(0)
	for _, x := range j.Eligible[:d.touch-1] {
		before += x.Credits[d.modelAt()].AmountMinor
	}
	found := len(j.Eligible) + len(j.Ineligible)
	running := func(weight, exact string) string {
		return fmt.Sprintf("%s × %s / %s = %s, rounded half away from zero", w.Amount, weight, w.Weights[2], exact)
	}
	earlier := ui.WhyLine{Name: "Credit of all touches before it", Value: d.f.Money(before, j.Currency), Note: running(w.Weights[0], w.Before)}
	if d.touch == 1 {
		earlier.Note = "none: it is the first"
	}
	out := &ui.WhyAmount{
		Title: fmt.Sprintf("Why %s for touch %d?", d.f.Money(credit, j.Currency), d.touch),
		Sub:   d.model.Title + "; each line can be checked by hand",
		Lines: []ui.WhyLine{
			{Name: "Won amount", Value: d.f.Money(*j.AmountMinor, j.Currency), Note: d.card.products},
			{Name: "Touches on the path", Value: strconv.Itoa(w.Touches), Note: fmt.Sprintf("%d found, %d earn nothing, each with its reason below", found, len(j.Ineligible))},
			{Name: "Share", Value: fraction(w.WeightE12, w.TotalE12), Note: d.model.Formula, Steps: w.Steps},
			{Name: "Credit up to and with this touch", Value: d.f.Money(before+credit, j.Currency), Note: running(w.Weights[1], w.After)},
			earlier,
			{Name: "Of it rounding", Value: w.Rounding, Note: fmt.Sprintf("%s × %s = %s; sums are rounded, not parts, so that all credits add up to the won amount", w.Amount, w.Share, w.Product)},
		},
		Total: ui.WhyLine{Name: fmt.Sprintf("Credit of touch %d", d.touch), Value: d.f.Money(credit, j.Currency)},
		Grade: t.Evidence, Proof: d.proof(t), Close: d.here("touch", ""),
		Rules: j.Settings.Line(),
	}
	for _, code := range t.Milestone {
		out.Anchor = append(out.Anchor, ui.WhyAnchor{Code: code, Text: d.milestoneWords(code, t)})
	}
	if t.Bucket == "withheld" {
		out.Rules = "The person opted out: this share is paid to nobody. " + out.Rules
	}
	return out
}

// fraction writes a weight as a short fraction when it is one, else as a decimal.
func fraction(weight, total int64) string {
	share := float64(weight) / float64(total)
	r := big.NewRat(weight, total)
	if r.Denom().IsInt64() && r.Denom().Int64() <= 99 {
		if r.IsInt() {
			return r.Num().String()
		}
		return fmt.Sprintf("%s/%s = %.6f", r.Num(), r.Denom(), share)
	}
	return strconv.FormatFloat(share, 'f', 6, 64)
}

// proof says what the grade rests on.
func (d *dealPage) proof(t attribution.JourneyTouch) ui.Words {
	grade := upper(ui.GradeWord(t.Evidence))
	words := " " + d.personName(t) + ": " + strings.ToLower(touchKind(t))
	if t.Title != "" {
		words += ", " + t.Title
	}
	words += ", " + d.f.Stamp(t.OccurredAt) + "."
	if by := d.names.call(t.RepID, t.Rep); by != "" {
		words += " With " + by + "."
	}
	if len(t.Sources) > 0 {
		words += fmt.Sprintf(" Seen by %s, %s.", strings.Join(t.Sources, " and "), d.f.Plural(int64(t.Records), "record", "records"))
	}
	return ui.Words{{Text: grade + ".", Strong: true}}.And(words)
}

func (d *dealPage) milestoneWords(code string, t attribution.JourneyTouch) string {
	switch code {
	case "FT":
		words := "First touch of the account in the window"
		if t.Bucket == "sourced" {
			words += ": sourced"
		}
		if days := int64(d.journey.CreatedAt.Sub(t.OccurredAt).Hours() / 24); days > 0 {
			words += ", " + d.f.Plural(days, "day", "days") + " before the deal was created"
		}
		return words + "."
	case "LC":
		return "Last touch at or before the first of the account’s people became a lead."
	case "OC":
		return "Last touch at or before the deal was created."
	case "CW":
		return "Last touch at or before the close."
	}
	return ""
}
