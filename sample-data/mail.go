package sampledata

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
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

type address struct{ name, email string }

func (a address) String() string {
	if a.name == "" {
		return a.email
	}
	if strings.ContainsFunc(a.name, func(r rune) bool { return r > 126 }) {
		return fmt.Sprintf("=?utf-8?q?%s?= <%s>", quoted(a.name), a.email)
	}
	return fmt.Sprintf("%s <%s>", a.name, a.email)
}

// quoted is the Q encoding of RFC 2047.
func quoted(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

var mailTopics = []string{
	"Question about the %s", "%s: specification", "Quote for the %s", "Delivery time of the %s", "%s: installation on site", "Calibration of the %s",
	"Terms and warranty", "Your visit to our plant", "Comparison with our current supplier", "%s: acceptance test", "Order form", "Training for the operators",
}

// What customers and reps write: short, and about nothing in particular.
var customerBodies = []string{
	"Thank you for the details. I will check them with the team and come back to you.",
	"Could you confirm the measuring range and the ambient temperature?",
	"We would like to move forward. What do you need from us?",
	"That works for us. I will ask purchasing about the next step.",
	"Our plant is closed next week, so we will look at it after that.",
	"The uncertainty you quote is better than what we have now. How is it verified?",
	"I have added a colleague who will run the tests.",
	"We compared three options and have a few questions about service.",
}

var repBodies = []string{
	"Please find the information as discussed. Two points are still open on our side.",
	"The data sheet is in the shared folder. Let me know if anything is missing.",
	"Happy to help. A short call tomorrow may be quicker.",
	"The revised numbers are attached to the quote. They are valid for thirty days.",
	"Our engineer has checked your drawing: the standard version fits.",
	"I have asked our laboratory for the certificate and will send it on.",
}

var prospectBodies = []string{
	"Many plants we work with lose hours to gauges that drift. Is that a topic for you?",
	"We published a short guide on calibration intervals. Shall I send it?",
	"Your colleagues in the industry cut rework by checking in the line. May I show you how in fifteen minutes?",
	"If an audit is coming up, our laboratory has free slots next month.",
}

var prospectTopics = []string{"Measuring uncertainty in your plant", "Calibration before the next audit", "An idea for your test bench", "Fewer recalls by better gauges", "Five minutes about your gas analysers"}

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

// dealMails writes a deal's threads. Reps write more where deals are large; the
// first thread opens with the customer's question and the rep's first answer.
func (b *book) dealMails(d *booked) {
	w := b.w
	dice := newKey(w.seed, forMail).at(d.account).at(d.ord).dice()
	end := w.end()
	if !d.closedAt.IsZero() {
		end = d.closedAt
	}
	life := end.Sub(d.createdAt)
	r := w.reps[d.rep]
	factor := r.mails * math.Pow(math.Max(3000, float64(d.euros)/100)/30000, .38) * math.Min(1.5, .35+life.Hours()/24/75)
	n := 2 + int(math.Round(9.0*factor*(.6+.8*dice.unit())))
	n = max(n, 2*d.engaged)
	subject := products[d.price.lines[0].product].name
	for thread := 0; n > 0; thread++ {
		size := min(n, dice.between(2, 5))
		n -= size
		at := d.createdAt.Add(time.Duration(dice.unit() * float64(life)))
		switch {
		case thread == 0:
			at = d.createdAt.Add(-time.Duration(dice.between(1, 40)) * time.Minute)
		case thread < d.engaged: // everyone engaged writes within the first days
			at = d.createdAt.Add(time.Duration(dice.between(20, 260)) * time.Hour)
		}
		topic := mailTopics[(thread*5+dice.below(3))%len(mailTopics)]
		if strings.Contains(topic, "%s") {
			topic = fmt.Sprintf(topic, subject)
		}
		b.thread(d, dice, thread, size, at, end, topic)
	}
}

func (b *book) thread(d *booked, dice *dice, thread, size int, at, end time.Time, topic string) {
	c := &d.acct.contacts[thread%d.engaged]
	var last *mail
	name := fmt.Sprintf("%s-%d", d.id, thread)
	for i := range size {
		inbound := (thread == 0) == (i%2 == 0)
		if thread > 0 && dice.chance(.12) {
			inbound = false // a second mail before the answer
		}
		if i > 0 {
			gap := time.Duration(math.Exp(.9*dice.normal()) * float64(14*time.Hour))
			if thread == 0 && i == 1 {
				gap = time.Duration(d.firstResponseH * float64(time.Hour))
			}
			at = at.Add(gap + time.Minute)
		}
		late := !inbound && dice.chance(b.w.reps[d.rep].lateNight)
		at = b.officeHours(at, d.acct.region, late, thread == 0 && i == 1, dice)
		if !at.Before(end) && i > 0 || !at.Before(b.w.end()) {
			return
		}
		r := b.w.repOn(d.rep, int(at.Sub(b.w.from).Hours()/24))
		m := b.newMail(dice, r, d.acct, c, at, inbound, topic, last)
		m.deal, m.thread = d, name
		m.copied = dice.chance(.05 + .06*b.w.reps[r].diligence) // diligent reps log more: it only looks as if that helped
		if inbound && dice.chance(.012) {
			m.personal, m.from = true, address{c.name, c.personal}
		}
		if !inbound && dice.chance(.09) {
			m.colleague = b.colleague(r)
			m.cc = append(m.cc, address{b.w.reps[m.colleague].name, b.w.reps[m.colleague].email})
		} else if d.engaged > 1 && dice.chance(.2) {
			o := &d.acct.contacts[(thread+1)%d.engaged]
			m.cc = append(m.cc, address{o.name, o.email})
		}
		b.mails = append(b.mails, m)
		last = m
		if !inbound && dice.chance(.018) {
			b.answerMachine(dice, m)
		}
	}
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

// answerMachine adds the out-of-office reply to m.
func (b *book) answerMachine(dice *dice, m *mail) {
	at := m.at.Add(time.Duration(dice.between(2, 40)) * time.Second)
	auto := b.newMail(dice, m.rep, m.account, m.contact, at, true, "Automatic reply: "+strings.TrimPrefix(m.subject, "Re: "), nil)
	auto.inReplyTo, auto.references = m.id, m.id
	auto.auto, auto.deal, auto.thread = true, m.deal, m.thread
	auto.body = "I am out of the office and will answer when I am back."
	b.mails = append(b.mails, auto)
}

// prospectMails writes the mails of reps to people who did not ask: few are
// answered, some bounce, some are answered by a machine.
func (b *book) prospectMails() {
	w := b.w
	byRep := map[int][]*account{}
	for i := range w.accounts {
		a := &w.accounts[i]
		byRep[a.rep] = append(byRep[a.rep], a)
	}
	byRep[successor] = append(byRep[successor], byRep[leaver]...)
	byRep[joiner] = byRep[successor]
	volume := .46 * float64(len(w.accounts)) / fullAccount
	for day := range w.days {
		if w.weekend(day) {
			continue
		}
		for i, r := range w.reps {
			if !r.seller || day < r.from || day > r.to || len(byRep[i]) == 0 {
				continue
			}
			dice := newKey(w.seed, forProspect).at(i).at(day).dice()
			for range 3 {
				if dice.chance(volume / 3 * 1.25 * r.mails) {
					b.prospect(dice, i, day, pick(dice, byRep[i]))
				}
			}
		}
	}
}

func (b *book) prospect(dice *dice, r, day int, a *account) {
	c := &a.contacts[dice.below(len(a.contacts))]
	at := b.officeHours(b.w.at(day, dice.between(7*3600, 16*3600)), a.region, dice.chance(b.w.reps[r].lateNight), false, dice)
	m := b.newMail(dice, r, a, c, at, false, pick(dice, prospectTopics), nil)
	m.thread = fmt.Sprintf("P-%d-%d-%d", r, day, a.index)
	m.copied, m.body = dice.chance(.03), pick(dice, prospectBodies)
	b.mails = append(b.mails, m)
	switch u := dice.unit(); {
	case u < .028:
		back := b.newMail(dice, r, a, c, at.Add(time.Duration(dice.between(1, 90))*time.Second), true, "Undelivered Mail Returned to Sender", nil)
		back.from = address{"Mail Delivery System", "MAILER-DAEMON@mail." + a.domain}
		back.bounce, back.thread, back.references = true, m.thread, m.id
		back.body = "This is the mail system. Your message could not be delivered to one or more recipients: user unknown."
		b.mails = append(b.mails, back)
	case u < .06:
		b.answerMachine(dice, m)
	case u < .115:
		at = b.officeHours(at.Add(time.Duration(dice.between(2, 60))*time.Hour), a.region, false, false, dice)
		answer := b.newMail(dice, r, a, c, at, true, m.subject, m)
		answer.thread, answer.noticed = m.thread, dice.chance(.5)
		b.mails = append(b.mails, answer)
	}
}

// colleague is another seller of r's team.
func (b *book) colleague(r int) int {
	lead := b.w.reps[r].team // teams are led by the rep of the same number
	if lead == r {
		return 9 + (lead-firstSellingTeam)%6
	}
	return lead
}

// officeHours moves an instant into the next working hours of a region; late
// makes it half past nine in the evening or later, prompt leaves it alone
// unless it falls into the night.
func (b *book) officeHours(at time.Time, region string, late, prompt bool, dice *dice) time.Time {
	from, to := 6, 16
	if region == america {
		from, to = 13, 23
	}
	if prompt && at.Hour() >= from-2 && at.Hour() <= to+2 {
		return at
	}
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, 1)
	}
	day := at.Truncate(24 * time.Hour)
	switch {
	case late && region != america:
		return day.Add(20*time.Hour + time.Duration(dice.between(0, 9000))*time.Second)
	case at.Hour() < from:
		return day.Add(time.Duration(from)*time.Hour + time.Duration(dice.between(0, 9000))*time.Second)
	case at.Hour() >= to:
		next := day.AddDate(0, 0, 1)
		for next.Weekday() == time.Saturday || next.Weekday() == time.Sunday {
			next = next.AddDate(0, 0, 1)
		}
		return next.Add(time.Duration(from)*time.Hour + time.Duration(dice.between(0, 7200))*time.Second)
	}
	return at
}

// writeMailboxes writes an mbox per rep with all mails the rep sent or got.
func (b *book) writeMailboxes(ctx context.Context, dir string) error {
	boxes := make([][]*mail, len(b.w.reps))
	for _, m := range b.mails {
		boxes[m.rep] = append(boxes[m.rep], m)
		if m.colleague >= 0 {
			boxes[m.colleague] = append(boxes[m.colleague], m)
		}
	}
	for i, r := range b.w.reps {
		if len(boxes[i]) == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writeMailbox(filepath.Join(dir, "mail", strings.TrimSuffix(r.email, "@"+ownDomain)+".mbox"), boxes[i]); err != nil {
			return err
		}
	}
	return nil
}

func writeMailbox(path string, mails []*mail) (err error) {
	f, err := os.Create(path) //nolint:gosec // below the folder that was asked for
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<16)
	for _, m := range mails {
		m.write(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// write writes m as an mbox entry: lines end in LF, as Unix mail spools have it.
func (m *mail) write(out *bufio.Writer) {
	// A bufio.Writer keeps its first error until Flush, so the lines need not look.
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	sender := m.from.email
	if m.bounce {
		sender = "MAILER-DAEMON"
	}
	line("From %s %s", sender, m.at.Format(time.ANSIC))
	if m.bounce {
		line("Return-Path: <>")
	}
	line("Message-ID: %s", m.id)
	line("Date: %s", m.at.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	line("From: %s", m.from)
	line("To: %s", m.to)
	if len(m.cc) > 0 {
		list := make([]string, len(m.cc))
		for i, c := range m.cc {
			list[i] = c.String()
		}
		line("Cc: %s", strings.Join(list, ",\n "))
	}
	if strings.ContainsFunc(m.subject, func(r rune) bool { return r > 126 }) {
		line("Subject: =?utf-8?q?%s?=", quoted(m.subject))
	} else {
		line("Subject: %s", m.subject)
	}
	if m.inReplyTo != "" {
		line("In-Reply-To: %s", m.inReplyTo)
	}
	if m.references != "" {
		line("References: %s", strings.ReplaceAll(m.references, " ", "\n "))
	}
	if m.auto {
		line("Auto-Submitted: auto-replied")
		line("Precedence: bulk")
	}
	line("MIME-Version: 1.0")
	if m.bounce {
		line("Auto-Submitted: auto-replied")
		line("Content-Type: multipart/report; report-type=delivery-status; boundary=\"b%d\"", m.at.Unix())
		line("")
		line("--b%d\nContent-Type: text/plain; charset=us-ascii\n\n%s\n", m.at.Unix(), m.body)
		line("--b%d\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; %s\nAction: failed\nStatus: 5.1.1\n", m.at.Unix(), strings.TrimPrefix(m.from.email, "MAILER-DAEMON@"))
		line("--b%d--\n", m.at.Unix())
		return
	}
	line("Content-Type: text/plain; charset=utf-8")
	line("Content-Transfer-Encoding: 7bit")
	line("")
	line("%s\n", m.body)
}
