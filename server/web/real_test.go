package web

import (
	"bytes"
	"encoding/csv"
	"html"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"credence/server/auth"
	"credence/server/config"
	"credence/server/jobs"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// rateRow is a row of the overview's table of won and lost deals: its name, won,
// lost and win rate.
var rateRow = regexp.MustCompile(`(?s)<th scope="row">(?:<a[^>]*>)?([^<]+)(?:</a>)?</th><td class="glyph">[^\n]*?</svg></td>` +
	`<td class="num">(?:<a[^>]*>)?([\d,]+)(?:</a>)?</td><td class="num">(?:<a[^>]*>)?([\d,]+)(?:</a>)?</td><td class="num val"><b>([^<]+)</b>`)

// TestWinRatesOfTheRealPipelineEqualACountOverItsFile reads a public pipeline of
// 8,800 deals by its configuration and compares what the page says by manager,
// agent and product with a count over the CSV.
func TestWinRatesOfTheRealPipelineEqualACountOverItsFile(t *testing.T) {
	t.Parallel()
	const data = "../../../shared/data/crm-sales-opportunities"
	if _, err := os.Stat(data); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("../shared/data is absent: the real pipeline is not tested (see sample-data/real/README.md for where it comes from)")
		}
		t.Skip("../shared/data is absent: the real pipeline is not tested (see sample-data/real/README.md for where it comes from)")
	}
	s := realServer(t, "../../sample-data/real/crm-sales-opportunities.yaml")
	if _, err := auth.InMemory(s.Warehouse).Add(t.Context(), s.Hasher, testNow, auth.NewUser{Email: "lead@hardware-sales.example", Name: "Lead", Password: testPassword, Roles: []auth.Role{auth.CMO}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Warehouse.UpdateVisibility(t.Context()); err != nil {
		t.Fatal(err)
	}
	bearer := "Bearer " + s.token(t, "lead@hardware-sales.example", testPassword)
	managers := map[string]string{}
	for _, r := range records(t, filepath.Join(data, "sales_teams.csv")) {
		managers[r["sales_agent"]] = r["manager"]
	}
	type tally struct{ won, lost int64 }
	want := map[string]map[string]tally{"manager": {}, "rep": {}, "product": {}}
	for _, r := range records(t, filepath.Join(data, "sales_pipeline.csv")) {
		for by, key := range map[string]string{"manager": managers[r["sales_agent"]], "rep": r["sales_agent"], "product": strings.Replace(r["product"], "GTXPro", "GTX Pro", 1)} {
			n := want[by][key]
			switch r["deal_stage"] {
			case "Won":
				n.won++
			case "Lost":
				n.lost++
			default:
				continue
			}
			want[by][key] = n
		}
	}
	format := ui.NewFormat("", time.UTC)
	for by, groups := range want {
		a := s.ask(t, http.MethodGet, "/?period=2017&by="+by, nil, "Authorization", bearer)
		got := map[string]bool{}
		for _, m := range rateRow.FindAllStringSubmatch(a.body, -1) {
			name := html.UnescapeString(m[1])
			n, ok := groups[name]
			if !ok {
				continue // the sum
			}
			got[name] = true
			rate := format.Percent(float64(n.won)/float64(n.won+n.lost), 1)
			if m[2] != format.Count(n.won) || m[3] != format.Count(n.lost) || html.UnescapeString(m[4]) != rate {
				t.Errorf("%s %s: the page says %s won, %s lost, %s; the file %d, %d, %s", by, name, m[2], m[3], m[4], n.won, n.lost, rate)
			}
		}
		if len(got) != len(groups) {
			t.Errorf("by %s the page shows %v, want %v", by, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(groups)))
		}
	}
}

// realServer syncs and refreshes a configuration into memory and serves it to a
// cmo who may see reps.
func realServer(t *testing.T, file string) *testServer {
	t.Helper()
	cfg, err := config.Read(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Privacy.CMOSeesReps = true
	engine, err := duckdb.OpenMemory()
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cerr := w.Close(); cerr != nil {
			t.Error(cerr)
		}
	})
	hasher, err := auth.NewTestHasher()
	if err != nil {
		t.Fatal(err)
	}
	j := &jobs.Jobs{Warehouse: w, Config: cfg, Hasher: hasher, Now: func() time.Time { return testNow }, Log: discard}
	var words bytes.Buffer
	for _, verb := range []string{"sync", "refresh"} {
		if exit := j.Do(t.Context(), jobs.Call{Verb: verb}, jobs.Out{Stdout: io.Discard, Stderr: &words}); exit != jobs.Done {
			t.Fatalf("%s ended with %d: %s", verb, exit, words.String())
		}
	}
	return newServerOn(t, w, func(c *config.Config) {
		base := c.BaseURL
		*c = cfg
		c.BaseURL = base
	})
}

// records reads a CSV into maps by its head.
func records(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(rows))
	for i, row := range rows[1:] {
		if len(row) != len(rows[0]) {
			t.Fatalf("%s: row %s has %d fields", file, strconv.Itoa(i+2), len(row))
		}
		record := map[string]string{}
		for k, name := range rows[0] {
			record[name] = row[k]
		}
		out = append(out, record)
	}
	return out
}
