package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"credence/warehouse"
)

// query is the answer of Query as text.
func query(w *warehouse.Warehouse, text string) (string, error) {
	var out []string
	err := w.Query(context.Background(), text, func(columns []string, next func() ([]any, error)) error {
		out = append(out, strings.Join(columns, "|"))
		for {
			row, err := next()
			if err != nil || row == nil {
				return err
			}
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = fmt.Sprint(v)
				if v == nil {
					cells[i] = "-"
				}
			}
			out = append(out, strings.Join(cells, "|"))
		}
	})
	return strings.Join(out, "\n"), err
}

func queryWorld(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	w := open(t)
	load(t, w, "crm", syncTime,
		warehouse.CurrencyRate{Day: day("2026-01-01"), Currency: "USD", Rate: warehouse.Known[int64](500_000_000_000)},
		warehouse.Account{AccountID: "A1", Name: "Acme"}, warehouse.Rep{RepID: "R1", Name: "Ann", StartedOn: day("2024-02-29")},
		warehouse.Deal{DealID: "D1", AccountID: "A1", OwnerRepID: "R1", Status: "won", Amount: warehouse.Known[int64](1234_50), Currency: "USD", ClosedAt: at("2026-01-15T12:30:00Z"), Source: "fair"},
		warehouse.Deal{DealID: "D2", Status: "open", Amount: warehouse.Known[int64](-7), Currency: "EUR"},
		warehouse.Activity{ActivityID: "X1", Kind: "email", OccurredAt: syncTime, Email: "a@b.example"})
	refresh(t, w)
	return w
}

func TestQueryAnswersSelects(t *testing.T) {
	t.Parallel()
	w := queryWorld(t)
	tests := []struct{ name, text, want string }{
		{"money is exact and the missing is null", "select deal_id, account_id, source, amount, currency, reporting_amount, cost, closed_at, closed_day from deal order by 1", "deal_id|account_id|source|amount|currency|reporting_amount|cost|closed_at|closed_day\nD1|A1|fair|1234.500|USD|617.250|246.900|2026-01-15T12:30:00Z|2026-01-15\nD2|-|-|-0.070|EUR|-0.070|-0.030|-|-"},
		{"a plain star", "select * from rep", "rep_id|name|email|team_id|title|region|started_on|ended_on\nR1|Ann|-|-|-|-|2024-02-29|-"},
		{"a join, a WITH and an aggregate", "with big as (select account_id, sum(amount) as total from deal group by all) select a.name, b.total from account a join big b using (account_id) order by 1;", "name|total\nAcme|1234.500"},
		{"subqueries and set operations", "select count(*) from (select deal_id from deal union all select touch.activity_id from activity touch) x where exists (select 1 from account)", "count_star()\n3"},
		{"window, case and quoted names", `select "deal_id", row_number() over (order by deal.deal_id desc) as n, case when status = 'won' then 1 else 0 end won from "deal" order by n`, "deal_id|n|won\nD2|1|0\nD1|2|1"},
		{"values without a table", "select 1 as one, 2.50 as two, true as yes, null as nothing, 'x' as x", "one|two|yes|nothing|x\n1|2.50|true|-|x"},
		{"rows of a range", "select r.range from range(3) r order by 1", "range\n0\n1\n2"},
		{"from first", "from deal select count(*) as n", "n\n2"},
		{"recursion", "with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) select sum(n) as s from t", "s\n6"},
		{"pivot by hand with filter", "select count(*) filter (where status = 'won') as won, min(amount) as low from deal", "won|low\n1|-0.070"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := query(w, tt.text)
			if err != nil {
				t.Fatalf("query: %v", err)
			}
			if got != tt.want {
				t.Errorf("answer:\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestQueryRefusesWhatIsNotASelectOfTheTables(t *testing.T) {
	t.Parallel()
	w := queryWorld(t)
	tests := []struct{ text, want string }{
		{"select * from users", "there is no table"},
		{"select * from main.users", "without main"},
		{"select * from main.deal", "without main"},
		{"select * from memory.main.users", "without"},
		{"select * from (select * from users)", "there is no table"},
		{"select (select password_hash from users limit 1)", "there is no table"},
		{"with x as (select * from users) select * from x", "there is no table"},
		{"with users as (select 1) select * from users", "give it another name"},
		{"with deal as (select 1) select * from deal", "give it another name"},
		{"select * from deals", `did you mean "deal"`},
		{"select * from duckdb_settings()", "cannot be read from"},
		{"select * from query('select * from users')", "cannot be read from"},
		{"select * from query_table('users')", "cannot be read from"},
		{"select * from read_csv('/etc/passwd')", "cannot be read from"},
		{"select * from '/etc/passwd'", "there is no table"},
		{"select * from 'users'", "there is no table"},
		{"select * from information_schema.tables", "without"},
		{"select * from sqlite_master", "there is no table"},
		{"select * from pg_catalog.pg_class", "without"},
		{"select * from (describe users)", "only select"},
		{"select * from (show tables)", "only select"},
		{"select current_setting('temp_directory')", "settings"},
		{"show tables", ""},
		{"describe users", ""},
		{"summarize users", ""},
		{"from users", "there is no table"},
		{"table users", "there is no table"},
		{"select 1; select 2", "one statement"},
		{"", ""},
		{"insert into rep values (1)", "only select"},
		{"delete from deals", "only select"},
		{"drop table deals", "only select"},
		{"attach 'x.db'", "only select"},
		{"copy deals to 'x.csv'", "only select"},
		{"pragma database_list", ""},
		{"set threads = 1", "only select"},
		{"select", ""},
		{"select * from deal where owner_rep_id in (select user_id from users)", "there is no table"},
		{"select * from deal d, lateral (select * from users) u", "there is no table"},
		{"pivot users on roles using count(*)", ""},
		{"select * from (pivot users on roles using count(*))", ""},
		{"select exists(from users)", "there is no table"},
		{"select array(select password_hash from users)", "there is no table"},
		{"select * from deal order by (select password_hash from users limit 1)", "there is no table"},
		{"select * from deal limit (select count(*) from users)", "there is no table"},
		{"with recursive t as (select 1 as n union all select n from t join users on true) select * from t", "there is no table"},
		{"explain select 1", ""},
		{"call duckdb_settings()", ""},
		{"execute x", ""},
		{"select nothing from deal", "nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := query(w, tt.text)
			if !errors.Is(err, warehouse.ErrQuery) {
				t.Fatalf("answer %q, error = %v, want a query error", got, err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want it to say %q", err, tt.want)
			}
		})
	}
}

// Every stream of records has a view with all columns of its file.
func TestQuerySeesEveryColumnOfEveryFile(t *testing.T) {
	t.Parallel()
	w := queryWorld(t)
	singular := func(name string) string {
		switch {
		case name == "activity_people":
			return "activity_person"
		case strings.HasSuffix(name, "ies"):
			return strings.TrimSuffix(name, "ies") + "y"
		}
		return strings.TrimSuffix(name, "s")
	}
	for _, s := range warehouse.Streams {
		columns := make([]string, len(s.Columns))
		for i, c := range s.Columns {
			columns[i] = c.Name
		}
		if _, err := query(w, "select "+strings.Join(columns, ", ")+" from "+singular(s.Name)); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}
