package sampledata

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
)

// writeActivities writes what the CRM knows of calls and meetings, and the
// mails that were logged there too: the same Message-ID as in the mailbox.
func (b *book) writeActivities(_ context.Context, dir string) (err error) {
	acts, err := newTable(filepath.Join(dir, "files", "activities.csv"), "activity_id,kind,direction,occurred_at,rep_id,contact_id,email,deal_id,thread_id,uid,duration_s,length,outcome")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, acts.close()) }()
	people, err := newTable(filepath.Join(dir, "files", "activity_people.csv"), "activity_id,contact_id,email,role")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, people.close()) }()

	n := 0
	for i, d := range b.deals {
		b.spoil(acts, i, d)
		for i := range d.touches {
			n++
			b.act(acts, people, n, d.acct, d, &d.touches[i])
		}
	}
	for i := range b.w.histories {
		for j := range b.w.histories[i].touches {
			if t := &b.w.histories[i].touches[j]; t.ch == sales {
				n++
				b.act(acts, people, n, &b.w.accounts[i], nil, t)
			}
		}
	}
	for i, m := range b.mails {
		if !m.copied {
			continue
		}
		direction, deal := "outbound", ""
		if m.inbound {
			direction = "inbound"
		}
		if m.deal != nil {
			deal = m.deal.id
		}
		acts.row(fmt.Sprintf("M-%06d", i+1), "email", direction, stamp(m.at), b.w.reps[m.rep].id, m.contact.id, m.contact.email, deal, m.thread, m.id, "", strconv.Itoa(len(m.body)), "")
	}
	return nil
}

// spoil writes rows as CRM exports have them and no reader can take: notes,
// which are no activity between two people, and calls on a day that never was.
func (b *book) spoil(acts *table, i int, d *booked) {
	const noteEach, callEach = 120, 240
	c := &d.acct.contacts[0]
	if i%noteEach == noteEach/2 {
		acts.row(fmt.Sprintf("NOTE-%05d", i), "note", "", stamp(b.w.at(b.w.days/2, 36000+i)), "", c.id, c.email, d.id, "", "", "", "", "")
	}
	if i%callEach == callEach/6 {
		acts.row(fmt.Sprintf("TYPED-%05d", i), "call", "outbound", "2026-02-30T10:00:00Z", "", c.id, c.email, d.id, "", "", "300", "", "completed")
	}
}

// act writes a call or meeting and who took part; chats are in the chat export.
func (b *book) act(acts, people *table, n int, a *account, d *booked, t *touch) {
	c := &a.contacts[t.contact]
	k := newKey(b.w.seed, forStep).at(a.index).at(int(t.day)).at(int(t.second))
	id, deal := fmt.Sprintf("ACT-%06d", n), ""
	if d != nil {
		deal = d.id
	}
	at := b.w.at(int(t.day), int(t.second)/900*900)
	if d != nil && !d.closedAt.IsZero() && !at.Before(d.closedAt) {
		at = d.closedAt.Add(-3600e9)
	}
	kindText, direction, outcome, uid := "call", "outbound", "completed", ""
	seconds := 120 + int(k.unit()*1500)
	switch t.kind {
	case ringing:
		outcome, seconds = "voicemail", 20+int(k.unit()*30)
	case meeting, missing:
		kindText, direction, outcome, seconds = "meeting", "", "held", 1800*(1+int(k.unit()*3))
		uid = fmt.Sprintf("%016x@calendar.%s", mix(uint64(k)), ownDomain)
		if t.kind == missing {
			outcome = "no_show"
		}
	case calling:
	default:
		return
	}
	acts.row(id, kindText, direction, stamp(at), b.w.reps[t.rep].id, c.id, c.email, deal, "", uid, strconv.Itoa(seconds), "", outcome)
	if kindText != "meeting" {
		return
	}
	people.row(id, "", b.w.reps[t.rep].email, "organiser")
	people.row(id, c.id, c.email, "attendee")
	for j := range d.engaged {
		o := &a.contacts[j]
		if o != c && k.at(j).unit() < .55 {
			people.row(id, o.id, o.email, "attendee")
		}
	}
}
