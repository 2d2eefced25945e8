package csvfile

import (
	"os"
	"path/filepath"
	"testing"

	"credence/warehouse"
)

// realData is a folder of public data beside the repository, which is not part
// of it; a machine without it says so.
func realData(t *testing.T, name string) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("../../../shared/data", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("THE REAL DATA IS ABSENT: %s does not exist, so nothing was checked", dir)
		}
		t.Skipf("THE REAL DATA IS ABSENT: %s does not exist, so nothing was checked", dir)
	}
	return dir
}

func TestARealPipelineIsReadWhole(t *testing.T) {
	t.Parallel()
	rec, _, err := read(t, realData(t, "crm-sales-opportunities"), settings(t, `
ignore: [accounts.csv, products.csv]
files:
  - match: sales_pipeline.csv
    records:
      - stream: deals
        set:
          deal_id: opportunity_id
          account_id: account
          owner_rep_id: sales_agent
          status: {column: deal_stage, map: {Won: won, Lost: lost, '*': open}}
          amount: close_value
          currency: {value: USD}
          created_at: engage_date
          closed_at: close_date
      - stream: line_items
        when: close_value
        set: {line_id: opportunity_id, deal_id: opportunity_id, product_id: {column: product, map: {GTXPro: GTX Pro}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	deals := warehouse.StreamByName("deals")
	status, amount, account, closed := deals.Column("status"), deals.Column("amount"), deals.Column("account_id"), deals.Column("closed_at")
	won, orphans, sum := 0, 0, int64(0)
	for _, row := range rec.last["deals"] {
		if row[account] == nil {
			orphans++
		}
		if row[status] == "won" {
			won++
			minor, isInt := row[amount].(int64)
			if !isInt {
				t.Fatalf("won for %v, want an amount in minor units", row[amount])
			}
			sum += minor
			if row[closed] == nil {
				t.Errorf("won without a day: %v", row)
			}
		}
	}
	if len(rec.last["deals"]) != 8800 || won != 4238 || sum != 10_005_534_00 || orphans != 1425 || len(rec.rejects) != 0 {
		t.Errorf("%d deals, %d won worth %d, %d without account, %d rejected", len(rec.last["deals"]), won, sum, orphans, len(rec.rejects))
	}
	items := warehouse.StreamByName("line_items")
	for _, row := range rec.last["line_items"] {
		if row[items.Column("product_id")] == "GTXPro" {
			t.Fatal("the product keeps its wrong name")
		}
	}
}

func TestRealPostsWithSemicolonsAreRead(t *testing.T) {
	t.Parallel()
	rec, _, err := read(t, realData(t, "facebook-metrics"), settings(t, `
files:
  - match: dataset_Facebook.csv
    records:
      - stream: post_metrics
        set: {post_id: {template: "{_file}-{_line}"}, day: {template: "2014-{Post Month}-1", date_format: YYYY-M-D}, impressions: Lifetime Post Total Impressions, comments: comment, reactions: like, shares: share}
`))
	if err != nil || rec.read != 500 || len(rec.last["post_metrics"]) != 500 || len(rec.rejects) != 0 {
		t.Errorf("read %d, %d records, rejected %v, %v", rec.read, len(rec.last["post_metrics"]), rec.rejects, err)
	}
}
