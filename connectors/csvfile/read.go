package csvfile

import (
	"context"
	"errors"
	"fmt"

	"credence/connectors"
	"credence/connectors/localfile"
	"credence/warehouse"
)

var _ connectors.Source = (*source)(nil)

// reader is one run of a source.
type reader struct {
	*source
	files []file
	out   connectors.Sink
	seen  map[string]map[string]bool // by record with keep: first, the ids put so far
}

// Read implements connectors.Source.
func (s *source) Read(ctx context.Context, cursor string, out connectors.Sink) (string, error) {
	currency, zone := s.env.Currency, ""
	if s.env.Location != nil {
		zone = s.env.Location.String()
	}
	state, err := localfile.ParseCursor(cursor, s.shape, currency, zone)
	if err != nil {
		return "", err
	}
	r := &reader{source: s, out: out, seen: map[string]map[string]bool{}}
	if r.files, err = s.list(); err != nil {
		return "", err
	}
	again, err := r.changed(ctx, state)
	if err != nil {
		return "", err
	}
	for i := range r.files {
		f := &r.files[i]
		if !again[f.Name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if err := r.file(ctx, f); err != nil {
			return "", named(*f, err)
		}
	}
	return state.String(), nil
}

// changed tells which files must be read: those whose content is not the marked
// one, and of files that are mapped to records, all or none, for they may lean on
// each other.
func (r *reader) changed(ctx context.Context, state localfile.Cursor) (map[string]bool, error) {
	again, present, lent := map[string]bool{}, map[string]bool{}, map[string]bool{}
	mapped := false
	for _, e := range r.entries {
		for _, j := range e.Join {
			lent[j.File] = true
		}
	}
	for i := range r.files {
		f := &r.files[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if f.facts, err = inspect(f.Path); err != nil {
			return nil, named(*f, err)
		}
		present[f.Name] = true
		if !state.Seen(f.Name, f.facts.mark) {
			again[f.Name] = true
			mapped = mapped || f.entry.Stream == "" || lent[f.Name]
		}
	}
	for name := range state.Files {
		mapped = mapped || !present[name] // it may have been joined
	}
	state.Keep(present)
	for i := range r.files {
		e := r.files[i].entry
		again[r.files[i].Name] = again[r.files[i].Name] || mapped && e.Stream == ""
	}
	return again, nil
}

// joined finds the file that a join names.
func (r *reader) joined(name string) (file, bool) {
	for _, f := range r.files {
		if f.Name == name {
			return f, true
		}
	}
	return file{}, false
}

// file reads one file.
func (r *reader) file(ctx context.Context, f *file) error {
	e := f.entry
	if e.Stream == "" && len(e.records) == 0 {
		return nil // it is only joined
	}
	r.out.File(f.Name)
	t, err := openTable(*f, e.format)
	if err != nil {
		return err
	}
	if len(t.columns) == 0 {
		return nil // an empty file has no records
	}
	plans, err := r.plans(ctx, e, t)
	if err != nil {
		return err
	}
	err = r.pass(ctx, e, t, plans, false)
	if !errors.Is(err, errDoubt) {
		return err
	}
	if err := survey(ctx, t, plans); err != nil {
		return err
	}
	return r.pass(ctx, e, t, plans, true)
}

// plans binds the entry's records to the columns of the file.
func (r *reader) plans(ctx context.Context, e *entry, t *table) ([]*plan, error) {
	if e.Stream != "" {
		rec, err := canonical(warehouse.StreamByName(e.Stream), t.columns)
		if err != nil {
			return nil, err
		}
		return bind(e, []record{rec}, t.file.Name, t.columns)
	}
	names := append(append([]string{}, t.columns...), "_line", "_file")
	t.extended = true
	for i, c := range e.Join {
		j, added, err := r.openJoin(ctx, fmt.Sprintf("%s.join[%d]", e.at, i), c, t.file.Name, names)
		if err != nil {
			return nil, err
		}
		t.joins = append(t.joins, j)
		names = append(names, added...)
	}
	return bind(e, e.records, t.file.Name, names)
}

// errDoubt ends a first reading that met a value which only a survey can read.
var errDoubt = errors.New("the file needs a survey")

// mostPending is how many rejected rows a first reading keeps back.
const mostPending = 10_000

// pass reads the rows of a file. Before a survey it is a trial: counts and
// rejected rows are kept back until its end, for a survey may yet show that the
// dates or numbers were written in another way. The records put so far are then
// put again; equal ids replace each other.
func (r *reader) pass(ctx context.Context, e *entry, t *table, plans []*plan, sure bool) error {
	work := make([]func(block) output, workers())
	for i := range work {
		k := newCells(r.env.Location, r.env.Currency, r.seed)
		k.sure = sure
		work[i] = newWorker(t, plans, k).block
	}
	fresh := r.firsts(e, plans)
	read := 0
	var pending []connectors.Rejection
	err := scan(ctx, t, work, func(o output) error {
		if o.doubt {
			return errDoubt
		}
		for i := range o.puts {
			p := &o.puts[i]
			if first := fresh[p.plan]; first != nil && !first.take(plans[p.plan].stream.SourceID(p.row)) {
				continue
			}
			if err := r.out.PutRow(plans[p.plan].stream, p.row); err != nil {
				return err
			}
		}
		if !sure {
			read += o.read
			pending = append(pending, o.rejects...)
			if len(pending) > mostPending {
				return errDoubt
			}
			return nil
		}
		r.out.Read(o.read)
		return r.reject(o.rejects)
	})
	if err != nil {
		return err
	}
	for _, f := range fresh {
		f.keep()
	}
	r.out.Read(read)
	return r.reject(pending)
}

func (r *reader) reject(rejects []connectors.Rejection) error {
	for _, x := range rejects {
		if err := r.out.Reject(x); err != nil {
			return err
		}
	}
	return nil
}

// firsts remembers which ids a record with keep: first has put: in earlier files
// of its entry, and in this reading of this one.
type firsts struct{ before, now map[string]bool }

func (r *reader) firsts(e *entry, plans []*plan) []*firsts {
	out := make([]*firsts, len(plans))
	for i, p := range plans {
		if !p.keepFirst {
			continue
		}
		at := e.records[i].at
		if r.seen[at] == nil {
			r.seen[at] = map[string]bool{}
		}
		out[i] = &firsts{r.seen[at], map[string]bool{}}
	}
	return out
}

func (f *firsts) take(id string) bool {
	if f.before[id] || f.now[id] {
		return false
	}
	f.now[id] = true
	return true
}

func (f *firsts) keep() {
	if f == nil {
		return
	}
	for id := range f.now {
		f.before[id] = true
	}
}
