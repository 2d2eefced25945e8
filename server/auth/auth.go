// Package auth knows who may sign in: users and their roles, passwords, the
// signed tokens that carry a session, and the limit on guessing.
//
// A token says who it is for and which session version it was made under, and
// nothing else: roles, team and whether the user is still welcome are looked up
// in the warehouse, so that a demotion or a leaver takes effect within seconds.
// The package refuses to start with a weak signing key and knows no HTTP.
package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Role is what a user may do; a user may hold several.
type Role string

// The roles of DESIGN §8.
const (
	Rep     Role = "rep"
	Manager Role = "manager"
	CMO     Role = "cmo"
	Admin   Role = "admin"
)

// Roles lists every role.
var Roles = []Role{Rep, Manager, CMO, Admin}

// Errors that a sign-in or a request can end with.
var (
	// ErrCredentials says that e-mail and password do not belong together;
	// it never says which of them is wrong.
	ErrCredentials = errors.New("e-mail or password is wrong")
	// ErrSession says that a token is missing, expired, foreign or revoked.
	ErrSession = errors.New("sign in first")
	// ErrInvitation says that an invitation was used, is too old or was never one.
	ErrInvitation = errors.New("this invitation is used or too old: ask an administrator for another")
	// ErrLastAdmin says that nobody would be left to look after users.
	ErrLastAdmin = errors.New("this is the only administrator: give the role to somebody else first")
	// ErrUnsettled says that the rights of a user are being changed.
	ErrUnsettled = errors.New("your rights were changed; they hold once the refresh that runs is over: try again in a minute")
	// ErrTooMany says that an account or address has failed too often.
	ErrTooMany = errors.New("too many failed sign-ins: wait 15 minutes")
)

// User is someone who may sign in.
type User struct {
	ID             string
	Email          string
	Name           string
	Roles          []Role
	Disabled       bool
	SessionVersion int64
	PasswordHash   string    // empty: no password was set yet
	GivenRep       string    // id of the rep that an administrator said they are; empty: who has their e-mail
	InviteHash     string    // of an invitation not yet used
	InvitedUntil   time.Time // zero: there is none
	AddedAt        time.Time // of a user who is being added

	// Unsettled: the rights were changed, and the database, which knows whose deals
	// a user sees, does not have that yet. Until then the user sees nothing.
	Unsettled bool
}

// Has reports whether the user holds any of roles.
func (u User) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(u.Roles, r) })
}

// ParseRoles reads "manager;cmo".
func ParseRoles(text string) ([]Role, error) {
	var out []Role
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ',' }) {
		role := Role(strings.ToLower(strings.TrimSpace(part)))
		if !slices.Contains(Roles, role) {
			return nil, fmt.Errorf("%q is no role; roles are rep, manager, cmo, admin, several joined by ;", part)
		}
		if !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("a user needs a role: rep, manager, cmo, admin, several joined by ;")
	}
	return out, nil
}

// JoinRoles writes roles as they are stored: "manager;cmo".
func JoinRoles(roles []Role) string {
	parts := make([]string, len(roles))
	for i, r := range roles {
		parts[i] = string(r)
	}
	return strings.Join(parts, ";")
}
