package sampledata

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"
)

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
				if d.dirt.noAccount {
					continue
				}
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
