package csvfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"credence/connectors"
	"credence/warehouse"
)

// plan is what to do with each row of one file: the record it becomes, bound to
// the columns of the file.
type plan struct {
	stream    *warehouse.Stream
	when      []condition
	keepFirst bool
	targets   []target
	currency  int   // stream column of the currency of amounts, or -1
	required  []int // stream columns that must have a value
}

// target is one canonical column and where its text comes from.
type target struct {
	column *warehouse.Column
	index  int    // in the stream
	field  string // as the source names it
	from   origin
	written
}

// condition is a bound Condition.
type condition struct {
	field  int
	equals []string
	not    []string
	empty  *bool
}

func (c *condition) holds(fields []string) bool {
	v := strings.TrimSpace(fields[c.field])
	return (c.empty == nil || *c.empty == (v == "")) &&
		(len(c.equals) == 0 || slices.Contains(c.equals, v)) && !slices.Contains(c.not, v)
}

// origin makes a text from the fields of a row.
type origin struct {
	field    int // of the row; -1 when it is made in another way
	constant string
	parts    []templatePart
	ids      []int

	changed bool // one of the steps below is set
	trim    bool
	extract *regexp.Regexp
	lower   bool
	values  map[string]string
	other   string
	hasAny  bool // values has '*'
	missing string
}

// templatePart is text, or a field when field is not -1.
type templatePart struct {
	text  string
	field int
}

func (o *origin) text(fields []string) string {
	var s string
	switch {
	case o.field >= 0:
		s = fields[o.field]
	case o.parts != nil:
		s = o.template(fields)
	case o.ids != nil:
		s = o.hash(fields)
	default:
		s = o.constant
	}
	if !o.changed {
		return s
	}
	return o.steps(s)
}

func (o *origin) template(fields []string) string {
	var b strings.Builder
	filled, columns := false, false
	for _, p := range o.parts {
		if p.field < 0 {
			b.WriteString(p.text)
			continue
		}
		columns = true
		filled = filled || strings.TrimSpace(fields[p.field]) != ""
		b.WriteString(fields[p.field])
	}
	if columns && !filled {
		return ""
	}
	return b.String()
}

func (o *origin) hash(fields []string) string {
	h := sha256.New()
	filled := false
	for _, f := range o.ids {
		v := strings.TrimSpace(fields[f])
		filled = filled || v != ""
		h.Write([]byte(v))
		h.Write([]byte{0x1f})
	}
	if !filled {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (o *origin) steps(s string) string {
	if o.trim {
		s = strings.Join(strings.Fields(s), " ")
	}
	if o.extract != nil && s != "" {
		m := o.extract.FindStringSubmatch(s)
		switch {
		case m == nil:
			s = ""
		case len(m) > 1:
			s = m[1]
		default:
			s = m[0]
		}
	}
	if o.lower {
		s = strings.ToLower(s)
	}
	if o.values != nil {
		if v, ok := o.values[strings.TrimSpace(s)]; ok {
			s = v
		} else if o.hasAny && s != "" {
			s = o.other
		}
	}
	if o.missing != "" && strings.TrimSpace(s) == "" {
		s = o.missing
	}
	return s
}

// bind turns the records of an entry into plans over the named fields of a file.
// names are the columns of the file, the two that every file has and the joined
// ones, in the order of the fields of a row.
func bind(e *entry, records []record, file string, names []string) ([]*plan, error) {
	b := binder{file: file, names: names, at: make(map[string]int, len(names))}
	for i, n := range names {
		if _, twice := b.at[n]; !twice {
			b.at[n] = i
		}
	}
	plans := make([]*plan, len(records))
	for i := range records {
		p, err := b.plan(e, &records[i])
		if err != nil {
			return nil, err
		}
		plans[i] = p
	}
	return plans, nil
}

type binder struct {
	file  string
	names []string
	at    map[string]int
}

func (b *binder) field(at, name string) (int, error) {
	if i, ok := b.at[name]; ok {
		return i, nil
	}
	known := slices.DeleteFunc(slices.Clone(b.names), func(n string) bool { return n == "" })
	return 0, fmt.Errorf("%s: %s has no column %q%s", at, b.file, name, connectors.Suggest(name, known))
}

func (b *binder) plan(e *entry, r *record) (*plan, error) {
	p := &plan{stream: r.stream, keepFirst: r.keepFirst, currency: r.stream.Column("currency")}
	for i, c := range r.when {
		f, err := b.field(fmt.Sprintf("%s.when[%d]", r.at, i), c.Column)
		if err != nil {
			return nil, err
		}
		p.when = append(p.when, condition{f, c.Equals, c.Not, c.Empty})
	}
	for i := range r.sets {
		s := &r.sets[i]
		t := target{column: &r.stream.Columns[s.column], index: s.column, field: s.value.Column}
		if t.field == "" {
			t.field = t.column.Name
		}
		var err error
		if t.from, err = b.origin(s); err != nil {
			return nil, err
		}
		t.written = e.written(s, t.from.field < 0 && t.from.parts == nil)
		p.targets = append(p.targets, t)
	}
	for i := range r.stream.Columns {
		if r.stream.Columns[i].Required {
			p.required = append(p.required, i)
		}
	}
	return p, nil
}

// written is how the configuration says that a value is written. A constant is
// written as canonical files are.
func (e *entry) written(s *set, constant bool) written {
	w := written{format: s.dates, mark: s.mark}
	if !constant {
		if w.format == nil {
			w.format = e.dates
		}
		if w.mark == 0 {
			w.mark = e.mark
		}
	}
	w.fixed = constant || w.mark != 0
	return w
}

func (b *binder) origin(s *set) (o origin, err error) {
	v := &s.value
	o = origin{field: -1, constant: v.Value, trim: v.Trim, extract: s.extract, lower: v.Lower, missing: v.Default}
	if len(v.Map) > 0 {
		o.values = v.Map
		o.other, o.hasAny = v.Map["*"]
	}
	o.changed = o.trim || o.extract != nil || o.lower || o.values != nil || o.missing != ""
	switch {
	case v.Column != "":
		o.field, err = b.field(s.at, v.Column)
	case v.Template != "":
		o.parts, err = b.template(s.at+".template", v.Template)
	case len(v.ID) > 0:
		for i, name := range v.ID {
			f, fieldErr := b.field(fmt.Sprintf("%s.id[%d]", s.at, i), name)
			if fieldErr != nil {
				return o, fieldErr
			}
			o.ids = append(o.ids, f)
		}
	}
	return o, err
}

func (b *binder) template(at, text string) ([]templatePart, error) {
	var parts []templatePart
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			parts = append(parts, templatePart{before, -1})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		f, err := b.field(at, name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, templatePart{"", f})
		text = after
	}
	return parts, nil
}
