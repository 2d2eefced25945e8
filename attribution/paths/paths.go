// Package paths runs attribution models on a plain path table: a CSV with one
// row per path of channels, how often it converted, for how much in total, and
// how often it was lost. There is no database, no time and no deal in it; the
// ledger of package attribution is for those.
//
// The models are those that need neither times nor milestones. They see the
// touches as written, blanks around them trimmed and empty ones dropped; only
// the Markov chain merges equal neighbouring states. Sums are exact (package
// exact), so the same rows give the same bytes in any order, on any number of
// cores.
package paths

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"credence/attribution/markov"
)

// Options says what to read and what to compute.
type Options struct {
	Models    []string // ids, in the order of the answer
	Order     int      // of the Markov chain, 1 to 4
	Separator string   // between two touches of a path

	// Names of the columns. An empty Value or Nulls means there is none and
	// all are 0.
	Path, Conversions, Value, Nulls string
}

// Defaults are the options of a table in the usual form, without a model.
func Defaults() Options {
	return Options{
		Order: 1, Separator: ">",
		Path: "path", Conversions: "total_conversions", Value: "total_conversion_value", Nulls: "total_null",
	}
}

// Credit is what one model gives one channel.
type Credit struct {
	Channel, Model     string
	Conversions, Value float64
}

// InputError says what is wrong with a path table, and where.
type InputError struct {
	Line   int    // from 1, of the file; 0 when it is no single line's
	Column string // its name in the first row, or its number when it has none
	Err    error
}

// Error says line, column and what is wrong.
func (e *InputError) Error() string {
	switch {
	case e.Line == 0:
		return e.Err.Error()
	case e.Column == "":
		return fmt.Sprintf("line %d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("line %d, column %s: %v", e.Line, e.Column, e.Err)
}

// Unwrap is what is wrong.
func (e *InputError) Unwrap() error { return e.Err }

// Check says what of the options cannot be used, and what can.
func (o Options) Check() error {
	if len(o.Models) == 0 {
		return fmt.Errorf("name a model: %s", strings.Join(ModelIDs(), ", "))
	}
	named := map[string]bool{}
	for _, id := range o.Models {
		if _, err := modelByID(id); err != nil {
			return err
		}
		if named[id] {
			return fmt.Errorf("model %s is named twice", id)
		}
		named[id] = true
	}
	if o.Order < 1 || o.Order > markov.MostOrder {
		return fmt.Errorf("order %d: a Markov chain has order 1 to %d", o.Order, markov.MostOrder)
	}
	if strings.TrimSpace(o.Separator) == "" && o.Separator != " " && o.Separator != "\t" {
		return fmt.Errorf("separator %q: name what stands between two touches, such as %q", o.Separator, ">")
	}
	if o.Path == "" || o.Conversions == "" {
		return errors.New("the columns of paths and of conversions must be named")
	}
	columns := map[string]bool{}
	for _, name := range []string{o.Path, o.Conversions, o.Value, o.Nulls} {
		if name != "" && columns[name] {
			return fmt.Errorf("column %q is named for two things", name)
		}
		columns[name] = true
	}
	return nil
}

// Run reads the path table in and computes the credits of every model asked
// for, ordered by model as asked and then by channel. A fault of the table is
// an *InputError; other errors are of reading in, of ctx, or of a Markov chain
// that could not be solved.
func Run(ctx context.Context, in io.Reader, o Options) ([]Credit, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	models := make([]model, len(o.Models))
	var needed need
	for i, id := range o.Models {
		models[i], _ = modelByID(id) // Check has found it
		needed |= models[i].need
	}
	t, err := read(ctx, in, o, needed)
	if err != nil {
		return nil, err
	}
	credits := make([]Credit, 0, len(models)*len(t.names))
	for _, m := range models {
		conversions, value, err := m.credits(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", m.id, err)
		}
		for channel, name := range t.names {
			credits = append(credits, Credit{name, m.id, conversions[channel], value[channel]})
		}
	}
	return credits, nil
}
