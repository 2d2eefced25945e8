package attribution

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// Cause is why a credit is another than when its quarter was closed.
type Cause string

// The causes, in their order: of those that apply to a deal, the first has what
// the rule did not do.
const (
	ChangedRule  Cause = "rule"     // other settings, or a model that another program defines otherwise
	ChangedRate  Cause = "rate"     // the deal's amount is the same, its reporting amount another
	WithheldNow  Cause = "withheld" // somebody opted out since, or in again
	ErasedPerson Cause = "erased"   // somebody was erased since
	MergedPeople Cause = "merged"   // contacts became one person, or one person several, and touches moved
	LateData     Cause = "late"     // a deal or touch came, went or changed
	LearnedAnew  Cause = "learned"  // nothing about the deal: the model learned from more journeys
)

// CauseTerm is a cause in words.
type CauseTerm struct {
	Cause Cause
	Title string // "Late data"
	By    string // "late data": moved by …
	Means string // one phrase
}

// Causes lists the causes in their order.
var Causes = []CauseTerm{
	{ChangedRule, "Changed rule", "a changed rule", "the settings are others, or a model is defined otherwise"},
	{ChangedRate, "Changed rate", "a changed rate", "the deal's own amount is the same, its reporting amount another"},
	{WithheldNow, "Withheld", "people who opted out", "somebody opted out since, or in again"},
	{ErasedPerson, "Erased", "erased people", "somebody was erased since"},
	{MergedPeople, "Merged people", "merged people", "contacts became one person, or one person several, and touches moved"},
	{LateData, "Late data", "late data", "a deal or a touch came, went or was changed after the closing"},
	{LearnedAnew, "Learned anew", "what the model learned anew", "nothing about the deal: the model has learned from more journeys"},
}

// Why a closing cannot be compared with today.
var (
	ErrNotReported   = errors.New("the model was not there when the quarter was closed")
	ErrOtherCurrency = errors.New("the quarter was closed in another reporting currency")
)

// Restatement is a closed quarter as reported and as its ledger says today,
// under one model, as far as the reader may see it. In every group and deal, and
// in total, Then plus the causes is Now, to the minor unit of the reporting
// currency. The groups of every dimension partition the same money.
type Restatement struct {
	Closing Closing
	Model   Model
	Change  []Difference // of the settings since; empty: the rule is the same
	Total   Moved
	Groups  map[Dimension][]MovedGroup // by RestatedDimensions
	Causes  []MovedCause               // in the order of Causes, all of them
	Deals   []MovedDeal                // whose credits changed, most moved money first
	Touches []MovedTouch               // of the deal asked for
}

// RestatedDimensions are the views of a Restatement.
var RestatedDimensions = []Dimension{Channel, Campaign, Post, Rep}

// Moved is money then and now, minor units of the reporting currency.
type Moved struct {
	Then, Now int64
	By        map[Cause]int64 // sums to Now − Then
}

// MovedGroup is a channel, campaign, post or rep, or what has none.
type MovedGroup struct {
	Kind GroupKind
	ID   string
	Name string
	Moved
}

// MovedCause is what one cause did.
type MovedCause struct {
	CauseTerm
	Net   int64 // change of the total
	Moved int64 // credit that stands elsewhere than then: per deal the larger of what rose and what fell
	Deals int
}

// MovedDeal is a deal whose credits are others than then.
type MovedDeal struct {
	DealID  string
	Name    string
	Account string
	Status  string // today; empty: the deal is gone
	Was     bool   // in the quarter when it was closed
	Is      bool   // in the quarter today

	ThenAmount, NowAmount     *int64 // in the deal's currency
	ThenCurrency, NowCurrency string
	ThenClosed, NowClosed     time.Time // zero: unknown

	Came, Went, Altered int     // touches, under the settings of then
	Applies             []Cause // all causes that apply, in their order
	Moved
	Shifted map[Cause]int64 // credit that the cause moved: the larger of what rose and what fell
}

// MovedTouch is a touch of a deal, or what went to none, then and today.
type MovedTouch struct {
	Kind       GroupKind // Named, Withheld or Unattributed
	TouchID    string
	Was, Is    int // position in the journey; 0: not in it
	OccurredAt time.Time
	Act        string // kind of the act
	Channel    string
	CampaignID string
	Campaign   string
	Erased     bool // its person was erased since
	Then, Now  int64
	Rule, Rest int64 // of Now − Then: what the rule did, and what the deal's cause did
}

// Restate compares the closing c with the ledger of today under a model. dealID
// names the deal whose touches are wanted; empty: none. A deal that the reader
// may not see does not exist. The error is ErrNotReported or ErrOtherCurrency
// when there is nothing to compare.
func Restate(ctx context.Context, q *warehouse.Snapshot, user, model string, c Closing, dealID string) (Restatement, error) {
	m, err := modelNamed(model)
	if err != nil {
		return Restatement{}, err
	}
	r := Restatement{Closing: c, Model: m, Groups: map[Dimension][]MovedGroup{}}
	if !slices.Contains(c.Models, m.ID) {
		return r, ErrNotReported
	}
	var currency string
	var none sql.NullInt64
	var at time.Time
	if err := questions.Get("closable").One(ctx, q, nil, &none, &none, &at, &currency); err != nil {
		return r, fmt.Errorf("restate %s: %w", c.Period.Name, err)
	}
	if currency != c.Currency {
		return r, ErrOtherCurrency
	}
	if err := r.compare(ctx, q, user); err != nil {
		return r, fmt.Errorf("restate %s: %w", c.Period.Name, err)
	}
	if err := r.answer(ctx, q, dealID); err != nil {
		return r, fmt.Errorf("restate %s: %w", c.Period.Name, err)
	}
	return r, nil
}

// compare makes the temporary tables that answers come from: the ledger of then,
// of today, and of today's data under the settings of then.
func (r *Restatement) compare(ctx context.Context, q *warehouse.Snapshot, user string) error {
	c := r.Closing
	id := sql.Named("closing", c.ID)
	for _, name := range []string{"then_deal", "then_touch"} {
		if err := questions.Get(name).Exec(ctx, q, id); err != nil {
			return err
		}
	}
	if err := questions.Get("then_credit").Exec(ctx, q, id, sql.Named("model", r.Model.ID)); err != nil {
		return err
	}
	today, _, err := BuiltWith(ctx, q)
	if err != nil {
		return err
	}
	if err = r.side(ctx, q, "now"); err != nil {
		return err
	}
	then := c.Settings
	then.Model = today.Model // which model pages show changes no ledger
	r.Change = then.Differences(today)
	redo := func(q *warehouse.Snapshot) error { return r.side(ctx, q, "redone") }
	if len(r.Change) == 0 {
		err = redo(q)
	} else {
		trial := Trial{Settings: then, Period: c.Period, NoPosts: true}
		if r.Model.Learned() {
			trial.Models = []string{r.Model.ID}
		}
		err = WhatIf(ctx, q, trial, redo)
	}
	if err != nil {
		return err
	}
	if err := questions.Get("restated_deal").Exec(ctx, q, id, sql.Named("refreshed_at", c.RefreshedAt), sql.Named("user_id", user)); err != nil {
		return err
	}
	otherwise := ChangedRule
	if r.Model.Learned() {
		otherwise = LearnedAnew
	}
	return questions.Get("restated_credit").Exec(ctx, q, sql.Named("otherwise", string(otherwise)))
}

// side keeps the ledger that q shows as SIDE_credit, SIDE_touch and SIDE_deal.
func (r *Restatement) side(ctx context.Context, q sqlfile.Querier, side string) error {
	from, to := bounds(r.Closing.Period)
	for _, st := range []*sqlfile.Statement{forModel("side_credit", r.Model), questions.Get("side_touch"), questions.Get("side_deal")} {
		text := strings.ReplaceAll(st.Source, "/*side*/", side)
		if err := sqlfile.Parse(st.Name, text).Exec(ctx, q, sql.Named("from", from), sql.Named("to", to)); err != nil {
			return err
		}
	}
	return nil
}

// answer asks the tables of compare.
func (r *Restatement) answer(ctx context.Context, q sqlfile.Querier, dealID string) (err error) {
	for _, d := range RestatedDimensions {
		if r.Groups[d], err = sqlfile.All(ctx, q, restatedGroups(d), scanMovedGroup); err != nil {
			return err
		}
	}
	r.Total.By = map[Cause]int64{}
	for _, g := range r.Groups[Channel] {
		r.Total.Then, r.Total.Now = r.Total.Then+g.Then, r.Total.Now+g.Now
		for cause, minor := range g.By {
			r.Total.By[cause] += minor
		}
	}
	if r.Deals, err = sqlfile.All(ctx, q, questions.Get("restated_deals"), scanMovedDeal); err != nil {
		return err
	}
	for _, term := range Causes {
		cause := MovedCause{CauseTerm: term, Net: r.Total.By[term.Cause]}
		for _, d := range r.Deals {
			if shifted := d.Shifted[term.Cause]; shifted > 0 {
				cause.Moved, cause.Deals = cause.Moved+shifted, cause.Deals+1
			}
		}
		r.Causes = append(r.Causes, cause)
	}
	if dealID != "" {
		r.Touches, err = sqlfile.All(ctx, q, questions.Get("restated_touches"), scanMovedTouch, sql.Named("deal_id", dealID))
	}
	return err
}
