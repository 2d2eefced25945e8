package attribution_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
)

// world is the resolved tables of one or many random companies.
type world struct {
	Persons     []person
	Deals       []deal
	DealPersons []dealPerson
	Campaigns   []campaign
	Posts       []post
	Acts        []act
	ActPersons  []actPerson
}

type person struct {
	ID, Account string
	LeadAt      time.Time
	OptedOut    bool
}

type deal struct {
	ID, Account, Primary, Owner, Status string
	Amount                              *int64
	Currency                            string
	Reporting                           *int64
	Cost                                *int64
	CreatedAt, ClosedAt                 time.Time
}

type dealPerson struct{ Deal, Person string }

type campaign struct{ ID, Name, Channel string }

type post struct {
	ID, Author, Campaign string
	At                   time.Time
}

type act struct {
	Source, Stream, ID                                    string
	Priority                                              int64
	Kind, Direction                                       string
	At                                                    time.Time
	Rep, Person, Account, Deal, Thread, UID               string
	Post, Campaign, Click, URL, Cap, Outcome, ChannelHint string
	Bot                                                   bool
}

type actPerson struct{ Source, Stream, ID, Person string }

var channels = []string{"Paid Social", "Rep Social", "E-mail", "Paid Search", "Direct", "Direct", "Event", "Referral"}

// start is the first instant of a random world.
var start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// randomWorld is company i of a seed: a few accounts, people and deals and up
// to a dozen and a half acts, on a coarse grid of times so that equal times,
// neighbours within five minutes and the exact ends of windows are common.
func randomWorld(seed uint64, i int) world {
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	var w world
	id := func(kind string, n int) string { return fmt.Sprintf("%s%d-%d", kind, i, n) }
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	grid := func() time.Time {
		return start.AddDate(0, 0, 10*r.IntN(20)).Add(time.Duration(r.IntN(3))*4*time.Minute + time.Duration(r.IntN(2))*time.Hour)
	}
	for n := range 2 {
		w.Campaigns = append(w.Campaigns, campaign{id("c", n), fmt.Sprintf("Campaign %d", n), pick(channels...)})
		w.Posts = append(w.Posts, post{ID: id("p", n), Author: pick("", "r1", "r2", "r3"), Campaign: pick("", id("c", 0)), At: grid()})
	}
	accounts := []string{id("a", 0), id("a", 1)}[:1+r.IntN(2)]
	for n := range 1 + r.IntN(4) {
		p := person{ID: id("n", n), Account: pick(accounts...), OptedOut: r.IntN(8) == 0}
		if r.IntN(2) == 0 {
			p.LeadAt = grid()
		}
		w.Persons = append(w.Persons, p)
	}
	anyone := func() string { return w.Persons[r.IntN(len(w.Persons))].ID }
	for n := range 1 + r.IntN(3) {
		d := deal{
			ID: id("d", n), Account: pick(accounts...), Owner: pick("", "r1", "r2", "r3"), Status: pick("won", "won", "won", "lost", "open"),
			Currency: pick("EUR", "JPY", "KWD"), CreatedAt: start.AddDate(0, 0, 80+10*r.IntN(8)),
		}
		if r.IntN(12) == 0 {
			d.Account = ""
		}
		if r.IntN(5) > 0 {
			d.Primary = anyone()
		}
		if d.Status != "open" {
			d.ClosedAt = d.CreatedAt.AddDate(0, 0, 10*r.IntN(6))
			if r.IntN(20) == 0 {
				d.ClosedAt = time.Time{}
			}
		}
		if r.IntN(12) > 0 {
			v := []int64{1, 2, 100, 12345, 4_860_000, 999_999_999_999, 0}[r.IntN(7)]
			if r.IntN(6) == 0 {
				v = -v
			}
			d.Amount = &v
			if r.IntN(6) > 0 {
				rep := v*7/3 + r.Int64N(2)
				d.Reporting = &rep
				if r.IntN(2) == 0 {
					cost := rep / 3
					d.Cost = &cost
				}
			}
		}
		w.Deals = append(w.Deals, d)
		for range r.IntN(3) {
			dp := dealPerson{d.ID, anyone()}
			seen := false
			for _, x := range w.DealPersons {
				seen = seen || x == dp
			}
			if !seen {
				w.DealPersons = append(w.DealPersons, dp)
			}
		}
	}
	onlyDirect := r.IntN(6) == 0
	for n := range r.IntN(16) {
		a := act{ID: id("x", n), Source: pick("crm", "web", "mail"), At: grid()}
		a.Priority = int64(strings.Index("crm web mail", a.Source))
		switch d := w.Deals[r.IntN(len(w.Deals))]; r.IntN(10) {
		case 0:
			a.At = d.CreatedAt
		case 1:
			a.At = d.CreatedAt.AddDate(0, 0, -90)
		case 2:
			a.At = d.CreatedAt.AddDate(0, 0, -90).Add(-time.Second)
		case 3:
			if !d.ClosedAt.IsZero() {
				a.At = d.ClosedAt.Add(time.Duration(r.IntN(2)) * time.Second)
			}
		}
		if r.IntN(10) > 0 {
			a.Person = anyone()
			for _, p := range w.Persons {
				if p.ID == a.Person {
					a.Account = p.Account
				}
			}
		}
		if r.IntN(3) > 0 {
			a.Rep = pick("r1", "r2", "r3")
		}
		if r.IntN(3) == 0 {
			a.Stream, a.Kind, a.Direction = "activities", pick("email", "chat", "meeting", "call"), pick("inbound", "inbound", "outbound", "outbound", "internal")
			a.Outcome = pick("", "held", "completed", "no_show", "bounce", "held", "completed", "auto_reply")
			a.UID = pick("", "", id("u", r.IntN(3)))
			a.Thread = pick("", id("t", r.IntN(2)))
			a.ChannelHint = "Sales"
			if r.IntN(3) == 0 {
				a.Deal = w.Deals[r.IntN(len(w.Deals))].ID
			}
			if r.IntN(4) == 0 {
				w.ActPersons = append(w.ActPersons, actPerson{a.Source, a.Stream, a.ID, anyone()})
			}
		} else {
			a.Stream, a.Kind = "engagements", pick("click", "reply", "comment", "form", "open", "reaction")
			if r.IntN(2) == 0 {
				a.Stream, a.Kind = "visits", "visit"
			}
			a.Click = pick("", "", id("k", r.IntN(3)))
			a.Campaign = pick("", id("c", 0), id("c", 1))
			a.Post = pick("", "", id("p", r.IntN(2)))
			a.URL = pick("", "https://Example.com/a?x=1", "https://example.com/a/", "https://example.com/b#c")
			a.Cap = pick("", "", "", "A", "B", "C", "D")
			a.ChannelHint = pick(channels...)
			a.Bot = r.IntN(12) == 0
		}
		if onlyDirect {
			a.ChannelHint = "Direct"
		}
		w.Acts = append(w.Acts, a)
	}
	if i%25 == 3 {
		w.addOdd(i)
	}
	return w
}

// addOdd adds what chance seldom makes: a deal made in another century, one that
// closes far ahead, and meetings of a rep with nobody known before one with somebody.
func (w *world) addOdd(i int) {
	account, somebody := fmt.Sprintf("ao%d", i), fmt.Sprintf("no%d", i)
	amount := int64(10_000)
	w.Persons = append(w.Persons, person{ID: somebody, Account: account})
	for n, at := range [][2]time.Time{
		{time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), start.AddDate(0, 0, 90)},
		{start.AddDate(0, 0, 80), time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)},
		{start.AddDate(0, 0, 80), start.AddDate(0, 0, 90)},
	} {
		w.Deals = append(w.Deals, deal{
			ID: fmt.Sprintf("do%d-%d", i, n), Account: account, Owner: "r1", Status: "won", Amount: &amount, Currency: "EUR", Reporting: &amount,
			CreatedAt: at[0], ClosedAt: at[1],
		})
	}
	for n, who := range []string{"", "", somebody} {
		w.Acts = append(w.Acts, act{
			ID: fmt.Sprintf("xo%d-%d", i, n), Source: "crm", Stream: "activities", Kind: "meeting", Direction: "outbound", Outcome: "held", ChannelHint: "Sales",
			At: start.AddDate(0, 0, 50+10*n), Rep: "r2", Person: who, Account: account, Deal: fmt.Sprintf("do%d-2", i), UID: fmt.Sprintf("uo%d-%d", i, n),
		})
	}
}

// manyWorlds joins n random worlds into one company.
func manyWorlds(seed uint64, n int) world {
	var all world
	for i := range n {
		w := randomWorld(seed, i)
		all.Persons = append(all.Persons, w.Persons...)
		all.Deals = append(all.Deals, w.Deals...)
		all.DealPersons = append(all.DealPersons, w.DealPersons...)
		all.Campaigns = append(all.Campaigns, w.Campaigns...)
		all.Posts = append(all.Posts, w.Posts...)
		all.Acts = append(all.Acts, w.Acts...)
		all.ActPersons = append(all.ActPersons, w.ActPersons...)
	}
	return all
}

// fill writes the world into the resolved tables of wh. User "*" sees every
// deal; user "u1" those of rep r1.
func (w world) fill(tb testing.TB, wh *warehouse.Warehouse) {
	tb.Helper()
	w.fillBy(tb, wh, math.MaxInt)
}

// fillBy is fill in batches of at most n rows.
func (w world) fillBy(tb testing.TB, wh *warehouse.Warehouse, n int) {
	tb.Helper()
	ctx := context.Background()
	err := wh.Write(ctx, func(tx *warehouse.Tx) error {
		accounts := map[string]bool{}
		var accountRows [][]any
		for _, p := range w.Persons {
			if !accounts[p.Account] {
				accounts[p.Account] = true
				accountRows = append(accountRows, []any{p.Account, "Account " + p.Account})
			}
		}
		for _, t := range []struct {
			table, columns string
			rows           iter.Seq[[]any]
		}{
			{"account", "account_id name", each(accountRows, func(r []any) []any { return r })},
			{"rep", "rep_id name team_id", each([]string{"r1", "r2", "r3"}, func(r string) []any { return []any{r, "Rep " + r, "t1"} })},
			{"visible_rep", "user_id rep_id", each([][2]string{{"*", ""}, {"*", "r1"}, {"*", "r2"}, {"*", "r3"}, {"u1", "r1"}},
				func(r [2]string) []any { return []any{r[0], r[1]} })},
			{"person", "person_id account_id name title lead_created_at opted_out", each(w.Persons, func(p person) []any {
				return []any{p.ID, p.Account, "Person " + p.ID, "Buyer", orNil(p.LeadAt), p.OptedOut}
			})},
			{
				"deal", "deal_id name account_id primary_person_id owner_rep_id stage status amount_minor currency reporting_minor cost_minor cost_basis created_at closed_at",
				each(w.Deals, func(d deal) []any {
					return []any{
						d.ID, "Deal " + d.ID, d.Account, d.Primary, d.Owner, d.Status, d.Status, intOrNil(d.Amount), d.Currency, intOrNil(d.Reporting),
						intOrNil(d.Cost), "product", d.CreatedAt, orNil(d.ClosedAt),
					}
				}),
			},
			{"deal_person", "deal_id person_id role", each(w.DealPersons, func(d dealPerson) []any { return []any{d.Deal, d.Person, "user"} })},
			{"campaign", "campaign_id name channel", each(w.Campaigns, func(c campaign) []any { return []any{c.ID, c.Name, c.Channel} })},
			{"post", "post_id author_rep_id campaign_id published_at title channel", each(w.Posts, func(p post) []any {
				return []any{p.ID, p.Author, p.Campaign, p.At, "Post " + p.ID, "Rep Social"}
			})},
			{
				"act", "source stream source_id priority kind direction occurred_at rep_id person_id account_id deal_id thread_id uid post_id campaign_id click_id url evidence_cap outcome duration_s bot channel_hint",
				each(w.Acts, func(a act) []any {
					return []any{
						a.Source, a.Stream, a.ID, a.Priority, a.Kind, a.Direction, a.At, a.Rep, a.Person, a.Account, a.Deal, a.Thread, a.UID,
						a.Post, a.Campaign, a.Click, a.URL, a.Cap, a.Outcome, nil, a.Bot, a.ChannelHint,
					}
				}),
			},
			{"act_person", "source stream source_id person_id", each(w.ActPersons, func(a actPerson) []any { return []any{a.Source, a.Stream, a.ID, a.Person} })},
		} {
			if _, err := tx.ExecContext(ctx, "delete from "+t.table); err != nil {
				return err
			}
			for rows := range slices.Chunk(slices.Collect(t.rows), n) {
				if err := tx.Append(ctx, t.table, strings.Fields(t.columns), slices.Values(rows)); err != nil {
					return fmt.Errorf("fill %s: %w", t.table, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatalf("fill world: %v", err)
	}
}

func each[T any](items []T, row func(T) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, it := range items {
			if !yield(row(it)) {
				return
			}
		}
	}
}

func orNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func intOrNil(v *int64) any {
	if v == nil {
		return nil
	}
	return *v
}
