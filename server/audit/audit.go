// Package audit keeps the log of who did what: sign-ins, views of people,
// exports, changes of settings, users and tokens.
//
// A row carries the hash of the row before, so that one that was changed,
// dropped or slipped in is found by Verify. What can be found is tampering that
// leaves the rest of the chain as it was; whoever can write the file could work
// out every later hash anew, which is why `credence check` tells the last one,
// to be noted elsewhere.
//
// Record belongs into the write transaction of the deed: then there is no deed
// without its row and no row without its deed. What only reads must not wait for
// the one writer; a Log takes its events. The package refuses to hold names or
// addresses: people are ids here.
package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var files embed.FS

var questions = sqlfile.MustLoad(files, "sql")

// Actors that are no user.
const (
	CommandLine = "command line" // somebody at the machine itself
	Nobody      = "nobody"       // before a sign-in
)

// What can be done, one word each; the page's filter lists those that occur.
const (
	SignIn        = "sign-in"
	SignInRefused = "sign-in refused"
	SignOut       = "sign-out"
	SessionEnded  = "session ended" // by the user on another device, or by an administrator
	ViewPerson    = "view person"
	Export        = "export"
	Setting       = "setting"
	CloseQuarter  = "close quarter"
	ChangeUser    = "user"
	Token         = "token"
	Sync          = "sync"
	ViewAs        = "view as"
	Merge         = "merge" // what a refresh takes for one person
)

// Event is one deed.
type Event struct {
	At     time.Time         `json:"at"`     // kept to the microsecond, UTC
	Actor  string            `json:"actor"`  // a user's id, CommandLine or Nobody
	Action string            `json:"action"` // one of the words above, or another package's
	Object string            `json:"object"` // what it was done to: "deal D-17", "user 01J…"
	Detail map[string]string `json:"detail"` // ids and counts; may be nil
}

// Entry is a row of the log.
type Entry struct {
	Event
	Seq      int64  // from 1, without gaps
	Previous string // hash of the row before
	Hash     string
}

// content is what a hash is taken of, in this order.
type content struct {
	Seq int64 `json:"seq"`
	Event
}

// hash is sha256 of the row before and the row's own content, as hex.
func (e Entry) hash() (string, error) {
	text, err := json.Marshal(content{e.Seq, e.Event}) // map keys are written in order
	if err != nil {
		return "", fmt.Errorf("write audit row %d: %w", e.Seq, err)
	}
	sum := sha256.Sum256(append([]byte(e.Previous), text...))
	return hex.EncodeToString(sum[:]), nil
}

// Record adds events at the end of the log. q is the write transaction of the
// deed; only one may be open at a time, which warehouse.Write sees to.
func Record(ctx context.Context, q sqlfile.Querier, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	last, err := lastOf(ctx, q)
	if err != nil {
		return err
	}
	for _, e := range events {
		next := Entry{Event: e.plain(), Seq: last.Seq + 1, Previous: last.Hash}
		if next.Hash, err = next.hash(); err != nil {
			return err
		}
		detail, err := json.Marshal(next.Detail)
		if err != nil {
			return fmt.Errorf("write audit row %d: %w", next.Seq, err)
		}
		err = questions.Get("add").Exec(ctx, q, sql.Named("seq", next.Seq), sql.Named("at", next.At), sql.Named("actor", next.Actor),
			sql.Named("action", next.Action), sql.Named("object", next.Object), sql.Named("detail", string(detail)),
			sql.Named("previous", next.Previous), sql.Named("hash", next.Hash))
		if err != nil {
			return fmt.Errorf("record %s: %w", e.Action, err)
		}
		last = next
	}
	return nil
}

// plain is the event as it is read back: time to the microsecond, no nil map.
func (e Event) plain() Event {
	e.At = e.At.UTC().Truncate(time.Microsecond)
	e.Actor, e.Action, e.Object = valid(e.Actor), valid(e.Action), valid(e.Object)
	detail := map[string]string{}
	for name, value := range e.Detail {
		detail[valid(name)] = valid(value)
	}
	e.Detail = detail
	return e
}

// valid is text as it reads back: JSON writes what is no UTF-8 in another way than it
// writes what it read.
func valid(text string) string { return strings.ToValidUTF8(text, "\ufffd") }

// lastOf is the newest row, or where the log was cut when nothing is left, or
// the zero Entry.
func lastOf(ctx context.Context, q sqlfile.Querier) (Entry, error) {
	var e Entry
	if err := questions.Get("last").One(ctx, q, nil, &e.Seq, &e.Hash); err != nil {
		return e, fmt.Errorf("read the end of the audit log: %w", err)
	}
	return e, nil
}

func scanEntry(scan func(...any) error) (e Entry, err error) {
	var detail string
	if err = scan(&e.Seq, &e.At, &e.Actor, &e.Action, &e.Object, &detail, &e.Previous, &e.Hash); err != nil {
		return e, err
	}
	e.At = e.At.UTC()
	if err = json.Unmarshal([]byte(detail), &e.Detail); err != nil {
		return e, fmt.Errorf("audit row %d: its detail is no JSON object: %w", e.Seq, err)
	}
	return e, nil
}
