package chaos

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"credence/server/cli"
	"credence/warehouse"
	"credence/warehouse/duckdb"
	"credence/warehouse/step"
)

// What the test binary does instead of testing when it is the child.
const (
	childVariable = "CHAOS_CHILD" // program | rewrite
	stepVariable  = "CHAOS_STEP"  // end at this step, from 1
)

func TestMain(m *testing.M) {
	what := os.Getenv(childVariable)
	if what == "" && (len(os.Args) < 2 || os.Args[1] != "replay") { // the child of a verb that run runs
		code := m.Run()
		os.RemoveAll(prepared.dir) //nolint:errcheck // a folder of the machine's temporary files
		os.Exit(code)
	}
	if n, err := strconv.Atoi(os.Getenv(stepVariable)); err == nil {
		step.Hook = func(string) {
			if n--; n == 0 {
				syscall.Kill(os.Getpid(), syscall.SIGKILL) //nolint:errcheck // it answers no more
				select {}                                  // until the signal arrives
			}
		}
	}
	if what == "rewrite" {
		if err := rewrite(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Process{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Program: os.Args[0]})
	stop()
	os.Exit(code)
}

// rewrite writes the database anew, as an erasure does.
func rewrite(database string) (err error) {
	e, err := duckdb.Open(database, duckdb.Options{})
	if err != nil {
		return err
	}
	w, err := warehouse.Open(context.Background(), e)
	if err != nil {
		return errors.Join(err, e.Close())
	}
	return errors.Join(w.Rewrite(context.Background()), w.Close())
}

// long says whether the long form was asked for.
var long = os.Getenv("CHAOS") == "long"

// times is how often a fault is tried.
func times(inShort, inLong int) int {
	if long {
		return inLong
	}
	return inShort
}

// late says that the test's time is nearly over: a long form that is cut short
// says how far it came, and fails.
func late(t *testing.T, done, of int) bool {
	t.Helper()
	if end, ok := t.Deadline(); !ok || time.Until(end) > 2*time.Minute {
		return false
	}
	t.Errorf("cut short: %d of %d times", done, of)
	return true
}

// chance is the source of the random moments of one test.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("CHAOS_SEED: %v", err)
		}
		seed = n
	}
	return rand.New(rand.NewPCG(seed, uint64(len(t.Name()))))
}

// company is a small company whose every row says in which round it was written:
// a source is whole when all its rows are of one round.
type company struct {
	dir, config, database string
}

const (
	dealRows  = 40
	visitRows = 80
	people    = 240 // of the accounts in turn; one can be erased after each of 200 kills
)

// sources of the company: the system of record and the web.
var sources = []string{"crm", "web1", "web2", "web3", "web4"}

func newCompany(t *testing.T, dir string) *company {
	t.Helper()
	c := &company{dir: dir, config: filepath.Join(dir, "credence.yaml"), database: filepath.Join(dir, "credence.db")}
	var text strings.Builder
	text.WriteString("company: {name: Chaos, domains: [chaos.example]}\nthreads: 1\nmemory_limit: 512MB\nsources:\n")
	for _, s := range sources {
		fmt.Fprintf(&text, "  - {name: %s, kind: csvfile, path: %s}\n", s, s)
	}
	write(t, c.config, text.String())
	c.write(t, 0)
	return c
}

// write writes every source anew as of a round.
func (c *company) write(t *testing.T, round int) {
	t.Helper()
	var reps, accounts, contacts, deals strings.Builder
	reps.WriteString("rep_id,name,email\n")
	for i := range 5 {
		fmt.Fprintf(&reps, "R%d,Rep %d,rep%d@chaos.example\n", i, i, i)
	}
	accounts.WriteString("account_id,name,domain\n")
	contacts.WriteString("contact_id,account_id,name,email\n")
	deals.WriteString("deal_id,account_id,owner_rep_id,name,status,amount,currency,created_at,closed_at\n")
	for i := range people {
		fmt.Fprintf(&contacts, "C%d,A%d,Person %d,%s\n", i, i%dealRows, i, person(i))
	}
	for i := range dealRows {
		fmt.Fprintf(&accounts, "A%d,Account %d,a%d.example\n", i, i, i)
		fmt.Fprintf(&deals, "D%d,A%d,R%d,round %d,won,%d.%02d,EUR,2026-06-%02d,2026-07-%02d\n", i, i, i%5, round, 100+i*7, i%100, 1+i%28, 1+i%28)
	}
	for name, text := range map[string]string{"reps": reps.String(), "accounts": accounts.String(), "contacts": contacts.String(), "deals": deals.String()} {
		write(t, filepath.Join(c.dir, "crm", name+".csv"), text)
	}
	for n, s := range sources[1:] {
		var visits strings.Builder
		visits.WriteString("visit_id,occurred_at,contact_id,landing_url,utm_source,utm_medium\n")
		for i := range visitRows {
			fmt.Fprintf(&visits, "V%d-%d,2026-06-%02dT%02d:%02d:00Z,C%d,https://chaos.example/%d/round=%d,%s,%s\n",
				n, i, 1+i%28, n, i%60, (n*visitRows+i)%people, i, round, []string{"google", "linkedin", "news"}[i%3], []string{"cpc", "social", "email"}[i%3])
		}
		write(t, filepath.Join(c.dir, s, "visits.csv"), visits.String())
	}
}

// person is the address of the n-th person.
func person(n int) string { return fmt.Sprintf("p%d@a%d.example", n, n%dealRows) }

// prepared is a company that was synced and refreshed, made once: tests begin
// with a copy of it.
var prepared struct {
	sync.Mutex
	dir  string
	c    *company
	want state

	synced, refreshed time.Duration // how long that took
}

// readyCompany is a company with figures of its own, and what it holds.
func readyCompany(t *testing.T) (c *company, want state) {
	t.Helper()
	prepared.Lock()
	defer prepared.Unlock()
	if prepared.c == nil {
		if prepared.dir == "" {
			dir, err := os.MkdirTemp("", "chaos") //nolint:usetesting // it outlasts the test that makes it
			if err != nil {
				t.Fatal(err)
			}
			prepared.dir = dir
		}
		first := newCompany(t, prepared.dir)
		begun := time.Now()
		first.must(t, "sync")
		prepared.synced, begun = time.Since(begun), time.Now()
		first.must(t, "refresh")
		prepared.refreshed = time.Since(begun)
		prepared.want = first.look(t, figures)
		prepared.c = first
	}
	c = newCompany(t, t.TempDir())
	copyDatabase(t, prepared.c.database, c.database)
	return c, prepared.want
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

// result is what a run of the program left behind.
type result struct {
	exit           int
	stdout, stderr string
}

// run runs the program on the company in this process. Logs are read in a child
// first, as by the program: over a damaged one the engine may end its process.
func (c *company) run(t *testing.T, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	exit := cli.Run(t.Context(), append([]string{"--config", c.config}, args...), cli.Process{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Program: os.Args[0]})
	return result{exit, stdout.String(), stderr.String()}
}

// must is run, which has to end well.
func (c *company) must(t *testing.T, args ...string) {
	t.Helper()
	r := c.run(t, args...)
	if r.exit != 0 {
		t.Fatalf("credence %s: exit %d\n%s", strings.Join(args, " "), r.exit, r.stderr)
	}
}

// process is the program as a process of its own.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when it is gone and all it said was read

	mu   sync.Mutex
	said []string // whole lines of stdout and stderr
	line chan struct{}
}

// start starts the program with args on the company. env is added to its
// environment.
func (c *company) start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	return start(t, env, append([]string{"--config", c.config}, args...)...)
}

func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	program := os.Getenv("CHAOS_BINARY")
	if program == "" || len(env) > 0 && strings.HasPrefix(env[0], childVariable) {
		program = os.Args[0]
	}
	p := &process{cmd: exec.CommandContext(t.Context(), program, args...), ended: make(chan struct{}), line: make(chan struct{}, 1)}
	p.cmd.Env = append(append(os.Environ(), childVariable+"=program"), env...)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = writer, writer
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start: %v", err)
	}
	writer.Close() //nolint:errcheck // the process has its own
	go func() {
		defer close(p.ended)
		lines := bufio.NewReader(reader)
		for {
			text, err := lines.ReadString('\n')
			if err != nil { // half a line acknowledges nothing
				break
			}
			p.mu.Lock()
			p.said = append(p.said, strings.TrimSuffix(text, "\n"))
			p.mu.Unlock()
			select {
			case p.line <- struct{}{}:
			default:
			}
		}
		io.Copy(io.Discard, reader) //nolint:errcheck // to its end
		reader.Close()              //nolint:errcheck // read
		p.cmd.Wait()                //nolint:errcheck // ProcessState says how it ended
	}()
	t.Cleanup(func() { p.kill() })
	return p
}

// wait waits for the end and gives the exit code, -1 for a signal.
func (p *process) wait() int {
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// kill ends it at once and reports whether it was still running.
func (p *process) kill() bool {
	select {
	case <-p.ended:
		return false
	default:
	}
	p.cmd.Process.Kill() //nolint:errcheck // it may have ended just now
	return p.wait() == -1
}

// killAfter kills it after d unless it ended before.
func (p *process) killAfter(d time.Duration) (killed bool) {
	select {
	case <-p.ended:
		return false
	case <-time.After(d):
		return p.kill()
	}
}

// lines is what it said so far.
func (p *process) lines() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.said...)
}

// until waits for a line with text in it.
func (p *process) until(t *testing.T, text string) string {
	t.Helper()
	limit := time.After(2 * time.Minute)
	for {
		for _, l := range p.lines() {
			if strings.Contains(l, text) {
				return l
			}
		}
		select {
		case <-p.line:
		case <-p.ended:
			t.Fatalf("it ended with %d and never said %q:\n%s", p.wait(), text, strings.Join(p.lines(), "\n"))
		case <-limit:
			t.Fatalf("it never said %q:\n%s", text, strings.Join(p.lines(), "\n"))
		}
	}
}

// copyDatabase copies a database file with its log, as they lie there.
func copyDatabase(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, ending := range []string{"", ".wal", ".wal.checkpoint", ".wal.recovery"} {
		text, err := os.ReadFile(from + ending)
		if errors.Is(err, os.ErrNotExist) {
			os.Remove(to + ending) //nolint:errcheck // there may be none
			continue
		}
		if err == nil {
			err = os.WriteFile(to+ending, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
