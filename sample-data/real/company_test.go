package real_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	sampledata "credence/sample-data"
	"credence/server/config"
)

// TestTheSampleCompanyLoadsWhole runs the sample company through the connectors
// that users use: only the CRM's unreadable rows are rejected, nothing changes
// on the second sync, and what the warehouse knows agrees with the truth.
func TestTheSampleCompanyLoadsWhole(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	if err := sampledata.Write(context.Background(), dir, sampledata.Options{Seed: 1, Deals: 120}, nil); err != nil {
		t.Fatal(err)
	}
	c, err := config.ReadIn(dir, "credence.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := open(t, c)
	for _, run := range l.sync() {
		t.Logf("%-9s read %6d  kept %6d  rejected %d", run.Source, run.Read, run.Kept, run.Rejected)
		rejected := map[string]int64{"crm": 2}[run.Source] // a note and a call on 30 February
		if run.Read == 0 || run.Rejected != rejected {
			t.Errorf("%s: %d rows read, %d rejected; want some and %d", run.Source, run.Read, run.Rejected, rejected)
		}
	}
	for _, run := range l.sync() {
		if run.Changed != 0 {
			t.Errorf("the second sync of %s changed %d records, want 0", run.Source, run.Changed)
		}
	}
	l.refresh()

	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth sampledata.Truth
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	l.is("won revenue", "select (sum(reporting_minor) filter (status = 'won'))::bigint from deal", fmt.Sprintf("%.0f", truth.Base.Won*100))
	l.is("campaigns of the plan and of Meta", "select count(*) from campaign", fmt.Sprint(len(truth.Effects.Campaign)))
	l.is("reps", "select count(*) from rep", fmt.Sprint(len(truth.Effects.Rep)))
	l.is("posts", "select count(*) from post", fmt.Sprint(len(truth.Effects.Post)))
	l.is("mails logged in the CRM that the mailboxes do not have", `select count(*) from activities c where c.source = 'crm' and c.kind = 'email'
		and not exists (select 1 from activities m where m.source = 'mail' and m.uid = c.uid)`, "0")
	l.is("mails of no rep", "select count(*) from act where stream = 'activities' and source = 'mail' and rep_id = ''", "0")
	l.is("spend without amount in euros", "select count(*) from spend where reporting_minor is null", "0")
}
