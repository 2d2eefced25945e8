package warehouse

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

//go:embed resolve/*.sql
var resolveFiles embed.FS

var resolving = sqlfile.MustLoad(resolveFiles, "resolve")

// texts collects the single text column of an answer.
func texts(ctx context.Context, q sqlfile.Querier, st *sqlfile.Statement, args ...sql.NamedArg) ([]string, error) {
	return sqlfile.All(ctx, q, st, func(scan func(...any) error) (s string, err error) {
		err = scan(&s)
		return s, err
	}, args...)
}

// pairs collects the two text columns of an answer.
func pairs(ctx context.Context, q sqlfile.Querier, st *sqlfile.Statement) ([][2]string, error) {
	return sqlfile.All(ctx, q, st, func(scan func(...any) error) (p [2]string, err error) {
		err = scan(&p[0], &p[1])
		return p, err
	})
}

// currencies lists the minor-unit digits of every currency in use. to_milli
// turns minor units into thousandths, the scale of `query`.
func (r *resolver) currencies() error {
	codes, err := r.texts("currency_list", sql.Named("currency", r.settings.Currency))
	if err != nil {
		return err
	}
	var rows [][]any
	for _, code := range codes {
		exp, err := money.Exponent(code)
		if err != nil || exp > 3 {
			continue // its amounts stay in their own currency and are counted
		}
		rows = append(rows, []any{code, int64(exp), []int64{1000, 100, 10, 1}[exp]})
	}
	return r.make("currency", "code varchar, exponent bigint, to_milli bigint", true, rows)
}

// periodSpans turns the periods that quotas name into UTC bounds; a text that
// is no period has none, and its quota is left out.
func (r *resolver) periodSpans() error {
	names, err := r.texts("period_list")
	if err != nil {
		return err
	}
	var rows [][]any
	for _, name := range names {
		p, err := r.settings.Company.Parse(name)
		if err != nil {
			continue
		}
		rows = append(rows, []any{name, p.From, p.To, r.localDay(p.From)})
	}
	return r.make("period_span", "period varchar, period_from timestamp, period_to timestamp, first_day date", false, rows)
}

// teamClosure lists every team with all teams above it, itself at depth 0. A
// circle of teams ends where it closes.
func (r *resolver) teamClosure() error {
	teams, err := pairs(r.ctx, r.tx, resolving.Get("team_list"))
	if err != nil {
		return err
	}
	parent := map[string]string{}
	for _, t := range teams {
		parent[t[0]] = t[1]
	}
	var rows [][]any
	for _, t := range teams {
		seen := []string{}
		for id := t[0]; id != "" && !slices.Contains(seen, id); id = parent[id] {
			rows = append(rows, []any{t[0], id, int64(len(seen))})
			seen = append(seen, id)
		}
	}
	return r.make("team_closure", "team_id varchar, ancestor_team_id varchar, depth bigint", true, rows)
}

// phones reads phone numbers into E.164. A number without "+" is read as of its
// account's country when that is a two-letter code, and is no key otherwise.
func (r *resolver) phones() error {
	list, err := pairs(r.ctx, r.tx, resolving.Get("phone_list"))
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(list))
	for _, p := range list {
		rows = append(rows, []any{p[0], p[1], e164(p[0], p[1])})
	}
	return r.make("phone", "phone varchar, country varchar, e164 varchar", false, rows)
}

func e164(phone, country string) string {
	region := ""
	if len(country) == 2 {
		region = strings.ToUpper(country)
	}
	n, err := phonenumbers.Parse(phone, region)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

// contactPersons joins the contact records that share a key, over any number
// of steps, into persons. The first record by source priority names the person.
func (r *resolver) contactPersons() error {
	shared, err := sqlfile.All(r.ctx, r.tx, resolving.Get("contact_key_list"), func(scan func(...any) error) (k [3]string, err error) {
		err = scan(&k[0], &k[1], &k[2])
		return k, err
	})
	if err != nil {
		return err
	}
	groups := components{}
	for i, k := range shared {
		if i > 0 && shared[i-1][0] == k[0] && shared[i-1][1] == k[1] {
			groups.join(shared[i-1][2], k[2])
		}
	}
	ids, err := r.texts("contact_rank")
	if err != nil {
		return err
	}
	person := map[string]string{}
	rows := make([][]any, 0, len(ids))
	for _, id := range ids {
		root := groups.root(id)
		if person[root] == "" {
			person[root] = id
		}
		rows = append(rows, []any{id, person[root]})
	}
	return r.make("contact_person", "contact_id varchar, person_id varchar", false, rows)
}

// components is a union-find over ids.
type components map[string]string

func (c components) root(id string) string {
	for {
		up, ok := c[id]
		if !ok || up == id {
			return id
		}
		if grand, ok := c[up]; ok {
			c[id] = grand
		}
		id = up
	}
}

func (c components) join(a, b string) {
	ra, rb := c.root(a), c.root(b)
	if ra != rb {
		c[rb] = ra
	}
}

// dropTemporary removes what only this refresh needed: the connection goes back
// to the pool.
func (r *resolver) dropTemporary() error {
	names, err := texts(r.ctx, r.tx, questions.Get("temporary_tables"))
	if err != nil {
		return err
	}
	for _, n := range names {
		if _, err := r.tx.ExecContext(r.ctx, `drop table temp.main."`+n+`"`); err != nil {
			return fmt.Errorf("drop %s: %w", n, err)
		}
	}
	return nil
}
