package web

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	sampledata "credence/sample-data"
	"credence/server/auth"
	"credence/server/config"
	"credence/server/jobs"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// world is a small sample company in memory, with a canary in the name of
// every deal: who owns it. What each reader may see is worked out here from
// the files' records, not by the program.
type world struct {
	w      *warehouse.Warehouse
	cfg    config.Config
	users  map[string]auth.NewUser // by e-mail
	owners map[string][]string     // owner → deals; "" owns what nobody owns
	reps   map[string]worldRep
	teams  map[string]worldTeam

	campaigns []string
}

type worldRep struct{ email, team string }

type worldTeam struct{ parent, manager string }

var (
	worldOnce sync.Once
	worldMade *world
	errWorld  error
)

// sampleWorld makes the world once for all tests of the package.
func sampleWorld(t *testing.T) *world {
	t.Helper()
	worldOnce.Do(func() {
		dir, err := tempDir()
		if err != nil {
			errWorld = err
			return
		}
		worldMade, errWorld = makeWorld(context.Background(), dir)
	})
	if errWorld != nil {
		t.Fatalf("make the sample world: %v", errWorld)
	}
	return worldMade
}

func makeWorld(ctx context.Context, dir string) (*world, error) {
	if err := sampledata.Write(ctx, dir, sampledata.Options{Seed: 7, Deals: 150}, nil); err != nil {
		return nil, err
	}
	cfg, err := config.Read(filepath.Join(dir, "credence.yaml"), nil)
	if err != nil {
		return nil, err
	}
	engine, err := duckdb.OpenMemory() //nolint:contextcheck // opening is not cut short
	if err != nil {
		return nil, err
	}
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		return nil, err
	}
	hasher, err := auth.NewTestHasher()
	if err != nil {
		return nil, err
	}
	j := &jobs.Jobs{Warehouse: w, Config: cfg, Hasher: hasher, Now: func() time.Time { return testNow }, Log: discard}
	var words bytes.Buffer
	out := jobs.Out{Stdout: io.Discard, Stderr: &words}
	if exit := j.Do(ctx, jobs.Call{Verb: "sync"}, out); exit != jobs.Done {
		return nil, fmt.Errorf("sync ended with %d: %s", exit, words.String())
	}
	err = w.Write(ctx, func(tx *warehouse.Tx) error {
		for _, text := range []string{
			"update deals set name = 'CANARY-' || coalesce(owner_rep_id, 'NOBODY') || '-x'",
			`insert into rejected_row select 1, 'crm', 'deals.csv', 9000 + row_number() over (order by r.source_id), 'closed_at',
				'closed_at "' || r.name || '" is no date; write it as 2026-01-31', 'D1,' || r.name || ',' || coalesce(r.email, '') from reps r`,
			`insert into rejected_row select 1, 'mail', lower(replace(r.name, ' ', '.')) || '.mbox', 7, 'From', 'has the sender ' || coalesce(r.email, ''), '' from reps r`,
		} {
			if _, uerr := tx.ExecContext(ctx, text); uerr != nil {
				return uerr
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("plant canaries: %w", err)
	}
	if exit := j.Do(ctx, jobs.Call{Verb: "refresh"}, out); exit != jobs.Done {
		return nil, fmt.Errorf("refresh ended with %d: %s", exit, words.String())
	}
	wd := &world{w: w, cfg: cfg, users: map[string]auth.NewUser{}, owners: map[string][]string{}, reps: map[string]worldRep{}, teams: map[string]worldTeam{}}
	users, err := jobs.ReadUsers(cfg.Users)
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		wd.users[auth.NormalEmail(u.Email)] = u
	}
	return wd, wd.read(ctx)
}

// read takes owners, reps and teams from the records as the sources gave them.
func (wd *world) read(ctx context.Context) error {
	return wd.w.Read(ctx, func(s *warehouse.Snapshot) (err error) {
		each := func(query string, take func(a, b, c string)) {
			rows, qerr := s.QueryContext(ctx, query)
			if qerr != nil {
				err = errors.Join(err, qerr)
				return
			}
			defer rows.Close() //nolint:errcheck // read to its end
			for rows.Next() {
				var a, b, c string
				if serr := rows.Scan(&a, &b, &c); serr != nil {
					err = errors.Join(err, serr)
					return
				}
				take(a, b, c)
			}
			err = errors.Join(err, rows.Err())
		}
		each("select coalesce(owner_rep_id, ''), source_id, '' from deals order by source_id", func(owner, deal, _ string) {
			wd.owners[owner] = append(wd.owners[owner], deal)
		})
		each("select source_id, coalesce(email, ''), coalesce(team_id, '') from reps", func(id, email, team string) {
			wd.reps[id] = worldRep{strings.ToLower(email), team}
		})
		each("select campaign_id, '', '' from campaign order by campaign_id", func(id, _, _ string) { wd.campaigns = append(wd.campaigns, id) })
		each("select source_id, coalesce(parent_team_id, ''), coalesce(manager_rep_id, '') from teams", func(id, parent, manager string) {
			wd.teams[id] = worldTeam{parent, manager}
		})
		return err
	})
}

// sees is whether a user sees the deals of owner by DESIGN §8.
func (wd *world) sees(u auth.NewUser, owner string) bool {
	if slices.Contains(u.Roles, auth.CMO) {
		return true
	}
	if !slices.Contains(u.Roles, auth.Rep) && !slices.Contains(u.Roles, auth.Manager) {
		return false
	}
	email := auth.NormalEmail(u.Email)
	if owner != "" && wd.reps[owner].email == email {
		return true
	}
	if !slices.Contains(u.Roles, auth.Manager) {
		return false
	}
	if owner == "" {
		for _, team := range wd.teams {
			if team.parent == "" && wd.reps[team.manager].email == email {
				return true
			}
		}
		return false
	}
	for team := wd.reps[owner].team; team != ""; team = wd.teams[team].parent {
		if wd.reps[wd.teams[team].manager].email == email {
			return true
		}
	}
	return false
}

func (wd *world) server(t *testing.T) *testServer {
	t.Helper()
	return newServerOn(t, wd.w, func(c *config.Config) {
		base := c.BaseURL
		*c = wd.cfg
		c.BaseURL = base
	})
}

// principals are two reps of one team and one of another, two managers without
// a common member, the root manager, the cmo and the admin.
func (wd *world) principals() []auth.NewUser {
	var all, out []auth.NewUser
	for _, u := range wd.users {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b auth.NewUser) int { return strings.Compare(a.Email, b.Email) })
	team := func(u auth.NewUser) string {
		for _, r := range wd.reps {
			if r.email == auth.NormalEmail(u.Email) {
				return r.team
			}
		}
		return ""
	}
	teams := map[string]int{}
	for _, u := range all {
		key := auth.JoinRoles(u.Roles)
		switch key {
		case "rep": // two of a team, one of the next
			key += team(u)
			if teams[key] < 2 && teams["reps"] < 3 {
				teams[key]++
				teams["reps"]++
				out = append(out, u)
			}
		case "manager":
			if teams[key] < 2 {
				teams[key]++
				out = append(out, u)
			}
		default:
			if teams[key] == 0 {
				teams[key]++
				out = append(out, u)
			}
		}
	}
	return out
}

// personalChecks are the checks whose rows may tell people.
var personalChecks = []string{"rejected_rows", "merged_contacts", "contacts_without_account", "deals_without_account", "deals_without_amount", "mail_from_strangers", "bot_clicks"}

// knownQuery is the query of a route without what an address of the API does
// not take.
func knownQuery(r route, query string) string {
	known, isAPI := apiParameters()[r.method+" "+r.path]
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if !isAPI || slices.Contains(known, name) {
			kept = append(kept, pair)
		}
	}
	return "?" + strings.Join(kept, "&")
}

// readable is all text of an answer, of a workbook all its parts.
func readable(t *testing.T, a answer) string {
	t.Helper()
	text := fmt.Sprint(a.Header) + a.body
	if !strings.HasPrefix(a.body, "PK") {
		return text
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text += string(part)
	}
	return text
}

// TestRejectedRowsTellNoValues reads the rejected rows and the joined contacts
// as a cmo, who may not see reps, and as the admin, who sees all.
func TestRejectedRowsTellNoValues(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	names := wd.repNames(t)
	address := regexp.MustCompile(`[\pL\pN._+-]+@[\pL\pN.-]+`)
	for role, whole := range map[auth.Role]bool{auth.CMO: false, auth.Admin: true} {
		bearer := "Bearer " + s.token(t, string(role)+"@halden.example", testPassword)
		for _, check := range personalChecks {
			for _, target := range []string{"/quality/" + check, "/quality/" + check + "/rows.csv"} {
				a := s.ask(t, http.MethodGet, target, nil, "Authorization", bearer)
				if a.StatusCode != http.StatusOK {
					t.Fatalf("%s answers %s %d", target, role, a.StatusCode)
				}
				said := slices.ContainsFunc(names, func(n string) bool { return strings.Contains(a.body, n) })
				if check == "rejected_rows" {
					for _, part := range []string{"deals.csv", "closed_at", "is no date"} {
						if !strings.Contains(a.body, part) {
							t.Errorf("%s tells %s no %q", target, role, part)
						}
					}
					if said != whole {
						t.Errorf("%s names reps to %s: %v, want %v", target, role, said, whole)
					}
				}
				if whole {
					continue
				}
				if strings.Contains(a.body, "row_text") || strings.Contains(a.body, "rep_id") || regexp.MustCompile(`\w\.mbox`).MatchString(a.body) {
					t.Errorf("%s tells %s rows, reps or their mailboxes", target, role)
				}
				for _, found := range address.FindAllString(a.body, -1) {
					if found != string(role)+"@halden.example" {
						t.Errorf("%s tells %s the address %s", target, role, found)
						break
					}
				}
			}
		}
		a := s.ask(t, http.MethodGet, "/api/v1/quality", nil, "Authorization", bearer)
		if said := slices.ContainsFunc(names, func(n string) bool { return strings.Contains(a.body, n) }); said || strings.Contains(a.body, "@") {
			t.Errorf("/api/v1/quality tells %s more than counts: %s", role, a.body)
		}
	}
}

// TestSpendDoesNotExistForWhoMayNotSeeIt asks what shows spend as every role,
// with good and bad addresses alike: only a cmo and the manager of the root team
// learn which is which.
func TestSpendDoesNotExistForWhoMayNotSeeIt(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	targets := map[string]int{
		"/efficiency": 200, "/efficiency?period=never": 400, "/reports": 200, "/reports/never.csv": 400, "/reports/2026.exe": 404,
		"/api/v1/efficiency": 200, "/api/v1/efficiency?perod=x": 400,
	}
	opened := 0
	for _, u := range wd.principals() {
		bearer := "Bearer " + s.token(t, u.Email, u.Password)
		sees := slices.Contains(u.Roles, auth.CMO) || wd.sees(u, "")
		if sees {
			opened++
		}
		for target, want := range targets {
			if !sees {
				want = http.StatusNotFound
			}
			if got := s.ask(t, http.MethodGet, target, nil, "Authorization", bearer).StatusCode; got != want {
				t.Errorf("%s answers %s (%s) %d, want %d", target, u.Email, auth.JoinRoles(u.Roles), got, want)
			}
		}
	}
	if opened == 0 {
		t.Error("nobody sees spend: the test asks the wrong people")
	}
}

// cmo is the token of the world's cmo, who has deals to see.
func (wd *world) cmo(t *testing.T, s *testServer) string {
	t.Helper()
	for _, u := range wd.users {
		if slices.Equal(u.Roles, []auth.Role{auth.CMO}) {
			return "Bearer " + s.token(t, u.Email, u.Password)
		}
	}
	t.Fatal("the world has no cmo")
	return ""
}

// repNames are the names of our reps that no contact has too.
func (wd *world) repNames(t *testing.T) []string {
	t.Helper()
	var names []string
	err := wd.w.Read(t.Context(), func(s *warehouse.Snapshot) error {
		rows, err := s.QueryContext(t.Context(), "select distinct r.name from reps r where r.name is not null and r.name not in (select c.name from contacts c where c.name is not null)")
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // read to its end
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		return rows.Err()
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("list reps: %d, %v", len(names), err)
	}
	return names
}

// someOwners are every third owner, and nobody.
func (wd *world) someOwners() []string {
	var all, out []string
	for owner := range wd.owners {
		all = append(all, owner)
	}
	slices.Sort(all)
	for i := 0; i < len(all); i += 3 {
		out = append(out, all[i])
	}
	return out
}
