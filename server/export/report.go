// Package export writes the report of a period and makes what leaves the
// program safe to open: a text that a spreadsheet would run as a formula is
// written as text.
//
// One Report is asked once and written as XLSX, CSV or JSON, so that the three
// never differ. Its sections are views of the same money: no section and no
// sheet adds figures of two views together.
package export

import (
	"context"
	"time"

	"credence/attribution"
	"credence/performance"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// Request says which report is wanted, and how much of it the reader may see.
type Request struct {
	UserID     string // "*" is the command line
	Company    string
	Currency   string // of the report
	Calendar   calendar.Company
	Period     calendar.Period
	Model      string
	Efficiency attribution.EfficiencySettings
	NameReps   bool // whether reps may be named to this reader
	Now        time.Time
	// FoldTeams puts small teams together before a reader who may not name reps.
	// Nil: whoever may name reps sees each team, others none.
	FoldTeams func(context.Context, *warehouse.Snapshot, []attribution.Group) ([]attribution.Group, error)
}

// Report is everything a report says.
type Report struct {
	Company     string
	Currency    string
	Period      calendar.Period
	Model       attribution.Model
	Generation  int64
	RefreshedAt time.Time
	Restated    string // of a closed quarter: "as reported on …; today differs by …"
	Sections    []Section
}

// Rows counts the rows of every section.
func (r *Report) Rows() int {
	n := 0
	for _, s := range r.Sections {
		n += len(s.Rows)
	}
	return n
}

// Section is one table of the report, one sheet of the workbook.
type Section struct {
	ID      string // "channels"
	Title   string // "Credit by channel"
	Note    string // what is counted, and what is not
	Columns []Column
	Rows    []Row
	Chart   *Chart
}

// Column is one column of a section. The first column of every section names
// the row.
type Column struct {
	ID    string
	Title string
}

// Row is the cells of a line: text, Money, Share, Ratio, Count, Days or nil for
// "n/a".
type Row []any

// Money is a cell of minor units of the report's currency.
type Money int64

// Share is a cell that is a part of a whole: 0.25 is a quarter.
type Share float64

// Ratio is a cell such as S/E.
type Ratio float64

// Count is a cell that counts things.
type Count int64

// Days is a cell that is a time in days.
type Days float64

// Chart draws one column of a section's first rows.
type Chart struct {
	Title  string
	Column int // of the values
	Rows   int // how many, from the first
}

// Build asks everything the report says of one snapshot.
func Build(ctx context.Context, q *warehouse.Snapshot, r Request) (Report, error) {
	model, ok := attribution.ModelByID(r.Model)
	if !ok {
		return Report{}, warehouse.ErrNotFound
	}
	rep := Report{
		Company: r.Company, Currency: r.Currency, Period: r.Period, Model: model,
		Generation: q.Generation, RefreshedAt: q.RefreshedAt,
	}
	for _, ask := range []func(context.Context, *warehouse.Snapshot, Request) ([]Section, error){
		one(revenue), one(efficiency), one(efficiencyByChannel), credit, one(coverage), one(settings),
	} {
		s, err := ask(ctx, q, r)
		if err != nil {
			return Report{}, err
		}
		rep.Sections = append(rep.Sections, s...)
	}
	restated, summary, err := restatement(ctx, q, r)
	if err != nil {
		return Report{}, err
	}
	rep.Sections, rep.Restated = append(rep.Sections, restated...), summary
	return rep, nil
}

// one makes a question of one section like those of several.
func one(ask func(context.Context, *warehouse.Snapshot, Request) (Section, error)) func(context.Context, *warehouse.Snapshot, Request) ([]Section, error) {
	return func(ctx context.Context, q *warehouse.Snapshot, r Request) ([]Section, error) {
		s, err := ask(ctx, q, r)
		return []Section{s}, err
	}
}

// revenueMetrics are what the revenue sheet lists; money first, so that the
// chart beside it has one unit.
var revenueMetrics = []string{
	"won_revenue", "quota", "open_pipeline", "weighted_pipeline", "average_deal", "quota_attainment", "pace",
	"deals_won", "deals_lost", "win_rate", "cycle_days", "pipeline_coverage",
}

func revenue(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	s := Section{
		ID: "revenue", Title: "Revenue", Note: "Won deals by their close, in " + r.Currency + "; deals without an amount or a rate stand beside the sums.",
		Columns: []Column{{"measure", "Measure"}, {"value", "Value"}, {"deals", "Records"}, {"left_out", "Left out"}, {"definition", "Definition"}},
	}
	ask := performance.NewAsk(r.UserID, r.Calendar, r.Period, r.Now)
	money := 0
	for _, name := range revenueMetrics {
		m, err := performance.Find(name)
		if err != nil {
			return s, err
		}
		v, err := m.Value(ctx, q, ask)
		if err != nil {
			return s, err
		}
		if m.Money() {
			money++
		}
		s.Rows = append(s.Rows, Row{m.Title, metricCell(m, v), Count(v.N), Count(v.Uncounted), m.Formula})
	}
	s.Chart = &Chart{Title: "Won, quota and pipeline", Column: 1, Rows: money}
	return s, nil
}

func metricCell(m performance.Metric, v performance.Value) any {
	switch {
	case v.Note != "" && !v.Known:
		return v.Note
	case !v.Known:
		return nil
	case m.Money():
		return Money(v.Minor)
	case m.Unit == "share":
		return Share(v.Number)
	case m.Unit == "count":
		return Count(int64(v.Number))
	case m.Unit == "days", m.Unit == "hours":
		return Days(v.Number)
	}
	return Ratio(v.Number)
}
