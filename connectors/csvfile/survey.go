package csvfile

import (
	"context"
	"fmt"

	"credence/warehouse"
)

// evidence is what the values of one target tell about how they are written.
type evidence struct {
	date   dateEvidence
	number numberEvidence
}

// survey reads the whole file once to learn in which order its dates and with
// which marks its numbers are written, and settles it in the plans. It fails
// when the values leave a doubt, with the key that settles it.
//
// Most files need none: their first reading finds nothing but ISO dates and
// plain numbers.
func survey(ctx context.Context, t *table, plans []*plan) error {
	all := make([]func(block) [][]evidence, workers())
	for i := range all {
		w := newWorker(t, plans, nil)
		all[i] = w.survey
	}
	sums := newEvidence(plans)
	err := scan(ctx, t, all, func(seen [][]evidence) error {
		for i := range seen {
			for j := range seen[i] {
				sums[i][j].date.add(seen[i][j].date)
				sums[i][j].number.add(seen[i][j].number)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var pool evidence
	for i := range sums {
		for j := range sums[i] {
			pool.date.add(sums[i][j].date)
			pool.number.add(sums[i][j].number)
		}
	}
	for i, p := range plans {
		for j := range p.targets {
			if err := p.targets[j].settle(sums[i][j], pool); err != nil {
				return err
			}
		}
	}
	return nil
}

func newEvidence(plans []*plan) [][]evidence {
	out := make([][]evidence, len(plans))
	for i, p := range plans {
		out[i] = make([]evidence, len(p.targets))
	}
	return out
}

// survey gathers the evidence of one block.
func (w *worker) survey(b block) [][]evidence {
	seen := newEvidence(w.plans)
	w.table.each(&w.split, b, func(line int, _ func() string, fields []string, reason string) {
		if reason != "" {
			return
		}
		if w.table.extended {
			fields = w.extend(line, fields)
		}
		for i, p := range w.plans {
			if !p.applies(fields) {
				continue
			}
			for j := range p.targets {
				t := &p.targets[j]
				switch {
				case t.dates():
					seen[i][j].date.see(t.from.text(fields))
				case t.numbers():
					seen[i][j].number.see(t.from.text(fields))
				}
			}
		}
	})
	return seen
}

// dates says whether the order of the target's dates must be recognised.
func (t *target) dates() bool {
	return t.format == nil && (t.column.Kind == warehouse.Time || t.column.Kind == warehouse.Day)
}

// numbers says whether the decimal mark of the target must be recognised.
func (t *target) numbers() bool {
	if t.fixed {
		return false
	}
	switch t.column.Kind {
	case warehouse.Int, warehouse.Money, warehouse.Micro, warehouse.Rate, warehouse.Float:
		return true
	default:
		return false
	}
}

// settle decides how the target's values are written: by their own evidence, or
// by that of all columns of the file.
func (t *target) settle(own, all evidence) error {
	switch {
	case t.dates():
		return t.settleDates(own.date, all.date)
	case t.numbers():
		return t.settleNumbers(own.number, all.number)
	}
	return nil
}

func (t *target) settleDates(own, all dateEvidence) error {
	decide := func(e dateEvidence) error {
		switch {
		case e.dayFirst > 0 && e.monthFirst > 0:
			return fmt.Errorf("the column %q has dates with the day first and dates with the month first; set date_format to the one that is meant, such as D/M/YYYY or M/D/YYYY", t.field)
		case e.dayFirst > 0:
			t.order = dayFirst
		case e.monthFirst > 0:
			t.order = monthFirst
		}
		return nil
	}
	if err := decide(own); err != nil || t.order != 0 {
		return err
	}
	if own.dots > 0 {
		t.order = dayFirst
		return nil
	}
	if own.unsure == 0 {
		return nil
	}
	if err := decide(all); err != nil || t.order != 0 {
		return err
	}
	// A few doubtful dates between others are bad rows; a column of them is a
	// file in a form that nobody has named.
	if own.unsure > own.iso {
		return fmt.Errorf("the column %q has dates such as %s, which can be read with the day or the month first, and no date of the file tells which; set date_format to D/M/YYYY or M/D/YYYY", t.field, own.example)
	}
	return nil
}

func (t *target) settleNumbers(own, all numberEvidence) error {
	decide := func(e numberEvidence) error {
		switch {
		case e.point > 0 && e.comma > 0:
			return fmt.Errorf("the column %q has numbers with a decimal point and numbers with a decimal comma; set decimal to the one that is meant, point or comma", t.field)
		case e.comma > 0:
			t.mark = comma
		case e.point > 0:
			t.mark = point
		}
		return nil
	}
	if err := decide(own); err != nil || t.mark != 0 {
		return err
	}
	switch {
	case own.unsure > 0 && t.column.Kind == warehouse.Int:
		t.mark = point // a whole number has no decimals, so its comma is a thousands mark
		return nil
	case own.grouped > 0 && t.column.Kind == warehouse.Int:
		t.mark = comma // and so is its point, when no value shows otherwise
		return nil
	case own.unsure == 0:
		if all.comma > 0 && all.point == 0 {
			t.mark = comma // so that 1.234 is read as its neighbours are
		}
		return nil
	}
	if err := decide(all); err != nil || t.mark != 0 {
		return err
	}
	return fmt.Errorf("the column %q has numbers such as %s, whose comma can stand before decimals or thousands, and no number of the file tells which; set decimal to point or comma", t.field, own.example)
}
