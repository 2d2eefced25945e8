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

// DealJourney is the path of one deal: every touch that earned or could have
// earned, every other touch of its people with the reason it earns nothing, and
// the credit of each under each model.
type DealJourney struct {
	DealID    string
	Name      string
	AccountID string
	Account   string
	Status    string // open, won or lost
	CreatedAt time.Time
	ClosedAt  time.Time // zero while open
	LeadAt    time.Time // earliest lead creation of the eligible people; zero when unknown

	AmountMinor    *int64 // nil: no amount, no ledger row
	Currency       string
	ReportingMinor *int64 // nil: no rate

	WindowFrom time.Time // of eligible touches, both ends included
	WindowTo   time.Time
	Settings   Settings
	Zone       *time.Location // of times in sentences; nil: UTC, which they then say

	Eligible   []JourneyTouch // in order; JourneyTouch.Position counts from 1
	Ineligible []JourneyTouch // by time, each with its Reason
	Residues   []Residue      // what went to no touch, by model in the order of Models; empty unless won with an amount

	incremental reckoned // of a deal that is won with an amount
}

// JourneyTouch is a touch on the journey of a deal.
type JourneyTouch struct {
	TouchID    string
	OccurredAt time.Time
	Kind       string
	Direction  string
	Channel    string
	CampaignID string
	Campaign   string
	PostID     string
	Post       string // title
	RepID      string
	Rep        string
	PersonID   string // empty when unknown, withheld or erased
	Person     string
	PersonRole string // title of the person
	Evidence   string // A, B, C or D
	Title      string // what the touch was about
	DurationS  int64  // 0 when unknown
	Records    int    // source rows that saw this act
	Sources    []string
	Merged     []SourceRecord // the rows besides the one the touch speaks by

	// Of an eligible touch.
	Position  int      // from 1
	Milestone []string // of FT, LC, OC, CW
	Bucket    string   // sourced, assisted or empty (no rep); withheld when the person opted out
	Credits   []Credit // by model, in the order of Models; empty unless won with an amount

	// Of an ineligible touch.
	Reason  string // "sent only", "after close", "before the window" …; Explain says it with its figures
	Repeats int    // position of the touch it repeats under the path rule; 0: none

	no int64 // touch_no
}

// SourceRecord is one row of a source that saw an act.
type SourceRecord struct {
	Source, Stream, SourceID string
	Kind                     string
	OccurredAt               time.Time
}

// Credit is what one touch earned under one model.
type Credit struct {
	Model          string
	Weight         float64 // of the deal, 0 to 1
	WeightE12      int64   // the integer weight
	TotalE12       int64   // of all touches of the journey and of what none earned
	AmountMinor    int64   // of the deal's currency
	ReportingMinor *int64  // nil: no rate
}

// Residue is what no touch of a deal earned under one model.
type Residue struct {
	Model             string
	UnattributedMinor int64 // of the deal's currency
	WithheldMinor     int64 // earned by people who opted out, paid to nobody
}

// Journey is the journey of one deal. A deal that the reader may not see, or
// that does not exist, is warehouse.ErrNotFound.
func Journey(ctx context.Context, q sqlfile.Querier, user, dealID string) (DealJourney, error) {
	j, no, err := dealFacts(ctx, q, user, dealID)
	if err != nil {
		return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
	}
	if j.Settings, _, err = BuiltWith(ctx, q); err != nil {
		return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
	}
	listed := []sql.NamedArg{
		sql.Named("deal_no", no), sql.Named("deal_id", j.DealID), sql.Named("account_id", j.AccountID),
		sql.Named("window_from", j.WindowFrom), sql.Named("window_to", j.WindowTo),
	}
	touches, err := sqlfile.All(ctx, q, dealTouch(), scanJourneyTouch, append(slices.Clone(listed),
		sql.Named("touches", j.Settings.Touches), sql.Named("people", j.Settings.People), sql.Named("path", j.Settings.Path))...)
	if err != nil {
		return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
	}
	if err := j.addSources(ctx, q, listed, touches); err != nil {
		return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
	}
	paid := j.Status == "won" && j.AmountMinor != nil
	for _, t := range touches {
		if t.Position > 0 {
			t.Credits = j.credits(t.Credits, paid)
			j.Eligible = append(j.Eligible, t)
		} else {
			t.Repeats = j.repeated(t)
			j.Ineligible = append(j.Ineligible, t)
		}
	}
	if paid {
		if err := j.addResidues(ctx, q, no); err != nil {
			return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
		}
		if err := j.addReckoning(ctx, q, no); err != nil {
			return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
		}
	}
	return j, nil
}

// credits are the credits of a touch as the ledger has them: none of a deal that
// has no ledger, and of a model that gives the deal to no touch nothing.
func (j DealJourney) credits(stored []Credit, paid bool) []Credit {
	if !paid {
		return nil
	}
	for i := range stored {
		if stored[i].ReportingMinor == nil && j.ReportingMinor != nil {
			stored[i].ReportingMinor = new(int64)
		}
	}
	return stored
}

// dealFacts is the deal and its number in the ledger.
func dealFacts(ctx context.Context, q sqlfile.Querier, user, dealID string) (j DealJourney, no int64, err error) {
	var created, closed, lead sql.NullTime
	err = questions.Get("deal_facts").One(ctx, q, []sql.NamedArg{sql.Named("user_id", user), sql.Named("deal_id", dealID)},
		&no, &j.DealID, &j.Name, &j.AccountID, &j.Account, &j.Status, &created, &closed, &lead,
		&j.AmountMinor, &j.Currency, &j.ReportingMinor, &j.WindowFrom, &j.WindowTo)
	if errors.Is(err, sql.ErrNoRows) {
		return DealJourney{}, 0, warehouse.ErrNotFound
	}
	j.CreatedAt, j.ClosedAt, j.LeadAt = created.Time, closed.Time, lead.Time
	return j, no, err
}

func dealTouch() *sqlfile.Statement {
	var b strings.Builder
	for _, m := range Models {
		fmt.Fprintf(&b, ",\n\tj.w_%[1]s, cast(%[2]s as bigint), j.a_%[1]s, j.r_%[1]s", m.ID, m.storedTotal())
	}
	return sqlfile.Parse("deal_touch", strings.ReplaceAll(ofListed("deal_touch"), "/*credits*/", b.String()))
}

// ofListed is the text of a question about the touches that a journey lists.
func ofListed(name string) string {
	return strings.ReplaceAll(questions.Get(name).Source, "/*listed*/", questions.Get("listed_touch").Source+"\n")
}

func scanJourneyTouch(scan func(...any) error) (JourneyTouch, error) {
	var t JourneyTouch
	var flags [4]bool
	type earned struct {
		weight    sql.NullInt64
		total     sql.NullInt64
		amount    sql.NullInt64
		reporting *int64
	}
	credits := make([]earned, len(Models))
	dest := []any{
		&t.no, &t.TouchID, &t.OccurredAt, &t.Kind, &t.Direction, &t.Channel, &t.CampaignID, &t.Campaign, &t.PostID, &t.Post,
		&t.RepID, &t.Rep, &t.PersonID, &t.Person, &t.PersonRole, &t.Evidence, &t.Title, &t.DurationS, &t.Records,
		&t.Position, &flags[0], &flags[1], &flags[2], &flags[3], &t.Bucket, &t.Reason,
	}
	for i := range credits {
		dest = append(dest, &credits[i].weight, &credits[i].total, &credits[i].amount, &credits[i].reporting)
	}
	if err := scan(dest...); err != nil {
		return JourneyTouch{}, err
	}
	for i, name := range milestoneCodes {
		if flags[i] {
			t.Milestone = append(t.Milestone, name)
		}
	}
	for i, c := range credits {
		if c.weight.Valid {
			share := 0.0
			if c.total.Int64 > 0 {
				share = float64(c.weight.Int64) / float64(c.total.Int64)
			}
			t.Credits = append(t.Credits, Credit{
				Model: Models[i].ID, Weight: share, WeightE12: c.weight.Int64, TotalE12: c.total.Int64, AmountMinor: c.amount.Int64, ReportingMinor: c.reporting,
			})
		}
	}
	return t, nil
}

// addSources names the sources that saw each touch, and the rows that were
// merged into it.
func (j DealJourney) addSources(ctx context.Context, q sqlfile.Querier, args []sql.NamedArg, touches []JourneyTouch) error {
	type seen struct {
		touch  int64
		record SourceRecord
	}
	rows, err := sqlfile.All(ctx, q, sqlfile.Parse("deal_touch_source", ofListed("deal_touch_source")), func(scan func(...any) error) (s seen, err error) {
		err = scan(&s.touch, &s.record.Source, &s.record.Stream, &s.record.SourceID, &s.record.Kind, &s.record.OccurredAt)
		return s, err
	}, args...)
	if err != nil {
		return err
	}
	by := make(map[int64][]SourceRecord, len(rows))
	for _, r := range rows {
		by[r.touch] = append(by[r.touch], r.record)
	}
	for i := range touches {
		records := by[touches[i].no]
		for _, r := range records {
			touches[i].Sources = append(touches[i].Sources, r.Source)
		}
		slices.Sort(touches[i].Sources)
		touches[i].Sources = slices.Compact(touches[i].Sources)
		if len(records) > 1 {
			touches[i].Merged = records[1:]
		}
	}
	return nil
}

func (j *DealJourney) addResidues(ctx context.Context, q sqlfile.Querier, no int64) error {
	st := sqlfile.Parse("deal_residue", columns(questions.Get("deal_residue").Source, "residues", "coalesce(d.u_MODEL, 0), coalesce(d.v_MODEL, 0)"))
	j.Residues = make([]Residue, len(Models))
	dest := []any{&no}
	for i, m := range Models {
		j.Residues[i].Model = m.ID
		dest = append(dest, &j.Residues[i].UnattributedMinor, &j.Residues[i].WithheldMinor)
	}
	return st.One(ctx, q, []sql.NamedArg{sql.Named("deal_no", no)}, dest...)
}
