package sampledata

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
)

// book is the world as our systems recorded it: ids given, prices fixed, mails
// written, dirt added. The writers turn it into files.
type book struct {
	w      *world
	deals  []*booked
	mails  []*mail
	visits []visit
	engage []engagement
	extra  []contactRow // duplicate contacts in the CRM
	events []contactRow // contacts of the event tool
	twins  []twin       // what is one and the same
	merged int          // index of the account that exists twice

	registered map[string]bool // contacts of the event tool that registered
}

// booked is a deal with its id, price and owner of today.
type booked struct {
	*deal
	id        string
	price     price
	euros     int64 // reporting amount at the close, or at the end while open
	rated     bool
	owner     int
	createdAt time.Time
	closedAt  time.Time // zero while open
	acct      *account
	dirt      dealDirt
}

// twin says that several records are one: a truth the identity rules must find.
type twin struct {
	Kind string   `json:"kind"`
	IDs  []string `json:"ids"`
	Why  string   `json:"why"`
}

func newBook(w *world) *book {
	b := &book{w: w, merged: len(w.accounts) / 7, registered: map[string]bool{}}
	for i := range w.histories {
		for j := range w.histories[i].deals {
			d := &w.histories[i].deals[j]
			x := &booked{deal: d, acct: &w.accounts[i], price: w.price(d), owner: d.rep}
			x.createdAt = w.at(d.created, int(d.second))
			last := w.days - 1
			if !d.open() {
				last = d.closed
				dice := newKey(w.seed, forTime).at(i).at(j).dice()
				x.closedAt = w.at(d.closed, dice.between(8*3600, 18*3600))
				if !x.closedAt.After(x.createdAt) {
					x.closedAt = x.createdAt.Add(2 * time.Hour)
				}
			}
			if last > w.reps[d.rep].to {
				x.owner = w.repOn(d.rep, last)
			}
			x.euros, x.rated = w.reported(x.price.amount, x.price.currency, w.date(last))
			b.deals = append(b.deals, x)
		}
	}
	sortBy(b.deals, func(d *booked) int64 { return d.createdAt.Unix() })
	for i, d := range b.deals {
		d.id = fmt.Sprintf("D-%05d", i+1)
	}
	b.soil()
	b.writeMails()
	b.track()
	return b
}

// write writes all files but the truth, in parallel where they are large.
func (b *book) write(ctx context.Context, dir string) error {
	for _, sub := range []string{"files", "events", "mail", "slack", "social/x", "ads"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil { //nolint:gosec // files for everyone to look at
			return fmt.Errorf("make %s: %w", sub, err)
		}
	}
	if err := b.writeConfig(dir); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, part := range []func(context.Context, string) error{
		b.writeCompany, b.writeDeals, b.writeActivities, b.writePosts, b.writeWeb, b.writeMarketing, b.writeEvents,
		b.writeMailboxes, b.writeSlack, b.writeSocial, b.writeAds,
	} {
		g.Go(func() error { return part(ctx, dir) })
	}
	return g.Wait()
}
