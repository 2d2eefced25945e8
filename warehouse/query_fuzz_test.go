package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
)

// FuzzQuery asks any statement of a company with one user: it is refused as a
// query, or its answer holds nothing of the user; and it has changed nothing.
func FuzzQuery(f *testing.F) {
	w := open(f)
	load(f, w, "crm", syncTime, warehouse.Deal{DealID: "D1", Status: "won", Amount: warehouse.Known[int64](100), Currency: "EUR", ClosedAt: at("2026-01-15T12:30:00Z")})
	refresh(f, w)
	const secret = "quokka"
	if err := w.Write(f.Context(), func(tx *warehouse.Tx) error {
		_, err := tx.ExecContext(f.Context(), "insert into users (user_id, email, name, password_hash, roles, disabled, session_version, created_at) values ('u-quokka', 'quokka@own.example', 'Quokka', 'quokka', 'cmo', false, 0, ?)", syncTime)
		return err
	}); err != nil {
		f.Fatal(err)
	}
	state := func() (text string) {
		err := w.Read(context.Background(), func(s *warehouse.Snapshot) error {
			return s.QueryRowContext(context.Background(), "select concat_ws('|', (select count(*) from deals), (select string_agg(users::varchar) from users), (select count(*) from duckdb_tables()), (select count(*) from duckdb_views()), (select max(generation) from generation), current_setting('threads'))").Scan(&text)
		})
		return fmt.Sprint(text, err)
	}
	before := state()
	if !strings.Contains(before, secret) {
		f.Fatalf("there is no user to be kept from: %s", before)
	}
	for _, text := range []string{
		"select * from deal", "from deal select count(*) as n;", "select * from users", "select * from main.users", "with users as (select 1) select * from users", "with x as (select * from users) select * from x",
		"select * from memory.main.users", "select * from query('select * from users')", "select * from query_table('users')", "select (select password_hash from users limit 1)", "pivot users on roles using count(*)", "select * from deal d, lateral (select * from users) u",
		"with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) select sum(n) as s from t", "select 1; drop table users", "select getvariable('x'), getenv('HOME')", "select nextval('x')", "select current_setting('threads')", "set threads = 1", "insert into users values (1)", "attach 'x.db'",
		"select deal_id[1:], [1, 2], {'a': 1}, map {1: 2}, interval 1 day, 1::hugeint, 1.5::decimal(38, 10), 'a'::blob, uuid(), time '10:00', true, null from deal", "select x -> x + 1 from (select [1] x)", "select columns(*) from deal", "select * from deal asof join account using (account_id)", "select * from unnest([1, 2]) u(x)", "select * from range(3) r", "describe users", "select 'x\x00y'", "\xff", "(((((", "select * from read_text('/etc/hostname')", `select * from "users"`, "select * from deal positional join users", "select * exclude (deal_id) replace (1 as status) from deal", "from (values (1), (2)) v(x)", "select * from deal at (version => 1)", "select * from glob('*')", "select sum(r.range) from range(1000000000000) r",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.ToLower(text), secret) {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		rows := 0
		err := w.Query(ctx, text, func(columns []string, next func() ([]any, error)) error {
			if heads := strings.Join(columns, "|"); strings.Contains(heads, "password_hash") && !strings.Contains(text, "password_hash") {
				t.Errorf("%q answers %s", text, heads)
			}
			for ; rows < 100; rows++ {
				row, err := next()
				if err != nil || row == nil {
					return err
				}
				if said := fmt.Sprint(row...); strings.Contains(strings.ToLower(said), secret) {
					t.Errorf("%q answers %s", text, said)
				}
			}
			return nil
		})
		switch {
		case err != nil && strings.Contains(strings.ToLower(err.Error()), secret):
			t.Errorf("%q is refused with what nobody may read: %v", text, err)
		case err != nil && !errors.Is(err, warehouse.ErrQuery) && ctx.Err() == nil:
			t.Errorf("%q fails and is no query error: %v", text, err)
		}
		if after := state(); after != before {
			t.Errorf("%q changed\n%s to\n%s", text, before, after)
		}
	})
}
