package sampledata

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// account is a company that may buy.
type account struct {
	index                      int
	id, name, domain, industry string
	country, region            string
	segment                    int
	employees                  int
	rep                        int     // who looks after it
	heir, heirFrom             int     // and who does from a day on
	fit                        float64 // how well our devices suit it, standard normal
	appetite                   float64 // how much its people click, around 1
	chats                      bool    // has a shared chat channel with us
	contacts                   []contact
	campaigns                  []int // that target it
	intent                     []float32
	interest                   []float32 // e to the power of intent: how much more than usual they look around
}

// contact is a person at an account.
type contact struct {
	id, name, email, phone, title, seniority, handle string
	personal                                         string // private address, sometimes used by mistake
	visitors                                         []string
	known                                            bool // has told the web site who they are
	weight                                           float64
	optedOut                                         bool
	leadDay                                          int // first day the CRM knew the person
}

// newAccounts founds n companies in three regions and gives each to a seller.
func newAccounts(seed uint64, n, days int, reps []rep) []account {
	sellers := map[string][]int{}
	for i, r := range reps {
		if r.seller && i != joiner {
			sellers[r.region] = append(sellers[r.region], i)
		}
	}
	industries := make([]string, 0, len(trades))
	for k := range trades {
		industries = append(industries, k)
	}
	slices.Sort(industries)

	accounts := make([]account, n)
	used := map[string]int{}
	for i := range accounts {
		d := newKey(seed, forAccount).at(i).dice()
		a := account{index: i, id: fmt.Sprintf("A-%04d", i+1)}
		a.region = regions[i%len(regions)]
		if i%7 == 0 {
			a.region = dach
		}
		a.industry = pick(d, industries)
		a.country = pick(d, countries[a.region])
		base := pick(d, stems[a.region]) + " " + pick(d, trades[a.industry])
		used[base]++
		if used[base] > 1 {
			base += " " + []string{"Works", "Group", "Systems", "International", "Holding", "Services"}[(used[base]-2)%6]
			used[base]++
		}
		a.name = base + " " + pick(d, legalForms[a.region])
		a.domain = slug(base) + ".example"
		for u, k := d.unit(), 0; ; k++ {
			if u < segments[k].share || k == len(segments)-1 {
				a.segment = k
				break
			}
			u -= segments[k].share
		}
		s := segments[a.segment]
		a.employees = s.employees[0] + int(math.Pow(d.unit(), 2)*float64(s.employees[1]-s.employees[0]))
		a.rep = pick(d, sellers[a.region])
		a.heir, a.heirFrom = a.rep, days
		switch {
		case a.rep == leaver:
			a.heir, a.heirFrom = successor, reps[leaver].to+1
		case reps[a.rep].team == reps[joiner].team && d.chance(.25):
			a.heir, a.heirFrom = joiner, reps[joiner].from
		}
		a.fit = d.normal()
		a.appetite = math.Exp(.4*d.normal() - .08)
		a.chats = d.chance([]float64{.25, .12, .03}[a.segment])
		a.contacts = newContacts(seed, &a, days, d.between(s.contacts[0], s.contacts[1]))
		a.intent = newIntent(seed, i, days)
		a.interest = make([]float32, days)
		for t, z := range a.intent {
			a.interest[t] = float32(math.Exp(float64(z)))
		}
		accounts[i] = a
	}
	return accounts
}

func newContacts(seed uint64, a *account, days, n int) []contact {
	out := make([]contact, 0, n)
	used := map[string]bool{}
	for j := 0; len(out) < n; j++ {
		d := newKey(seed, forContact).at(a.index).at(j).dice()
		name := pick(d, firstNames[a.region]) + " " + pick(d, lastNames[a.region])
		if used[name] {
			continue
		}
		used[name] = true
		job := pick(d, jobs)
		c := contact{
			id: fmt.Sprintf("C-%04d-%d", a.index+1, len(out)+1), name: name, email: localPart(name) + "@" + a.domain,
			title: job.title, seniority: job.seniority, phone: phone(a, d),
			handle:   "in/" + slug(name) + "-" + fmt.Sprintf("%04x", d.next()&0xffff),
			known:    d.chance(.62),
			weight:   .25 + d.unit(),
			optedOut: d.chance(.015),
			leadDay:  -d.between(30, 900),
		}
		if d.chance(.35) {
			c.leadDay = d.below(days)
		}
		if len(out) == 0 {
			c.weight += 1.2
		}
		c.personal = strings.ReplaceAll(localPart(name), ".", "-") + "-" + fmt.Sprint(d.between(60, 99)) + "@" + pick(d, []string{"gmail.com", "outlook.com", "gmx.net"})
		for v := range 1 + d.below(2) {
			c.visitors = append(c.visitors, fmt.Sprintf("v%012x", mix(uint64(newKey(seed, forContact).at(a.index).at(j).at(v)))>>16))
		}
		out = append(out, c)
	}
	return out
}

// phone is a number of a range that is set aside for fiction or unassigned.
func phone(a *account, d *dice) string {
	switch a.region {
	case dach:
		return fmt.Sprintf("+49 30 23125 %03d", d.below(1000))
	case nordics:
		return fmt.Sprintf("+46 8 465 00%d %02d", d.below(10), d.below(100))
	default:
		return fmt.Sprintf("+1 %s 555 01%02d", pick(d, []string{"212", "312", "415", "617"}), d.below(100))
	}
}

// newIntent is the account's latent interest by day: autoregressive with unit
// variance and a memory of about a month.
func newIntent(seed uint64, index, days int) []float32 {
	const memory = .972
	d := newKey(seed, forIntent).at(index).dice()
	out := make([]float32, days)
	z := d.normal()
	shock := math.Sqrt(1 - memory*memory)
	for t := range out {
		z = memory*z + shock*d.normal()
		out[t] = float32(z)
	}
	return out
}
