package web

import (
	"context"
	"fmt"
	"math"

	"credence/attribution"
	"credence/ui"
	"credence/warehouse"
)

// ofAttribution is the panel of the attribution page: what other settings would
// make of the view that the page shows.
func (w *whatIf) ofAttribution(ctx context.Context, by attribution.Dimension, basis attribution.Basis) (*ui.WhatIf, error) {
	return w.panel(ctx, func(ctx context.Context) (*ui.WhatIfResult, error) {
		if (by == attribution.Rep || by == attribution.Team) && !w.names.named() {
			by = attribution.Channel
		}
		before, err := w.figures(ctx, w.v.Snapshot, w.base.Model, basis, by)
		if err != nil {
			return nil, err
		}
		var after whatIfFigures
		err = w.ask(ctx, attribution.Trial{Period: w.closes(basis), NoPosts: true}, func(q *warehouse.Snapshot) (err error) {
			after, err = w.figures(ctx, q, w.want.Model, basis, by)
			return err
		})
		if err != nil {
			return nil, err
		}
		return w.compare(upper(string(by)), before, after), nil
	})
}

// whatIfFigures is what the panel compares.
type whatIfFigures struct {
	view    attribution.View
	covered attribution.Covered
	splits  attribution.Splits
}

func (w *whatIf) figures(ctx context.Context, q *warehouse.Snapshot, model string, basis attribution.Basis, by attribution.Dimension) (f whatIfFigures, err error) {
	ask := attribution.Ask{Model: model, Basis: basis, Period: w.v.Period}
	if f.view, err = attribution.ViewBy(ctx, q, w.v.Reader.ID, ask, by); err != nil {
		return f, err
	}
	if f.covered, err = attribution.CoverageShare(ctx, q, w.v.Reader.ID, w.v.Period); err != nil {
		return f, err
	}
	f.splits, err = attribution.SplitsOf(ctx, q, w.v.Reader.ID, ask)
	return f, err
}

// unattributed is what no touch earned, and what is withheld.
func (f whatIfFigures) unattributed() (credit int64) {
	for _, g := range f.view.Groups {
		if g.Kind == attribution.Unattributed || g.Kind == attribution.Withheld {
			credit += g.Credit
		}
	}
	return credit
}

func (w *whatIf) compare(head string, before, after whatIfFigures) *ui.WhatIfResult {
	code := w.s.Config.Company.Currency
	rows := w.movedGroups(before.view, after.view)
	r := w.result(head, rows, before.view.Total, code)
	moves := before.splits.Moves(after.splits)
	sum := int64(0)
	for _, m := range rows {
		sum += distance(m.change())
	}
	switch {
	case sum == 0 && moves.Shared == 0:
		r.Finding = ui.Say("Nothing would move in " + periodTitle(w.v.Period.Name))
	case moves.Changed == 0:
		r.Finding = ui.Say("No won deal would change hands, and " + w.f.Short(sum/2, code) + " would move")
	default:
		r.Finding = ui.Say(w.f.Plural(int64(moves.Changed), "won deal", "won deals") + " would change hands, and " + w.f.Short(sum/2, code) + " would move")
	}
	share := func(c attribution.Covered) float64 {
		if c.Share == nil {
			return math.NaN()
		}
		return *c.Share
	}
	coverage := arrow(w.f.Percent(share(before.covered), 1), w.f.Percent(share(after.covered), 1))
	if a, b := share(before.covered), share(after.covered); a != b && !math.IsNaN(a) && !math.IsNaN(b) {
		coverage += " (" + w.f.Points(b-a) + ")"
	}
	r.Facts = []ui.Fact{
		{Name: "Coverage of won revenue", Value: coverage},
		{Name: "Unattributed", Value: arrow(w.f.Whole(before.unattributed(), code), w.f.Whole(after.unattributed(), code))},
		{Name: "Another channel earns most", Value: fmt.Sprintf("%d of %s", moves.Changed, w.f.Plural(int64(moves.Deals), "won deal", "won deals"))},
		{Name: "Shared otherwise among channels", Value: w.f.Plural(int64(moves.Shared), "won deal", "won deals")},
	}
	return r
}
