package adsexport

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/connectors"
	"credence/warehouse"
	"credence/warehouse/money"
)

// book collects what all files say of each campaign and day.
type book struct {
	channel   string
	campaigns map[string]*warehouse.Campaign
	ongoing   map[string]bool
	days      map[string]map[time.Time]*dayOf
}

// dayOf is a campaign's day and the file it is known from.
type dayOf struct {
	file     string
	daily    bool
	currency string
	amount   int64
	counts   [3]int64
}

func newBook(channel string) *book {
	return &book{
		channel: channel, campaigns: map[string]*warehouse.Campaign{}, ongoing: map[string]bool{},
		days: map[string]map[time.Time]*dayOf{},
	}
}

// enter adds a row, or says why it would be counted twice.
func (b *book) enter(e entry) *connectors.Rejection {
	days := b.days[e.id]
	if days == nil {
		days = map[time.Time]*dayOf{}
	}
	n := 0
	for day := e.from; !day.After(e.to); day = day.AddDate(0, 0, 1) {
		n++
		old := days[day]
		switch {
		case old == nil, old.file == e.file && old.currency == e.currency:
		case old.file != e.file && old.daily && e.daily: // the later file knows better
		default:
			return &connectors.Rejection{Field: "reporting_starts", Reason: fmt.Sprintf(
				"the spend of this campaign on %s is already in %s: download ranges that do not overlap, or with the breakdown Day", day.Format(time.DateOnly), old.file)}
		}
	}
	b.describe(e)
	b.days[e.id] = days

	even := make([]int64, n)
	for i := range even {
		even[i] = 1
	}
	amounts := money.Split(e.amount, even)
	var counts [3][]int64
	for i := range counts {
		counts[i] = money.Split(e.counts[i], even)
	}
	i := 0
	for day := e.from; !day.After(e.to); day = day.AddDate(0, 0, 1) {
		d := days[day]
		if d == nil || d.file != e.file {
			d = &dayOf{file: e.file, daily: e.daily, currency: e.currency}
			days[day] = d
		}
		d.amount += amounts[i]
		for k := range counts {
			d.counts[k] += counts[k][i]
		}
		i++
	}
	return nil
}

// describe keeps what a row says of its campaign: the widest dates, the largest
// budget, and of several names the first in the alphabet, whatever their order.
func (b *book) describe(e entry) {
	c := b.campaigns[e.id]
	if c == nil {
		c = &warehouse.Campaign{CampaignID: e.id, Channel: b.channel}
		b.campaigns[e.id] = c
	}
	if e.name != "" && (c.Name == "" || e.name < c.Name) {
		c.Name = e.name
	}
	if !e.starts.IsZero() && (c.StartedOn.IsZero() || e.starts.Before(c.StartedOn)) {
		c.StartedOn = e.starts
	}
	if e.ends.After(c.EndedOn) {
		c.EndedOn = e.ends
	}
	b.ongoing[e.id] = b.ongoing[e.id] || e.ongoing
	if e.budget > c.Budget.V {
		c.Budget = warehouse.Known(e.budget)
	}
	if c.Currency == "" || e.currency < c.Currency {
		c.Currency = e.currency
	}
}

// put stores the book, campaigns first.
func (b *book) put(ctx context.Context, out connectors.Sink) error {
	ids := make([]string, 0, len(b.campaigns))
	for id := range b.campaigns {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, strings.Compare)
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := *b.campaigns[id]
		if b.ongoing[id] {
			c.EndedOn = time.Time{}
		}
		if err := out.Put(c); err != nil {
			return err
		}
		if err := b.putDays(id, out); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) putDays(id string, out connectors.Sink) error {
	days := make([]time.Time, 0, len(b.days[id]))
	for day := range b.days[id] {
		days = append(days, day)
	}
	slices.SortFunc(days, time.Time.Compare)
	for _, day := range days {
		d := b.days[id][day]
		if d.counts != [3]int64{} {
			if err := out.Put(warehouse.CampaignMetric{
				Day: day, CampaignID: id, Impressions: warehouse.Known(d.counts[0]), Clicks: warehouse.Known(d.counts[1]), Leads: warehouse.Known(d.counts[2]),
			}); err != nil {
				return err
			}
		}
		if d.amount == 0 {
			continue
		}
		if err := out.Put(warehouse.Spend{
			Day: day, Channel: b.channel, CampaignID: id, Amount: warehouse.Known(d.amount), Currency: d.currency, Kind: "media",
		}); err != nil {
			return err
		}
	}
	return nil
}
