package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/attribution/incremental"
	sampledata "credence/sample-data"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// judgedBy is the process whose figures stand in the list of models: the one the
// sample company lives by unless told otherwise.
const judgedBy = "hazard"

// pageModels lists every model with its formula, anchors and measured accuracy.
func (s *Server) pageModels(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		v.Layout.Compare, v.Layout.Period = nil, nil
		v.Layout.Crumbs = []ui.Link{{Text: "Attribution", Href: "/attribution"}, {Text: "Models"}}
		inForce, err := attribution.SettingsInForce(ctx, v, s.Config.Attribution)
		if err != nil {
			return fmt.Errorf("read settings: %w", err)
		}
		f := ui.NewFormat(v.Layout.Lang, v.Layout.Zone)
		view := ui.Models{
			Section: ui.Section{ID: "models", Finding: ui.Say("What each model pays, and how far it was from the truth where the truth is known"), Measure: ui.Say("Error and unattributed share on made-up companies, mean over worlds of the process " + judgedBy + "; less error is better")},
			Reach:   "Reach (any touch) gives full credit to every channel a won deal touched. It answers how far a channel reaches, does not sum to the revenue, and is therefore no model of the ledger.",
		}
		best := ""
		least := 0.0
		for _, m := range attribution.Models {
			measured, err := measuredOf(m.ID)
			if err != nil {
				return err
			}
			row := ui.ModelRow{Title: m.Title, Href: "/attribution/models/" + m.ID + kept(c), Company: m.ID == inForce.Settings.Model, Formula: m.Formula, Anchors: m.Anchors}
			if e, ok := measured.of(judgedBy, "channel", "money_error"); ok {
				row.MoneyError = f.Number(e.Mean, 2)
				if best == "" || e.Mean < least {
					best, least = m.Title, e.Mean
				}
			}
			if e, ok := measured.of(judgedBy, "all", "unattributed_share"); ok {
				row.Unearned = f.Percent(e.Mean, 0)
			}
			view.Rows = append(view.Rows, row)
		}
		v.Layout.Finding = ui.Say(f.Plural(int64(len(view.Rows)), "model", "models") + " share the same revenue.")
		if best != "" {
			v.Layout.Finding = v.Layout.Finding.And(" Where the truth is known, " + lowerFirst(best) + " was nearest to it.")
		}
		v.Layout.Notes = []string{inForce.Settings.Line(), "How accuracy is measured: make accuracy, attribution/ACCURACY.md"}
		return s.page(c, v, "models", view)
	})
}

// pageModel explains one model: its formula with the settings in force, what it
// learned, and how far it can be trusted.
func (s *Server) pageModel(c *fiber.Ctx) error {
	m, ok := attribution.ModelByID(c.Params("id"))
	if !ok {
		return warehouse.ErrNotFound
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		v.Layout.Compare, v.Layout.Period = nil, nil
		v.Layout.Crumbs = []ui.Link{{Text: "Attribution", Href: "/attribution" + kept(c)}, {Text: "Models", Href: "/attribution/models" + kept(c)}, {Text: m.Title}}
		inForce, err := attribution.SettingsInForce(ctx, v, s.Config.Attribution)
		if err != nil {
			return fmt.Errorf("read settings: %w", err)
		}
		view := ui.ModelHelp{
			Facts: []ui.Fact{
				{Name: "A touch's share", Value: m.Formula},
				{Name: "Anchors", Value: m.Anchors},
				{Name: "Settings in force", Value: modelSettings(m, inForce.Settings)},
				{Name: "To the cent", Value: "credit = round(R·K/W) − round(R·K₋₁/W), K the running sum of the weights in journey order and W their sum; what no touch earns is unattributed"},
			},
			Accuracy: ui.Section{ID: "accuracy", Finding: ui.Say("How far it was from the truth where the truth is known"), Measure: ui.Say("Made-up companies, each lived through again without one channel, campaign or rep; mean over worlds with its 90 % interval; less error is better")},
			None:     "It was not measured: run make accuracy.",
		}
		v.Layout.Finding = ui.Say(m.Title + ": " + m.Formula + ".")
		v.Layout.Title = m.Title
		v.Layout.Notes = []string{inForce.Settings.Line(), "How accuracy is measured: make accuracy, attribution/ACCURACY.md"}
		l := learnedPage{s: s, v: v, m: m, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone)}
		switch {
		case v.Generation == 0: // nothing has been learned from yet
		case slices.Contains(learnedModels, m.ID):
			view.Learned, view.Hidden, err = l.tables(ctx)
		case m.ID == "incremental":
			if view.Fresh, err = l.fresh(ctx); err == nil {
				view.Learned, view.Hidden, err = l.caused(ctx)
			}
		}
		if err != nil {
			return err
		}
		if view.Columns, view.Measured, view.Reading, err = l.accuracy(); err != nil {
			return err
		}
		return s.page(c, v, "model", view)
	})
}

// modelSettings is the settings that m reads.
func modelSettings(m attribution.Model, s attribution.Settings) string {
	switch m.ID {
	case "time_decay":
		return fmt.Sprintf("half-life %g days", s.HalfLifeDays)
	case "custom":
		return fmt.Sprintf("first %g, lead %g, creation %g, close %g, others %g", s.Custom.First, s.Custom.Lead, s.Custom.Creation, s.Custom.Close, s.Custom.Others)
	case "markov":
		return fmt.Sprintf("order %d", s.MarkovOrder)
	}
	return "none beyond which touches are eligible: " + s.Line()
}

// learnedModels are those with aggregate figures.
var learnedModels = []string{"markov", "shapley"}

type learnedPage struct {
	s *Server
	v *Visit
	m attribution.Model
	f ui.Format
}

// tables are the aggregate figures beside those of the ledger, of all closed
// deals, at every level. Who does not see the whole company is told the effects
// that weigh the touches of his own deals, those of channels, and no money.
func (l learnedPage) tables(ctx context.Context) ([]ui.LearnedTable, *ui.State, error) {
	if !l.v.Reader.SeesSpend() {
		if l.m.ID != "markov" {
			return nil, hiddenEffects(), nil
		}
		learned, err := attribution.LearnedOf(ctx, l.v, l.v.Reader.ID, attribution.Levels[0])
		if err != nil {
			return nil, nil, err
		}
		return []ui.LearnedTable{l.effects(learned)}, hiddenEffects(), nil
	}
	names, err := l.s.namer(ctx, l.v)
	if err != nil {
		return nil, nil, err
	}
	ledger := map[string]func() (attribution.View, error){
		"channel": func() (attribution.View, error) {
			return attribution.ByChannel(ctx, l.v, l.v.Reader.ID, l.m.ID, calendar.Period{})
		},
		"campaign": func() (attribution.View, error) {
			return attribution.ByCampaign(ctx, l.v, l.v.Reader.ID, l.m.ID, calendar.Period{})
		},
		"rep": func() (attribution.View, error) {
			return attribution.ByRep(ctx, l.v, l.v.Reader.ID, l.m.ID, calendar.Period{})
		},
	}
	var out []ui.LearnedTable
	for _, level := range attribution.Levels {
		if level == "rep" && !names.named() {
			continue
		}
		learned, err := attribution.LearnedOf(ctx, l.v, l.v.Reader.ID, level)
		if err != nil {
			return nil, nil, err
		}
		credit, err := ledger[level]()
		if err != nil {
			return nil, nil, err
		}
		out = append(out, l.table(learned, credit, names))
	}
	return out, nil, nil
}

// caused are the effects that incremental found, with their intervals.
func (l learnedPage) caused(ctx context.Context) ([]ui.LearnedTable, *ui.State, error) {
	if !l.v.Reader.SeesSpend() {
		return nil, hiddenEffects(), nil
	}
	names, err := l.s.namer(ctx, l.v)
	if err != nil {
		return nil, nil, err
	}
	code := l.s.Config.Company.Currency
	var out []ui.LearnedTable
	for _, level := range attribution.Levels {
		if level == "rep" && !names.named() {
			continue
		}
		fit, effects, err := attribution.IncrementalOf(ctx, l.v, l.v.Reader.ID, level)
		if err != nil {
			return nil, nil, err
		}
		t := ui.LearnedTable{
			Head: strings.ToUpper(level[:1]) + level[1:], Interval: true, Missing: fit.Missing,
			Section: ui.Section{ID: level, Finding: ui.Say("By " + level + ": what its touches caused"), Measure: ui.Say(fmt.Sprintf("All time, %s; learned from %s and %s of them, %s won", code, l.f.Plural(int64(fit.Accounts), "account", "accounts"), l.f.Plural(int64(fit.Created), "deal", "deals"), l.f.Count(int64(fit.Won))))},
			Note:    "An end below nothing means that harm cannot be ruled out. An effect that does not stand out from chance is paid nothing, so a credit of nothing says that no effect was seen, not that there is none.",
		}
		if level != "channel" {
			t.Note = "Touches that name no " + level + " are left out here. " + t.Note
		}
		var touches int
		var credit int64
		for _, e := range effects {
			row := ui.LearnedRow{Name: e.Name, Touches: l.f.Count(int64(e.Touches)), Ledger: l.f.Whole(e.Credit, code), Interval: l.f.Whole(e.Low, code) + " – " + l.f.Whole(e.High, code)}
			switch {
			case e.ID == "":
				row.Name = "No " + level
			case level == "rep":
				row.Name = names.call(e.ID, e.Name)
			case level == "channel":
				row.Channel = e.ID
			}
			touches, credit = touches+e.Touches, credit+e.Credit
			t.Rows = append(t.Rows, row)
		}
		t.Total = ui.LearnedRow{Name: "Caused", Touches: l.f.Count(int64(touches)), Ledger: l.f.Whole(credit, code)}
		out = append(out, t)
	}
	return out, nil, nil
}

func hiddenEffects() *ui.State {
	return &ui.State{Kind: "hidden", Title: "Sums of money are about the whole company", Text: "What channels, campaigns and reps earned over all closed deals is shown to who sees the whole company; your own deals show their credit on their pages."}
}

// effects is the removal effects of channels alone.
func (l learnedPage) effects(learned attribution.Learned) ui.LearnedTable {
	t := ui.LearnedTable{
		Head: "Channel", HasChain: true, NoMoney: true, Missing: learned.Missing,
		Section: ui.Section{ID: learned.Level, Finding: ui.Say("By channel: what the chain of all journeys loses without it"), Measure: ui.Say(fmt.Sprintf("All time; learned from %s won and %s lost journeys", l.f.Count(int64(learned.Won)), l.f.Count(int64(learned.Lost))))},
		Note:    "The removal effect is the weight of each touch of the channel on the page of a deal.",
	}
	for _, e := range learned.Effects {
		t.Rows = append(t.Rows, ui.LearnedRow{Name: e.Name, Channel: e.ID, Effect: l.f.Number(e.Effect, 4), EffectWon: l.f.Number(e.EffectWon, 4)})
	}
	return t
}

// fresh is what one touch of each kind does under incremental; nil where nothing
// was learned.
func (l learnedPage) fresh(ctx context.Context) (*ui.FreshTable, error) {
	kinds, err := attribution.IncrementalKinds(ctx, l.v)
	if err != nil || len(kinds) == 0 {
		return nil, err
	}
	t := &ui.FreshTable{Section: ui.Section{
		ID: "fresh", Finding: ui.Say("What one fresh touch does"),
		Measure: ui.Say(fmt.Sprintf("Added to the log of the daily chance that a deal is made, and to the log odds that it moves on; half of it is left after %d days", incremental.HalfLifeDays)),
	}}
	for len(kinds) > 0 {
		channel := kinds[0].Channel
		var made, moved []float64
		for ; len(kinds) > 0 && kinds[0].Channel == channel; kinds = kinds[1:] {
			made, moved = append(made, kinds[0].Creation), append(moved, kinds[0].Moves)
		}
		t.Rows = append(t.Rows, ui.FreshRow{Channel: channel, Kinds: l.f.Count(int64(len(made))), Made: l.span(made), Moved: l.span(moved)})
	}
	t.Note = "The lowest and the highest of a channel’s kinds of touches: its campaigns, else its kinds of acts. 0: no effect stands out from chance, so it is taken as nothing. The page of a deal states the effect of each touch and works its share from it. Effects stay until the next refresh, also under the settings of a what-if."
	return t, nil
}

// span is the lowest and the highest of some effects.
func (l learnedPage) span(effects []float64) string {
	write := func(x float64) string {
		if x == 0 {
			return "0"
		}
		return l.f.Number(x, 3)
	}
	low, high := write(slices.Min(effects)), write(slices.Max(effects))
	if low == high {
		return low
	}
	return low + " – " + high
}

func (l learnedPage) table(learned attribution.Learned, credit attribution.View, names namer) ui.LearnedTable {
	code := l.s.Config.Company.Currency
	t := ui.LearnedTable{
		Head: strings.ToUpper(learned.Level[:1]) + learned.Level[1:], HasChain: l.m.ID == "markov", Missing: learned.Missing,
		Section: ui.Section{ID: learned.Level, Finding: ui.Say("By " + learned.Level + ": all journeys at once, and the ledger"), Measure: ui.Say(fmt.Sprintf("All time, %s; learned from %s won and %s lost journeys", code, l.f.Count(int64(learned.Won)), l.f.Count(int64(learned.Lost))))},
		Note:    "Aggregate shares the revenue of all journeys at once. The ledger shares every deal by itself and sums; it alone adds up deal by deal. The two are never added.",
	}
	inLedger := map[string]int64{}
	for _, g := range credit.Groups {
		if g.Kind == attribution.Named || g.Kind == attribution.None {
			inLedger[g.ID] += g.Credit
		}
	}
	var aggregate, ledger int64
	for _, e := range learned.Effects {
		row := ui.LearnedRow{Name: e.Name, Effect: l.f.Number(e.Effect, 4), EffectWon: l.f.Number(e.EffectWon, 4), Ledger: l.f.Whole(inLedger[e.ID], code), Aggregate: "n/a"}
		switch {
		case e.ID == "":
			row.Name = "No " + learned.Level
		case learned.Level == "rep":
			row.Name = names.call(e.ID, e.Name)
		case learned.Level == "channel":
			row.Channel = e.ID
		}
		minor := e.Markov
		if l.m.ID == "shapley" {
			minor = e.Shapley
		}
		if minor != nil {
			aggregate += *minor
			row.Aggregate = l.f.Whole(*minor, code)
		}
		ledger += inLedger[e.ID]
		t.Rows = append(t.Rows, row)
	}
	t.Total = ui.LearnedRow{Name: "Credited", Aggregate: l.f.Whole(aggregate, code), Ledger: l.f.Whole(ledger, code)}
	return t
}

// measurements is what was measured of one model.
type measurements []attribution.Accuracy

func measuredOf(model string) (measurements, error) { return attribution.AccuracyOf(model) }

func (m measurements) of(process, level, figure string) (attribution.Accuracy, bool) {
	for _, a := range m {
		if a.Process == process && a.Level == level && a.Figure == figure {
			return a, true
		}
	}
	return attribution.Accuracy{}, false
}

// accuracy is the measurements of the model, a row a process, with a reading
// computed from them.
func (l learnedPage) accuracy() (columns []ui.MeasuredColumn, rows []ui.MeasuredRow, reading []string, err error) {
	mine, err := measuredOf(l.m.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	truth, err := measuredOf("truth")
	if err != nil {
		return nil, nil, nil, err
	}
	columns = []ui.MeasuredColumn{
		{Text: "Unattributed"},
		{Text: "In truth", Title: "Share of revenue that came without any touch"},
		{Text: "Money error, channels", Class: "val"},
		{Text: "campaigns"},
		{Text: "reps"},
		{Text: "Rank agreement, channels"},
	}
	_, intervals := mine.of(judgedBy, "channel", "interval_coverage")
	if intervals {
		columns = append(columns, ui.MeasuredColumn{Text: "Truth in interval", Title: "Share of channels and worlds whose truth the 90 % interval held"})
	}
	columns = append(columns, ui.MeasuredColumn{Text: "Nearest", Title: "The model with the least money error by channel", Class: "also"})
	var r readAccuracy
	for _, process := range sampledata.Processes() {
		unattributed, ok := mine.of(process, "all", "unattributed_share")
		if !ok {
			continue
		}
		row := ui.MeasuredRow{Process: process, About: sampledata.About(process), Cells: []string{l.share(unattributed), "–"}}
		if base, known := truth.of(process, "all", "unattributed_share"); known {
			row.Cells[1] = l.share(base)
			r.left(process, l.share(unattributed)+" for "+l.share(base), unattributed.Mean-base.Mean)
		}
		for _, cell := range []struct{ level, figure string }{{"channel", "money_error"}, {"campaign", "money_error"}, {"rep", "money_error"}, {"channel", "rank_agreement"}} {
			text := "–"
			if e, ok := mine.of(process, cell.level, cell.figure); ok {
				text = l.interval(e)
			}
			row.Cells = append(row.Cells, text)
		}
		if intervals {
			text := "–"
			if e, ok := mine.of(process, "channel", "interval_coverage"); ok {
				text = l.share(e)
				r.covered = append(r.covered, e.Mean)
			}
			row.Cells = append(row.Cells, text)
		}
		best, err := nearest(process)
		if err != nil {
			return nil, nil, nil, err
		}
		switch best.ID {
		case "":
			best.Title = "–"
		case l.m.ID:
			r.first = append(r.first, process)
		default:
			r.second = append(r.second, process)
		}
		row.Cells = append(row.Cells, best.Title)
		rows = append(rows, row)
	}
	return columns, rows, r.sentences(l.f), nil
}

// readAccuracy gathers over processes what is said of a model's accuracy.
type readAccuracy struct {
	first, second []string // processes on which it is the nearest, or another is
	more, less    []string // on which it leaves too much or too little unattributed
	covered       []float64
}

// left takes how much more than in truth the model left unattributed on a process.
func (r *readAccuracy) left(process, figures string, off float64) {
	switch {
	case off > .05:
		r.more = append(r.more, process+" ("+figures+")")
	case off < -.05:
		r.less = append(r.less, process+" ("+figures+")")
	}
}

// sentences are at most three.
func (r *readAccuracy) sentences(f ui.Format) (out []string) {
	switch {
	case len(r.first) > 0 && len(r.second) > 0:
		out = append(out, fmt.Sprintf("By channel no model is nearer to the truth on %s; on %s another is.", listed(r.first), listed(r.second)))
	case len(r.first) > 0:
		out = append(out, "By channel no model is nearer to the truth on any of them.")
	case len(r.second) > 0:
		out = append(out, "By channel another model is nearer to the truth on each of them.")
	}
	var left []string
	if len(r.more) > 0 {
		left = append(left, "more revenue unattributed than came without any touch on "+listed(r.more))
	}
	if len(r.less) > 0 {
		left = append(left, "less on "+listed(r.less))
		if len(r.more) == 0 {
			left[0] = "less revenue unattributed than came without any touch on " + listed(r.less)
		}
	}
	if len(left) > 0 {
		out = append(out, "It leaves "+strings.Join(left, "; ")+".")
	}
	if len(r.covered) > 0 {
		out = append(out, fmt.Sprintf("Its 90 %% intervals held the truth in %s to %s of channels and worlds, by process.", f.Percent(slices.Min(r.covered), 0), f.Percent(slices.Max(r.covered), 0)))
	}
	return out
}

// listed is words as a list in a sentence.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// nearest is the model with the least money error by channel on a process; its ID
// is empty when none was measured.
func nearest(process string) (best attribution.Model, err error) {
	least := 0.0
	for _, m := range attribution.Models {
		measured, err := measuredOf(m.ID)
		if err != nil {
			return best, err
		}
		if e, ok := measured.of(process, "channel", "money_error"); ok && (best.ID == "" || e.Mean < least) {
			best, least = m, e.Mean
		}
	}
	return best, nil
}

func (l learnedPage) interval(e attribution.Accuracy) string {
	if e.Low == nil || e.High == nil {
		return l.f.Number(e.Mean, 2)
	}
	return l.f.Number(e.Mean, 2) + " (" + l.f.Number(*e.Low, 2) + "–" + l.f.Number(*e.High, 2) + ")"
}

func (l learnedPage) share(e attribution.Accuracy) string {
	return l.f.Percent(e.Mean, 0)
}
