package export

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/money"
)

// restatement is, of a quarter that was closed, what was reported, what its
// ledger says today, and the difference by cause; summary is its total in one
// phrase. An open period has none.
func restatement(ctx context.Context, q *warehouse.Snapshot, r Request) (sections []Section, summary string, err error) {
	closing, ok, err := attribution.ClosingOf(ctx, q, r.Period.Name)
	if err != nil || !ok {
		return nil, "", err
	}
	s := Section{ID: "restatement", Title: "Restatement", Note: closedWords(closing) + ". "}
	now, err := attribution.Restate(ctx, q, r.UserID, r.Model, closing, "")
	switch {
	case errors.Is(err, attribution.ErrNotReported), errors.Is(err, attribution.ErrOtherCurrency):
		s.Note += "It cannot be compared: " + err.Error() + "."
		s.Columns = []Column{{"channel", "Channel"}}
		return []Section{s}, "cannot be compared: " + err.Error(), nil
	case err != nil:
		return nil, "", fmt.Errorf("ask restatement: %w", err)
	}
	summary = fmt.Sprintf("as reported on %s %s %s; today differs by %s", closing.At.Format("2006-01-02"), money.Format(now.Total.Then, r.Currency), r.Currency, money.Format(now.Total.Now-now.Total.Then, r.Currency))
	s.Note += upper(summary) + ". As reported plus the causes is today, in every row. Reported with: " + closing.Settings.Line() + "."
	for _, d := range now.Change {
		s.Note += " " + d.String() + "."
	}
	s.Columns = []Column{{"channel", "Channel"}, {"as_reported", "As reported"}, {"today", "Today"}, {"change", "Change"}}
	deals := Section{
		ID: "restated-deals", Title: "Restated deals", Note: "Deals whose credits are others than reported. Of several causes that apply the first listed has the difference; a changed rule is worked out by itself.",
		Columns: []Column{{"deal_id", "Deal"}, {"deal", "Name"}, {"account", "Account"}, {"causes", "Causes"}, {"as_reported", "As reported"}, {"today", "Today"}},
	}
	for _, c := range now.Causes {
		s.Columns = append(s.Columns, Column{string(c.Cause), c.Title})
		deals.Columns = append(deals.Columns, Column{string(c.Cause) + "_moved", c.Title + ", moved"})
	}
	line := func(name string, m attribution.Moved) Row {
		row := Row{name, Money(m.Then), Money(m.Now), Money(m.Now - m.Then)}
		for _, c := range now.Causes {
			row = append(row, Money(m.By[c.Cause]))
		}
		return row
	}
	groups := now.Groups[attribution.Channel]
	for _, g := range groups {
		s.Rows = append(s.Rows, line(groupName(attribution.Group{Kind: g.Kind, ID: g.ID, Name: g.Name}, "channel"), g.Moved))
	}
	s.Rows = append(s.Rows, line("All won revenue", now.Total))
	s.Chart = &Chart{Title: "Change since the closing", Column: 3, Rows: min(len(groups), chartRows)}
	for _, d := range now.Deals {
		row := Row{d.DealID, d.Name, d.Account, causes(d.Applies), Money(d.Then), Money(d.Now)}
		for _, c := range now.Causes {
			row = append(row, Money(d.Shifted[c.Cause]))
		}
		deals.Rows = append(deals.Rows, row)
	}
	return []Section{s, deals}, summary, nil
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// closedWords say which version was closed when, by whom and why.
func closedWords(c attribution.Closing) string {
	words := fmt.Sprintf("Version %d, closed %s UTC by %s", c.Version, c.At.Format("2006-01-02 15:04"), c.Name)
	if c.Reason != "" {
		words += ": " + strings.TrimSuffix(c.Reason, ".")
	}
	return words
}

func causes(applies []attribution.Cause) string {
	var titles []string
	for _, term := range attribution.Causes {
		for _, c := range applies {
			if c == term.Cause {
				titles = append(titles, term.Title)
			}
		}
	}
	return strings.Join(titles, "; ")
}
