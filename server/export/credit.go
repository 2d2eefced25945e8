package export

import (
	"context"
	"fmt"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// chartRows is how many bars a chart of credit has at most.
const chartRows = 12

type view func(ctx context.Context, q sqlfile.Querier, user, model string, p calendar.Period) (attribution.View, error)

func channels(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	return credit(ctx, q, r, attribution.ByChannel, "channels", "Credit by channel", "channel")
}

func campaigns(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	return credit(ctx, q, r, attribution.ByCampaign, "campaigns", "Credit by campaign", "campaign")
}

func reps(ctx context.Context, q *warehouse.Snapshot, r Request) (Section, error) {
	if !r.NameReps {
		return Section{
			ID: "reps", Title: "Credit by rep", Note: "Reps are not named to this reader (privacy.cmo_sees_reps).",
			Columns: []Column{{"rep", "Rep"}},
		}, nil
	}
	return credit(ctx, q, r, attribution.ByRep, "reps", "Credit by rep", "rep")
}

// credit is one view of the ledger: its rows partition the won revenue.
func credit(ctx context.Context, q *warehouse.Snapshot, r Request, ask view, id, title, word string) (Section, error) {
	v, err := ask(ctx, q, r.UserID, r.Model, r.Period)
	if err != nil {
		return Section{}, fmt.Errorf("ask %s: %w", id, err)
	}
	s := Section{
		ID: id, Title: title,
		Note: fmt.Sprintf("Under %s: %s. The rows sum to the won revenue; other sheets show the same money, never add them. Revenue it touched counts the whole of every deal with an eligible touch, so it is never added either.", v.Model.Title, v.Model.Formula),
		Columns: []Column{
			{word, groupTitle(word)},
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
			{word + "_id", "Id"},
		},
	}
	people := word == "rep"
	if people {
		s.Columns = append(s.Columns, Column{"sourced", "Sourced"}, Column{"assisted", "Assisted"}, Column{"suspected", "Suspected touches, never paid"})
	}
	named := 0
	for _, g := range v.Groups {
		if g.Kind == attribution.Named {
			named++
		}
		row := Row{
			groupName(g, word), Money(g.Credit), Share(g.Share), Count(g.Deals), Count(g.Touches), Money(g.Min), Money(g.Max),
			rankCell(g.RankMin), rankCell(g.RankMax), Money(g.Reach), Money(g.Evidence[0]), Money(g.Evidence[1]), Money(g.Evidence[2]), g.ID,
		}
		if people {
			row = append(row, Money(g.Sourced), Money(g.Assisted), Count(g.Suspected))
		}
		s.Rows = append(s.Rows, row)
	}
	s.Chart = &Chart{Title: title, Column: 1, Rows: min(named, chartRows)}
	return s, nil
}

// rankCell is a rank among the named rows over all models; the others have none.
func rankCell(rank int) any {
	if rank == 0 {
		return nil
	}
	return Count(rank)
}

func groupTitle(word string) string {
	return map[string]string{"channel": "Channel", "campaign": "Campaign", "rep": "Rep"}[word]
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
