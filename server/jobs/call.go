// Package jobs is what the command's verbs do: sync, refresh, credits, query,
// check, report, sources, users and backup. There is one implementation, which runs in
// the process that owns the database: the verb's own, or the server's, asked
// over the socket of package door.
//
// Data goes to Out.Stdout, words for people to Out.Stderr, and the result is an
// exit code; the package decides no flags and opens no file but those the
// configuration names.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
	"credence/server/metrics"
	"credence/warehouse"
)

// Exit codes of the command (DESIGN §9).
const (
	Done     = 0
	Failed   = 1  // a source, file or stage did not finish
	Misused  = 2  // unusable arguments or configuration
	CannotGo = 75 // the database cannot go on: start again
)

// Call is one verb with its arguments.
type Call struct {
	Verb string `json:"verb"`

	Sources []string `json:"sources,omitempty"` // sync
	Full    bool     `json:"full,omitempty"`
	Strict  bool     `json:"strict,omitempty"`

	Model  string `json:"model,omitempty"`  // credits, report
	Period string `json:"period,omitempty"` // credits, report
	Format string `json:"format,omitempty"` // query, report, sources
	SQL    string `json:"sql,omitempty"`    // query

	Email    string `json:"email,omitempty"` // user, erase
	Name     string `json:"name,omitempty"`
	Roles    string `json:"roles,omitempty"`
	Password string `json:"password,omitempty"`
	Person   string `json:"person,omitempty"` // erase, by id instead of address

	File string `json:"file,omitempty"` // backup: full path
}

// Progress is how far a job is. Total is 0 when it is not known.
type Progress struct {
	Label string `json:"label"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
}

// Out is where a job writes. Progress may be nil.
type Out struct {
	Stdout   io.Writer
	Stderr   io.Writer
	Progress func(Progress)
}

// Say writes a line for people.
func (o Out) Say(format string, args ...any) {
	fmt.Fprintf(o.Stderr, format+"\n", args...) //nolint:errcheck // nobody to tell when stderr is gone
}

func (o Out) progress(p Progress) {
	if o.Progress != nil {
		o.Progress(p)
	}
}

// Jobs runs calls on one open warehouse.
type Jobs struct {
	Warehouse *warehouse.Warehouse
	Users     *auth.Register // nil: one that keeps nothing beside the database
	Audit     *audit.Log     // nil: exports are not noted
	Config    config.Config
	Hasher    *auth.Hasher
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   *metrics.Metrics // nil counts nothing
	Actor     string           // the user who asks, for the audit log; "" is somebody at the command line
}

// actor is who the audit log says it was.
func (j *Jobs) actor() string {
	if j.Actor == "" {
		return audit.CommandLine
	}
	return j.Actor
}

// misuse is an error of the arguments or the configuration.
type misuse struct{ error }

// Unwrap implements errors.Unwrap.
func (m misuse) Unwrap() error { return m.error }

// Misuse marks err as a fault of arguments or configuration.
func Misuse(err error) error { return misuse{err} }

// ErrPart says that a part did not finish and was already told.
var ErrPart = errors.New("a part did not finish")

// Exit is the exit code of err, which it tells on stderr.
func Exit(err error, stderr io.Writer) int {
	if err == nil {
		return Done
	}
	if !errors.Is(err, ErrPart) {
		fmt.Fprintf(stderr, "credence: %s\n", oneLine(err)) //nolint:errcheck // nobody to tell when stderr is gone
	}
	var m misuse
	switch {
	case Broken(err):
		return CannotGo
	case errors.As(err, &m):
		return Misused
	}
	return Failed
}

// Broken reports whether the engine has given the database up: nothing works
// until it is opened again. The error that made it do so says only that it is
// fatal, those after it that the database has been invalidated.
func Broken(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "FATAL Error") || strings.Contains(err.Error(), "database has been invalidated"))
}

func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
}

// verbs lists what Do can do. A new verb is one file and one line here.
var verbs = map[string]func(*Jobs, context.Context, Call, Out) error{
	"sync":         (*Jobs).sync,
	"refresh":      (*Jobs).refresh,
	"credits":      exporting((*Jobs).credits),
	"query":        exporting((*Jobs).query),
	"check":        (*Jobs).check,
	"report":       exporting((*Jobs).report),
	"sources":      (*Jobs).sources,
	"user add":     (*Jobs).userAdd,
	"user list":    (*Jobs).userList,
	"user disable": (*Jobs).userDisable,
	"user enable":  (*Jobs).userEnable,
	"user reset":   (*Jobs).userReset,
	"inspect":      (*Jobs).inspect,
	"backup":       (*Jobs).backup,
	"erase":        (*Jobs).erase,
}

// deadline is how long a verb may take that waits for nobody but the database.
// A sync waits for its sources.
const deadline = 15 * time.Minute

// Do runs one call and returns its exit code.
func (j *Jobs) Do(ctx context.Context, call Call, out Out) int {
	verb, ok := verbs[call.Verb]
	if !ok {
		return Exit(Misuse(fmt.Errorf("there is no verb %q", call.Verb)), out.Stderr)
	}
	if call.Verb != "sync" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, deadline)
		defer cancel()
	}
	begun := time.Now()
	exit := Exit(verb(j, ctx, call, out), out.Stderr)
	j.Metrics.Job(call.Verb, exit, time.Since(begun))
	return exit
}
