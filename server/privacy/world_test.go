package privacy_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"credence/server/auth"
	"credence/server/config"
	"credence/server/jobs"
	"credence/server/privacy"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// Marks of one person that stand nowhere else, and words of a message.
const (
	markName  = "Zuzanna Qwertzmarker"
	markEmail = "zuzanna.qwertzmarker@kunde.example"
	markPhone = "+49 30 901820123"
	markOther = "zq-privat@mail.example"
	markWords = "Quittenmarmelade"
)

// personMarks are what must be nowhere once the person is erased.
// None is of hexadecimal digits alone, as the marks of the erased are.
var personMarks = []string{"ertzmarker", "901820123", "901820-123", "zq-privat", "visitor-zq", "-fa99", "hinweis-zq-id"}

// now is when a test is unless it says otherwise.
var now = time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)

// world is a small company in files, with its database.
type world struct {
	t      *testing.T
	dir    string
	cfg    config.Config
	engine *duckdb.Engine
	jobs   *jobs.Jobs
	log    *logged
	now    time.Time
}

// logged collects what is logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// files are the company: one won deal, two people at the customer, one of whom
// carries the marks in every source. Rita comes from the team of repsBefore.
var files = map[string]string{
	"credence.yaml": `database: data/credence.db
company: {name: Test Ltd, currency: EUR, time_zone: UTC, domains: [own.example]}
sources:
  - {name: crm, kind: csvfile, path: crm}
  - {name: mail, kind: mailbox, path: mail}
`,
	"crm/reps.csv":     "rep_id,name,email,team_id\nR1,Rita Rep,rita@own.example,T1\nR2,Rolf Rep,rolf@own.example,T1\n",
	"crm/teams.csv":    "team_id,name,parent_team_id,manager_rep_id\nT1,Sales,,R1\nT2,Fairs,T1,\n",
	"crm/accounts.csv": "account_id,name,domain\nA1,Kunde,kunde.example\nA2," + markName + " Beratung,www.zuzanna-qwertzmarker.example\n",
	"crm/contacts.csv": "contact_id,account_id,name,email,phone,title,handle,lead_created_at,opted_out,lawful_basis\n" +
		"C1,A1," + markName + "," + markEmail + "," + markPhone + ",CFO,@zqwertzmarker,2026-01-10,,consent\n" +
		"C2,A1,Bert Blank,bert@kunde.example,,,,2026-02-01,,\n" +
		"C3,A1," + markName + "," + markOther + "," + markPhone + ",,in/zuzanna-qwertzmarker-fa99,,,\n",
	"crm/deals.csv": "deal_id,account_id,primary_contact_id,owner_rep_id,name,stage,status,amount,currency,created_at,closed_at,lost_reason\n" +
		"D1,A1,C1,R1,Rollout for " + markName + ",won,won,1000.01,EUR,2026-02-01,2026-06-30,\n" +
		"D2,A1,C2,R1,\"Qwertzmarker, Zuzanna: HI-300\",lost,lost,10.00,EUR,2026-02-01,2026-06-30,asked in/zuzanna-qwertzmarker-fa99 at +49 (30) 901820-123\n" +
		"D3,A1,C2,R1,zuzanna_qwertzmarker's upsell,lost,lost,10.00,EUR,2026-02-01,2026-06-30,Zuzanna Qwertzmarkers number is 030 901820123\n" +
		"D4,A2,,R2,Zuzanna asks for Qwertz keyboards,won,won,10.00,EUR,2026-02-01,2026-06-30,\n" +
		"D5,A1,C9,R1,\"Qwertzmarker, Zuzanna rejected\",open,open,1x0.00,EUR,2026-02-01,,\n",
	"crm/deal_contacts.csv": "deal_id,contact_id,role\nD1,C1,buyer\nD1,C2,user\n",
	"crm/activities.csv": "activity_id,kind,direction,occurred_at,rep_id,contact_id,email,deal_id,thread_id,uid,duration_s,length,outcome\n" +
		"X1,meeting,,2026-02-10T10:00:00Z,R1,C1,,D1,,,1800,,held\n" +
		"X2,call,outbound,2026-03-10T10:00:00Z,R2,C2,,D1,,,300,,completed\n" +
		"X3,email,inbound,2026-03-12T10:00:00Z,R1,," + markOther + ",D1,dm-zuzanna.qwertzmarker,uid-zuzanna.qwertzmarker-1,,900,\n" +
		"X4,meeting,,2026-05-10T10:00:00Z,R1,C2,,D1,,,1800,,held\n" +
		"X5,email,inbound,2026-04-12T10:00:00Z,R2,,karl@zuzanna-qwertzmarker.example,,,,,900,\n" +
		"broken,meeting,,not a time,R1,C1," + markEmail + ",D1,,,1800,,held\n",
	"crm/activity_people.csv": "activity_id,contact_id,email,role\nX4,C1,,attendee\nX4,," + markEmail + ",attendee\n",
	"crm/engagements.csv": "engagement_id,kind,occurred_at,contact_id,email,visitor_id,url\n" +
		"E1,form,2026-02-03T09:00:00Z,," + markEmail + ",visitor-zq,https://own.example/demo?mail=zuzanna.qwertzmarker%40kunde.example&first=Zuzanna&last=Qwertzmarker&tel=+4930901820123#utm_content=post:P1\n" +
		"E2,form,2026-02-04T09:00:00Z,C2,,visitor-y,https://own.example/demo\n",
	"crm/visits.csv": "visit_id,occurred_at,visitor_id,landing_url,referrer,utm_source,utm_medium,utm_campaign,utm_term\n" +
		"V1,2026-02-02T09:00:00Z,visitor-zq,https://own.example/?name=Zuzanna+Qwertzmarker&phone=%2B4930901820123&cid=hinweis-zq-id,https://www.linkedin.com/in/zuzanna-qwertzmarker-fa99,google,cpc,1to1 Zuzanna Qwertzmarker,Zuzanna Qwertzmarker\n" +
		"V2,2026-02-02T10:00:00Z,visitor-zq,https://own.example/for/qwertzmarker%2C%20zuzanna?utm_campaign=1to1+Zuzanna+Qwertzmarker&gclid=hinweis-zq-id,,,,,\n" +
		"V3,2026-05-02T10:00:00Z,visitor-y,https://own.example/,,,,,\n",
	"crm/campaigns.csv": "campaign_id,name,channel\nK1,1to1 " + markName + ",E-mail\n",
	"crm/posts.csv": "post_id,network,author,published_at,url,title\n" +
		"P1,linkedin,in/zuzanna-qwertzmarker-fa99,2026-02-02T00:00:00Z,https://www.linkedin.com/in/zuzanna-qwertzmarker-fa99/post/1," + markName + " writes\n" +
		"P2,linkedin,@zuzanna-qwertzmarker-fa99,2026-02-02T00:00:00Z,https://www.linkedin.com/posts/2,hello\n",
	"mail/in.mbox": "From - Mon Apr 06 10:00:00 2026\r\nMessage-ID: <m1@kunde.example>\r\nDate: Mon, 06 Apr 2026 10:00:00 +0000\r\nFrom: " + markName + " <" + markEmail + ">\r\n" +
		"To: Rita Rep <rita@own.example>\r\nSubject: " + markWords + " in the subject\r\n\r\nDear Rita, the word is " + markWords + ".\r\n\r\n",
}

const repsBefore = "rep_id,name,email,team_id\nR1,Rita Rep,rita@own.example,T2\nR2,Rolf Rep,rolf@own.example,T1\n"

// makeWorld writes the company, reads it and works out its figures at now.
func makeWorld(t *testing.T, now time.Time) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), log: &logged{}, now: now}
	for name, text := range files {
		path := filepath.Join(w.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if w.cfg, err = config.Read(filepath.Join(w.dir, "credence.yaml"), nil); err != nil {
		t.Fatal(err)
	}
	w.open()
	reps := filepath.Join(w.dir, "crm", "reps.csv")
	for _, text := range []string{repsBefore, files["crm/reps.csv"]} {
		if err := os.WriteFile(reps, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w.do("sync")
	}
	w.do("refresh")
	return w
}

// open opens the database as the command does.
func (w *world) open() {
	w.t.Helper()
	ctx := w.t.Context()
	var err error
	if w.engine, err = duckdb.Open(w.cfg.Database, duckdb.Options{Plain: true, Threads: 2}); err != nil {
		w.t.Fatal(err)
	}
	wh, err := warehouse.Open(ctx, w.engine)
	if err != nil {
		w.t.Fatal(err)
	}
	hasher, err := auth.NewHasher()
	if err != nil {
		w.t.Fatal(err)
	}
	w.jobs = &jobs.Jobs{
		Warehouse: wh, Config: w.cfg, Hasher: hasher, Now: func() time.Time { return w.now },
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	stale, err := privacy.Attach(ctx, wh, w.cfg.Database, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	if stale {
		w.do("refresh")
	}
	if err := w.jobs.FinishErasures(ctx); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = wh.Close() }) // closed twice when a test opens it again
}

// long says whether the tests run that `make privacy` adds.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("PRIVACY") != "long" {
		t.Skip("runs by make privacy")
	}
}

// close closes the database.
func (w *world) close() {
	w.t.Helper()
	if err := w.jobs.Warehouse.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// do runs a verb and returns what it says to people.
func (w *world) do(verb string) string {
	w.t.Helper()
	var said bytes.Buffer
	if exit := w.jobs.Do(w.t.Context(), jobs.Call{Verb: verb, Full: true}, jobs.Out{Stdout: io.Discard, Stderr: &said}); exit != jobs.Done {
		w.t.Fatalf("%s: exit %d: %s", verb, exit, said.String())
	}
	return said.String()
}

// ledger is every row of the ledger.
func (w *world) ledger() string {
	w.t.Helper()
	var out, said bytes.Buffer
	if exit := w.jobs.Do(w.t.Context(), jobs.Call{Verb: "credits"}, jobs.Out{Stdout: &out, Stderr: &said}); exit != jobs.Done {
		w.t.Fatalf("credits: %s", said.String())
	}
	return out.String()
}

// write changes the database.
func (w *world) write(do func(context.Context, *warehouse.Tx) error) {
	w.t.Helper()
	if err := w.jobs.Warehouse.Write(w.t.Context(), func(tx *warehouse.Tx) error { return do(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// ask answers a question with its rows, columns joined by |.
func (w *world) ask(query string) string {
	w.t.Helper()
	var lines []string
	err := w.jobs.Warehouse.Read(w.t.Context(), func(s *warehouse.Snapshot) error {
		rows, err := s.QueryContext(w.t.Context(), query)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // Err tells
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			cells, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				to[i] = &cells[i]
			}
			if err := rows.Scan(to...); err != nil {
				return err
			}
			lines = append(lines, strings.TrimSuffix(strings.Repeat("%v|", len(cells)), "|"))
			lines[len(lines)-1] = fmt.Sprintf(lines[len(lines)-1], cells...)
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(lines, "\n")
}

// dealsStay wants what Rita had closed before she moved to be of the team she left.
func (w *world) dealsStay(when string) {
	w.t.Helper()
	got := w.ask("select d.deal_id, m.rep_id, m.team_id from deal d join membership m on m.membership_id = d.membership_id where d.team_id = m.team_id order by d.deal_id")
	if want := "D1|R1|T2\nD2|R1|T2\nD3|R1|T2\nD4|R2|T1"; got != want {
		w.t.Errorf("%s the deals are of\n%s\nwant\n%s", when, got, want)
	}
}

// found lists the files beside the database, logs included, whose bytes hold one
// of the marks in any case. The database is folded first, so that a log that was
// not yet folded is looked at as well as what it is folded into.
func (w *world) found(marks ...string) (names []string) {
	w.t.Helper()
	hold := func(text []byte) bool {
		text = bytes.ToLower(text)
		for _, m := range marks {
			if bytes.Contains(text, []byte(strings.ToLower(m))) {
				return true
			}
		}
		return false
	}
	look := func() {
		err := filepath.WalkDir(filepath.Dir(w.cfg.Database), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err == nil && hold(text) {
				names = append(names, filepath.Base(path))
			}
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	look()
	if err := w.engine.Checkpoint(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	look()
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	if hold(w.log.text.Bytes()) {
		names = append(names, "log")
	}
	return names
}
