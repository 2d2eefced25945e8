package sampledata

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"time"
)

// writeCompany writes reps, teams, accounts, contacts, products, quotas and rates.
func (b *book) writeCompany(_ context.Context, dir string) error {
	w, files := b.w, filepath.Join(dir, "files")
	for _, f := range []struct {
		name, header string
		fill         func(t *table)
	}{
		{"reps", "rep_id,name,email,team_id,title,region,started_on,ended_on", func(t *table) {
			for _, r := range w.reps {
				ended := ""
				if r.to < w.days {
					ended = w.dayText(r.to)
				}
				t.row(r.id, r.name, r.email, teamPlan[r.team].id, r.title, r.region, w.dayText(r.from), ended)
			}
		}},
		{"teams", "team_id,name,parent_team_id,manager_rep_id,region", func(t *table) {
			for _, x := range teamPlan {
				t.row(x.id, x.name, x.parent, w.reps[x.manager].id, x.region)
			}
		}},
		{"accounts", "account_id,name,domain,parent_account_id,industry,employees,country,region,segment", func(t *table) {
			for _, a := range w.accounts {
				t.row(a.id, a.name, a.domain, "", a.industry, strconv.Itoa(a.employees), a.country, a.region, segments[a.segment].name)
			}
			a := w.accounts[b.merged]
			t.row(b.oldAccountID(), a.name+" (merged)", a.domain, a.id, a.industry, "", a.country, a.region, segments[a.segment].name)
		}},
		{"contacts", "contact_id,account_id,name,email,phone,title,seniority,handle,lead_created_at,opted_out,lawful_basis", b.fillContacts},
		{"products", "product_id,name,list_price,unit_cost,currency", func(t *table) {
			for _, p := range products {
				t.row(p.id, p.name, decimal(p.list*100), decimal(p.cost*100), "EUR")
			}
		}},
		{"quotas", "rep_id,team_id,period,amount,currency", b.fillQuotas},
		{"currency_rates", "day,currency,rate", func(t *table) {
			for i := range w.rates.weeks["SEK"] {
				for _, c := range []string{"SEK", "USD"} {
					r := w.rates.weeks[c][i]
					if at := w.rates.from.AddDate(0, 0, 7*i); at.Before(w.end()) {
						t.row(at.Format(time.DateOnly), c, fmt.Sprintf("%d.%06d", r/1e6, r%1e6))
					}
				}
			}
		}},
	} {
		if err := writeTable(filepath.Join(files, f.name+".csv"), f.header, f.fill); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) fillContacts(t *table) {
	w := b.w
	basis := []string{"consent", "legitimate interest", "legitimate interest", ""}
	for i := range w.accounts {
		a := &w.accounts[i]
		for j := range a.contacts {
			c := &a.contacts[j]
			account := a.id
			if i == b.merged && j > 0 {
				account = b.oldAccountID()
			}
			k := newKey(w.seed, forContact).at(i).at(j).at(99)
			lead := w.at(c.leadDay, 7*3600+int(k.unit()*36000))
			t.row(c.id, account, c.name, c.email, c.phone, c.title, c.seniority, c.handle, stamp(lead), strconv.FormatBool(c.optedOut), basis[int(k.at(1).unit()*4)])
		}
	}
	for _, c := range b.extra {
		t.row(c.id, c.account, c.name, c.email, c.phone, c.title, "", "", "", "false", "")
	}
}

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

// writeDeals writes deals, their people, stages and lines.
func (b *book) writeDeals(_ context.Context, dir string) error {
	files := filepath.Join(dir, "files")
	for _, f := range []struct {
		name, header string
		fill         func(t *table)
	}{
		{"deals", "deal_id,account_id,primary_contact_id,owner_rep_id,name,pipeline,stage,status,type,source,amount,currency,created_at,expected_close_on,closed_at,updated_at,forecast_category,probability,lost_reason,region,segment", func(t *table) {
			for _, d := range b.deals {
				t.row(b.dealRow(d)...)
			}
		}},
		{"deal_contacts", "deal_id,contact_id,role", func(t *table) {
			roles := []string{"champion", "decision maker", "user", "procurement", "technical buyer", "user"}
			for _, d := range b.deals {
				for j := range d.engaged {
					t.row(d.id, d.acct.contacts[j].id, roles[j])
				}
			}
		}},
		{"stage_changes", "deal_id,stage,changed_at,rep_id", func(t *table) {
			for _, d := range b.deals {
				b.fillStages(t, d)
			}
		}},
		{"line_items", "line_id,deal_id,product_id,quantity,unit_price,discount_percent,unit_cost", func(t *table) {
			for _, d := range b.deals {
				for j, l := range d.price.lines {
					if d.dirt.noAmount && d.stage == 0 {
						continue
					}
					t.row(fmt.Sprintf("%s-%d", d.id, j+1), d.id, products[l.product].id, strconv.FormatInt(l.quantity, 10), decimal(l.unit), strconv.Itoa(l.discount), decimal(l.cost))
				}
			}
		}},
	} {
		if err := writeTable(filepath.Join(files, f.name+".csv"), f.header, f.fill); err != nil {
			return err
		}
	}
	return nil
}

var probabilityOf = [...]string{"0.15", "0.3", "0.5", "0.7", "1", "0"}

func (b *book) dealRow(d *booked) []string {
	w := b.w
	dice := newKey(w.seed, forDeal).at(d.account).at(d.ord).at(3).dice()
	account, contact, owner := d.acct.id, d.acct.contacts[0].id, w.reps[d.owner].id
	if d.dirt.oldAccount {
		account = b.oldAccountID()
	}
	if d.dirt.noAccount {
		account, contact = "", ""
	}
	if d.dirt.noOwner {
		owner = ""
	}
	amount := decimal(d.price.amount)
	if d.dirt.noAmount {
		amount = ""
	}
	kind := "new business"
	if d.ord > 0 {
		kind = pick(dice, []string{"existing business", "existing business", "renewal"})
	}
	status, forecast, reason := "open", [...]string{"pipeline", "pipeline", "best case", "commit"}[min(d.stage, 3)], ""
	expected := d.createdAt.AddDate(0, 0, dice.between(45, 120))
	updated := d.createdAt
	for _, day := range d.entered[:4] {
		if day > d.created {
			updated = w.at(day, 15*3600)
		}
	}
	switch d.stage {
	case stageWon:
		status, forecast, expected, updated = "won", "closed", d.closedAt, d.closedAt
	case stageLost:
		status, forecast, expected, updated = "lost", "omitted", d.closedAt, d.closedAt
		reason = pick(dice, []string{"price", "price", "no decision", "competitor", "competitor", "timing", "technical fit", ""})
	default:
		if !d.dirt.overdue && !expected.After(w.end()) {
			expected = w.end().AddDate(0, 0, dice.between(3, 95))
		}
	}
	product := products[d.price.lines[0].product].name
	return []string{
		d.id, account, contact, owner, fmt.Sprintf("%s: %s", d.acct.name, product), "Sales", stageNames[d.stage], status, kind,
		pick(dice, []string{"inbound", "inbound", "outbound", "event", "referral", "website", ""}), amount, d.price.currency,
		stamp(d.createdAt), expected.Format(time.DateOnly), stamp(d.closedAt), stamp(updated), forecast, probabilityOf[d.stage], reason, d.acct.region, segments[d.acct.segment].name,
	}
}

// fillStages writes the stages a deal entered, in order and within its life.
func (b *book) fillStages(t *table, d *booked) {
	last := d.createdAt
	for s, day := range d.entered {
		if day < 0 {
			continue
		}
		k := newKey(b.w.seed, forTime).at(d.account).at(d.ord).at(s + 10)
		at := b.w.at(day, 8*3600+int(k.unit()*9*3600))
		switch {
		case s == 0:
			at = d.createdAt
		case s >= stageWon:
			at = d.closedAt
		case !at.After(last):
			at = last.Add(time.Minute)
		}
		if s < stageWon && !d.closedAt.IsZero() && !at.Before(d.closedAt) {
			at = d.closedAt.Add(-time.Minute)
		}
		last = at
		owner := b.w.repOn(d.rep, day)
		t.row(d.id, stageNames[s], stamp(at), b.w.reps[owner].id)
	}
}
