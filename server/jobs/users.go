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
	added, err := auth.Add(ctx, j.Warehouse, j.Hasher, j.Now(), users...)
	if err != nil {
		return fmt.Errorf("%s: %w", j.Config.Users, err)
	}
	if len(added) > 0 {
		out.Say("users: %d added", len(added))
	}
	return j.updateVisibility(ctx)
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

func (j *Jobs) updateVisibility(ctx context.Context) error {
	if err := j.Warehouse.UpdateVisibility(ctx); err != nil {
		return fmt.Errorf("update who sees what: %w", err)
	}
	return nil
}

func (j *Jobs) userAdd(ctx context.Context, call Call, out Out) error {
	roles, err := auth.ParseRoles(call.Roles)
	if err != nil {
		return Misuse(err)
	}
	added, err := auth.Add(ctx, j.Warehouse, j.Hasher, j.Now(), auth.NewUser{Email: call.Email, Name: call.Name, Password: call.Password, Roles: roles})
	if err != nil {
		return Misuse(err)
	}
	if len(added) == 0 {
		return Misuse(fmt.Errorf("there is already a user %s: disable it, or choose another address", auth.NormalEmail(call.Email)))
	}
	out.Say("added %s (%s)", added[0], auth.JoinRoles(roles))
	return j.updateVisibility(ctx)
}

func (j *Jobs) userDisable(ctx context.Context, call Call, out Out) error {
	if err := auth.Disable(ctx, j.Warehouse, j.Now(), call.Email); err != nil {
		return err
	}
	out.Say("disabled %s; sessions end within seconds", auth.NormalEmail(call.Email))
	return j.updateVisibility(ctx)
}

func (j *Jobs) userList(ctx context.Context, _ Call, out Out) error {
	var users []auth.User
	err := j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		var err error
		users, err = auth.Users(ctx, s)
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
