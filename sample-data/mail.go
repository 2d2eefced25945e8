package sampledata

import (
	"fmt"
	"strings"
	"time"
)

// mail is one message as our mail server saw it.
type mail struct {
	id, subject      string
	from, to         address
	cc               []address
	at               time.Time
	inReplyTo        string
	references       string
	body             string
	rep              int // whose conversation it is
	colleague        int // a second mailbox that holds it, -1 for none
	inbound          bool
	auto, bounce     bool
	deal             *booked // nil for prospecting
	contact          *contact
	account          *account
	thread           string
	copied, personal bool // logged in the CRM too; written from a private address
	noticed          bool // the newsletter tool saw the reply too
}

// writeMails writes the conversations about deals and the prospecting around them.
func (b *book) writeMails() {
	for _, d := range b.deals {
		b.dealMails(d)
	}
	b.prospectMails()
	end := b.w.end()
	kept := b.mails[:0]
	for _, m := range b.mails {
		if m.at.Before(end) {
			kept = append(kept, m)
		}
	}
	b.mails = kept
	private := map[string]bool{}
	for _, m := range b.mails {
		if m.personal && !private[m.from.email] {
			private[m.from.email] = true
			b.twins = append(b.twins, twin{"address", []string{"crm:" + m.contact.id, m.from.email}, "answered once from a private address"})
		}
	}
	sortBy(b.mails, func(m *mail) int64 { return m.at.Unix() })
}

// newMail is a mail between a rep and a contact.
func (b *book) newMail(dice *dice, r int, a *account, c *contact, at time.Time, inbound bool, topic string, parent *mail) *mail {
	ours, theirs := address{b.w.reps[r].name, b.w.reps[r].email}, address{c.name, c.email}
	m := &mail{rep: r, account: a, contact: c, at: at, inbound: inbound, subject: topic, from: ours, to: theirs, colleague: -1, body: pick(dice, repBodies)}
	host := ownDomain
	if inbound {
		m.from, m.to, host, m.body = theirs, ours, a.domain, pick(dice, customerBodies)
	}
	if dice.chance(.35) {
		m.body += "\n\nBest regards"
	}
	m.id = fmt.Sprintf("<%x.%08x@mail.%s>", at.Unix(), uint32(dice.next()>>32), host)
	if parent != nil {
		m.subject = "Re: " + strings.TrimPrefix(parent.subject, "Re: ")
		m.inReplyTo = parent.id
		m.references = strings.TrimSpace(parent.references + " " + parent.id)
	}
	return m
}
