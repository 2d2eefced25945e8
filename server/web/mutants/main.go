// Mutants takes every rule about who may see what away, one at a time, and runs
// the authorization matrix against the rest: each must make it fail. It prints a
// line for every rule: where it stands, what it says, and the test that missed it.
//
// The rules are found in the SQL of a copy of the tree, wherever it asks for the
// reader's reps, teams or whole company; those in Go are listed in rules.go. All
// are put behind a switch each, so that the copy is built once; a question about
// the reader that the program cannot switch off ends it.
//
//	go run ./server/web/mutants [-only TEXT] [-keep DIR] [-trust]
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// rule is one predicate that stands between a reader and somebody else's data.
type rule struct {
	file, text string
	spared     string // why no test can miss it; empty: one must
}

func main() {
	only := flag.String("only", "", "take away only the rules whose file or text holds this")
	keep := flag.String("keep", "", "the folder of the copy, which stays there; without it a temporary one")
	trust := flag.Bool("trust", false, "do not run the matrix with every rule in place first")
	flag.Parse()
	ctx, log := context.Background(), slog.New(slog.NewTextHandler(os.Stderr, nil))
	survived, err := run(ctx, *only, *keep, *trust, os.Stdout)
	if err != nil {
		log.ErrorContext(ctx, "mutants", slog.Any("error", err))
		os.Exit(2)
	}
	if survived > 0 {
		log.ErrorContext(ctx, "rules can be taken away and no test misses them", slog.Int("rules", survived))
		os.Exit(1)
	}
}

func run(ctx context.Context, only, dir string, trust bool, out io.Writer) (survived int, err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "credence-mutants-"); err != nil {
			return 0, fmt.Errorf("make a folder for the copy: %w", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	}
	rules, err := prepare(ctx, dir)
	if err != nil {
		return 0, err
	}
	binary := filepath.Join(dir, "matrix.test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, "./server/web") //nolint:gosec // of the copy
	build.Dir, build.Stderr = dir, os.Stderr
	if err = build.Run(); err != nil {
		return 0, fmt.Errorf("build the copy: %w", err)
	}
	if !trust {
		failed, merr := matrix(ctx, dir, binary, -1)
		if merr != nil || failed != "" {
			return 0, errors.Join(merr, fmt.Errorf("with every rule in place the matrix fails: %s", failed))
		}
	}
	taken := 0
	for n, r := range rules {
		if only != "" && !strings.Contains(r.file+" "+r.text, only) {
			continue
		}
		failed := "spared: " + r.spared
		if r.spared == "" {
			taken++
			if failed, err = matrix(ctx, dir, binary, n); err != nil {
				return survived, err
			}
			if failed == "" {
				failed = "NO TEST"
				survived++
			}
		}
		if _, err = fmt.Fprintf(out, "%d\t%s\t%s\t%s\n", n+1, r.file, r.text, failed); err != nil {
			return survived, fmt.Errorf("print: %w", err)
		}
	}
	_, err = fmt.Fprintf(out, "%d rules were taken away, %d of them missed by a test\n", taken, taken-survived)
	return survived, err
}

// matrix runs the tests without rule n, -1 being with all, and answers the test
// that failed first.
func matrix(ctx context.Context, dir, binary string, n int) (failed string, err error) {
	test := exec.CommandContext(ctx, binary, "-test.run", "Matrix|View|RejectedRows", "-test.v", "-test.failfast", "-test.timeout", "30m")
	test.Dir = filepath.Join(dir, "server", "web")
	test.Env = append(os.Environ(), fmt.Sprintf("MUTANT=%d", n))
	text, err := test.CombinedOutput()
	if err == nil {
		return "", nil
	}
	lines := bufio.NewScanner(strings.NewReader(string(text)))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "--- FAIL: "); ok {
			name, _, _ = strings.Cut(name, " ")
			if len(name) > len(failed) { // the subtest says who saw it
				failed = name
			}
		}
	}
	if failed == "" {
		return "", fmt.Errorf("the matrix did not run: %w: %s", err, text[max(0, len(text)-2000):])
	}
	return failed, nil
}

// asks are the ways in which SQL asks for what the reader may see.
var asks = regexp.MustCompile(`(?:[\w.]+ (?:not )?in|exists) \(select \w+(?:\.\w+)? from (?:visible_rep \w+ where \w+\.user_id = \$user_id(?: and \w+\.rep_id = [^)]+)?|mine \w+(?: where \w+\.rep_id = '')?|seen_team \w+)\)` +
	`|\(select count\(\*\) from mine \w+ where \w+\.rep_id = ''\) > 0|\w+\.user_id = \$user_id`)

// places hold the SQL that asks about readers.
var places = []string{"attribution/sql", "performance/sql", "performance/metrics", "server/web/sql"}

// prepare copies the tracked files into dir with a switch at every rule.
func prepare(ctx context.Context, dir string) ([]rule, error) {
	list, err := exec.CommandContext(ctx, "git", "ls-files", "-co", "--exclude-standard").Output()
	if err != nil {
		return nil, fmt.Errorf("list the files of the tree: %w", err)
	}
	names := strings.Fields(string(list))
	built, err := filepath.Glob("ui/dist/*")
	if err != nil {
		return nil, fmt.Errorf("list the assets: %w", err)
	}
	var rules []rule
	for _, name := range append(names, built...) {
		text, rerr := os.ReadFile(name) //nolint:gosec // of this tree
		if os.IsNotExist(rerr) {
			continue
		}
		if rerr != nil {
			return nil, fmt.Errorf("copy %s: %w", name, rerr)
		}
		changed := string(text)
		if strings.HasSuffix(name, ".sql") && within(name, places) {
			changed = switched(name, changed, &rules)
			if left := asks.ReplaceAllString(string(text), ""); strings.Contains(left, "from visible_rep") && !strings.Contains(changed, "mutant") {
				return nil, fmt.Errorf("%s asks for the reader's reps in a way that cannot be taken away: teach server/web/mutants", name)
			}
		}
		if changed, err = listed(name, changed, &rules); err != nil {
			return nil, err
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
			return nil, fmt.Errorf("copy %s: %w", name, err)
		}
		if err := os.WriteFile(to, []byte(changed), 0o600); err != nil { //nolint:gosec // a name that the tree gave
			return nil, fmt.Errorf("copy %s: %w", name, err)
		}
	}
	for name, text := range map[string]string{
		"warehouse/schema/9000_mutant.sql": "create table mutant (n integer not null);\n",
		"server/web/mutant.go":             "package web\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc mutant(n int) bool { return os.Getenv(\"MUTANT\") == fmt.Sprint(n) }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	return rules, nil
}

func within(name string, folders []string) bool {
	for _, folder := range folders {
		if strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

// switched puts a switch at every place where the SQL of a file asks about the
// reader. Comments stay as they are.
func switched(name, text string, rules *[]rule) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		lines[i] = asks.ReplaceAllStringFunc(line, func(found string) string {
			*rules = append(*rules, rule{name, found, spared[name+" "+found]})
			return off(found, len(*rules)-1)
		})
	}
	return strings.Join(lines, "\n")
}

// off is a predicate that rule n, when it is taken away, makes true.
func off(predicate string, n int) string {
	return fmt.Sprintf("(%s or exists (select 1 from mutant where mutant.n = %d))", predicate, n)
}

// listed puts switches at the rules of a file that rules.go lists.
func listed(name, text string, rules *[]rule) (string, error) {
	for _, g := range given[name] {
		if strings.Count(text, g.text) != 1 {
			return "", fmt.Errorf("%s does not hold %q once: bring server/web/mutants/rules.go up to date", name, g.text)
		}
		*rules = append(*rules, rule{name, g.text, g.spared})
		n := len(*rules) - 1
		taken := fmt.Sprintf("mutant(%d)", n)
		if strings.HasSuffix(name, ".sql") {
			taken = fmt.Sprintf("exists (select 1 from mutant where mutant.n = %d)", n)
		}
		without := strings.ReplaceAll(g.without, "MUTANT", taken)
		if without == "" {
			without = off(g.text, n)
		}
		text = strings.Replace(text, g.text, without, 1)
	}
	return text, nil
}
