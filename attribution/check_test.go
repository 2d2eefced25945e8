package attribution_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"credence/attribution"
	"credence/warehouse"
)

// TestCheckSeesEveryClauseBroken breaks what each clause says, several at a time,
// each on a deal or touch of its own, and takes it back. It knows from the SQL which
// clauses there are.
func TestCheckSeesEveryClauseBroken(t *testing.T) {
	t.Parallel()
	w := quarter(t)
	if _, err := closeAt(t, w, closeDay, 0, ""); err != nil {
		t.Fatal(err)
	}
	unseen := map[string]bool{}
	files, err := filepath.Glob("sql/check_*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\tselect '([^']+)'`).FindAllStringSubmatch(string(text), -1) {
			unseen[m[1]] = true
		}
	}
	taken := errors.New("take it back")
	const of = "deal_no = (select deal_no from journey_end where deal_id = "
	for _, harms := range [][]struct{ sql, invariant, model, example string }{
		{
			{"insert into touch_source select * from touch_source where source_id = 'v6'", "a source row is one touch at most", "", "visits web v6"},
			{"delete from touch_source where source_id = 'v3'", "every touch has its source rows, suspected posts aside", "", "visits:web:v3"},
			{"update touch set reason = 'bot' where touch_id = 'visits:web:v1'", "a touch that may earn has no reason not to", "", "visits:web:v1"},
			{"insert into touch select * from touch where touch_id = 'visits:web:v7'", "touch ids are unique", "", "visits:web:v7"},
			{"update touch set occurred_at = occurred_at + interval '90' day where touch_id = 'activities:crm:m2'", "every touch of a journey is there, earns or is withheld, and lies in the window, at or before the close", "", "activities:crm:m2"},
			{"update touch set account_id = 'a4', person_id = 'n4' where touch_id = 'visits:web:v5'", "every touch of a journey is of its deal", "", "visits:web:v5"},
			{"update journey_end set currency = 'CHF' where deal_id = 'D2'", "every deal has one window, which closes with it, and its money", "", "D2"},
		},
		{
			{"update journey_credit set position = 7 where position = 2 and " + of + "'D3')", "the touches of a journey are numbered from 1 without gap", "", "D3"},
			{"update journey_credit set a_first = a_first + 1 where position = 1 and " + of + "'D1')", "credits and unattributed sum to the amount of every won deal", "first", "D1"},
			{"update journey_credit set d_last = 1 where position = 3 and " + of + "'D1')", "reporting amounts sum to the reporting amount of every won deal", "last", "D1"},
			{"update journey_credit set a_linear = a_linear + case when position = 1 then 20000 else -20000 end where position < 3 and " + of + "'D1')", "no credit is more than its deal, or of the other sign", "linear", "D1"},
			{"update journey_credit set t_custom = 2 * t_custom where " + of + "'D1')", "weights lie between 0 and 1 and sum to 1", "custom", "D1"},
		},
		{
			{"update deal set status = 'lost' where deal_id = 'D3'", "only won deals with an amount have credits", "linear", "D3"},
			{"insert into journey_end select * from journey_end where deal_id = 'D2'", "every deal of the ledger has one unattributed row", "linear", "D2"},
		},
		{
			{"insert into journey_credit select * from journey_credit where position = 1 and " + of + "'D2')", "no touch is paid twice for one deal", "first", "D2"},
			{"update reported_credit set amount_minor = amount_minor + 1 where model = 'linear' and deal_id = 'D1' and bucket = 'unattributed'", "what a closing kept sums to the amount of every deal", "linear", "D1"},
			{"delete from reported_credit where model = 'last' and deal_id = 'D3'", "a closing kept every deal with an amount under every model", "", "D3"},
			{"insert into reported_credit select * from reported_credit where model = 'first' and deal_id = 'D1' and bucket = 'unattributed'", "no credit that a closing kept stands twice", "first", "D1"},
			{"delete from reported_touch where deal_id = 'D3' and position = 1", "a credit that a closing kept belongs to a touch that it kept", "linear", "visits:web:v5"},
		},
	} {
		err := w.Write(t.Context(), func(tx *warehouse.Tx) error {
			for _, h := range harms {
				if _, err := tx.ExecContext(t.Context(), h.sql); err != nil {
					return fmt.Errorf("%s: %w", h.sql, err)
				}
			}
			found, err := attribution.Check(t.Context(), tx)
			if err != nil {
				return err
			}
			for _, h := range harms {
				delete(unseen, h.invariant)
				if !slices.ContainsFunc(found, func(b attribution.Broken) bool {
					return b.Invariant == h.invariant && b.Model == h.model && b.Example == h.example
				}) {
					t.Errorf("after %s: check says %v", h.sql, found)
				}
			}
			return taken
		})
		if !errors.Is(err, taken) {
			t.Fatal(err)
		}
	}
	for invariant := range unseen {
		t.Errorf("nothing breaks %q: add what does", invariant)
	}
	broken(t, w)
}
