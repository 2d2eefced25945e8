package sampledata

import (
	"fmt"
	"time"
)

var prospectBodies = []string{
	"Many plants we work with lose hours to gauges that drift. Is that a topic for you?",
	"We published a short guide on calibration intervals. Shall I send it?",
	"Your colleagues in the industry cut rework by checking in the line. May I show you how in fifteen minutes?",
	"If an audit is coming up, our laboratory has free slots next month.",
}

var prospectTopics = []string{"Measuring uncertainty in your plant", "Calibration before the next audit", "An idea for your test bench", "Fewer recalls by better gauges", "Five minutes about your gas analysers"}

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
