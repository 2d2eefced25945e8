package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"credence/attribution"
	"credence/server/auth"
	"credence/server/config"
	"credence/server/jobs"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// The company of the authorization matrix: three teams under a root, one team
// nested below the first, and a rep of which everything is marked by words and
// amounts that stand nowhere else. Reps are called by one letter.
var (
	matrixTeams = []struct{ id, parent, manager, reps string }{
		{"T0", "", "z", "z"},        // the company, led by z
		{"T1", "T0", "p", "pab"},    // a and b, led by p
		{"T11", "T1", "a", "n"},     // n, who is led by p too; a is written down as leading n, and is no manager here
		{"T2", "T0", "q", "qcdefm"}, // m came from T1
		{"T3", "T0", "r", "rghijk"}, // like T2 large enough to be told apart
	}
	matrixReps   = "zpabnqcdefmrghijk"
	matrixMoved  = time.Date(2026, 10, 13, 12, 0, 0, 0, time.UTC) // when m went from T1 to T2
	matrixBeside = "nce"                                          // who has deals that are in no sum
)

// mark is a word or an amount that belongs to somebody.
type mark struct {
	kind   string // deal, amount, account, person, basis, campaign, post, rep, quota, sum, spend, first or team
	text   string
	owners string // the reps whose it is, or the team; "" is nobody's, "-" is what was deleted, M what m closed in T1
}

// matrixWorld is the company in a database, with its marks.
type matrixWorld struct {
	w     *warehouse.Warehouse
	cfg   config.Config
	dir   string
	marks []mark
	users map[string]auth.User // by the name of the principal
	dice  *rand.Rand
}

var (
	matrixOnce  sync.Once
	matrixMade  *matrixWorld // closed, to be copied
	matrixAsked *matrixWorld // the copy that is asked and not changed
	errMatrix   error
	matrixUsers = []struct{ name, rep, roles string }{
		{"rep A", "a", "rep"},
		{"rep B", "b", "rep"},
		{"rep C", "c", "rep"},
		{"moved rep", "m", "rep"},
		{"manager T1", "p", "manager"},
		{"manager T2", "q", "manager"},
		{"root manager", "z", "manager"},
		{"cmo", "", "cmo"},
		{"admin", "", "admin"},
		{"rep and cmo", "d", "rep;cmo"},
		{"manager and cmo", "r", "manager;cmo"},
		{"disabled user", "e", "rep"},
		{"demoted user", "g", "rep"},
	}
)

// matrixCompany makes the company once for all tests of the package.
func matrixCompany(t *testing.T) *matrixWorld {
	t.Helper()
	matrixOnce.Do(func() {
		var dirs [2]string
		for i := range dirs {
			if dirs[i], errMatrix = tempDir(); errMatrix != nil {
				return
			}
		}
		matrixMade = &matrixWorld{dir: dirs[0], users: map[string]auth.User{}, dice: rand.New(rand.NewPCG(7, 11))}
		if errMatrix = matrixMade.make(context.Background()); errMatrix == nil {
			errMatrix = matrixMade.w.Close()
		}
		if errMatrix == nil {
			matrixAsked, errMatrix = matrixMade.copied(context.Background(), dirs[1])
		}
	})
	if errMatrix != nil {
		t.Fatalf("make the company of the matrix: %v", errMatrix)
	}
	return matrixAsked
}

// matrixCopy is a company of the test's own, to be changed.
func matrixCopy(t *testing.T) *matrixWorld {
	t.Helper()
	matrixCompany(t)
	m, err := matrixMade.copied(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cerr := m.w.Close(); cerr != nil {
			t.Error(cerr)
		}
	})
	return m
}

// copied is the same company in another folder, open.
func (m *matrixWorld) copied(ctx context.Context, dir string) (*matrixWorld, error) {
	c := &matrixWorld{dir: dir, marks: m.marks, users: m.users}
	if err := os.CopyFS(dir, os.DirFS(m.dir)); err != nil {
		return nil, err
	}
	return c, c.open(ctx)
}

// open reads the settings and opens the database.
func (m *matrixWorld) open(ctx context.Context) (err error) {
	if m.cfg, err = config.Read(filepath.Join(m.dir, "credence.yaml"), nil); err != nil {
		return err
	}
	// One thread: it costs less where every question is small.
	engine, err := duckdb.Open(filepath.Join(m.dir, "matrix.db"), duckdb.Options{MemoryLimit: "1GB", Threads: 1}) //nolint:contextcheck // opening is not cut short
	if err != nil {
		return err
	}
	m.w, err = warehouse.Open(ctx, engine)
	return err
}

// synced reads the files again and works out the figures.
func (m *matrixWorld) synced(t *testing.T) {
	t.Helper()
	var words strings.Builder
	j := &jobs.Jobs{Warehouse: m.w, Config: m.cfg, Now: func() time.Time { return testNow }, Log: discard}
	for _, verb := range []string{"sync", "refresh"} {
		if exit := j.Do(t.Context(), jobs.Call{Verb: verb}, jobs.Out{Stdout: &words, Stderr: &words}); exit != jobs.Done {
			t.Fatalf("%s ended with %d: %s", verb, exit, words.String())
		}
	}
}

// word is a new mark of letters, amount one of seven digits.
func (m *matrixWorld) word(kind, owners string) string {
	letters := make([]byte, 8)
	for i := range letters {
		letters[i] = byte('a' + m.dice.IntN(26))
	}
	text := "zq" + string(letters)
	m.marks = append(m.marks, mark{kind, text, owners})
	return text
}

func (m *matrixWorld) amount(kind, owners string) int {
	n := 1_000_000 + m.dice.IntN(9_000_000)
	m.marks = append(m.marks, mark{kind, fmt.Sprint(n), owners})
	return n
}

// files writes the company as canonical files.
func (m *matrixWorld) files() map[string]string {
	out := map[string]*strings.Builder{}
	add := func(name, head, row string, values ...any) {
		if out[name] == nil {
			out[name] = &strings.Builder{}
			out[name].WriteString(head + "\n")
		}
		fmt.Fprintf(out[name], row+"\n", values...)
	}
	const (
		deals      = "deal_id,account_id,primary_contact_id,owner_rep_id,name,stage,status,amount,currency,created_at,closed_at,expected_close_on"
		activities = "activity_id,kind,direction,occurred_at,rep_id,contact_id,deal_id,duration_s,outcome"
		engaged    = "engagement_id,kind,occurred_at,contact_id,email,post_id,campaign_id"
		campaigns  = "campaign_id,name,channel,started_on,budget,currency"
		spend      = "day,channel,campaign_id,amount,currency,kind"
	)
	customer := func(id, owners string) (contact, email string) {
		account, person := m.word("account", owners), m.word("person", owners)
		email = person + "@" + account + ".example"
		add("accounts.csv", "account_id,name,domain", "A-%s,Account %s,%s.example", id, account, account)
		add("contacts.csv", "contact_id,account_id,name,email,lead_created_at,lawful_basis", "K-%s,A-%s,Person %s,%s,2026-02-01,%s", id, id, person, email, m.word("basis", owners))
		return "K-" + id, email
	}
	deal := func(id, account, contact, owner, marked, status, closed string) int {
		stage, expected := status, ""
		if status == "open" {
			stage, expected = "Offer", "2026-12-10"
		}
		amount := m.amount("amount", marked)
		add("deals.csv", deals, "D-%s,A-%s,%s,%s,Deal %s,%s,%s,%d,EUR,2026-05-01T08:00:00Z,%s,%s", id, account, contact, owner, m.word("deal", marked), stage, status, amount, closed, expected)
		return amount
	}
	met := func(id, rep, contact, day string) {
		add("activities.csv", activities, "X-%s,meeting,,%sT10:00:00Z,R-%s,%s,,1800,held", id, day, rep, contact)
	}
	for _, t := range matrixTeams {
		manager := ""
		if t.manager != "" {
			manager = "R-" + t.manager
		}
		add("teams.csv", "team_id,name,parent_team_id,manager_rep_id", "%s,Team %s,%s,%s", t.id, m.word("team", t.id), t.parent, manager)
		add("quotas.csv", "rep_id,team_id,period,amount,currency", ",%s,2026Q3,%d,EUR", t.id, 20_000_000)
		for r := range strings.SplitSeq(t.reps, "") {
			last := m.word("rep", strings.Replace(r, "m", "mM", 1))
			add("reps.csv", "rep_id,name,email,team_id", "R-%s,%s %s,%s@own.example,%s", r, m.word("first", r), last, last, t.id)
			add("quotas.csv", "", "R-%s,,2026Q4,%d,EUR", r, m.amount("quota", r))
			then, both, second := r, r, "2026-06-02"
			if r == "m" {
				then, both, second = "M", "mM", "2026-10-14"
			}
			contact1, email1 := customer(r+"1", both)
			contact2, _ := customer(r+"2", both)
			sum := deal(r+"1", r+"1", contact1, "R-"+r, then, "won", "2026-10-10")
			sum += deal(r+"2", r+"2", contact2, "R-"+r, r, "won", "2026-10-20")
			if then == r {
				m.marks = append(m.marks, mark{"sum", fmt.Sprint(sum), r})
			}
			deal(r+"3", r+"1", contact1, "R-"+r, r, "open", "")
			deal(r+"4", r+"2", contact2, "R-"+r, then, "lost", "2026-09-20")
			deal(r+"5", r+"1", contact1, "R-"+r, then, "won", "2026-09-10")
			met(r+"1", r, contact1, "2026-06-01")
			met(r+"2", r, contact2, second)
			add("campaigns.csv", campaigns, "C-%s,Campaign %s,Event,2026-01-01,%d,EUR", r, m.word("campaign", both), m.amount("spend", ""))
			add("spend.csv", spend, "2026-10-0%d,Event,C-%s,%d,EUR,media", 1+len(r), r, m.amount("spend", ""))
			add("posts.csv", "post_id,network,author_rep_id,campaign_id,published_at,url,kind,title", "P-%s,linkedin,R-%s,C-%s,2026-06-01T08:00:00Z,https://social.example/%s,post,Post %s", r, r, r, r, m.word("post", strings.NewReplacer("a", "ab", "c", "bc").Replace(both)))
			add("engagements.csv", engaged, "E-%s1,comment,2026-06-03T09:00:00Z,%s,%s,P-%s,C-%s", r, contact1, email1, r, r)
			add("engagements.csv", engaged, "E-%s2,form,2026-06-04T09:00:00Z,%s,%s,,C-%s", r, contact1, email1, r)
		}
	}
	// b's deal with an account whom a met too: a sees the account and the own
	// credit, and nothing else of the deal.
	shared, _ := customer("ab", "ab")
	m.marks = append(m.marks, mark{"sum", fmt.Sprint(m.sum("b") + deal("ab", "ab", shared, "R-b", "b", "won", "2026-10-05")), "b"})
	met("ab1", "b", shared, "2026-06-04") // else a earned all of it under some model
	met("ab2", "a", shared, "2026-06-05") // after a's post, which is suspected then
	met("ab3", "b", shared, "2026-06-06")
	met("ab4", "a", shared, "2026-10-02") // in the quarter that pages show
	met("ab5", "b", shared, "2026-10-03")
	// One account with an open deal of b and one of c, whose touches both see.
	both, _ := customer("bc", "bc")
	deal("bc1", "bc", both, "R-b", "b", "open", "")
	deal("bc2", "bc", both, "R-c", "c", "open", "")
	met("bc", "c", both, "2026-06-07")
	// Won or open, and in no sum: without amount, and in a currency without rate.
	for r := range strings.SplitSeq(matrixBeside, "") {
		contact := "K-" + r + "2"
		if r == "n" { // whom a met: that earned no money, so a does not see the account of the deal, which is another than the person's own
			contact, _ = customer("na", "an")
			add("activities.csv", activities, "X-na,meeting,,2026-10-02T10:00:00Z,R-a,%s,D-n6,1800,held", contact)
		}
		add("deals.csv", deals, "D-%s6,A-%s2,%s,R-%s,Deal %s,won,won,,EUR,2026-05-01T08:00:00Z,2026-10-16,", r, r, contact, r, m.word("deal", r))
		add("deals.csv", deals, "D-%s7,A-%s2,K-%s2,R-%s,Deal %s,won,won,%d,USD,2026-05-01T08:00:00Z,2026-10-17,", r, r, r, r, m.word("deal", r), m.amount("amount", r))
		add("deals.csv", deals, "D-%s8,A-%s2,K-%s2,R-%s,Deal %s,Offer,open,,EUR,2026-05-01T08:00:00Z,,2026-12-10", r, r, r, r, m.word("deal", r))
		add("deals.csv", deals, "D-%s9,A-%s2,K-%s2,R-%s,Deal %s,Offer,open,%d,USD,2026-05-01T08:00:00Z,,2026-12-10", r, r, r, r, m.word("deal", r), m.amount("amount", r))
	}
	// One campaign with a post of a and one of c, of which each sees the own; c's
	// brought a touch.
	add("campaigns.csv", campaigns, "C-s,Campaign %s,Event,2026-01-01,,EUR", m.word("campaign", "ac"))
	for r := range strings.SplitSeq("ac", "") {
		add("posts.csv", "", "P-s%s,linkedin,R-%s,C-s,2026-02-01T08:00:00Z,https://social.example/s%s,post,Post %s", r, r, r, m.word("post", r))
	}
	add("engagements.csv", engaged, "E-s,comment,2026-06-03T10:00:00Z,K-c1,,P-sc,C-s")
	// How long a stage usually lasts is told of the deals that one sees: 10 days of a's,
	// 100 of c's.
	for deal, left := range map[string]string{"a1": "2026-05-11", "c1": "2026-08-09"} {
		add("stage_changes.csv", "deal_id,stage,changed_at", "D-%s,Offer,2026-05-01T08:00:00Z\nD-%s,won,%sT08:00:00Z", deal, deal, left)
	}
	nobody, _ := customer("u", "")
	deal("u", "u", nobody, "", "", "won", "2026-10-12")
	add("campaigns.csv", campaigns, "C-u,Campaign %s,Display,2026-01-01,,EUR", m.word("campaign", ""))
	add("spend.csv", spend, "2026-10-09,Display,C-u,%d,EUR,media", m.amount("spend", ""))
	gone, _ := customer("x", "-")
	deal("x", "x", gone, "R-a", "-", "won", "2026-10-15")
	add("reps.csv", "", "R-x,Xaver %s,%s@own.example,T1", m.word("rep", "-"), m.word("rep", "-"))
	add("teams.csv", "", "TX,Team TX,T1,")
	add("posts.csv", "", "P-m2,linkedin,R-m,,2026-10-20T08:00:00Z,https://social.example/m2,post,Post %s", m.word("post", "m"))
	add("teams.csv", "", "TE,Team %s,T1,", m.word("team", "-")) // in which nobody is
	add("campaigns.csv", campaigns, "C-x,Campaign %s,Event,2026-01-01,,EUR", m.word("campaign", "-"))
	files := map[string]string{}
	for name, text := range out {
		files[name] = text.String()
	}
	return files
}

// sum is what a rep won in the files so far.
func (m *matrixWorld) sum(rep string) (n int) {
	for _, k := range m.marks {
		if k.kind == "sum" && k.owners == rep {
			if _, err := fmt.Sscan(k.text, &n); err != nil {
				panic(err)
			}
		}
	}
	return n
}

func (m *matrixWorld) make(ctx context.Context) error {
	files := m.files()
	if err := os.MkdirAll(filepath.Join(m.dir, "crm"), 0o700); err != nil {
		return err
	}
	for name, text := range files {
		if name == "reps.csv" { // first m is in T1
			text = regexp.MustCompile("(?m)^(R-m,.*),T2$").ReplaceAllString(text, "$1,T1")
		}
		if err := os.WriteFile(filepath.Join(m.dir, "crm", name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	settings := filepath.Join(m.dir, "credence.yaml")
	if err := os.WriteFile(settings, []byte("company: {name: Matrix, currency: EUR, time_zone: UTC, domains: [own.example]}\nsources:\n  - {name: crm, kind: csvfile, path: crm}\n"), 0o600); err != nil {
		return err
	}
	err := m.open(ctx)
	if err != nil {
		return err
	}
	hasher, err := auth.NewTestHasher()
	if err != nil {
		return err
	}
	now := matrixMoved.Add(-time.Hour)
	j := &jobs.Jobs{Warehouse: m.w, Config: m.cfg, Hasher: hasher, Now: func() time.Time { return now }, Log: discard}
	var words bytes.Buffer
	out := jobs.Out{Stdout: io.Discard, Stderr: &words}
	if exit := j.Do(ctx, jobs.Call{Verb: "sync"}, out); exit != jobs.Done {
		return fmt.Errorf("sync ended with %d: %s", exit, words.String())
	}
	now = matrixMoved
	if err = os.WriteFile(filepath.Join(m.dir, "crm", "reps.csv"), []byte(files["reps.csv"]), 0o600); err != nil {
		return err
	}
	if exit := j.Do(ctx, jobs.Call{Verb: "sync"}, out); exit != jobs.Done {
		return fmt.Errorf("the second sync ended with %d: %s", exit, words.String())
	}
	now = testNow
	err = m.w.Write(ctx, func(tx *warehouse.Tx) error {
		if mutated != "" {
			if _, merr := tx.ExecContext(ctx, "insert into mutant values (cast(? as integer))", mutated); merr != nil {
				return merr
			}
		}
		for _, table := range []string{"deals", "contacts", "accounts", "reps", "teams", "campaigns"} {
			if _, derr := tx.ExecContext(ctx, "update "+table+" set deleted = true where source_id in ('D-x', 'K-x', 'A-x', 'R-x', 'TX', 'C-x')"); derr != nil {
				return derr
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete records: %w", err)
	}
	if exit := j.Do(ctx, jobs.Call{Verb: "refresh"}, out); exit != jobs.Done {
		return fmt.Errorf("refresh ended with %d: %s", exit, words.String())
	}
	err = m.w.Write(ctx, func(tx *warehouse.Tx) error {
		quarter, perr := m.cfg.Calendar().Parse("2026Q3")
		if perr != nil {
			return perr
		}
		_, cerr := attribution.Close(ctx, tx, m.cfg.Calendar(), 0, attribution.Closing{Period: quarter, At: testNow, UserID: "somebody", Name: "Somebody", Email: "somebody@own.example"})
		return cerr
	})
	if err != nil {
		return fmt.Errorf("close a quarter: %w", err)
	}
	return m.addUsers(ctx, hasher)
}

func (m *matrixWorld) addUsers(ctx context.Context, hasher *auth.Hasher) error {
	var users []auth.NewUser
	for _, u := range matrixUsers {
		roles, err := auth.ParseRoles(u.roles)
		if err != nil {
			return err
		}
		email := strings.ReplaceAll(u.name, " ", ".") + "@own.example"
		said := map[string]string{"rep C": "R-c", "admin": "R-k"}[u.name] // as an administrator said; an admin sees nobody's deals for that
		if u.rep != "" && said == "" {
			email = m.text("rep", u.rep) + "@own.example"
		}
		users = append(users, auth.NewUser{Email: email, Name: "User " + u.name, Password: testPassword, Roles: roles, RepID: said})
	}
	if _, err := auth.InMemory(m.w).Add(ctx, hasher, testNow, users...); err != nil {
		return err
	}
	err := m.w.Read(ctx, func(snap *warehouse.Snapshot) error {
		for i, u := range matrixUsers {
			user, err := auth.UserByEmail(ctx, snap, auth.NormalEmail(users[i].Email))
			if err != nil {
				return err
			}
			m.users[u.name] = user
		}
		return nil
	})
	if err != nil {
		return err
	}
	return auth.InMemory(m.w).Disable(ctx, testNow, m.users["disabled user"].Email)
}

// text is the first mark of a kind that is somebody's.
func (m *matrixWorld) text(kind, owner string) string {
	for _, k := range m.marks {
		if k.kind == kind && strings.HasPrefix(k.owners, owner) {
			return k.text
		}
	}
	return ""
}

// principal is who asks.
type principal struct {
	name   string
	rep    string // the rep they are
	roles  []string
	out    bool // has no session, or one that is over
	named  bool // of a company whose cmos may name reps
	bearer string
}

func (p principal) has(roles ...string) bool {
	return !p.out && slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(p.roles, r) })
}

// matrixServer is a server over the company that keeps what it logs.
type matrixServer struct {
	*testServer
	m   *matrixWorld
	log *logText
}

// logText collects the log.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (m *matrixWorld) server(t *testing.T, change ...func(*config.Config)) *matrixServer {
	t.Helper()
	s := &matrixServer{m: m, log: &logText{}}
	s.testServer = newServerOn(t, m.w, func(c *config.Config) {
		base := c.BaseURL
		*c = m.cfg
		c.BaseURL = base
		for _, do := range change {
			do(c)
		}
	})
	s.Log = slog.New(slog.NewTextHandler(s.log, nil))
	return s
}

// session is a bearer token of user as of version.
func (s *matrixServer) session(t *testing.T, user auth.User, version int64) string {
	t.Helper()
	user.SessionVersion = version
	session, _, err := s.Sessions.Begin(user, "a test", s.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := s.Tokens.Sign(session)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

// principals are everybody of RELIABILITY §3.4, the manager of the root team and
// two who hold two roles.
func (s *matrixServer) principals(t *testing.T) []principal {
	t.Helper()
	s.clock.forward(-auth.AccessLife - time.Second)
	user := s.m.users["rep A"]
	out := []principal{{name: "anonymous", out: true}, {name: "expired token", rep: "a", out: true, bearer: s.session(t, user, user.SessionVersion)}}
	s.clock.forward(auth.AccessLife + time.Second)
	for _, u := range matrixUsers {
		p := principal{name: u.name, rep: u.rep, roles: strings.Split(u.roles, ";"), named: s.Config.Privacy.CMOSeesReps}
		user := s.m.users[u.name]
		version := user.SessionVersion
		switch u.name {
		case "disabled user":
			p.out = true
			version++ // as disabling left it: no session is older
		case "demoted user":
			version--
			p.name, p.out = "token from before a demotion", true
		}
		p.bearer = s.session(t, user, version)
		out = append(out, p)
	}
	return out
}

// mutated is which rule server/web/mutants took away; empty is none. Then the
// first failure is enough.
var (
	mutated = os.Getenv("MUTANT")
	missed  atomic.Bool
)

// as asks as somebody.
func (s *matrixServer) as(t *testing.T, p principal, method, target, body string, header ...string) answer {
	t.Helper()
	if mutated != "" && t.Failed() {
		missed.Store(true)
	}
	if missed.Load() {
		t.SkipNow()
	}
	if p.bearer != "" {
		header = append(header, "Authorization", p.bearer)
	}
	if body != "" && !slices.Contains(header, "Content-Type") {
		header = append(header, "Content-Type", formType)
	}
	return s.ask(t, method, target, strings.NewReader(body), header...)
}
