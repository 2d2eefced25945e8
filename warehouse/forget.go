package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// Forgotten counts what stand-ins took the place of.
type Forgotten struct {
	Contacts int64 // records of the person
	Acts     int64 // rows of activities, their people, engagements and visits that lost the person and keep their credit
	Others   int64 // other values and texts
}

// forgetting puts stand-ins for everybody in the graveyard into the tables of
// records, or into the staged rows of one source. Ids, addresses and handles are
// replaced one for one, so that whatever was one person, one address or one act
// still is: the same touches, journeys and credits come of it, and nobody knows
// whose they were. The statements are put together from identityColumns and the
// streams of records.go, never from values.
type forgetting struct {
	ctx   context.Context //nolint:containedctx // one call of forget
	tx    *Tx
	g     *graveyard
	stage map[string]string // staging table of each stream; nil: the tables themselves
	out   Forgotten
}

// source is what names the source of a row t.
func (f *forgetting) source() string {
	if f.stage != nil {
		return "(select l.source from temp.main.loading l)"
	}
	return "t.source"
}

// table is where the rows of a stream are; empty when none were staged.
func (f *forgetting) table(stream string) string {
	if f.stage != nil {
		return f.stage[stream]
	}
	return StreamByName(stream).table()
}

// forgetStored replaces the erased in everything that is kept.
func forgetStored(ctx context.Context, tx *Tx, g *graveyard) (Forgotten, error) {
	f := &forgetting{ctx: ctx, tx: tx, g: g}
	if err := f.run(); err != nil {
		return f.out, fmt.Errorf("put stand-ins for erased people: %w", err)
	}
	for _, step := range []func() error{f.reported, f.optOuts, f.rejected, f.controlTexts} {
		if err := step(); err != nil {
			return f.out, fmt.Errorf("forget erased people: %w", err)
		}
	}
	return f.out, keepTombstones(ctx, tx, g.added)
}

// forgetStaged replaces the erased in what a source has just delivered, before
// any of it is kept.
func forgetStaged(ctx context.Context, tx *Tx, g *graveyard, source string, staged []*staging) error {
	f := &forgetting{ctx: ctx, tx: tx, g: g, stage: map[string]string{}}
	for _, st := range staged {
		f.stage[st.stream.Name] = st.table
	}
	if _, err := tx.ExecContext(ctx, "create temporary table loading as select cast(? as varchar) as source", source); err != nil {
		return fmt.Errorf("name the source: %w", err)
	}
	if err := f.run(); err != nil {
		return fmt.Errorf("put stand-ins for erased people: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "drop table temp.main.loading"); err != nil {
		return fmt.Errorf("drop staging: %w", err)
	}
	return keepTombstones(ctx, tx, g.added)
}

func (f *forgetting) run() error {
	if err := f.contacts(); err != nil {
		return err
	}
	for i := range Streams {
		s := &Streams[i]
		if f.table(s.Name) == "" {
			continue
		}
		if err := f.references(s); err != nil {
			return err
		}
		if err := f.texts(s); err != nil {
			return err
		}
	}
	return nil
}

// contactRow is one contact record with what says who it is.
type contactRow struct {
	source, id, email, phone, handle, name string

	tomb Tombstone
	gone bool
}

// contacts turns the records of erased people into stand-ins: they keep their
// account, their lead date and an opt-out. A record is theirs by its id, address
// or handle; by its phone only when it has no other name, because a desk's
// number passes to the next person. Whatever else such a record says of them
// becomes a tombstone too.
func (f *forgetting) contacts() error {
	table := f.table("contacts")
	if table == "" {
		return nil
	}
	rows, err := f.contactRows(table)
	if err != nil {
		return err
	}
	for again := true; again; {
		again = false
		for i := range rows {
			if r := &rows[i]; !r.gone && f.recognise(r) {
				again = true
				f.learn(r, rows)
			}
		}
	}
	var gone [][]any
	for _, r := range rows {
		if !r.gone {
			continue
		}
		var email any
		if r.email != "" {
			email, _ = f.g.value(ofEmail, "", r.email)
		}
		gone = append(gone, []any{r.source, r.id, f.g.standIn(ofAnyContact, r.tomb, r.id), email, r.tomb.Stub})
	}
	if len(gone) == 0 {
		return nil
	}
	n, err := f.replace("gone_contact", "source varchar, source_id varchar, new_id varchar, email varchar, handle varchar", gone,
		"update "+table+" as t set source_id = g.new_id, email = g.email, handle = g.handle, name = null, phone = null, title = null, seniority = null, lawful_basis = null"+
			" from temp.main.gone_contact g where g.source = "+f.source()+" and g.source_id = t.source_id")
	f.out.Contacts += n
	return err
}

func (f *forgetting) contactRows(table string) ([]contactRow, error) {
	st := sqlfile.Parse("contacts", "select "+f.source()+", t.source_id, coalesce(t.email, ''), coalesce(t.phone, ''), coalesce(t.handle, ''), coalesce(t.name, '') from "+
		table+" t where t.source_id not like '"+standIn+"%' order by 1, 2")
	return sqlfile.All(f.ctx, f.tx, st, func(scan func(...any) error) (r contactRow, err error) {
		err = scan(&r.source, &r.id, &r.email, &r.phone, &r.handle, &r.name)
		return r, err
	})
}

func (f *forgetting) recognise(r *contactRow) bool {
	t, ok := f.g.find(ofContact, recordKey(r.source, r.id))
	if !ok {
		t, ok = f.g.find(ofEmail, emailKey(r.email))
	}
	if !ok {
		t, ok = f.g.find(ofHandle, handleKey(r.handle))
	}
	if !ok && r.phone != "" {
		if t, ok = f.g.find(ofPhone, phoneKey(r.phone)); ok && r.name != "" {
			ok = len(f.g.spots(r.name, asWords)) > 0
		}
	}
	r.tomb, r.gone = t, ok
	return ok
}

// learn makes tombstones of what a record says of an erased person.
func (f *forgetting) learn(r *contactRow, all []contactRow) {
	like := Tombstone{Stub: r.tomb.Stub, ErasedAt: r.tomb.ErasedAt}
	f.g.add(ofContact, recordKey(r.source, r.id), like)
	if !slices.ContainsFunc(all, func(o contactRow) bool { return o.id == r.id && o.source != r.source && !o.gone }) {
		f.g.add(ofAnyContact, r.id, like)
	}
	if r.email != "" {
		mail := like
		mail.KeepsDomain = isFreeMail(domainOf(emailKey(r.email)))
		f.g.add(ofEmail, emailKey(r.email), mail)
	}
	if r.handle != "" {
		f.g.addHandle(r.handle, like)
	}
	f.g.addName(r.name, like)
}

func isFreeMail(domain string) bool {
	return domain != "" && slices.Contains(strings.Fields(freeMail), domain)
}

// references replaces ids, addresses and handles in the other records.
func (f *forgetting) references(s *Stream) error {
	table, changed := f.table(s.Name), int64(0)
	for _, c := range identityColumns[s.Name] {
		if s.Name == "contacts" && c.kind != ofEmail { // done, but for a domain that is the name of somebody
			continue
		}
		st := sqlfile.Parse("identities", "select distinct "+f.source()+", t."+c.column+" from "+table+" t where t."+c.column+" is not null and t."+c.column+" not like '"+standIn+"%' order by 1, 2")
		found, err := pairs(f.ctx, f.tx, st)
		if err != nil {
			return err
		}
		var gone [][]any
		for _, v := range found {
			to, ok := f.g.value(c.kind, v[0], v[1])
			kind := string(c.kind)
			if c.kind == ofContact {
				if t, own := f.g.find(ofContact, recordKey(v[0], v[1])); own {
					to = f.g.standIn(ofAnyContact, t, v[1])
				} else if t, elsewhere := f.g.find(ofAnyContact, v[1]); elsewhere {
					to, ok, kind = f.g.standIn(ofAnyContact, t, v[1]), true, string(ofAnyContact)
				}
			}
			if !ok && c.kind == ofEmail {
				to, ok = f.g.domain(v[1])
			}
			if ok {
				gone = append(gone, []any{v[0], v[1], to, kind == string(ofAnyContact)})
			}
		}
		if len(gone) == 0 {
			continue
		}
		own := "not exists (select 1 from contacts c where c.source = g.source and c.source_id = g.value)"
		if staged := f.stage["contacts"]; staged != "" {
			own += " and not exists (select 1 from " + staged + " c where c.source_id = g.value)"
		}
		n, err := f.replace("gone_value", "source varchar, value varchar, replacement varchar, other boolean", gone,
			"update "+table+" as t set "+c.column+" = g.replacement from temp.main.gone_value g where g.source = "+f.source()+" and g.value = t."+c.column+" and (not g.other or "+own+")")
		if err != nil {
			return err
		}
		changed += n
	}
	if changed == 0 {
		return nil
	}
	switch s.Name {
	case "activities", "activity_people", "engagements", "visits":
		f.out.Acts += changed
	default:
		f.out.Others += changed
	}
	return f.rename(s)
}

// domain puts a stand-in into somebody else's address when its domain names a
// person who was erased, as that of a sole trader does.
func (g *graveyard) domain(address string) (string, bool) {
	name, domain, ok := strings.Cut(address, "@")
	if !ok {
		return "", false
	}
	domain, ok = g.text(domain, asKey)
	return name + "@" + domain, ok
}

// rename makes the ids of records anew whose key holds what was replaced, and
// drops all but one of those that became equal.
func (f *forgetting) rename(s *Stream) error {
	var parts []string
	for _, c := range s.Columns {
		if c.Key {
			parts = append(parts, "coalesce(t."+c.Stored()+", '')")
		}
	}
	if len(parts) < 2 {
		return nil
	}
	table := f.table(s.Name)
	id := strings.Join(parts, " || '|' || ")
	if _, err := f.tx.ExecContext(f.ctx, "update "+table+" as t set source_id = "+id+" where t.source_id <> "+id); err != nil {
		return fmt.Errorf("name %s anew: %w", s.Name, err)
	}
	if f.stage != nil { // the merge takes one of equal ids
		return nil
	}
	_, err := f.tx.ExecContext(f.ctx, "delete from "+table+" where rowid in (select x.row_no from (select t.rowid as row_no, row_number() over (partition by t.source, t.source_id order by t.rowid) as place from "+
		table+" t where t.source_id like '%"+standIn+"%') x where x.place > 1)")
	if err != nil {
		return fmt.Errorf("drop equal %s: %w", s.Name, err)
	}
	return nil
}

// texts replaces whoever is named in the texts of a stream.
func (f *forgetting) texts(s *Stream) error {
	columns, as := searched(s.table())
	for _, column := range columns {
		if err := f.text(f.table(s.Name), column, as[column]); err != nil {
			return err
		}
	}
	return nil
}

// text replaces in one column of a table; a name that is a rep's own stays.
func (f *forgetting) text(table, column string, as treatment) error {
	where := ""
	if as == asWords {
		where = " and lower(trim(t." + column + ")) not in (select lower(trim(r.name)) from reps r where r.name is not null)"
	}
	st := sqlfile.Parse("texts", "select distinct t."+column+" from "+table+" t where t."+column+" <> ''"+where)
	found, err := texts(f.ctx, f.tx, st)
	if err != nil {
		return err
	}
	var gone [][]any
	for _, was := range found {
		if to, ok := f.g.text(was, as); ok {
			gone = append(gone, []any{was, to})
		}
	}
	return f.substitute(table, column, gone)
}

// substitute replaces whole values of a column.
func (f *forgetting) substitute(table, column string, gone [][]any) error {
	if len(gone) == 0 {
		return nil
	}
	n, err := f.replace("gone_text", "value varchar, replacement varchar", gone,
		"update "+table+" as t set "+column+" = g.replacement from temp.main.gone_text g where g.value = t."+column)
	f.out.Others += n
	return err
}

// replace runs an update against a temporary table of what is to be replaced.
func (f *forgetting) replace(temp, columns string, rows [][]any, update string) (int64, error) {
	if _, err := f.tx.ExecContext(f.ctx, "create or replace temporary table "+temp+" ("+columns+")"); err != nil {
		return 0, fmt.Errorf("create %s: %w", temp, err)
	}
	var names []string
	for c := range strings.SplitSeq(columns, ", ") {
		name, _, _ := strings.Cut(c, " ")
		names = append(names, name)
	}
	if err := f.tx.Append(f.ctx, "temp.main."+temp, names, slices.Values(rows)); err != nil {
		return 0, err
	}
	done, err := f.tx.ExecContext(f.ctx, update)
	if err != nil {
		return 0, fmt.Errorf("replace by %s: %w", temp, err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("count what %s replaced: %w", temp, err)
	}
	if _, err := f.tx.ExecContext(f.ctx, "drop table temp.main."+temp); err != nil {
		return 0, fmt.Errorf("drop %s: %w", temp, err)
	}
	return n, nil
}

// publicID recognises the public id of a contact: its id, source:id, or an
// address that has no record.
func (g *graveyard) publicID(id string) (string, bool) {
	if t, ok := g.find(ofAnyContact, id); ok {
		return g.standIn(ofAnyContact, t, id), true
	}
	if source, own, ok := strings.Cut(id, ":"); ok {
		if t, ok := g.find(ofContact, recordKey(source, own)); ok {
			return g.standIn(ofAnyContact, t, own), true
		}
	}
	if strings.Contains(id, "@") {
		return g.value(ofEmail, "", id)
	}
	return "", false
}

// reported takes the person out of what was reported; the money stays.
func (f *forgetting) reported() error {
	people, err := texts(f.ctx, f.tx, questions.Get("reported_people"))
	if err != nil {
		return err
	}
	for _, id := range people {
		if _, ok := f.g.publicID(id); !ok {
			continue
		}
		if err := questions.Get("forget_reported").Exec(f.ctx, f.tx, named("person_id", id)); err != nil {
			return err
		}
		f.out.Others++
	}
	return nil
}

// optOuts lets an opt-out hold for the stand-in.
func (f *forgetting) optOuts() error {
	ids, err := texts(f.ctx, f.tx, questions.Get("opted_out_contacts"))
	if err != nil {
		return err
	}
	for _, id := range ids {
		to, ok := f.g.publicID(id)
		if !ok {
			continue
		}
		if err := questions.Get("move_opt_out").Exec(f.ctx, f.tx, named("id", id), named("new_id", to)); err != nil {
			return err
		}
	}
	return nil
}

// WithheldRow stands for a rejected row that names somebody who was erased.
const WithheldRow = "(not kept: the row names a person who was erased)"

func (f *forgetting) rejected() error {
	for _, column := range []string{"row_text", "reason"} {
		st := sqlfile.Parse("rejected", "select distinct t."+column+" from rejected_row t order by 1")
		found, err := texts(f.ctx, f.tx, st)
		if err != nil {
			return err
		}
		var gone [][]any
		for _, was := range found {
			if f.g.namesIn(was) {
				gone = append(gone, []any{was, WithheldRow})
			}
		}
		if err := f.substitute("rejected_row", column, gone); err != nil {
			return err
		}
	}
	return nil
}

// controlTexts replaces whoever is named in the program's own tables.
func (f *forgetting) controlTexts() error {
	streams := map[string]bool{}
	for i := range Streams {
		streams[Streams[i].table()] = true
	}
	for _, table := range slices.Sorted(maps.Keys(textColumns)) {
		if streams[table] {
			continue
		}
		columns, as := searched(table)
		for _, column := range columns {
			if err := f.text(table, column, as[column]); err != nil {
				return err
			}
		}
	}
	return f.cursors()
}

// cursors forgets one that names somebody: its source is then read whole.
func (f *forgetting) cursors() error {
	st := sqlfile.Parse("cursors", "select distinct t.cursor from source_state t where t.cursor <> ''")
	found, err := texts(f.ctx, f.tx, st)
	if err != nil {
		return err
	}
	var gone [][]any
	for _, was := range found {
		if _, ok := f.g.text(was, asKey); ok {
			gone = append(gone, []any{was, ""})
		}
	}
	return f.substitute("source_state", "cursor", gone)
}
