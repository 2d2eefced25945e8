package performance

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// ErrFilter reports a filter or a cursor of the deals list that cannot be read.
var ErrFilter = errors.New("unusable filter")

// Sorts are the columns the deals list may be ordered by; a leading "-" turns
// the order round.
func Sorts() []string { return []string{"amount", "closed", "created", "expected", "name", "stage"} }

// DealFilter narrows the deals list. Empty fields do not narrow.
type DealFilter struct {
	Status   string           // open, won, lost or decided (won and lost)
	RepID    string           // owner
	TeamID   string           // and the teams below it
	Product  string           // product id
	Stage    string           // name of the stage
	Text     string           // in the deal's or the account's name, any case
	Account  string           // account id
	Closed   *calendar.Period // closed in
	Due      *calendar.Period // expected to close in
	Until    time.Time        // end of what counts as closed; zero is no end
	Sort     string           // one of Sorts, maybe with "-"; "" is -closed
	Cursor   string           // Next of the page before
	PageSize int              // 0 is 50
}

// Deal is a line of the deals list.
type Deal struct {
	ID, Name                string
	AccountID, Account      string
	RepID, Rep              string
	TeamID, Team            string
	Stage, Status, Products string
	Amount                  sql.Null[int64] // minor units of Currency
	Currency                string
	Reporting               sql.Null[int64] // minor units of the reporting currency
	CreatedDay, ClosedDay   sql.Null[time.Time]
	ExpectedOn              sql.Null[time.Time]
	StageSince              sql.Null[time.Time]
}

// DealPage is one page of the deals list.
type DealPage struct {
	Deals []Deal
	Next  string // cursor of the following page; "" on the last
}

// DealSum is what all deals of a filter come to.
type DealSum struct {
	Deals     int64
	Minor     int64 // of those with an amount in the reporting currency
	Uncounted int64 // without one
	Open      int64
	Won       int64
	Lost      int64
}

// position is where a page of the list ended.
type position struct {
	Number *int64 `json:"n,omitempty"`
	Text   string `json:"t,omitempty"`
	ID     string `json:"i"`
}

// Deals lists the deals the reader may see, one page at a time. A page continues
// after the last row of the one before, so rows that come or go in between
// neither repeat nor hide others.
func Deals(ctx context.Context, q sqlfile.Querier, user string, company calendar.Company, f DealFilter) (DealPage, error) {
	column, desc := strings.CutPrefix(f.Sort, "-")
	if f.Sort == "" {
		column, desc = "closed", true
	}
	if !slices.Contains(Sorts(), column) {
		return DealPage{}, fmt.Errorf("%w: deals cannot be sorted by %q; sort by %s", ErrFilter, column, strings.Join(Sorts(), ", "))
	}
	size := f.PageSize
	if size <= 0 {
		size = 50
	}
	var after position
	if f.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || json.Unmarshal(raw, &after) != nil || after.ID == "" {
			return DealPage{}, fmt.Errorf("%w: the cursor is not one this list gave; begin with the first page", ErrFilter)
		}
	}
	args, err := f.args(company)
	if err != nil {
		return DealPage{}, err
	}
	var number any
	if after.Number != nil {
		number = *after.Number
	}
	args = append(args,
		sql.Named("sort", column), sql.Named("turned", flag(desc)), sql.Named("size", int64(size+1)),
		sql.Named("after_id", after.ID), sql.Named("after_number", number), sql.Named("after_text", after.Text))
	type line struct {
		Deal
		number sql.Null[int64]
		text   string
	}
	lines, err := rows(ctx, q, "deals", Ask{UserID: user, Company: company}, func(scan func(...any) error) (line, error) {
		var l line
		return l, scan(&l.ID, &l.Name, &l.AccountID, &l.Account, &l.RepID, &l.Rep, &l.TeamID, &l.Team, &l.Stage, &l.Status, &l.Products,
			&l.Amount, &l.Currency, &l.Reporting, &l.CreatedDay, &l.ClosedDay, &l.ExpectedOn, &l.StageSince, &l.number, &l.text)
	}, args...)
	if err != nil {
		return DealPage{}, fmt.Errorf("list deals: %w", err)
	}
	var page DealPage
	for i, l := range lines {
		if i == size {
			last := lines[i-1]
			end := position{Text: last.text, ID: last.ID}
			if last.number.Valid {
				end.Number = &last.number.V
			}
			raw, err := json.Marshal(end)
			if err != nil {
				return DealPage{}, fmt.Errorf("write cursor: %w", err)
			}
			page.Next = base64.RawURLEncoding.EncodeToString(raw)
			break
		}
		page.Deals = append(page.Deals, l.Deal)
	}
	return page, nil
}

// SumDeals counts and sums all deals of the filter, whatever the page.
func SumDeals(ctx context.Context, q sqlfile.Querier, user string, company calendar.Company, f DealFilter) (DealSum, error) {
	args, err := f.args(company)
	if err != nil {
		return DealSum{}, err
	}
	sums, err := rows(ctx, q, "deal_sum", Ask{UserID: user, Company: company}, func(scan func(...any) error) (DealSum, error) {
		var s DealSum
		return s, scan(&s.Deals, &s.Minor, &s.Uncounted, &s.Open, &s.Won, &s.Lost)
	}, args...)
	if err != nil {
		return DealSum{}, fmt.Errorf("sum deals: %w", err)
	}
	if len(sums) == 0 {
		return DealSum{}, nil
	}
	return sums[0], nil
}

// DealNames are the deals won in a's period, by id, with name, account and
// amount.
func DealNames(ctx context.Context, q sqlfile.Querier, a Ask) (map[string]Deal, error) {
	deals, err := rows(ctx, q, "deal_names", a, func(scan func(...any) error) (Deal, error) {
		var d Deal
		return d, scan(&d.ID, &d.Name, &d.Account, &d.Reporting)
	})
	if err != nil {
		return nil, fmt.Errorf("name deals: %w", err)
	}
	out := make(map[string]Deal, len(deals))
	for _, d := range deals {
		out[d.ID] = d
	}
	return out, nil
}

func (f DealFilter) args(company calendar.Company) ([]sql.NamedArg, error) {
	if !slices.Contains([]string{"", "open", "won", "lost", "decided"}, f.Status) {
		return nil, fmt.Errorf("%w: %q is no status; use open, won, lost or decided", ErrFilter, f.Status)
	}
	var closedFrom, closedTo, dueFrom, dueTo any
	if f.Closed != nil {
		closedFrom, closedTo = f.Closed.From.UTC(), f.Closed.To.UTC()
		if !f.Until.IsZero() && f.Until.Before(f.Closed.To) {
			closedTo = f.Until.UTC()
		}
	}
	if f.Due != nil {
		dueFrom, dueTo = dayText(company, f.Due.From), dayText(company, f.Due.To)
	}
	return []sql.NamedArg{
		sql.Named("status", f.Status), sql.Named("owner", f.RepID), sql.Named("team", f.TeamID), sql.Named("product", f.Product),
		sql.Named("stage", f.Stage), sql.Named("account", f.Account), sql.Named("text", strings.ToLower(strings.TrimSpace(f.Text))),
		sql.Named("closed_from", closedFrom), sql.Named("closed_to", closedTo), sql.Named("due_from", dueFrom), sql.Named("due_to", dueTo),
	}, nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
