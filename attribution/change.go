package attribution

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// The length of the reason of a change, in characters.
const (
	MinReason = 10
	MaxReason = 500
)

// Why a change of the settings is not saved.
var (
	ErrReason     = fmt.Errorf("say why in %d to %d characters: everybody who reads the figures will see it", MinReason, MaxReason)
	ErrNoChange   = errors.New("these are the settings in force already; change one of them")
	ErrOtherSaved = errors.New("somebody saved other settings meanwhile; yours are not saved")
)

// Change is one change of the company's attribution settings, as it was saved.
type Change struct {
	ID     int64     // from 1
	At     time.Time // UTC, whole seconds
	UserID string
	Name   string // of the user, as it was then
	Email  string // of the user, as it was then
	Reason string
	Before Settings // in force until then
	After  Settings // in force from then on
	File   Settings // what the configuration said then
	ToFile bool     // back to the configuration: After follows it when it is edited
}

// Differences are what the change changed.
func (c Change) Differences() []Difference { return c.Before.Differences(c.After) }

// InForce is the attribution settings that the next refresh works with, and
// where they come from.
type InForce struct {
	Settings   Settings
	File       Settings // of the configuration
	Last       *Change  // the newest change; nil when nobody ever saved one
	Saved      bool     // Settings are those of Last, not the configuration's
	FileEdited bool     // the configuration says other than when Last was saved, and is not in force
}

// Version names the state that a change is made upon: the id of the newest
// change, 0 before the first.
func (f InForce) Version() int64 {
	if f.Last == nil {
		return 0
	}
	return f.Last.ID
}

// SettingsInForce says which settings hold: the newest saved ones, else, and
// after a change back to the file, those of the configuration.
func SettingsInForce(ctx context.Context, q sqlfile.Querier, file Settings) (InForce, error) {
	changes, err := sqlfile.All(ctx, q, questions.Get("last_change"), scanChange)
	if err != nil {
		return InForce{}, fmt.Errorf("find the attribution settings in force: %w", err)
	}
	f := InForce{Settings: file, File: file}
	if len(changes) == 0 {
		return f, nil
	}
	if f.Last = &changes[0]; f.Last.ToFile {
		return f, nil
	}
	f.Settings, f.Saved, f.FileEdited = f.Last.After, true, !f.Last.File.Equal(file)
	return f, nil
}

// Changes lists every saved change, the newest first.
func Changes(ctx context.Context, q sqlfile.Querier) ([]Change, error) {
	changes, err := sqlfile.All(ctx, q, questions.Get("changes"), scanChange)
	if err != nil {
		return nil, fmt.Errorf("list changes of the attribution settings: %w", err)
	}
	return changes, nil
}

func scanChange(scan func(...any) error) (c Change, err error) {
	var before, after, file string
	if err = scan(&c.ID, &c.At, &c.UserID, &c.Name, &c.Email, &c.Reason, &before, &after, &file, &c.ToFile); err != nil {
		return c, err
	}
	c.At = c.At.UTC()
	for _, part := range []struct {
		text string
		into *Settings
	}{{before, &c.Before}, {after, &c.After}, {file, &c.File}} {
		if *part.into, err = ParseSettings(part.text); err != nil {
			return c, fmt.Errorf("change %d: %w", c.ID, err)
		}
	}
	return c, nil
}

// SaveChange makes c.After the company's settings, or with c.ToFile those of
// the configuration, which c.File holds. seen is the Version the change was
// made upon: when somebody saved another since, nothing is saved and the error
// is ErrOtherSaved. The id and Before of the answer are filled in. The ledger
// changes with the next refresh, not before.
func SaveChange(ctx context.Context, tx *warehouse.Tx, seen int64, c Change) (Change, error) {
	c.Reason = strings.TrimSpace(c.Reason)
	if n := utf8.RuneCountInString(c.Reason); n < MinReason || n > MaxReason {
		return Change{}, ErrReason
	}
	now, err := SettingsInForce(ctx, tx, c.File)
	if err != nil {
		return Change{}, err
	}
	if now.Version() != seen {
		return Change{}, ErrOtherSaved
	}
	if c.ToFile {
		c.After = c.File
	}
	if err = c.After.Validate(); err != nil {
		return Change{}, err
	}
	c.ID, c.Before, c.At = seen+1, now.Settings, c.At.UTC().Truncate(time.Second)
	if c.After.Equal(c.Before) && (!c.ToFile || !now.Saved) {
		return Change{}, ErrNoChange
	}
	err = questions.Get("keep_change").Exec(ctx, tx, sql.Named("change_id", c.ID), sql.Named("changed_at", c.At),
		sql.Named("user_id", c.UserID), sql.Named("user_name", c.Name), sql.Named("email", c.Email), sql.Named("reason", c.Reason),
		sql.Named("settings_before", c.Before.String()), sql.Named("settings_after", c.After.String()),
		sql.Named("settings_file", c.File.String()), sql.Named("to_file", c.ToFile))
	if err != nil {
		return Change{}, fmt.Errorf("save attribution settings: %w", err)
	}
	return c, nil
}
