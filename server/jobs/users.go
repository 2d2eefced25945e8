package jobs

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"credence/connectors"
	"credence/server/auth"
	"credence/warehouse"
)

// userColumns are those of users.csv.
var userColumns = []string{"email", "password", "role", "name"}

// addMissingUsers creates who stands in the configured users file and is not
// yet a user. It changes nobody.
func (j *Jobs) addMissingUsers(ctx context.Context, out Out) error {
	if j.Config.Users == "" {
		return nil
	}
	users, err := ReadUsers(j.Config.Users)
	if err != nil {
		return err
	}
	added, err := j.register().Add(ctx, j.Hasher, j.Now(), users...)
	if err != nil {
		return fmt.Errorf("%s: %w", j.Config.Users, err)
	}
	if len(added) > 0 {
		out.Say("users: %d added", len(added))
	}
	return nil
}

// register decides about users: that of the server, whose decisions hold at once.
func (j *Jobs) register() *auth.Register {
	if j.Users == nil {
		return auth.InMemory(j.Warehouse)
	}
	return j.Users
}

// ReadUsers reads a file of email,password,role,name.
func ReadUsers(path string) ([]auth.NewUser, error) {
	f, err := os.Open(path) //nolint:gosec // the configuration names the file
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	rows := csv.NewReader(f)
	head, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("%s has no head line; write %s", path, strings.Join(userColumns, ","))
	}
	at := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if !slices.Contains(userColumns, name) {
			return nil, fmt.Errorf("%s: unknown column %q%s", path, name, connectors.Suggest(name, userColumns))
		}
		at[name] = i
	}
	for _, name := range userColumns[:3] {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("%s: the column %q is missing; columns are %s", path, name, strings.Join(userColumns, ","))
		}
	}
	var users []auth.NewUser
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return users, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		line, _ := rows.FieldPos(0)
		roles, err := auth.ParseRoles(row[at["role"]])
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %w", path, line, err)
		}
		u := auth.NewUser{Email: row[at["email"]], Password: row[at["password"]], Roles: roles}
		if i, ok := at["name"]; ok {
			u.Name = row[i]
		}
		users = append(users, u)
	}
}

func (j *Jobs) userAdd(ctx context.Context, call Call, out Out) error {
	roles, err := auth.ParseRoles(call.Roles)
	if err != nil {
		return Misuse(err)
	}
	added, err := j.register().Add(ctx, j.Hasher, j.Now(), auth.NewUser{Email: call.Email, Name: call.Name, Password: call.Password, Roles: roles})
	switch {
	case errors.Is(err, auth.ErrNewUser), errors.Is(err, auth.ErrPassword):
		return Misuse(err)
	case err != nil:
		return err
	case len(added) == 0:
		return Misuse(fmt.Errorf("there is already a user %s: choose another address, or let them in again with credence user enable", auth.NormalEmail(call.Email)))
	}
	out.Say("added %s (%s)", added[0], auth.JoinRoles(roles))
	return nil
}

func (j *Jobs) userDisable(ctx context.Context, call Call, out Out) error {
	if err := j.register().Disable(ctx, j.Now(), call.Email); err != nil {
		return aboutUser(err)
	}
	out.Say("disabled %s; sessions and API tokens end within seconds", auth.NormalEmail(call.Email))
	return nil
}

// aboutUser tells a name that nobody has from a database that cannot be written.
func aboutUser(err error) error {
	if errors.Is(err, auth.ErrNoUser) {
		return Misuse(err)
	}
	return err
}

// userEnable lets a disabled user sign in again, with the password of before.
func (j *Jobs) userEnable(ctx context.Context, call Call, out Out) error {
	if err := j.register().Enable(ctx, j.Now(), call.Email); err != nil {
		return aboutUser(err)
	}
	out.Say("%s can sign in again", auth.NormalEmail(call.Email))
	return nil
}

// userReset takes a password away and prints the link with which another is
// chosen.
func (j *Jobs) userReset(ctx context.Context, call Call, out Out) error {
	code, err := j.register().ResetByEmail(ctx, j.Now(), call.Email)
	if err != nil {
		return aboutUser(err)
	}
	out.Say("the password, sessions and API tokens of %s are gone; this link, which works once and for seven days, sets another password:", auth.NormalEmail(call.Email))
	fmt.Fprintf(out.Stdout, "%s/invitation#%s\n", j.Config.BaseURL, code) //nolint:errcheck // the caller then hears nothing
	return nil
}

func (j *Jobs) userList(ctx context.Context, _ Call, out Out) error {
	var users []auth.User
	view := j.register().View()
	err := j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) (err error) {
		users, err = view.Users(ctx, s)
		return err
	})
	if err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	w := tabwriter.NewWriter(out.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "email\troles\tname\tstate") //nolint:errcheck // Flush tells
	for _, u := range users {
		state := "active"
		if u.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.Email, auth.JoinRoles(u.Roles), u.Name, state) //nolint:errcheck // Flush tells
	}
	return w.Flush()
}
