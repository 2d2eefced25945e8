package web

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"credence/server/config"
	"credence/warehouse"
)

// TestMatrixOfWhoMaySeeWhat asks every address of the router as everybody with
// every thing: the status is the one that DESIGN §8 says, what one may not see
// is answered like what does not exist, and no byte holds a mark of somebody out
// of scope.
func TestMatrixOfWhoMaySeeWhat(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t)
	var cells atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d cells: every GET and HEAD of the router, for every principal and object", cells.Load())
		s.logsNoMark(t)
	})
	for _, p := range s.principals(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			seen := s.asksAll(t, p, &cells)
			for _, kind := range []string{"deal", "amount", "account", "campaign"} {
				if p.has("rep", "manager", "cmo") && seen[kind] == 0 {
					t.Errorf("%s saw no %s at all: the matrix looks at the wrong pages", p.name, kind)
				}
			}
		})
	}
}

// TestMatrixWhereCMOsNameReps is the same in a company that lets its cmos see the
// numbers of reps by name: they do, and nobody else sees more than before.
func TestMatrixWhereCMOsNameReps(t *testing.T) {
	t.Parallel()
	m := matrixCompany(t)
	s := m.server(t, func(c *config.Config) { c.Privacy.CMOSeesReps = true })
	var cells atomic.Int64
	t.Cleanup(func() { t.Logf("%d cells where cmos name reps", cells.Load()) })
	for _, p := range s.principals(t) {
		if !long && !slices.Contains([]string{"cmo", "manager T2"}, p.name) {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			seen := s.asksAll(t, p, &cells)
			for _, kind := range []string{"rep", "quota", "sum"} {
				if p.namesAll() && seen[kind] == 0 {
					t.Errorf("%s saw no %s of anybody", p.name, kind)
				}
			}
		})
	}
}

// asksAll asks every address for every thing and answers how many marks of each kind
// were there that may be.
func (s *matrixServer) asksAll(t *testing.T, p principal, cells *atomic.Int64) (seen map[string]int) {
	t.Helper()
	seen = map[string]int{}
	for _, r := range s.app.GetRoutes(true) {
		if r.Method != http.MethodGet {
			continue
		}
		audience := audienceOf("GET " + r.Path)
		objects := s.m.objects(r.Path)
		if len(objects) == 0 {
			objects = []thing{{}}
		}
		missing := answer{}
		for nth, o := range slices.Backward(objects) { // what never existed comes first
			target := fill(r.Path, o.id)
			if r.Path == "/attribution/rows" {
				target += "?by=campaign&id=C-a"
			}
			want := p.refusal(audience, target)
			switch {
			case want != 0:
			case o.seen != nil && !o.seen(p):
				want = http.StatusNotFound
			}
			if want == 0 && !p.asks(r.Path, nth) {
				continue
			}
			cells.Add(1)
			a := s.as(t, p, http.MethodGet, target, "")
			s.expect(t, p, target, want, a)
			s.holdsNoMark(t, p, target, a, seen)
			if o.id == "no-such-one" {
				missing = a
			} else if a.StatusCode == http.StatusNotFound && missing.Response != nil && alike(a.body, o.id) != alike(missing.body, "no-such-one") {
				t.Errorf("%s tells %s another thing than what does not exist:\n%s\n%s", target, p.name, alike(a.body, o.id), alike(missing.body, "no-such-one"))
			}
			if want != 0 || p.name == "rep A" { // a HEAD costs what its GET does
				cells.Add(1)
				h := s.as(t, p, http.MethodHead, target, "")
				if h.StatusCode != a.StatusCode || h.body != "" {
					t.Errorf("HEAD %s answers %s %d, GET %d", target, p.name, h.StatusCode, a.StatusCode)
				}
			}
		}
	}
	return seen
}

// long asks for every cell.
var long = os.Getenv("SCOPE") == "long"

// asks reports whether somebody asks for the nth object of an address that opens to
// them. Every refusal is asked for. Of what opens, without long, those whose rights
// another has too ask for every third, each for others, and managers, and who sees
// the whole company, for every third of the many objects of one address.
func (p principal) asks(path string, nth int) bool {
	if long || mutated != "" {
		return true
	}
	who := slices.Index([]string{"rep B", "rep C", "moved rep", "manager T2", "rep and cmo", "manager and cmo", "root manager", "cmo", "manager T1"}, p.name)
	switch {
	case who < 0:
		return true
	case strings.Contains(path, "/reports/:file") && who > 5:
		return (who+nth)%2 == 0
	case !strings.Contains(path, ":") || strings.Contains(path, "/reports/") || strings.Contains(path, "/models/"):
		return who > 5 || (who+len(path))%3 == 0
	}
	return (who+len(path)+nth)%3 == 0
}

// expect compares a status with the one of the table; 0 is any answer of a page
// that somebody may use.
func (s *matrixServer) expect(t *testing.T, p principal, target string, want int, a answer) {
	t.Helper()
	switch got := a.StatusCode; {
	case got >= http.StatusInternalServerError:
		t.Errorf("%s answers %s %d", target, p.name, got)
	case want == 0 && openStatus(target) != 0:
		if got != openStatus(target) {
			t.Errorf("%s answers %s %d, want %d", target, p.name, got, openStatus(target))
		}
	case want == 0:
		if got != http.StatusOK && got != http.StatusNoContent && (got != http.StatusSeeOther || strings.HasPrefix(a.Header.Get("Location"), "/sign-in")) {
			t.Errorf("%s answers %s %d %s, want the page: %.200s", target, p.name, got, a.Header.Get("Location"), a.body)
		}
	case got != want:
		t.Errorf("%s answers %s %d, want %d", target, p.name, got, want)
	case want == http.StatusSeeOther && !strings.HasPrefix(a.Header.Get("Location"), "/sign-in"):
		t.Errorf("%s leads %s to %s, want the sign-in page", target, p.name, a.Header.Get("Location"))
	}
}

// openStatus is what addresses that need no session answer to everybody.
func openStatus(target string) int {
	switch {
	case target == "/metrics", target == "/set-up", strings.HasPrefix(target, "/sign-in/oidc"), strings.HasPrefix(target, "/static/"):
		return http.StatusNotFound // no token is set, an administrator exists, there is no directory, no such file
	}
	return 0
}

// marksAt are the marks that somebody may not find at an address.
func (s *matrixServer) marksAt(p principal, target string) []mark {
	var out []mark
	for _, k := range s.m.marks {
		switch {
		case p.sees(k):
		case p.has("admin") && (k.kind == "rep" || k.kind == "first" || k.kind == "team"): // who looks after users knows them
		case p.has("admin") && target == "/settings" && k.kind == "campaign": // and who sets rules the campaigns they speak of
		case p.has("admin") && k.kind != "amount" && (strings.HasPrefix(target, "/quality/") || strings.HasPrefix(target, "/sources/")): // who corrects the data sees the faulty rows
		default:
			out = append(out, k)
		}
	}
	return out
}

// holdsNoMark looks into every byte of an answer, and counts the marks that may
// be there.
func (s *matrixServer) holdsNoMark(t *testing.T, p principal, target string, a answer, seen map[string]int) {
	t.Helper()
	text := hashes.ReplaceAllString(strings.ToLower(readable(t, a)), "")
	var found []string
	first := ""
	for _, k := range s.marksAt(p, target) {
		if at := k.in(text); at >= 0 {
			found = append(found, k.kind+" of "+strconv.Quote(k.owners))
			if first == "" {
				first = text[max(0, at-120):min(len(text), at+60)]
			}
		}
	}
	if len(found) > 0 {
		t.Errorf("%s (%d) shows %s the %s: …%s…", target, a.StatusCode, p.name, strings.Join(found, ", "), first)
	}
	if p.has("cmo") && !p.root() { // who may not name reps is not told their ids either
		for _, id := range repIDs.FindAllStringSubmatch(text, -1) {
			if !p.namesRep(id[1]) {
				t.Errorf("%s shows %s the id of the rep %s", target, p.name, id[1])
				break
			}
		}
	}
	if seen == nil {
		return
	}
	for _, k := range s.m.marks {
		if seen[k.kind] == 0 && p.sees(k) && k.in(text) >= 0 {
			seen[k.kind]++
		}
	}
}

// hashes are those of the log, where by chance the digits of any amount stand.
var hashes = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// repIDs are those of an answer of the API.
var repIDs = regexp.MustCompile(`"(?:(?:owner_)?rep_id|key)": ?"r-(\w)"`)

// in is where a mark stands in a text, an amount with or without separators; -1
// is nowhere.
func (k mark) in(text string) int {
	if at := strings.Index(text, k.text); at >= 0 {
		return at
	}
	if k.text[0] >= '0' && k.text[0] <= '9' {
		n := len(k.text)
		return strings.Index(text, k.text[:n-6]+","+k.text[n-6:n-3]+","+k.text[n-3:])
	}
	return -1
}

// logsNoMark looks into everything the server logged: it names nothing.
func (s *matrixServer) logsNoMark(t *testing.T) {
	t.Helper()
	text := strings.ToLower(s.log.String())
	for _, k := range s.m.marks {
		if at := k.in(text); at >= 0 {
			t.Errorf("the log holds the %s of %q: …%s…", k.kind, k.owners, text[max(0, at-200):min(len(text), at+60)])
		}
	}
}

var requestIDs = regexp.MustCompile(`"request_id":"\w+"|reference \w+|<code>\w{12}</code>|name="_csrf" value="\w+"`)

// alike is an answer without what every request has of its own and the id it
// asked for.
func alike(body, id string) string {
	return requestIDs.ReplaceAllString(strings.ReplaceAll(body, "/"+id, "/OBJECT"), "")
}

// TestMatrixOfChanges sends every change as everybody who may not make it, and
// then to objects that are not there as those who may: who is refused changes
// nothing.
func TestMatrixOfChanges(t *testing.T) { //nolint:paralleltest // it compares the whole database before and after
	m := matrixCompany(t)
	s := m.server(t)
	principals := s.principals(t)
	before := s.state(t)
	cells := 0
	var allowed []func()
	for _, p := range principals {
		for _, r := range s.app.GetRoutes(true) {
			if r.Method == http.MethodGet || r.Method == http.MethodHead {
				continue
			}
			audience := audienceOf(r.Method + " " + r.Path)
			if audience == "anybody" {
				continue // what they take is tested with sign-in, set-up and invitation
			}
			for _, o := range m.changeable(r.Path) {
				target, body := fill(r.Path, o.id), "session=all&token=x&role=admin&roles=admin&team_id=T0&owner_id=R-z&rep_id=R-z&user_id="+m.users["rep A"].ID
				if r.Path == "/sync" || r.Path == "/privacy" { // which take their object in the body
					body += "&source=" + o.id + "&kind=rep&id=" + o.id + "&do=opt-out&email=" + o.id
				}
				want := p.refusal(audience, target)
				if want == 0 {
					if o.id == "no-such-one" {
						allowed = append(allowed, func() { s.changesNothing(t, p, r.Method, target) })
					}
					continue
				}
				if r.Method == http.MethodDelete {
					body = ""
				}
				cells++
				a := s.as(t, p, r.Method, target, body)
				s.expect(t, p, r.Method+" "+target, want, a)
				s.holdsNoMark(t, p, target, a, nil)
			}
		}
	}
	if after := s.state(t); after != before {
		t.Errorf("a refused change changed something:\n%s\nbefore\n%s", after, before)
	}
	for _, do := range allowed {
		do()
		cells++
	}
	t.Logf("%d cells: every change of the router, for every principal", cells)
	s.logsNoMark(t)
}

// changeable are the objects of a change: of every kind one's own, those of others in
// the team, in another team, of nobody's, gone and never there, to each of the users.
func (m *matrixWorld) changeable(path string) []thing {
	switch {
	case strings.Contains(path, "/users/:id"):
		out := []thing{{id: "no-such-one"}}
		for _, u := range matrixUsers {
			out = append(out, thing{id: m.users[u.name].ID})
		}
		return out
	case strings.Contains(path, "/reports/:period"):
		return []thing{{id: "2026Q3"}, {id: "2026Q2"}, {id: "2026Q4"}, {id: "1999Q1"}, {id: "no-such-one"}}
	case path == "/sync":
		return []thing{{id: "crm"}, {id: "no-such-one"}}
	case path == "/privacy":
		return []thing{{id: "R-a"}, {id: "R-b"}, {id: "R-c"}, {id: "R-x"}, {id: m.text("rep", "b") + "@own.example"}, {id: "no-such-one"}}
	}
	return []thing{{id: "no-such-one"}}
}

// changesNothing sends a change of something that is not there: it is answered,
// and not with a fault of ours.
func (s *matrixServer) changesNothing(t *testing.T, p principal, method, target string) {
	t.Helper()
	body := "source=no-such-one"
	switch {
	case strings.HasPrefix(target, "/theme"):
		body = "theme=dark&back=/"
	case method == http.MethodDelete:
		body = ""
	}
	one := p
	if strings.Contains(target, "sign-out") || strings.Contains(target, "session") { // else the principal is signed out
		one.bearer = s.session(t, s.m.users[p.name], s.m.users[p.name].SessionVersion)
	}
	a := s.as(t, one, method, target, body)
	if a.StatusCode >= http.StatusInternalServerError || a.StatusCode == http.StatusUnauthorized || a.StatusCode == http.StatusForbidden {
		t.Errorf("%s %s answers %s %d: %.200s", method, target, p.name, a.StatusCode, a.body)
	}
	s.holdsNoMark(t, p, target, a, nil)
}

// state is the content of every table but the audit log, and who is signed in.
func (s *matrixServer) state(t *testing.T) string {
	t.Helper()
	out := fmt.Sprintf("%d sessions", len(s.Sessions.Of("", s.clock.now())))
	err := s.m.w.Read(t.Context(), func(snap *warehouse.Snapshot) error {
		tables, err := column(t.Context(), snap, "select table_name from information_schema.tables where table_type = 'BASE TABLE' and table_name not like 'audit%' order by 1")
		if err != nil {
			return err
		}
		for _, table := range tables {
			sums, err := column(t.Context(), snap, "select count(*) || ' ' || coalesce(bit_xor(hash(t)), 0) from "+table+" t")
			if err != nil {
				return err
			}
			out += "\n" + table + " " + sums[0]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// column is the first column of a question.
func column(ctx context.Context, q *warehouse.Snapshot, text string) (out []string, err error) {
	rows, err := q.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// TestMatrixOfTimes asks in turn for what one may not see and for what does not exist:
// by how long the answers take nobody can tell them apart. The middle of many is
// compared, and what a busy machine did to all of them is asked again.
func TestMatrixOfTimes(t *testing.T) { //nolint:paralleltest // others would be measured
	m := matrixCompany(t)
	s := m.server(t)
	for _, p := range s.principals(t) {
		if p.name != "rep A" {
			continue
		}
		for path, hidden := range map[string]string{"/deals/": "D-c%d", "/api/v1/deals/": "D-c%d", "/reps/": "R-c", "/api/v1/reps/": "R-c", "/teams/": "T2", "/campaigns/": "C-c"} {
			var is, none time.Duration
			for range 5 {
				var times [2][]time.Duration
				for n := range 41 {
					id := strings.ReplaceAll(hidden, "%d", strconv.Itoa(1+n%5))
					for i, target := range []string{path + id, path + strings.Repeat("z", len(id))} {
						s.forget(t)
						began := time.Now()
						if a := s.as(t, p, http.MethodGet, target, ""); a.StatusCode != http.StatusNotFound {
							t.Fatalf("%s answers %d", target, a.StatusCode)
						}
						times[i] = append(times[i], time.Since(began))
					}
				}
				for i := range times {
					slices.Sort(times[i])
				}
				is, none = times[0][20], times[1][20]
				if alikeInTime(is, none) {
					break
				}
			}
			t.Logf("%s: what may not be seen %v, what is not there %v", path, is, none)
			if !alikeInTime(is, none) {
				t.Errorf("%s of what may not be seen takes %v, of what is not there %v", path, is, none)
			}
		}
	}
}

// alikeInTime allows half of the shorter, or what one question of the engine takes.
func alikeInTime(a, b time.Duration) bool {
	return max(a, b)-min(a, b) < max(min(a, b)/2, 1500*time.Microsecond)
}

// forget has every question asked anew, as after any change.
func (s *matrixServer) forget(t *testing.T) {
	t.Helper()
	err := s.m.w.Write(t.Context(), func(tx *warehouse.Tx) error {
		_, err := tx.ExecContext(t.Context(), "update deals set deleted = deleted where false")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
