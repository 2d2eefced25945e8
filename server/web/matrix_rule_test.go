package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// This file says who may see what by DESIGN §8 in its own words: nothing here
// asks the program's policies or its list of visible reps.

// teamOfRep is where somebody of the company works; M is m before the move. What
// was closed stays with the team of then, and what a rep does from the move on is
// the new team's.
func teamOfRep(rep string) string {
	if rep == "M" {
		return "T1"
	}
	for _, t := range matrixTeams {
		if rep != "" && strings.Contains(t.reps, rep) {
			return t.id
		}
	}
	return ""
}

// leads reports whether somebody manages a team or one above it.
func (p principal) leads(team string) bool {
	for team != "" && p.has("manager") {
		next := ""
		for _, t := range matrixTeams {
			if t.id == team {
				if t.manager == p.rep && p.rep != "" {
					return true
				}
				next = t.parent
			}
		}
		team = next
	}
	return false
}

func (p principal) root() bool { return p.leads("T0") }

// namesAll reports whether somebody is a cmo of a company whose cmos may name reps.
func (p principal) namesAll() bool { return p.named && p.has("cmo") }

// seesDeals reports whether the deals of a rep are in somebody's scope; "" is
// what nobody owns, "-" what was deleted.
func (p principal) seesDeals(owner string) bool {
	switch {
	case owner == "-":
		return false
	case p.has("cmo"), p.root():
		return true
	case owner == "":
		return false
	}
	return p.has("rep", "manager") && p.rep == strings.ToLower(owner) || p.leads(teamOfRep(owner))
}

// namesRep reports whether somebody sees the numbers of a rep by name: the own,
// and as a manager those of the own teams; as a cmo all where the company says so,
// and else none more.
func (p principal) namesRep(rep string) bool {
	if rep == "-" || rep == "" {
		return false
	}
	if p.namesAll() {
		return true
	}
	return p.has("rep", "manager") && p.rep == strings.ToLower(rep) || p.leads(teamOfRep(rep))
}

// sees reports whether a mark may be shown to somebody.
func (p principal) sees(k mark) bool {
	if k.kind == "team" { // a small one stands for its reps to who may not name them
		return p.namesAll() || p.has("rep", "manager") && !p.has("cmo") || slices.Contains([]string{"T0", "T2", "T3"}, k.owners) || teamOfRep(p.rep) == k.owners
	}
	for _, owner := range append(strings.Split(k.owners, ""), k.owners) {
		if owner == "" && k.owners != "" {
			continue
		}
		switch k.kind {
		case "deal", "amount", "account", "person", "basis", "campaign", "post":
			if p.seesDeals(owner) {
				return true
			}
		case "spend":
			return p.has("cmo") || p.root()
		case "first": // colleagues by first name, but not to who sees the whole company's deals without names
			return p.has("rep", "manager") && !p.has("cmo") || p.namesRep(owner)
		default: // what is a rep's alone
			if p.namesRep(owner) {
				return true
			}
		}
	}
	return false
}

// audiences is who may use which address, by DESIGN §8 and §9. An address that
// is missing here fails the matrix.
var audiences = map[string]string{
	"anybody": `GET /healthz, GET /readyz, GET /metrics, GET /static/:file, POST /csp-report, GET /sign-in, POST /sign-in, GET /sign-in/oidc, GET /sign-in/oidc/callback,
		POST /api/v1/session, GET /set-up, POST /set-up, GET /invitation, POST /invitation, GET /api/v1/openapi.json`,
	"signed in": `GET /, POST /sign-out, POST /theme, DELETE /api/v1/session, GET /account, POST /account/password, POST /account/sessions, POST /account/tokens,
		POST /account/tokens/revoke, POST /view-as/stop, GET /attribution/models, GET /attribution/models/:id, GET /api/v1/me`,
	"rep, manager": `GET /me`,
	"rep, manager, cmo": `GET /teams/:id, GET /reps/:id, GET /deals, GET /deals/:id, GET /attribution, GET /attribution/rows, GET /attribution/pipeline, GET /campaigns,
		GET /campaigns/:id, GET /api/v1/deals, GET /api/v1/deals/:id, GET /api/v1/deals/:id/journey, GET /api/v1/reps, GET /api/v1/reps/:id, GET /api/v1/accounts,
		GET /api/v1/campaigns, GET /api/v1/channels, GET /api/v1/credits, GET /api/v1/credits/:view, GET /api/v1/pipeline, GET /api/v1/metrics/:name, GET /api/v1/search`,
	"root manager, cmo": `GET /efficiency, GET /reports, GET /reports/:file, GET /reports/:period/restatement, GET /reports/:period/close, POST /reports/:period/close, GET /api/v1/efficiency`,
	"admin": `GET /sources, GET /sources/:name, GET /sources/:name/rejected, GET /sources/:name/rejected.csv, GET /sources/:name/runs/:run, GET /sync, POST /sync, GET /users, POST /users,
		GET /users/:id, POST /users/:id, POST /users/:id/disable, POST /users/:id/enable, POST /users/:id/reset, POST /users/:id/sessions, POST /users/:id/tokens, POST /users/:id/view-as, GET /audit, GET /audit.csv,
		GET /settings, POST /settings, GET /privacy, POST /privacy, GET /api/v1/sources`,
	"admin, cmo": `GET /quality, GET /quality/:check, GET /quality/:check/rows.csv, GET /api/v1/quality`,
}

// audienceOf is who may use an address; "" is one that nobody thought of.
func audienceOf(door string) string {
	for audience, doors := range audiences {
		for one := range strings.SplitSeq(doors, ",") {
			if strings.TrimSpace(one) == door {
				return audience
			}
		}
	}
	return ""
}

// refusal is the status with which somebody is turned away at an address,
// whatever stands behind it; 0 lets them in.
func (p principal) refusal(audience, target string) int {
	api := strings.HasPrefix(target, "/api/")
	switch {
	case audience == "anybody":
		return 0
	case p.out && api:
		return http.StatusUnauthorized
	case p.out:
		return http.StatusSeeOther
	case audience == "signed in":
		return 0
	case audience == "root manager, cmo": // to others it does not exist
		if p.has("cmo") || p.root() {
			return 0
		}
		return http.StatusNotFound
	case p.has(strings.Split(audience, ", ")...):
		return 0
	}
	return http.StatusForbidden
}

// thing is one thing that an address may name, and who finds it.
type thing struct {
	id   string
	seen func(p principal) bool // nil: everybody who is let in
}

func nobodySees(principal) bool { return false }

// objects are what stands behind the parameter of an address: of every kind
// something of A, of B, of C, of the nested team, of nobody, deleted, and never
// there, which is own, same team, other team, unowned, deleted and not existing
// to each of the reps.
func (m *matrixWorld) objects(path string) []thing {
	var out []thing
	of := func(format string, may func(p principal, owner string) bool, owners ...string) {
		for _, owner := range owners {
			id, seen := owner, owner
			switch owner {
			case "":
				id = "u"
			case "-":
				id = "x"
			}
			out = append(out, thing{fmt.Sprintf(format, id), func(p principal) bool { return may(p, seen) }})
		}
		out = append(out, thing{"no-such-one", nobodySees})
	}
	known := func(ids ...string) {
		for _, id := range ids {
			out = append(out, thing{id: id})
		}
		out = append(out, thing{"no-such-one", nobodySees})
	}
	switch {
	case strings.Contains(path, "/deals/:id"):
		of("D-%s1", principal.seesDeals, "a", "b", "c", "n")
		out = append(out, thing{"D-m1", func(p principal) bool { return p.seesDeals("M") }}, thing{"D-m2", func(p principal) bool { return p.seesDeals("m") }},
			thing{"D-m3", func(p principal) bool { return p.seesDeals("m") }})
		of("D-%s", principal.seesDeals, "", "-")
	case strings.Contains(path, "/reps/:id"):
		of("R-%s", principal.opensRep, "a", "b", "c", "d", "n", "-")
		out = append(out, thing{"R-m", func(p principal) bool { return p.opensRep("m") || p.opensRep("M") && !p.has("cmo") }})
	case strings.Contains(path, "/teams/:id"):
		of("%s", principal.opensTeam, "T0", "T1", "T11", "T2", "T3", "TX", "TE")
	case strings.Contains(path, "/campaigns/:id"):
		of("C-%s", principal.seesDeals, "a", "b", "c", "n", "", "-")
		out = append(out, thing{"C-m", func(p principal) bool { return p.seesDeals("m") || p.seesDeals("M") }},
			thing{"C-s", func(p principal) bool { return p.seesDeals("a") || p.seesDeals("c") }})
	case strings.Contains(path, "/users/:id"):
		known(m.users["rep A"].ID, m.users["admin"].ID, m.users["disabled user"].ID)
	case strings.Contains(path, "/sources/:name/runs/:run"):
		known("crm/runs/1")
		out = append(out, thing{"crm/runs/999999", nobodySees}, thing{"none/runs/1", nobodySees})
	case strings.Contains(path, "/sources/:name"):
		known("crm")
	case strings.Contains(path, "/quality/:check"):
		known("rejected_rows", "deals_without_amount", "merged_contacts")
	case strings.Contains(path, "/models/:id"):
		known("linear", "markov")
	case strings.Contains(path, "/metrics/:name"):
		known("won_revenue", "quota", "quota_attainment", "win_rate", "mails_sent")
	case strings.Contains(path, "/credits/:view"):
		known("channel", "campaign", "post", "content", "team")
		out = append(out, thing{"rep", func(p principal) bool { return p.namesAll() || !p.has("cmo") }})
	case strings.Contains(path, "/reports/:period"):
		known("2026Q3")
	case strings.Contains(path, "/reports/:file"):
		known("2026Q4.xlsx", "2026Q4.csv", "2026Q4.json")
	case strings.Contains(path, "/static/:file"):
		out = append(out, thing{"no-such-one", nobodySees})
	}
	return out
}

// opensRep reports whether the page of a rep opens: the own, and to a manager
// those of the own teams. A cmo needs privacy.cmo_sees_reps.
func (p principal) opensRep(rep string) bool {
	return p.namesRep(rep)
}

// opensTeam reports whether the page of a team opens: to its managers, and to a
// cmo if neither it nor what is left without it is smaller than five reps: T1 has
// four with T11, which are five with the head of the company.
func (p principal) opensTeam(team string) bool {
	if p.namesAll() {
		return slices.ContainsFunc(matrixTeams, func(t struct{ id, parent, manager, reps string }) bool { return t.id == team })
	}
	if p.has("cmo") && !p.root() {
		return slices.Contains([]string{"T0", "T2", "T3"}, team)
	}
	return p.leads(team)
}

// fill puts an id into the address of a route.
func fill(path, id string) string {
	at := strings.Index(path, ":")
	if at < 0 {
		return path
	}
	rest := path[at:]
	end := strings.Index(rest, "/")
	if strings.Contains(path, ":run") {
		end = -1
	}
	if end < 0 {
		if strings.HasSuffix(path, ".csv") {
			return path[:at] + id + ".csv"
		}
		return path[:at] + id
	}
	return path[:at] + id + rest[end:]
}

func TestEveryAddressIsInOneAudience(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	doors := map[string]bool{}
	for _, r := range s.app.GetRoutes(true) {
		if r.Method == http.MethodHead {
			continue
		}
		door := r.Method + " " + r.Path
		doors[door] = true
		if audienceOf(door) == "" {
			t.Errorf("%s: write in matrix_rule_test.go who may use it by DESIGN §8", door)
		}
	}
	for audience, list := range audiences {
		for one := range strings.SplitSeq(list, ",") {
			if door := strings.TrimSpace(one); !doors[door] {
				t.Errorf("%s is open to %q and no route leads there", door, audience)
			}
		}
	}
}
