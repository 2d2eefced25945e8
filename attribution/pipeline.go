package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// Pipeline is the amounts of open deals, split by a model over the touches they
// have so far. It is money that nobody has won: it is never added to credit.
type Pipeline struct {
	Dimension Dimension
	Model     Model
	Deals     []OpenShare // by deal id
	Total     int64       // minor units of the reporting currency
	Beside    Beside      // open deals that the sums leave out
}

// OpenShare is one open deal and how its amount is split: its parts sum to it.
type OpenShare struct {
	DealID, Deal, Account, Stage string
	Minor                        int64
	Parts                        []OpenPart // named ones by id, then none, withheld and unattributed
}

// OpenPart is what one group has of an open deal.
type OpenPart struct {
	Kind    GroupKind
	ID      string
	Name    string
	Channel string // of a campaign or post
	TeamID  string // of a rep or team
	Minor   int64
}

// OpenPipeline splits the open deals that the reader sees among the groups of one
// dimension by the rule of the ledger: per deal the parts and what is
// unattributed sum to the amount, to the minor unit.
func OpenPipeline(ctx context.Context, q sqlfile.Querier, user, model string, by Dimension) (Pipeline, error) {
	m, err := modelNamed(model)
	if err != nil {
		return Pipeline{}, err
	}
	if !slices.Contains(Dimensions, by) {
		return Pipeline{}, fmt.Errorf("%q is no view; choose one of %s", by, join(Dimensions))
	}
	type row struct {
		OpenShare
		OpenPart
	}
	args := []sql.NamedArg{sql.Named("user_id", user), sql.Named("dimension", string(by))}
	rows, err := sqlfile.All(ctx, q, openPipeline(m), func(scan func(...any) error) (row, error) {
		var r row
		serr := scan(&r.DealID, &r.Deal, &r.Account, &r.Stage, &r.OpenShare.Minor, &r.Kind, &r.ID, &r.Name, &r.Channel, &r.TeamID, &r.OpenPart.Minor)
		return r, serr
	}, args...)
	if err != nil {
		return Pipeline{}, fmt.Errorf("split open deals by %s: %w", by, err)
	}
	p := Pipeline{Dimension: by, Model: m}
	for _, r := range rows {
		if n := len(p.Deals); n == 0 || p.Deals[n-1].DealID != r.DealID {
			p.Deals = append(p.Deals, r.OpenShare)
			p.Total += r.OpenShare.Minor
		}
		last := &p.Deals[len(p.Deals)-1]
		last.Parts = append(last.Parts, r.OpenPart)
	}
	err = questions.Get("open_beside").One(ctx, q, args[:1], &p.Beside.NoAmount, &p.Beside.NoRate)
	if err != nil {
		return Pipeline{}, fmt.Errorf("count open deals: %w", err)
	}
	return p, nil
}

// openPipeline is the statement that splits open deals under m.
func openPipeline(m Model) *sqlfile.Statement {
	text := questions.Get("open_pipeline").Source
	text = strings.ReplaceAll(text, "/*running*/", storedRunning(m))
	text = strings.ReplaceAll(text, "/*split*/", creditOf(m, "o.reporting_minor"))
	return sqlfile.Parse("open_pipeline of "+m.ID, strings.ReplaceAll(text, "/*model*/", m.ID))
}
