package warehouse

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/warehouse/sqlfile"
)

// ErrOwn says that somebody is one of our own people, whom erasure does not
// know: their records are the seller's side of every deal.
var ErrOwn = errors.New("is one of our own people: opt the rep out, or disable the user")

// Someone names a person by an address or by id; one of them is enough.
type Someone struct {
	Email    string
	PersonID string // of person
}

// Erased is what an erasure did.
type Erased struct {
	Stub string // what stands in the person's place; it says nothing of who it was
	Forgotten
}

// identities is everything by which one person is known.
type identities struct {
	contacts []contactRow
	emails   []string // keys, with what no contact has
	visitors []string
}

// Erase takes a person out of everything that is kept: records of every source,
// rejected rows, closed quarters. Stand-ins hold the places, so that touches and
// their credit stay to the cent, and tombstones keep the person from coming back
// with the next sync. It is a step of a refresh (Settings.First), because what
// is derived still knows the person; the bytes are gone from the file after
// Rewrite. ErrNotFound means that nobody is known by that address.
func (w *Warehouse) Erase(ctx context.Context, tx *Tx, who Someone, now time.Time) (Erased, error) {
	if w.key == nil {
		return Erased{}, errors.New("erase a person: there is no key for tombstones")
	}
	known, err := identify(ctx, tx, who)
	if err != nil {
		return Erased{}, fmt.Errorf("erase a person: %w", err)
	}
	g, err := w.graveyard(ctx, tx)
	if err != nil {
		return Erased{}, err
	}
	if g == nil {
		g = newGraveyard(w.key)
	}
	stub, err := newStandIn()
	if err != nil {
		return Erased{}, err
	}
	like := Tombstone{Stub: stub, ErasedAt: now.UTC().Truncate(time.Second)}
	if err = bury(ctx, tx, g, known, like); err != nil {
		return Erased{}, fmt.Errorf("erase a person: %w", err)
	}
	out := Erased{Stub: stub}
	if out.Forgotten, err = forgetStored(ctx, tx, g); err != nil {
		return out, err
	}
	return out, questions.Get("note_rewrite").Exec(ctx, tx, named("since", like.ErasedAt))
}

// newStandIn is an id that says nothing.
func newStandIn() (string, error) {
	raw := make([]byte, 6)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("draw a stand-in: %w", err)
	}
	return standIn + hex.EncodeToString(raw), nil
}

func freshKey() ([]byte, error) {
	key := make([]byte, MinKey)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("draw a key: %w", err)
	}
	return key, nil
}

// bury makes a tombstone of everything a person is known by.
func bury(ctx context.Context, tx sqlfile.Querier, g *graveyard, known identities, like Tombstone) error {
	domains, err := texts(ctx, tx, questions.Get("company_domains"))
	if err != nil {
		return err
	}
	for _, key := range known.emails {
		t := like
		t.KeepsDomain = isFreeMail(domainOf(key)) || slices.Contains(domains, domainOf(key))
		g.add(ofEmail, key, t)
	}
	for _, c := range known.contacts {
		g.add(ofContact, recordKey(c.source, c.id), like)
		var others int64
		if err := questions.Get("other_contact_id").One(ctx, tx, []namedArg{named("source", c.source), named("id", c.id)}, &others); err != nil {
			return err
		}
		if others == 0 {
			g.add(ofAnyContact, c.id, like)
		}
		g.addHandle(c.handle, like)
		g.addName(c.name, like)
		if phone := phoneKey(c.phone); phone != "" {
			shared, err := sharedPhone(ctx, tx, phone, known.contacts)
			if err != nil {
				return err
			}
			if !shared {
				g.addPhone(c.phone, like)
			}
		}
	}
	for _, v := range known.visitors {
		g.add(ofVisitor, v, like)
	}
	return nil
}

// sharedPhone reports whether somebody else has the number too.
func sharedPhone(ctx context.Context, tx sqlfile.Querier, phone string, own []contactRow) (bool, error) {
	rows, err := contactRowsOf(ctx, tx, questions.Get("contacts_with_phone"))
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(rows, func(r contactRow) bool {
		return phoneKey(r.phone) == phone && !slices.ContainsFunc(own, func(o contactRow) bool { return o.source == r.source && o.id == r.id })
	}), nil
}

// identify finds everything by which a person is known: the records behind the
// person of the last refresh, or those with the address.
func identify(ctx context.Context, tx sqlfile.Querier, who Someone) (identities, error) {
	var known identities
	key := emailKey(who.Email)
	if who.PersonID == "" && key == "" {
		return known, ErrNotFound
	}
	if key != "" {
		own, err := texts(ctx, tx, questions.Get("own_addresses"))
		if err != nil {
			return known, err
		}
		if slices.ContainsFunc(own, func(a string) bool { return emailKey(a) == key }) {
			return known, ErrOwn
		}
	}
	all, err := contactRowsOf(ctx, tx, questions.Get("contact_identities"))
	if err != nil {
		return known, err
	}
	named := map[string]bool{} // records that have the address themselves: what is derived may not show it
	for _, r := range all {
		named[recordKey(r.source, r.id)] = key != "" && emailKey(r.email) == key
	}
	records, addresses, err := recordsOf(ctx, tx, who.PersonID, key, named)
	if err != nil {
		return known, err
	}
	for _, r := range all {
		if records[recordKey(r.source, r.id)] || named[recordKey(r.source, r.id)] {
			known.contacts = append(known.contacts, r)
			addresses[emailKey(r.email)] = true
		}
	}
	if key != "" && !addresses[key] {
		if addresses[key], err = addressSeen(ctx, tx, key); err != nil {
			return known, err
		}
	}
	for a, is := range addresses {
		if is && a != "" {
			known.emails = append(known.emails, a)
		}
	}
	slices.Sort(known.emails)
	if len(known.contacts) == 0 && len(known.emails) == 0 {
		return known, ErrNotFound
	}
	known.visitors, err = visitorsOf(ctx, tx, who.PersonID, known)
	return known, err
}

// recordsOf are the contact records of a person of the last refresh, and the
// address of one who has none: the person called personID, with the address key
// or with one of the records named.
func recordsOf(ctx context.Context, tx sqlfile.Querier, personID, key string, named map[string]bool) (records, addresses map[string]bool, err error) {
	records, addresses = map[string]bool{}, map[string]bool{}
	ok, err := refreshed(ctx, tx)
	if err != nil || !ok {
		return records, addresses, err
	}
	people, err := personRecords(ctx, tx, questions.Get("person_records"))
	if err != nil {
		return nil, nil, err
	}
	persons := map[string]bool{personID: personID != ""}
	for _, p := range people {
		if p.person != "" && (named[recordKey(p.source, p.record)] || key != "" && p.id == key) {
			persons[p.person] = true
		}
	}
	for _, p := range people {
		switch {
		case p.person == "" || !persons[p.person]:
		case p.source == "": // an address alone
			addresses[p.id] = true
		default:
			records[recordKey(p.source, p.record)] = true
		}
	}
	return records, addresses, nil
}

func refreshed(ctx context.Context, tx sqlfile.Querier) (bool, error) {
	var generation int64
	if err := tx.QueryRowContext(ctx, "select generation from generation").Scan(&generation); err != nil {
		return false, fmt.Errorf("read generation: %w", err)
	}
	return generation > 0, nil
}

// addressSeen reports whether an address stands in any record that no contact is
// behind.
func addressSeen(ctx context.Context, tx sqlfile.Querier, key string) (bool, error) {
	seen, err := texts(ctx, tx, questions.Get("act_addresses"))
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(seen, func(a string) bool { return emailKey(a) == key }), nil
}

// visitorsOf are the devices that this person alone was identified on.
func visitorsOf(ctx context.Context, tx sqlfile.Querier, personID string, known identities) ([]string, error) {
	if ok, err := refreshed(ctx, tx); err != nil || !ok {
		return nil, err
	}
	list, err := pairs(ctx, tx, questions.Get("visitor_people"))
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{personID: personID != ""}
	for _, c := range known.contacts {
		ids[c.id], ids[c.source+":"+c.id] = true, true
	}
	for _, e := range known.emails {
		ids[e] = true
	}
	own := map[string]bool{}
	for _, v := range list {
		if was, seen := own[v[0]]; !seen || was {
			own[v[0]] = ids[v[1]]
		}
	}
	var out []string
	for v, is := range own {
		if is && !strings.HasPrefix(v, standIn) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out, nil
}

// ReapplyTombstones replaces whoever was erased in everything that is kept: in a
// database restored from a backup made before. list adds tombstones that the
// database itself may not have. A refresh must follow before anything is served.
func (w *Warehouse) ReapplyTombstones(ctx context.Context, list []Tombstone, now time.Time) (Forgotten, error) {
	var out Forgotten
	err := w.Write(ctx, func(tx *Tx) error {
		if err := keepTombstones(ctx, tx, list); err != nil {
			return err
		}
		g, err := w.graveyard(ctx, tx)
		if err != nil || g == nil {
			return err
		}
		if out, err = forgetStored(ctx, tx, g); err != nil {
			return err
		}
		if out == (Forgotten{}) {
			return nil
		}
		if err = questions.Get("note_rewrite").Exec(ctx, tx, named("since", now.UTC().Truncate(time.Second))); err != nil {
			return err
		}
		// What is derived still knows them: nobody may be served from it.
		_, err = tx.ExecContext(ctx, "update generation set built_by = null")
		return err
	})
	if err != nil {
		return out, fmt.Errorf("re-apply erasures: %w", err)
	}
	return out, nil
}
