package performance

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"credence/warehouse/calendar"
)

// noted takes down what would be asked.
type noted struct {
	text string
	args []any
}

var errNoted = errors.New("taken down")

// QueryContext implements sqlfile.Querier.
func (n *noted) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	n.text, n.args = query, args
	return nil, errNoted
}

// QueryRowContext implements sqlfile.Querier.
func (n *noted) QueryRowContext(context.Context, string, ...any) *sql.Row { return nil }

// ExecContext implements sqlfile.Querier.
func (n *noted) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	n.text, n.args = query, args
	return nil, errNoted
}

// FuzzDealFilter asks for deals by any filter: it is refused, or the question is
// the same text as for any other filter, and what was written is bound to it.
func FuzzDealFilter(f *testing.F) {
	company := calendar.Company{Location: time.UTC, FiscalYearStart: 1}
	plain := noted{}
	if _, err := Deals(f.Context(), &plain, "u", company, DealFilter{}); !errors.Is(err, errNoted) || plain.text == "" {
		f.Fatalf("the plain list is asked by %q, %v", plain.text, err)
	}
	f.Add("won", "R1", "T1", "P1", "Proposal", "acme", "A1", "-closed", "", 50)
	f.Add("open", "'; drop table deals --", `" or 1=1`, "$user", "%_\\", "/*", "*/", "name; select 1", "eyJpIjoiRDEifQ", -1)
	f.Add("decided", "", "", "", "", "\x00\xff", "", "--amount", "eyJpIjoiJzsiLCJuIjo5MjIzMzcyMDM2ODU0Nzc1ODA3fQ", 1<<40)
	f.Fuzz(func(t *testing.T, status, rep, team, product, stage, text, account, sort, cursor string, size int) {
		n := noted{}
		_, err := Deals(t.Context(), &n, "u", company, DealFilter{Status: status, RepID: rep, TeamID: team, Product: product, Stage: stage, Text: text, Account: account, Sort: sort, Cursor: cursor, PageSize: size})
		if errors.Is(err, ErrFilter) {
			if n.text != "" {
				t.Error("a filter that is refused was asked")
			}
			return
		}
		if !errors.Is(err, errNoted) {
			t.Fatalf("the list ends with %v", err)
		}
		if n.text != plain.text {
			t.Errorf("the question became %q", n.text)
		}
		bound := map[string]bool{}
		for _, arg := range n.args {
			if s, ok := arg.(string); ok {
				bound[s] = true
			}
		}
		for _, given := range []string{rep, team, product, stage, account} {
			if given != "" && !bound[given] {
				t.Errorf("%q is bound to nothing: %v", given, n.args)
			}
		}
		if len(text) > 8 && strings.Contains(n.text, text) && !strings.Contains(plain.text, text) {
			t.Errorf("the words %q stand in the question", text)
		}
	})
}
