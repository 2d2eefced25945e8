package attribution

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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

	Eligible   []JourneyTouch // in order; JourneyTouch.Position counts from 1
	Ineligible []JourneyTouch // by time, each with its Reason
	Residues   []Residue      // what went to no touch, by model in the order of Models; empty unless won with an amount
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

	// Of an eligible touch.
	Position  int      // from 1
	Milestone []string // of FT, LC, OC, CW
	Bucket    string   // sourced, assisted or empty (no rep); withheld when the person opted out
	Credits   []Credit // by model, in the order of Models; empty unless won with an amount

	// Of an ineligible touch.
	Reason string // "sent only", "after close", "before the window" …

	no int64 // touch_no
}

// Credit is what one touch earned under one model.
type Credit struct {
	Model          string
	Weight         float64 // of the deal, 0 to 1
	WeightE12      int64   // the integer weight
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
	touches, err := sqlfile.All(ctx, q, dealTouch(), scanJourneyTouch, sql.Named("deal_no", no), sql.Named("deal_id", j.DealID),
		sql.Named("account_id", j.AccountID), sql.Named("window_from", j.WindowFrom), sql.Named("window_to", j.WindowTo),
		sql.Named("touches", j.Settings.Touches), sql.Named("people", j.Settings.People), sql.Named("path", j.Settings.Path))
	if err != nil {
		return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
	}
	if err := j.addSources(ctx, q, no, touches); err != nil {
		return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
	}
	for _, t := range touches {
		if t.Position > 0 {
			j.Eligible = append(j.Eligible, t)
		} else {
			j.Ineligible = append(j.Ineligible, t)
		}
	}
	if j.Status == "won" && j.AmountMinor != nil {
		if err := j.addResidues(ctx, q, no); err != nil {
			return DealJourney{}, fmt.Errorf("read journey of deal %s: %w", dealID, err)
		}
	}
	return j, nil
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
	text := questions.Get("deal_touch").Source
	var b strings.Builder
	for _, m := range Models {
		fmt.Fprintf(&b, ",\n\tj.w_%[1]s, 1e0 * j.w_%[1]s / (%[2]s), j.a_%[1]s, j.r_%[1]s", m.ID, m.storedTotal())
	}
	return sqlfile.Parse("deal_touch", strings.ReplaceAll(text, "/*credits*/", b.String()))
}

func scanJourneyTouch(scan func(...any) error) (JourneyTouch, error) {
	var t JourneyTouch
	var flags [4]bool
	type earned struct {
		weight    sql.NullInt64
		share     sql.NullFloat64
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
		dest = append(dest, &credits[i].weight, &credits[i].share, &credits[i].amount, &credits[i].reporting)
	}
	if err := scan(dest...); err != nil {
		return JourneyTouch{}, err
	}
	for i, name := range [4]string{"FT", "LC", "OC", "CW"} {
		if flags[i] {
			t.Milestone = append(t.Milestone, name)
		}
	}
	for i, c := range credits {
		if c.amount.Valid {
			t.Credits = append(t.Credits, Credit{
				Model: Models[i].ID, Weight: c.share.Float64, WeightE12: c.weight.Int64, AmountMinor: c.amount.Int64, ReportingMinor: c.reporting,
			})
		}
	}
	return t, nil
}

// addSources names the sources that saw each touch.
func (j DealJourney) addSources(ctx context.Context, q sqlfile.Querier, no int64, touches []JourneyTouch) error {
	type seen struct {
		touch  int64
		source string
	}
	rows, err := sqlfile.All(ctx, q, questions.Get("deal_touch_source"), func(scan func(...any) error) (seen, error) {
		var s seen
		err := scan(&s.touch, &s.source)
		return s, err
	}, sql.Named("deal_no", no), sql.Named("account_id", j.AccountID), sql.Named("deal_id", j.DealID))
	if err != nil {
		return err
	}
	by := make(map[int64][]string, len(rows))
	for _, r := range rows {
		by[r.touch] = append(by[r.touch], r.source)
	}
	for i := range touches {
		touches[i].Sources = by[touches[i].no]
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
