package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/warehouse/sqlfile"
)

// pastStandIn begins the stand-ins of retention.
const pastStandIn = standIn + "past"

// ofPast is the kind of mark that finds the stand-in of a person's old acts again
// as more of them grow old.
const ofPast identity = "past"

// pastColumns are the columns that say who took part, in the streams of acts, and
// with them what goes when the person does.
var pastColumns = []struct {
	stream, act string // act is the column that holds the act's id
	columns     []string
	also        []string
}{
	{"activities", "source_id", []string{"contact_id", "email"}, nil},
	{"activity_people", "activity_id", []string{"contact_id", "email"}, nil},
	{"engagements", "source_id", []string{"contact_id", "email", "handle"}, []string{"visitor_id"}},
	{"visits", "source_id", []string{"contact_id", "email"}, []string{"visitor_id", "referrer", "utm_term"}},
}

// retaining drops the person from acts that are older than a limit. It looks at
// whole touches, so that all records of one act go together, and puts one
// stand-in for each person, with the person's account, lead date, opt-out and
// roles on deals: the touches stay what they are and earn what they earned.
type retaining struct {
	ctx     context.Context //nolint:containedctx // one call of retain
	tx      *Tx
	g       *graveyard
	domains []string             // our own
	people  map[string]string    // person of each record key, address key and handle key
	own     map[string]bool      // address keys of reps and users
	stubs   map[string]pastStub  // by person
	records map[string][]pastRow // of each person
	devices []string             // visitor ids to be replaced
	now     time.Time
}

// pastStub is what stands for the old acts of a person.
type pastStub struct {
	id, email string
	record    bool // it has a contact record
}

// pastRow is a contact record of a person.
type pastRow struct {
	source, id, account, email, handle string
	leadAt                             any
	optedOut                           bool
}

// retain drops the person from touches and acts before the limit and returns how
// many rows it changed. The derived tables must be those of this transaction.
func (w *Warehouse) retain(ctx context.Context, tx *Tx, domains []string, before, now time.Time) (int64, error) {
	var tables int64
	if err := questions.Get("has_table").One(ctx, tx, []namedArg{named("name", "touch_source")}, &tables); err != nil || tables == 0 {
		return 0, err
	}
	if err := questions.Get("past_acts").Exec(ctx, tx, named("before", before)); err != nil {
		return 0, err
	}
	defer tx.ExecContext(context.WithoutCancel(ctx), "drop table if exists temp.main.past_act") //nolint:errcheck // the connection's next refresh drops it
	var due int64
	if err := questions.Get("past_due").One(ctx, tx, nil, &due); err != nil {
		return 0, err
	}
	devices, err := texts(ctx, tx, questions.Get("past_visitors"))
	if err != nil || due == 0 && len(devices) == 0 {
		return 0, err
	}
	r := &retaining{ctx: ctx, tx: tx, domains: domains, devices: devices, now: now, people: map[string]string{}, own: map[string]bool{}, stubs: map[string]pastStub{}, records: map[string][]pastRow{}}
	if r.g, err = w.graveyard(ctx, tx); err != nil {
		return 0, err
	}
	if r.g == nil {
		r.g = newGraveyard(w.key)
	}
	if w.key == nil { // nobody can be found again: every run makes stand-ins of its own
		if r.g.key, err = freshKey(); err != nil {
			return 0, err
		}
	}
	if err := r.know(); err != nil {
		return 0, err
	}
	var changed int64
	for _, step := range []func() (int64, error){r.actors, r.columns, r.visitors, r.pages, r.keys} {
		n, err := step()
		if err != nil {
			return 0, fmt.Errorf("drop the person from old acts: %w", err)
		}
		changed += n
	}
	if w.key != nil {
		if err := keepTombstones(ctx, tx, r.g.added); err != nil {
			return 0, err
		}
	}
	return changed, questions.Get("note_rewrite").Exec(ctx, tx, named("since", now.UTC().Truncate(time.Second)))
}

// know learns who is behind each record, address and handle.
func (r *retaining) know() error {
	own, err := texts(r.ctx, r.tx, questions.Get("own_addresses"))
	if err != nil {
		return err
	}
	for _, a := range own {
		r.own[emailKey(a)] = true
	}
	public, err := publicIDs(r.ctx, r.tx)
	if err != nil {
		return err
	}
	for _, p := range public {
		if p.source == "" && p.person != "" {
			r.people["email\x00"+p.id] = p.person
		}
	}
	rows, err := sqlfile.All(r.ctx, r.tx, questions.Get("past_contacts"), func(scan func(...any) error) (c pastRow, err error) {
		err = scan(&c.source, &c.id, &c.account, &c.email, &c.handle, &c.leadAt, &c.optedOut)
		return c, err
	})
	if err != nil {
		return err
	}
	for _, c := range rows {
		p, ok := public[recordKey(c.source, c.id)]
		if !ok || p.person == "" {
			continue
		}
		r.people["contact\x00"+recordKey(c.source, c.id)] = p.person
		if elsewhere := "any\x00" + c.id; r.people[elsewhere] == "" {
			r.people[elsewhere] = p.person
		}
		if c.email != "" {
			r.people["email\x00"+emailKey(c.email)] = p.person
		}
		if c.handle != "" {
			r.people["handle\x00"+handleKey(c.handle)] = p.person
		}
		r.records[p.person] = append(r.records[p.person], c)
	}
	return nil
}

// behind is the person of a value; own is set for our own people, who stay.
func (r *retaining) behind(column, source, value string) (person string, own bool) {
	switch column {
	case "email":
		key := emailKey(value)
		return r.people["email\x00"+key], r.own[key] || slices.Contains(r.domains, domainOf(key))
	case "handle":
		return r.people["handle\x00"+handleKey(value)], false
	default:
		if p, ok := r.people["contact\x00"+recordKey(source, value)]; ok {
			return p, false
		}
		return r.people["any\x00"+value], false
	}
}

// standFor is the stand-in of a person, made when it is first needed.
func (r *retaining) standFor(person string) (pastStub, error) {
	if s, ok := r.stubs[person]; ok {
		return s, nil
	}
	records := r.records[person]
	t, known := r.g.find(ofPast, person)
	if !known {
		fresh, err := newStandIn()
		if err != nil {
			return pastStub{}, err
		}
		t = Tombstone{Stub: pastStandIn + strings.TrimPrefix(fresh, standIn), ErasedAt: r.now.UTC().Truncate(time.Second)}
		r.g.add(ofPast, person, t)
	}
	s := pastStub{id: t.Stub, record: len(records) > 0}
	domain := strings.TrimPrefix(t.Stub, standIn) + ".invalid"
	if !s.record && strings.Contains(person, "@") { // the account is known by the domain alone
		domain = domainOf(person)
	}
	s.email = t.Stub + "@" + domain
	r.stubs[person] = s
	if known || !s.record {
		return s, nil
	}
	return s, r.record(person, s, records)
}

// record gives a stand-in its contact record and the person's roles on deals.
func (r *retaining) record(person string, s pastStub, records []pastRow) error {
	from := records[0]
	for _, c := range records {
		if c.account != "" {
			from = c
			break
		}
	}
	email := s.email
	if from.account == "" && from.email != "" { // then its domain says the account
		if mail := domainOf(emailKey(from.email)); mail != "" {
			email = s.id + "@" + mail
			s.email = email
			r.stubs[person] = s
		}
	}
	var leadAt any // null as long as none has a time
	var first time.Time
	out := false
	for _, c := range records {
		if at, ok := c.leadAt.(time.Time); ok && (leadAt == nil || at.Before(first)) {
			leadAt, first = at, at
		}
		out = out || c.optedOut
	}
	err := questions.Get("past_contact").Exec(r.ctx, r.tx, named("source", from.source), named("id", s.id), named("account_id", from.account),
		named("email", email), named("lead_created_at", leadAt), named("opted_out", out), named("at", r.now.UTC().Truncate(time.Second)))
	if err != nil {
		return err
	}
	return questions.Get("past_roles").Exec(r.ctx, r.tx, named("source", from.source), named("id", s.id), named("person_id", person), named("at", r.now.UTC().Truncate(time.Second)))
}

// actors ties old acts to the stand-in of whoever they are tied to now.
func (r *retaining) actors() (int64, error) {
	list, err := texts(r.ctx, r.tx, questions.Get("past_people"))
	if err != nil {
		return 0, err
	}
	var gone [][]any
	for _, person := range list {
		s, err := r.standFor(person)
		if err != nil {
			return 0, err
		}
		id := s.id
		if !s.record {
			id = ""
		}
		gone = append(gone, []any{person, id, s.email})
	}
	var changed int64
	f := &forgetting{ctx: r.ctx, tx: r.tx, g: r.g}
	for _, c := range pastColumns {
		if c.stream == "activity_people" || len(gone) == 0 {
			continue
		}
		table := StreamByName(c.stream).table()
		n, err := f.replace("gone_actor", "person_id varchar, contact_id varchar, email varchar", gone,
			"update "+table+" as t set contact_id = nullif(g.contact_id, ''), email = case when g.contact_id = '' or t.email is not null then g.email end"+
				" from temp.main.past_act p join temp.main.gone_actor g on g.person_id = p.person_id"+
				" where p.stream = '"+c.stream+"' and p.source = t.source and p.source_id = t.source_id")
		if err != nil {
			return changed, err
		}
		changed += n
	}
	return changed, nil
}

// columns replaces whoever else an old row names; who is nobody we know becomes
// nobody.
func (r *retaining) columns() (int64, error) {
	var changed int64
	f := &forgetting{ctx: r.ctx, tx: r.tx, g: r.g}
	for _, c := range pastColumns {
		stream := c.stream
		if stream == "activity_people" {
			stream = "activities"
		}
		table := StreamByName(c.stream).table()
		past := " p.stream = '" + stream + "' and p.source = t.source and p.source_id = t." + c.act
		for _, column := range c.columns {
			st := sqlfile.Parse("past values", "select distinct t.source, t."+column+" from "+table+" t join temp.main.past_act p on"+past+" where t."+column+" is not null and t."+column+" not like '"+standIn+"%' order by 1, 2")
			found, err := pairs(r.ctx, r.tx, st)
			if err != nil {
				return changed, err
			}
			var gone [][]any
			for _, v := range found {
				person, own := r.behind(column, v[0], v[1])
				if own || column == "contact_id" && person == "" && r.internal(v[0], v[1]) {
					continue
				}
				to := pastStandIn // somebody whom nobody knows
				if person != "" {
					s, serr := r.standFor(person)
					if serr != nil {
						return changed, serr
					}
					switch {
					case column == "email":
						to = s.email
					case s.record:
						to = s.id
					}
				}
				gone = append(gone, []any{v[0], v[1], to})
			}
			if len(gone) == 0 {
				continue
			}
			n, err := f.replace("gone_past", "source varchar, value varchar, replacement varchar", gone,
				"update "+table+" as t set "+column+" = g.replacement from temp.main.past_act p, temp.main.gone_past g where g.source = t.source and g.value = t."+column+" and"+past)
			if err != nil {
				return changed, err
			}
			changed += n
		}
	}
	return changed, nil
}

// internal reports whether a contact record is one of our own people.
func (r *retaining) internal(source, id string) bool {
	var n int64
	err := questions.Get("own_contact").One(r.ctx, r.tx, []namedArg{named("source", source), named("id", id)}, &n)
	return err == nil && n > 0
}

// keys names participants anew, whose key holds who they are.
func (r *retaining) keys() (int64, error) {
	f := &forgetting{ctx: r.ctx, tx: r.tx, g: r.g}
	return 0, f.rename(StreamByName("activity_people"))
}

// keepPast lets stored acts whose person was dropped stay so when their source
// delivers them again: the staged rows take over who is stored, and their
// participants are not taken again.
func keepPast(ctx context.Context, tx *Tx, source string, staged []*staging) error {
	for _, c := range pastColumns {
		i := slices.IndexFunc(staged, func(st *staging) bool { return st.stream.Name == c.stream })
		if i < 0 {
			continue
		}
		table, stage := StreamByName(c.stream).table(), staged[i].table
		var set, past []string
		for _, column := range append(slices.Clone(c.columns), c.also...) {
			set = append(set, column+" = t."+column)
			past = append(past, "t."+column+" like '"+pastStandIn+"%'")
		}
		statement := "update " + stage + " as s set " + strings.Join(set, ", ") + " from " + table + " t where t.source = ? and t.source_id = s.source_id and (" + strings.Join(past, " or ") + ")"
		if c.stream == "activity_people" {
			statement = "delete from " + stage + " where activity_id in (select t.activity_id from " + table + " t where t.source = ? and (" + strings.Join(past, " or ") + "))"
		}
		if _, err := tx.ExecContext(ctx, statement, source); err != nil {
			return fmt.Errorf("keep the person of old %s dropped: %w", c.stream, err)
		}
	}
	return nil
}
