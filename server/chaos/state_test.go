package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"credence/attribution"
	"credence/server/audit"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// state is what a database holds.
type state struct {
	generation int64
	rounds     map[string][]int64 // of the rows of each source: one when it is whole
	rows       map[string]int64   // of each source
	runs       map[string]int64   // acknowledged runs of each source
	sums       map[string]string  // rows and checksum of each table
}

// how closely a state is looked at.
const (
	figures = true  // all that credence check asks
	records = false // all of it but what is derived
)

// look opens a copy of the database, as the killed process left it, asks every
// invariant and reads what it holds. The original is not touched.
func (c *company) look(t *testing.T, derived bool) state {
	t.Helper()
	scratch := filepath.Join(t.TempDir(), "look.db")
	copyDatabase(t, c.database, scratch)
	e, err := duckdb.Open(scratch, duckdb.Options{Threads: 2})
	if err != nil {
		t.Fatalf("open what was left: %v", err)
	}
	if aside := e.SetAside(); aside != nil {
		t.Errorf("the log cannot be replayed: %v", aside.Why)
	}
	w, err := warehouse.Open(t.Context(), e)
	if err != nil {
		t.Fatalf("open what was left: %v", err)
	}
	defer func() {
		if err := w.Close(); err != nil {
			t.Errorf("close what was left: %v", err)
		}
	}()
	return stateOf(t, w, derived)
}

func stateOf(t *testing.T, w *warehouse.Warehouse, derived bool) state {
	t.Helper()
	st := state{rounds: map[string][]int64{}, rows: map[string]int64{}, runs: map[string]int64{}, sums: map[string]string{}}
	report, cerr := w.Check(t.Context())
	if cerr != nil {
		t.Fatalf("check: %v", cerr)
	}
	for _, sum := range report.Tables {
		st.sums[sum.Name] = fmt.Sprint(sum.Rows, " ", sum.Checksum)
	}
	broken := report.Broken
	err := w.Read(t.Context(), func(s *warehouse.Snapshot) error {
		st.generation = s.Generation
		found, err := unsound(t.Context(), s, derived)
		if broken = append(broken, found...); err != nil {
			return err
		}
		err = each(t.Context(), s, "select source, count(*) from run where status = 'done' group by source", func(source string, n int64) { st.runs[source] = n })
		if err != nil {
			return err
		}
		err = each(t.Context(), s, "select source, cast(regexp_extract(name, 'round ([0-9]+)', 1) as bigint) from deals group by all", func(source string, n int64) {
			st.rounds[source] = append(st.rounds[source], n)
		})
		if err != nil {
			return err
		}
		err = each(t.Context(), s, "select source, cast(regexp_extract(landing_url, 'round=([0-9]+)', 1) as bigint) from visits group by all", func(source string, n int64) {
			st.rounds[source] = append(st.rounds[source], n)
		})
		if err != nil {
			return err
		}
		return each(t.Context(), s, "select source, count(*) from (select source from deals union all select source from visits) group by source", func(source string, n int64) {
			st.rows[source] = n
		})
	})
	if err != nil {
		t.Fatalf("read what was left: %v", err)
	}
	if len(broken) > 0 {
		t.Errorf("%d invariants are broken:\n%s", len(broken), strings.Join(broken, "\n"))
	}
	return st
}

func each(ctx context.Context, s *warehouse.Snapshot, query string, take func(string, int64)) error {
	rows, err := s.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var source string
		var n sql.NullInt64
		if err := rows.Scan(&source, &n); err != nil {
			return err
		}
		take(source, n.Int64)
	}
	return rows.Err()
}

// unsound walks the audit log and, when derived, asks the invariants of the ledger.
func unsound(ctx context.Context, s *warehouse.Snapshot, derived bool) ([]string, error) {
	chain, err := audit.Verify(ctx, s)
	broken := chain.Bad
	if err != nil || s.Stale || !derived {
		return broken, err
	}
	found, err := attribution.Check(ctx, s)
	for _, b := range found {
		broken = append(broken, b.String())
	}
	return broken, err
}

// records is the part of a state that the sources decide.
func (st state) records() string {
	var b strings.Builder
	for _, table := range []string{"reps", "accounts", "contacts", "deals", "visits"} {
		fmt.Fprintf(&b, "%s %s\n", table, st.sums[table])
	}
	return b.String()
}

// ledger is the part of a state that a refresh decides.
func (st state) ledger() string {
	var b strings.Builder
	for _, table := range []string{"deal", "touch", "journey", "credit", "person", "account"} {
		fmt.Fprintf(&b, "%s %s\n", table, st.sums[table])
	}
	return b.String()
}
