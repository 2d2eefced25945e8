package web

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"credence/attribution"
	"credence/ui"
	"credence/warehouse/sqlfile"
)

// peopleShown is how many people of a deal are listed; the table behind has
// them all.
const peopleShown = 12

// lawfulBasis is by what right somebody is known, as a source says it.
type lawfulBasis struct {
	basis  string // as the source writes it; "" when none tells
	source string
}

// dealConsent is the lawful basis by person of those on the journey.
func dealConsent(ctx context.Context, v *Visit, dealID string) (map[string]lawfulBasis, error) {
	consent := map[string]lawfulBasis{}
	_, err := sqlfile.All(ctx, v, questions.Get("deal_consent"), func(scan func(...any) error) (id string, err error) {
		var b lawfulBasis
		err = scan(&id, &b.basis, &b.source)
		consent[id] = b
		return id, err
	}, sql.Named("user_id", v.Reader.ID), sql.Named("deal_id", dealID))
	if err != nil {
		return nil, fmt.Errorf("read the lawful basis of people: %w", err)
	}
	return consent, nil
}

// words says the basis, and that consent was given where it is the basis.
func (b lawfulBasis) words() string {
	switch {
	case b.basis == "":
		return "Unknown"
	case strings.EqualFold(b.basis, "consent"):
		return "Consent granted"
	}
	return upper(b.basis)
}

// told says which source says so.
func (b lawfulBasis) told() string {
	if b.basis == "" {
		return "no source tells"
	}
	return b.source
}

// people lists everybody on the journey who may be named, in the order they
// appear. Who opted out has no name and is not listed.
func (d *dealPage) people() (rows []ui.Known) {
	listed := map[string]bool{"": true}
	for _, touches := range [][]attribution.JourneyTouch{d.journey.Eligible, d.journey.Ineligible} {
		for _, t := range touches {
			if listed[t.PersonID] || t.Person == "" {
				continue
			}
			listed[t.PersonID] = true
			b := d.consent[t.PersonID]
			rows = append(rows, ui.Known{Name: t.Person, Role: t.PersonRole, Basis: b.words(), Told: b.told(), Unknown: b.basis == ""})
		}
	}
	return rows
}

// peopleSection heads the list: how many people are known without a basis.
func (d *dealPage) peopleSection(people []ui.Known) ui.Section {
	sec := ui.Section{ID: "people", Measure: ui.Say("Lawful basis as a source says it, with that source")}
	table := &ui.Table{Caption: "People on this deal", Head: []string{"Person", "Role", "Lawful basis", "Source"}}
	var unknown int64
	for _, p := range people {
		table.Rows = append(table.Rows, []string{p.Name, p.Role, p.Basis, p.Told})
		if p.Unknown {
			unknown++
		}
	}
	sec.Table = table
	n := int64(len(people))
	switch unknown {
	case 0:
		sec.Finding = ui.Say("People on this deal: each has a lawful basis")
	case n:
		sec.Finding = ui.Say("People on this deal: no source tells a lawful basis")
	default:
		sec.Finding = ui.Say("People on this deal: a lawful basis is known of " + small(n-unknown) + " of " + small(n))
	}
	return sec
}
