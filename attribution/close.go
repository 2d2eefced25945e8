package attribution

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// Why a quarter is not closed.
var (
	ErrNoQuarter    = errors.New("only a quarter of the fiscal year can be closed")
	ErrNotEnded     = errors.New("the quarter has not ended")
	ErrNotRefreshed = errors.New("the figures are older than the end of the quarter: refresh first")
	ErrOtherClosed  = errors.New("somebody closed the quarter meanwhile; it was not closed again")
	ErrLongNote     = fmt.Errorf("write at most %d characters", MaxReason)
)

// Closing is a quarter whose ledger was frozen, all models of it. The newest
// version of a quarter is "as reported"; the ones before it stay.
type Closing struct {
	ID          int64 // from 1
	Period      calendar.Period
	Version     int64     // of the period, from 1
	At          time.Time // UTC, whole seconds
	UserID      string
	Name        string // of the user, as it was then
	Email       string // of the user, as it was then
	Reason      string // of a later version; of the first it may be empty
	Settings    Settings
	Models      []string // ids
	Currency    string   // of reporting amounts
	Generation  int64
	RefreshedAt time.Time // of the generation: what sources delivered later is later data
}

// Closings lists every closing, the newest quarter and version first.
func Closings(ctx context.Context, q sqlfile.Querier) ([]Closing, error) {
	closings, err := sqlfile.All(ctx, q, questions.Get("closings"), scanClosing)
	if err != nil {
		return nil, fmt.Errorf("list closed quarters: %w", err)
	}
	return closings, nil
}

// ClosingOf is the newest closing of the period called name, which is as
// reported; ok is false when it was never closed.
func ClosingOf(ctx context.Context, q sqlfile.Querier, name string) (c Closing, ok bool, err error) {
	closings, err := Closings(ctx, q)
	if err != nil {
		return Closing{}, false, err
	}
	if at := slices.IndexFunc(closings, func(c Closing) bool { return c.Period.Name == name }); at >= 0 {
		return closings[at], true, nil
	}
	return Closing{}, false, nil
}

func scanClosing(scan func(...any) error) (c Closing, err error) {
	var settings, models string
	err = scan(&c.ID, &c.Period.Name, &c.Version, &c.Period.From, &c.Period.To, &c.At, &c.UserID, &c.Name, &c.Email, &c.Reason, &settings, &models,
		&c.Currency, &c.Generation, &c.RefreshedAt)
	if err != nil {
		return c, err
	}
	c.Period.From, c.Period.To, c.At, c.RefreshedAt = c.Period.From.UTC(), c.Period.To.UTC(), c.At.UTC(), c.RefreshedAt.UTC()
	c.Models = strings.Split(models, ",")
	if c.Settings, err = ParseSettings(settings); err != nil {
		return c, fmt.Errorf("closing %d: %w", c.ID, err)
	}
	return c, nil
}

// Closable says whether the quarter p can be closed at now, with figures of
// refreshed; the error says why not.
func Closable(company calendar.Company, p calendar.Period, now, refreshed time.Time) error {
	switch {
	case company.QuarterOf(p.From) != p:
		return ErrNoQuarter
	case now.Before(p.To):
		return ErrNotEnded
	case refreshed.Before(p.To):
		return ErrNotRefreshed
	}
	return nil
}

// Close freezes the ledger of the quarter c.Period under every model. seen is
// the version it was asked upon, 0 when it was never closed: when somebody closed
// it since, nothing is kept and the error is ErrOtherClosed. Closing it again
// needs a reason of MinReason to MaxReason characters. What the answer says
// besides who, when and why is filled in.
func Close(ctx context.Context, tx *warehouse.Tx, company calendar.Company, seen int64, c Closing) (Closing, error) {
	c.Reason, c.At = strings.TrimSpace(c.Reason), c.At.UTC().Truncate(time.Second)
	before, _, err := ClosingOf(ctx, tx, c.Period.Name)
	if err != nil {
		return Closing{}, err
	}
	var last int64
	if err = questions.Get("closable").One(ctx, tx, nil, &last, &c.Generation, &c.RefreshedAt, &c.Currency); err != nil {
		return Closing{}, fmt.Errorf("close %s: %w", c.Period.Name, err)
	}
	n := utf8.RuneCountInString(c.Reason)
	switch err = Closable(company, c.Period, c.At, c.RefreshedAt); {
	case err != nil:
		return Closing{}, err
	case before.Version != seen:
		return Closing{}, ErrOtherClosed
	case seen > 0 && (n < MinReason || n > MaxReason):
		return Closing{}, ErrReason
	case n > MaxReason:
		return Closing{}, ErrLongNote
	}
	c.ID, c.Version, c.Models = last+1, seen+1, ModelIDs()
	if c.Settings, _, err = BuiltWith(ctx, tx); err != nil {
		return Closing{}, err
	}
	if err = c.freeze(ctx, tx); err != nil {
		return Closing{}, fmt.Errorf("close %s: %w", c.Period.Name, err)
	}
	return c, nil
}

// freeze keeps the closing and its rows.
func (c Closing) freeze(ctx context.Context, tx *warehouse.Tx) error {
	from, to := bounds(c.Period)
	id, span := sql.Named("closing", c.ID), []sql.NamedArg{sql.Named("closing", c.ID), sql.Named("from", from), sql.Named("to", to)}
	err := questions.Get("keep_closing").Exec(ctx, tx, append(span,
		sql.Named("period", c.Period.Name), sql.Named("version", c.Version), sql.Named("closed_at", c.At), sql.Named("user_id", c.UserID),
		sql.Named("user_name", c.Name), sql.Named("email", c.Email), sql.Named("reason", c.Reason), sql.Named("settings", c.Settings.String()),
		sql.Named("models", strings.Join(c.Models, ",")), sql.Named("currency", c.Currency), sql.Named("generation", c.Generation),
		sql.Named("refreshed_at", c.RefreshedAt))...)
	if err != nil {
		return err
	}
	if err := questions.Get("freeze_person").Exec(ctx, tx, id); err != nil {
		return err
	}
	for _, name := range []string{"freeze_deal", "freeze_touch"} {
		if err := questions.Get(name).Exec(ctx, tx, span...); err != nil {
			return err
		}
	}
	for _, m := range Models {
		if err := forModel("freeze_credit", m).Exec(ctx, tx, span...); err != nil {
			return err
		}
	}
	return nil
}
