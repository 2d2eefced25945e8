package sampledata

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"
)

// visit is a web session as our analytics stored it.
type visit struct {
	at                                              time.Time
	visitor, email, landing, referrer               string
	source, medium, campaign, content, term, clicks string
}

// engagement is a known person's act as the tool that saw it stored it.
type engagement struct {
	at                                               time.Time
	kind, contact, email, handle, visitor, post      string
	campaign, rep, click, url, evidence, eventPerson string
	events                                           bool // seen by the event tool
}

// writeWeb writes visits and the engagements of all tools but the event tool.
func (b *book) writeWeb(_ context.Context, dir string) error {
	files := filepath.Join(dir, "files")
	if err := writeTable(filepath.Join(files, "visits.csv"), "visit_id,occurred_at,visitor_id,contact_id,email,landing_url,referrer,utm_source,utm_medium,utm_campaign,utm_content,utm_term,click_id", func(t *table) {
		for i, v := range b.visits {
			t.row(fmt.Sprintf("V-%06d", i+1), stamp(v.at), v.visitor, "", v.email, v.landing, v.referrer, v.source, v.medium, v.campaign, v.content, v.term, v.clicks)
		}
	}); err != nil {
		return err
	}
	return writeTable(filepath.Join(files, "engagements.csv"), engagementColumns, func(t *table) {
		n := 0
		for _, e := range b.engage {
			if !e.events {
				n++
				e.row(t, fmt.Sprintf("G-%06d", n))
			}
		}
	})
}

const engagementColumns = "engagement_id,kind,occurred_at,contact_id,email,handle,visitor_id,post_id,campaign_id,rep_id,click_id,url,evidence"

func (e *engagement) row(t *table, id string) {
	contact := e.contact
	if e.events {
		contact = e.eventPerson
	}
	t.row(id, e.kind, stamp(e.at), contact, e.email, e.handle, e.visitor, e.post, e.campaign, e.rep, e.click, e.url, e.evidence)
}

// writeEvents writes the event tool's export: its own contacts and their
// registrations.
func (b *book) writeEvents(_ context.Context, dir string) error {
	if err := writeTable(filepath.Join(dir, "events", "contacts.csv"), "contact_id,name,email,phone,title", func(t *table) {
		for _, c := range b.events {
			t.row(c.id, c.name, c.email, c.phone, c.title)
		}
	}); err != nil {
		return err
	}
	return writeTable(filepath.Join(dir, "events", "engagements.csv"), engagementColumns, func(t *table) {
		n := 0
		for _, e := range b.engage {
			if e.events {
				n++
				e.row(t, "EV-"+strconv.Itoa(n))
			}
		}
	})
}
