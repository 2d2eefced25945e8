// Package connectors is the contract between a source of data and the
// warehouse: a typed spec that says how a kind of source is configured, a
// Source that reads it, and a Sink that takes canonical records and rejected
// rows.
//
// A connector maps what it reads to canonical records at once; it keeps no raw
// payload (it can hold message bodies) and knows no SQL.
package connectors

import (
	"context"
	"errors"
	"time"

	"credence/warehouse"
)

// Errors that a run can end with; callers branch on them with errors.Is.
var (
	// ErrAuth says the source refuses our credentials: an admin must act.
	ErrAuth = errors.New("not authorised")
	// ErrRetry says the source is busy or broken: the next run may succeed.
	ErrRetry = errors.New("try again later")
)

// Env is what a source may know about the company it is read for.
type Env struct {
	BaseDir  string         // relative paths in the configuration start here
	Currency string         // ISO 4217 of the company; amounts without a currency are in it
	Location *time.Location // of dates without an offset
	Domains  []string       // e-mail domains of our own people, lower case
	Now      time.Time      // of this run, UTC
}

// Source is one configured source.
type Source interface {
	// Read pulls what is new since cursor into out and returns the cursor to
	// store with it. A bad row is given to out.Reject and reading goes on; a
	// file that cannot be read at all is an error that names it, and nothing
	// of the run is kept. Reading the same input again changes no record.
	// An empty cursor reads everything.
	Read(ctx context.Context, cursor string, out Sink) (next string, err error)
}

// Sink takes what a source reads. Its methods fail only when the run must end;
// return their error at once.
type Sink interface {
	// File starts the named file (or page, or channel): rows read, kept and
	// rejected from now on are counted against it. name is relative to the
	// source and is what users see.
	File(name string)
	// Read counts n rows (lines, messages) read from the current file.
	Read(n int)
	// Put stores a typed record: warehouse.Deal{…}. A record whose id was put
	// before in this run replaces it.
	Put(record any) error
	// PutRow stores a row of stream, for connectors that are told the columns
	// by their input. The sink keeps row: do not change it afterwards.
	PutRow(stream *warehouse.Stream, row warehouse.Row) error
	// Reject keeps a row that cannot become a record, with the reason.
	Reject(r Rejection) error
}

// Rejection is a row that was read and not kept.
type Rejection = warehouse.Rejection

// Connector is one kind of source.
type Connector struct {
	Kind     string    // in the configuration: "csvfile"
	Title    string    // for people: "CSV and Parquet files"
	Doc      string    // one paragraph: what it reads and how to get it
	Settings []Setting // derived from the settings struct
	Streams  []string  // canonical streams it can deliver

	open func(settings map[string]any, env Env) (Source, error)
}

// Open makes a source from its configuration. Unknown keys, missing required
// keys and values of a wrong type are errors that name the key and the remedy.
func (c Connector) Open(settings map[string]any, env Env) (Source, error) {
	return c.open(settings, env)
}

// Setting documents one configuration key of a connector.
type Setting struct {
	Name     string `json:"name"`
	Type     string `json:"type"` // text, number, yes/no, list, map
	Doc      string `json:"doc"`
	Default  string `json:"default,omitempty"`
	Required bool   `json:"required"`
	Secret   bool   `json:"secret"`
}
