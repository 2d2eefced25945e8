package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"credence/attribution"
	"credence/ui"
	"credence/warehouse"
)

// ofDeal is the panel of a deal's page: what other settings would make of its
// journey and its credit.
func (w *whatIf) ofDeal(ctx context.Context, stored attribution.DealJourney) (*ui.WhatIf, error) {
	return w.panel(ctx, func(ctx context.Context) (*ui.WhatIfResult, error) {
		var other attribution.DealJourney
		err := w.ask(ctx, attribution.Trial{DealID: stored.DealID, NoPosts: true}, func(q *warehouse.Snapshot) (err error) {
			other, err = attribution.Journey(ctx, q, w.v.Reader.ID, stored.DealID)
			return err
		})
		if err != nil {
			return nil, err
		}
		return w.compareJourneys(stored, other), nil
	})
}

func (w *whatIf) compareJourneys(stored, other attribution.DealJourney) *ui.WhatIfResult {
	before, after := earnedByChannel(stored, w.base.Model), earnedByChannel(other, w.want.Model)
	var rows []moved
	total := int64(0)
	for _, channel := range slices.Concat(warehouse.Channels, []string{"withheld", "unattributed"}) {
		m := moved{name: channel, channel: channel, before: before[channel], after: after[channel]}
		if m.before == 0 && m.after == 0 {
			continue
		}
		if !slices.Contains(warehouse.Channels, channel) {
			m.name, m.channel, m.quiet = upper(channel), ui.Unattributed, true
		}
		rows, total = append(rows, m), total+m.before
	}
	slices.SortStableFunc(rows, func(a, b moved) int {
		if a.quiet || b.quiet {
			return 0
		}
		return int(sign(distance(b.change()) - distance(a.change())))
	})
	r := w.result("Channel", rows, total, stored.Currency)
	sum := int64(0)
	for _, m := range rows {
		sum += distance(m.change())
	}
	switch {
	case sum > 0:
		r.Finding = ui.Say(w.f.Money(sum/2, stored.Currency) + " of this deal would move")
	case len(rows) > 0:
		r.Finding = ui.Say("No credit of this deal would move")
	default:
		r.Finding, r.Table = ui.Say("This deal has no credit to move; its touches may count otherwise"), nil
	}
	r.Facts = []ui.Fact{{Name: "Touches that count", Value: arrow(fmt.Sprint(len(stored.Eligible)), fmt.Sprint(len(other.Eligible)))}}
	if gone := leftOut(stored, other); gone != "" {
		r.Facts = append(r.Facts, ui.Fact{Name: "Would count no longer", Value: gone})
	}
	if come := leftOut(other, stored); come != "" {
		r.Facts = append(r.Facts, ui.Fact{Name: "Would count, and do not now", Value: come})
	}
	return r
}

// earnedByChannel is what each channel earned of a deal under a model.
func earnedByChannel(j attribution.DealJourney, model string) map[string]int64 {
	out := map[string]int64{}
	for _, t := range j.Eligible {
		for _, c := range t.Credits {
			if c.Model == model && t.Bucket != "withheld" {
				out[t.Channel] += c.AmountMinor
			}
		}
	}
	for _, r := range j.Residues {
		if r.Model == model {
			out["unattributed"] += r.UnattributedMinor
			out["withheld"] += r.WithheldMinor
		}
	}
	return out
}

// leftOut are the touches that count in one journey and not in the other, by the
// other's reason.
func leftOut(in, other attribution.DealJourney) string {
	counts := map[string]bool{}
	for _, t := range in.Eligible {
		counts[t.TouchID] = true
	}
	for _, t := range other.Eligible {
		delete(counts, t.TouchID)
	}
	n, reasons := len(counts), []string{}
	for _, t := range other.Ineligible {
		if counts[t.TouchID] && t.Reason != "" && !slices.Contains(reasons, t.Reason) {
			reasons = append(reasons, t.Reason)
		}
	}
	switch {
	case n == 0:
		return ""
	case len(reasons) == 0:
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d (%s)", n, strings.Join(reasons, ", "))
}
