package export

import (
	"context"
	"fmt"

	"credence/attribution"
	"credence/warehouse"
)

// chartRows is how many bars a chart of credit has at most.
const chartRows = 12

// SmallTeams is the id of the row of teams that a reader is shown together only.
// Its deals are not counted: one with touches of two teams would count twice.
const SmallTeams = "~small"

// sheet is one view of the ledger as a section.
type sheet struct {
	by              attribution.Dimension
	id, title, word string // word is what the rows are, in ids of columns: "channel"
	head, none      string // in words; none follows "No"
}

var cashSheets = []sheet{
	{attribution.Channel, "channels", "Credit by channel", "channel", "Channel", "channel"},
	{attribution.Campaign, "campaigns", "Credit by campaign", "campaign", "Campaign", "campaign"},
	{attribution.Content, "content", "Credit by content", "content", "Post or page", "content"},
	{attribution.Rep, "reps", "Credit by rep", "rep", "Rep", "rep"},
	{attribution.Team, "teams", "Credit by team", "team", "Team", "rep or team"},
}

var accrualSheets = []sheet{
	{attribution.Channel, "channels-accrual", "Channels by touch date", "channel", "Channel", "channel"},
	{attribution.Campaign, "campaigns-accrual", "Campaigns by touch date", "campaign", "Campaign", "campaign"},
}

// credit is the views of the ledger: the rows of each partition the won revenue,
// or by touch date what the touches of the period earned.
func credit(ctx context.Context, q *warehouse.Snapshot, r Request) ([]Section, error) {
	var sections []Section
	for _, part := range []struct {
		basis  attribution.Basis
		sheets []sheet
	}{{attribution.Cash, cashSheets}, {attribution.Accrual, accrualSheets}} {
		a := attribution.Ask{Model: r.Model, Basis: part.basis, Period: r.Period}
		dimensions := make([]attribution.Dimension, len(part.sheets))
		for i, sh := range part.sheets {
			dimensions[i] = sh.by
		}
		views, err := attribution.Views(ctx, q, r.UserID, a, dimensions...)
		if err != nil {
			return nil, fmt.Errorf("ask credit: %w", err)
		}
		note, err := basisNote(ctx, q, r, a)
		if err != nil {
			return nil, err
		}
		for i, sh := range part.sheets {
			s, err := sh.section(ctx, q, r, views[i], note)
			if err != nil {
				return nil, err
			}
			sections = append(sections, s)
		}
	}
	return sections, nil
}

// basisNote says what the rows of a sheet sum to.
func basisNote(ctx context.Context, q *warehouse.Snapshot, r Request, a attribution.Ask) (string, error) {
	if a.Basis == attribution.Cash {
		return "The rows sum to the won revenue", nil
	}
	note := "Accrual: credit is dated by its touch, what no touch earned by the close, so the rows sum to what the touches of the period have earned by now"
	lag, known, err := attribution.MedianLag(ctx, q, r.UserID)
	if err != nil {
		return "", err
	}
	if known && a.Immature(r.Now, lag) {
		note += fmt.Sprintf("; the period is immature, for half of all touches come %d days or more before the close", lag)
	}
	return note, nil
}

func (sh sheet) section(ctx context.Context, q *warehouse.Snapshot, r Request, v attribution.View, note string) (Section, error) {
	people := sh.by == attribution.Rep || sh.by == attribution.Team
	together := sh.by == attribution.Team && r.FoldTeams != nil
	if people && !r.NameReps && !together {
		return Section{
			ID: sh.id, Title: sh.title, Note: "Reps are not named to this reader (privacy.cmo_sees_reps).",
			Columns: []Column{{sh.word, sh.head}},
		}, nil
	}
	s := Section{
		ID: sh.id, Title: sh.title,
		Note: fmt.Sprintf("Under %s: %s. %s; other sheets show the same money, never add them. Revenue it touched counts the whole of every deal with an eligible touch, so it is never added either.", v.Model.Title, v.Model.Formula, note),
		Columns: []Column{
			{sh.word, sh.head},
			{"credit", "Credit"},
			{"share", "Share"},
			{"deals", "Deals"},
			{"touches", "Touches"},
			{"lowest", "Lowest of all models"},
			{"highest", "Highest of all models"},
			{"rank_best", "Best rank"},
			{"rank_worst", "Worst rank"},
			{"reach", "Revenue it touched"},
			{"grade_a", "Grade A"},
			{"grade_b", "Grade B"},
			{"grade_c", "Grade C"},
			{sh.word + "_id", "Id"},
		},
	}
	switch {
	case together:
		var err error
		if v.Groups, err = r.FoldTeams(ctx, q, v.Groups); err != nil {
			return s, err
		}
		s.Note += " Teams of fewer than five stand together."
	case sh.by == attribution.Content:
		s.Note += " Content is the post when the touch has one, else its landing page without the query; a mail, call or meeting has none."
	}
	if people {
		s.Columns = append(s.Columns, Column{"sourced", "Sourced"}, Column{"assisted", "Assisted"}, Column{"suspected", "Suspected touches, never paid"})
	}
	named := 0
	for _, g := range v.Groups {
		if g.Kind == attribution.Named {
			named++
		}
		var deals, reach any = Count(g.Deals), Money(g.Reach)
		if g.ID == SmallTeams {
			deals, reach = nil, nil
		}
		row := Row{
			groupName(g, sh.none), Money(g.Credit), Share(g.Share), deals, Count(g.Touches), Money(g.Min), Money(g.Max),
			rankCell(g.RankMin), rankCell(g.RankMax), reach, Money(g.Evidence[0]), Money(g.Evidence[1]), Money(g.Evidence[2]), g.ID,
		}
		if people {
			row = append(row, Money(g.Sourced), Money(g.Assisted), Count(g.Suspected))
		}
		s.Rows = append(s.Rows, row)
	}
	s.Chart = &Chart{Title: sh.title, Column: 1, Rows: min(named, chartRows)}
	return s, nil
}

// rankCell is a rank among the named rows over all models; the others have none.
func rankCell(rank int) any {
	if rank == 0 {
		return nil
	}
	return Count(rank)
}

func groupName(g attribution.Group, word string) string {
	switch g.Kind {
	case attribution.None:
		return "No " + word
	case attribution.Withheld:
		return "Unattributed (withheld)"
	case attribution.Unattributed:
		return "Unattributed"
	case attribution.Other:
		return "Other"
	case attribution.Named:
	}
	if g.Name == "" {
		return g.ID
	}
	return g.Name
}

// uncovered says why deals have no eligible touch, in words.
var uncovered = map[string]string{
	attribution.UncoveredNoAccount: "No account and no act that names the deal",
	attribution.UncoveredNoTouch:   "Nobody of the account was ever seen",
	attribution.UncoveredPeople:    "Only people outside the people rule",
	attribution.UncoveredAfter:     "Only touches after the close",
	attribution.UncoveredOld:       "Only touches before the window",
	attribution.UncoveredNoEarn:    "Only touches that earn nothing",
	attribution.UncoveredSetting:   "Only touches that the settings leave out",
	attribution.UncoveredSuspected: "Only suspected touches",
}

func coverage(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	c, err := attribution.Coverage(ctx, q, r.UserID, r.Period)
	if err != nil {
		return Section{}, fmt.Errorf("ask coverage: %w", err)
	}
	s := Section{
		ID: "coverage", Title: "Coverage", Note: "Revenue of won deals with at least one eligible touch, and why the others have none.",
		Columns: []Column{{"part", "Part"}, {"revenue", "Revenue"}, {"share", "Share"}, {"deals", "Deals"}},
	}
	share := func(minor int64) any {
		if c.Won == 0 {
			return nil
		}
		return Share(float64(minor) / float64(c.Won))
	}
	s.Rows = append(s.Rows, Row{"Covered", Money(c.CoveredWon), share(c.CoveredWon), Count(c.CoveredDeals)})
	for _, reason := range c.Reasons {
		words := uncovered[reason.Reason]
		if words == "" {
			words = reason.Reason
		}
		s.Rows = append(s.Rows, Row{words, Money(reason.Won), share(reason.Won), Count(reason.Deals)})
	}
	bars := len(s.Rows)
	s.Rows = append(s.Rows,
		Row{"All won deals", Money(c.Won), share(c.Won), Count(c.Deals)},
		Row{"Beside: won deals without an amount", nil, nil, Count(c.Beside.NoAmount)},
		Row{"Beside: won deals in a currency without rate", nil, nil, Count(c.Beside.NoRate)})
	s.Chart = &Chart{Title: "Covered revenue and what is not", Column: 1, Rows: bars}
	return s, nil
}
