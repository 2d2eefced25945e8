package auth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"credence/server/audit"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// View is users and tokens as they are at one moment: what the database holds and
// what was decided since. Take it before the snapshot that is asked with it.
type View struct {
	Version int64 // another one after each decision
	waiting []deed
}

// ByID looks a user up; warehouse.ErrNotFound when there is none.
func (v View) ByID(ctx context.Context, q sqlfile.Querier, id string) (User, error) {
	if u, ok := v.decided(func(u User) bool { return u.ID == id }); ok {
		return u, nil
	}
	return UserByID(ctx, q, id)
}

// ByEmail looks a user up; warehouse.ErrNotFound when there is none.
func (v View) ByEmail(ctx context.Context, q sqlfile.Querier, email string) (User, error) {
	email = NormalEmail(email)
	if u, ok := v.decided(func(u User) bool { return u.Email == email }); ok {
		return u, nil
	}
	return UserByEmail(ctx, q, email)
}

// decided is the newest decision about a user.
func (v View) decided(is func(User) bool) (User, bool) {
	for _, d := range slices.Backward(v.waiting) {
		for _, k := range slices.Backward(d.Users) {
			if is(k.User) {
				return k.User, true
			}
		}
	}
	return User{}, false
}

// Users lists every user by e-mail.
func (v View) Users(ctx context.Context, q sqlfile.Querier) ([]User, error) {
	users, err := Users(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, d := range v.waiting {
		for _, k := range d.Users {
			if i := slices.IndexFunc(users, func(u User) bool { return u.ID == k.ID }); i >= 0 {
				users[i] = k.User
			} else if k.New {
				users = append(users, k.User)
			}
		}
	}
	slices.SortFunc(users, func(a, b User) int { return strings.Compare(a.Email, b.Email) })
	return users, nil
}

// Token looks a token up; warehouse.ErrNotFound when there is none.
func (v View) Token(ctx context.Context, q sqlfile.Querier, id string) (APIToken, error) {
	for _, d := range slices.Backward(v.waiting) {
		for _, k := range slices.Backward(d.Tokens) {
			if k.ID == id {
				return k.token(), nil
			}
		}
	}
	return TokenByID(ctx, q, id)
}

// TokensOf lists the tokens of a user, the newest first, used-up ones included.
func (v View) TokensOf(ctx context.Context, q sqlfile.Querier, userID string) ([]APIToken, error) {
	tokens, err := TokensOf(ctx, q, userID)
	if err != nil {
		return nil, err
	}
	for _, d := range v.waiting {
		for _, k := range d.Tokens {
			if i := slices.IndexFunc(tokens, func(have APIToken) bool { return have.ID == k.ID }); i >= 0 {
				tokens[i] = k.token()
			} else if k.New && k.UserID == userID {
				tokens = slices.Insert(tokens, 0, k.token())
			}
		}
	}
	return tokens, nil
}

// IsSetUp reports whether an administrator exists or ever did: then the one-time
// set-up is over for good.
func (v View) IsSetUp(ctx context.Context, q sqlfile.Querier) (done bool, err error) {
	if _, ok := v.decided(func(u User) bool { return u.Has(Admin) }); ok {
		return true, nil
	}
	return isSetUp(ctx, q)
}

// deed is a decision: what the users and tokens it concerns are from then on, and
// what the log says of it. To apply it twice is to apply it once, its events aside.
type deed struct {
	Users  []keptUser    `json:"users,omitempty"`
	Tokens []keptToken   `json:"tokens,omitempty"`
	Events []audit.Event `json:"events,omitempty"`
	// Restored is when the database that it was decided about was restored last, the
	// zero time being never; nil in the file of an earlier program.
	Restored *time.Time `json:"restored,omitempty"`
}

type keptUser struct {
	User
	New bool `json:"new,omitempty"`
}

type keptToken struct {
	APIToken
	Hash string `json:"hash"`
	New  bool   `json:"new,omitempty"`
}

func (k keptToken) token() APIToken {
	t := k.APIToken
	t.hash = k.Hash
	return t
}

func (d deed) empty() bool { return len(d.Users)+len(d.Tokens) == 0 }

// sound says whether the deed names whom it is about, as every one of ours does.
func (d deed) sound() bool {
	return !slices.ContainsFunc(d.Users, func(k keptUser) bool { return k.ID == "" || k.Email == "" || len(k.Roles) == 0 }) &&
		!slices.ContainsFunc(d.Tokens, func(k keptToken) bool { return k.ID == "" || k.Hash == "" || len(k.Scopes) == 0 })
}

func (d deed) apply(ctx context.Context, tx *warehouse.Tx) error {
	for _, k := range d.Users {
		if k.New {
			if err := insert(ctx, tx, k.User); err != nil {
				return err
			}
		}
		if err := save(ctx, tx, k.User); err != nil {
			return err
		}
	}
	for _, k := range d.Tokens {
		if err := saveToken(ctx, tx, k); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, d.Events...)
}

// draft is a decision that is being made.
type draft struct {
	View
	ctx  context.Context //nolint:containedctx // a draft is one call of decide
	q    sqlfile.Querier
	now  time.Time // UTC, to the second
	by   string    // who decides
	deed deed
}

func (d *draft) user(id string) (User, error) { return d.ByID(d.ctx, d.q, id) }

// taken says whether somebody has the e-mail.
func (d *draft) taken(email string) (bool, error) {
	_, err := d.ByEmail(d.ctx, d.q, email)
	if errors.Is(err, warehouse.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (d *draft) save(u User) { d.deed.Users = append(d.deed.Users, keptUser{User: u}) }

// add is a new user; there is no other draft between taken and this.
func (d *draft) add(u User) {
	d.deed.Users = append(d.deed.Users, keptUser{User: u, New: true})
	said := []string{"change", "added", "roles", JoinRoles(u.Roles)}
	if u.GivenRep != "" {
		said = append(said, "rep", " → "+u.GivenRep)
	}
	d.note(audit.ChangeUser, "user "+u.ID, said...)
}

// note writes the log; detail is pairs of name and value.
func (d *draft) note(action, object string, detail ...string) {
	e := audit.Event{At: d.now, Actor: d.by, Action: action, Object: object, Detail: map[string]string{}}
	for i := 0; i+1 < len(detail); i += 2 {
		e.Detail[detail[i]] = detail[i+1]
	}
	d.deed.Events = append(d.deed.Events, e)
}
