package sampledata

import (
	"context"
	"fmt"
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
