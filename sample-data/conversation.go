package sampledata

import (
	"fmt"
	"math"
	"strings"
	"time"
)

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

// answerMachine adds the out-of-office reply to m.
func (b *book) answerMachine(dice *dice, m *mail) {
	at := m.at.Add(time.Duration(dice.between(2, 40)) * time.Second)
	auto := b.newMail(dice, m.rep, m.account, m.contact, at, true, "Automatic reply: "+strings.TrimPrefix(m.subject, "Re: "), nil)
	auto.inReplyTo, auto.references = m.id, m.id
	auto.auto, auto.deal, auto.thread = true, m.deal, m.thread
	auto.body = "I am out of the office and will answer when I am back."
	b.mails = append(b.mails, auto)
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
