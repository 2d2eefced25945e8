package real_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestCRMSalesOpportunities(t *testing.T) {
	t.Parallel()
	l := load(t, "crm-sales-opportunities")
	l.read(map[string][2]int64{"sales_teams.csv": {35, 0}, "accounts.csv": {85, 0}, "products.csv": {7, 0}, "sales_pipeline.csv": {8800, 0}})

	// The totals everyone knows of this data set.
	l.is("deals by status", "select status, count(*) from deal group by all order by all", "lost|2473; open|2089; won|4238")
	l.is("won value in cents", "select sum(reporting_minor)::bigint from deal where status = 'won'", "1000553400")
	l.is("deals without account", "select count(*) from deal where account_id = ''", "1425")
	l.is("deals without a day of creation", "select count(*) from deal where created_at is null", "500")
	l.is("products that no list has", "select count(*) from line_item i anti join product p using (product_id)", "0")
	l.is("GTX Pro", "select count(*) from line_item where product_id = 'GTX Pro'", "1480")
	l.is("accounts and their parents", "select count(*), count(*) filter (where parent_account_id <> '') from account", "85|"+strconv.Itoa(parents(t)))
	l.is("sectors misspelt", "select count(*) from account where industry = 'technolgy'", "0")
	l.is("agents, managers, teams", "select count(*) filter (where title <> 'Manager'), count(*) filter (where title = 'Manager'), count(distinct team_id) from rep", "35|6|6")
	l.is("agents without a deal", "select count(*) from rep r anti join deal d on d.owner_rep_id = r.rep_id where r.title <> 'Manager'", "5")
	l.is("the first close", "select min(closed_day)::varchar, max(closed_day)::varchar from deal where status <> 'open'", "2017-03-01|2017-12-31")

	// Win rates by manager, agent and product, against the file itself.
	managers := map[string]string{}
	for _, r := range table(t, "crm-sales-opportunities", "sales_teams.csv") {
		managers[r["sales_agent"]] = r["manager"]
	}
	byManager, byAgent, byProduct := map[string]*tally{}, map[string]*tally{}, map[string]*tally{}
	for _, r := range table(t, "crm-sales-opportunities", "sales_pipeline.csv") {
		for of, key := range map[*map[string]*tally]string{&byManager: managers[r["sales_agent"]], &byAgent: r["sales_agent"], &byProduct: strings.ReplaceAll(r["product"], "GTXPro", "GTX Pro")} {
			x := (*of)[key]
			if x == nil {
				x = &tally{}
				(*of)[key] = x
			}
			switch r["deal_stage"] {
			case "Won":
				value, err := strconv.Atoi(r["close_value"])
				if err != nil {
					t.Fatal(err)
				}
				x.won++
				x.value += value
			case "Lost":
				x.lost++
			}
		}
	}
	const measures = `count(*) filter (d.status = 'won'), count(*) filter (d.status = 'lost'),
		count(*) filter (d.status = 'won')::double / count(*) filter (d.status <> 'open'), (sum(d.reporting_minor) filter (d.status = 'won') // 100)::bigint`
	for _, c := range []struct {
		what, query string
		want        []string
	}{
		{"win rate by manager", "select t.manager_rep_id, " + measures + " from deal d join rep r on r.rep_id = d.owner_rep_id join team t on t.team_id = r.team_id group by all order by 1", lines(byManager)},
		{"win rate by agent", "select d.owner_rep_id, " + measures + " from deal d group by all order by 1", lines(byAgent)},
		{"win rate by product", "select i.product_id, " + measures + " from deal d join line_item i using (deal_id) group by all order by 1", lines(byProduct)},
	} {
		if got := l.rows(c.query); !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.what, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
	}
}

func parents(t *testing.T) int {
	t.Helper()
	n := 0
	for _, r := range table(t, "crm-sales-opportunities", "accounts.csv") {
		if r["subsidiary_of"] != "" {
			n++
		}
	}
	return n
}
