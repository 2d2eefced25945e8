package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/warehouse/sqlfile"
)

// Subject is everything that is held on one person.
type Subject struct {
	PersonID string // of the last refresh; empty before it, or for an address nobody stands behind
	Name     string
	Emails   []string
	Phones   []string
	Handles  []string
	Records  []SubjectRecord
	OptedOut bool // by a source or an admin
	ByAdmin  bool // an admin said so, and can take it back
	Tables   []HeldRows

	known identities
}

// SubjectRecord is one contact record of a source.
type SubjectRecord struct {
	Source, ID, ContactID string // ContactID is the public id
	LawfulBasis           string
	OptedOut              bool
}

// HeldRows are the rows of one table that hold the person.
type HeldRows struct {
	Table   string
	Why     string // what the table is
	Columns []string
	Rows    [][]any // nil, string, bool, int64, float64 or time.Time
}

// heldTable says which rows of a table hold a person.
type heldTable struct {
	why   string
	where string // over t, with the temporary tables subject_value (kind, value) and subject_record (source, id)
}

// Conditions of heldTables.
const (
	byRecord = "exists (select 1 from temp.main.subject_record r where r.source = t.source and r.id = t.source_id)"
	byPerson = "t.person_id in (select v.value from temp.main.subject_value v where v.kind = 'person')"
	byEmail  = "t.email in (select v.value from temp.main.subject_value v where v.kind = 'email')"
	byHandle = "t.handle in (select v.value from temp.main.subject_value v where v.kind = 'handle')"
)

// byContact finds rows of records that name the contact by its id.
func byContact(column string) string {
	return "(exists (select 1 from temp.main.subject_record r where r.id = t." + column + " and (r.source = t.source or not exists (select 1 from contacts c where c.source = t.source and c.source_id = t." + column + "))))"
}

// byAct finds rows of records behind acts of the person, anonymous visits of
// their devices included.
func byAct(stream string) string {
	return "exists (select 1 from act a where a.stream = '" + stream + "' and a.source = t.source and a.source_id = t.source_id and a.person_id in (select v.value from temp.main.subject_value v where v.kind = 'person'))"
}

// byText finds rows whose text names the person, of which stage told.
func byText(column string) string {
	return "t." + column + " in (select x.value from temp.main.subject_text x where x.field = '" + column + "')"
}

// heldTables lists every table that holds people, with how they are found in
// it. personColumns of the schema that stand in no table here fail a test, so
// that an access request is answered whole.
var heldTables = map[string]heldTable{
	"contacts":        {"what each source says of the person", byRecord},
	"deals":           {"deals on which the person is the primary contact", byContact("primary_contact_id")},
	"deal_contacts":   {"roles on deals", byContact("contact_id")},
	"activities":      {"e-mails, messages, calls and meetings, without what was said", byContact("contact_id") + " or " + byEmail + " or " + byAct("activities")},
	"activity_people": {"who else took part", byContact("contact_id") + " or " + byEmail},
	"engagements":     {"what the person did on posts, mails, pages and events", byContact("contact_id") + " or " + byEmail + " or " + byHandle + " or " + byAct("engagements")},
	"visits":          {"visits of the website", byContact("contact_id") + " or " + byEmail + " or " + byAct("visits")},
	"rejected_row":    {"rows of sources that could not be kept", byText("row_text") + " or " + byText("reason")},
	"opt_out":         {"that the person opted out", "t.kind = 'contact' and t.id in (select v.value from temp.main.subject_value v where v.kind = 'person')"},
	"reported_person": {"closed quarters that the person is in", byPerson},
	"contact":         {"the records as they were joined", byPerson},
	"person":          {"the person they were joined to", byPerson},
	"person_merge":    {"why they were joined", byPerson},
	"deal":            {"deals on which the person is the primary contact, as they were joined", "t.primary_person_id in (select v.value from temp.main.subject_value v where v.kind = 'person')"},
	"journey_end":     {"deals as they were credited", "t.primary_person_id in (select v.value from temp.main.subject_value v where v.kind = 'person')"},
	"deal_person":     {"roles on deals, as they were joined", byPerson},
	"act":             {"what the person did, as it was joined", byPerson},
	"act_person":      {"acts that the person took part in", byPerson},
	"touch":           {"acts that may earn credit", byPerson},
	"touch_person":    {"touches that the person took part in", byPerson},
	"outreach":        {"e-mails that were sent to the person, and whether an answer came", byPerson},
	"response":        {"how long the person waited for answers", byPerson},
}

// FindSubject tells who somebody is. ErrNotFound when nobody is known by that
// address, ErrOwn when it is one of our own people's.
func FindSubject(ctx context.Context, q sqlfile.Querier, who Someone) (Subject, error) {
	known, err := identify(ctx, q, who)
	if err != nil {
		return Subject{}, err
	}
	s := Subject{known: known, PersonID: who.PersonID, Emails: known.emails}
	for _, c := range known.contacts {
		if s.Name == "" {
			s.Name = c.name
		}
		s.Phones = appendNew(s.Phones, c.phone)
		s.Handles = appendNew(s.Handles, c.handle)
	}
	details, err := sqlfile.All(ctx, q, questions.Get("contact_consent"), func(scan func(...any) error) (r SubjectRecord, err error) {
		err = scan(&r.Source, &r.ID, &r.LawfulBasis, &r.OptedOut)
		return r, err
	})
	if err != nil {
		return s, err
	}
	people, err := publicIDs(ctx, q)
	if err != nil {
		return s, err
	}
	for _, r := range details {
		if !slices.ContainsFunc(known.contacts, func(c contactRow) bool { return c.source == r.Source && c.id == r.ID }) {
			continue
		}
		r.ContactID = r.ID
		if p, ok := people[recordKey(r.Source, r.ID)]; ok {
			r.ContactID = p.id
			s.PersonID = p.person
		}
		s.OptedOut = s.OptedOut || r.OptedOut
		s.Records = append(s.Records, r)
	}
	if s.PersonID == "" && len(s.Records) == 0 && len(s.Emails) > 0 {
		if _, ok := people[recordKey("", s.Emails[0])]; ok {
			s.PersonID = s.Emails[0]
		}
	}
	chosen, err := texts(ctx, q, questions.Get("opted_out_contacts"))
	if err != nil {
		return s, err
	}
	s.ByAdmin = slices.ContainsFunc(s.optOutIDs(), func(id string) bool { return slices.Contains(chosen, id) })
	s.OptedOut = s.OptedOut || s.ByAdmin
	return s, nil
}

// publicIDs are the contacts of the last refresh by their record.
func publicIDs(ctx context.Context, q sqlfile.Querier) (map[string]personRecord, error) {
	out := map[string]personRecord{}
	if ok, err := refreshed(ctx, q); err != nil || !ok {
		return out, err
	}
	list, err := personRecords(ctx, q, questions.Get("person_records"))
	for _, p := range list {
		if p.source == "" {
			p.record = p.id
		}
		out[recordKey(p.source, p.record)] = p
	}
	return out, err
}

// optOutIDs are what an opt-out of the person is kept by.
func (s *Subject) optOutIDs() []string {
	var ids []string
	for _, r := range s.Records {
		ids = appendNew(ids, r.ContactID)
	}
	if len(ids) == 0 {
		ids = s.Emails
	}
	return ids
}

func appendNew(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// AccessReport is everything that is held on a person, table by table, and
// nothing of anybody else but who met them.
func AccessReport(ctx context.Context, snap *Snapshot, who Someone) (Subject, error) {
	s, err := FindSubject(ctx, snap, who)
	if err != nil {
		return s, err
	}
	if err = s.stage(ctx, snap); err != nil {
		return s, fmt.Errorf("gather what is held: %w", err)
	}
	g, err := s.recognised(ctx, snap)
	if err != nil {
		return s, err
	}
	tables, err := texts(ctx, snap, questions.Get("table_names"))
	if err != nil {
		return s, err
	}
	for _, name := range tables {
		held, ok := heldTables[name]
		if ok && snap.Generation == 0 && strings.Contains(held.where, "from act a") {
			continue
		}
		fields, serr := s.stageTexts(ctx, snap, name, g)
		if serr != nil {
			return s, fmt.Errorf("search %s: %w", name, serr)
		}
		if !ok && len(fields) == 0 {
			continue
		}
		if !ok {
			held = heldTable{"records that name the person", "false"}
		}
		for _, field := range fields {
			held.where += " or " + byText(field)
		}
		rows, err := heldRows(ctx, snap, name, held)
		if err != nil {
			return s, fmt.Errorf("gather what %s holds: %w", name, err)
		}
		if len(rows.Rows) > 0 {
			s.Tables = append(s.Tables, rows)
		}
	}
	for _, name := range []string{"subject_value", "subject_record", "subject_text"} {
		if _, err := snap.ExecContext(ctx, "drop table temp.main."+name); err != nil {
			return s, fmt.Errorf("drop %s: %w", name, err)
		}
	}
	return s, nil
}

// stage puts what the person is known by where questions find it.
func (s *Subject) stage(ctx context.Context, snap *Snapshot) error {
	var values, records [][]any
	put := func(kind string, list ...string) {
		for _, v := range list {
			if v != "" {
				values = append(values, []any{kind, v})
			}
		}
	}
	written, err := texts(ctx, snap, questions.Get("act_addresses"))
	if err != nil {
		return err
	}
	for _, a := range written {
		if slices.Contains(s.known.emails, emailKey(a)) {
			put("email", a)
		}
	}
	put("email", s.known.emails...)
	put("person", s.PersonID)
	put("person", s.optOutIDs()...)
	for _, c := range s.known.contacts {
		put("email", c.email)
		put("handle", c.handle)
		records = append(records, []any{c.source, c.id})
	}
	for _, t := range []struct {
		name, columns string
		rows          [][]any
	}{{"subject_value", "kind varchar, value varchar", values}, {"subject_record", "source varchar, id varchar", records}} {
		if _, err := snap.ExecContext(ctx, "create or replace temporary table "+t.name+" ("+t.columns+")"); err != nil {
			return fmt.Errorf("create %s: %w", t.name, err)
		}
		var names []string
		for c := range strings.SplitSeq(t.columns, ", ") {
			name, _, _ := strings.Cut(c, " ")
			names = append(names, name)
		}
		if err := snap.Append(ctx, "temp.main."+t.name, names, slices.Values(t.rows)); err != nil {
			return err
		}
	}
	return nil
}

func heldRows(ctx context.Context, snap *Snapshot, table string, held heldTable) (out HeldRows, err error) {
	out = HeldRows{Table: table, Why: held.why}
	rows, err := snap.QueryContext(ctx, "select t.* from "+table+" t where "+held.where+" order by all")
	if err != nil {
		return out, err
	}
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	if out.Columns, err = rows.Columns(); err != nil {
		return out, err
	}
	for rows.Next() {
		row := make([]any, len(out.Columns))
		to := make([]any, len(row))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return out, err
		}
		for i := range row {
			if at, ok := row[i].(time.Time); ok {
				row[i] = at.UTC()
			} else {
				row[i] = snap.engine.Plain(row[i])
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out, rows.Err()
}
