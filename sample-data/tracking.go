package sampledata

import (
	"fmt"
	"time"
)

// track records what touches left behind in web analytics, the newsletter tool,
// LinkedIn and the event tool. Much leaves nothing but an unknown visitor.
func (b *book) track() {
	w := b.w
	for i := range w.histories {
		a := &w.accounts[i]
		identified := make([]bool, len(a.contacts))
		for j := range w.histories[i].touches {
			t := &w.histories[i].touches[j]
			k := newKey(w.seed, forVisit).at(i).at(j)
			switch {
			case t.ch == sales:
			case t.kind == registered:
				b.registration(a, t)
			case t.kind == opening:
				b.opening(a, t)
			case t.kind == reacting:
				b.reaction(a, t, k)
			default:
				b.visit(a, t, k, identified)
			}
		}
	}
	for _, m := range b.mails {
		if m.noticed {
			b.engage = append(b.engage, engagement{at: m.at.Add(4 * time.Second), kind: "reply", contact: m.contact.id, email: m.contact.email, rep: w.reps[m.rep].id})
		}
	}
	b.strangers()
	b.scanners()
	end := w.end()
	visits, engage := b.visits[:0], b.engage[:0]
	for _, v := range b.visits {
		if v.at.Before(end) {
			visits = append(visits, v)
		}
	}
	for _, e := range b.engage {
		if e.events || e.at.Before(end) {
			engage = append(engage, e)
		}
	}
	b.visits, b.engage = visits, engage
	sortBy(b.visits, func(v visit) int64 { return v.at.Unix() })
	sortBy(b.engage, func(e engagement) int64 { return e.at.Unix() })
}

// visit records a session, and what the visitor did in it that says who it was.
func (b *book) visit(a *account, t *touch, k key, identified []bool) {
	w := b.w
	c := &a.contacts[t.contact]
	v := visit{at: w.at(int(t.day), int(t.second)), visitor: c.visitors[int(k.at(1).unit()*float64(len(c.visitors)))], landing: website + pages[int(k.at(2).unit()*float64(len(pages)))]}
	if t.campaign >= 0 {
		p := &w.campaigns[t.campaign]
		v.campaign = misname(k.at(3), p.name)
		v.source, v.medium = misspell(k.at(4), p.source, p.medium)
	}
	click := fmt.Sprintf("%016x", mix(uint64(k.at(5))))
	switch t.ch {
	case paidSearch:
		v.clicks, v.term, v.referrer = "gc."+click, pickAt(k.at(6), searchTerms), "https://www.google.com/"
		if w.campaigns[t.campaign].style == branded {
			v.term = "halden instruments"
		}
	case paidSocial:
		v.clicks, v.referrer = "ps."+click, "https://www."+w.campaigns[t.campaign].source+".com/"
	case display, video:
		v.clicks = "dv." + click
	case email:
		v.clicks, v.email = "nl."+click, c.email
		b.engage = append(b.engage, engagement{at: v.at.Add(-2 * time.Second), kind: "click", contact: c.id, email: c.email, campaign: w.campaigns[t.campaign].id, click: v.clicks, url: v.landing})
	case referral:
		v.referrer = "https://" + pickAt(k.at(6), partners) + "/links"
	case organicSearch:
		v.referrer = pickAt(k.at(6), []string{"https://www.google.com/", "https://www.google.com/", "https://www.bing.com/", "https://duckduckgo.com/"})
	default:
	}
	if t.post >= 0 {
		b.landFrom(&v, t, k)
	}
	b.visits = append(b.visits, v)
	if t.form || c.known && !identified[t.contact] {
		identified[t.contact] = true
		e := engagement{at: v.at.Add(time.Duration(40+k.at(8).unit()*200) * time.Second), kind: "form", email: c.email, visitor: v.visitor, url: website + pickAt(k.at(9), forms)}
		if t.campaign >= 0 {
			e.campaign = w.campaigns[t.campaign].id
		}
		if t.post >= 0 {
			e.post = w.posts[t.post].id
		}
		if k.at(10).unit() < .6 {
			e.contact = c.id
		}
		b.engage = append(b.engage, e)
	}
}

// landFrom tags a session with the post it came from.
func (b *book) landFrom(v *visit, t *touch, k key) {
	p := &b.w.posts[t.post]
	if p.network == blog {
		v.landing = p.url
		return
	}
	host := map[string]string{linkedIn: "linkedin", xNetwork: "twitter", facebook: "facebook"}[p.network]
	v.referrer = map[string]string{linkedIn: "https://www.linkedin.com/", xNetwork: "https://t.co/", facebook: "https://l.facebook.com/"}[p.network]
	if v.source == "" {
		v.source, v.medium = misspell(k.at(4), host, "social")
	} else {
		v.source, v.medium = host, "social"
	}
	switch u := k.at(7).unit(); {
	case p.rep >= 0 && u < .10:
		v.content = "rep:" + b.w.reps[p.rep].id
	case u < .94:
		v.content = "post:" + p.id
	default: // somebody copied the link without its tags
		v.source, v.medium, v.campaign = "", "", ""
	}
}

func (b *book) opening(a *account, t *touch) {
	c := &a.contacts[t.contact]
	b.engage = append(b.engage, engagement{at: b.w.at(int(t.day), int(t.second)), kind: "open", contact: c.id, email: c.email, campaign: b.w.campaigns[t.campaign].id})
}

// reaction records a like or a comment on LinkedIn, which tells who it was.
func (b *book) reaction(a *account, t *touch, k key) {
	c, p := &a.contacts[t.contact], &b.w.posts[t.post]
	e := engagement{at: b.w.at(int(t.day), int(t.second)), kind: "reaction", handle: c.handle, post: p.id, url: p.url}
	if k.at(1).unit() < .3 {
		e.kind = "comment"
	}
	if p.campaign >= 0 {
		e.campaign = b.w.campaigns[p.campaign].id
	}
	b.engage = append(b.engage, e)
}

// registration records a registration in the event tool, whose clock runs ahead
// by 26 hours: the skew of one source.
func (b *book) registration(a *account, t *touch) {
	c, p := &a.contacts[t.contact], &b.w.campaigns[t.campaign]
	if p.source == "fair" && newKey(b.w.seed, forRegistration).at(a.index).at(int(t.day)).unit() < .12 {
		// A business card: the rep typed it into the CRM.
		r := a.repOf(int(t.day))
		b.engage = append(b.engage, engagement{at: b.w.at(int(t.day), int(t.second)), kind: "registration", contact: c.id, campaign: p.id, rep: b.w.reps[r].id, evidence: "C"})
		return
	}
	id := "E-" + c.id[2:]
	b.engage = append(b.engage, engagement{
		at: b.w.at(int(t.day), int(t.second)).Add(eventClock), kind: "registration", email: c.email, campaign: p.id,
		url: website + "/events/" + p.name, eventPerson: id, events: true,
	})
	if !b.registered[id] {
		b.registered[id] = true
		b.events = append(b.events, contactRow{id: id, name: c.name, email: c.email, title: c.title})
		b.twins = append(b.twins, twin{"contact", []string{"crm:" + c.id, "events:" + id}, "same address in two sources"})
	}
}

// eventClock is how far the event tool's clock is ahead.
const eventClock = 26 * time.Hour

func pickAt[T any](k key, list []T) T { return list[int(k.unit()*float64(len(list)))] }

// strangers are visitors who belong to no account we know.
func (b *book) strangers() {
	w := b.w
	for day := range w.days {
		dice := newKey(w.seed, forVisit).at(-1 - day).dice()
		n := int(9 * float64(len(w.accounts)) / fullAccount * (.6 + .8*dice.unit()))
		for range max(1, n) {
			v := visit{at: w.at(day, dice.below(86400)), visitor: fmt.Sprintf("v%012x", dice.next()>>16), landing: website + pick(dice, pages)}
			switch dice.below(4) {
			case 0:
				v.referrer = "https://www.google.com/"
			case 1:
				v.referrer = "https://www.linkedin.com/"
			case 2:
				v.source, v.medium = "linkedin", "social"
			}
			b.visits = append(b.visits, v)
		}
	}
}

// scanners are mail gateways that click every link of a newsletter within
// seconds of its delivery.
func (b *book) scanners() {
	w := b.w
	n := 0
	for i := range w.accounts {
		a := &w.accounts[i]
		if k := newKey(w.seed, forDirt).at(i).at(-7); k.unit() >= .004 && (n > 0 || i <= 5) {
			continue
		}
		n++
		c := &a.contacts[0]
		for _, ci := range a.campaigns {
			p := &w.campaigns[ci]
			if p.style != sending {
				continue
			}
			for _, day := range p.days {
				dice := newKey(w.seed, forDirt).at(i).at(day).dice()
				if dice.chance(.5) {
					continue
				}
				at := w.at(day, 8*3600).Add(time.Duration(dice.between(2, 5)) * time.Second)
				for j := range 5 {
					click := fmt.Sprintf("nl.%016x", dice.next())
					at = at.Add(time.Duration(dice.below(2)) * time.Second)
					url := website + pages[2+j]
					b.engage = append(b.engage, engagement{at: at, kind: "click", contact: c.id, email: c.email, campaign: p.id, click: click, url: url})
					b.visits = append(b.visits, visit{at: at, visitor: fmt.Sprintf("v%012x", dice.next()>>16), email: c.email, landing: url, source: p.source, medium: p.medium, campaign: p.name, clicks: click})
				}
			}
		}
	}
}

var (
	pages       = []string{"/", "/", "/products/gas-analysers", "/products/coordinate-measuring", "/products/pressure", "/products/calibrators", "/solutions/quality-labs", "/pricing", "/contact", "/service"}
	forms       = []string{"/contact", "/demo", "/downloads/uncertainty-guide", "/newsletter", "/quote"}
	partners    = []string{"metrology-hub.example", "lab-equipment-guide.example", "plantpartner.example"}
	searchTerms = []string{"calibration service", "gas analyser", "coordinate measuring machine", "pressure transmitter", "humidity logger", "gauge study"}
)
