package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"credence/server/door"
)

// result is what a run of the command left behind.
type result struct {
	exit           int
	stdout, stderr string
}

func run(t *testing.T, args ...string) result {
	t.Helper()
	return runWith(t, "", args...)
}

func runWith(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	exit := Run(t.Context(), args, Process{Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr})
	return result{exit, stdout.String(), stderr.String()}
}

// must runs the command and wants exit 0.
func must(t *testing.T, args ...string) result {
	t.Helper()
	r := run(t, args...)
	if r.exit != 0 {
		t.Fatalf("credence %s: exit %d\n%s", strings.Join(args, " "), r.exit, r.stderr)
	}
	return r
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tiny is a company small enough to know every figure of.
func tiny(t *testing.T) (dir, config string) {
	t.Helper()
	dir = t.TempDir()
	config = filepath.Join(dir, "credence.yaml")
	write(t, config, "company: {name: Tiny, domains: [tiny.example]}\nsources: [{name: crm, kind: csvfile, path: files}]\nusers: users.csv\n")
	write(t, filepath.Join(dir, "users.csv"), "email,password,role,name\nann@tiny.example,correct horse,rep,Ann\ncmo@tiny.example,correct horse,cmo,Cleo\n")
	write(t, filepath.Join(dir, "files", "reps.csv"), "rep_id,name,email\nR1,Ann,ann@tiny.example\n")
	write(t, filepath.Join(dir, "files", "accounts.csv"), "account_id,name,domain\nA1,Acme,acme.example\n")
	write(t, filepath.Join(dir, "files", "contacts.csv"), "contact_id,account_id,name,email\nC1,A1,Bo,bo@acme.example\n")
	write(t, filepath.Join(dir, "files", "deals.csv"), "deal_id,account_id,owner_rep_id,name,status,amount,currency,created_at,closed_at\n"+
		"D1,A1,R1,=First,won,100.01,EUR,2026-07-10,2026-07-20\nD2,A1,R1,Second,lost,50,EUR,2026-07-10,2026-07-21\n")
	write(t, filepath.Join(dir, "files", "visits.csv"), "visit_id,occurred_at,contact_id,landing_url,utm_source,utm_medium\n"+
		"V1,2026-07-01T10:00:00Z,C1,https://tiny.example/,google,cpc\nV2,2026-07-05T10:00:00Z,C1,https://tiny.example/a,,\nV3,2026-07-08T10:00:00Z,C1,https://tiny.example/b,linkedin,social\n")
	return dir, config
}

func TestFromFilesToCredits(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	if r := must(t, "--config", config, "sync"); !strings.Contains(r.stderr, "crm: 8 rows read, 8 kept, 0 rejected") || r.stdout != "" {
		t.Errorf("sync said %q and wrote %q, want 8 rows on stderr", r.stderr, r.stdout)
	}
	first := must(t, "--config", config, "check").stdout
	if r := must(t, "--config", config, "sync", "--full"); !strings.Contains(r.stderr, "0 records changed") {
		t.Errorf("the second sync said %q, want no record changed", r.stderr)
	}
	if again := must(t, "--config", config, "check").stdout; records(again) != records(first) {
		t.Errorf("the second sync changed rows:\n%s\nwant\n%s", again, first)
	}
	must(t, "--config", config, "refresh")
	must(t, "--config", config, "check")

	// 100.01 over three touches: the running sum rounds to 33.34, 66.67, 100.01.
	rows, err := csv.NewReader(strings.NewReader(must(t, "--config", config, "credits", "--model", "linear", "--period", "2026Q3").stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[1]+" "+row[3]+" "+row[11])
	}
	if want := "D1 1 33.34, D1 2 33.33, D1 3 33.34, D1 4 0.00"; strings.Join(got, ", ") != want {
		t.Errorf("linear credits %s, want %s", strings.Join(got, ", "), want)
	}
	if want := "model,deal_id,touch_id,position,channel,campaign_id,post_id,rep_id,evidence,bucket,weight,amount,currency,reporting_amount"; strings.Join(rows[0], ",") != want {
		t.Errorf("head is %v", rows[0])
	}
	if r := must(t, "--config", config, "credits", "--period", "2025"); strings.Count(r.stdout, "\n") != 1 {
		t.Errorf("a year without deals has %q, want the head alone", r.stdout)
	}

	// Queries see words of the glossary, and only read.
	if r := must(t, "--config", config, "query", "--format", "csv", "select deal_id, name, amount from deal order by deal_id"); r.stdout != "deal_id,name,amount\nD1,'=First,100.010\nD2,Second,50.000\n" {
		t.Errorf("query answers %q", r.stdout)
	}
	for _, text := range []string{"delete from deal", "select * from users", "select 1; drop table deals", "attach 'x.db'", "select * from read_csv('/etc/passwd')"} {
		if r := run(t, "--config", config, "query", text); r.exit == 0 {
			t.Errorf("query %q was answered: %s", text, r.stdout)
		}
	}

	// The report agrees with the ledger and comes whole or not at all.
	out := filepath.Join(dir, "r.json")
	must(t, "--config", config, "report", "--period", "2026Q3", "--out", out)
	checkReport(t, out)
	must(t, "--config", config, "report", "--period", "2026Q3", "--out", filepath.Join(dir, "r.xlsx"))
	if r := run(t, "--config", config, "report", "--period", "2026Q3", "--out", filepath.Join(dir, "r.pdf")); r.exit != 2 {
		t.Errorf("a PDF report ends with %d, want 2", r.exit)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".r.*")); err != nil || len(left) > 0 {
		t.Errorf("a half report was left: %v %v", left, err)
	}
	if r := must(t, "--config", config, "sources"); !strings.Contains(r.stdout, "crm") || !strings.Contains(r.stdout, "done") {
		t.Errorf("sources: %q", r.stdout)
	}
	if r := must(t, "--config", config, "user", "list"); !strings.Contains(r.stdout, "ann@tiny.example") {
		t.Errorf("users: %q", r.stdout)
	}
}

// records are the lines of a check that count records of sources, whose
// tables have plural names.
func records(check string) string {
	var out []string
	for line := range strings.Lines(check) {
		name, _, _ := strings.Cut(line, " ")
		if strings.HasSuffix(name, "s") || strings.HasSuffix(name, "people") || name == "spend" || name == "web_daily" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func checkReport(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Sections []struct {
			Section string
			Rows    [][]struct{ Value any }
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, s := range report.Sections {
		have[s.Section] = true
		if s.Section == "revenue" && s.Rows[0][1].Value != "100.01" {
			t.Errorf("won revenue is %v, want 100.01", s.Rows[0][1].Value)
		}
		if s.Section == "channels" && (len(s.Rows) < 3 || s.Rows[0][1].Value == nil) {
			t.Errorf("channels are %v", s.Rows)
		}
	}
	for _, want := range []string{"revenue", "efficiency", "channels", "campaigns", "reps", "coverage", "settings"} {
		if !have[want] {
			t.Errorf("the report has no section %q", want)
		}
	}
}

// Each mistake gets its exit code and one sentence on stderr.
func TestMistakes(t *testing.T) {
	dir, config := tiny(t)
	broken := filepath.Join(dir, "broken.yaml")
	write(t, broken, "sources: [{name: crm, kind: cvsfile, path: files}]\n")
	misspelt := filepath.Join(dir, "misspelt.yaml")
	write(t, misspelt, "sorces: []\n")
	noPath := filepath.Join(dir, "nopath.yaml")
	write(t, noPath, "sources: [{name: crm, kind: csvfile}]\n")
	noDatabase := filepath.Join(dir, "not-a-database.db")
	write(t, noDatabase, strings.Repeat("this is no database ", 500))
	must(t, "--config", config, "sync")
	fresh := filepath.Join(dir, "fresh.db")
	must(t, "--config", config, "--db", fresh, "sync")
	unknownSetting := filepath.Join(dir, "setting.yaml")
	write(t, unknownSetting, "sources: [{name: crm, kind: csvfile, path: files, pth: x}]\ndatabase: never.db\n")
	tests := []struct {
		name string
		args []string
		exit int
		want string
	}{
		{"no such command", []string{"snyc"}, 2, "snyc"},
		{"no such flag", []string{"--config", config, "sync", "--fast"}, 2, "--fast"},
		{"a period that is none", []string{"--config", config, "credits", "--period", "Q3"}, 2, "2026Q3"},
		{"a model that is none", []string{"--config", config, "credits", "--model", "liner"}, 2, `there is no model "liner"; models are first, last, `},
		{"a format that is none", []string{"--config", config, "query", "--format", "xml", "select 1"}, 2, "csv, json, table"},
		{"an empty query", []string{"--config", config, "query", " "}, 2, "select"},
		{"no such configuration", []string{"--config", filepath.Join(dir, "none.yaml"), "sync"}, 2, "--config"},
		{"an unknown key", []string{"--config", misspelt, "sync"}, 2, `did you mean "sources"?`},
		{"an unknown source", []string{"--config", config, "sync", "cmr"}, 2, `did you mean "crm"?`},
		{"an unknown kind", []string{"--config", broken, "sync"}, 2, `source crm: unknown kind of source "cvsfile"; did you mean "csvfile"?`},
		{"a missing key", []string{"--config", noPath, "sync"}, 2, `source crm: the key "path" is missing`},
		{"an unknown key of a source", []string{"--config", unknownSetting, "sync"}, 2, `source crm: unknown key "pth"`},
		{"serve with a broken source", []string{"--config", unknownSetting, "serve"}, 2, `source crm: unknown key "pth"`},
		{"credits before a refresh", []string{"--config", config, "--db", fresh, "credits"}, 1, "credence refresh"},
		{"a file that is no database", []string{"--config", config, "--db", noDatabase, "check"}, 1, "the file is no Credence database; name another with --db\n"},
		{"a demo in a folder with other things", []string{"demo", "--dir", dir}, 1, "empty"},
		{"a demo nowhere", []string{"demo"}, 2, "--dir"},
		{"a process that is none", []string{"demo", "--dir", filepath.Join(dir, "d"), "--process", "magic"}, 2, "hazard"},
		{"a user without role", []string{"--config", config, "user", "add", "bo@tiny.example"}, 2, "role"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := runWith(t, "correct horse battery\n", tt.args...)
			if r.exit != tt.exit || !strings.Contains(r.stderr, tt.want) {
				t.Errorf("exit %d, said %q; want %d and %q", r.exit, r.stderr, tt.exit, tt.want)
			}
			if strings.Contains(r.stderr, "goroutine") || r.stdout != "" {
				t.Errorf("stdout %q, stderr %q; want one sentence on stderr", r.stdout, r.stderr)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "never.db")); !os.IsNotExist(err) {
		t.Errorf("a broken source was found after the database was made: %v", err)
	}
	if r := run(t, "--config", unknownSetting, "doctor"); r.exit != 2 || !strings.Contains(r.stdout, `unknown key "pth"`) {
		t.Errorf("doctor: exit %d, wrote %q; want 2 and the key", r.exit, r.stdout)
	}
}

// Only what brings data in makes a database: a misspelt --db is told.
func TestReadingMakesNoDatabase(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	none := filepath.Join(dir, "none", "nowhere.db")
	for _, args := range [][]string{
		{"check"},
		{"query", "select 1"},
		{"credits"},
		{"report", "--format", "csv"},
		{"report", "--out", filepath.Join(dir, "r.csv")},
		{"user", "list"},
		{"user", "disable", "ann@tiny.example"},
		{"sources"},
		{"doctor"},
		{"refresh"},
	} {
		r := run(t, append([]string{"--config", config, "--db", none}, args...)...)
		if want := "there is no database at " + none + ": run `credence sync` first, or correct --db"; r.exit != 1 || !strings.Contains(r.stderr, want) {
			t.Errorf("%v: exit %d, said %q; want 1 and %q", args, r.exit, r.stderr, want)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("the folder now holds %v (%v), want what it held", entries, err)
	}
	if r := runWith(t, "a long password\n", "--config", config, "--db", none, "user", "add", "bo@tiny.example", "--role", "cmo"); r.exit != 0 {
		t.Errorf("user add makes no database: %d %s", r.exit, r.stderr)
	}
}

// A mistake in a query is told in the words of the query.
func TestAMistakeInAQueryIsOneSentence(t *testing.T) {
	t.Parallel()
	_, config := tiny(t)
	must(t, "--config", config, "sync")
	must(t, "--config", config, "refresh")
	r := run(t, "--config", config, "query", "select amout from deal")
	if !regexp.MustCompile(`^(.*…\n)*credence: query: Referenced column "amout" not found in FROM clause; did you mean one of "amount"(, "[a-z_]+")*\n$`).MatchString(r.stderr) || r.exit != 1 {
		t.Errorf("exit %d, said %q", r.exit, r.stderr)
	}
	if r = run(t, "--config", config, "query", "select d.nam from deal d"); strings.Contains(r.stderr, "said") || strings.Contains(r.stderr, "LINE") || !strings.Contains(r.stderr, `"nam"`) {
		t.Errorf("said %q", r.stderr)
	}
}

func TestASampleCompanyIsRewrittenAndNothingElse(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "d")
	demo := []string{"demo", "--dir", dir, "--deals", "50"}
	if r := must(t, demo...); !strings.Contains(r.stderr, "wrote the sample company in") || strings.Contains(r.stderr, "rewrote") {
		t.Errorf("the first said %q", r.stderr)
	}
	if r := must(t, demo...); !strings.Contains(r.stderr, "rewrote the sample company in") {
		t.Errorf("the second said %q", r.stderr)
	}
	if err := os.Remove(filepath.Join(dir, "truth.json")); err != nil {
		t.Fatal(err)
	}
	if r := run(t, demo...); r.exit != 1 || !strings.Contains(r.stderr, "not empty") {
		t.Errorf("without its truth: exit %d, said %q; want 1", r.exit, r.stderr)
	}
	if r := run(t, append(demo, "--depth", "3")...); r.exit != 2 {
		t.Errorf("an unknown flag: exit %d, want 2", r.exit)
	}
}

func TestRejectedRowsAreAResult(t *testing.T) {
	t.Parallel()
	dir, config := tiny(t)
	write(t, filepath.Join(dir, "files", "accounts.csv"), "account_id,name,domain,employees\nA1,Acme,acme.example,many\nA2,Bolt,bolt.example,7\n")
	if r := run(t, "--config", config, "sync"); r.exit != 0 || !strings.Contains(r.stderr, "1 rejected") {
		t.Errorf("exit %d, said %q; want 0 and 1 rejected", r.exit, r.stderr)
	}
	if r := run(t, "--config", config, "sync", "--full", "--strict"); r.exit != 1 {
		t.Errorf("--strict: exit %d, want 1", r.exit)
	}
	if r := run(t, "--config", config, "sync", "--strict"); r.exit != 1 || !strings.Contains(r.stderr, "crm: nothing new") || !strings.Contains(r.stderr, "1 rows are rejected") {
		t.Errorf("--strict with nothing new: exit %d, said %q; want 1", r.exit, r.stderr)
	}
	write(t, filepath.Join(dir, "files", "deals.csv"), "deal_id,stattus\nD1,won\n")
	before := must(t, "--config", config, "check").stdout
	if r := run(t, "--config", config, "sync"); r.exit != 1 || !strings.Contains(r.stderr, `"status"`) {
		t.Errorf("an unknown column: exit %d, said %q; want 1 and the nearest column", r.exit, r.stderr)
	}
	if after := must(t, "--config", config, "check").stdout; records(after) != records(before) {
		t.Errorf("a failed sync changed records:\n%s\nwant\n%s", after, before)
	}
}

func TestUsersComeAndGo(t *testing.T) {
	t.Parallel()
	_, config := tiny(t)
	if r := runWith(t, "a long password\n", "--config", config, "user", "add", "bo@tiny.example", "--role", "manager;cmo", "--name", "Bo"); r.exit != 0 {
		t.Fatalf("add: %d %s", r.exit, r.stderr)
	}
	if r := runWith(t, "a long password\n", "--config", config, "user", "add", "bo@tiny.example", "--role", "rep"); r.exit != 2 {
		t.Errorf("adding again: %d %s, want 2", r.exit, r.stderr)
	}
	must(t, "--config", config, "user", "disable", "bo@tiny.example")
	if r := must(t, "--config", config, "user", "list"); !regexp.MustCompile(`bo@tiny\.example +manager;cmo +Bo +disabled`).MatchString(r.stdout) {
		t.Errorf("list: %s", r.stdout)
	}
	if r := run(t, "--config", config, "user", "reset", "bo@tiny.example"); r.exit != 1 || r.stdout != "" {
		t.Errorf("resetting a disabled user: %d %s", r.exit, r.stdout)
	}
	must(t, "--config", config, "user", "enable", "bo@tiny.example")
	if r := must(t, "--config", config, "user", "reset", "bo@tiny.example"); !regexp.MustCompile(`^http://127\.0\.0\.1:8080/invitation#\w+\.\w+\n$`).MatchString(r.stdout) {
		t.Errorf("reset: %s", r.stdout)
	}
	if r := must(t, "--config", config, "user", "list"); !regexp.MustCompile(`bo@tiny\.example +manager;cmo +Bo +active`).MatchString(r.stdout) {
		t.Errorf("list: %s", r.stdout)
	}
	if r := run(t, "--config", config, "user", "enable", "nobody@tiny.example"); r.exit != 2 {
		t.Errorf("enabling nobody: %d %s, want 2", r.exit, r.stderr)
	}
}

func TestKindsOfSourceTellTheirSettings(t *testing.T) {
	t.Parallel()
	var kinds []struct {
		Kind     string
		Streams  []string
		Settings []struct {
			Name   string
			Secret bool
		}
	}
	if err := json.Unmarshal([]byte(must(t, "sources", "--kinds", "--format", "json").stdout), &kinds); err != nil {
		t.Fatal(err)
	}
	if len(kinds) < 5 || kinds[0].Kind != "csvfile" || len(kinds[0].Settings) == 0 || len(kinds[0].Streams) == 0 {
		t.Errorf("kinds are %+v", kinds)
	}
}

// buffer is a writer that can be read while it is written.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
	line chan struct{}
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.line <- struct{}{}:
	default:
	}
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// TestWhileTheServerRuns: verbs go through it, a second server is refused, and
// it stops when told.
func TestWhileTheServerRuns(t *testing.T) {
	t.Parallel()
	_, config := tiny(t)
	ctx, stop := context.WithCancel(t.Context())
	stdout, stderr := &buffer{line: make(chan struct{}, 1)}, &buffer{}
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, []string{"--config", config, "serve", "--addr", "127.0.0.1:0"}, Process{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr})
	}()
	select {
	case <-stdout.line:
	case code := <-ended:
		t.Fatalf("serve ended with %d: %s", code, stderr)
	case <-time.After(2 * time.Minute):
		t.Fatalf("serve did not start: %s", stderr)
	}
	base := regexp.MustCompile(`http://[0-9.:]+`).FindString(stdout.String())

	// Every verb works through the server.
	must(t, "--config", config, "sync")
	must(t, "--config", config, "refresh")
	if r := must(t, "--config", config, "query", "--format", "csv", "select count(*) as n from deal"); r.stdout != "n\n2\n" {
		t.Errorf("query through the server: %q", r.stdout)
	}
	if r := must(t, "--config", config, "credits"); strings.Count(r.stdout, "D1") == 0 {
		t.Errorf("credits through the server: %q", r.stdout)
	}
	must(t, "--config", config, "check")
	must(t, "--config", config, "doctor")
	if r := run(t, "--config", config, "sync", "cmr"); r.exit != 2 || !strings.Contains(r.stderr, `"crm"`) {
		t.Errorf("a mistake through the server: %d %q", r.exit, r.stderr)
	}

	// A second server is refused and names the first.
	if r := run(t, "--config", config, "serve", "--addr", "127.0.0.1:0"); r.exit != 1 || !strings.Contains(r.stderr, "a Credence server (process "+strconv.Itoa(os.Getpid())+") already serves this database at "+base+"; stop it first") {
		t.Errorf("a second serve: %d %q, want 1 and the process", r.exit, r.stderr)
	}
	info, err := os.Stat(door.SocketFile(filepath.Join(filepath.Dir(config), "credence.db")))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v, want mode 0600", info, err)
	}

	// Pages and the API answer.
	res, err := http.Post(base+"/api/v1/session", "application/json", strings.NewReader(`{"email":"ann@tiny.example","password":"correct horse"}`)) //nolint:noctx // a test on loopback
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), `"token"`) {
		t.Errorf("sign in: %d %s %v", res.StatusCode, body, err)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	stop()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("serve ended with %d: %s", code, stderr)
		}
	case <-time.After(time.Minute):
		t.Fatal("serve did not stop")
	}
	if _, err := os.Stat(door.SocketFile(filepath.Join(filepath.Dir(config), "credence.db"))); !os.IsNotExist(err) {
		t.Errorf("the socket is still there: %v", err)
	}
	must(t, "--config", config, "check")
}

func TestTheDatabaseMayLieDeep(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", 30))
	config := filepath.Join(dir, "credence.yaml")
	write(t, config, "company: {name: Deep}\n")
	ctx, stop := context.WithCancel(t.Context())
	stdout, stderr := &buffer{line: make(chan struct{}, 1)}, &buffer{}
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, []string{"--config", config, "serve", "--addr", "127.0.0.1:0"}, Process{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr})
	}()
	select {
	case <-stdout.line:
	case code := <-ended:
		t.Fatalf("serve ended with %d: %s", code, stderr)
	}
	must(t, "--config", config, "check")
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("serve ended with %d: %s", code, stderr)
	}
}
