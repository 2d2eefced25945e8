package web

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/performance"
	"credence/ui"
	"credence/warehouse/calendar"
	"credence/warehouse/money"
)

// figures asks the sales figures of one page and puts them into words: each
// number in the reader's format, with the address of its rows.
type figures struct {
	s      *Server
	c      *fiber.Ctx
	v      *Visit
	f      ui.Format
	ask    performance.Ask
	before performance.Ask // the compared period as far as this one has come
	sheets map[sheetKey]performance.Sheet
}

// sheetKey is a sheet the page has asked already: its ask, and the first of its
// metrics.
type sheetKey struct {
	ask   performance.Ask
	first string
}

// pageMetrics is what pages show of everything they cover; they are asked
// together, for all periods a page shows at once.
var pageMetrics = []string{
	"won_revenue", "quota", "quota_attainment", "pace", "win_rate", "average_deal", "cycle_days", "open_pipeline", "pipeline_due",
	"weighted_pipeline", "weighted_due", "sales_velocity",
}

// actMetrics are those which touches are read for; no line is drawn of them.
var actMetrics = []string{"meetings_held", "first_response"}

// lineMetrics are those whose past periods a tile draws as a line.
var lineMetrics = []string{"win_rate", "average_deal", "cycle_days", "open_pipeline", "pipeline_due", "sales_velocity"}

// sheet is the page's metrics of one ask: of its period, of the compared one or
// of one of the past ones of a line.
func (g *figures) sheet(ctx context.Context, a performance.Ask) (performance.Sheet, error) {
	asks := []performance.Ask{g.ask}
	for n := 1; n < sparkPeriods; n++ {
		asks = append(asks, g.past(n))
	}
	return g.asked(ctx, a, asks, pageMetrics)
}

// past is the ask n periods ago, as far as this period has come.
func (g *figures) past(n int) performance.Ask {
	if n == 0 {
		return g.ask
	}
	return g.ask.Against(g.s.Config.Calendar().Shift(g.v.Period, -n))
}

// asked is names of a, from one question for a, the compared period and asks.
func (g *figures) asked(ctx context.Context, a performance.Ask, asks []performance.Ask, names []string) (performance.Sheet, error) {
	key := sheetKey{a, names[0]}
	if s, ok := g.sheets[key]; ok {
		return s, nil
	}
	asks = append(asks, a)
	if g.compares() {
		before := g.before
		before.By = a.By
		asks = append(asks, before)
	}
	var wanted []performance.Ask
	for _, b := range asks {
		if !slices.Contains(wanted, b) {
			wanted = append(wanted, b)
		}
	}
	sheets, err := performance.Sheets(ctx, g.v, wanted, names...)
	if err != nil {
		return nil, err
	}
	for i, b := range wanted {
		g.sheets[sheetKey{b, names[0]}] = sheets[i]
	}
	return g.sheets[key], nil
}

// metric is one metric of one ask of the page.
func (g *figures) metric(ctx context.Context, a performance.Ask, name string) (performance.Value, error) {
	var s performance.Sheet
	var err error
	if slices.Contains(actMetrics, name) {
		s, err = g.asked(ctx, a, nil, actMetrics)
	} else {
		s, err = g.sheet(ctx, a)
	}
	return s.Of(name, ""), err
}

// figures begins with everything the reader may see.
func (s *Server) figures(c *fiber.Ctx, v *Visit) *figures {
	g := &figures{
		s: s, c: c, v: v, f: ui.NewFormat(v.Layout.Lang, v.Layout.Zone),
		ask:    performance.NewAsk(v.Reader.ID, s.Config.Calendar(), v.Period, v.Now),
		sheets: map[sheetKey]performance.Sheet{},
	}
	if g.compares() {
		g.before = g.ask.Against(v.Compare)
	}
	return g
}

// of narrows the figures to a team or a rep.
func (g *figures) of(teamID, repID string) *figures {
	n := *g
	n.ask.TeamID, n.ask.RepID = teamID, repID
	n.before.TeamID, n.before.RepID = teamID, repID
	return &n
}

func (g *figures) compares() bool { return g.v.Compare.Name != "" }

func (g *figures) by(breakdown string) performance.Ask {
	a := g.ask
	a.By = breakdown
	return a
}

func (g *figures) code() string { return g.s.Config.Company.Currency }

func (g *figures) short(minor int64) string { return g.f.Short(minor, g.code()) }

// major is an amount in whole units, for geometry and chart data.
func (g *figures) major(minor int64) float64 {
	exp, err := money.Exponent(g.code())
	if err != nil {
		exp = 2
	}
	return float64(minor) / math.Pow10(exp)
}

// rows is the address of the deals behind a number: the deals list with the
// page's team and rep and the given filters. The value "period" stands for the
// page's period.
func (g *figures) rows(pairs ...string) string {
	return g.rowsOf(g.ask, pairs...)
}

func (g *figures) rowsOf(a performance.Ask, pairs ...string) string {
	q := g.keep()
	if a.TeamID != "" {
		q.Set("team", a.TeamID)
	}
	if a.RepID != "" {
		q.Set("owner", a.RepID)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "" {
			continue
		}
		value := pairs[i+1]
		if value == "period" {
			value = g.span(a)
		}
		q.Set(pairs[i], value)
	}
	return "/deals?" + q.Encode()
}

// span names what a covers: its period, or the days of it that are compared.
func (g *figures) span(a performance.Ask) string {
	if a.Period.Name == g.v.Period.Name || !a.Running() {
		return a.Period.Name
	}
	loc := g.s.Config.Company.Location()
	return a.Period.From.In(loc).Format(time.DateOnly) + ".." + a.Until.Add(-time.Second).In(loc).Format(time.DateOnly)
}

// keep is what moves along from page to page.
func (g *figures) keep() url.Values {
	q := url.Values{}
	for _, name := range keptParameters {
		if value := g.c.Query(name); value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// to is the address of another page with what moves along.
func (g *figures) to(path string) string { return path + kept(g.c) }

func (g *figures) deal(id string) string { return g.to("/deals/" + url.PathEscape(id)) }

// name is the compared period for people: 2025 Q3.
func (g *figures) comparedName() string { return periodWords(g.v.Compare.Name) }

// kind is what the period is called: quarter, year, month or period.
func (g *figures) kind() string {
	switch name := g.v.Period.Name; {
	case strings.Contains(name, ".."):
		return "period"
	case strings.Contains(name, "Q"):
		return "quarter"
	case strings.Contains(name, "-"):
		return "month"
	default:
		return "year"
	}
}

// value asks one metric for what the page covers.
func (g *figures) value(ctx context.Context, name string) (performance.Value, error) {
	return g.metric(ctx, g.ask, name)
}

// then is the same metric of the compared period.
func (g *figures) then(ctx context.Context, name string) (performance.Value, error) {
	return g.metric(ctx, g.before, name)
}

// tile is the headline number of a metric: its definition, its value, its
// change against the compared period, what it rests on and its last periods.
func (g *figures) tile(ctx context.Context, name string, notes ...string) (ui.Tile, error) {
	m, err := performance.Find(name)
	if err != nil {
		return ui.Tile{}, err
	}
	now, err := g.value(ctx, name)
	if err != nil {
		return ui.Tile{}, err
	}
	t := ui.Tile{Name: m.Title, Define: m.Definition(), Notes: notes}
	if m.Rows != "" {
		if q, qerr := url.ParseQuery(m.Rows); qerr == nil {
			var pairs []string
			for key := range q {
				pairs = append(pairs, key, q.Get(key))
			}
			t.Href = g.rows(pairs...)
		}
	}
	if now.Known {
		t.Value = g.words(m, now)
	} else {
		t.Value = "n/a"
	}
	if g.compares() && now.Known {
		then, terr := g.then(ctx, name)
		if terr != nil {
			return t, terr
		}
		t.Change = g.change(m, now, then)
	}
	if now.Uncounted > 0 {
		t.Notes = append(t.Notes, g.f.Plural(now.Uncounted, "deal", "deals")+" without a rate or amount")
	}
	t.Spark, err = g.spark(ctx, m)
	return t, err
}

// sparkPeriods is how many periods a tile's line shows.
const sparkPeriods = 6

// spark is the metric over the last periods of this kind, each as far as this
// one has come.
func (g *figures) spark(ctx context.Context, m performance.Metric) (ui.Spark, error) {
	s := ui.Spark{Label: m.Title + " over the last periods"}
	if !slices.Contains(lineMetrics, m.Name) {
		return s, nil
	}
	known := 0
	for n := sparkPeriods - 1; n >= 0; n-- {
		sheet, err := g.sheet(ctx, g.past(n))
		if err != nil {
			return s, err
		}
		v := sheet.Of(m.Name, "")
		switch {
		case !v.Known || v.N == 0 && n > 0:
			s.Values = append(s.Values, math.NaN())
		case m.Money():
			s.Values = append(s.Values, g.major(v.Minor))
			known++
		default:
			s.Values = append(s.Values, v.Number)
			known++
		}
	}
	if n := len(s.Values); known < 3 || math.IsNaN(s.Values[n-1]) || math.IsNaN(s.Values[n-2]) {
		s.Values = nil
	}
	return s, nil
}

// words writes a metric's value in its unit.
func (g *figures) words(m performance.Metric, v performance.Value) string {
	switch {
	case !v.Known:
		return "n/a"
	case m.Unit == "money per day":
		return g.short(v.Minor) + " a day"
	case m.Money():
		return g.short(v.Minor)
	case m.Unit == "share":
		return g.f.Percent(v.Number, 1)
	case m.Unit == "days":
		return g.f.Number(v.Number, half(v.Number)) + " days"
	case m.Unit == "hours":
		return g.f.Number(v.Number, 1) + "\u202fh"
	case m.Unit == "ratio":
		return g.f.Number(v.Number, 1) + "×"
	case m.Unit == "count":
		return g.f.Count(int64(v.Number))
	default:
		return g.f.Number(v.Number, 1)
	}
}

// half is one digit for halves, which medians of whole days have, else none.
func half(v float64) int {
	if v != math.Trunc(v) {
		return 1
	}
	return 0
}

// change words the difference of a metric to the compared period.
func (g *figures) change(m performance.Metric, now, then performance.Value) ui.Change {
	if !then.Known {
		return ui.Change{Text: "none in " + g.comparedName(), Flat: true}
	}
	c := ui.Change{Note: "on " + g.comparedName()}
	var diff float64
	switch {
	case m.Unit == "share":
		diff = now.Number - then.Number
		c.Text = strings.TrimLeft(g.f.Points(diff), "+\u2212")
	case m.Money():
		if then.Minor == 0 {
			return ui.Change{Text: "from nothing", Note: "in " + g.comparedName(), Flat: true}
		}
		diff = float64(now.Minor-then.Minor) / math.Abs(float64(then.Minor))
		c.Text = g.f.Percent(math.Abs(diff), 0)
	case m.Unit == "days":
		diff = now.Number - then.Number
		c.Text = g.f.Number(math.Abs(diff), half(diff)) + " days"
	default:
		diff = now.Number - then.Number
		c.Text = g.f.Number(math.Abs(diff), half(diff))
	}
	c.Up = diff > 0
	c.Good = (diff > 0) == (m.Good == "up")
	if m.Good == "none" || diff == 0 {
		c.Flat = true
	}
	if diff == 0 {
		c.Text = "unchanged"
	}
	return c
}

// day writes a calendar date, which has no zone: as a time it is midnight UTC.
func (g *figures) day(date time.Time) string {
	return ui.NewFormat(g.v.Layout.Lang, time.UTC).Date(date)
}

// shortDay is day without the year.
func (g *figures) shortDay(date time.Time) string {
	return ui.NewFormat(g.v.Layout.Lang, time.UTC).Day(date)
}

// notes are the footer's: what every figure of the page depends on.
func (g *figures) notes() []string {
	company := g.s.Config.Company
	month := time.Month(max(1, company.FiscalYearStart))
	return []string{
		fmt.Sprintf("Company time zone %s, fiscal year from %s", company.TimeZone, month),
		"Won = closed-won by close date, in " + g.code() + " at the rate of that day",
		"How a figure is computed: hover or focus its name",
	}
}

// clipped is the period of a as far as it has come, for questions that take a
// period.
func clipped(a performance.Ask) calendar.Period {
	return calendar.Period{Name: a.Period.Name, From: a.Period.From, To: a.Until}
}

// small writes counts up to twelve in words, as titles do.
func small(n int64) string {
	names := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n >= 0 && int(n) < len(names) {
		return names[n]
	}
	return fmt.Sprint(n)
}

// upper begins a sentence.
func upper(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
