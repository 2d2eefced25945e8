package sampledata

import (
	"fmt"
	"math"
	"time"
)

// fillQuotas sets quarterly quotas of sellers and teams: a stretch on what such
// a seller closes on average, so that about half reach them.
func (b *book) fillQuotas(t *table) {
	w := b.w
	sellers, total := 0, int64(0)
	for _, r := range w.reps {
		if r.seller {
			sellers++
		}
	}
	for _, d := range b.deals {
		if d.won() && d.rated {
			total += d.euros
		}
	}
	average := float64(total) / float64(sellers) / float64(w.days) * 91.3
	for at := quarterStart(w.from); at.Before(w.end()); at = at.AddDate(0, 3, 0) {
		period := fmt.Sprintf("%dQ%d", at.Year(), (at.Month()-1)/3+1)
		year := at.Sub(w.from).Hours() / 24 / 365
		teams := map[int]int64{}
		for i, r := range w.reps {
			if !r.seller || int(at.Sub(w.from).Hours()/24) > r.to || at.AddDate(0, 3, 0).Before(w.date(r.from)) {
				continue
			}
			k := newKey(w.seed, forCompany).at(i).at(12)
			x := average * (.88 + .14*year) * (.85 + .35*k.unit())
			if r.title == "Senior Account Executive" {
				x *= 1.1
			}
			switch {
			case at.Before(w.from): // the company's first, short quarter
				x *= .25 * w.date(0).Sub(at.AddDate(0, 3, 0)).Abs().Hours() / 24 / 91.3
			case at.AddDate(0, -3, 0).Before(w.from):
				x *= .8
			case at.Month() == time.October:
				x *= 1.12
			}
			step := math.Max(1, math.Round(average/20/100_000)) * 100_000 // whole thousands
			amount := int64(math.Max(1, math.Round(x/step))) * int64(step)
			teams[r.team] += amount
			t.row(r.id, "", period, decimal(amount), "EUR")
		}
		// A team's quota is a row of its own, a little below the sum of its reps';
		// regions and the company add up their teams.
		for i := len(teamPlan) - 1; i > 0; i-- {
			if i >= firstSellingTeam {
				teams[i] = teams[i] / 100 * 94
			}
			for p, x := range teamPlan {
				if x.id == teamPlan[i].parent {
					teams[p] += teams[i]
				}
			}
		}
		for i, x := range teamPlan {
			t.row("", x.id, period, decimal(teams[i]), "EUR")
		}
	}
}

func quarterStart(at time.Time) time.Time {
	return time.Date(at.Year(), (at.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
}
