package web

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"credence/server/auth"
	"credence/warehouse/sqlfile"
)

// namer says how a rep may be called before this reader (DESIGN §8): oneself
// and the reps whose deals one sees as a manager by name, colleagues by first
// name, and before a cmo nobody unless privacy.cmo_sees_reps.
type namer struct {
	reader  Reader
	seesAll bool            // privacy.cmo_sees_reps and a cmo
	own     map[string]bool // reps a manager sees by name
}

func (s *Server) namer(ctx context.Context, v *Visit) (namer, error) {
	n := namer{reader: v.Reader, seesAll: v.Reader.Has(auth.CMO) && s.Config.Privacy.CMOSeesReps, own: map[string]bool{}}
	if !v.Reader.Has(auth.Manager) {
		return n, nil
	}
	// A manager who is also a cmo sees every deal, but by name only the reps of
	// the own teams; the root manager's team is the company.
	name := "visible_reps"
	if v.Reader.Has(auth.CMO) && !v.Reader.Root {
		name = "led_reps"
	}
	args := []sql.NamedArg{sql.Named("user_id", v.Reader.ID)}
	if name == "led_reps" {
		args = []sql.NamedArg{sql.Named("email", v.Reader.Email), sql.Named("rep_id", v.Reader.GivenRep)}
	}
	reps, err := sqlfile.All(ctx, v, questions.Get(name), func(scan func(...any) error) (string, error) {
		var id string
		return id, scan(&id)
	}, args...)
	if err != nil {
		return n, fmt.Errorf("find whom a manager may name: %w", err)
	}
	for _, id := range reps {
		n.own[id] = true
	}
	return n, nil
}

// named reports whether any rep may be told from another. Whoever is a cmo too
// sees the whole company's deals, and so nobody's owner but as a cmo may.
func (n namer) named() bool {
	return n.seesAll || n.reader.Root || !n.reader.Has(auth.CMO) && n.reader.Has(auth.Rep, auth.Manager)
}

// mayName reports whether the reader may see this rep's numbers by name.
func (n namer) mayName(id string) bool {
	return id != "" && (n.seesAll || n.own[id] || id == n.reader.RepID)
}

// call is what the page calls a rep.
func (n namer) call(id, name string) string {
	switch {
	case id == "":
		return ""
	case name == "":
		name = id
	}
	switch {
	case n.mayName(id):
		return name
	case n.named():
		first, _, _ := strings.Cut(name, " ")
		return first
	}
	return "a rep"
}
