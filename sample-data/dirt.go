package sampledata

import (
	"fmt"
	"strings"
)

// dealDirt is what is wrong with a deal's record.
type dealDirt struct {
	noOwner, noAccount, noAmount, overdue bool
	oldAccount                            bool // filed under the account that was merged away
}

// contactRow is a further record of a person who has one already.
type contactRow struct {
	id, account, name, email, phone, title string
}

// soil gives the records the dirt real ones have: DESIGN §12. Shares are of a
// full company; the small one of a test has at least one of each.
func (b *book) soil() {
	b.soilDeals()
	b.soilContacts()
	a := &b.w.accounts[b.merged]
	b.twins = append(b.twins, twin{"account", []string{"crm:" + a.id, "crm:" + b.oldAccountID()}, "merged in the CRM: same domain, the old record points to the new one"})
}

// oldAccountID is the second record of the merged account.
func (b *book) oldAccountID() string { return fmt.Sprintf("A-%04d", len(b.w.accounts)+1) }

func (b *book) soilDeals() {
	noOwner, noAccount, noAmount := 0, 0, 0
	for i, d := range b.deals {
		k := newKey(b.w.seed, forDirt).at(i)
		switch u := k.unit(); {
		case u < .006 || noOwner == 0 && i > 20 && d.open():
			d.dirt.noOwner = true
			noOwner++
		case u < .05 || noAccount == 0 && i > 25: // sold at the counter: nobody says who bought
			d.dirt.noAccount = true
			noAccount++
		case u < .056 && !d.won() || noAmount == 0 && d.open() && i > 30:
			d.dirt.noAmount = true
			noAmount++
		}
		d.dirt.overdue = d.open() && k.at(1).unit() < .18
		d.dirt.oldAccount = d.acct.index == b.merged && d.ord%2 == 0
	}
	b.soilCurrency()
}

// soilCurrency sees to it that a deal is in a currency for which nobody entered
// a rate: in a large company Swiss customers do, in a small one a deal is made
// to, one that was not won, for the truth counts what was.
func (b *book) soilCurrency() {
	for _, d := range b.deals {
		if d.price.currency == unrated {
			return
		}
	}
	for _, d := range b.deals {
		if !d.won() && d.acct.region == dach {
			d.price.currency, d.euros, d.rated = unrated, 0, false
			return
		}
	}
}

// soilContacts makes 4 % of the people twice: half in the CRM, half in the
// event tool, by an address or number that shows it or by nothing but the name.
func (b *book) soilContacts() {
	n := 0
	for i := range b.w.accounts {
		a := &b.w.accounts[i]
		for j := range a.contacts {
			c := &a.contacts[j]
			k := newKey(b.w.seed, forDirt).at(i).at(j)
			if k.unit() >= .04 && (n > 0 || i <= 3) {
				continue
			}
			n++
			row := contactRow{account: a.id, name: c.name, email: c.email, phone: c.phone, title: c.title}
			local, domain, _ := strings.Cut(c.email, "@")
			var why string
			switch n % 5 {
			case 0:
				row.email, row.phone, why = strings.ToUpper(local[:1])+local[1:]+"@"+strings.ToUpper(domain), "", "same address in other letters"
			case 1:
				row.email, row.phone, why = local+"+news@"+domain, "", "same address with a tag"
			case 2:
				row.email, row.phone, why = c.personal, strings.ReplaceAll(c.phone, " ", ""), "same phone number, private address"
			case 3:
				row.email, row.phone, why = "", strings.ReplaceAll(c.phone, " ", "-"), "same phone number, no address"
			default:
				row.email, row.phone, why = local[:1]+"."+local[strings.LastIndexByte(local, '.')+1:]+"@"+domain, "", "same name at the same company, another address"
			}
			if n%2 == 0 {
				row.id = fmt.Sprintf("E-%05d", 90000+n)
				b.events = append(b.events, row)
				b.twins = append(b.twins, twin{"contact", []string{"crm:" + c.id, "events:" + row.id}, why})
				continue
			}
			row.id = c.id + "X"
			b.extra = append(b.extra, row)
			b.twins = append(b.twins, twin{"contact", []string{"crm:" + c.id, "crm:" + row.id}, why})
		}
	}
}

// misspell writes a source or medium as people do when nobody checks.
func misspell(k key, source, medium string) (string, string) {
	u := k.unit()
	if u >= .07 {
		return source, medium
	}
	switch int(u*1000) % 6 {
	case 0:
		return strings.ToUpper(source[:1]) + source[1:], medium
	case 1:
		return source + ".com", medium
	case 2:
		return source, strings.ReplaceAll(medium, "_", "-")
	case 3:
		return source, strings.ToUpper(medium)
	case 4:
		return source + " ", strings.ReplaceAll(medium, "email", "e-mail")
	default:
		return source[:len(source)-1], medium
	}
}

// misname writes a campaign's name as people do: the second spelling.
func misname(k key, name string) string {
	u := k.unit()
	switch {
	case u < .03:
		return strings.ToUpper(name)
	case u < .045:
		return strings.ReplaceAll(name, "-", "_")
	case u < .055:
		return strings.Replace(name, "search-", "serach-", 1)
	case u < .065:
		return name + "s"
	default:
		return name
	}
}
