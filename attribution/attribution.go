// Package attribution turns acts into touches, touches into the journey of
// each deal, and journeys into a ledger that splits every won deal to its last
// minor unit under every model. It answers every question about that ledger:
// who, what and why, and what the marketing money brought.
//
// Build makes the derived tables inside the refresh transaction; everything
// else reads a snapshot. A question about rows that belong to deals takes the
// reader's user id and looks only at deals whose owner that user may see
// (visible_rep), so a record out of scope is a record that does not exist.
//
// The package refuses to pay a touch of grade D, to hide what no touch earned,
// to add figures of two views, and to know where acts come from.
//
// # Why the ledger is stored wide
//
// A journey is computed once for all models. Every touch of a journey is one
// row of journey_touch, and each model adds its weight and its two amounts as
// columns, so that the range of a channel over all models is one pass over the
// table. The views journey and credit show the same rows in the words of the
// design; credit has one row a model, deal and paid touch, and one more for
// what is unattributed.
package attribution

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"time"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

//go:embed sql/*.sql
var files embed.FS

var questions = sqlfile.MustLoad(files, "sql")

// The vocabularies of Settings.
const (
	AnchorCreation = "creation" // the window reaches back from the deal's creation
	AnchorClose    = "close"    // … from its close

	PeopleAccount = "account" // everybody of the deal's account
	PeopleDeal    = "deal"    // those with a role on the deal
	PeoplePrimary = "primary" // the primary contact alone

	PathAll        = "all"         // every eligible touch
	PathExposure   = "exposure"    // neighbours of equal channel, campaign, post and rep are one
	PathFirst      = "first"       // only the first touch of each channel, campaign, post and rep
	PathDropDirect = "drop_direct" // without Direct, unless all are Direct

	TouchesAll       = "all"
	TouchesMarketing = "marketing" // all but Sales
	TouchesSales     = "sales"     // Sales alone
)

// Settings say which touches are eligible and which model the company reports
// by. Every report prints them. Default is their zero.
type Settings struct {
	Model        string  // the company's model: what pages show unless asked otherwise
	LookbackDays int     // of 24 hours each, both ends included
	Anchor       string  // AnchorCreation or AnchorClose
	People       string  // PeopleAccount, PeopleDeal or PeoplePrimary
	Path         string  // PathAll, PathExposure, PathFirst or PathDropDirect
	Touches      string  // TouchesAll, TouchesMarketing or TouchesSales
	HalfLifeDays float64 // of time_decay
}

// Default is how Credence attributes when nobody says otherwise.
func Default() Settings {
	return Settings{
		Model: "linear", LookbackDays: 90, Anchor: AnchorCreation, People: PeopleAccount,
		Path: PathAll, Touches: TouchesAll, HalfLifeDays: 7,
	}
}

// Validate names the first setting that Build cannot work with, and its remedy.
func (s Settings) Validate() error {
	if _, ok := ModelByID(s.Model); !ok {
		return fmt.Errorf("attribution model %q is unknown; choose one of %v", s.Model, ModelIDs())
	}
	if s.LookbackDays < 0 || s.LookbackDays > 3660 {
		return fmt.Errorf("attribution lookback_days is %d; it must be from 0 to 3660", s.LookbackDays)
	}
	for _, v := range []struct {
		key, value string
		allowed    []string
	}{
		{"anchor", s.Anchor, []string{AnchorCreation, AnchorClose}},
		{"people", s.People, []string{PeopleAccount, PeopleDeal, PeoplePrimary}},
		{"path", s.Path, []string{PathAll, PathExposure, PathFirst, PathDropDirect}},
		{"touches", s.Touches, []string{TouchesAll, TouchesMarketing, TouchesSales}},
	} {
		if !slices.Contains(v.allowed, v.value) {
			return fmt.Errorf("attribution %s is %q; choose one of %v", v.key, v.value, v.allowed)
		}
	}
	if !(s.HalfLifeDays > 0) || s.HalfLifeDays > 3660 {
		return fmt.Errorf("attribution half_life_days is %v; it must be above 0 and at most 3660", s.HalfLifeDays)
	}
	return nil
}

// Line is the settings as every report prints them.
func (s Settings) Line() string {
	anchor := map[string]string{AnchorCreation: "creation", AnchorClose: "close"}[s.Anchor]
	people := map[string]string{
		PeopleAccount: "all people of the account", PeopleDeal: "people with a role on the deal", PeoplePrimary: "the primary contact",
	}[s.People]
	path := map[string]string{
		PathAll: "every touch counts", PathExposure: "repeats in sequence are one", PathFirst: "only the first of equal touches counts", PathDropDirect: "Direct counts only alone",
	}[s.Path]
	touches := map[string]string{TouchesAll: "marketing and sales touches", TouchesMarketing: "marketing touches", TouchesSales: "sales touches"}[s.Touches]
	return fmt.Sprintf("%d days before %s; %s; %s; %s; half-life %g days; sent and opened mail earns nothing",
		s.LookbackDays, anchor, people, path, touches, s.HalfLifeDays)
}

// BuiltWith is the settings and the time the stored ledger was made with.
func BuiltWith(ctx context.Context, q sqlfile.Querier) (s Settings, at time.Time, err error) {
	err = questions.Get("built_with").One(ctx, q, nil,
		&s.Model, &s.LookbackDays, &s.Anchor, &s.People, &s.Path, &s.Touches, &s.HalfLifeDays, &at)
	if err != nil {
		return Settings{}, time.Time{}, fmt.Errorf("read attribution settings: %w", err)
	}
	return s, at.UTC(), nil
}

// bounds is the half-open interval of p; the zero period is all time.
func bounds(p calendar.Period) (from, to time.Time) {
	if p.To.IsZero() {
		return time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return p.From.UTC(), p.To.UTC()
}
